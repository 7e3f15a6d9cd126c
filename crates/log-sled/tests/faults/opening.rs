//! Opening: again, twice, over a foreign directory, and against the head marker.

use crate::copy::copy;
use rapporteur_log::{EventLog, Payload};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts, read_all};
use rapporteur_testkit::rng::Rng;
use std::fs;
use std::path::Path;
use std::process::Command;

fn open(dir: &Path) -> Result<SledLog, OpenError> {
    SledLog::open(dir, &Options::default())
}

fn refusal(dir: &Path) -> OpenError {
    match open(dir) {
        Ok(log) => panic!("opened, with {:?}", log.head()),
        Err(error) => error,
    }
}

#[test]
fn opening_again_after_a_clean_shutdown_finds_nothing_to_note() {
    let dir = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for seed in 0..3 {
        let log = open(dir.path()).unwrap();
        assert_eq!(log.notes(), [] as [&str; 0]);
        assert_eq!(read_all(&log, 50), expected);
        expected.extend(append(&log, drafts(70, seed)));
        let report = log.verify();
        assert_eq!(report.damages, [] as [&str; 0]);
        assert_eq!(
            (report.head, report.events),
            (log.head().unwrap(), expected.len() as u64)
        );
    }
}

#[test]
fn a_second_opening_in_the_same_process_is_refused_until_the_first_ends() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    let refused = refusal(dir.path());
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused}");
    assert!(
        refused.to_string().contains(&dir.path().display().to_string()),
        "{refused}"
    );
    append(&log, drafts(1, 1));
    drop(log);
    assert_eq!(open(dir.path()).unwrap().head().unwrap().position, 1);
}

#[test]
fn a_second_process_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "opening::child_opens", "--ignored", "--nocapture"])
        .env("STORE_OF_THE_PARENT", dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(said.contains("is in use by another process"), "{said}");
    append(&log, drafts(1, 1));
}

#[test]
#[ignore = "the second process of a_second_process_is_refused"]
fn child_opens() {
    let dir = std::env::var_os("STORE_OF_THE_PARENT").expect("started by its parent only");
    println!("{}", refusal(Path::new(&dir)));
}

#[test]
fn another_format_or_a_foreign_directory_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let format = dir.path().join("format");
    let current = fs::read_to_string(&format).unwrap();
    assert_eq!(current, "rapporteur log store 1\n");
    fs::write(&format, "rapporteur log store 2\n").unwrap();
    let newer = refusal(dir.path());
    assert!(matches!(newer, OpenError::Newer { found: 2, .. }), "{newer}");
    for unknown in ["", "rapporteur log store 0\n", "rapporteur log store 01\n", "x\n"] {
        fs::write(&format, unknown).unwrap();
        let refused = refusal(dir.path());
        assert!(matches!(refused, OpenError::Foreign { .. }), "{unknown:?}: {refused}");
    }
    fs::write(&format, current).unwrap();
    assert!(open(dir.path()).is_ok());
    fs::remove_file(&format).unwrap();
    assert!(matches!(refusal(dir.path()), OpenError::Foreign { .. }));

    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("letter.txt"), "dear").unwrap();
    let refused = refusal(foreign.path());
    assert!(refused.to_string().contains("letter.txt"), "{refused}");
    assert_eq!(
        fs::read_dir(foreign.path()).unwrap().count(),
        1,
        "nothing was put beside it"
    );
}

#[test]
fn a_making_that_was_cut_off_is_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("format"), "rapporteur log store, not yet made\n").unwrap();
    fs::create_dir(dir.path().join("sled")).unwrap();
    fs::write(dir.path().join("sled/conf"), "segment_").unwrap();
    let log = open(dir.path()).unwrap();
    append(&log, drafts(3, 1));
    drop(log);
    assert_eq!(open(dir.path()).unwrap().head().unwrap().position, 3);
}

#[test]
fn a_marker_ahead_of_the_log_is_damage() {
    let (dir, short) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = open(dir.path()).unwrap();
    append(&log, drafts(10, 1));
    copy(dir.path(), short.path());
    append(&log, drafts(10, 2));
    append(&log, drafts(10, 3));
    fs::copy(dir.path().join("head"), short.path().join("head")).unwrap();
    let refused = refusal(short.path());
    assert!(
        matches!(
            refused,
            OpenError::Damaged {
                log: 10,
                marker: 30,
                ..
            }
        ),
        "{refused}"
    );
    let said = refused.to_string();
    assert!(said.contains("position 10,") && said.contains("says 30"), "{said}");
}

