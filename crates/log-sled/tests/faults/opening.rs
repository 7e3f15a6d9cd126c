//! Opening: again, twice, over a foreign directory, and against the head marker.

use crate::copy::copy;
use rapporteur_log::chain::seal;
use rapporteur_log::{EventLog, Hash};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of, drafts, read_all};
use rapporteur_testkit::rng::Rng;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

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
        let report = log.verify(&mut |_| {});
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
fn a_store_opens_again_at_once_while_processes_are_being_started() {
    let dir = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let spawn = || {
        while !stop.load(Ordering::Relaxed) {
            assert!(Command::new("true").status().unwrap().success());
        }
    };
    std::thread::scope(|threads| {
        (0..4).for_each(|_| drop(threads.spawn(spawn)));
        let opened: Result<Vec<()>, String> = (0..100)
            .map(|_| open(dir.path()).map(drop).map_err(|e| e.to_string()))
            .collect();
        stop.store(true, Ordering::Relaxed);
        assert_eq!(opened.map(|times| times.len()), Ok(100));
    });
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

/// The `format` of a store that a later program wrote.
fn later() -> String {
    let body = "rapporteur log store 9\nwhatever it needs\n";
    format!("{body}checksum {}\n", Hash::of(&[body.as_bytes()]))
}

#[test]
fn another_format_or_a_foreign_directory_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let format = dir.path().join("format");
    let current = fs::read_to_string(&format).unwrap();
    assert!(current.starts_with("rapporteur log store 2\nconf "), "{current}");
    fs::write(&format, later()).unwrap();
    let newer = refusal(dir.path());
    assert!(matches!(newer, OpenError::Newer { found: 9, .. }), "{newer}");
    fs::write(&format, "rapporteur log store 1\n").unwrap();
    let older = refusal(dir.path());
    assert!(matches!(older, OpenError::Older { found: 1, .. }), "{older}");
    let flipped = current.replace("store 2", "store 3");
    for garbled in ["", "rapporteur log store 3\n", &flipped, "x\n"] {
        fs::write(&format, garbled).unwrap();
        assert_damaged(&refusal(dir.path()), &format);
    }
    fs::write(&format, current).unwrap();
    assert!(open(dir.path()).is_ok());
    fs::remove_file(&format).unwrap();
    assert_damaged(&refusal(dir.path()), &format);
    fs::remove_file(dir.path().join("lock")).unwrap();
    assert_damaged(&refusal(dir.path()), &format);
    assert!(!dir.path().join("lock").exists(), "nothing was put beside it");

    for name in ["letter.txt", "format"] {
        let foreign = tempfile::tempdir().unwrap();
        fs::write(foreign.path().join(name), "dear").unwrap();
        let refused = refusal(foreign.path());
        assert!(matches!(refused, OpenError::Foreign { .. }), "{refused}");
        assert!(refused.to_string().contains(name), "{refused}");
    }
    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("letter.txt"), "dear").unwrap();
    refusal(foreign.path());
    assert_eq!(
        fs::read_dir(foreign.path()).unwrap().count(),
        1,
        "nothing was put beside it"
    );
}

#[track_caller]
fn assert_damaged(refused: &OpenError, path: &Path) {
    assert!(
        matches!(refused, OpenError::DamagedFile { file, .. } if file == path),
        "{refused}"
    );
    assert!(refused.is_damage() && refused.to_string().contains(path.to_str().unwrap()));
}

#[test]
fn a_store_in_the_making_is_in_use_and_no_foreign_directory() {
    let dir = tempfile::tempdir().unwrap();
    let lock = fs::File::create(dir.path().join("lock")).unwrap();
    lock.try_lock().unwrap();
    for made in [None, Some("format.new"), Some("format")] {
        if let Some(name) = made {
            fs::write(dir.path().join(name), "rapporteur log store, not yet made\n").unwrap();
        }
        let refused = refusal(dir.path());
        assert!(matches!(refused, OpenError::InUse { .. }), "{made:?}: {refused}");
    }
}

#[test]
fn a_lock_deleted_under_a_running_program_is_still_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    append(&log, drafts(5, 1));
    fs::remove_file(dir.path().join("lock")).unwrap();
    for open in [SledLog::open, SledLog::open_to_check] {
        match open(dir.path(), &Options::default()) {
            Err(OpenError::InUse { .. }) => {}
            other => panic!("expected to be refused, got {:?}", other.map(|log| log.head())),
        }
    }
    append(&log, drafts(5, 2));
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
    assert!(log.verify(&mut |_| {}).is_whole());
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
fn a_store_without_one_of_its_files_is_damaged() {
    for file in ["format", "head", "redacted", "sled/db", "sled/conf"] {
        let dir = tempfile::tempdir().unwrap();
        append(&open(dir.path()).unwrap(), drafts(10, 1));
        let path = dir.path().join(file);
        fs::remove_file(&path).unwrap();
        assert_damaged(&refusal(dir.path()), &path);
        assert!(!path.exists(), "{file} was made again");
    }
}

