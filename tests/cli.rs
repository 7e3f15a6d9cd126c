//! The command line: output, reports, exit codes.

use crate::binary::{Server, run, told};
use rapporteur_log::Hash;
use std::fs;
use tempfile::tempdir;

const TOPIC: &str = r#"{"registerTopic": {"slug": "ceasefire", "label": "Ceasefire"}}"#;

#[test]
fn help_names_every_command() {
    let (code, out, _) = told(&run(&["--help"], b""));
    assert_eq!(code, 0);
    for command in [
        "demo", "serve", "import", "export", "restore", "rebuild", "verify", "schema",
    ] {
        assert!(
            out.contains(&format!("  {command} ")),
            "{command} is missing from:\n{out}"
        );
    }
}

#[test]
fn addresses_that_others_can_reach_are_refused_as_usage() {
    for address in ["0.0.0.0:8417", "[::]:8417", "192.168.1.5:8417"] {
        let (code, _, err) = told(&run(&["serve", "--listen", address, "--data", "/nonexistent"], b""));
        assert_eq!(code, 2, "{address}: {err}");
        assert!(err.contains("listen on 127.0.0.1 or"), "{err}");
    }
    let (code, _, _) = told(&run(&["fly"], b""));
    assert_eq!(code, 2);
}

#[test]
fn a_missing_store_is_named() {
    for task in ["verify", "rebuild"] {
        let (code, _, err) = told(&run(&[task, "--data", "/nonexistent/store"], b""));
        assert_eq!(code, 3);
        assert!(err.contains("there is no store in /nonexistent/store"), "{err}");
    }
    let (code, _, err) = told(&run(
        &["import", "/nonexistent/file", "--data", "/nonexistent/store"],
        b"",
    ));
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("cannot read /nonexistent/file"), "{err}");
}

#[test]
fn a_store_is_open_in_one_process_at_a_time() {
    let dir = tempdir().unwrap();
    let _server = Server::start(dir.path(), &[]);
    let (code, _, err) = told(&run(&["verify", "--data", dir.path().to_str().unwrap()], b""));
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("in use by another process") && err.contains(dir.path().to_str().unwrap()),
        "{err}"
    );
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    assert_eq!(told(&run(&["import", "-", "--data", data], TOPIC.as_bytes())).0, 0);
    let format = dir.path().join("format");
    let text = fs::read_to_string(&format).unwrap();
    let conf = text.lines().nth(1).unwrap();
    let body = format!("rapporteur log store 9\n{conf}\n");
    fs::write(&format, format!("{body}checksum {}\n", Hash::of(&[body.as_bytes()]))).unwrap();
    let (code, _, err) = told(&run(&["verify", "--data", data], b""));
    assert_eq!(code, 1);
    assert!(err.contains("format 9") && err.contains("at least as new"), "{err}");
    let garbled = fs::read_to_string(&format).unwrap().replace("store 9", "store 2");
    fs::write(&format, garbled).unwrap();
    let (code, _, err) = told(&run(&["verify", "--data", data], b""));
    assert_eq!(code, 5, "{err}");
    assert!(err.contains("format"), "{err}");
}

#[test]
fn an_import_reports_each_line_and_is_run_again_without_harm() {
    let dir = tempdir().unwrap();
    let data = dir.path().join("store");
    let data = data.to_str().unwrap();
    let file = [
        TOPIC,
        r#"{"registerTopic": {"slug": "Not A Slug", "label": ""}}"#,
        r#"{"recordHappening": {"slug": "h", "kind": "VOTE", "summary": "A vote.", "happenedOn": "2026-13-01",
            "evidence": {"citations": [{"source": "nowhere"}]}}}"#
            .replace('\n', " ")
            .leak(),
        r#"{"registerTopic": {"slug": "#,
    ]
    .join("\n");
    let (code, out, _) = told(&run(&["import", "-", "--data", data, "--dry-run"], file.as_bytes()));
    assert_eq!(code, 4);
    assert!(out.contains("1 would be recorded, 0 already there, 3 refused"), "{out}");
    let (code, out, err) = told(&run(&["import", "-", "--data", data], file.as_bytes()));
    assert_eq!(code, 4, "{err}");
    assert!(out.contains("1 recorded, 0 already there, 3 refused"), "{out}");
    assert!(out.contains("line 2: registerTopic.slug: 'N' at byte 0"), "{out}");
    assert!(out.contains("line 2: registerTopic.label: the text is empty"), "{out}");
    assert!(
        out.contains("line 3: recordHappening.happenedOn:") && out.contains("2026-13-01"),
        "{out}"
    );
    assert!(out.contains("line 4: the line ends before its JSON does"), "{out}");
    let whole = [
        TOPIC,
        r#"{"registerTopic": {"slug": "territory", "label": "Territory"}}"#,
    ]
    .join("\n");
    let (code, out, _) = told(&run(&["import", "-", "--data", data], whole.as_bytes()));
    assert_eq!((code, out.trim()), (0, "1 recorded, 1 already there, 0 refused"));
    let (code, out, _) = told(&run(&["verify", "--data", data], b""));
    assert_eq!(code, 0);
    assert!(out.starts_with("whole: 2 events"), "{out}");
}

