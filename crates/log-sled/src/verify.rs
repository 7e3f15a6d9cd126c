//! Checking everything that is stored.

use crate::chunk;
use crate::fault::Fault;
use crate::format::{self, Format};
use crate::marker;
use crate::reader::Chunks;
use crate::store::Store;
use rapporteur_log::Head;
use std::path::Path;

/// The most damages that are listed one by one.
const LISTED_MAX: usize = 100;

/// What a whole check of a store found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The head that the log was checked up to.
    pub head: Head,
    /// How many events were found whole.
    pub events: u64,
    /// How many chunks were found whole.
    pub chunks: u64,
    /// What is wrong, in words; at most 100, then one that says that there is more. Empty: the store is whole.
    pub damages: Vec<String>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damages.is_empty()
    }

    fn damage(&mut self, what: String) {
        match self.damages.len() {
            0..LISTED_MAX => self.damages.push(what),
            LISTED_MAX => self.damages.push("and more".to_owned()),
            _ => {}
        }
    }
}

/// Checks the files beside sled and every chunk up to `head`.
pub(crate) fn verify(dir: &Path, store: &Store, head: Head, marker: Result<[bool; 2], Fault>) -> VerifyReport {
    let mut report = VerifyReport {
        head,
        events: 0,
        chunks: 0,
        damages: Vec::new(),
    };
    match format::read(dir) {
        Ok(Format::Current) => {}
        Ok(other) => report.damage(format!("the file `format` is not as it was: {other:?}")),
        Err(fault) => report.damage(fault.in_words()),
    }
    match marker {
        Ok([true, true]) => {}
        Ok(_) => report.damage("a slot of the head marker is not whole or says another head".to_owned()),
        Err(fault) => report.damage(fault.in_words()),
    }
    if let Err(fault) = store.check_blobs() {
        report.damage(fault.in_words());
    }
    match Chunks::from(store, chunk::key(0, 0)) {
        Ok(chunks) => check_chunks(chunks, head, &mut report),
        Err(fault) => report.damage(fault.in_words()),
    }
    report
}

/// Whether each slot of the marker in `dir` is whole and not past `head`, and the newest says `head`.
pub(crate) fn marker_slots(dir: &Path, head: &Head) -> Result<[bool; 2], Fault> {
    let slots = marker::read_slots(&dir.join("head"))?;
    let newest_fits = marker::newest(&slots).is_some_and(|slot| slot.head == *head);
    Ok(slots
        .each_ref()
        .map(|slot| newest_fits && slot.as_ref().is_some_and(|s| s.head.position <= head.position)))
}

fn check_chunks(chunks: Chunks, head: Head, report: &mut VerifyReport) {
    let (mut at, mut append_last) = (Some(Head::EMPTY), 0);
    for chunk in chunks {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(fault) => {
                report.damage(fault.in_words());
                at = None;
                continue;
            }
        };
        if chunk.first > head.position {
            break;
        }
        if let Some(before) = at {
            let follows = chunk.follows();
            if follows.position != before.position {
                report.damage(format!(
                    "the log jumps from position {} to {}",
                    before.position, chunk.first
                ));
            } else if follows.hash != before.hash {
                report.damage(format!("the chain breaks before position {}", chunk.first));
            }
            if chunk.first <= append_last && chunk.append_last != append_last {
                report.damage(format!(
                    "position {} belongs to another append than the one before",
                    chunk.first
                ));
            }
        }
        report.chunks += 1;
        report.events += chunk.events.len() as u64;
        append_last = chunk.append_last;
        at = Some(chunk.head);
    }
    match at {
        Some(end) if end != head => report.damage(format!(
            "the log ends at position {} with hash {}, acknowledged was position {} with hash {}",
            end.position, end.hash, head.position, head.hash
        )),
        None => report.damage("the end of the log cannot be read".to_owned()),
        Some(_) => {}
    }
}
