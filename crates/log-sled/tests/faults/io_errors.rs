//! A disk that fails for a moment: an error while writing or syncing, writes cut short, an error while reading. Needs root
//! and `/dev/fuse`. After an error sled may keep its threads for ever, so whoever meets one is a process of its own.
//!
//! `IO_ERRORS=100 cargo test -p rapporteur-log-sled --test faults -- io_errors:: --nocapture`

use crate::kill::{Redacted, batch_after, check_whole};
use rapporteur_log::chain::seal;
use rapporteur_log::{AppendError, EventLog, ReadError};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::disk::{Disk, Fault, Image, Operation};
use rapporteur_testkit::drafts::{append, drafts, read_all, sealed};
use rapporteur_testkit::rng::Rng;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn runs() -> u64 {
    std::env::var("IO_ERRORS").map_or(6, |n| n.parse().unwrap())
}

fn open(dir: &Path) -> Result<SledLog, OpenError> {
    let options = Options {
        write_max: Duration::from_secs(3),
        ..Options::default()
    };
    SledLog::open(&dir.join("store"), &options)
}

/// Appends in another process until it fails; what it was told last: a position, and why nothing more was written.
fn append_until_it_fails(dir: &Path) -> (u64, String) {
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "io_errors::child_appends_until_it_fails",
            "--ignored",
            "--nocapture",
        ])
        .env("STORE_OF_THE_PARENT", dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout);
    let told = text.lines().find_map(|line| line.strip_prefix("failed after "));
    let Some((position, reason)) = told.and_then(|told| told.split_once(": ")) else {
        panic!("{text}{}", String::from_utf8_lossy(&child.stderr));
    };
    (position.parse().unwrap(), reason.to_owned())
}

#[test]
#[ignore = "the process that meets the error"]
fn child_appends_until_it_fails() {
    let dir = std::env::var_os("STORE_OF_THE_PARENT").expect("started by its parent only");
    let log = match open(Path::new(&dir)) {
        Ok(log) => log,
        // The error may come while it opens.
        Err(error @ OpenError::Unusable { .. }) => {
            println!("\nfailed after 0: {error}: {:?}", std::error::Error::source(&error));
            return;
        }
        Err(error) => panic!("an error of the disk is no damage: {error}"),
    };
    let error = loop {
        let head = log.head().unwrap();
        let batch = sealed(&log, &head, batch_after(head.position));
        if let Err(error) = log.append(&head, &batch) {
            assert_eq!(log.head().unwrap(), head, "what failed is not shown");
            break error;
        }
        assert!(head.position < 50_000, "nothing failed");
    };
    assert!(matches!(error, AppendError::Storage(_)), "{error}");
    assert!(!error.is_disk_full(), "{error:?}");
    let (head, reason) = (log.head().unwrap(), log.unwritable().unwrap());
    let batch = seal(&head, None, drafts(1, 1)).unwrap();
    let again = log.append(&head, &batch);
    assert!(matches!(again, Err(AppendError::Poisoned { .. })), "{again:?}");
    match log.read(0, 100_000) {
        Ok(events) => assert_eq!(events.last().map_or(0, |e| e.header.position), head.position),
        Err(ReadError::Storage(_)) => {}
        Err(other) => panic!("an error of the disk is no damage: {other}"),
    }
    println!("\nfailed after {}: {reason}", head.position);
}

#[test]
fn an_error_of_the_disk_stops_writing_loses_nothing_and_ends_with_a_new_opening() {
    let mut rng = Rng::new(21);
    let mut stuck = 0;
    for on in [Operation::Write, Operation::Sync] {
        for file in ["db", "head"] {
            for run in 0..runs() {
                let what = format!("{on:?} of {file}, run {run}");
                let dir = tempfile::tempdir().unwrap();
                let disk = Disk::mount(dir.path(), &Image::empty()).unwrap();
                drop(open(dir.path()).unwrap());
                let after = rng.below(60);
                let times = 1;
                disk.fail(Fault { on, file, after, times });
                let (told, reason) = append_until_it_fails(dir.path());
                assert!(reason.contains(file), "{what}: the reason names no file: {reason}");
                stuck += usize::from(reason.contains("did not write"));

                let log = open(dir.path()).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert!(log.notes()[0].contains("written anew"), "{what}: {:?}", log.notes());
                check_whole(&log, told, &Redacted::default(), &what);
                append(&log, batch_after(log.head().unwrap().position));
                check_whole(&log, told + 1, &Redacted::default(), &what);
            }
        }
    }
    println!("{stuck} times sled did not return");
}

