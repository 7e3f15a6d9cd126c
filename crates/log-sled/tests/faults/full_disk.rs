//! A disk without space. Needs root: it mounts a small file system in memory.

use crate::mount::Mount;
use rapporteur_log::chain::seal;
use rapporteur_log::{AppendError, EventLog, ReadError, Stored};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::drafts::{append, drafts, read_all, sealed};
use std::fs;

/// Fills a disk to its end.
fn to_the_end() -> Options {
    Options {
        keep_free: 0,
        ..Options::default()
    }
}

#[test]
fn a_full_disk_stops_writing_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mount = Mount::new(&["-t", "tmpfs", "-o", "size=6m", "tmpfs"], dir.path());
    let store = dir.path().join("store");
    let log = SledLog::open(&store, &to_the_end()).unwrap();
    let mut expected: Vec<Stored> = Vec::new();
    let error = loop {
        let head = log.head().unwrap();
        let batch = sealed(&log, &head, drafts(20, head.position));
        match log.append(&head, &batch) {
            Ok(_) => expected.extend(batch),
            Err(error) => break error,
        }
        assert!(expected.len() < 20_000, "the disk never got full");
    };
    assert!(matches!(error, AppendError::Storage(_)), "{error}");
    assert!(error.is_disk_full(), "{error:?}");
    assert!(log.unwritable().unwrap().contains("space"), "{:?}", log.unwritable());
    let head = log.head().unwrap();
    let batch = seal(&head, None, drafts(1, 1)).unwrap();
    match log.append(&head, &batch) {
        Err(AppendError::Poisoned {
            reason,
            disk_full: true,
        }) => assert!(reason.contains("space") && !reason.contains("code: 28"), "{reason}"),
        other => panic!("expected to be refused, got {other:?}"),
    }
    assert_eq!(head, expected.last().unwrap().header.head());
    match log.read(0, expected.len()) {
        Ok(read) => assert_eq!(read, expected, "reading goes on"),
        // sled may refuse to read once it could not write; what it gives is never wrong.
        Err(ReadError::Storage(_)) => {}
        Err(other) => panic!("a full disk is no damage: {other}"),
    }
    drop(log);
    fs::write(dir.path().join("filler"), vec![1; 6 << 20]).unwrap_err();
    match SledLog::open(&store, &to_the_end()) {
        Ok(log) => drop(log),
        Err(error) => assert_told(&error, "free some space"),
    }
    fs::remove_file(dir.path().join("filler")).unwrap();

    mount.again("remount,size=32m");
    let log = SledLog::open(&store, &to_the_end()).unwrap();
    let kept = read_all(&log, 100);
    assert_eq!(kept[..expected.len()], expected, "what was acknowledged is there");
    assert!(
        [0, 20].contains(&(kept.len() - expected.len())),
        "the append that failed is there whole or not at all"
    );
    assert!(log.verify(&mut |_| {}).is_whole(), "{:?}", log.verify(&mut |_| {}));
    append(&log, drafts(20, 5));
    assert!(log.verify(&mut |_| {}).is_whole());
}

#[test]
fn a_disk_that_is_nearly_full_takes_nothing_until_there_is_room_again() {
    let dir = tempfile::tempdir().unwrap();
    let mount = Mount::new(&["-t", "tmpfs", "-o", "size=32m", "tmpfs"], dir.path());
    let options = Options {
        keep_free: 24 << 20,
        ..Options::default()
    };
    let log = SledLog::open(&dir.path().join("store"), &options).unwrap();
    append(&log, drafts(7, 1));
    fs::write(dir.path().join("filler"), vec![1; 12 << 20]).unwrap();
    let head = log.head().unwrap();
    let batch = sealed(&log, &head, drafts(3, 2));
    match log.append(&head, &batch) {
        Err(AppendError::NearlyFull { free, kept }) => assert!(free < kept && kept == 24 << 20, "{free} {kept}"),
        other => panic!("expected to be refused, got {other:?}"),
    }
    assert!(log.unwritable().unwrap().contains("24 MiB are to be kept free"));
    assert_eq!(read_all(&log, 10).len(), 7);
    log.redact(3).unwrap();
    mount.again("remount,size=64m");
    assert_eq!(log.unwritable(), None);
    assert_eq!(log.append(&head, &batch).unwrap().position, 10);
    assert!(log.verify(&mut |_| {}).is_whole());
}

#[test]
fn a_disk_too_full_or_read_only_for_a_store_is_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    let mount = Mount::new(&["-t", "tmpfs", "-o", "size=600k", "tmpfs"], dir.path());
    let store = dir.path().join("store");
    let open = || SledLog::open(&store, &to_the_end()).map(|log| log.head().unwrap().position);
    assert_told(&open().unwrap_err(), "free some space");
    mount.again("remount,size=32m");
    let log = SledLog::open(&store, &to_the_end()).unwrap();
    append(&log, drafts(7, 1));
    drop(log);
    mount.again("remount,ro");
    assert_told(&open().unwrap_err(), "mount it for writing");
    let checked = SledLog::open_to_check(&store, &Options::default()).unwrap();
    assert!(
        checked.verify(&mut |_| {}).is_whole(),
        "{:?}",
        checked.verify(&mut |_| {})
    );
    assert_eq!(read_all(&checked, 10).len(), 7);
    drop(checked);
    mount.again("remount,rw");
    assert_eq!(open().unwrap(), 7);
}

#[track_caller]
fn assert_told(error: &OpenError, advice: &str) {
    assert!(matches!(error, OpenError::Unusable { .. }), "{error:?}");
    assert!(!error.is_damage() && error.to_string().contains(advice), "{error}");
}
