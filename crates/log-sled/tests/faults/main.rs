//! What a store on sled does when something goes wrong.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod bit_flips;
mod copy;
mod full_disk;
mod kill;
mod mount;
mod new_store;
mod opening;
mod power_cut;
mod redaction;
