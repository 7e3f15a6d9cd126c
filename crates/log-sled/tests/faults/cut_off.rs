//! What sled takes for the end of its log, though acknowledged events lie behind it: after a crash they are brought back.

use crate::copy::copy;
use crate::mount::Mount;
use rapporteur_log::{EventLog, Head, Payload, Stored};
use rapporteur_log_sled::{OpenError, Options, SledLog, salvage};
use rapporteur_testkit::drafts::{append, draft_of, drafts, read_all};
use rapporteur_testkit::rng::Rng;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The size of sled's segments.
const SEGMENT: usize = 512 * 1024;

/// A store over a dozen of sled's segments, closed: with appends too large for the head marker, small ones, a large
/// event, and two redactions.
fn make(dir: &Path) -> Vec<Stored> {
    {
        let log = SledLog::open(dir, &Options::default()).unwrap();
        for n in 0..40 {
            append(&log, drafts(60, n));
        }
        append(&log, drafts(900, 100));
        log.redact(7).unwrap();
        append(&log, vec![draft_of(60_000, &mut Rng::new(3))]);
        append(&log, drafts(900, 101));
        log.redact(3_500).unwrap();
        append(&log, drafts(5, 102));
        append(&log, drafts(3, 103));
    }
    assert!(!dir.join("unclosed").exists(), "it was closed");
    read_all(&SledLog::open(dir, &Options::default()).unwrap(), 500)
}

/// All events; none where reading meets damage.
fn read(log: &SledLog) -> Option<Vec<Stored>> {
    log.read(0, usize::MAX).ok()
}

/// Opens the store after a byte of sled's file became another one: to be looked at, which changes nothing, and to be used. What was
/// brought back by the notes; none where it is refused as damaged both times.
fn harmed(template: &Path, at: usize, unclosed: bool, expected: &[Stored]) -> Option<bool> {
    let dir = tempfile::tempdir().unwrap();
    copy(template, dir.path());
    if unclosed {
        fs::write(dir.path().join("unclosed"), "").unwrap();
    }
    let path = dir.path().join("sled/db");
    let mut db = fs::read(&path).unwrap();
    db[at] ^= 1;
    fs::write(&path, &db).unwrap();
    let checked = SledLog::open_to_check(dir.path(), &Options::default());
    let checked = checked.map(|log| (read(&log), log.verify(&mut |_| {}).is_whole()));
    assert!(!dir.path().join("before").exists(), "a check left a file");
    assert_eq!(fs::read(&path).unwrap(), db, "a check changed a file");
    let log = match SledLog::open(dir.path(), &Options::default()) {
        Ok(log) => log,
        Err(error) => {
            assert!(error.is_damage(), "{error}");
            assert!(checked.is_err_and(|error: OpenError| error.is_damage()));
            assert!(dir.path().join("before").exists(), "what a repair needs is gone");
            return None;
        }
    };
    let (seen, whole) = checked.unwrap();
    assert!(read_all(&log, 500) == expected, "at {at}: other events");
    assert!(seen.as_deref() == Some(expected), "at {at}: other events in a check");
    assert!(log.verify(&mut |_| {}).is_whole(), "{:?}", log.verify(&mut |_| {}));
    assert!(!dir.path().join("before").exists(), "it is no longer needed");
    let brought = log
        .notes()
        .iter()
        .any(|note| ["brought back", "made anew"].iter().any(|did| note.contains(did)));
    // After a crash that is to be expected, else it is damage.
    assert_eq!(whole, !brought || unclosed, "at {at}");
    drop(log);
    let again = SledLog::open(dir.path(), &Options::default()).unwrap();
    assert_eq!(again.notes(), [] as [&str; 0]);
    assert!(read_all(&again, 500) == expected);
    Some(brought)
}

#[test]
fn acknowledged_events_are_brought_back_wherever_sled_ends_its_log() {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path());
    let segments = fs::read(template.path().join("sled/db")).unwrap().len() / SEGMENT;
    assert!(segments > 8, "{segments}");
    // The checksum of a segment's first message: no event is touched by it.
    let after_a_crash = (0..segments).map(|segment| segment * SEGMENT + 20);
    let places = after_a_crash.chain((0..segments).step_by(4).map(|segment| segment * SEGMENT + 21));
    let outcomes: Vec<_> = places
        .map(|at| harmed(template.path(), at, at % 2 == 0, &expected))
        .collect();
    assert!(outcomes.contains(&Some(true)), "{outcomes:?}");
    assert!(!outcomes.contains(&None), "{outcomes:?}");
}

