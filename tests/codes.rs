//! Exit codes where something is wrong with a store, and how tasks stop.

use crate::binary::{REGISTER, Server, run, told};
use rapporteur_log::{EventLog, Hash};
use rapporteur_log_sled::{Options, SledLog};
use rapporteur_testkit::drafts::{append, draft_of};
use rapporteur_testkit::rng::Rng;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::tempdir;

fn topics(data: &str, n: usize) {
    let lines: String = (0..n)
        .map(|n| format!("{{\"registerTopic\": {{\"slug\": \"t{n}\", \"label\": \"A label of topic {n}\"}}}}\n"))
        .collect();
    let (code, out, err) = told(&run(&["import", "-", "--data", data], lines.as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_store_without_one_of_its_files_or_with_another_content_is_damaged_and_the_file_named() {
    for file in ["format", "head", "redacted", "sled/conf", "sled/db"] {
        for content in [None, Some("of another kind")] {
            if content.is_some() && ["redacted", "sled/db"].contains(&file) {
                continue; // A torn entry is lawful; sled takes a short file for an empty one, which the head marker tells.
            }
            let dir = tempdir().unwrap();
            let data = dir.path().to_str().unwrap();
            topics(data, 1);
            let path = dir.path().join(file);
            match content {
                None => fs::remove_file(&path).unwrap(),
                Some(content) => fs::write(&path, content).unwrap(),
            }
            for task in [
                &["verify"][..],
                &["rebuild"],
                &["import", "-"],
                &["serve", "--listen", "127.0.0.1:0"],
            ] {
                let (code, out, err) = told(&run(&[task, &["--data", data]].concat(), b""));
                assert_eq!(code, 5, "{task:?} without {file}: {out}{err}");
                assert!(err.contains(path.to_str().unwrap()), "{task:?}: {err}");
                assert!(err.contains("restore from a backup"), "{task:?}: {err}");
            }
        }
    }
}

#[test]
fn damage_met_in_replay_is_damage_for_every_task() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    topics(data, 3_000);
    topics(data, 1); // Opened again: sled has a snapshot, and does not look at the damage when it opens.
    let path = dir.path().join("sled/db");
    let mut bytes = fs::read(&path).unwrap();
    let label = b"A label of topic 17";
    let places: Vec<usize> = (0..bytes.len() - label.len())
        .filter(|at| bytes[*at..].starts_with(label))
        .collect();
    assert!(!places.is_empty(), "the label is nowhere in sled's file");
    places.into_iter().for_each(|at| bytes[at] ^= 4);
    fs::write(&path, bytes).unwrap();
    for task in [&["rebuild"][..], &["serve", "--listen", "127.0.0.1:0"], &["verify"]] {
        let (code, out, err) = told(&run(&[task, &["--data", data]].concat(), b""));
        assert_eq!(code, 5, "{task:?}: {out}{err}");
        assert!(!format!("{out}{err}").contains("backtrace"), "{task:?}: {out}{err}");
    }
}

#[test]
fn an_event_of_a_newer_kind_is_no_damage() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let log = SledLog::open(dir.path(), &Options::default()).unwrap();
    let mut draft = draft_of(10, &mut Rng::new(1));
    draft.kind = "plan.sung".into();
    append(&log, vec![draft]);
    drop(log);
    for task in [&["verify"][..], &["rebuild"], &["serve", "--listen", "127.0.0.1:0"]] {
        let (code, out, err) = told(&run(&[task, &["--data", data]].concat(), b""));
        assert_eq!(code, 1, "{task:?}: {out}{err}");
        assert!(
            err.contains("`plan.sung` version 1") && err.contains("newer rapporteur"),
            "{err}"
        );
    }
}

#[test]
fn a_directory_that_may_not_be_written_is_no_damage() {
    let (code, _, err) = told(&run(&["import", "-", "--data", "/sys/rapporteur"], b""));
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("could not be opened") && err.contains("/sys/rapporteur"),
        "{err}"
    );
}

