//! Backups: the parts of an export, each a file compressed with zstd, and a list of them. A backup is added to: what is there
//! stays, but for parts that hold what was redacted since, and for a small last part.
//!
//! The parts one after the other are an export, so any zstd program and `rapporteur restore` bring a backup back without this
//! crate: `zstd -dc parts/*.zst | rapporteur restore - --data DIR`.

mod adding;
mod error;
mod list;
mod reading;

pub use adding::{Added, Source, add};
pub use error::BackupError;
pub use list::{List, PartFile};
pub use reading::Backup;
