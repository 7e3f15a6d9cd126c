//! `backup`, `restore` from one, and `repair`, end to end.

use crate::binary::{Client, Server, run, told};
use rapporteur_desk::restore::restore;
use rapporteur_log::Hash;
use rapporteur_log_sled::{Options, SledLog};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::tempdir;

const REGISTER: &str =
    "mutation($slug: String!) { registerTopic(input: { slug: $slug, label: $slug }) { __typename } }";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn ok(args: &[&str]) -> String {
    let (code, out, err) = told(&run(args, b""));
    assert_eq!(code, 0, "{args:?}: {out}{err}");
    out
}

fn fails(args: &[&str], code: i32) -> String {
    let (found, out, err) = told(&run(args, b""));
    assert_eq!(found, code, "{args:?}: {out}{err}");
    err
}

fn topics(range: std::ops::Range<usize>) -> String {
    let line = |n| format!("{{\"registerTopic\": {{\"slug\": \"t{n}\", \"label\": \"Topic {n}\"}}}}\n");
    range.map(line).collect()
}

fn import(store: &Path, lines: &str) {
    let (code, out, err) = told(&run(&["import", "-", "--data", text(store)], lines.as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
}

fn back_up(store: &Path, backup: &Path) -> Value {
    let out = ok(&["backup", text(backup), "--data", text(store), "--json"]);
    serde_json::from_str(&out).unwrap()
}

/// Position and hash of a store's end.
fn head(store: &Path) -> String {
    exported(store).lines().last().unwrap().to_owned()
}

fn exported(store: &Path) -> String {
    let (code, out, err) = told(&run(&["export", "--data", text(store)], b""));
    assert_eq!(code, 0, "{err}");
    out
}

fn parts(backup: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(backup.join("parts")).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn a_backup_is_added_to_and_restored_to_any_position() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    import(&store, &topics(0..30));
    assert_eq!(back_up(&store, &backup)["events"], 30);
    assert_eq!(back_up(&store, &backup)["events"], 0, "nothing new");
    import(&store, &topics(30..50));
    let added = back_up(&store, &backup);
    assert_eq!(
        (added["events"].clone(), added["position"].clone()),
        (json!(20), json!(50))
    );
    assert_eq!(parts(&backup).len(), 1, "small parts are put together");
    let checked = ok(&["verify", "--backup", text(&backup)]);
    assert!(checked.contains("50 events in 1 parts"), "{checked}");

    ok(&["restore", text(&backup), "--data", text(&again)]);
    assert_eq!(exported(&again), exported(&store));
    for position in [1, 17, 50] {
        let there = dir.path().join(format!("to-{position}"));
        let to = position.to_string();
        ok(&["restore", text(&backup), "--data", text(&there), "--to", &to]);
        let whole = exported(&store);
        let lines: Vec<&str> = whole.lines().take(position).collect();
        assert!(exported(&there).starts_with(&lines.join("\n")), "{position}");
        assert_eq!(exported(&there).lines().count(), position + 1);
        ok(&["verify", "--data", text(&there)]);
    }
    let there = dir.path().join("beyond");
    let error = fails(&["restore", text(&backup), "--data", text(&there), "--to", "51"], 4);
    assert!(
        error.contains("it ends at position 50, before the position that is asked for"),
        "{error}"
    );
    assert!(!there.exists());
}

#[test]
fn any_zstd_program_brings_a_backup_back() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    import(&store, &topics(0..20));
    back_up(&store, &backup);
    let files: Vec<Vec<u8>> = parts(&backup).iter().map(|part| fs::read(part).unwrap()).collect();
    let lines = zstd::decode_all(&files.concat()[..]).unwrap();
    let (code, out, err) = told(&run(&["restore", "-", "--data", text(&again)], &lines));
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(exported(&again), exported(&store));
}

#[test]
fn what_is_redacted_leaves_the_backup_with_the_next_one() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    import(&store, &topics(0..10));
    back_up(&store, &backup);
    let redact = r#"{"redactRecord": {"dossier": "t3", "position": 4, "reason": "It has to go."}}"#;
    import(&store, redact);
    assert_eq!(back_up(&store, &backup)["position"], 11);
    for part in parts(&backup) {
        let lines = String::from_utf8(zstd::decode_all(&fs::read(part).unwrap()[..]).unwrap()).unwrap();
        assert!(!lines.contains("Topic 3"), "the text is still there");
    }
    ok(&["restore", text(&backup), "--data", text(&again)]);
    ok(&["verify", "--data", text(&again)]);
    assert_eq!(exported(&again), exported(&store));
}

