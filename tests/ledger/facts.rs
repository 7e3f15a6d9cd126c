//! The facts of a file, leaf by leaf.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// One fact.
pub(super) struct Fact {
    /// Its id in the file: `seed:article`.
    pub(super) id: String,
    /// Its kind in the file: `meeting_held`.
    pub(super) kind: String,
    /// All of it.
    pub(super) json: Value,
}

/// A value at the end of a JSON pointer.
pub(super) struct Leaf {
    /// Where in the fact: `/participants/3/name`.
    pub(super) pointer: String,
    /// The same with `*` for every index: `/participants/*/name`.
    pub(super) pattern: String,
    /// The indices, in order.
    pub(super) indices: Vec<usize>,
    /// What stands there; null counts.
    pub(super) value: Value,
}

impl Leaf {
    /// Whether it is our own words: summaries and notes. They are compared like everything else.
    pub(super) fn is_prose(&self) -> bool {
        self.pattern.ends_with("/summary") || self.pattern.ends_with("/note")
    }
}

impl Fact {
    /// Every leaf, in the order of the file.
    pub(super) fn leaves(&self) -> Vec<Leaf> {
        leaves(&self.json)
    }
}

/// Every leaf of a value, in the order of the file.
pub(super) fn leaves(json: &Value) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    walk(json, "", "", &[], &mut leaves);
    leaves
}

fn walk(value: &Value, pointer: &str, pattern: &str, indices: &[usize], leaves: &mut Vec<Leaf>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                walk(
                    member,
                    &format!("{pointer}/{key}"),
                    &format!("{pattern}/{key}"),
                    indices,
                    leaves,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let indices: Vec<usize> = indices.iter().copied().chain([index]).collect();
                walk(
                    item,
                    &format!("{pointer}/{index}"),
                    &format!("{pattern}/*"),
                    &indices,
                    leaves,
                );
            }
        }
        leaf => leaves.push(Leaf {
            pointer: pointer.to_owned(),
            pattern: pattern.to_owned(),
            indices: indices.to_vec(),
            value: leaf.clone(),
        }),
    }
}

/// Where the fixtures are kept.
pub(super) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(path)
}

fn file(name: &str) -> Value {
    let text = fs::read_to_string(fixture("facts").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn report() -> Value {
    file("paris-report-2026-01-06.json")
}

/// The facts of one list; `kind` where they do not say theirs.
fn listed(facts: &Value, kind: &str) -> Vec<Fact> {
    let text = |fact: &Value, member: &str| Some(fact[member].as_str()?.to_owned());
    let facts = facts.as_array().unwrap().clone();
    facts
        .into_iter()
        .map(|json| Fact {
            id: text(&json, "id").unwrap(),
            kind: text(&json, "kind").unwrap_or_else(|| kind.to_owned()),
            json,
        })
        .collect()
}

/// All facts of the report.
pub(super) fn all() -> Vec<Fact> {
    listed(&report()["facts"], "")
}

/// All events and documents of the year 2025.
pub(super) fn of_the_year() -> Vec<Fact> {
    let file = file("diplomacy-2025.json");
    let mut facts = listed(&file["events"], "");
    facts.extend(listed(&file["documents"], "document"));
    facts
}

/// Who published the report.
pub(super) fn publisher() -> Value {
    report()["meta"]["publisher"].clone()
}

/// How many facts the file says it has.
pub(super) fn stated_total() -> usize {
    usize::try_from(report()["meta"]["counts"]["total"].as_u64().unwrap()).unwrap()
}
