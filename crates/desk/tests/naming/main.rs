//! Dossiers renamed, merged and split: references follow, history stays, and nothing depends on when it was told.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod desk;
mod histories;
mod meetings;
mod merging;
mod renaming;
mod splitting;
mod unread;
