//! What fuzzing starts from: the fixtures, in the form that each target takes.

use rapporteur_domain::event::commands;
use rapporteur_testkit::facts::files;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A target.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 5] = [
    ("codec", crate::codec),
    ("edtf", crate::edtf),
    ("import", crate::import),
    ("export", crate::export),
    ("graphql", crate::graphql),
];

/// How many commands an import begins with.
const LINES: usize = 6;

/// The seeds of a target; none of one that is not there.
#[must_use]
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "codec" => events(),
        "edtf" => dates(),
        "import" => imports(),
        "export" => exports(),
        "graphql" => documents(),
        _ => Vec::new(),
    }
}

/// Words that inputs are made of: names of commands, fields and values.
#[must_use]
pub fn words() -> BTreeSet<String> {
    let sdl = read(&root().join("schema/schema.graphql"));
    let words = sdl.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.len() > 2).map(str::to_owned).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts of all files in a directory of the project.
fn texts(dir: &str) -> Vec<String> {
    let dir = root().join(dir);
    let mut paths: Vec<PathBuf> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.is_file())
        .map(|path| read(path))
        .collect()
}

fn events() -> Vec<Vec<u8>> {
    let golden = texts("fixtures/events").into_iter().map(|text| {
        let event: Value = serde_json::from_str(&text).unwrap();
        let kind = commands().iter().position(|kind| event["kind"] == kind.event_kind);
        let hex = event["payload"].as_str().unwrap();
        let bytes = (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
        std::iter::once(u8::try_from(kind.unwrap_or(255)).unwrap())
            .chain(bytes)
            .collect()
    });
    golden.collect()
}

fn dates() -> Vec<Vec<u8>> {
    fn gather(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("edtf").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| gather(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for (_, text) in files() {
        text.lines()
            .for_each(|line| gather(&serde_json::from_str(line).unwrap_or_default(), &mut found));
    }
    found.into_iter().map(String::into_bytes).collect()
}

/// A few lines of each file, and the lines that open what they name are often among them.
fn imports() -> Vec<Vec<u8>> {
    let files = files();
    let lines: Vec<&str> = files.iter().flat_map(|(_, text)| text.lines()).collect();
    lines.chunks(LINES).map(|lines| lines.join("\n").into_bytes()).collect()
}

fn exports() -> Vec<Vec<u8>> {
    let whole = texts("fixtures/exports");
    let lines = whole.iter().flat_map(|text| text.lines());
    let lines = lines.map(|line| line.as_bytes().to_vec());
    whole.iter().map(|text| text.as_bytes().to_vec()).chain(lines).collect()
}

fn documents() -> Vec<Vec<u8>> {
    let all = [texts("crates/cli/documents"), texts("tests/questions/documents")].concat();
    all.into_iter().map(String::into_bytes).collect()
}
