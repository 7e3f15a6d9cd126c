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

/// What a part of an export held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The event on which its first one follows.
    pub after: Head,
    /// Its last event.
    pub head: Head,
}

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
    /// It cannot end where it was to end.
    #[error("{0}")]
    Until(String),
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

/// Fills `log`, which must be empty, with what `input` holds, or with what it holds up to a position. `progress` is told the last
/// position now and then. All of that was checked only when this returns: until then nothing may be read from the log.
///
/// # Errors
/// See [`RestoreError`].
pub fn restore(
    input: impl BufRead,
    until: Option<u64>,
    log: &dyn EventLog,
    progress: &mut dyn FnMut(u64),
) -> Result<Restored, RestoreError> {
    let at = log.head()?;
    if at != Head::EMPTY {
        return Err(RestoreError::NotEmpty(at.position));
    }
    let mut group = Group::after(at);
    let restored = read(input, until, &mut |_, stored| {
        let Some(stored) = stored else { return Ok(()) };
        group.take(stored, log, progress)
    })?;
    group.append_to(log)?;
    Ok(restored)
}

/// Appends events that follow on the end of `log`, as they were recorded, whole batches at once.
///
/// # Errors
/// They do not follow on it, or the log does not take them.
pub fn append(events: impl IntoIterator<Item = Stored>, log: &dyn EventLog) -> Result<Head, RestoreError> {
    let mut group = Group::after(log.head()?);
    for stored in events {
        group.take(stored, log, &mut |_| {})?;
    }
    group.append_to(log)?;
    Ok(group.at)
}

/// Takes a line that verified, and its event; the closing record has none, nor has what opens a part.
pub type Each<'a> = dyn FnMut(&str, Option<Stored>) -> Result<(), RestoreError> + 'a;

/// Checks all that `input` holds, an export or the parts of one, and calls `each` with every line, in order. With a position it
/// ends after the event there.
///
/// # Errors
/// A line does not verify, the closing record is missing, the file ends before the position or cannot be read; or what `each`
/// gives.
pub fn read(input: impl BufRead, until: Option<u64>, each: &mut Each<'_>) -> Result<Restored, RestoreError> {
    run(Checks::default(), input, until, each).map(|checks| checks.restored())
}

/// Checks a part of an export, and calls `each` with every line, in order. The versions of dossiers that were there before are
/// not checked.
///
/// # Errors
/// As [`read`].
pub fn read_part(input: impl BufRead, each: &mut Each<'_>) -> Result<Part, RestoreError> {
    let checks = Checks {
        any_part: true,
        ..Checks::default()
    };
    let checks = run(checks, input, None, each)?;
    Ok(Part {
        after: checks.after,
        head: checks.head,
    })
}

fn run(
    mut checks: Checks,
    input: impl BufRead,
    until: Option<u64>,
    each: &mut Each<'_>,
) -> Result<Checks, RestoreError> {
    let mut lines = Lines::new(input, LINE_MAX_BYTES);
    while until.is_none_or(|until| checks.head.position < until) {
        let next = lines.next_line().map_err(|source| RestoreError::Read {
            line: lines.number() + 1,
            source,
        })?;
        let line = lines.number();
        let refused = |what: String| RestoreError::Refused { line, what };
        let text = match next {
            None if checks.ended && until.is_none() => return Ok(checks),
            None if checks.ended => {
                return Err(RestoreError::Until(format!(
                    "it ends at position {}, before the position that is asked for",
                    checks.head.position
                )));
            }
            None => {
                return Err(refused(format!(
                    "the file ends here, after position {}, without its closing record: it was cut short; fetch or \
                     export it again",
                    checks.head.position
                )));
            }
            Some(Ok(text)) => text,
            Some(Err(NoText::TooLong)) => return Err(refused(format!("it has more than {LINE_MAX_BYTES} bytes"))),
            Some(Err(NoText::NotUtf8(at))) => return Err(refused(format!("its byte {at} is not UTF-8"))),
        };
        let stored = checks.take(&text).map_err(refused)?;
        each(&text, stored)?;
    }
    whole_batch(&checks, &mut lines)?;
    Ok(checks)
}

