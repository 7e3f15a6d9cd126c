//! What was redacted stays redacted, whatever is lost.

use crate::copy::copy;
use rapporteur_log::{EventLog, Payload, Stored};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts, read_all};
use rapporteur_testkit::rng::Rng;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn open(dir: &Path) -> Result<SledLog, OpenError> {
    SledLog::open(dir, &Options::default())
}

fn check(dir: &Path) -> Result<SledLog, OpenError> {
    SledLog::open_to_check(dir, &Options::default())
}

fn is_redacted(events: &[Stored], position: u64) -> bool {
    events[usize::try_from(position).unwrap() - 1].payload == Payload::Redacted
}

#[test]
fn redacted_bytes_are_in_no_key_and_not_in_the_marker() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    let mut expected = append(
        &log,
        vec![draft_of(30_000, &mut Rng::new(4)), draft_of(9, &mut Rng::new(5))],
    );
    let Payload::Kept { bytes, .. } = expected[0].payload.clone() else {
        panic!("not redacted yet")
    };
    let marker = || fs::read(dir.path().join("head")).unwrap();
    let told = |file: Vec<u8>| file.windows(32).any(|window| window == &bytes[..32]);
    assert!(told(marker()), "the marker carries the last append");
    log.redact(1).unwrap();
    assert!(!told(marker()), "the marker still carries the payload");
    expected[0].payload = Payload::Redacted;
    assert_eq!(read_all(&log, 10), expected);
    assert!(log.verify(&mut |_| {}).is_whole(), "{:?}", log.verify(&mut |_| {}));
    drop(log);
    assert_eq!(read_all(&open(dir.path()).unwrap(), 10), expected);
}

#[test]
fn a_damaged_tail_does_not_bring_redacted_bytes_back() {
    let template = tempfile::tempdir().unwrap();
    let log = open(template.path()).unwrap();
    for seed in 0..20 {
        append(&log, drafts(10, seed));
    }
    log.redact(50).unwrap();
    log.redact(120).unwrap();
    drop(log);
    let db = fs::read(template.path().join("sled/db")).unwrap();
    let used = db.iter().rposition(|byte| *byte != 0).unwrap() as u64;
    let mut rng = Rng::new(1);
    let (mut refused, mut done_again) = (0, 0);
    for flip in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        copy(template.path(), dir.path());
        let mut damaged = db.clone();
        damaged[usize::try_from(used - rng.below(9_000)).unwrap()] ^= 1 << rng.below(8);
        fs::write(dir.path().join("sled/db"), damaged).unwrap();
        let told = check(dir.path()).map(|log| log.verify(&mut |_| {}).is_whole());
        let Ok(log) = open(dir.path()) else {
            refused += 1;
            assert!(!matches!(told, Ok(true)), "flip {flip}: refused, and said to be whole");
            continue;
        };
        let Ok(events) = log.read(0, 1000) else { continue };
        assert!(is_redacted(&events, 50) && is_redacted(&events, 120), "flip {flip}");
        if log.notes().iter().any(|note| note.contains("it was done again")) {
            done_again += 1;
            assert!(matches!(told, Ok(false)), "flip {flip}: said to be whole");
        }
        assert!(
            log.verify(&mut |_| {}).is_whole(),
            "flip {flip}: {:?}",
            log.verify(&mut |_| {})
        );
        drop(log);
        assert!(check(dir.path()).unwrap().verify(&mut |_| {}).is_whole(), "flip {flip}");
    }
    println!("{refused} refused, {done_again} done again");
    assert!(done_again > 20, "the damage never reached a redaction: {done_again}");
}

/// The files as they were before a redaction, some of them as they are after it: as cut off at any point.
#[test]
fn a_redaction_cut_off_is_finished_or_never_happened() {
    let (dir, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = open(dir.path()).unwrap();
    append(&log, drafts(40, 1));
    log.redact(3).unwrap();
    append(&log, drafts(4, 2));
    copy(dir.path(), before.path());
    log.redact(43).unwrap();
    drop(log);
    for (after, expected, note) in [
        (&[] as &[&str], false, None),
        (
            &["redacted"],
            true,
            Some("the redaction of position 43 was begun and not finished"),
        ),
        (&["redacted", "sled"], true, None),
        (&["redacted", "sled", "head"], true, None),
        (
            &["redacted", "head"],
            true,
            Some("the redaction of position 43 was not in the log"),
        ),
    ] {
        let cut = tempfile::tempdir().unwrap();
        copy(before.path(), cut.path());
        for name in after {
            let (from, to) = (dir.path().join(name), cut.path().join(name));
            match from.is_dir() {
                true => {
                    fs::remove_dir_all(&to).unwrap();
                    copy(&from, &to);
                }
                false => drop(fs::copy(from, to).unwrap()),
            }
        }
        let log = open(cut.path()).unwrap();
        assert_eq!(is_redacted(&read_all(&log, 50), 43), expected, "{after:?}");
        assert!(is_redacted(&read_all(&log, 50), 3), "{after:?}");
        let noted = log.notes().iter().find(|note| note.contains("redaction"));
        assert_eq!(noted.is_some(), note.is_some(), "{after:?}: {noted:?}");
        assert!(noted.is_none_or(|noted| noted.contains(note.unwrap())), "{noted:?}");
        assert!(
            log.verify(&mut |_| {}).is_whole(),
            "{after:?}: {:?}",
            log.verify(&mut |_| {})
        );
        drop(log);
        let again = open(cut.path()).unwrap();
        assert_eq!(again.notes(), [] as [&str; 0], "{after:?}");
        again.redact(7).unwrap();
        assert!(
            again.verify(&mut |_| {}).is_whole(),
            "{after:?}: {:?}",
            again.verify(&mut |_| {})
        );
    }
}

#[test]
fn a_list_of_redactions_that_does_not_fit_the_marker_is_damage() {
    let (dir, early) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = open(dir.path()).unwrap();
    append(&log, drafts(40, 1));
    log.redact(3).unwrap();
    copy(dir.path(), early.path());
    log.redact(9).unwrap();
    drop(log);
    let path = dir.path().join("redacted");
    fs::copy(early.path().join("redacted"), &path).unwrap();
    for opened in [open(dir.path()), check(dir.path())] {
        let refused = opened.err().unwrap();
        assert!(
            matches!(&refused, OpenError::DamagedFile { file, .. } if *file == path),
            "{refused}"
        );
        assert!(refused.to_string().contains("`head` counts 2"), "{refused}");
    }
}

#[test]
fn appends_go_on_while_a_redaction_waits_for_a_check() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    for seed in 0..60 {
        append(&log, drafts(400, seed));
    }
    let (checking, checked) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            checking.store(true, Ordering::SeqCst);
            let report = log.verify(&mut |_| {});
            checked.store(true, Ordering::SeqCst);
            assert!(report.is_whole(), "{report:?}");
        });
        while !checking.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        let redacting = scope.spawn(|| log.redact(23_000).unwrap());
        std::thread::sleep(std::time::Duration::from_millis(20));
        append(&log, drafts(1, 99));
        assert!(!checked.load(Ordering::SeqCst), "the append waited for the whole check");
        redacting.join().unwrap();
        assert!(
            !checked.load(Ordering::SeqCst),
            "the redaction waited for the whole check"
        );
    });
    assert!(is_redacted(&read_all(&log, 5_000), 23_000));
}