#[test]
fn a_log_one_append_short_is_completed_from_the_marker() {
    let (dir, short) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = open(dir.path()).unwrap();
    append(&log, drafts(10, 1));
    copy(dir.path(), short.path());
    append(
        &log,
        vec![draft_of(40_000, &mut Rng::new(1)), draft_of(10, &mut Rng::new(2))],
    );
    fs::copy(dir.path().join("head"), short.path().join("head")).unwrap();
    let completed = open(short.path()).unwrap();
    assert_eq!(read_all(&completed, 5), read_all(&log, 5));
    assert!(
        completed.notes()[0].contains("from 10 to 12"),
        "{:?}",
        completed.notes()
    );
    drop(completed);
    assert_eq!(open(short.path()).unwrap().notes(), [] as [&str; 0]);
}

#[test]
fn an_append_too_large_for_the_marker_is_not_completed_but_missed() {
    let (dir, short) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = open(dir.path()).unwrap();
    append(&log, drafts(10, 1));
    copy(dir.path(), short.path());
    let large = (0..9).map(|seed| draft_of(65_536, &mut Rng::new(seed))).collect();
    append(&log, large);
    fs::copy(dir.path().join("head"), short.path().join("head")).unwrap();
    let refused = refusal(short.path());
    assert!(
        matches!(
            refused,
            OpenError::Damaged {
                log: 10,
                marker: 19,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn what_was_written_but_not_marked_is_kept_because_it_is_whole() {
    let (dir, early) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = open(dir.path()).unwrap();
    append(&log, drafts(10, 1));
    fs::copy(dir.path().join("head"), early.path().join("head")).unwrap();
    append(&log, drafts(10, 2));
    let expected = read_all(&log, 50);
    drop(log);
    fs::copy(early.path().join("head"), dir.path().join("head")).unwrap();
    let log = open(dir.path()).unwrap();
    assert_eq!(read_all(&log, 50), expected);
    assert!(log.notes()[0].contains("11 to 20"), "{:?}", log.notes());
    assert!(log.verify().is_whole());
}

#[test]
fn a_marker_of_another_history_is_damage() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    append(&open(one.path()).unwrap(), drafts(10, 1));
    append(&open(other.path()).unwrap(), drafts(10, 2));
    fs::copy(other.path().join("head"), one.path().join("head")).unwrap();
    let refused = refusal(one.path());
    assert!(
        matches!(
            refused,
            OpenError::Damaged {
                log: 10,
                marker: 10,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_store_without_one_of_its_files_is_refused() {
    for file in ["head", "sled/db", "sled/conf"] {
        let dir = tempfile::tempdir().unwrap();
        append(&open(dir.path()).unwrap(), drafts(10, 1));
        fs::remove_file(dir.path().join(file)).unwrap();
        let refused = refusal(dir.path());
        let causes = format!(
            "{refused}: {:?}",
            std::error::Error::source(&refused).map(ToString::to_string)
        );
        assert!(causes.contains(file), "{causes}");
    }
}

#[test]
fn a_file_in_blobs_stops_opening_and_appending() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    let expected = append(&log, drafts(3, 1));
    fs::write(dir.path().join("sled/blobs/77"), "x").unwrap();
    let head = log.head().unwrap();
    let batch = rapporteur_testkit::drafts::sealed(&log, &head, drafts(1, 2));
    assert!(log.append(&head, &batch).is_err());
    assert!(matches!(
        log.append(&head, &batch),
        Err(rapporteur_log::AppendError::Poisoned { reason }) if reason.contains("blobs")
    ));
    assert_eq!(read_all(&log, 10), expected, "reading goes on");
    assert!(!log.verify().is_whole());
    drop(log);
    let refused = refusal(dir.path());
    assert!(matches!(refused, OpenError::Fault { .. }), "{refused}");
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
    assert!(log.verify().is_whole(), "{:?}", log.verify());
    drop(log);
    assert_eq!(read_all(&open(dir.path()).unwrap(), 10), expected);
}
