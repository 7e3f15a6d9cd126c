//! End-to-end tests: see each module.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod backup;
mod binary;
mod cli;
mod codes;
mod contracts;
mod crash;
mod durable;
mod export;
mod full;
mod ledger;
mod linear;
mod mutations;
mod permalinks;
mod proof;
mod redaction;
mod search;
mod serve;
mod stores;
mod terminal;
mod tidy;
