//! Signed checkpoints: what a log held when it ended at some position, in 32 bytes, signed by whoever keeps it. With one, a third
//! party can tell that an event is in the log, and that a later log goes on from it and was not rewritten.
//!
//! The hashes of the events are the leaves of a Merkle tree (RFC 6962, SHA-256). A checkpoint is a note in the forms of
//! `c2sp.org/tlog-checkpoint` and `c2sp.org/signed-note`, signed with Ed25519, so that others' tools read it. `docs/reliability.md`
//! has the form of a proof, and `tests/harness/proof.mjs` a verifier that shares no code with this one.

mod checkpoint;
mod event;
mod growth;
mod key;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use event::{EventProof, EventProofError};
pub use growth::{GrowthProof, GrowthProofError};
pub use key::{KeyError, Signer, Verifier};
pub use tree::Tree;
