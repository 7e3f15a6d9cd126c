//! A proof that one event is in a log.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::key::Verifier;
use crate::tree::{Tree, leads};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rapporteur_log::envelope::payload_hash;
use rapporteur_log::{Hash, Payload, Stored};
use serde::{Deserialize, Serialize};

/// What shows that an event is in the log of a checkpoint. Everything a verifier needs but the key is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EventProof {
    /// The checkpoint, a signed note.
    pub checkpoint: String,
    /// The event as it is stored: CBOR of envelope, hash, salt and payload, in base64.
    pub stored: String,
    /// The header as it is hashed, in base64: the event's hash is BLAKE3 of it.
    pub header: String,
    /// The hashes that lead from the event's to the root of the checkpoint, each in base64.
    pub path: Vec<String>,
}

/// A proof that does not hold.
#[derive(Debug, thiserror::Error)]
pub enum EventProofError {
    /// There is no such event in the log of the checkpoint.
    #[error("the checkpoint is of {size} events, and position {position} is none of them")]
    NotThere {
        /// How many there are.
        size: u64,
        /// The position asked for.
        position: u64,
    },
    /// The event cannot be encoded.
    #[error("the event cannot be encoded")]
    Encode(#[source] rapporteur_log::envelope::FormError),
    /// The checkpoint does not hold.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A member is not what it should be.
    #[error("the proof does not hold: {0}")]
    Wrong(&'static str),
}

impl EventProof {
    /// Makes the proof that an event is in the log of a checkpoint; `tree` is that of the checkpoint.
    ///
    /// # Errors
    /// It is not.
    pub fn of(event: &Stored, checkpoint: &str, tree: &Tree) -> Result<Self, EventProofError> {
        let header = &event.header;
        let (size, position) = (tree.head().position, header.position);
        let path = tree
            .path(position)
            .ok_or(EventProofError::NotThere { size, position })?;
        Ok(Self {
            checkpoint: checkpoint.to_owned(),
            stored: STANDARD.encode(event.encode().map_err(EventProofError::Encode)?),
            header: STANDARD.encode(header.hashed_bytes().map_err(EventProofError::Encode)?),
            path: path.iter().map(|hash| STANDARD.encode(hash)).collect(),
        })
    }

    /// The event, if the proof holds for a checkpoint that `verifier` knows.
    ///
    /// # Errors
    /// It does not.
    pub fn check(&self, verifier: &Verifier) -> Result<(Stored, Checkpoint), EventProofError> {
        let wrong = EventProofError::Wrong;
        let checkpoint = Checkpoint::open(&self.checkpoint, verifier)?;
        let bytes = |text: &str, what| STANDARD.decode(text).map_err(|_| wrong(what));
        let stored = bytes(&self.stored, "`stored` is no base64")?;
        let event = Stored::decode(&stored).map_err(|_| wrong("`stored` is no event"))?;
        let header = bytes(&self.header, "`header` is no base64")?;
        let computed = event.header.hashed_bytes().map_err(EventProofError::Encode)?;
        if header != computed || event.header.hash != Hash::of(&[&header]) {
            return Err(wrong("`header` is not that of the event, or its hash is another"));
        }
        if let Payload::Kept { salt, bytes } = &event.payload
            && payload_hash(salt, bytes) != event.header.payload_hash
        {
            return Err(wrong("the payload is not the one that was recorded"));
        }
        let path = self.path.iter().map(|hash| {
            let hash = bytes(hash, "`path` holds what is no base64")?;
            hash.try_into().map_err(|_| wrong("`path` holds what is no hash"))
        });
        let path: Vec<[u8; 32]> = path.collect::<Result<_, _>>()?;
        let (position, hash) = (event.header.position, event.header.hash);
        match leads(&path, hash, position, checkpoint.head.position, checkpoint.root) {
            true => Ok((event, checkpoint)),
            false => Err(wrong(
                "`path` does not lead from the event to the root of the checkpoint",
            )),
        }
    }
}
