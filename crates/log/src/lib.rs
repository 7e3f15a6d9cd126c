//! The append-only log: [`envelope`] and stored form, the [`chain`] of hashes, the [`engine`] seam, the [`memory`] engine,
//! and the way from stored bytes to events ([`recorded`]) as they are read today ([`reading`]). Payloads are opaque to engines.

mod arc_str;
pub mod chain;
pub mod engine;
pub mod envelope;
mod hash;
pub mod memory;
pub mod reading;
pub mod recorded;
pub mod verify;

pub use chain::{Damage, Draft};
pub use engine::{AppendError, EventLog, ReadError, RedactError};
pub use envelope::{DossierId, Head, Header, Idempotency, Payload, Stored};
pub use hash::Hash;
pub use memory::MemoryLog;
pub use reading::{Amended, Corrected, InPlace, Reading};
pub use recorded::{Left, Recorded};
pub use verify::VerifyReport;
