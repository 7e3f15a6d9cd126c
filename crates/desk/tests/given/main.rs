//! Each refusal and each flag: given, when, then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod dsl;
mod flagged;
mod refused;
