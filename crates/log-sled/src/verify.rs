//! Checking everything that is stored.

use crate::chunk;
use crate::fault::Fault;
use crate::files;
use crate::find::events_in;
use crate::format::{self, Format};
use crate::marker::{self, Mark};
use crate::reader::{Chunk, Chunks};
use crate::redactions;
use crate::store::Store;
use crate::unclosed;
use rapporteur_log::{Hash, Head, Payload, VerifyReport};
use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::Path;

/// How many chunks are checked before a redaction gets its turn.
const PAGE: usize = 64;

/// What is wrong with the files beside sled's `db`. `mark` is what the marker has to say; none if it is left as a crash
/// may have left it.
pub(crate) fn beside(dir: &Path, store: &Store, mark: Option<&Mark>, redacted: &BTreeSet<u64>) -> Vec<String> {
    // What is in `sled` is of no use while it is made anew: the copy that is looked at was made anew, too.
    let own = || [format(dir), files::check_snapshot(&dir.join("sled"))];
    let own = (!unclosed::is_begun_anew(dir)).then(own);
    let checks = [marker_and_list(dir, mark, redacted), store.check_blobs()];
    own.into_iter()
        .flatten()
        .chain(checks)
        .filter_map(Result::err)
        .map(|fault| fault.in_words())
        .collect()
}

fn format(dir: &Path) -> Result<(), Fault> {
    match format::read(dir)? {
        Format::Current(conf) => files::check_conf(&dir.join("sled"), conf),
        other => Err(Fault::file(
            &dir.join("format"),
            format!("it is not as it was: {other:?}"),
        )),
    }
}

fn marker_and_list(dir: &Path, mark: Option<&Mark>, redacted: &BTreeSet<u64>) -> Result<(), Fault> {
    let path = dir.join("head");
    let slots = marker::read_slots(&path)?;
    let Some(newest) = marker::newest(&slots) else {
        return Err(Fault::file(&path, "neither of its two slots can be read"));
    };
    if let Some(number) = slots.iter().position(Option::is_none) {
        let what = format!(
            "its slot {} of 2 is not whole; the other says position {}; opening the store to use it writes it again",
            number + 1,
            newest.mark.head.position
        );
        return Err(Fault::file(&path, what));
    }
    if let Some(mark) = mark.filter(|mark| **mark != newest.mark) {
        let what = format!(
            "it says position {} and {} redactions, the log has {} and {}",
            newest.mark.head.position, newest.mark.redacted.count, mark.head.position, mark.redacted.count
        );
        return Err(Fault::file(&path, what));
    }
    let path = dir.join("redacted");
    let listed = redactions::read(&path, newest.mark.redacted)?;
    match listed.positions == *redacted {
        true => Ok(()),
        false => Err(Fault::file(&path, "it lists other positions than it did at opening")),
    }
}

/// Checks every chunk up to the report's head, page by page; `redacted` gives what is redacted and keeps it so for a page.
/// `progress` is told the last position of each page. Of a store in use, sled reads from memory what it has there: then its file is
/// looked through too.
pub(crate) fn chunks<S: Deref<Target = BTreeSet<u64>>>(
    store: &Store,
    report: &mut VerifyReport,
    redacted: impl Fn() -> S,
    in_use: bool,
    progress: &mut dyn FnMut(u64),
) {
    let mut walk = Walk {
        at: Some(Head::EMPTY),
        append_last: 0,
        hashes: Vec::new(),
    };
    let mut from = chunk::key(0, 0);
    'pages: loop {
        let redacted = redacted();
        let chunks = match Chunks::from(store, from) {
            Ok(chunks) => chunks,
            Err(fault) => {
                report.damage(fault.in_words());
                walk.at = None;
                break;
            }
        };
        let mut checked = 0;
        for chunk in chunks {
            match chunk {
                Err(fault) => {
                    report.damage(fault.in_words());
                    walk.at = None;
                }
                Ok(chunk) if chunk.first > report.head.position => break 'pages,
                Ok(chunk) => {
                    walk.check(&chunk, &redacted, report);
                    checked += 1;
                    if checked == PAGE {
                        progress(chunk.head.position);
                        from = chunk::key(chunk.first, u16::MAX);
                        continue 'pages;
                    }
                }
            }
        }
        break;
    }
    walk.end(report);
    if in_use && report.is_whole() {
        at_rest(store, &walk.hashes, report);
    }
}

/// Looks for every event in the bytes of sled's file, each by its hash: sled itself answers from its memory. Looks twice for what it
/// does not find: sled may have moved it from where it was not yet looked to where it was looked already.
fn at_rest(store: &Store, hashes: &[Hash], report: &mut VerifyReport) {
    if let Err(fault) = store.check_file() {
        return report.damage(fault.in_words());
    }
    let mut missing: BTreeSet<u64> = (1..).zip(hashes).map(|(position, _)| position).collect();
    for _ in 0..2 {
        if missing.is_empty() {
            return;
        }
        let found = events_in(store.file_path(), &mut |event| {
            let position = event.header.position;
            let index = position.checked_sub(1).and_then(|index| usize::try_from(index).ok());
            if index.and_then(|index| hashes.get(index)) == Some(&event.header.hash) {
                missing.remove(&position);
            }
        });
        if let Err(fault) = found {
            return report.damage(fault.in_words());
        }
    }
    let path = store.file_path().display();
    for position in missing {
        report.damage(format!(
            "{path} does not hold the event at position {position} whole any more"
        ));
    }
}

/// Where a check has come to.
struct Walk {
    /// The head so far; none after damage.
    at: Option<Head>,
    append_last: u64,
    /// The hash of every event, as far as there was no damage.
    hashes: Vec<Hash>,
}

impl Walk {
    fn check(&mut self, chunk: &Chunk, redacted: &BTreeSet<u64>, report: &mut VerifyReport) {
        if let Some(before) = self.at {
            let follows = chunk.follows();
            if follows.position != before.position {
                report.damage(format!(
                    "the log jumps from position {} to {}",
                    before.position, chunk.first
                ));
            } else if follows.hash != before.hash {
                report.damage(format!("the chain breaks before position {}", chunk.first));
            }
            if chunk.first <= self.append_last && chunk.append_last != self.append_last {
                report.damage(format!(
                    "position {} belongs to another append than the one before",
                    chunk.first
                ));
            }
        }
        for event in &chunk.events {
            self.hashes.push(event.header.hash);
            let position = event.header.position;
            match (&event.payload, redacted.contains(&position)) {
                (Payload::Kept { .. }, true) => report.damage(format!(
                    "position {position} was redacted, and its payload is in the log again"
                )),
                (Payload::Redacted, false) => report.damage(format!(
                    "position {position} has no payload, and `redacted` does not list it"
                )),
                _ => {}
            }
        }
        report.chunks += 1;
        report.events += chunk.events.len() as u64;
        self.append_last = chunk.append_last;
        self.at = Some(chunk.head);
    }

    fn end(&self, report: &mut VerifyReport) {
        let head = report.head;
        match self.at {
            // Events that were appended since share no chunk with those before.
            Some(end) if end != head => report.damage(format!(
                "the log ends at position {} with hash {}, acknowledged was position {} with hash {}",
                end.position, end.hash, head.position, head.hash
            )),
            None => report.damage("the end of the log cannot be read".to_owned()),
            Some(_) => {}
        }
    }
}