#[test]
fn a_damaged_backup_is_told_by_its_file_and_restores_nothing() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    import(&store, &topics(0..40));
    back_up(&store, &backup);
    let (part, list) = (parts(&backup).remove(0), backup.join("backup.json"));
    for file in [&part, &list] {
        let whole = fs::read(file).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 23) {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            fs::write(file, &bytes).unwrap();
            let error = fails(&["verify", "--backup", text(&backup)], 5);
            assert!(error.contains(text(file)) || file == &list, "byte {at}: {error}");
        }
        for end in [0, 1, whole.len() / 2, whole.len() - 2] {
            fs::write(file, &whole[..end]).unwrap();
            fails(&["verify", "--backup", text(&backup)], 5);
        }
        fs::write(file, &whole).unwrap();
    }
    let whole = fs::read(&part).unwrap();
    fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    fails(&["restore", text(&backup), "--data", text(&again)], 5);
    assert!(!again.exists(), "something was left");
    fs::remove_file(&part).unwrap();
    for args in [
        &["verify", "--backup", text(&backup)][..],
        &["backup", text(&backup), "--data", text(&store)],
        &["restore", text(&backup), "--data", text(&again)],
    ] {
        let error = fails(args, 5);
        assert!(
            error.contains("it is missing") || error.contains("No such file"),
            "{error}"
        );
    }
    let far = fs::read_to_string(&list)
        .unwrap()
        .replace("40,", &format!("{},", u64::MAX));
    fs::write(&list, far).unwrap();
    fails(&["verify", "--backup", text(&backup)], 5);
    fs::remove_file(&list).unwrap();
    fails(&["restore", text(&backup), "--data", text(&again)], 3);
}

#[test]
fn parts_without_a_list_are_never_removed() {
    let dir = tempdir().unwrap();
    let [store, backup] = ["store", "backup"].map(|name| dir.path().join(name));
    import(&store, &topics(0..10));
    back_up(&store, &backup);
    fs::remove_file(backup.join("backup.json")).unwrap();
    let before = parts(&backup);
    let error = fails(&["backup", text(&backup), "--data", text(&store)], 4);
    assert!(error.contains("parts/"), "{error}");
    assert_eq!(parts(&backup), before);
}

#[test]
fn a_backup_keeps_nothing_that_a_record_says_is_redacted_though_the_store_still_has_it() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    import(&store, &topics(0..10));
    back_up(&store, &backup);
    // The record alone, as a crash right after it leaves it: an export is filled up with it by hand.
    let redact = r#"{"redactRecord": {"dossier": "t3", "position": 4, "reason": "It has to go."}}"#;
    let before = exported(&store);
    import(&store, redact);
    let after = exported(&store);
    let kept = before.lines().nth(3).unwrap();
    let mut lines: Vec<&str> = after.lines().collect();
    lines[3] = kept;
    let ended = lines
        .pop()
        .unwrap()
        .replace("\"redactions\":\"1\"", "\"redactions\":\"0\"");
    let half = format!("{}\n{ended}\n", lines.join("\n"));
    let log = SledLog::open(&again, &Options::default()).unwrap();
    restore(half.as_bytes(), None, &log, &mut |_| {}).unwrap();
    drop(log);
    assert!(
        exported(&again).lines().nth(3).unwrap().contains("\"redacted\":true"),
        "an export tells it"
    );
    back_up(&again, &backup);
    for part in parts(&backup) {
        let lines = String::from_utf8(zstd::decode_all(&fs::read(part).unwrap()[..]).unwrap()).unwrap();
        assert!(!lines.contains("Topic 3"), "the text is still there");
    }
    ok(&["verify", "--backup", text(&backup)]);
}

