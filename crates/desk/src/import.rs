//! Import: a file of commands, one JSON object a line, recorded line by line.
//!
//! A line without an idempotency key gets one made of its content, so that an import cut short is simply run again.

use crate::desk::{Desk, DeskError, Pending};
use crate::json;
use crate::lines::{Lines, NoText};
use crate::outcome::{Conflict, Outcome};
use crate::sequencer::Proposal;
use chrono::NaiveDate;
use rapporteur_domain::command::{Command, Malformed};
use rapporteur_domain::refusal::{Refusal, Rule};
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead};

/// The most bytes a line may have; the event made of it is held to 64 KiB.
const LINE_MAX_BYTES: usize = 1024 * 1024;
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
    let mut lines = Lines::new(input, LINE_MAX_BYTES);
    let mut keys = Keys::default();
    loop {
        let next = lines.next_line();
        let Some(line) = next.map_err(|source| ImportError::Read {
            line: lines.number() + 1,
            source,
        })?
        else {
            break;
        };
        let number = lines.number();
        let proposal = match line {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => keys.read(&text, desk.today()),
            Err(why) => Err(unreadable(no_text(why))),
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
        lost: Vec::new(),
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

fn no_text(why: NoText) -> Refusal {
    match why {
        NoText::TooLong => {
            let message = format!("the line has more than {LINE_MAX_BYTES} bytes");
            Refusal::new(Rule::EventTooLarge, "", None, message, "split the record")
        }
        NoText::NotUtf8(at) => {
            let message = format!("byte {at} of the line is not UTF-8");
            Refusal::new(Rule::WrongType, "", None, message, "save the file as UTF-8")
        }
    }
}