#[test]
fn before_a_chunk_every_byte_may_be_wrong() {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path());
    let db = fs::read(template.path().join("sled/db")).unwrap();
    for first in [2_400, 3_301] {
        let Payload::Kept { bytes, .. } = &expected[first].payload else {
            panic!("it has no payload")
        };
        let event = db
            .windows(bytes.len())
            .rposition(|window| window == &bytes[..])
            .unwrap();
        // Its envelope and its chunk's head and key, and sled's own words about them.
        for at in (event - 500..event).step_by(50) {
            harmed(template.path(), at, true, &expected);
        }
    }
}

#[test]
fn what_cannot_be_completed_is_kept_for_a_repair_through_any_number_of_openings() {
    let dir = tempfile::tempdir().unwrap();
    let expected = make(dir.path());
    let path = dir.path().join("sled/db");
    let mut db = fs::read(&path).unwrap();
    let Payload::Kept { bytes, .. } = &expected[3_000].payload else {
        panic!("it has no payload")
    };
    let part = &bytes[..bytes.len().min(64)];
    let places: Vec<usize> = (0..db.len() - 64).filter(|at| db[*at..].starts_with(part)).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| db[*at] ^= 1);
    fs::write(&path, db).unwrap();
    for _ in 0..3 {
        let refused = SledLog::open(dir.path(), &Options::default());
        assert!(refused.is_err_and(|error| error.is_damage()));
    }
    let found = |after| salvage(dir.path(), after, &Options::default()).unwrap().events;
    assert!(found(Head::EMPTY) == expected[..3_000]);
    assert!(
        found(expected[3_000].header.head()) == expected[3_001..],
        "what comes after it is gone"
    );
}

/// Needs root: it mounts a small file system in memory.
#[test]
fn nothing_is_opened_that_there_is_no_room_to_bring_back() {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path());
    let segments = fs::read(template.path().join("sled/db")).unwrap().len() / SEGMENT;
    let mut places = (0..segments).map(|segment| segment * SEGMENT + 20);
    let lost = places
        .find(|at| harmed(template.path(), *at, true, &expected) == Some(true))
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mount = Mount::new(&["-t", "tmpfs", "-o", "size=24m", "tmpfs"], dir.path());
    let store = dir.path().join("store");
    copy(template.path(), &store);
    fs::write(store.join("unclosed"), "").unwrap();
    let options = Options {
        keep_free: 0,
        ..Options::default()
    };
    let log = SledLog::open(&store, &options).unwrap();
    assert!(
        read_all(&log, 500) == expected,
        "nothing is missing, so no room is needed"
    );
    drop(log);
    fs::write(store.join("unclosed"), "").unwrap();
    let mut db = fs::read(template.path().join("sled/db")).unwrap();
    db[lost] ^= 1;
    fs::remove_dir_all(store.join("sled")).unwrap();
    copy(&template.path().join("sled"), &store.join("sled"));
    fs::write(store.join("sled/db"), &db).unwrap();
    fs::copy(template.path().join("head"), store.join("head")).unwrap();
    // Closed or not: a bit may rot in a store that nobody uses.
    for closed in [false, true] {
        if closed {
            fs::remove_file(store.join("unclosed")).unwrap();
        }
        let refused = SledLog::open(&store, &options);
        assert!(matches!(refused, Err(OpenError::NoRoom { .. })), "{:?}", refused.err());
        assert!(fs::read(store.join("sled/db")).unwrap() == db, "it was changed");
    }
    mount.again("remount,size=100m");
    assert!(read_all(&SledLog::open(&store, &options).unwrap(), 500) == expected);
}

/// Leaves sled's file as an opening of a store that was not closed keeps it.
fn keep(dir: &Path, last: &Stored) {
    fs::copy(dir.join("sled/db"), dir.join("before")).unwrap();
    let header = &last.header;
    fs::write(
        dir.join("kept"),
        format!("{} {} unclosed\n", header.position, header.hash),
    )
    .unwrap();
}