#[test]
fn unknown_references_large_events_and_bytes_that_are_no_text_are_refused_by_line() {
    let dir = tempdir().unwrap();
    let data = dir.path().join("store");
    let long = "x".repeat(7_900);
    let quantity = format!(r#"{{"what": "n", "value": 1, "note": "{long}"}}"#);
    let many = vec![quantity; 9].join(",");
    let source = r#"{"registerSource": {"slug": "s", "kind": "WIRE", "title": "T", "publisher": "P"}}"#;
    let large = format!(
        r#"{{"recordClaim": {{"slug": "c", "summary": "s", "claimedOn": "2026", "quantities": [{many}], "evidence": {{"citations": [{{"source": "s"}}]}}}}}}"#
    );
    let unknown = r#"{"recordClaim": {"slug": "d", "summary": "s", "claimedOn": "2026", "about": ["who"], "evidence": {"citations": [{"source": "nowhere"}]}}}"#;
    let mut file = format!("{source}\n{large}\n{unknown}\n").into_bytes();
    file.extend(b"\xff\xfe\n");
    file.extend("{".repeat(1_100_000).into_bytes());
    let (code, out, _) = told(&run(&["import", "-", "--data", data.to_str().unwrap()], &file));
    assert_eq!(code, 4);
    assert!(
        out.contains("line 2: recordClaim: the event would have") && out.contains("65536"),
        "{out}"
    );
    assert!(
        out.contains("line 3: recordClaim.evidence.citations[0].source: no source `nowhere` is recorded"),
        "{out}"
    );
    assert!(
        out.contains("line 3: recordClaim.about[0]: no dossier `who` is recorded"),
        "{out}"
    );
    assert!(out.contains("line 4: byte 1 of the line is not UTF-8"), "{out}");
    assert!(out.contains("line 5: the line has more than 1048576 bytes"), "{out}");
    assert!(out.contains("1 recorded, 0 already there, 4 refused"), "{out}");
}

#[test]
fn what_only_looks_makes_no_store() {
    let dir = tempdir().unwrap();
    let data = dir.path().join("store");
    let data = data.to_str().unwrap();
    let (code, out, err) = told(&run(&["import", "-", "--dry-run", "--data", data], TOPIC.as_bytes()));
    assert_eq!(
        (code, out.trim()),
        (0, "1 would be recorded, 0 already there, 0 refused"),
        "{err}"
    );
    let (code, _, err) = told(&run(&["import", dir.path().to_str().unwrap(), "--data", data], b""));
    assert_eq!(code, 1, "{err}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, _, err) = told(&run(&["serve", "--listen", &address, "--data", data], b""));
    assert_eq!(code, 1, "{err}");
    assert!(!std::path::Path::new(data).exists(), "a store was made");
}

#[test]
fn a_dry_run_on_a_store_leaves_it_as_it_is() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    assert_eq!(told(&run(&["import", "-", "--data", data], TOPIC.as_bytes())).0, 0);
    let before = files(dir.path());
    let other = TOPIC.replace("ceasefire", "territory");
    let both = format!("{TOPIC}\n{other}");
    let (code, out, err) = told(&run(&["import", "-", "--dry-run", "--data", data], both.as_bytes()));
    assert_eq!(
        (code, out.trim()),
        (0, "1 would be recorded, 1 already there, 0 refused"),
        "{err}"
    );
    assert_eq!(told(&run(&["verify", "--data", data], b"")).0, 0);
    assert_eq!(files(dir.path()), before, "looking changed a file");
}

/// Every file below `dir` with its content.
fn files(dir: &std::path::Path) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn a_damaged_marker_is_told_each_time_and_not_mended_by_looking() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    assert_eq!(told(&run(&["import", "-", "--data", data], TOPIC.as_bytes())).0, 0);
    let head = dir.path().join("head");
    let mut bytes = fs::read(&head).unwrap();
    bytes[60] ^= 1;
    fs::write(&head, bytes).unwrap();
    for _ in 0..2 {
        let (code, out, err) = told(&run(&["verify", "--data", data], b""));
        assert_eq!(code, 5, "{out}{err}");
        assert!(format!("{out}{err}").contains("head"), "{out}{err}");
    }
}

#[test]
fn output_that_nobody_reads_is_no_failure() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    assert_eq!(told(&run(&["import", "-", "--data", data], TOPIC.as_bytes())).0, 0);
    let file = dir.path().join("lines.ndjson");
    fs::write(&file, "no JSON\n".repeat(2_000)).unwrap();
    let import = ["import", file.to_str().unwrap(), "--data", data];
    for (task, expected) in [
        (&["verify", "--data", data][..], 0),
        (&["rebuild", "--data", data], 0),
        (&import, 4),
    ] {
        let mut child = std::process::Command::new(crate::binary::rapporteur())
            .args(task)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(expected), "{task:?}: {said}");
        assert!(!said.contains("panicked"), "{task:?}: {said}");
    }
}

#[test]
fn an_interrupted_import_reports_what_it_did_and_goes_on_when_run_again() {
    use std::io::Write;
    let dir = tempdir().unwrap();
    let data = dir.path().join("store");
    let data = data.to_str().unwrap();
    let mut child = std::process::Command::new(crate::binary::rapporteur())
        .args(["import", "-", "--data", data])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{TOPIC}").unwrap();
    input.flush().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let pid = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    drop(input);
    let (code, out, err) = told(&output);
    assert_eq!(code, 130, "{out}{err}");
    assert!(out.contains("1 recorded, 0 already there, 0 refused"), "{out}{err}");
    assert!(err.contains("run it again"), "{err}");
    let (code, out, _) = told(&run(&["import", "-", "--data", data], TOPIC.as_bytes()));
    assert_eq!((code, out.trim()), (0, "0 recorded, 1 already there, 0 refused"));
}

#[test]
fn the_demo_records_nothing_in_a_desks_own_store() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    assert_eq!(told(&run(&["import", "-", "--data", data], TOPIC.as_bytes())).0, 0);
    let (code, _, err) = told(&run(&["demo", "--data", data, "--listen", "127.0.0.1:0"], b""));
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("is no store of the demo"), "{err}");
    let (_, out, _) = told(&run(&["verify", "--data", data], b""));
    assert!(out.starts_with("whole: 1 event"), "{out}");
}
