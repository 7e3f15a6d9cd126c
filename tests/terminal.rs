//! The terminal: the same answers from a store and from a server, every example of every help text, exit codes.

mod answers;
mod as_of;
mod calendar;
mod examples;
mod mistakes;
mod output;
mod settings;
mod tail;

use crate::binary::{Server, rapporteur, root, told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::{TempDir, tempdir};

/// An empty directory to work in, with the demo's facts as the store that commands ask when nothing else is said.
pub(crate) struct Desk {
    dir: TempDir,
    /// How many events there are at first.
    facts: usize,
}

impl Desk {
    /// Without a store.
    fn empty() -> Self {
        Self {
            dir: tempdir().unwrap(),
            facts: 0,
        }
    }

    fn new() -> Self {
        let mut desk = Self::empty();
        let mut facts: Vec<_> = fs::read_dir(root().join("fixtures/commands")).unwrap().collect();
        facts.sort_by_key(|file| file.as_ref().unwrap().file_name());
        let facts: String = facts
            .into_iter()
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        let (code, out, err) = told(&desk.run(&["import", "-"], &[], facts.as_bytes()));
        assert_eq!(code, 0, "{out}{err}");
        desk.facts = facts.lines().count();
        desk
    }

    fn store(&self) -> std::path::PathBuf {
        self.dir.path().join("data/desk")
    }

    /// A command in this directory, without what the environment of the tests may say.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.dir.path());
        command.env("HOME", self.dir.path());
        for name in [
            "RAPPORTEUR_DATA",
            "RAPPORTEUR_ENDPOINT",
            "RAPPORTEUR_CONFIG",
            "RAPPORTEUR_ZONE",
            "XDG_CONFIG_HOME",
            "COLUMNS",
            "NO_COLOR",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str], env: &[(&str, &str)], input: &[u8]) -> Output {
        let mut command = self.command(rapporteur().to_str().unwrap());
        command.args(args).envs(env.iter().copied());
        finish(command, input)
    }

    /// Runs a command that must succeed, and gives what it printed.
    fn says(&self, args: &[&str]) -> String {
        let (code, out, err) = told(&self.run(args, &[], b""));
        assert_eq!(code, 0, "{args:?}: {err}");
        out
    }

    /// Runs a command that must fail so, and gives what it said.
    fn fails(&self, code: i32, args: &[&str]) -> String {
        let (found, out, err) = told(&self.run(args, &[], b""));
        assert_eq!(found, code, "{args:?}: {out}{err}");
        format!("{out}{err}")
    }

    /// Runs a line as a shell would, with the binary on its path.
    fn shell(&self, line: &str) -> Output {
        let bin = rapporteur().parent().unwrap().to_str().unwrap().to_owned();
        let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
        let mut command = self.command("sh");
        command.args(["-c", line]).env("PATH", path);
        finish(command, b"")
    }
}

fn finish(mut command: Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _unread = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs of spaces as one.
fn squeezed(text: &str) -> String {
    text.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The JSON that a command printed.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Asks a process to stop, and gives its exit code and what it said.
fn stopped(child: Child, signal: &str) -> (i32, String) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    let (code, _, err) = told(&child.wait_with_output().unwrap());
    (code, err)
}
