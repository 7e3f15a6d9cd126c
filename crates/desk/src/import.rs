//! Import: a file of commands, one JSON object a line, recorded line by line.
//!
//! A line without an idempotency key gets one made of its content, so that an import cut short is simply run again.

use crate::desk::{Desk, DeskError, Pending};
use crate::json;
use crate::sequencer::{Conflict, Outcome, Proposal};
use chrono::NaiveDate;
use rapporteur_domain::command::{Command, Malformed};
use rapporteur_domain::refusal::{Refusal, Rule};
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead};

/// The most bytes a line may have; the event made of it is held to 64 KiB.
const LINE_MAX_BYTES: usize = 1024 * 1024;
/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// How many lines are under way at once: enough to fill a group commit.
const WINDOW: usize = 512;

/// The most refused lines that a report tells of; further ones are only counted.
pub const TOLD_MAX: usize = 10_000;

/// What became of a file.
#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Lines recorded.
    pub recorded: u64,
    /// Lines whose content was recorded before.
    pub already_there: u64,
    /// Lines refused.
    pub refused: u64,
    /// The refused lines with why, in order; at most [`TOLD_MAX`].
    pub lines: Vec<RefusedLine>,
}

/// A line that was not recorded.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: u64,
    /// Everything that speaks against it.
    pub refusals: Vec<Refusal>,
}

/// An import that stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("line {line} could not be read; what was recorded before it stays, run the import again")]
    Read {
        /// The line's number, from 1.
        line: u64,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The desk could not do its work.
    #[error("the import stopped near line {line}; what was recorded before it stays, run the import again")]
    Desk {
        /// The line's number, from 1.
        line: u64,
        /// Why.
        #[source]
        source: DeskError,
    },
}

/// An import that stopped, and what became of the lines before.
#[derive(Debug)]
pub struct Stopped {
    /// The lines that have their outcome.
    pub report: Report,
    /// Why it stopped.
    pub why: ImportError,
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.why.fmt(f)
    }
}

impl std::error::Error for Stopped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.why.source()
    }
}

