//! Development only: the contract suite of log engines, random drafts and histories.

pub mod drafts;
pub mod histories;
pub mod log_contract;
pub mod rng;