/// Linux forgets after an error of syncing that a page was not written: readers see it, the next sync succeeds, and a power
/// cut takes it.
#[test]
fn after_a_sync_that_failed_a_power_cut_takes_nothing_that_was_told() {
    let mut rng = Rng::new(22);
    for run in 0..runs() * 2 {
        let file = ["db", "head"][usize::try_from(run % 2).unwrap()];
        let what = format!("sync of {file}, run {run}");
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::mount(dir.path(), &Image::empty()).unwrap();
        drop(open(dir.path()).unwrap());
        disk.fail(Fault {
            on: Operation::Sync,
            file,
            after: rng.below(60),
            times: 1,
        });
        append_until_it_fails(dir.path());
        let log = open(dir.path()).unwrap_or_else(|error| panic!("{what}: {error:?}"));
        for _ in 0..rng.below(20) {
            append(&log, batch_after(log.head().unwrap().position));
        }
        let told = log.head().unwrap().position;
        disk.cut_at(disk.operations() + 1, rng.next(), || {});
        append(&log, batch_after(told));
        drop(log);
        let (loss, left) = disk.left().unwrap();
        drop(disk);
        let disk = Disk::mount(dir.path(), &left).unwrap();
        let log = open(dir.path()).unwrap_or_else(|error| panic!("{what}, {loss:?}: {error:?}"));
        check_whole(&log, told, &Redacted::default(), &what);
        drop(log);
        drop(disk);
    }
}

#[test]
fn writes_cut_short_are_carried_on() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::mount(dir.path(), &Image::empty()).unwrap();
    for file in ["db", "head", "redacted"] {
        disk.fail(Fault {
            on: Operation::ShortWrite,
            file,
            after: 0,
            times: u64::MAX,
        });
    }
    let log = open(dir.path()).unwrap();
    for _ in 0..20 {
        append(&log, batch_after(log.head().unwrap().position));
    }
    let redacted = Redacted {
        done: [2, 5].into(),
        begun: None,
    };
    redacted.done.iter().for_each(|position| log.redact(*position).unwrap());
    drop(log);
    let log = open(dir.path()).unwrap();
    check_whole(&log, 20, &redacted, "writes cut short");
}

#[test]
fn an_error_while_reading_is_told_and_nothing_is_lost_by_it() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::mount(dir.path(), &Image::empty()).unwrap();
    let log = open(dir.path()).unwrap();
    while log.head().unwrap().position < 3000 {
        append(&log, batch_after(log.head().unwrap().position));
    }
    let expected = read_all(&log, 500);
    drop(log);
    let fault = |file, after| {
        disk.fail(Fault {
            on: Operation::Read,
            file,
            after,
            times: 1,
        });
    };
    for (file, after) in [
        ("format", 0),
        ("head", 0),
        ("redacted", 0),
        ("conf", 0),
        ("db", 0),
        ("db", 3),
    ] {
        fault(file, after);
        let error = open(dir.path()).map(|_| ()).unwrap_err();
        assert!(matches!(error, OpenError::Unusable { .. }), "{file}: {error:?}");
        assert!(!error.is_damage(), "{file}: {error}");
    }
    let small = Options {
        cache_bytes: 256 * 1024,
        ..Options::default()
    };
    let log = SledLog::open(&dir.path().join("store"), &small).unwrap();
    let mut failed = 0;
    for after in (0..expected.len()).step_by(50) {
        fault("db", 0);
        match log.read(after as u64, 50) {
            Ok(events) => assert_eq!(events, expected[after..expected.len().min(after + 50)]),
            Err(ReadError::Storage(_)) => failed += 1,
            Err(other) => panic!("an error of the disk is no damage: {other}"),
        }
    }
    println!("{failed} reads failed");
}