/// Records every line of `input`; `progress` is told how many lines are settled. To try a file and write nothing, give a
/// desk on a [`crate::rehearsal::Rehearsal`].
///
/// # Errors
/// The file cannot be read, or the desk cannot work. Refused lines are no error: they are in the report.
pub fn import(
    desk: &Desk,
    input: impl BufRead,
    recorder: &str,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Box<Stopped>> {
    let mut under_way = UnderWay::default();
    match record_lines(&mut under_way, desk, input, recorder, progress) {
        Ok(()) => Ok(under_way.report),
        Err(why) => {
            // What was sent has its outcome all the same; one error is told already.
            while !under_way.lines.is_empty() {
                let _failed = under_way.settle_first();
            }
            let report = under_way.report;
            Err(Box::new(Stopped { report, why }))
        }
    }
}

fn record_lines(
    under_way: &mut UnderWay,
    desk: &Desk,
    input: impl BufRead,
    recorder: &str,
    progress: &mut dyn FnMut(u64),
) -> Result<(), ImportError> {
    let mut lines = Lines { input, number: 0 };
    let mut keys = Keys::default();
    while let Some(line) = lines.next_line() {
        let (number, line) = line?;
        let proposal = match line {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => keys.read(&text, desk.today()),
            Err(refusal) => Err(unreadable(refusal)),
        };
        if under_way.lines.len() >= WINDOW {
            progress(under_way.settle_first()?);
        }
        let sent = desk.send_batch(vec![proposal], recorder);
        let sent = sent.map_err(|source| ImportError::Desk { line: number, source })?;
        under_way.lines.push_back((number, sent));
    }
    while !under_way.lines.is_empty() {
        progress(under_way.settle_first()?);
    }
    Ok(())
}

/// Lines that wait for their outcome, and what became of those before them.
#[derive(Default)]
struct UnderWay {
    lines: VecDeque<(u64, Pending)>,
    report: Report,
}

impl UnderWay {
    /// Waits for the first line under way, and gives its number.
    fn settle_first(&mut self) -> Result<u64, ImportError> {
        let Some((line, pending)) = self.lines.pop_front() else {
            return Ok(0);
        };
        let outcome = pending.wait().map_err(|source| ImportError::Desk { line, source })?;
        self.report.settle(line, outcome);
        Ok(line)
    }
}

impl Report {
    fn settle(&mut self, line: u64, outcome: Outcome) {
        let refusals = match outcome {
            Outcome::Recorded(receipts) if receipts.iter().all(|r| r.already_there) => {
                self.already_there += 1;
                return;
            }
            Outcome::Recorded(_) => {
                self.recorded += 1;
                return;
            }
            Outcome::Refused(refusals) => refusals.into_iter().map(bare).collect(),
            Outcome::Conflict(conflict) => vec![moved(&conflict)],
        };
        self.refused += 1;
        if self.lines.len() < TOLD_MAX {
            self.lines.push(RefusedLine { line, refusals });
        }
    }
}

/// A line holds one command: its fields need no `commands[0]` before them.
fn bare(mut refusal: Refusal) -> Refusal {
    if let Some(rest) = refusal.field.strip_prefix("commands[0]") {
        refusal.field = rest.trim_start_matches('.').to_owned();
    }
    refusal
}

fn moved(conflict: &Conflict) -> Refusal {
    Refusal::new(
        Rule::InvalidValue,
        "expectedVersion",
        Some(&conflict.expected.into()),
        format!("the dossier `{}` is at version {}", conflict.dossier, conflict.actual),
        "look at what was recorded since, then correct or drop the expected version",
    )
}

fn unreadable(refusal: Refusal) -> Malformed {
    Malformed {
        name: String::new(),
        refusals: vec![refusal],
        mentions: Vec::new(),
        slug: None,
    }
}

/// The idempotency keys made up for lines that bring none: the command's fingerprint, and which of the file's equal
/// lines it is. The same file again gives the same keys; a meeting moved, moved back and moved again gives three.
#[derive(Default)]
struct Keys(HashMap<[u8; 16], u32>);

impl Keys {
    fn read(&mut self, text: &str, today: NaiveDate) -> Proposal {
        let mut command = Command::parse_on(json::read(text).map_err(unreadable)?, Some(today))?;
        if command.idempotency_key.is_none() {
            let nth = self.0.entry(command.fingerprint).or_insert(0);
            *nth += 1;
            let digits = command
                .fingerprint
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>();
            command.idempotency_key = Some(match nth {
                1 => format!("import:{digits}"),
                nth => format!("import:{digits}:{nth}"),
            });
        }
        Ok(command)
    }
}

struct Lines<R> {
    input: R,
    number: u64,
}

type Line = Result<(u64, Result<String, Refusal>), ImportError>;

impl<R: BufRead> Lines<R> {
    /// The next line without its end; a line that is too long or not UTF-8 is passed over whole.
    fn next_line(&mut self) -> Option<Line> {
        let mut bytes = Vec::new();
        let mut too_long = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(source) => {
                    return Some(Err(ImportError::Read {
                        line: self.number + 1,
                        source,
                    }));
                }
            };
            if chunk.is_empty() {
                if bytes.is_empty() && !too_long {
                    return None;
                }
                break;
            }
            let end = chunk.iter().position(|b| *b == b'\n');
            let taken = end.unwrap_or(chunk.len());
            if bytes.len() + taken > LINE_MAX_BYTES {
                too_long = true;
                bytes.clear();
            } else if !too_long {
                bytes.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken + usize::from(end.is_some()));
            if end.is_some() {
                break;
            }
        }
        self.number += 1;
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        Some(Ok((self.number, self.text(bytes, too_long))))
    }

    fn text(&self, bytes: Vec<u8>, too_long: bool) -> Result<String, Refusal> {
        if too_long {
            let message = format!("the line has more than {LINE_MAX_BYTES} bytes");
            return Err(Refusal::new(Rule::EventTooLarge, "", None, message, "split the record"));
        }
        String::from_utf8(bytes).map_err(|error| {
            let message = format!("byte {} of the line is not UTF-8", error.utf8_error().valid_up_to() + 1);
            Refusal::new(Rule::WrongType, "", None, message, "save the file as UTF-8")
        })
    }
}
