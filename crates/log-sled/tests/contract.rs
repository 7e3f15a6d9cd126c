//! The sled engine keeps the contract of the seam.

use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::log_contract;

log_contract!(
    |dir| Box::new(SledLog::open(dir, &Options::default()).unwrap()),
    durable
);
