//! Development only: log contract suite, builders, fixed clock, histories.

pub mod drafts;
pub mod log_contract;
pub mod rng;
