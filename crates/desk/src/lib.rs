//! Use cases. [`Desk`] is the way in: it records commands through one [`sequencer`], and hands out snapshots of the views.
//! [`replay`] folds a log into views and state, [`import`] records a file of commands, [`check`] verifies a store's events.

pub mod check;
pub mod desk;
pub mod import;
pub mod json;
pub mod rehearsal;
pub mod replay;
pub mod sequencer;
pub mod state;
mod verdict;

pub use desk::{Clock, Desk, DeskError};
pub use sequencer::{Outcome, Proposal, Receipt};
