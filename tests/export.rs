//! `export` and `restore`, end to end: the same store again, or nothing.

mod as_of;

use crate::binary::{REGISTER, Server, rapporteur, root, run, told};
use rapporteur_log::{EventLog, Hash};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::facts;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::{TempDir, tempdir};

fn recorded(dir: &Path, lines: &str) {
    let (code, out, err) = told(&run(&["import", "-", "--data", text(dir)], lines.as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
}

/// A store of a few topics and its export.
fn small() -> (TempDir, String) {
    let dir = tempdir().unwrap();
    let lines: String = (0..5)
        .map(|n| format!("{{\"registerTopic\": {{\"slug\": \"t{n}\", \"label\": \"Topic {n}\"}}}}\n"))
        .collect();
    recorded(&dir.path().join("store"), &lines);
    let exported = exported(&dir.path().join("store"));
    (dir, exported)
}

fn exported(dir: &Path) -> String {
    let (code, out, err) = told(&run(&["export", "--data", text(dir)], b""));
    assert_eq!(code, 0, "{err}");
    out
}

fn restored(file: &str, dir: &Path) -> (i32, String, String) {
    told(&run(&["restore", "-", "--data", text(dir)], file.as_bytes()))
}

/// Takes a payload out without a word, as no desk does.
fn take_out(dir: &Path, position: u64) {
    let log = SledLog::open(dir, &Options::default()).unwrap();
    log.redact(position).unwrap();
}

/// The command that redacts the event at a position of an export.
fn redaction(export: &str, position: u64) -> Value {
    let line = export.lines().nth(usize::try_from(position).unwrap() - 1).unwrap();
    let event: Value = serde_json::from_str(line).unwrap();
    let (_, slug) = event["subject"].as_str().unwrap().split_once('/').unwrap();
    json!({ "redactRecord": { "dossier": slug, "position": position, "reason": "It has to go." } })
}

fn redact(dir: &Path, position: u64) {
    let command = redaction(&exported(dir), position);
    let (code, out, err) = told(&run(
        &["import", "-", "--data", text(dir)],
        command.to_string().as_bytes(),
    ));
    assert_eq!(
        (code, out.trim()),
        (0, "1 recorded, 0 already there, 0 refused"),
        "{err}"
    );
}

fn verified(dir: &Path) -> String {
    let (code, out, err) = told(&run(&["verify", "--data", text(dir)], b""));
    assert_eq!(code, 0, "{out}{err}");
    out
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What `verify` and the rest say of the log's end.
fn head(said: &str) -> &str {
    said.trim().split("head ").nth(1).unwrap()
}

#[test]
fn the_facts_come_back_with_the_same_head_and_the_same_digests() {
    let dir = tempdir().unwrap();
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    let lines: String = facts::files().into_iter().map(|(_, lines)| lines).collect();
    recorded(&first, &lines);
    redact(&first, 300);
    redact(&first, 7);
    // Opened and closed again, its digests are those without what was redacted.
    recorded(&first, "");
    // As people would: one piped into the other.
    let mut export = Command::new(rapporteur())
        .args(["export", "--data", text(&first)])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let restore = Command::new(rapporteur())
        .args(["restore", "-", "--data", text(&second)])
        .stdin(export.stdout.take().unwrap())
        .output()
        .unwrap();
    assert!(export.wait().unwrap().success());
    let (code, out, err) = told(&restore);
    assert_eq!(code, 0, "{err}");
    let verified = [verified(&first), verified(&second)];
    assert!(verified[1].contains("2 of them lawfully redacted"), "{}", verified[1]);
    assert_eq!(head(&verified[0]), head(&verified[1]));
    assert_eq!(head(&out), head(&verified[0]));
    assert!(out.contains("2 of them redacted"), "{out}");
    let rebuilt = [&first, &second].map(|dir| {
        let (code, out, err) = told(&run(&["rebuild", "--json", "--data", text(dir)], b""));
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()
    });
    assert!(rebuilt[0]["views"].as_array().unwrap().len() > 10, "{}", rebuilt[0]);
    assert_eq!(rebuilt[0]["views"], rebuilt[1]["views"]);
    assert_eq!(rebuilt[1]["same"], true, "the restored store has its digests");
    assert!(exported(&first) == exported(&second), "the exports differ");
    // The desk goes on in the restored store, and finds what it has.
    let (code, out, err) = told(&run(&["import", "-", "--data", text(&second)], lines.as_bytes()));
    let all = format!("0 recorded, {} already there, 0 refused", lines.lines().count());
    assert_eq!((code, out.trim()), (0, all.as_str()), "{err}");
}

#[test]
fn a_changed_byte_is_refused_with_its_line_and_leaves_nothing() {
    let (dir, file) = small();
    let target = dir.path().join("new");
    let mut tried = 0;
    for at in (0..file.len() - 1).step_by(97) {
        let mut changed = file.clone().into_bytes();
        changed[at] ^= 1;
        let line = 1 + file.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
        let (code, out, err) = told(&run(&["restore", "-", "--data", text(&target)], &changed));
        assert_eq!(code, 4, "byte {at}: {out}{err}");
        assert!(
            err.contains(&format!("standard input, line {line}: ")),
            "byte {at}: {err}"
        );
        assert!(err.contains("nothing was restored"), "{err}");
        assert!(!target.exists(), "byte {at}: something was left");
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
    assert_eq!(restored(&file, &target).0, 0);
}

#[test]
fn a_file_cut_short_is_refused_and_named() {
    let (dir, file) = small();
    let target = dir.path().join("new");
    let path = dir.path().join("cut.ndjson");
    let ends: Vec<usize> = file.match_indices('\n').map(|(at, _)| at + 1).collect();
    for (cut, line, words) in [
        (ends[3], 4, "after position 4, without its closing record"),
        (ends[4], 5, "after position 5, without its closing record"),
        (ends[3] + 200, 5, "the line ends before its JSON does"),
        (0, 0, "without its closing record"),
    ] {
        fs::write(&path, &file[..cut]).unwrap();
        let (code, _, err) = told(&run(&["restore", text(&path), "--data", text(&target)], b""));
        assert_eq!(code, 4, "{err}");
        assert!(
            err.contains(&format!("{}, line {line}: ", path.display())) && err.contains(words),
            "{err}"
        );
        assert!(!target.exists());
    }
}

#[test]
fn a_store_with_an_event_is_left_as_it_is_and_one_without_is_filled() {
    let (dir, file) = small();
    let store = dir.path().join("store");
    let (code, _, err) = restored(&file, &store);
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("holds events up to position 5"), "{err}");
    assert_eq!(exported(&store), file);
    let empty = dir.path().join("empty");
    recorded(&empty, "");
    let (code, out, err) = restored(&file, &empty);
    assert_eq!(code, 0, "{err}");
    assert_eq!(head(&out), head(&verified(&store)));
    assert_eq!(head(&verified(&empty)), head(&out));
}

#[test]
fn a_store_in_use_is_neither_exported_nor_filled() {
    let (dir, file) = small();
    let served = dir.path().join("served");
    let server = Server::start(&served, &[]);
    let (code, _, err) = restored(&file, &served);
    assert!(code == 1 && err.contains("in use by another process"), "{code} {err}");
    let (code, out, err) = told(&run(&["export", "--data", text(&served)], b""));
    assert!(code == 1 && err.contains("in use by another process"), "{code} {err}");
    assert_eq!(out, "");
    drop(server);
}

#[test]
fn what_is_not_there_is_named() {
    let (code, _, err) = told(&run(
        &["restore", "/nonexistent/file", "--data", "/nonexistent/store"],
        b"",
    ));
    assert!(
        code == 3 && err.contains("cannot read /nonexistent/file"),
        "{code} {err}"
    );
    let (code, _, err) = told(&run(&["export", "--data", "/nonexistent/store"], b""));
    assert!(
        code == 3 && err.contains("no store in /nonexistent/store"),
        "{code} {err}"
    );
    let (code, _, err) = told(&run(&["export", "--endpoint", "ftp://localhost"], b""));
    assert!(
        code == 2 && err.contains("`ftp://localhost` is no address of a server"),
        "{code} {err}"
    );
    let (code, _, err) = told(&run(&["export", "--endpoint", "http://127.0.0.1:1"], b""));
    assert!(
        code == 1 && err.contains("no answer from http://127.0.0.1:1/export.ndjson"),
        "{code} {err}"
    );
}

#[test]
fn a_dry_run_checks_the_file_and_makes_no_store() {
    let (dir, file) = small();
    let target = dir.path().join("new");
    let args = ["restore", "-", "--dry-run", "--data", text(&target)];
    let (code, out, err) = told(&run(&args, file.as_bytes()));
    assert_eq!(code, 0, "{err}");
    assert!(
        out.starts_with("would restore 5 events, 0 of them redacted; head 5 "),
        "{out}"
    );
    let (code, _, err) = told(&run(&args, file.replace("Topic 3", "Topic 4").as_bytes()));
    assert!(
        code == 4 && err.contains("line 4: `data.label` is \"Topic 4\""),
        "{code} {err}"
    );
    assert!(!target.exists());
}

#[test]
fn a_file_appears_once_it_is_whole() {
    let (dir, file) = small();
    let store = dir.path().join("store");
    let out = dir.path().join("export.ndjson");
    fs::write(&out, "from last week").unwrap();
    let args = ["export", "--data", text(&store), "--out", text(&out)];
    let (code, said, err) = told(&run(&args, b""));
    assert!(
        code == 4 && said.is_empty() && err.contains("export.ndjson is there already") && err.contains("--force"),
        "{code} {said}{err}"
    );
    assert_eq!(fs::read_to_string(&out).unwrap(), "from last week");
    let args = [&args[..], &["--force"]].concat();
    let (code, said, err) = told(&run(&args, b""));
    assert_eq!(code, 0, "{err}");
    assert_eq!(head(&said), head(&verified(&store)));
    assert_eq!(fs::read_to_string(&out).unwrap(), file);
    // A store that cannot be read to its end leaves the file that was there.
    let head_file = store.join("head");
    fs::write(&head_file, "gone").unwrap();
    let (code, _, err) = told(&run(&args, b""));
    assert_eq!(code, 5, "{err}");
    assert_eq!(fs::read_to_string(&out).unwrap(), file);
    let names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "something was left: {names:?}");
    let (code, _, err) = told(&run(
        &["export", "--data", text(&store), "--out", text(dir.path())],
        b"",
    ));
    assert!(code == 1 && err.contains("cannot write"), "{code} {err}");
}

#[test]
fn a_server_of_the_environment_is_asked_for_its_export() {
    let (dir, file) = small();
    let server = Server::start(&dir.path().join("store"), &[]);
    let export = Command::new(rapporteur())
        .arg("export")
        .env("RAPPORTEUR_ENDPOINT", format!("http://{}", server.address))
        .env("RAPPORTEUR_DATA", dir.path().join("nowhere"))
        .output()
        .unwrap();
    let (code, out, err) = told(&export);
    assert_eq!((code, out), (0, file), "{err}");
}

#[test]
fn a_redaction_leaves_nothing_to_compare_and_no_damage() {
    let (dir, _) = small();
    let store = dir.path().join("store");
    let rebuilt = || {
        let (code, out, err) = told(&run(&["rebuild", "--data", text(&store)], b""));
        assert_eq!(code, 0, "{out}{err}");
        out
    };
    assert!(rebuilt().contains("the same as served"));
    take_out(&store, 2);
    let said = rebuilt();
    assert!(
        said.contains("5 events, ") && said.contains("something was redacted since digests were noted"),
        "{said}"
    );
    let (_, json, _) = told(&run(&["rebuild", "--json", "--data", text(&store)], b""));
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["same"], Value::Null);
    // Opened to write and closed again, it has digests of what is left.
    recorded(&store, "");
    assert!(rebuilt().contains("the same as served"));
}

#[test]
fn an_export_that_nobody_reads_on_ends_quietly() {
    let dir = tempdir().unwrap();
    let lines: String = facts::files().into_iter().map(|(_, lines)| lines).collect();
    recorded(dir.path(), &lines);
    let mut child = Command::new(rapporteur())
        .args(["export", "--data", text(dir.path())])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(told(&output), (0, String::new(), String::new()));
}

/// A restore that has read `input` and waits for more.
fn waiting(dir: &Path, input: &str) -> Child {
    let mut child = Command::new(rapporteur())
        .args(["restore", "-", "--data", text(dir)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.as_mut().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    stdin.flush().unwrap();
    let asked = Instant::now();
    while !dir.join("redacted").exists() {
        assert!(asked.elapsed() < Duration::from_secs(30), "the restore does not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn signal(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

#[test]
fn an_interrupted_restore_leaves_nothing_and_a_killed_one_no_store() {
    let (dir, file) = small();
    let target = dir.path().join("new");
    let half = &file[..file.len() / 2];
    let mut child = waiting(&target, half);
    let held = child.stdin.take();
    signal(&child, "-INT");
    let (code, _, err) = told(&child.wait_with_output().unwrap());
    drop(held);
    assert!(
        code == 130 && err.contains("nothing was restored, run it again"),
        "{code} {err}"
    );
    assert!(!target.exists(), "something was left");
    let mut child = waiting(&target, half);
    let held = child.stdin.take();
    signal(&child, "-KILL");
    child.wait().unwrap();
    drop(held);
    let (code, _, err) = told(&run(&["verify", "--data", text(&target)], b""));
    assert!(code == 1 && err.contains("never finished"), "{code} {err}");
    let (code, out, err) = restored(&file, &target);
    assert_eq!(code, 0, "{err}");
    assert_eq!(head(&out), head(&verified(&target)));
}

#[test]
fn a_running_server_is_exported_while_it_records() {
    let (dir, file) = small();
    let store = dir.path().join("store");
    let server = Server::start(&store, &[]);
    let url = format!("http://{}", server.address);
    for url in [&url, &format!("{url}/"), &format!("{url}/graphql")] {
        let (code, out, err) = told(&run(&["export", "--endpoint", url], b""));
        assert_eq!((code, &out), (0, &file), "{err}");
    }
    let mut client = server.connect();
    client.data(REGISTER, &json!({ "slug": "later" })).unwrap();
    let out = dir.path().join("live.ndjson");
    let (code, said, err) = told(&run(&["export", "--endpoint", &url, "--out", text(&out)], b""));
    assert!(code == 0 && said.starts_with("exported 6 events"), "{code} {said}{err}");
    let (status, told) = client.get("/export.ndjson/").unwrap();
    assert_eq!(status, 404, "{told}");
    assert_eq!(server.stop(), 0);
    assert_eq!(fs::read_to_string(&out).unwrap(), exported(&store));
}

/// Exports of every released form, which must be restored for ever.
#[test]
fn golden_exports_are_restored_for_ever() {
    let dir = root().join("fixtures/exports");
    let golden = dir.join("2.ndjson");
    if std::env::var_os("RAPPORTEUR_BLESS").is_some() && !golden.exists() {
        fs::create_dir_all(&dir).unwrap();
        fs::write(&golden, made()).unwrap();
    }
    let mut tried = 0;
    for entry in fs::read_dir(&dir).unwrap() {
        let file = fs::read_to_string(entry.unwrap().path()).unwrap();
        let end: Value = serde_json::from_str(file.lines().last().unwrap()).unwrap();
        let new = tempdir().unwrap();
        let (code, out, err) = restored(&file, new.path());
        assert_eq!(code, 0, "{err}");
        let expected = format!(
            "{} {}",
            end["position"].as_str().unwrap(),
            end["hash"].as_str().unwrap()
        );
        assert_eq!(head(&out), expected);
        if file.contains("dossier.record-redacted") {
            assert_eq!(head(&verified(new.path())), expected);
        } else {
            // Before redactions were recorded, payloads went without a word. One that is recorded later makes it right.
            let (code, out, _) = told(&run(&["verify", "--data", text(new.path())], b""));
            assert_eq!(code, 5, "{out}");
            assert!(out.contains("at position 3 said is gone, and no event says"), "{out}");
            redact(new.path(), 3);
            assert!(verified(new.path()).contains("1 of them lawfully redacted"));
        }
        assert!(Hash::parse(end["hash"].as_str().unwrap()).is_some());
        tried += 1;
    }
    assert!(tried >= 1, "there is no golden export");
}

/// A store with a batch, a key, several versions of a dossier, any script, and what was corrected, retracted and redacted.
fn made() -> String {
    let dir = tempdir().unwrap();
    let lines = [
        json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "Wire", "publisher": "Agency", "publishedOn": "2026-01-06" } }),
        json!({ "registerParty": { "slug": "ua", "kind": "STATE", "name": "Україна" } }),
        json!({ "registerTopic": { "slug": "withdrawn", "label": "Withdrawn" } }),
        json!({ "scheduleMeeting": { "slug": "paris", "title": "Paris \"summit\"", "plannedFor": "2026-01-06", "idempotencyKey": "paris-1",
            "evidence": { "citations": [{ "source": "wire" }] } } }),
        json!({ "rescheduleMeeting": { "slug": "paris", "plannedFor": { "edtf": "2026-01", "qualifier": "LATE", "phrase": "later in January" },
            "evidence": { "citations": [{ "source": "wire", "attribution": { "speaker": "officials", "anonymous": true } }] } } }),
        json!({ "recordClaim": { "slug": "troops", "summary": "15,000 to 20,000 troops", "claimedOn": "2026-01-06", "about": ["paris", "ua"],
            "quantities": [{ "what": "troops", "min": 15000, "max": 20000 }], "evidence": { "citations": [{ "source": "wire" }] } } }),
    ];
    recorded(dir.path(), &lines.map(|line| format!("{line}\n")).concat());
    let server = Server::start(dir.path(), &[]);
    let batch = "mutation { record(commands: [{ registerTopic: { slug: \"a\", label: \"A\" } }, { registerTopic: { slug: \"b\", label: \"B\" } }]) { __typename } }";
    let answered = server.connect().data(batch, &json!({}));
    assert!(answered.is_ok(), "{answered:?}");
    assert_eq!(server.stop(), 0);
    let evidence = json!({ "citations": [{ "source": "wire" }] });
    let amended = [
        json!({ "recordClaim": { "slug": "troops", "summary": "10,000 to 20,000 troops", "claimedOn": "2026-01-06", "evidence": evidence,
            "corrects": { "position": 6, "reason": "Misread." } } }),
        json!({ "retractRecord": { "dossier": "a", "position": 7, "reason": "No topic." } }),
    ];
    recorded(dir.path(), &amended.map(|line| format!("{line}\n")).concat());
    redact(dir.path(), 3);
    exported(dir.path())
}
