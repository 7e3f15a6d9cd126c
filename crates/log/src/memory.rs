//! The memory engine: for tests, and for trying things out.

use crate::chain::check;
use crate::engine::{AppendError, EventLog, ReadError, RedactError};
use crate::envelope::{Head, Payload, Stored};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A log that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemoryLog {
    events: Mutex<Vec<Stored>>,
}

impl MemoryLog {
    /// The events; a panic elsewhere cannot leave them half written, since they change by one `extend`.
    fn events(&self) -> MutexGuard<'_, Vec<Stored>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn head_of(events: &[Stored]) -> Head {
    events.last().map_or(Head::EMPTY, |e| e.header.head())
}

impl EventLog for MemoryLog {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        let mut events = self.events();
        let actual = head_of(&events);
        if actual != *after {
            return Err(AppendError::HeadMoved {
                expected: *after,
                actual,
            });
        }
        let head = check(after, batch).map_err(AppendError::BadBatch)?;
        events.extend_from_slice(batch);
        Ok(head)
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        let events = self.events();
        let skip = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(events.iter().skip(skip).take(limit).cloned().collect())
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(head_of(&self.events()))
    }

    fn unwritable(&self) -> Option<String> {
        None
    }

    fn redact(&self, position: u64) -> Result<(), RedactError> {
        let mut events = self.events();
        let head = head_of(&events).position;
        let index = usize::try_from(position).ok().and_then(|p| p.checked_sub(1));
        match index.and_then(|i| events.get_mut(i)) {
            Some(event) => {
                event.payload = Payload::Redacted;
                Ok(())
            }
            None => Err(RedactError::Unknown { position, head }),
        }
    }
}
