//! The log on sled 0.34.7: durable before the acknowledgement, damage told apart from a cut-off write. The only crate that
//! names sled. `docs/storage.md` describes the files and why they are written in this order.

mod bring_back;
mod chunk;
mod copy;
mod fault;
mod files;
mod find;
mod format;
mod log;
mod marker;
mod mend;
mod new_store;
mod open;
mod open_made;
mod reader;
mod redactions;
mod refusal;
mod salvage;
mod store;
mod store_thread;
mod unclosed;
mod unsure;
mod verify;
mod whose;

pub use fault::Fault;
pub use log::SledLog;
pub use new_store::NewStore;
pub use open::Options;
pub use refusal::OpenError;
pub use salvage::{Salvaged, salvage};
