//! Rehearsal: a log that goes on in memory where another ends, so that anything can be tried and nothing is written.

use rapporteur_log::chain::check;
use rapporteur_log::{AppendError, EventLog, Head, MemoryLog, Payload, ReadError, RedactError, Stored};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A log over another: reads what that one held when the rehearsal began, keeps what is appended in memory.
pub struct Rehearsal {
    base: Arc<dyn EventLog>,
    from: Head,
    tail: Mutex<Vec<Stored>>,
    redacted: Mutex<BTreeSet<u64>>,
}

impl Rehearsal {
    /// A rehearsal on an empty log.
    #[must_use]
    pub fn on_nothing() -> Self {
        Self {
            base: Arc::new(MemoryLog::default()),
            from: Head::EMPTY,
            tail: Mutex::default(),
            redacted: Mutex::default(),
        }
    }

    /// A rehearsal on top of `base`.
    ///
    /// # Errors
    /// The base cannot say where it ends.
    pub fn on(base: Arc<dyn EventLog>) -> Result<Self, ReadError> {
        let from = base.head()?;
        Ok(Self::after(base, from))
    }

    /// A rehearsal on what `base` holds up to a head.
    #[must_use]
    pub fn after(base: Arc<dyn EventLog>, from: Head) -> Self {
        Self {
            base,
            from,
            tail: Mutex::default(),
            redacted: Mutex::default(),
        }
    }

    /// What was appended; it changes by one `extend` only, so a panic elsewhere leaves nothing half done.
    fn tail(&self) -> MutexGuard<'_, Vec<Stored>> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was redacted in the rehearsal; it changes by one `insert`.
    fn redacted(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.redacted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, tail: &[Stored]) -> Head {
        tail.last().map_or(self.from, |last| last.header.head())
    }
}

impl EventLog for Rehearsal {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        let mut tail = self.tail();
        let actual = self.end(&tail);
        if actual != *after {
            return Err(AppendError::HeadMoved {
                expected: *after,
                actual,
            });
        }
        let head = check(after, batch).map_err(AppendError::BadBatch)?;
        tail.extend_from_slice(batch);
        Ok(head)
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        let below = usize::try_from(self.from.position.saturating_sub(after)).unwrap_or(usize::MAX);
        let mut events = match below.min(limit) {
            0 => Vec::new(),
            most => self.base.read(after, most)?,
        };
        let skip = usize::try_from(after.saturating_sub(self.from.position)).unwrap_or(usize::MAX);
        let room = limit - events.len();
        if below <= events.len() {
            events.extend(self.tail().iter().skip(skip).take(room).cloned());
        }
        let redacted = self.redacted();
        for event in events
            .iter_mut()
            .filter(|event| redacted.contains(&event.header.position))
        {
            event.payload = Payload::Redacted;
        }
        Ok(events)
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(self.end(&self.tail()))
    }

    fn unwritable(&self) -> Option<String> {
        None
    }

    fn redact(&self, position: u64) -> Result<(), RedactError> {
        let head = self.head()?.position;
        if position == 0 || position > head {
            return Err(RedactError::Unknown { position, head });
        }
        self.redacted().insert(position);
        Ok(())
    }
}
