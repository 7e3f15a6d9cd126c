//! Stores and backups that earlier programs made are opened for ever: `fixtures/stores` holds one of each form.
//!
//! `RAPPORTEUR_BLESS=1 cargo test -p rapporteur-tests stores` makes those of the present form, where they are missing.

use crate::binary::{root, run, told};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::tempdir;

/// The forms there were: of stores, and of backups.
const FORMS: [(&str, &str); 2] = [("store-2", "--data"), ("backup-1", "--backup")];

fn fixture(name: &str) -> PathBuf {
    root().join("fixtures/stores").join(name)
}

fn ok(args: &[&str], input: &[u8]) -> String {
    let (code, out, err) = told(&run(args, input));
    assert_eq!(code, 0, "{args:?}: {out}{err}");
    out
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs `tar` in a directory.
fn tar(args: &[&str], dir: &Path, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("tar")
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("tar is there");
    let mut to = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || to.write_all(&input));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(out.status.success(), "tar {args:?} failed");
    out.stdout
}

/// Makes the fixtures of the present form that are missing.
fn bless() {
    let dir = tempdir().unwrap();
    let (store, backup) = (dir.path().join("store-2"), dir.path().join("backup-1"));
    let report = fs::read(root().join("fixtures/commands/01-paris-report.ndjson")).unwrap();
    ok(&["import", "-", "--data", text(&store)], &report);
    let redact = r#"{"redactRecord": {"dossier": "ua", "position": 3, "reason": "A fixture with a redaction."}}"#;
    let (code, out, err) = told(&run(&["import", "-", "--data", text(&store)], redact.as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
    ok(&["backup", text(&backup), "--data", text(&store)], b"");
    let exported = ok(&["export", "--data", text(&store)], b"");
    for (name, _) in FORMS {
        let path = fixture(&format!("{name}.tar.zst"));
        if path.exists() {
            continue;
        }
        fs::create_dir_all(fixture("")).unwrap();
        let packed = tar(&["--sort=name", "-cf", "-", name], dir.path(), b"");
        fs::write(&path, zstd::encode_all(&packed[..], 19).unwrap()).unwrap();
        fs::write(
            fixture(&format!("{name}.ndjson.zst")),
            zstd::encode_all(exported.as_bytes(), 19).unwrap(),
        )
        .unwrap();
    }
}

#[test]
fn stores_and_backups_of_every_form_hold_what_they_held() {
    if std::env::var_os("RAPPORTEUR_BLESS").is_some() {
        bless();
    }
    for (name, flag) in FORMS {
        let packed = fs::read(fixture(&format!("{name}.tar.zst"))).unwrap();
        let held = fs::read(fixture(&format!("{name}.ndjson.zst"))).unwrap();
        let held = String::from_utf8(zstd::decode_all(&held[..]).unwrap()).unwrap();
        let dir = tempdir().unwrap();
        tar(&["-xf", "-"], dir.path(), &zstd::decode_all(&packed[..]).unwrap());
        let there = dir.path().join(name);
        ok(&["verify", flag, text(&there)], b"");
        let store = match flag {
            "--data" => there,
            _ => {
                let store = dir.path().join("restored");
                ok(&["restore", text(&there), "--data", text(&store)], b"");
                store
            }
        };
        assert_eq!(ok(&["export", "--data", text(&store)], b""), held, "{name}");
        let more = br#"{"registerTopic": {"slug": "more", "label": "More"}}"#;
        ok(&["import", "-", "--data", text(&store)], more);
        let rebuilt = ok(&["rebuild", "--data", text(&store)], b"");
        assert!(rebuilt.contains("the same as served"), "{rebuilt}");
    }
}
