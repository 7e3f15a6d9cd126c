//! Checking a log event by event.

use crate::replay::{ReplayError, each};
use rapporteur_domain::event::Event;
use rapporteur_log::{EventLog, Head};
use std::collections::{BTreeMap, BTreeSet};

/// What was checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// How many events there are.
    pub events: u64,
    /// The events whose payload is gone as an event says that it had to: their positions, each with that event's. Header and
    /// chain are whole.
    pub redacted: BTreeMap<u64, u64>,
    /// The events whose payload is gone and of which no event says so.
    pub unlawful: BTreeSet<u64>,
    /// The events of which an event says that their payload had to go, and that still have it.
    pub owed: BTreeSet<u64>,
    /// The log's end.
    pub head: Head,
}

/// Reads every event, checks the whole chain, decodes every payload, and compares what is gone with what had to go.
///
/// # Errors
/// The first event that is damaged or cannot be understood.
pub fn check_events(log: &dyn EventLog) -> Result<Checked, ReplayError> {
    let until = log.head()?.position;
    let (mut gone, mut told) = (BTreeSet::new(), BTreeMap::new());
    let head = each(log, Head::EMPTY, until, |recorded| {
        let position = recorded.header.position;
        match &recorded.event {
            None => {
                gone.insert(position);
            }
            Some(Event::RecordRedacted(redaction)) if redaction.position < position => {
                told.entry(redaction.position).or_insert(position);
            }
            Some(_) => {}
        }
    })?;
    let unlawful = gone
        .iter()
        .filter(|position| !told.contains_key(position))
        .copied()
        .collect();
    let owed = told
        .keys()
        .filter(|position| !gone.contains(position))
        .copied()
        .collect();
    told.retain(|position, _| gone.contains(position));
    Ok(Checked {
        events: until,
        redacted: told,
        unlawful,
        owed,
        head,
    })
}
