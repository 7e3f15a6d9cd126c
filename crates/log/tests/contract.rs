//! The memory engine keeps the contract of the seam.

use rapporteur_log::MemoryLog;
use rapporteur_testkit::log_contract;

log_contract!(|_| Box::new(MemoryLog::default()));
