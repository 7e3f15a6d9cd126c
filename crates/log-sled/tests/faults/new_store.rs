//! Filling a store from nothing: it is one in the end, or never was.

use crate::copy::copy;
use rapporteur_log::{EventLog, Head};
use rapporteur_log_sled::{NewStore, OpenError, Options, SledLog};
use rapporteur_testkit::drafts::{append, drafts, read_all};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn begin(dir: &Path) -> Result<NewStore, OpenError> {
    NewStore::begin(dir, &Options::default())
}

fn open(dir: &Path) -> Result<SledLog, OpenError> {
    SledLog::open(dir, &Options::default())
}

#[track_caller]
fn refusal(dir: &Path) -> OpenError {
    match begin(dir) {
        Ok(new) => panic!("begun, with {:?}", new.log().head()),
        Err(error) => error,
    }
}

/// Every file below `dir`, with its content.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.clone(), fs::read(path).unwrap())),
        }
    }
    found
}

/// Directories in which a store may be begun.
fn welcoming(root: &Path) -> [PathBuf; 4] {
    let dirs = ["absent", "empty", "unused", "begun"].map(|name| root.join(name));
    fs::create_dir(&dirs[1]).unwrap();
    drop(open(&dirs[2]).unwrap());
    let begun = begin(&root.join("model")).unwrap();
    append(begun.log(), drafts(9, 1));
    copy(&root.join("model"), &dirs[3]);
    dirs
}

#[test]
fn a_finished_store_holds_what_it_was_filled_with() {
    let root = tempfile::tempdir().unwrap();
    for dir in welcoming(root.path()) {
        let mut new = begin(&dir).unwrap();
        let mut events = append(new.log(), drafts(40, 2));
        events.extend(append(new.log(), drafts(700, 3)));
        new.log().redact(7).unwrap();
        new.finish().unwrap();
        assert!(matches!(open(&dir), Err(OpenError::InUse { .. })), "it is locked");
        drop(new);
        let log = open(&dir).unwrap();
        assert_eq!(log.notes(), [] as [&str; 0]);
        events[6].payload = rapporteur_log::Payload::Redacted;
        assert_eq!(read_all(&log, 100), events);
        assert_eq!(log.verify(&mut |_| {}).damages, [] as [&str; 0]);
    }
}

#[test]
fn an_unfinished_store_is_gone_and_another_can_be_begun() {
    let root = tempfile::tempdir().unwrap();
    let dirs = welcoming(root.path());
    for dir in &dirs {
        let new = begin(dir).unwrap();
        append(new.log(), drafts(40, 2));
        assert!(matches!(open(dir), Err(OpenError::InUse { .. })), "it is locked");
        drop(new);
    }
    assert!(!dirs[0].exists(), "the directory was made for the store");
    assert_eq!(fs::read_dir(&dirs[1]).unwrap().count(), 0);
    for dir in &dirs {
        begin(dir).unwrap().finish().unwrap();
        assert_eq!(open(dir).unwrap().head().unwrap(), Head::EMPTY);
    }
}

#[test]
fn what_a_crash_leaves_of_an_unfinished_store_is_no_store() {
    let root = tempfile::tempdir().unwrap();
    let new = begin(&root.path().join("new")).unwrap();
    let mut tried = 0;
    for seed in 0..3 {
        append(new.log(), drafts(30, seed));
        let left = root.path().join(format!("left-{seed}"));
        copy(&root.path().join("new"), &left);
        let looked = SledLog::open_to_check(&left, &Options::default());
        let said = looked.err().expect("there is nothing to check").to_string();
        assert!(said.contains("never finished"), "{said}");
        assert_eq!(
            open(&left).unwrap().head().unwrap(),
            Head::EMPTY,
            "nothing was recorded"
        );
        tried += 1;
    }
    assert_eq!(tried, 3);
}

#[test]
fn a_store_with_events_and_a_directory_with_something_else_are_left_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    append(&open(dir.path()).unwrap(), drafts(3, 1));
    let before = files(dir.path());
    let refused = refusal(dir.path());
    assert!(matches!(refused, OpenError::NotEmpty { position: 3, .. }), "{refused}");
    assert!(
        refused.to_string().contains(&dir.path().display().to_string()),
        "{refused}"
    );
    assert_eq!(files(dir.path()), before);
    fs::remove_file(dir.path().join("head")).unwrap();
    assert!(refusal(dir.path()).is_damage());
    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("letter.txt"), "dear").unwrap();
    let refused = refusal(foreign.path());
    assert!(matches!(refused, OpenError::Foreign { .. }), "{refused}");
    assert_eq!(files(foreign.path()).len(), 1);
}

#[test]
fn a_store_in_use_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    assert!(matches!(refusal(dir.path()), OpenError::InUse { .. }));
    drop(log);
    let new = begin(dir.path()).unwrap();
    assert!(matches!(refusal(dir.path()), OpenError::InUse { .. }));
    drop(new);
}

/// A store of which the marker lost its last append holds events all the same.
#[test]
fn a_marker_that_lags_behind_hides_no_event() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("store");
    drop(open(&dir).unwrap());
    let head = fs::read(dir.join("head")).unwrap();
    append(&open(&dir).unwrap(), drafts(3, 1));
    fs::write(dir.join("head"), head).unwrap();
    assert!(matches!(refusal(&dir), OpenError::NotEmpty { position: 3, .. }));
    assert_eq!(open(&dir).unwrap().head().unwrap().position, 3);
}
