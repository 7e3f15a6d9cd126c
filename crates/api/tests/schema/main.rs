//! The real schema over a desk in this process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod diary;
mod diff;
mod dossiers;
mod kinds;
mod listings;
mod merging;
mod outcomes;
mod pages;
mod places;
mod questions;
mod stages;
