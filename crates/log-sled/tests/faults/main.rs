//! What a store on sled does when something goes wrong.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod copy;
mod cut_off;
mod damage;
mod full_disk;
mod io_errors;
mod kill;
mod mount;
mod new_store;
mod opening;
mod power;
mod power_image;
mod redaction;