#[test]
fn a_store_is_in_use_although_its_lock_was_deleted() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let server = Server::start(dir.path(), &[]);
    fs::remove_file(dir.path().join("lock")).unwrap();
    for task in [&["verify"][..], &["import", "-"]] {
        let (code, _, err) = told(&run(&[task, &["--data", data]].concat(), b""));
        assert_eq!(code, 1, "{task:?}: {err}");
        assert!(err.contains("in use by another process"), "{task:?}: {err}");
    }
    server.connect().data(REGISTER, &json!({ "slug": "after" })).unwrap();
}

#[test]
fn a_rebuild_compares_with_what_was_served_and_says_where_it_cannot() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    topics(data, 3);
    let rebuild = || told(&run(&["rebuild", "--data", data], b""));
    let (code, out, err) = rebuild();
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("3 events, ") && out.contains("the same as served"),
        "{out}"
    );

    let path = dir.path().join("digests");
    let text = fs::read_to_string(&path).unwrap();
    let mut noted: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    noted["views"][0]["digest"] = "0".repeat(64).into();
    let json = noted.to_string();
    fs::write(&path, format!("{json}\n{}\n", Hash::of(&[json.as_bytes()]))).unwrap();
    let (code, out, err) = rebuild();
    assert_eq!((code, out.matches("DIFFERS").count()), (5, 1), "{out}{err}");
    assert!(err.contains("differs from what was served"), "{err}");

    fs::write(&path, format!("{json}\n{}\n", Hash::of(&[b"another"]))).unwrap();
    let (code, out, _) = rebuild();
    assert!(code == 0 && out.contains("nothing was compared"), "{code} {out}");

    topics(data, 3);
    let mut server = Server::start(dir.path(), &[]);
    server.connect().data(REGISTER, &json!({ "slug": "later" })).unwrap();
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let (code, out, _) = told(&run(&["rebuild", "--json", "--data", data], b""));
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &told["position"], &told["same"]), (0, &json!(4), &Value::Null));
}

#[test]
fn a_server_stops_well_when_asked_and_at_once_when_asked_twice() {
    let dir = tempdir().unwrap();
    for signal in ["-INT", "-TERM"] {
        let mut server = Server::start(dir.path(), &[]);
        assert_eq!(stop(&mut server, &[signal]), 0, "{signal}");
    }
    let mut server = Server::start(dir.path(), &[]);
    let mut half = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n",
        server.address
    );
    half.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let asked = Instant::now();
    assert_eq!(stop(&mut server, &["-INT", "-INT"]), 130);
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    assert_eq!(
        told(&run(&["verify", "--data", dir.path().to_str().unwrap()], b"")).0,
        0
    );
}

/// Sends the signals, and gives the exit code.
fn stop(server: &mut Server, signals: &[&str]) -> i32 {
    let pid = server.child.id().to_string();
    for signal in signals {
        Command::new("kill").args([*signal, &pid]).status().unwrap();
        std::thread::sleep(Duration::from_millis(300));
    }
    server.child.wait().unwrap().code().unwrap_or(-1)
}

#[test]
fn help_tells_the_codes_and_how_to_allow_more_time() {
    let (_, out, _) = told(&run(&["--help"], b""));
    for code in [
        "0    ok",
        "1    failed",
        "2    usage",
        "3    not found",
        "4    refused",
        "5    damaged",
        "130  interrupted",
    ] {
        assert!(out.contains(code), "{code} is missing from:\n{out}");
    }
    for task in ["demo", "serve", "import", "rebuild", "verify"] {
        let (_, out, _) = told(&run(&[task, "--help"], b""));
        assert!(out.contains("--open-max <SECONDS>"), "{task}:\n{out}");
    }
}