/// Whether a beginning of an export ends where a batch ends.
fn whole_batch(checks: &Checks, lines: &mut Lines<impl BufRead>) -> Result<(), RestoreError> {
    // What cannot be read is not asked for.
    let Ok(Some(Ok(text))) = lines.next_line() else {
        return Ok(());
    };
    match cloud_event::read(&text) {
        Ok((Line::Event(next), _)) if next.header.batch <= checks.head.position => Err(RestoreError::Until(format!(
            "position {} lies within a batch that was recorded as one, from position {} on; end before it, at {}, or after it",
            checks.head.position,
            next.header.batch,
            next.header.batch - 1
        ))),
        _ => Ok(()),
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

    /// Takes the next event; where it begins a batch and there is enough, appends what came before.
    fn take(&mut self, stored: Stored, log: &dyn EventLog, progress: &mut dyn FnMut(u64)) -> Result<(), RestoreError> {
        let is_full = self.events.len() >= GROUP || self.bytes >= GROUP_BYTES;
        if is_full && stored.header.batch == stored.header.position {
            progress(self.append_to(log)?);
        }
        if let Payload::Kept { bytes, .. } = &stored.payload {
            self.bytes += bytes.len();
        }
        self.events.push(stored);
        Ok(())
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
    /// How many are redacted, and how many of those were in parts before this one.
    redacted: u64,
    redacted_before: u64,
    /// The event on which the first one follows.
    after: Head,
    /// Whether it may begin after any event.
    any_part: bool,
    /// Whether anything was read.
    begun: bool,
    /// Whether the last line was a closing record.
    ended: bool,
}

impl Checks {
    fn restored(&self) -> Restored {
        Restored {
            head: self.head,
            redacted: self.redacted,
        }
    }

    /// The event of a line that follows on those before; none for a closing record and for what opens a part.
    fn take(&mut self, text: &str) -> Result<Option<Stored>, String> {
        let read = match text.trim().is_empty() {
            true => Err("it is empty".to_owned()),
            false => cloud_event::read(text),
        };
        if self.ended && !matches!(read, Ok((Line::Began(_), _))) {
            return Err("it stands after the closing record, which must be the last line".to_owned());
        }
        let (line, members) = read?;
        let stored = match line {
            Line::Event(stored) => Some(self.event(*stored, &members, text)?),
            Line::Began(after) => {
                self.part(after, &members)?;
                None
            }
            Line::End(end) => {
                self.end(end, &members)?;
                None
            }
        };
        self.begun = true;
        Ok(stored)
    }

    /// A part begins: the first line, or what follows on the part before.
    fn part(&mut self, after: Head, members: &Members) -> Result<(), String> {
        if !self.begun && self.any_part {
            (self.head, self.after) = (after, after);
        }
        if self.begun && !self.ended {
            return Err("a part begins here, and the one before has no closing record".to_owned());
        }
        if after != self.head {
            return Err(format!(
                "this part begins after position {} with hash {}, what is before it ends at position {} with hash {}: a part is \
                 missing, or of another log",
                after.position, after.hash, self.head.position, self.head.hash
            ));
        }
        members.agree(
            &cloud_event::write_began(&after).map_err(|error| error.to_string())?,
            false,
        )?;
        self.ended = false;
        self.redacted_before = self.redacted;
        Ok(())
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
        let may_go_on = self.batch == 0 && self.after.position > 0 && header.batch < next;
        if header.batch == 0 || (header.batch != next && header.batch != self.batch && !may_go_on) {
            return Err(format!(
                "`batch` is {}, neither its own position {next} nor {}, the batch of the event before",
                header.batch, self.batch
            ));
        }
        let known = self.versions.get(&header.dossier).copied();
        let version = known.unwrap_or_default() + 1;
        let may_be_older = known.is_none() && self.after != Head::EMPTY;
        if header.version != version && !may_be_older {
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
        let redacted = self.redacted - self.redacted_before;
        if end.redacted != redacted {
            return Err(format!(
                "`redactions` of the closing record is {}, {redacted} lines say that they are redacted",
                end.redacted
            ));
        }
        members.agree(&cloud_event::write_end(&end).map_err(|error| error.to_string())?, false)?;
        self.ended = true;
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
