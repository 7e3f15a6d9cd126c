//! Restore: an export back into an empty log, with the same positions, instants and hashes. Whatever does not verify is
//! refused with its line.

use crate::cloud_event::{self, End, Line, Members};
use crate::lines::{Lines, NoText};
use chrono::{DateTime, Utc};
use rapporteur_log::envelope::payload_hash;
use rapporteur_log::{AppendError, DossierId, EventLog, Head, Payload, ReadError, Recorded, RedactError, Stored};
use std::collections::HashMap;
use std::io::{self, BufRead};

/// The most bytes a line may have: a payload of 64 KiB in base64, and as JSON, with much to spare.
const LINE_MAX_BYTES: usize = 16 * 1024 * 1024;
/// About how many events are appended at once; a batch is never cut.
const GROUP: usize = 1_000;
/// About how many bytes of payload are appended at once.
const GROUP_BYTES: usize = 2 * 1024 * 1024;

/// What an export held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The head that its closing record names.
    pub head: Head,
    /// How many of its events are redacted.
    pub redacted: u64,
}

/// A restore that stopped. What it has written by then is no store.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file cannot be read.
    #[error("line {line} could not be read")]
    Read {
        /// The line's number, from 1.
        line: u64,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line does not verify.
    #[error("line {line}: {what}")]
    Refused {
        /// The line's number, from 1.
        line: u64,
        /// What is wrong with it, and in which member.
        what: String,
    },
    /// The log holds something already.
    #[error("the log holds events up to position {0}; restore into an empty one")]
    NotEmpty(u64),
    /// The log cannot be read.
    #[error(transparent)]
    Head(#[from] ReadError),
    /// The log does not take the events.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The log does not take a redaction.
    #[error(transparent)]
    Redact(#[from] RedactError),
    /// The lines cannot be passed on.
    #[error("the lines could not be written")]
    Write(#[source] io::Error),
}

/// Fills `log`, which must be empty, with what `input` holds. `progress` is told the last position now and then. The
/// whole file was checked only when this returns: until then nothing may be read from the log.
///
/// # Errors
/// See [`RestoreError`].
pub fn restore(
    input: impl BufRead,
    log: &dyn EventLog,
    progress: &mut dyn FnMut(u64),
) -> Result<Restored, RestoreError> {
    let at = log.head()?;
    if at != Head::EMPTY {
        return Err(RestoreError::NotEmpty(at.position));
    }
    let mut group = Group::after(at);
    let restored = read(input, &mut |_, stored| {
        let Some(stored) = stored else { return Ok(()) };
        if stored.header.batch == stored.header.position && group.is_full() {
            progress(group.append_to(log)?);
        }
        group.push(stored);
        Ok(())
    })?;
    group.append_to(log)?;
    Ok(restored)
}

/// Takes a line that verified, and its event; the closing record has none.
pub type Each<'a> = dyn FnMut(&str, Option<Stored>) -> Result<(), RestoreError> + 'a;

/// Checks all that `input` holds, and calls `each` with every line, in order.
///
/// # Errors
/// A line does not verify, the closing record is missing, the file cannot be read; or what `each` gives.
pub fn read(input: impl BufRead, each: &mut Each<'_>) -> Result<Restored, RestoreError> {
    let mut lines = Lines::new(input, LINE_MAX_BYTES);
    let mut checks = Checks::default();
    loop {
        let next = lines.next_line().map_err(|source| RestoreError::Read {
            line: lines.number() + 1,
            source,
        })?;
        let line = lines.number();
        let refused = |what: String| RestoreError::Refused { line, what };
        let text = match next {
            None => {
                return checks.end.ok_or_else(|| {
                    refused(format!(
                        "the file ends here, after position {}, without its closing record: it was cut short; fetch or \
                         export it again",
                        checks.head.position
                    ))
                });
            }
            Some(Ok(text)) => text,
            Some(Err(NoText::TooLong)) => return Err(refused(format!("it has more than {LINE_MAX_BYTES} bytes"))),
            Some(Err(NoText::NotUtf8(at))) => return Err(refused(format!("its byte {at} is not UTF-8"))),
        };
        let stored = checks.take(&text).map_err(refused)?;
        each(&text, stored)?;
    }
}

/// Events that are to be appended at once.
struct Group {
    at: Head,
    events: Vec<Stored>,
    bytes: usize,
}

impl Group {
    fn after(at: Head) -> Self {
        Self {
            at,
            events: Vec::new(),
            bytes: 0,
        }
    }

    fn is_full(&self) -> bool {
        self.events.len() >= GROUP || self.bytes >= GROUP_BYTES
    }

    fn push(&mut self, stored: Stored) {
        if let Payload::Kept { bytes, .. } = &stored.payload {
            self.bytes += bytes.len();
        }
        self.events.push(stored);
    }

    /// Appends what there is, lists what of it is redacted, and gives the last position.
    fn append_to(&mut self, log: &dyn EventLog) -> Result<u64, RestoreError> {
        self.at = log.append(&self.at, &self.events)?;
        for event in self.events.drain(..) {
            if event.payload == Payload::Redacted {
                log.redact(event.header.position)?;
            }
        }
        self.bytes = 0;
        Ok(self.at.position)
    }
}

/// What the lines so far came to.
#[derive(Default)]
struct Checks {
    head: Head,
    recorded_at: Option<DateTime<Utc>>,
    /// Where the last event's batch began.
    batch: u64,
    versions: HashMap<DossierId, u32>,
    redacted: u64,
    end: Option<Restored>,
}

impl Checks {
    /// The event of a line that follows on those before; none for the closing record.
    fn take(&mut self, text: &str) -> Result<Option<Stored>, String> {
        if self.end.is_some() {
            return Err("it stands after the closing record, which must be the last line".to_owned());
        }
        if text.trim().is_empty() {
            return Err("it is empty".to_owned());
        }
        match cloud_event::read(text)? {
            (Line::Event(stored), members) => self.event(*stored, &members, text).map(Some),
            (Line::End(end), members) => self.end(end, &members).map(|()| None),
        }
    }

    fn event(&mut self, stored: Stored, members: &Members, text: &str) -> Result<Stored, String> {
        self.follows(&stored)?;
        hashes(&stored)?;
        let recorded = Recorded::decode(&stored).map_err(|error| crate::desk::chain(&error))?;
        let written = cloud_event::write(&stored, recorded.event.as_ref()).map_err(|error| error.to_string())?;
        if written != text {
            let event = recorded.event.as_ref();
            let any_data = event.is_some_and(|event| event.version() != stored.header.schema_version);
            members.agree(&written, any_data)?;
        }
        let header = &stored.header;
        self.head = header.head();
        self.recorded_at = Some(header.recorded_at);
        self.batch = header.batch;
        self.versions.insert(header.dossier.clone(), header.version);
        self.redacted += u64::from(stored.payload == Payload::Redacted);
        Ok(stored)
    }

    /// Whether the event is the one that comes next.
    fn follows(&self, stored: &Stored) -> Result<(), String> {
        let header = &stored.header;
        let next = self.head.position + 1;
        if header.position != next {
            return Err(format!(
                "`position` is {} where {next} belongs: lines are missing, doubled or out of order",
                header.position
            ));
        }
        if header.prev_hash != self.head.hash {
            return Err(format!(
                "`previoushash` is {}, the event before has the hash {}",
                header.prev_hash, self.head.hash
            ));
        }
        if header.batch == 0 || (header.batch != next && header.batch != self.batch) {
            return Err(format!(
                "`batch` is {}, neither its own position {next} nor {}, the batch of the event before",
                header.batch, self.batch
            ));
        }
        let version = self.versions.get(&header.dossier).copied().unwrap_or_default() + 1;
        if header.version != version {
            return Err(format!(
                "`version` is {} where {version} belongs: it counts the events of `subject`",
                header.version
            ));
        }
        if self.recorded_at.is_some_and(|last| header.recorded_at < last) {
            return Err(format!(
                "`time` is {}, before that of the event before",
                header.recorded_at
            ));
        }
        match header.cause {
            Some(cause) if cause == 0 || cause >= next => {
                Err(format!("`cause` is {cause}, which is no position before this one"))
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, end: End, members: &Members) -> Result<(), String> {
        let (found, here) = (end.head, self.head);
        if found.position != here.position {
            return Err(format!(
                "`position` of the closing record is {}, the lines before it end at {}: lines are missing",
                found.position, here.position
            ));
        }
        if found.hash != here.hash {
            return Err(format!(
                "`hash` of the closing record is {}, that of the last event {}",
                found.hash, here.hash
            ));
        }
        if end.redacted != self.redacted {
            return Err(format!(
                "`redactions` of the closing record is {}, {} lines say that they are redacted",
                end.redacted, self.redacted
            ));
        }
        members.agree(&cloud_event::write_end(&end).map_err(|error| error.to_string())?, false)?;
        self.end = Some(Restored {
            head: here,
            redacted: self.redacted,
        });
        Ok(())
    }
}

/// Whether the event's hashes are those of what it holds.
fn hashes(stored: &Stored) -> Result<(), String> {
    let header = &stored.header;
    if let Payload::Kept { salt, bytes } = &stored.payload {
        let hash = payload_hash(salt, bytes);
        if hash != header.payload_hash {
            return Err(format!(
                "`salt` and `payload` hash to {hash}, `payloadhash` is {}: one of the three was changed",
                header.payload_hash
            ));
        }
    }
    match header.computed_hash() {
        Ok(hash) if hash == header.hash => Ok(()),
        Ok(hash) => Err(format!(
            "its envelope hashes to {hash}, `hash` is {}: `id`, `type`, `subject`, `time` or another member of the \
             envelope was changed",
            header.hash
        )),
        Err(error) => Err(error.to_string()),
    }
}
