//! What sled takes for the end of its log, though acknowledged events lie behind it.

use crate::copy::copy;
use rapporteur_log::{EventLog, Payload, Stored};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts, read_all};
use rapporteur_testkit::rng::Rng;
use std::fs;
use std::path::Path;

/// A store whose last appends but one are in sled alone: one too large for the head marker, one small, one of a large event.
fn make(dir: &Path) -> Vec<Stored> {
    let log = SledLog::open(dir, &Options::default()).unwrap();
    append(&log, drafts(300, 1));
    append(&log, drafts(900, 2));
    append(&log, vec![draft_of(60_000, &mut Rng::new(3))]);
    append(&log, drafts(5, 4));
    append(&log, drafts(3, 5));
    read_all(&log, 500)
}

/// Where an event's payload begins in sled's file.
fn place(db: &[u8], event: &Stored) -> usize {
    let Payload::Kept { bytes, .. } = &event.payload else {
        panic!("it has no payload")
    };
    let start = &bytes[..bytes.len().min(64)];
    db.windows(start.len()).position(|window| window == start).unwrap()
}

#[test]
fn acknowledged_events_behind_what_sled_takes_for_its_end_are_brought_back() {
    let template = tempfile::tempdir().unwrap();
    let expected = make(template.path());
    let db = fs::read(template.path().join("sled/db")).unwrap();
    // What lies before a chunk's first event: its head and key, and sled's own words about them.
    let mut brought_back = 0;
    for (first, before) in [(300, 400), (1_200, 120), (1_201, 120)] {
        let event = place(&db, &expected[first]);
        for at in (event - before..event).step_by(3) {
            let dir = tempfile::tempdir().unwrap();
            copy(template.path(), dir.path());
            let mut harmed = db.clone();
            harmed[at] ^= 1;
            fs::write(dir.path().join("sled/db"), harmed).unwrap();
            let checked = SledLog::open_to_check(dir.path(), &Options::default()).map(|log| read_all(&log, 500));
            assert!(!dir.path().join("tail").exists(), "a check left a file");
            let Ok(log) = SledLog::open(dir.path(), &Options::default()) else {
                continue; // The event itself was harmed: it is named, and nothing is opened.
            };
            assert_eq!(read_all(&log, 500), expected, "{first}, {at}");
            assert_eq!(checked.unwrap(), expected, "{first}, {at}, of a check");
            assert!(log.verify(&mut |_| {}).is_whole());
            assert!(!dir.path().join("tail").exists(), "it is no longer needed");
            brought_back += usize::from(log.notes().iter().any(|note| note.contains("brought back")));
        }
    }
    assert!(brought_back > 10, "{brought_back}");
}

#[test]
fn what_an_opening_put_aside_that_did_not_end_is_used_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let expected = make(dir.path());
    let path = dir.path().join("sled/db");
    let db = fs::read(&path).unwrap();
    // Sled cut its log, and the power went before what was put aside was written again.
    let event = place(&db, &expected[300]);
    let mut harmed = db.clone();
    harmed[event - 160..].fill(0);
    fs::write(&path, harmed).unwrap();
    let mut tail = b"rapptl01".to_vec();
    tail.extend_from_slice(blake3::hash(&db).as_bytes());
    tail.extend_from_slice(&db);
    let refused = tempfile::tempdir().unwrap();
    copy(dir.path(), refused.path());
    for whole in [false, true] {
        let dir = if whole { dir.path() } else { refused.path() };
        let end = tail.len() - usize::from(!whole);
        fs::write(dir.join("tail"), &tail[..end]).unwrap();
        match SledLog::open(dir, &Options::default()) {
            Ok(log) => assert_eq!((whole, read_all(&log, 500)), (true, expected.clone())),
            Err(error) => assert!(!whole && error.is_damage(), "{error}"),
        }
    }
    assert!(!dir.path().join("tail").exists());
}