#[test]
fn a_backup_of_another_store_is_refused_and_stays_as_it_is() {
    let dir = tempdir().unwrap();
    let [store, other, shorter, backup] = ["store", "other", "shorter", "backup"].map(|name| dir.path().join(name));
    import(&store, &topics(0..10));
    import(&other, &topics(0..12));
    import(&shorter, &topics(0..3));
    back_up(&store, &backup);
    let before = fs::read(backup.join("backup.json")).unwrap();
    for wrong in [&other, &shorter] {
        let error = fails(&["backup", text(&backup), "--data", text(wrong)], 4);
        assert!(error.contains("another store"), "{error}");
        assert_eq!(fs::read(backup.join("backup.json")).unwrap(), before);
        ok(&["verify", "--backup", text(&backup)]);
    }
    let error = fails(&["backup", text(&store), "--data", text(&other)], 4);
    assert!(error.contains("and no backup"), "{error}");
    let error = fails(
        &["restore", text(&dir.path().join("nothing")), "--data", text(&other)],
        3,
    );
    assert!(error.contains("nothing"), "{error}");
    fails(&["verify", "--backup", text(&store)], 3);
}

#[test]
fn a_backup_of_a_server_under_load_is_the_log_at_one_position() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    let server = Server::start(&store, &[]);
    let over = AtomicBool::new(false);
    let heads: Vec<Value> = std::thread::scope(|scope| {
        for client in 0..64 {
            let (over, address) = (&over, server.address.clone());
            scope.spawn(move || {
                let mut asking = Client::connect(&address).unwrap();
                for n in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let slug = format!("c{client}-{n}");
                    asking.data(REGISTER, &json!({ "slug": slug })).unwrap();
                }
            });
        }
        let endpoint = format!("http://{}", server.address);
        let taken = (0..4).map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(700));
            let out = ok(&["backup", text(&backup), "--endpoint", &endpoint, "--json"]);
            serde_json::from_str::<Value>(&out).unwrap()
        });
        let taken = taken.collect();
        over.store(true, Ordering::Relaxed);
        taken
    });
    let positions: BTreeSet<u64> = heads.iter().map(|head| head["position"].as_u64().unwrap()).collect();
    assert_eq!(
        positions.len(),
        heads.len(),
        "the log did not grow between backups: {positions:?}"
    );
    let mut client = server.connect();
    for head in &heads {
        let position = head["position"].as_u64().unwrap();
        let query = format!("{{ event(position: {position}) {{ hash }} }}");
        let event = client.data(&query, &json!({})).unwrap();
        assert_eq!(
            event["event"]["hash"], head["hash"],
            "the backup ends with another event"
        );
    }
    assert_eq!(server.stop(), 0);
    let last = &heads[heads.len() - 1];
    ok(&["restore", text(&backup), "--data", text(&again)]);
    ok(&["verify", "--data", text(&again)]);
    let (whole, copy) = (exported(&store), exported(&again));
    let position = usize::try_from(last["position"].as_u64().unwrap()).unwrap();
    let lines = |text: &str| text.lines().take(position).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&copy), lines(&whole));
    assert_eq!(copy.lines().count(), position + 1);
    println!("{position} events backed up while 64 clients appended");
}

/// What stands where bytes of this file are no more.
fn damage(file: &Path, from: usize, len: usize) {
    let mut bytes = fs::read(file).unwrap();
    let end = (from + len).min(bytes.len());
    bytes[from..end].fill(0xa5);
    fs::write(file, bytes).unwrap();
}

fn damaged_beside(store: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(store.parent().unwrap()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| text(path).contains(".damaged-")).collect()
}

