//! Signed checkpoints and proofs, end to end, and read by a verifier that shares no code with rapporteur.

use crate::binary::{root, run, told};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::{TempDir, tempdir};

struct Desk(TempDir);

impl Desk {
    fn new(topics: usize) -> Self {
        let desk = Self(tempdir().unwrap());
        desk.import(0..topics);
        let verifier = desk.ok(&[
            "checkpoint",
            "key",
            &desk.at("key"),
            "--name",
            "desk.example.org/record",
        ]);
        fs::write(desk.path("verifier"), verifier).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn at(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn import(&self, topics: std::ops::Range<usize>) {
        let line = |n| format!("{{\"registerTopic\": {{\"slug\": \"t{n}\", \"label\": \"Topic {n}\"}}}}\n");
        let lines: String = topics.map(line).collect();
        let (code, out, err) = told(&run(&["import", "-", "--data", &self.at("store")], lines.as_bytes()));
        assert_eq!(code, 0, "{out}{err}");
    }

    fn ok(&self, args: &[&str]) -> String {
        let (code, out, err) = told(&run(args, b""));
        assert_eq!(code, 0, "{args:?}: {out}{err}");
        out
    }

    fn sign(&self, name: &str) {
        let note = self.ok(&[
            "checkpoint",
            "sign",
            "--key",
            &self.at("key"),
            "--data",
            &self.at("store"),
        ]);
        fs::write(self.path(name), note).unwrap();
    }

    fn prove(&self, position: usize, checkpoint: &str, name: &str) {
        let (position, checkpoint) = (position.to_string(), self.at(checkpoint));
        let proof = self.ok(&[
            "checkpoint",
            "prove",
            &position,
            "--checkpoint",
            &checkpoint,
            "--data",
            &self.at("store"),
        ]);
        fs::write(self.path(name), proof).unwrap();
    }

    fn check(&self, name: &str) -> (i32, String) {
        let args = [
            "checkpoint",
            "check",
            &self.at(name),
            "--verifier",
            &self.at("verifier"),
            "--data",
            &self.at("store"),
        ];
        let (code, out, err) = told(&run(&args, b""));
        (code, out + &err)
    }

    /// What the other verifier says of a proof.
    fn other(&self, name: &str) -> (bool, String) {
        let script = root().join("tests/harness/proof.mjs");
        assert!(
            root().join("tests/harness/node_modules").is_dir(),
            "the other verifier is not installed: run `npm ci` in tests/harness, as ./test does"
        );
        let key = fs::read_to_string(self.path("verifier")).unwrap();
        let out = Command::new("node")
            .arg(script)
            .arg(self.path(name))
            .arg(key.trim())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        (out.status.success(), said)
    }
}

#[test]
fn every_event_is_proven_and_both_verifiers_say_so() {
    let desk = Desk::new(7);
    desk.sign("checkpoint");
    let (code, said) = desk.check("checkpoint");
    assert!(code == 0 && said.contains("the first 7 events"), "{said}");
    for position in 1..=7 {
        desk.prove(position, "checkpoint", "proof");
        let (code, said) = desk.check("proof");
        assert!(
            code == 0 && said.contains(&format!("position {position} (topic.registered")),
            "{said}"
        );
        assert_eq!(
            desk.other("proof"),
            (true, format!("holds: position {position} of 7\n"))
        );
    }
    let args = [
        "checkpoint",
        "prove",
        "8",
        "--checkpoint",
        &desk.at("checkpoint"),
        "--data",
        &desk.at("store"),
    ];
    assert_eq!(told(&run(&args, b"")).0, 3);
}

#[test]
fn a_log_that_went_on_is_proven_to_go_on() {
    let desk = Desk::new(1);
    desk.sign("at-1");
    let mut names = vec!["at-1".to_owned()];
    for end in [2, 4, 7, 8] {
        let before = names.last().unwrap()[3..].parse().unwrap();
        desk.import(before..end);
        names.push(format!("at-{end}"));
        desk.sign(names.last().unwrap());
    }
    for (index, older) in names.iter().enumerate() {
        for newer in &names[index..] {
            let proof = desk.ok(&[
                "checkpoint",
                "grown",
                &desk.at(older),
                "--checkpoint",
                &desk.at(newer),
                "--data",
                &desk.at("store"),
            ]);
            fs::write(desk.path("grown"), &proof).unwrap();
            let (code, said) = desk.check("grown");
            assert_eq!(code, 0, "{older} {newer}: {said}");
            let wanted = format!("holds: {} of {}\n", &older[3..], &newer[3..]);
            assert_eq!(desk.other("grown"), (true, wanted), "{older} {newer}");
        }
    }
}

/// The proof with one character of a member changed to another of base64.
fn changed(proof: &Value, member: &str, at: usize) -> Value {
    let mut proof = proof.clone();
    let text = match &mut proof[member] {
        Value::Array(items) => &mut items[0],
        text => text,
    };
    let mut bytes = text.as_str().unwrap().as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    *text = String::from_utf8(bytes).unwrap().into();
    proof
}

#[test]
fn what_was_changed_is_not_proven() {
    let desk = Desk::new(9);
    desk.sign("checkpoint");
    desk.prove(6, "checkpoint", "proof");
    let proof: Value = serde_json::from_str(&fs::read_to_string(desk.path("proof")).unwrap()).unwrap();
    for (member, places) in [
        ("checkpoint", &[0, 24, 30, 90, 200][..]),
        ("header", &[40, 60]),
        ("path", &[0, 20]),
    ] {
        for at in places {
            fs::write(desk.path("changed"), changed(&proof, member, *at).to_string()).unwrap();
            assert_eq!(desk.check("changed").0, 4, "{member} {at}");
            assert!(!desk.other("changed").0, "{member} {at}");
        }
    }
    fs::write(desk.path("changed"), changed(&proof, "stored", 100).to_string()).unwrap();
    assert_eq!((desk.check("changed").0, desk.other("changed").0), (4, false));
    let stored = proof["stored"].as_str().unwrap();
    let mut payload = proof.clone();
    payload["stored"] = changed(&proof, "stored", stored.trim_end_matches('=').len() - 4)["stored"].clone();
    fs::write(desk.path("changed"), payload.to_string()).unwrap();
    assert_eq!(
        (desk.check("changed").0, desk.other("changed").0),
        (4, false),
        "another payload"
    );
    let mut shorter = proof.clone();
    shorter["path"].as_array_mut().unwrap().pop();
    fs::write(desk.path("changed"), shorter.to_string()).unwrap();
    assert_eq!((desk.check("changed").0, desk.other("changed").0), (4, false));

    // A log of other events, signed by nobody, is not the one that was signed; nor is one that ends before.
    let other = Desk::new(9);
    fs::copy(desk.path("checkpoint"), other.path("checkpoint")).unwrap();
    fs::copy(desk.path("verifier"), other.path("verifier")).unwrap();
    let (code, said) = other.check("checkpoint");
    assert!(code == 5 && said.contains("the log is not the one"), "{code} {said}");
    other.sign("own");
    let (code, said) = other.check("own");
    assert!(code == 4 && said.contains("not signed with the key"), "{code} {said}");
}

#[test]
fn a_redacted_event_is_still_proven_without_what_it_said() {
    let desk = Desk::new(5);
    desk.sign("checkpoint");
    let redact = r#"{"redactRecord": {"dossier": "t2", "position": 3, "reason": "It has to go."}}"#;
    let (code, out, err) = told(&run(&["import", "-", "--data", &desk.at("store")], redact.as_bytes()));
    assert_eq!(code, 0, "{out}{err}");
    desk.prove(3, "checkpoint", "proof");
    let (code, said) = desk.check("proof");
    assert_eq!(code, 0, "{said}");
    assert!(desk.other("proof").0);
    assert!(desk.check("checkpoint").0 == 0, "a redaction rewrites nothing");
}

#[test]
fn a_private_key_is_its_owners_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new(1);
    let mode = fs::metadata(desk.path("key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = |name: &str, file: &str| told(&run(&["checkpoint", "key", file, "--name", name], b""));
    assert_eq!(again("desk", &desk.at("key")).0, 4);
    assert_eq!(again("no name", &desk.at("other")).0, 2);
    assert!(!Path::new(&desk.at("other")).exists());
    let args = [
        "checkpoint",
        "sign",
        "--key",
        &desk.at("verifier"),
        "--data",
        &desk.at("store"),
    ];
    let (code, _, err) = told(&run(&args, b""));
    assert!(code == 4 && err.contains("no private key"), "{err}");
}