#[test]
fn what_was_kept_of_another_state_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let expected = make(dir.path());
    let path = dir.path().join("sled/db");
    for stale in ["", "1 00 closed\n"] {
        let other = tempfile::tempdir().unwrap();
        copy(dir.path(), other.path());
        fs::write(other.path().join("before"), "").unwrap();
        fs::write(other.path().join("kept"), stale).unwrap();
        fs::write(other.path().join("unclosed"), "").unwrap();
        let mut db = fs::read(&path).unwrap();
        db[5 * SEGMENT + 20] ^= 1;
        fs::write(other.path().join("sled/db"), db).unwrap();
        let log = SledLog::open(other.path(), &Options::default()).unwrap();
        assert!(read_all(&log, 500) == expected);
    }
}

#[test]
fn what_an_opening_kept_that_did_not_end_is_used_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let expected = make(dir.path());
    let path = dir.path().join("sled/db");
    // Sled ended its log early, and the power went before what was kept was written again.
    keep(dir.path(), expected.last().unwrap());
    let mut db = fs::read(&path).unwrap();
    db[3 * SEGMENT..].fill(0);
    fs::write(&path, db).unwrap();
    let other = tempfile::tempdir().unwrap();
    copy(dir.path(), other.path());
    fs::remove_file(other.path().join("before")).unwrap();
    assert!(SledLog::open(other.path(), &Options::default()).is_err_and(|error| error.is_damage()));
    let log = SledLog::open(dir.path(), &Options::default()).unwrap();
    assert!(read_all(&log, 500) == expected);
}

#[test]
fn a_log_that_was_being_made_anew_is_begun_again() {
    // What `kept` says is of no importance then: there is nothing else to begin with.
    ["as it was", "rotten"]
        .iter()
        .for_each(|kept| made_anew(*kept == "rotten"));
}

fn made_anew(rotten: bool) {
    let dir = tempfile::tempdir().unwrap();
    let expected = make(dir.path());
    keep(dir.path(), expected.last().unwrap());
    fs::write(dir.path().join("anew"), "").unwrap();
    if rotten {
        fs::write(dir.path().join("kept"), "x").unwrap();
        fs::write(dir.path().join("unclosed"), "").unwrap();
    }
    fs::remove_file(dir.path().join("sled/db")).unwrap();
    fs::remove_file(dir.path().join("sled/conf")).unwrap();
    let checked = SledLog::open_to_check(dir.path(), &Options::default()).unwrap();
    assert!(read_all(&checked, 500) == expected);
    let report = checked.verify(&mut |_| {});
    assert!(report.is_whole(), "{report:?}");
    drop(checked);
    let log = SledLog::open(dir.path(), &Options::default()).unwrap();
    assert!(read_all(&log, 500) == expected && log.verify(&mut |_| {}).is_whole());
    append(&log, drafts(3, 200));
    drop(log);
    let log = SledLog::open(dir.path(), &Options::default()).unwrap();
    assert_eq!(log.notes(), [] as [&str; 0]);
    assert_eq!(log.head().unwrap().position, expected.len() as u64 + 3);
    assert!(
        !["anew", "before", "kept"]
            .iter()
            .any(|name| dir.path().join(name).exists())
    );
}

/// The store was closed, and a byte of its file has rotted since.
#[test]
fn an_opening_of_a_rotten_store_that_is_killed_loses_nothing() {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path());
    let path = template.path().join("sled/db");
    let mut db = fs::read(&path).unwrap();
    db[5] ^= 1;
    fs::write(&path, db).unwrap();
    let mut killed = 0;
    for millis in (0..400).step_by(20) {
        let dir = tempfile::tempdir().unwrap();
        copy(template.path(), dir.path());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cut_off::child_opens", "--ignored"])
            .env("STORE_OF_THE_PARENT", dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
        let log = SledLog::open(dir.path(), &Options::default()).unwrap();
        assert!(read_all(&log, 500) == expected, "killed after {millis} ms");
    }
    assert!(killed > 3, "no opening was killed");
}

#[test]
#[ignore = "the process that an_opening_of_a_rotten_store_that_is_killed_loses_nothing kills"]
fn child_opens() {
    let dir = std::env::var_os("STORE_OF_THE_PARENT").expect("started by its parent only");
    drop(SledLog::open(Path::new(&dir), &Options::default()).unwrap());
}
