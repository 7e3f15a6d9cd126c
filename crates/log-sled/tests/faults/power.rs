//! Power cuts on a disk that forgets what was not synced, at any operation: while a store is made, opened, mended, appended
//! to or redacted in. What was acknowledged, or served after an opening, has to be there. Needs root and `/dev/fuse`.
//!
//! `POWER_CUTS=500 cargo test -p rapporteur-log-sled --test faults -- power:: --nocapture`

use crate::kill::{Redacted, batch_after, check_whole};
use rapporteur_log::{EventLog, Payload};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::disk::{Disk, Image, Loss};
use rapporteur_testkit::drafts::append;
use rapporteur_testkit::rng::Rng;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// How many cuts one store goes through.
const LIVES: u64 = 10;

/// What the store's user was told.
#[derive(Debug, Clone, Default)]
struct Told {
    /// The last position that was acknowledged, or served.
    position: u64,
    redacted: Redacted,
}

impl Told {
    /// The log was opened and ends at `end`: what a reader sees now has to stay.
    fn served(&mut self, log: &SledLog, end: u64) {
        self.position = end;
        if let Some(begun) = self.redacted.begun.take()
            && log.read(begun - 1, 1).unwrap()[0].payload == Payload::Redacted
        {
            self.redacted.done.insert(begun);
        }
    }
}

/// A store's medium between two cuts, and what it has to hold.
struct Life {
    image: Image,
    told: Told,
    loss: Loss,
}

/// What a power cut did to a store.
enum Outcome {
    /// Nothing that anybody was told.
    Whole {
        notes: Vec<String>,
    },
    Lost(String),
}

impl Life {
    fn first() -> Self {
        Self {
            image: Image::empty(),
            told: Told::default(),
            loss: Loss::None,
        }
    }

    /// Opens the store, looks whether it holds what was told, and uses it until the power is cut.
    fn live(self, rng: &mut Rng, deaf: Option<&str>) -> (Outcome, Option<Self>) {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::mount(dir.path(), &self.image).unwrap();
        deaf.iter().for_each(|name| disk.ignore_syncs_of(name));
        let told = Arc::new(Mutex::new(self.told.clone()));
        let at_the_cut = Arc::new(Mutex::new(Told::default()));
        let (now, then) = (Arc::clone(&told), Arc::clone(&at_the_cut));
        let most = if rng.below(4) == 0 { 60 } else { 1200 };
        disk.cut_at(1 + rng.below(most), rng.next(), move || {
            *then.lock().unwrap() = now.lock().unwrap().clone();
        });
        let opened = SledLog::open(&dir.path().join("data/desk"), &Options::default());
        let log = match opened {
            Ok(log) => log,
            Err(error @ (OpenError::Damaged { .. } | OpenError::DamagedFile { .. })) => {
                return (Outcome::Lost(error.to_string()), None);
            }
            Err(error) => panic!("{error:?}"),
        };
        let notes = log.notes().to_vec();
        let whole = catch_unwind(AssertUnwindSafe(|| {
            check_whole(&log, self.told.position, &self.told.redacted, "after the cut")
        }));
        let Ok(end) = whole else {
            return (Outcome::Lost("the panic above says what".to_owned()), None);
        };
        told.lock().unwrap().served(&log, end);
        while !disk.was_cut() {
            use_once(&log, &told, rng);
        }
        let (loss, image) = disk.left().unwrap();
        let told = at_the_cut.lock().unwrap().clone();
        (Outcome::Whole { notes }, Some(Self { image, told, loss }))
    }
}

/// Appends or redacts, and tells it when it is acknowledged.
fn use_once(log: &SledLog, told: &Mutex<Told>, rng: &mut Rng) {
    let end = log.head().unwrap().position;
    if end > 0 && rng.below(8) == 0 {
        let position = 1 + rng.below(end);
        told.lock().unwrap().redacted.begun = Some(position);
        log.redact(position).unwrap();
        let mut told = told.lock().unwrap();
        told.redacted.done.insert(position);
        told.redacted.begun = None;
    } else {
        append(log, batch_after(end));
        told.lock().unwrap().position = log.head().unwrap().position;
    }
}

