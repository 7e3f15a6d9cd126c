//! Use cases. [`Desk`] is the way in: it records commands through one [`sequencer`], and hands out snapshots of the views.
//! [`history`] shows them as of another moment, [`supposing`] as they would be. [`replay`] folds a log into views and state, [`import`] records a file of commands,
//! [`export`] writes all that is stored and [`restore`] builds an empty log from it, [`check`] verifies a store's events.

pub mod check;
mod cloud_event;
pub mod desk;
pub mod dossier_history;
pub mod export;
pub mod extract;
mod following;
pub mod history;
pub mod import;
pub mod json;
mod lines;
pub mod rehearsal;
pub mod replay;
pub mod restore;
mod seen;
pub mod sequencer;
pub mod state;
pub mod supposing;
mod verdict;

pub use desk::{Clock, Desk, DeskError};
pub use sequencer::{Outcome, Proposal, Receipt};
