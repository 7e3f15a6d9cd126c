//! The real schema over a desk in this process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod amended;
mod attendance;
mod changes;
mod client;
mod comparisons;
mod contradictions;
mod diary;
mod diff;
mod dossiers;
mod expectations;
mod kinds;
mod listings;
mod live;
mod merging;
mod outcomes;
mod pages;
mod places;
mod questions;
mod recording;
mod stages;
mod values;
mod what_if;
