//! Each refusal and each flag: given, when, then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod amended;
mod dsl;
mod flagged;
mod refused;
