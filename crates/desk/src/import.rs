//! Import: a file of commands, one JSON object a line, recorded line by line.
//!
//! A line without an idempotency key gets one made of its content, so that an import cut short is simply run again.

use crate::desk::{Desk, DeskError, Pending};
use crate::sequencer::{Conflict, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::{Refusal, Rule};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, BufRead};

/// The most bytes a line may have; the event made of it is held to 64 KiB.
const LINE_MAX_BYTES: usize = 1024 * 1024;
/// How many lines are under way at once: enough to fill a group commit.
const WINDOW: usize = 512;

/// What became of a file.
#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Lines recorded, or that would be on a dry run.
    pub recorded: u64,
    /// Lines whose content was recorded before.
    pub already_there: u64,
    /// Lines refused, with why.
    pub refused: Vec<RefusedLine>,
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

/// Records every line of `input`; `progress` is told how many lines are settled.
///
/// # Errors
/// The file cannot be read, or the desk cannot work. Refused lines are no error: they are in the report.
pub fn import(
    desk: &Desk,
    input: impl BufRead,
    recorder: &str,
    dry_run: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, ImportError> {
    let mut report = Report::default();
    let mut under_way: VecDeque<(u64, Pending)> = VecDeque::new();
    let mut rehearsed: Vec<(u64, Command)> = Vec::new();
    let mut lines = Lines { input, number: 0 };
    while let Some(line) = lines.next_line() {
        let (number, line) = line?;
        let command = match line {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => read(&text),
            Err(refusal) => Err(vec![refusal]),
        };
        match command {
            Err(refusals) => report.refused.push(RefusedLine { line: number, refusals }),
            Ok(command) if dry_run => rehearsed.push((number, command)),
            Ok(command) => {
                let sent = desk.send_batch(vec![command], recorder);
                under_way.push_back((
                    number,
                    sent.map_err(|source| ImportError::Desk { line: number, source })?,
                ));
            }
        }
        if under_way.len() >= WINDOW {
            settle_first(&mut under_way, &mut report)?;
        }
        progress(number);
    }
    while !under_way.is_empty() {
        settle_first(&mut under_way, &mut report)?;
    }
    if dry_run {
        let (numbers, commands): (Vec<u64>, Vec<Command>) = rehearsed.into_iter().unzip();
        let outcomes = desk.rehearse(commands).map_err(|source| ImportError::Desk {
            line: lines.number,
            source,
        })?;
        numbers
            .into_iter()
            .zip(outcomes)
            .for_each(|(line, outcome)| report.settle(line, outcome));
    }
    report.refused.sort_by_key(|r| r.line);
    Ok(report)
}

fn settle_first(under_way: &mut VecDeque<(u64, Pending)>, report: &mut Report) -> Result<(), ImportError> {
    if let Some((line, pending)) = under_way.pop_front() {
        let outcome = pending.wait().map_err(|source| ImportError::Desk { line, source })?;
        report.settle(line, outcome);
    }
    Ok(())
}

impl Report {
    fn settle(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Outcome::Recorded(receipts) if receipts.iter().all(|r| r.already_there) => self.already_there += 1,
            Outcome::Recorded(_) => self.recorded += 1,
            Outcome::Refused(refusals) => self.refused.push(RefusedLine {
                line,
                refusals: refusals.into_iter().map(bare).collect(),
            }),
            Outcome::Conflict(conflict) => self.refused.push(RefusedLine {
                line,
                refusals: vec![moved(&conflict)],
            }),
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

fn read(text: &str) -> Result<Command, Vec<Refusal>> {
    let value = serde_json::from_str(text).map_err(|error| {
        let hint = "write one JSON object a line; a last line cut short is completed by fetching the file again";
        vec![Refusal::new(
            Rule::WrongType,
            "",
            None,
            format!("the line is not JSON: {error}"),
            hint,
        )]
    })?;
    let mut command = Command::parse(value)?;
    if command.idempotency_key.is_none() {
        let mut key = "import:".to_owned();
        for byte in command.fingerprint {
            // Writing to a string cannot fail.
            let _ = write!(key, "{byte:02x}");
        }
        command.idempotency_key = Some(key);
    }
    Ok(command)
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
