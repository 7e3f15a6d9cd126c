//! Checking a log event by event.

use crate::replay::{ReplayError, each};
use rapporteur_log::{EventLog, Head};

/// What was checked.
#[derive(Debug, Clone, Copy)]
pub struct Checked {
    /// How many events there are.
    pub events: u64,
    /// How many of them are redacted, lawfully: header and chain whole.
    pub redacted: u64,
    /// The log's end.
    pub head: Head,
}

/// Reads every event, checks the whole chain and decodes every payload.
///
/// # Errors
/// The first event that is damaged or cannot be understood.
pub fn check_events(log: &dyn EventLog) -> Result<Checked, ReplayError> {
    let until = log.head()?.position;
    let mut redacted = 0;
    let head = each(log, Head::EMPTY, until, |recorded| {
        redacted += u64::from(recorded.event.is_none())
    })?;
    Ok(Checked {
        events: until,
        redacted,
        head,
    })
}
