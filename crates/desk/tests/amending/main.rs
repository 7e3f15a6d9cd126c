//! Corrections, retractions and redactions at the desk: what stands, what stood before, and what is refused.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod correcting;
mod desk;
mod histories;
mod merging;
mod moved;
mod redacting;
mod refilling;
mod refused;
mod retracting;
