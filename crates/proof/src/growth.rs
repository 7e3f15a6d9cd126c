//! A proof that a log goes on from what it was.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::key::Verifier;
use crate::tree::Tree;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What shows that the log of a checkpoint goes on from that of an older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GrowthProof {
    /// The older checkpoint, a signed note.
    pub older: String,
    /// The newer checkpoint, a signed note.
    pub newer: String,
    /// The hashes that lead from the one root to the other (RFC 6962, 2.1.2), each in base64; none where both are the same.
    pub hashes: Vec<String>,
}

/// A proof that does not hold.
#[derive(Debug, thiserror::Error)]
pub enum GrowthProofError {
    /// One of the checkpoints does not hold.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The newer log is another.
    #[error("the proof does not hold: `hashes` do not lead from the older root to the newer one")]
    Rewritten,
}

impl GrowthProof {
    /// Makes the proof; `tree` is that of the newer checkpoint, and goes on from the older one.
    #[must_use]
    pub fn of(older: &str, newer: &str, of_older: &Checkpoint, tree: &Tree) -> Self {
        let hashes = tree.since(of_older.head.position).unwrap_or_default();
        Self {
            older: older.to_owned(),
            newer: newer.to_owned(),
            hashes: hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
        }
    }

    /// Both checkpoints, if the proof holds for those that `verifier` knows.
    ///
    /// # Errors
    /// It does not.
    pub fn check(&self, verifier: &Verifier) -> Result<(Checkpoint, Checkpoint), GrowthProofError> {
        let older = Checkpoint::open(&self.older, verifier)?;
        let newer = Checkpoint::open(&self.newer, verifier)?;
        let hashes = self
            .hashes
            .iter()
            .map(|hash| STANDARD.decode(hash).ok()?.try_into().ok());
        let hashes: Option<Vec<[u8; 32]>> = hashes.collect();
        match hashes.is_some_and(|hashes| newer.follows(&older, &hashes)) {
            true => Ok((older, newer)),
            false => Err(GrowthProofError::Rewritten),
        }
    }
}
