//! One wrong bit in any file: it is reported by the name of what is damaged, or it changes nothing. Never a wrong answer,
//! an escaping panic, a hang, or a change by a check.

use crate::copy::{copy, files};
use rapporteur_log::{EventLog, Stored};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts};
use rapporteur_testkit::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Unchanged,
    /// Everything can be read; a check reports damage all the same.
    Mended,
    Refused,
    /// Refused because sled panicked while opening; the panic was caught.
    Caught,
    /// Refused in words that do not name what is damaged.
    Unnamed(String),
    Wrong(&'static str),
    Panicked,
    Hung,
}

impl Outcome {
    fn is_good(&self) -> bool {
        *self <= Self::Caught
    }
}

#[test]
fn one_wrong_bit_is_reported_or_changes_nothing() {
    let seeds = std::env::var("BIT_FLIP_SEEDS").map_or(25, |n| n.parse().unwrap());
    for last in [Last::Append, Last::Redaction] {
        flips(seeds, last);
    }
}

/// What was written last.
#[derive(Debug, Clone, Copy)]
enum Last {
    Append,
    Redaction,
}

fn flips(seeds: u64, last: Last) {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path(), last);
    let untouched = tempfile::tempdir().unwrap();
    copy(template.path(), untouched.path());
    assert_eq!(bounded(untouched.path(), &expected), Outcome::Unchanged);
    let mut counts: BTreeMap<(PathBuf, String), usize> = BTreeMap::new();
    let mut bad = Vec::new();
    for seed in 0..seeds {
        for file in files(template.path()) {
            let dir = tempfile::tempdir().unwrap();
            copy(template.path(), dir.path());
            let Some(bit) = flip(&dir.path().join(&file), &mut Rng::new(seed)) else {
                continue;
            };
            let outcome = bounded(dir.path(), &expected);
            if !outcome.is_good() {
                bad.push(format!("{last:?}: {} bit {bit}: {outcome:?}", file.display()));
            }
            let kind = format!("{outcome:?}").split('(').next().unwrap().to_owned();
            *counts.entry((file, kind)).or_default() += 1;
        }
    }
    for ((file, outcome), count) in &counts {
        println!("{last:?}: {:20} {outcome} {count}", file.display());
    }
    assert_eq!(bad, [] as [&str; 0]);
    let kinds: BTreeSet<&str> = counts.keys().map(|(_, kind)| kind.as_str()).collect();
    for kind in ["Unchanged", "Mended", "Refused"] {
        assert!(kinds.contains(kind), "no flip was {kind}: {kinds:?}");
    }
}

/// A store of some 700 events over several of sled's segments, opened four times, with large and redacted events.
fn make(dir: &Path, last: Last) -> Vec<Stored> {
    for seed in 0..3 {
        let log = SledLog::open(dir, &Options::default()).unwrap();
        for n in [1, 7, 200, 1] {
            append(&log, drafts(n, seed));
        }
        append(&log, vec![draft_of(50_000, &mut Rng::new(seed))]);
        log.redact(log.head().unwrap().position - seed - 2).unwrap();
        append(&log, drafts(4, seed + 10));
    }
    let log = SledLog::open(dir, &Options::default()).unwrap();
    append(&log, drafts(50, 76));
    append(&log, drafts(5, 77));
    if let Last::Redaction = last {
        log.redact(50).unwrap();
        log.redact(log.head().unwrap().position).unwrap();
    }
    log.read(0, 1000).unwrap()
}

/// Flips a bit; three times of four within the part of the file that is not zero. None if the file is empty.
fn flip(path: &Path, rng: &mut Rng) -> Option<u64> {
    let mut bytes = fs::read(path).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0)? as u64 + 1;
    let end = if rng.below(4) == 0 { bytes.len() as u64 } else { used };
    let mut bit = rng.below(end * 8);
    if rng.below(4) > 0 {
        // Look for a place that holds something.
        while bytes[usize::try_from(bit / 8).unwrap()] == 0 {
            bit = rng.below(end * 8);
        }
    }
    bytes[usize::try_from(bit / 8).unwrap()] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
    Some(bit)
}

fn bounded(dir: &Path, expected: &[Stored]) -> Outcome {
    let (done, told) = channel();
    let (dir, expected) = (dir.to_owned(), expected.to_vec());
    std::thread::spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| outcome(&dir, &expected)));
        let _late = done.send(outcome.unwrap_or(Outcome::Panicked));
    });
    told.recv_timeout(Duration::from_secs(60)).unwrap_or(Outcome::Hung)
}

fn outcome(dir: &Path, expected: &[Stored]) -> Outcome {
    let options = Options {
        open_max: Duration::from_secs(20),
        ..Options::default()
    };
    let before = contents(dir);
    let told = SledLog::open_to_check(dir, &options).map(|log| log.verify().damages);
    if contents(dir) != before {
        return Outcome::Wrong("a check changed a file");
    }
    let log = match (SledLog::open(dir, &options), &told) {
        (Ok(log), _) => log,
        (Err(OpenError::TimedOut { .. }), _) | (_, Err(OpenError::TimedOut { .. })) => return Outcome::Hung,
        (Err(error), told) => {
            if let Ok(damages) = told
                && damages.is_empty()
            {
                return Outcome::Wrong("a check called whole what does not open");
            }
            return refused(dir, &error);
        }
    };
    let report = log.verify();
    let head_is_right = log.head().unwrap() == expected.last().unwrap().header.head();
    let mut failed = false;
    for page in [1, 60, 1000] {
        for after in (0..expected.len()).step_by(page.min(20)) {
            match log.read(after as u64, page) {
                Ok(events) if events == expected[after..expected.len().min(after + page)] => {}
                Ok(_) => return Outcome::Wrong("other events were read"),
                Err(_) => failed = true,
            }
        }
    }
    let is_whole = report.is_whole() && head_is_right;
    if is_whole && failed {
        return Outcome::Wrong("it was called whole and could not be read");
    }
    match told {
        Ok(damages) if is_whole && damages.is_empty() => Outcome::Unchanged,
        Ok(damages) if damages.is_empty() => Outcome::Wrong("a check called it whole"),
        Ok(_) if is_whole => Outcome::Mended,
        Err(error) if is_whole => Outcome::Unnamed(format!("opened, and refused to be checked: {error}")),
        _ => named(dir, &report.damages.join("; ")).unwrap_or(Outcome::Refused),
    }
}

fn refused(dir: &Path, error: &OpenError) -> Outcome {
    let text = error.to_string();
    if !error.is_damage() || text.contains("backtrace") || text.contains("earlier than") {
        return Outcome::Unnamed(text);
    }
    let caught = text.contains("panicked");
    named(dir, &text).unwrap_or(if caught { Outcome::Caught } else { Outcome::Refused })
}

/// The text, if it names neither a file of the store nor a position of the log.
fn named(dir: &Path, text: &str) -> Option<Outcome> {
    let files = ["format", "head", "redacted", "sled/conf", "sled/db", "sled/snap."];
    let names_file = files.iter().any(|file| text.contains(dir.join(file).to_str().unwrap()));
    (!names_file && !text.contains("position ")).then(|| Outcome::Unnamed(text.to_owned()))
}

fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let read = |file: PathBuf| {
        let bytes = fs::read(dir.join(&file)).unwrap();
        (file, bytes)
    };
    files(dir).into_iter().map(read).collect()
}
