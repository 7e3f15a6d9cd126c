//! The year 2025: its events and documents, and which field of the answer holds which leaf of them.

mod checks;
mod rules;
mod told;

pub(super) use rules::RULES;
pub(super) use told::told;
