//! Development only: the contract suite of log engines, the facts, random drafts and histories, a disk that fails.

pub mod disk;
pub mod drafts;
pub mod facts;
pub mod histories;
pub mod log_contract;
pub mod long;
pub mod rng;