#[test]
fn a_verify_leaves_no_copy_behind() {
    let (dir, temporary) = (tempdir().unwrap(), tempdir().unwrap());
    topics(dir.path().to_str().unwrap(), 1);
    let verified = Command::new(crate::binary::rapporteur())
        .args([Path::new("verify"), Path::new("--data"), dir.path()])
        .env("TMPDIR", temporary.path())
        .output();
    assert_eq!(told(&verified.unwrap()).0, 0);
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn a_store_that_is_only_looked_at_takes_no_appends() {
    let dir = tempdir().unwrap();
    topics(dir.path().to_str().unwrap(), 1);
    let log = SledLog::open_to_check(dir.path(), &Options::default()).unwrap();
    assert_eq!(log.head().unwrap().position, 1);
    assert!(log.unwritable().is_some_and(|why| why.contains("to be checked")));
    assert!(log.redact(1).is_err());
}

#[test]
fn a_running_server_checks_its_own_store() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    topics(data, 1_500);
    let server = Server::start(dir.path(), &[]);
    let verify = || {
        told(&run(
            &["verify", "--endpoint", &format!("http://{}", server.address)],
            b"",
        ))
    };
    let (code, out, err) = verify();
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("whole: 1500 events in "), "{out}");
    assert!(out.contains("0 of them lawfully redacted; head 1500 "), "{out}");
    let mut client = server.connect();
    client.data(REGISTER, &json!({ "slug": "meanwhile" })).unwrap();
    let (code, out, err) = verify();
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("whole: 1501 events in "), "{out}");
    let looked = client.data(
        "{ store { verification { whole done total endedAt damages } } }",
        &json!({}),
    );
    let looked = &looked.unwrap()["store"]["verification"];
    assert_eq!(looked["whole"], json!(true));
    assert_eq!((&looked["done"], &looked["total"]), (&json!(3002), &json!(3002)));
    assert!(looked["endedAt"].is_string());

    let path = dir.path().join("head");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, vec![7; whole.len()]).unwrap();
    let (code, out, err) = verify();
    assert_eq!(code, 5, "{out}{err}");
    assert!(out.contains("neither of its two slots can be read"), "{out}");
    assert!(err.contains("is damaged; it may still have in memory"), "{err}");
    assert!(err.contains("first; then stop it, keep a copy"), "{err}");
    fs::write(&path, whole).unwrap();
    assert_eq!(verify().0, 0);

    // sled has all of it in memory; what is on the disk is another thing.
    let path = dir.path().join("sled/db");
    let db = File::options().read(true).write(true).open(&path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let label = b"A label of topic 1234";
    let places = (0..bytes.len() - label.len()).filter(|at| bytes[*at..].starts_with(label));
    let places: Vec<usize> = places.collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| db.write_all_at(b"B", *at as u64).unwrap());
    let (code, out, err) = verify();
    assert_eq!(code, 5, "{out}{err}");
    assert!(
        out.contains("does not hold the event at position 1235 whole any more"),
        "{out}"
    );
    places.iter().for_each(|at| db.write_all_at(b"A", *at as u64).unwrap());
    assert_eq!(verify().0, 0);
    fs::rename(&path, dir.path().join("sled/elsewhere")).unwrap();
    assert_eq!(verify().0, 5);
    fs::rename(dir.path().join("sled/elsewhere"), &path).unwrap();
    let link = "rapporteur:permalink";
    let (code, _, err) = told(&run(
        &[
            "verify",
            "--endpoint",
            &format!("http://{}", server.address),
            "--permalink",
            link,
        ],
        b"",
    ));
    assert_eq!(code, 2, "{err}");
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_directory_that_cannot_be_looked_into_is_not_told_as_no_store() {
    let dir = tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    std::os::unix::fs::symlink(&other, &one).unwrap();
    std::os::unix::fs::symlink(&one, &other).unwrap();
    let (code, _, err) = told(&run(&["verify", "--data", one.to_str().unwrap()], b""));
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("cannot be looked into"), "{err}");
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let (code, _, err) = told(&run(&["verify", "--data", file.to_str().unwrap()], b""));
    assert_eq!(code, 3, "{err}");
}
