//! A full disk and one that is nearly full, as clients and the command line see them. Needs root: it mounts small file
//! systems in memory.

use crate::binary::{REGISTER, Server, run, told};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::tempdir;

struct Small(PathBuf);

/// Has the binary fill a disk to its end.
const TO_THE_END: [&str; 2] = ["env", "RAPPORTEUR_KEEP_FREE=0"];

impl Small {
    fn new(at: &Path) -> Self {
        Self::of("3m", at)
    }

    fn of(size: &str, at: &Path) -> Self {
        let options = format!("size={size}");
        mount(&["-t", "tmpfs", "-o", &options, "tmpfs", at.to_str().unwrap()]);
        Self(at.to_owned())
    }

    fn grow(&self) {
        mount(&["-o", "remount,size=64m", self.0.to_str().unwrap()]);
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _best_effort = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn mount(args: &[&str]) {
    let status = Command::new("mount").args(args).status().unwrap();
    assert!(
        status.success(),
        "`mount {}` failed: this test needs root",
        args.join(" ")
    );
}

fn line(n: usize) -> String {
    let label = "x".repeat(180);
    format!("{{\"registerTopic\": {{\"slug\": \"t{n}\", \"label\": \"{label}\"}}}}\n")
}

#[test]
fn a_full_disk_is_told_in_words_and_nothing_acknowledged_is_lost() {
    let dir = tempdir().unwrap();
    let small = Small::new(dir.path());
    let store = dir.path().join("store");
    let data = store.to_str().unwrap();
    let server = Server::start(&store, &TO_THE_END);
    let mut client = server.connect();
    client.data(REGISTER, &json!({ "slug": "first" })).unwrap();
    fs::write(dir.path().join("filler"), vec![1; 3 << 20]).unwrap_err();
    let mut recorded = 1;
    let answer = loop {
        let body = json!({ "query": REGISTER, "variables": { "slug": format!("s{recorded}") } });
        let (_, text) = client.post(&body.to_string()).unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        if answer["data"]["registerTopic"]["__typename"] != "Recorded" {
            break answer;
        }
        recorded += 1;
        assert!(recorded < 20_000, "the disk never got full");
    };
    let body = json!({ "query": REGISTER, "variables": { "slug": "more" } }).to_string();
    let again: Value = serde_json::from_str(&client.post(&body).unwrap().1).unwrap();
    for (answer, said) in [
        (&answer, "nothing is known to be recorded"),
        (&again, "nothing was recorded"),
    ] {
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{answer}");
        let message = error["message"].as_str().unwrap();
        for part in [
            said,
            "the disk of the store is full",
            "restart rapporteur",
            "idempotencyKey",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
    let (status, text) = client.get("/livez").unwrap();
    assert!(
        status == 503 && text.contains("nothing can be recorded") && text.contains("space"),
        "{status} {text}"
    );
    let position = client.data("{ store { position } }", &json!({})).unwrap();
    assert_eq!(position["store"]["position"], recorded, "reading goes on");
    drop(server);

    fs::remove_file(dir.path().join("filler")).unwrap();
    small.grow();
    let (code, out, err) = told(&run(&["verify", "--data", data], b""));
    assert_eq!(code, 0, "{out}{err}");
    let server = Server::start(&store, &TO_THE_END);
    let kept = server.connect().data("{ store { position } }", &json!({})).unwrap();
    let kept = kept["store"]["position"].as_u64().unwrap();
    assert!((recorded..=recorded + 1).contains(&kept), "{kept} kept of {recorded}");
}

#[test]
fn a_disk_that_is_nearly_full_is_read_only_until_there_is_room_again() {
    let dir = tempdir().unwrap();
    let _small = Small::of("90m", dir.path());
    let (store, filler) = (dir.path().join("store"), dir.path().join("filler"));
    let server = Server::start(&store, &[]);
    let mut client = server.connect();
    let mut register = |slug: &str| {
        let body = json!({ "query": REGISTER, "variables": { "slug": slug } });
        let (_, text) = client.post(&body.to_string()).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(register("first")["data"]["registerTopic"]["__typename"], "Recorded");
    fs::write(&filler, vec![1; 40 << 20]).unwrap();
    let refused = register("second");
    let error = &refused["errors"][0];
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{refused}");
    let message = error["message"].as_str().unwrap();
    for part in [
        "nothing was recorded",
        "64 MiB are to be kept free",
        "free some space and try again",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert!(!message.contains("restart"), "{message}");
    let mut other = server.connect();
    let (status, text) = other.get("/livez").unwrap();
    assert!(status == 503 && text.contains("MiB free"), "{status} {text}");
    let position = other.data("{ store { position } }", &json!({})).unwrap();
    assert_eq!(position["store"]["position"], 1, "reading goes on");
    let (code, out, err) = told(&run(
        &["import", "-", "--data", dir.path().join("other").to_str().unwrap()],
        line(1).as_bytes(),
    ));
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("64 MiB are to be kept free"), "{err}");

    fs::remove_file(&filler).unwrap();
    assert_eq!(register("second")["data"]["registerTopic"]["position"], 2);
    assert_eq!(other.get("/livez").unwrap().0, 200);
}

#[test]
fn an_import_stopped_by_a_full_disk_tells_its_counts_and_is_run_again() {
    let dir = tempdir().unwrap();
    let small = Small::new(dir.path());
    let data = dir.path().join("store");
    let data = data.to_str().unwrap();
    let file: String = (0..12_000).map(line).collect();
    let import = || {
        told(&run(
            &["import", "-", "--data", data, "--keep-free", "0"],
            file.as_bytes(),
        ))
    };
    let (code, out, err) = import();
    assert_eq!(code, 1, "{out}{err}");
    let recorded: usize = out.split(' ').next().unwrap().parse().unwrap();
    assert!(
        recorded > 0 && out.contains(" recorded, 0 already there, 0 refused"),
        "{out}"
    );
    assert!(err.contains("run the import again"), "{err}");
    let last = err.lines().last().unwrap();
    assert_eq!(last.matches("the log could not write").count(), 1, "{last}");
    let (code, _, err) = import();
    assert_eq!(code, 1, "still full: {err}");
    small.grow();
    let (code, out, err) = import();
    assert_eq!(code, 0, "{out}{err}");
    let told_there: usize = out.split(' ').nth(2).unwrap().parse().unwrap();
    assert!(told_there >= recorded, "{out}");
}

#[test]
fn a_restore_or_an_export_stopped_by_a_full_disk_leaves_nothing_and_is_run_again() {
    let (dir, roomy) = (tempdir().unwrap(), tempdir().unwrap());
    let small = Small::new(dir.path());
    let (first, second) = (roomy.path().join("store"), dir.path().join("store"));
    let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
    let (file, copy) = (roomy.path().join("file.ndjson"), dir.path().join("file.ndjson"));
    let (file, copy) = (file.to_str().unwrap(), copy.to_str().unwrap());
    let lines: String = (0..6_000).map(line).collect();
    let (code, out, err) = told(&run(&["import", "-", "--data", first], lines.as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
    let export = |out| told(&run(&["export", "--data", first, "--out", out], b""));
    let (code, exported, err) = export(file);
    assert_eq!(code, 0, "{err}");
    let restore = || told(&run(&["restore", file, "--data", second, "--keep-free", "0"], b""));
    for (code, out, err) in [export(copy), restore()] {
        assert_eq!(code, 1, "{out}{err}");
        assert!(
            err.contains("No space left") || err.contains("is full; nothing was restored"),
            "{err}"
        );
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            0,
            "something was left: {err}"
        );
    }
    small.grow();
    assert_eq!(export(copy).0, 0);
    let (code, restored, err) = restore();
    assert_eq!(code, 0, "{err}");
    assert_eq!(restored.split("head ").nth(1), exported.split("head ").nth(1));
}
