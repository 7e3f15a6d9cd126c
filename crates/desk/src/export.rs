//! Export: the log as lines of CloudEvents, up to the head at which it began, or up to an earlier position; or a part of it.

use crate::cloud_event::{self, End};
use crate::extract::Extract;
use crate::replay::ReplayError;
use rapporteur_domain::event::Event;
use rapporteur_log::chain::check;
use rapporteur_log::{EventLog, Head, Payload, ReadError, Recorded, Stored};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many events are read, and their lines given, at once.
pub(crate) const PAGE: usize = 256;

/// An export that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log could not be read.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// Something that it may tell was redacted since it began.
    #[error("something was redacted while the extract was under way; ask for it again")]
    Redacted,
    /// An event could not be written as JSON.
    #[error("the event at position {position} cannot be written as JSON")]
    Form {
        /// The event's position.
        position: u64,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl From<ReadError> for ExportError {
    fn from(error: ReadError) -> Self {
        Self::Replay(error.into())
    }
}

/// The lines of an export, some at a time; the last is the closing record, and a file without it is not whole. What is
/// appended meanwhile is left out, unless it says that what was found gone was redacted meanwhile: a log that was restored
/// without that would look damaged. After an error there is nothing more.
pub struct Export {
    log: Arc<dyn EventLog>,
    at: Head,
    until: u64,
    redacted: u64,
    /// What is gone, and no event so far says that it was redacted.
    untold: BTreeSet<u64>,
    /// What is left out as redacted, although its payload may still be there.
    left_out: BTreeSet<u64>,
    /// Whether it is of the whole log.
    whole: bool,
    /// Whether the opening record of a part is still to be given.
    opens: bool,
    ended: bool,
}

impl Export {
    /// Begins an export of all that `log` holds now.
    ///
    /// # Errors
    /// The log cannot say where it ends.
    pub fn begin(log: Arc<dyn EventLog>) -> Result<Self, ReadError> {
        let until = log.head()?.position;
        let whole = true;
        Ok(Self {
            whole,
            ..Self::up_to(log, until)
        })
    }

    /// Begins an export of what `log` held when it ended at this position, which it reaches: the log as it was then, but for
    /// payloads that were taken out since.
    #[must_use]
    pub fn up_to(log: Arc<dyn EventLog>, until: u64) -> Self {
        Self {
            log,
            at: Head::EMPTY,
            until,
            redacted: 0,
            untold: BTreeSet::new(),
            left_out: BTreeSet::new(),
            whole: false,
            opens: false,
            ended: false,
        }
    }

    /// Begins an export of what `log` holds after one position up to another, which it reaches: a part, which says on which event
    /// it follows. Parts one after the other from position 0 on are an export.
    ///
    /// # Errors
    /// The log cannot be read, or ends before `after`.
    pub fn part(log: Arc<dyn EventLog>, after: u64, until: u64) -> Result<Self, ExportError> {
        let at = match after.checked_sub(1) {
            None => Head::EMPTY,
            Some(before) => match log.read(before, 1)?.first() {
                Some(stored) => stored.header.head(),
                None => {
                    return Err(ReplayError::Short {
                        after: before,
                        head: until,
                    }
                    .into());
                }
            },
        };
        Ok(Self {
            at,
            opens: true,
            ..Self::up_to(log, until.max(after))
        })
    }

    /// Leaves out the payloads at these positions: an event says that they are redacted, and perhaps they are still there.
    #[must_use]
    pub fn leaving_out(self, left_out: BTreeSet<u64>) -> Self {
        Self { left_out, ..self }
    }

    /// The position that it goes up to.
    #[must_use]
    pub fn until(&self) -> u64 {
        self.until
    }

    /// The last position whose line was given, and its hash.
    #[must_use]
    pub fn head(&self) -> Head {
        self.at
    }

    /// How many events whose payload is gone were given, and no event that says so: as of an earlier position those that were
    /// redacted after it, in a whole log damage.
    #[must_use]
    pub fn untold(&self) -> usize {
        self.untold.len()
    }

    fn page(&mut self) -> Result<Vec<u8>, ExportError> {
        let mut lines = Vec::new();
        if std::mem::take(&mut self.opens) {
            put(&mut lines, self.at.position, cloud_event::write_began(&self.at))?;
        }
        let left = usize::try_from(self.until - self.at.position).unwrap_or(PAGE);
        if left > 0 {
            let after = self.at.position;
            let page = self.log.read(after, left.min(PAGE))?;
            if page.is_empty() {
                let head = self.until;
                return Err(ReplayError::Short { after, head }.into());
            }
            self.at = check(&self.at, &page).map_err(ReplayError::from)?;
            for stored in &page {
                let position = stored.header.position;
                let redacted = self.left_out.contains(&position).then(|| without_payload(stored));
                let stored = redacted.as_ref().unwrap_or(stored);
                let recorded = Recorded::decode(stored).map_err(|source| ReplayError::Decode { position, source })?;
                let line = cloud_event::write(stored, recorded.event.as_ref());
                put(&mut lines, position, line)?;
                match &recorded.event {
                    None => {
                        self.redacted += 1;
                        self.untold.insert(position);
                    }
                    Some(Event::RecordRedacted(told)) => {
                        self.untold.remove(&told.position);
                    }
                    Some(_) => {}
                }
            }
        }
        if self.at.position == self.until && self.whole && !self.untold.is_empty() {
            self.until = self.log.head()?.position;
        }
        if self.at.position == self.until {
            self.ended = true;
            let end = End {
                head: self.at,
                redacted: self.redacted,
            };
            put(&mut lines, self.at.position, cloud_event::write_end(&end))?;
        }
        Ok(lines)
    }
}

/// The event without what it said.
#[must_use]
pub fn without_payload(stored: &Stored) -> Stored {
    Stored {
        header: stored.header.clone(),
        payload: Payload::Redacted,
    }
}

/// The line of an export that holds this event.
///
/// # Errors
/// It cannot be understood, or not be written as JSON.
pub fn line(stored: &Stored) -> Result<String, ExportError> {
    let position = stored.header.position;
    let recorded = Recorded::decode(stored).map_err(|source| ReplayError::Decode { position, source })?;
    cloud_event::write(stored, recorded.event.as_ref()).map_err(|source| ExportError::Form { position, source })
}

/// The opening record of a part that follows on this event.
///
/// # Errors
/// Never; the type is serde's.
pub fn began_line(after: &Head) -> Result<String, ExportError> {
    let position = after.position;
    cloud_event::write_began(after).map_err(|source| ExportError::Form { position, source })
}

/// The closing record after this event, of a part in which so many are redacted.
///
/// # Errors
/// Never; the type is serde's.
pub fn end_line(head: Head, redacted: u64) -> Result<String, ExportError> {
    let position = head.position;
    cloud_event::write_end(&End { head, redacted }).map_err(|source| ExportError::Form { position, source })
}

/// Adds a line.
pub(crate) fn put(
    lines: &mut Vec<u8>,
    position: u64,
    line: Result<String, serde_json::Error>,
) -> Result<(), ExportError> {
    let line = line.map_err(|source| ExportError::Form { position, source })?;
    lines.extend_from_slice(line.as_bytes());
    lines.push(b'\n');
    Ok(())
}

impl Iterator for Export {
    type Item = Result<Vec<u8>, ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let page = self.page();
        self.ended |= page.is_err();
        Some(page)
    }
}

/// What is exported as of a moment.
pub enum Exported {
    /// A log, or its beginning: it can be restored.
    Log(Export),
    /// What was public: it cannot.
    Extract(Extract),
}

impl Exported {
    /// The last position whose line was given.
    #[must_use]
    pub fn done(&self) -> u64 {
        match self {
            Self::Log(export) => export.head().position,
            Self::Extract(extract) => extract.given(),
        }
    }
}

impl Iterator for Exported {
    type Item = Result<Vec<u8>, ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Log(export) => export.next(),
            Self::Extract(extract) => extract.next(),
        }
    }
}
