//! Damage at any place of any file, a wrong bit, a file cut short, bytes that became zeros or something else: it is mended
//! without loss, or refused by the name of what is damaged, or it changes nothing. Never a wrong answer, an escaping panic, a
//! hang, or a change by a check.
//!
//! `DAMAGE_SEEDS=1000 cargo test -p rapporteur-log-sled --test faults -- damage:: --nocapture`

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
fn damage_is_mended_or_refused_or_changes_nothing() {
    let seeds = std::env::var("DAMAGE_SEEDS").map_or(150, |n| n.parse().unwrap());
    for last in [Last::Append, Last::Redaction] {
        harm_stores(seeds, last);
    }
}

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    /// One bit is another.
    Bit,
    /// It ends early.
    Cut,
    /// Up to 4,096 bytes are zeros.
    Zeros,
    /// Up to 512 bytes are any.
    Noise,
}

/// What was written last.
#[derive(Debug, Clone, Copy)]
enum Last {
    Append,
    Redaction,
}

fn harm_stores(seeds: u64, last: Last) {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path(), last);
    let untouched = tempfile::tempdir().unwrap();
    copy(template.path(), untouched.path());
    assert_eq!(bounded(untouched.path(), &expected), Outcome::Unchanged);
    let mut counts: BTreeMap<(PathBuf, Harm, String), usize> = BTreeMap::new();
    let mut bad = Vec::new();
    let files: Vec<PathBuf> = files(template.path())
        .into_iter()
        .filter(|file| fs::metadata(template.path().join(file)).unwrap().len() > 0)
        .collect();
    for seed in 0..seeds {
        let mut rng = Rng::new(seed);
        // As often in the large one as in all others together.
        let any = &files[usize::try_from(rng.below(files.len() as u64)).unwrap()];
        let db = PathBuf::from("sled/db");
        let file = if rng.below(2) == 0 { &db } else { any };
        let dir = tempfile::tempdir().unwrap();
        copy(template.path(), dir.path());
        let Some((harm, at)) = do_harm(&dir.path().join(file), &mut rng) else {
            continue;
        };
        let outcome = bounded(dir.path(), &expected);
        if !outcome.is_good() {
            bad.push(format!(
                "{last:?}, seed {seed}: {} {harm:?} at {at}: {outcome:?}",
                file.display()
            ));
        }
        let kind = format!("{outcome:?}").split('(').next().unwrap().to_owned();
        *counts.entry((file.clone(), harm, kind)).or_default() += 1;
    }
    for ((file, harm, outcome), count) in &counts {
        println!("{last:?}: {:20} {harm:?} {outcome} {count}", file.display());
    }
    let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
    for ((_, _, outcome), count) in &counts {
        *sums.entry(outcome).or_default() += count;
    }
    println!("{last:?}: {seeds} seeds, {sums:?}");
    assert_eq!(bad, [] as [&str; 0]);
    let kinds: BTreeSet<&str> = counts.keys().map(|(.., kind)| kind.as_str()).collect();
    for kind in ["Unchanged", "Mended", "Refused"] {
        assert!(kinds.contains(kind), "no damage was {kind}: {kinds:?}");
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

/// Does something to a file; three times of four within the part of it that is not zero. None if that changed nothing.
fn do_harm(path: &Path, rng: &mut Rng) -> Option<(Harm, usize)> {
    let before = fs::read(path).unwrap();
    let mut bytes = before.clone();
    let used = bytes.iter().rposition(|byte| *byte != 0)? + 1;
    let end = if rng.below(4) == 0 { bytes.len() } else { used };
    let mut at = usize::try_from(rng.below(end as u64)).unwrap();
    if rng.below(4) > 0 {
        // Look for a place that holds something.
        while bytes[at] == 0 {
            at = usize::try_from(rng.below(end as u64)).unwrap();
        }
    }
    let mut up_to = |most: u64| (at + 1 + usize::try_from(rng.below(most)).unwrap()).min(before.len());
    let harm = match up_to(6) - at {
        1 => Harm::Cut,
        2 => Harm::Zeros,
        3 => Harm::Noise,
        _ => Harm::Bit,
    };
    match harm {
        Harm::Bit => bytes[at] ^= 1 << (at % 8),
        Harm::Cut => bytes.truncate(at),
        Harm::Zeros => bytes[at..up_to(4096)].fill(0),
        Harm::Noise => {
            let end = up_to(512);
            let noise = rng.bytes(end - at);
            bytes[at..end].copy_from_slice(&noise);
        }
    }
    fs::write(path, &bytes).unwrap();
    (bytes != before).then_some((harm, at))
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
    let told = SledLog::open_to_check(dir, &options).map(|log| log.verify(&mut |_| {}).damages);
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
    let report = log.verify(&mut |_| {});
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