#[test]
fn a_file_with_other_content_is_named() {
    for file in ["format", "head", "sled/conf"] {
        for content in ["", "x", "some other text, of a length that could be right"] {
            let dir = tempfile::tempdir().unwrap();
            append(&open(dir.path()).unwrap(), drafts(10, 1));
            let path = dir.path().join(file);
            fs::write(&path, content).unwrap();
            assert_damaged(&refusal(dir.path()), &path);
        }
    }
}

#[test]
fn damaged_snapshots_are_made_anew_and_unfinished_ones_are_no_hindrance() {
    let dir = tempfile::tempdir().unwrap();
    let expected = append(&open(dir.path()).unwrap(), drafts(10, 1));
    drop(open(dir.path()).unwrap());
    let unfinished = dir.path().join("sled/snap.FFFFFFFFFFFFFFFF.generating");
    fs::write(&unfinished, "cut o").unwrap();
    let checked = SledLog::open_to_check(dir.path(), &Options::default()).unwrap();
    assert_eq!(read_all(&checked, 50), expected);
    drop(checked);
    assert_eq!(read_all(&open(dir.path()).unwrap(), 50), expected);
    assert!(!unfinished.exists(), "what was cut off is cleared");
    let snapshot = fs::read_dir(dir.path().join("sled"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_str().unwrap().contains("/snap."))
        .unwrap();
    let mut bytes = fs::read(&snapshot).unwrap();
    bytes[3] ^= 4;
    fs::write(&snapshot, bytes).unwrap();
    let named = snapshot.to_str().unwrap();
    let checked = SledLog::open_to_check(dir.path(), &Options::default()).unwrap();
    let damages = checked.verify(&mut |_| {}).damages;
    assert!(damages.len() == 1 && damages[0].contains(named), "{damages:?}");
    drop(checked);
    assert!(snapshot.exists(), "a check changes nothing");
    let log = open(dir.path()).unwrap();
    assert!(log.notes()[0].contains(named), "{:?}", log.notes());
    assert_eq!(read_all(&log, 50), expected);
    assert!(log.verify(&mut |_| {}).is_whole());
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
        Err(rapporteur_log::AppendError::Poisoned { reason, disk_full: false }) if reason.contains("blobs")
    ));
    assert_eq!(read_all(&log, 10), expected, "reading goes on");
    assert!(!log.verify(&mut |_| {}).is_whole());
    drop(log);
    let log = open(dir.path()).unwrap();
    assert!(
        log.notes().iter().any(|note| note.contains("made anew")),
        "{:?}",
        log.notes()
    );
    assert_eq!(read_all(&log, 10)[..3], expected);
    drop(log);
    fs::write(dir.path().join("sled/blobs/77"), "x").unwrap();
    let checked = SledLog::open_to_check(dir.path(), &Options::default()).unwrap();
    assert!(
        !checked.verify(&mut |_| {}).is_whole(),
        "it was closed, and is damaged since"
    );
}

#[test]
fn nothing_is_acknowledged_into_a_file_that_is_no_longer_there() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    append(&log, drafts(3, 1));
    fs::remove_file(dir.path().join("sled/db")).unwrap();
    let head = log.head().unwrap();
    let sealed = seal(&head, None, drafts(1, 2)).unwrap();
    let refused = log.append(&head, &sealed);
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(log.head().unwrap(), head);
    assert!(log.unwritable().is_some(), "it goes on writing");
    assert_eq!(
        read_all(&log, 500).len(),
        3,
        "what it has in memory can still be exported"
    );
}

#[test]
fn a_check_that_finds_another_file_in_the_place_of_sleds_ends_writing() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    append(&log, drafts(3, 1));
    let path = dir.path().join("sled/db");
    fs::copy(&path, dir.path().join("db.old")).unwrap();
    fs::rename(dir.path().join("db.old"), &path).unwrap();
    assert_eq!(log.unwritable(), None);
    assert!(!log.verify(&mut |_| {}).is_whole());
    assert!(log.unwritable().is_some(), "it goes on writing");
}