#[test]
fn a_damaged_store_is_repaired_from_a_backup_and_what_it_still_holds() {
    let dir = tempdir().unwrap();
    let [store, backup] = ["store", "backup"].map(|name| dir.path().join(name));
    import(&store, &topics(0..30));
    back_up(&store, &backup);
    import(&store, &topics(30..33));
    let whole = head(&store);
    assert!(ok(&["repair", "--data", text(&store), "--from-backup", text(&backup)]).contains("nothing to repair"));
    // sled's configuration is gone: sled opens nothing, and the last append is in the head marker alone.
    damage(&store.join("format"), 3, 5);
    fails(&["verify", "--data", text(&store)], 5);
    let repaired = ok(&["repair", "--data", text(&store), "--from-backup", text(&backup)]);
    assert!(
        repaired.contains("30 events from the backup, 3 read from the damaged store"),
        "{repaired}"
    );
    assert_eq!(head(&store), whole);
    ok(&["verify", "--data", text(&store)]);
    assert_eq!(damaged_beside(&store).len(), 1);
}

#[test]
fn a_repair_that_loses_acknowledged_events_says_which_and_waits_for_consent() {
    let dir = tempdir().unwrap();
    let [store, backup] = ["store", "backup"].map(|name| dir.path().join(name));
    import(&store, &topics(0..30));
    back_up(&store, &backup);
    let then = head(&store);
    import(&store, &topics(30..1500));
    let db = store.join("sled/db");
    damage(&db, 0, usize::try_from(fs::metadata(&db).unwrap().len()).unwrap());
    fails(&["verify", "--data", text(&store)], 5);
    let error = fails(&["repair", "--data", text(&store), "--from-backup", text(&backup)], 5);
    assert!(
        error.contains("positions 31 to ") && error.contains("--accept-loss"),
        "{error}"
    );
    // The head marker carries the last append, how much that ever was.
    assert!(
        error.contains(" to 1500 can be read, and cannot follow without them"),
        "{error}"
    );
    assert!(damaged_beside(&store).is_empty(), "nothing was changed");
    ok(&[
        "repair",
        "--data",
        text(&store),
        "--from-backup",
        text(&backup),
        "--accept-loss",
    ]);
    assert_eq!(head(&store), then);
    ok(&["verify", "--data", text(&store)]);
}

#[test]
fn a_backup_of_another_store_or_of_another_future_repairs_nothing() {
    let dir = tempdir().unwrap();
    let [store, backup, other, wrong, fork] =
        ["store", "backup", "other", "wrong", "fork"].map(|name| dir.path().join(name));
    import(&store, &topics(0..20));
    back_up(&store, &backup);
    import(&other, &topics(0..30));
    back_up(&other, &wrong);
    ok(&["restore", text(&backup), "--data", text(&fork), "--to", "10"]);
    import(&fork, &topics(50..55));
    for (damaged, from) in [(&store, &wrong), (&fork, &backup)] {
        damage(&damaged.join("format"), 3, 5);
        let error = fails(&["repair", "--data", text(damaged), "--from-backup", text(from)], 4);
        assert!(error.contains("another store"), "{error}");
        assert!(damaged_beside(damaged).is_empty());
        assert!(!damaged.with_extension("repaired").exists(), "something was left");
    }
}

#[test]
fn a_repair_keeps_what_was_redacted_gone_and_whose_the_store_is() {
    let dir = tempdir().unwrap();
    let [store, backup] = ["store", "backup"].map(|name| dir.path().join(name));
    import(&store, &topics(0..10));
    back_up(&store, &backup);
    let redact = r#"{"redactRecord": {"dossier": "t3", "position": 4, "reason": "It has to go."}}"#;
    import(&store, redact);
    fs::set_permissions(&store, fs::Permissions::from_mode(0o700)).unwrap();
    fs::remove_dir_all(store.join("sled")).unwrap();
    let repair = ["repair", "--data", text(&store), "--from-backup", text(&backup)];
    // What says so is lost, and what it said has to go stays gone.
    fails(&repair, 5);
    ok(&[&repair[..], &["--accept-loss"]].concat());
    assert_eq!(exported(&store).lines().count(), 11);
    assert!(!exported(&store).contains("Topic 3"));
    assert_eq!(fs::metadata(&store).unwrap().permissions().mode() & 0o777, 0o700);
    import(&store, redact);
    ok(&["verify", "--data", text(&store)]);

    fs::remove_file(store.join("redacted")).unwrap();
    fs::create_dir(dir.path().join("store.repaired")).unwrap();
    let error = fails(&repair, 4);
    assert!(error.contains("left by an earlier repair"), "{error}");
    fs::remove_dir(dir.path().join("store.repaired")).unwrap();
    let error = fails(&repair, 5);
    assert!(error.contains("the list of redactions cannot be read"), "{error}");
}