/// What cuts did, and how many of them lost something, or `enough` as soon as so many did.
fn cut(cuts: u64, seed: u64, deaf: Option<&str>, enough: usize) -> usize {
    let mut rng = Rng::new(seed);
    let mut life = Life::first();
    let mut lost = Vec::new();
    let mut counts: BTreeMap<(Loss, String), usize> = BTreeMap::new();
    let mut mended: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..cuts {
        if lost.len() == enough {
            break;
        }
        let (before, image) = (life.loss, life.image.clone());
        let (outcome, next) = life.live(&mut rng, deaf);
        let word = match outcome {
            Outcome::Whole { notes } => {
                for note in notes {
                    let kind: String = note.chars().filter(|c| !c.is_ascii_digit()).collect();
                    *mended.entry(kind).or_default() += 1;
                }
                "whole"
            }
            Outcome::Lost(what) => {
                if deaf.is_none() {
                    let kept = tempfile::tempdir().unwrap().keep();
                    image.write_to(&kept).unwrap();
                    println!("life {number}, {before:?}: {what}; the medium is in {}", kept.display());
                }
                lost.push(number);
                "LOST"
            }
        };
        *counts.entry((before, word.to_owned())).or_default() += 1;
        life = match next {
            Some(next) if number % LIVES != LIVES - 1 => next,
            _ => Life::first(),
        };
    }
    let lives: usize = counts.values().sum();
    println!("{lives} lives, syncs ignored: {deaf:?}\n  {counts:?}\n  {mended:#?}");
    lost.len()
}

/// How many cuts were asked for.
fn asked() -> Option<u64> {
    std::env::var("POWER_CUTS").ok().map(|n| n.parse().unwrap())
}

fn cuts() -> u64 {
    asked().unwrap_or(15)
}

#[test]
fn nothing_told_is_missing_after_power_cuts() {
    assert_eq!(cut(cuts(), 7, None, usize::MAX), 0, "cuts lost something");
}

#[test]
fn without_the_sync_of_either_file_cuts_lose_something() {
    // Of ten cuts one loses something where `head` is not synced: a few are too few to see it.
    let (cuts, enough) = asked().map_or((300, 1), |cuts| (cuts, usize::MAX));
    for file in ["db", "head"] {
        assert_ne!(
            cut(cuts, 7, Some(file), enough),
            0,
            "nobody noticed that {file} was not synced"
        );
    }
}

/// The same disk under sled alone, acknowledged after `flush()`.
#[test]
fn sled_alone_loses_what_it_acknowledged_after_flush() {
    let mut rng = Rng::new(5);
    let mut lost = 0;
    for _ in 0..cuts() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::mount(dir.path(), &Image::empty()).unwrap();
        let told = Arc::new(Mutex::new(0_u64));
        let at_the_cut = Arc::new(Mutex::new(0_u64));
        let (now, then) = (Arc::clone(&told), Arc::clone(&at_the_cut));
        let db = sled::open(dir.path().join("sled")).unwrap();
        disk.cut_at(disk.operations() + 1 + rng.below(200), rng.next(), move || {
            *then.lock().unwrap() = *now.lock().unwrap();
        });
        for n in 1_u64.. {
            db.insert(n.to_be_bytes(), rng.bytes(700)).unwrap();
            db.flush().unwrap();
            *told.lock().unwrap() = n;
            if disk.was_cut() {
                break;
            }
        }
        drop(db);
        let (_, image) = disk.left().unwrap();
        let after = tempfile::tempdir().unwrap();
        image.write_to(&after.path().join("disk")).unwrap();
        let there = catch_unwind(|| sled::open(after.path().join("disk/sled")).map(|db| db.len() as u64));
        let there = there.unwrap_or(Ok(0)).unwrap_or(0);
        lost += usize::from(there < *at_the_cut.lock().unwrap());
    }
    println!(
        "sled alone: {lost} of {} cuts lost what flush() had acknowledged",
        cuts()
    );
    assert_ne!(lost, 0, "the disk forgets nothing");
}
