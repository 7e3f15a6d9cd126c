//! Checking a log: all that is stored, then event by event.

use crate::replay::{Progress, ReplayError, each};
use rapporteur_domain::event::Event;
use rapporteur_log::{EventLog, Head, Payload, VerifyReport};
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

/// What a check of a log found.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What is stored.
    pub report: VerifyReport,
    /// The events; `None` where what is stored is damaged.
    pub events: Option<Checked>,
}

impl Verified {
    /// Whether all is there that has to be.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.report.is_whole() && self.events.as_ref().is_some_and(|events| events.unlawful.is_empty())
    }
}

/// Checks all that is stored, then event by event: every event is read twice, and `progress` counts it twice.
///
/// # Errors
/// An event that is whole cannot be understood, or the disk fails between the two.
pub fn verify(log: &dyn EventLog, progress: &mut dyn FnMut(Progress)) -> Result<Verified, ReplayError> {
    let end = log.head()?.position;
    let total = end.saturating_mul(2);
    let report = log.verify(&mut |done| {
        progress(Progress {
            done: done.min(end),
            total,
        })
    });
    let events = match report.is_whole() {
        true => Some(check_events(log, &mut |p| {
            progress(Progress {
                done: end.saturating_add(p.done.min(end)),
                total,
            });
        })?),
        false => None,
    };
    Ok(Verified { report, events })
}

/// Reads every event, checks the whole chain, decodes every payload, and compares what is gone with what had to go.
///
/// # Errors
/// The first event that is damaged or cannot be understood.
pub fn check_events(log: &dyn EventLog, progress: &mut dyn FnMut(Progress)) -> Result<Checked, ReplayError> {
    let until = log.head()?.position;
    let (mut gone, mut told) = (BTreeSet::new(), BTreeMap::new());
    let head = each(log, Head::EMPTY, until, |recorded| {
        let position = recorded.header.position;
        if position.is_multiple_of(1_000) || position == until {
            progress(Progress {
                done: position,
                total: until,
            });
        }
        match &recorded.event {
            None => {
                gone.insert(position);
            }
            Some(event) => tells(event, position, &mut told),
        }
    })?;
    // While it is in use: what was redacted meanwhile is told by an event after those that were read, and what was about to be
    // redacted may be gone by now.
    if gone.iter().any(|position| !told.contains_key(position)) {
        each(log, head, log.head()?.position, |recorded| {
            let event = recorded.event.as_ref();
            event
                .iter()
                .for_each(|event| tells(event, recorded.header.position, &mut told));
        })?;
        told.retain(|position, by| *by <= until || gone.contains(position));
    }
    for position in told
        .keys()
        .filter(|position| !gone.contains(position))
        .copied()
        .collect::<Vec<_>>()
    {
        let now = log.read(position.saturating_sub(1), 1)?;
        if now.first().is_some_and(|stored| stored.payload == Payload::Redacted) {
            gone.insert(position);
        }
    }
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

/// Notes what an event at a position says had to go.
fn tells(event: &Event, position: u64, told: &mut BTreeMap<u64, u64>) {
    if let Event::RecordRedacted(redaction) = event
        && redaction.position < position
    {
        told.entry(redaction.position).or_insert(position);
    }
}
