//! Use cases. [`Desk`] is the way in: it records commands through one [`sequencer`], and hands out snapshots of the views.
//! [`history`] shows them as of another moment, [`supposing`] as they would be, [`dossier_history`] tells one dossier's steps.
//! [`replay`] folds a log into views and state, [`import`] records a file of commands, [`export`] writes all that is stored and
//! [`restore`] builds an empty log from it, [`extract`] writes what was public, [`check`] verifies a store's events.
//! [`chores`] are long work beside the recording, with progress.

pub mod check;
pub mod chores;
mod cloud_event;
mod deciding;
pub mod desk;
pub mod dossier_history;
pub mod export;
pub mod extract;
mod following;
pub mod history;
pub mod import;
pub mod json;
mod lines;
pub mod outcome;
pub mod rehearsal;
pub mod replay;
pub mod restore;
mod seen;
pub mod sequencer;
pub mod state;
pub mod supposing;
mod sync;
mod verdict;

pub use desk::{Clock, Desk, DeskError};
pub use outcome::{Outcome, Receipt};
pub use sequencer::Proposal;
