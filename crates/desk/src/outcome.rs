//! What becomes of a batch of commands.

use rapporteur_domain::refusal::{Refusal, Rule};
use rapporteur_log::{DossierId, Hash};

/// The most commands of one all-or-nothing batch.
pub const BATCH_MAX: usize = 1_000;

/// What became of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every command is in the log; a receipt for each, in order.
    Recorded(Vec<Receipt>),
    /// Nothing was written; everything that speaks against it, fields under `commands[n].name`, n counted from 0.
    Refused(Vec<Refusal>),
    /// Nothing was written: a dossier is not at the version that the caller expected.
    Conflict(Conflict),
}

/// A dossier that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which command of the batch, from 0.
    pub command: usize,
    /// The dossier.
    pub dossier: String,
    /// The version that the caller expected.
    pub expected: u32,
    /// The version that it is at; 0 if it is not recorded.
    pub actual: u32,
}

/// Where a command's record stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The event's position.
    pub position: u64,
    /// The dossier's version after it.
    pub version: u32,
    /// The event's hash.
    pub hash: Hash,
    /// The dossier.
    pub dossier: DossierId,
    /// True if it was recorded before: by the same idempotency key, or as the same content.
    pub already_there: bool,
}

/// The refusal of a batch of more than [`BATCH_MAX`] commands.
#[must_use]
pub fn too_many(given: usize) -> Refusal {
    Refusal::new(
        Rule::TooMany,
        "commands",
        None,
        format!("{given} commands in one batch where at most {BATCH_MAX} are allowed"),
        "split the batch, or use `rapporteur import`, which takes files of any length",
    )
}
