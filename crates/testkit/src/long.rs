//! Long histories with the shape of the facts: the fixtures over and over, each time about other dossiers, with the same
//! parties, sources, topics and series; the rounds of each are aimed at somebody else.

#![expect(
    clippy::expect_used,
    reason = "development only: a fixture that cannot be read ends the test"
)]

use crate::facts::files;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What every copy shares: recorded once.
const SHARED: [&str; 6] = [
    "registerParty",
    "registerSource",
    "registerTopic",
    "registerSeries",
    "recordOffice",
    "recordAlias",
];

/// At least so many commands, in the order in which they are recorded, as lines of an import.
#[must_use]
pub fn lines(least: usize) -> String {
    let facts: Vec<Value> = files()
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a command"))
        .collect();
    let own: BTreeSet<String> = facts.iter().filter_map(opened).collect();
    let mut lines = String::new();
    let (mut count, mut copy) = (0, 0);
    while count < least {
        if copy > 0 {
            let target = json!({ "registerParty": { "slug": target(copy), "kind": "STATE", "name": target(copy) } });
            lines.push_str(&format!("{target}\n"));
            count += 1;
        }
        for fact in &facts {
            if copy > 0 && is_shared(fact) {
                continue;
            }
            let mut fact = fact.clone();
            if copy > 0 {
                rename(&mut fact, "", &own, copy);
                if let Some(aimed) = fact.pointer_mut("/openRound/target") {
                    *aimed = target(copy).into();
                }
            }
            lines.push_str(&fact.to_string());
            lines.push('\n');
            count += 1;
        }
        copy += 1;
    }
    lines
}

/// Whom the rounds of a copy are aimed at: a round is reckoned against all others of its senders and target.
fn target(copy: usize) -> String {
    format!("target-{copy}")
}

fn is_shared(command: &Value) -> bool {
    SHARED.iter().any(|name| command.get(name).is_some())
}

/// The slug of the dossier that a command opens or tells of, where copies have one of their own.
fn opened(command: &Value) -> Option<String> {
    let (_, input) = command.as_object().filter(|_| !is_shared(command))?.iter().next()?;
    Some(input.get("slug")?.as_str()?.to_owned())
}

/// Puts the slugs of a copy in the place of the first ones, in every reference.
fn rename(value: &mut Value, field: &str, own: &BTreeSet<String>, copy: usize) {
    match value {
        Value::Object(members) => each(members, own, copy),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, field, own, copy)),
        Value::String(text) if field == "idempotencyKey" => text.push_str(&format!("@{copy}")),
        Value::String(text) => {
            let end = text.find(['/', '#']).unwrap_or(text.len());
            if own.contains(&text[..end]) {
                text.insert_str(end, &format!("-{copy}"));
            }
        }
        _ => {}
    }
}

fn each(members: &mut Map<String, Value>, own: &BTreeSet<String>, copy: usize) {
    for (name, value) in members.iter_mut() {
        rename(value, name, own, copy);
    }
}
