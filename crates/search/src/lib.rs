//! Full-text search: names, titles, quotes, summaries and sources, in any script.
//!
//! Start with [`Index`], which follows the views and answers [`Index::search`]. [`fold`] says which spellings meet,
//! [`texts`] what of an event is searched, [`query`] what a written query asks. The index is derived and disposable: it is
//! in no digest, and every answer is held against the reader's own snapshot of the views.

pub mod fold;
pub mod index;
mod matching;
pub mod query;
pub mod texts;

pub use index::{Answer, Found, Index, MOST, Ranked, SearchError};
pub use texts::Field;
