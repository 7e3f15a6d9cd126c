//! One wrong bit in any file: it is reported, or it changes nothing. Never a wrong answer, an escaping panic or a hang.

use crate::copy::{copy, files};
use rapporteur_log::{EventLog, Stored};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts};
use rapporteur_testkit::rng::Rng;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Unchanged,
    Refused,
    Wrong,
    Panicked,
    Hung,
}

#[test]
fn one_wrong_bit_is_reported_or_changes_nothing() {
    let seeds = std::env::var("BIT_FLIP_SEEDS").map_or(60, |n| n.parse().unwrap());
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path());
    let untouched = tempfile::tempdir().unwrap();
    copy(template.path(), untouched.path());
    assert_eq!(bounded(untouched.path(), &expected), Outcome::Unchanged);
    let mut counts: BTreeMap<(PathBuf, Outcome), usize> = BTreeMap::new();
    let mut bad = Vec::new();
    for seed in 0..seeds {
        for file in files(template.path()) {
            let dir = tempfile::tempdir().unwrap();
            copy(template.path(), dir.path());
            let Some(bit) = flip(&dir.path().join(&file), &mut Rng::new(seed)) else {
                continue;
            };
            let outcome = bounded(dir.path(), &expected);
            if outcome > Outcome::Refused {
                bad.push(format!("{} bit {bit}: {outcome:?}", file.display()));
            }
            *counts.entry((file, outcome)).or_default() += 1;
        }
    }
    for ((file, outcome), count) in &counts {
        println!("{:20} {outcome:?} {count}", file.display());
    }
    assert_eq!(bad, [] as [&str; 0]);
    assert!(
        counts.keys().any(|(_, outcome)| *outcome == Outcome::Refused),
        "no flip was noticed"
    );
}

/// A store of some 700 events over several of sled's segments, opened four times, with large and redacted events.
fn make(dir: &Path) -> Vec<Stored> {
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
        open_max: Duration::from_secs(10),
        ..Options::default()
    };
    let Ok(log) = SledLog::open(dir, &options) else {
        return Outcome::Refused;
    };
    let whole = log.verify().is_whole();
    let head_is_right = log.head().unwrap() == expected.last().unwrap().header.head();
    let mut failed = false;
    for page in [1, 60, 1000] {
        for after in (0..expected.len()).step_by(page.min(20)) {
            match log.read(after as u64, page) {
                Ok(events) if events == expected[after..expected.len().min(after + page)] => {}
                Ok(_) => return Outcome::Wrong,
                Err(_) => failed = true,
            }
        }
    }
    match (whole && head_is_right, failed) {
        (true, false) => Outcome::Unchanged,
        (true, true) => Outcome::Wrong,
        (false, _) => Outcome::Refused,
    }
}