#[test]
fn what_is_no_damage_is_not_repaired() {
    let dir = tempdir().unwrap();
    let [store, backup] = ["store", "backup"].map(|name| dir.path().join(name));
    import(&store, &topics(0..10));
    back_up(&store, &backup);
    let server = Server::start(&store, &[]);
    let error = fails(&["repair", "--data", text(&store), "--from-backup", text(&backup)], 1);
    assert!(error.contains("in use"), "{error}");
    drop(server);
    let format = fs::read_to_string(store.join("format")).unwrap();
    let newer = format.lines().next().unwrap().replace('2', "3") + "\n";
    let checksum = Hash::of(&[newer.as_bytes()]);
    fs::write(store.join("format"), format!("{newer}checksum {checksum}\n")).unwrap();
    let error = fails(&["repair", "--data", text(&store), "--from-backup", text(&backup)], 1);
    assert!(error.contains("format 3"), "{error}");
}

#[test]
fn one_damaged_place_in_sleds_file_costs_no_more_than_what_was_there() {
    let dir = tempdir().unwrap();
    let [store, backup, copy] = ["store", "backup", "copy"].map(|name| dir.path().join(name));
    import(&store, &topics(0..20));
    back_up(&store, &backup);
    for n in 20..60 {
        import(&store, &topics(n..n + 1));
    }
    let whole = exported(&store);
    ok(&["export", "--data", text(&store), "--out", text(&copy)]);
    // Where sled does not open at all, everything is found in the bytes of its file.
    fs::write(store.join("sled/conf"), "nothing").unwrap();
    let repaired = ok(&["repair", "--data", text(&store), "--from-backup", text(&backup)]);
    assert!(repaired.contains("20 events from the backup, 40 read"), "{repaired}");
    assert_eq!(exported(&store), whole);
    ok(&["verify", "--data", text(&store)]);
}

#[test]
fn nothing_is_restored_up_to_the_middle_of_a_batch() {
    let dir = tempdir().unwrap();
    let [store, backup, again] = ["store", "backup", "again"].map(|name| dir.path().join(name));
    import(&store, &topics(0..5));
    let right =
        r#"{"registerTopic": {"slug": "t1", "label": "Right", "corrects": {"position": 2, "reason": "Misread."}}}"#;
    import(&store, right);
    back_up(&store, &backup);
    let error = fails(&["restore", text(&backup), "--data", text(&again), "--to", "6"], 4);
    assert!(
        error.contains("within a batch") && error.contains("end before it, at 5"),
        "{error}"
    );
    ok(&["restore", text(&backup), "--data", text(&again), "--to", "5"]);
}

#[test]
fn a_first_backup_that_did_not_end_is_none_and_is_gone_on_with() {
    let dir = tempdir().unwrap();
    let (store, backup) = (dir.path().join("store"), dir.path().join("backup"));
    import(&store, &topics(0..3));
    fs::create_dir_all(backup.join("parts")).unwrap();
    let list = json!({ "format": 1, "position": 0, "hash": Hash::ZERO.to_string(), "parts": [] });
    fs::write(backup.join("backup.json"), list.to_string()).unwrap();
    fs::write(backup.join("lock"), "").unwrap();
    for args in [
        &["verify", "--backup", text(&backup)][..],
        &["restore", text(&backup), "--data", text(&dir.path().join("back"))],
    ] {
        let err = fails(args, 3);
        assert!(err.contains("the first one there did not end"), "{err}");
    }
    assert_eq!(back_up(&store, &backup)["events"], json!(3));
    ok(&["verify", "--backup", text(&backup)]);
}
