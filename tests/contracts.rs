//! The generated contracts: no drift, everything described, and GraphQL inputs equal to the commands' shapes.

use crate::binary::{root, run, told};
use rapporteur_domain::command::{CONDITIONS, Command};
use rapporteur_domain::decide::record_suffix;
use rapporteur_domain::event::{Event, commands, offered};
use rapporteur_domain::moved::Moved;
use rapporteur_domain::shape::{ObjectShape, Shape};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::Arc;

#[test]
fn the_committed_schema_is_what_the_code_says() {
    let out = root().join("schema");
    let (code, _, err) = told(&run(&["schema", "--check", "--out", out.to_str().unwrap()], b""));
    assert_eq!(code, 0, "{err}");
}

#[test]
fn every_type_field_argument_and_value_is_described() {
    let sdl = fs::read_to_string(root().join("schema/schema.graphql")).unwrap();
    let lines: Vec<&str> = sdl.lines().collect();
    let mut undescribed = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let text = line.trim();
        let definition = ["type ", "interface ", "union ", "enum ", "input ", "scalar "]
            .iter()
            .any(|k| line.starts_with(k));
        let member = line.starts_with('\t')
            && !text.is_empty()
            && !text.starts_with('"')
            && text != "}"
            && !text.starts_with('#');
        let described = n > 0 && lines[n - 1].trim_end().ends_with("\"\"\"");
        let in_description = in_block(&lines[..n]);
        if (definition || member) && !described && !in_description && !["schema {"].contains(&text) {
            undescribed.push(format!("{}: {text}", n + 1));
        }
    }
    // A field's type after its arguments.
    undescribed.retain(|line| !line.contains(": ):"));
    undescribed.retain(|line| {
        !line.contains(": query:") && !line.contains(": mutation:") && !line.contains(": subscription:")
    });
    assert!(
        undescribed.is_empty(),
        "without a description:\n{}",
        undescribed.join("\n")
    );
}

/// Whether the next line stands inside a block string.
fn in_block(before: &[&str]) -> bool {
    before.iter().map(|line| line.matches("\"\"\"").count()).sum::<usize>() % 2 == 1
}

#[test]
fn graphql_inputs_have_the_fields_of_the_commands() {
    let sdl = fs::read_to_string(root().join("schema/schema.graphql")).unwrap();
    for command in offered() {
        let start = sdl.find(&format!("\ninput {}Input {{", command.input.name)).unwrap();
        let body = &sdl[start..start + sdl[start..].find("\n}").unwrap()];
        let mut written: Vec<(String, bool, bool)> = body
            .lines()
            .filter_map(|line| line.trim().split_once(": "))
            .filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty())
            .filter(|(name, _)| !name.contains(' '))
            .filter_map(|(name, ty)| {
                let known = command.input.field(name).is_some() || CONDITIONS.iter().any(|(c, _)| c == &name);
                known.then(|| (name.to_owned(), ty.ends_with('!'), ty.starts_with('[')))
            })
            .collect();
        let mut wanted: Vec<(String, bool, bool)> = command
            .input
            .fields
            .iter()
            .map(|f| (f.name.clone(), f.required, matches!(f.shape, Shape::List(_))))
            .collect();
        wanted.extend(CONDITIONS.iter().map(|(name, _)| ((*name).to_owned(), false, false)));
        written.sort();
        written.dedup();
        wanted.sort();
        assert_eq!(written, wanted, "{}", command.name);
    }
}

#[test]
fn the_json_schema_of_commands_takes_every_fact_and_no_nonsense() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(root().join("schema/commands.schema.json")).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for (file, text) in rapporteur_testkit::facts::files() {
        for (number, line) in text.lines().enumerate() {
            let command = serde_json::from_str(line).unwrap();
            let errors: Vec<String> = schema.iter_errors(&command).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{file} line {}: {errors:?}", number + 1);
        }
    }
    let topic = |more: Value| {
        let mut input = json!({ "slug": "a", "label": "A", "idempotencyKey": "k", "expectedVersion": 0 });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "registerTopic": input })
    };
    let corrects = json!({ "corrects": { "position": 1, "reason": "Misread." } });
    assert!(schema.is_valid(&topic(corrects)));
    assert!(!schema.is_valid(&json!({ "correctRecord": { "dossier": "a", "position": 1, "reason": "R." } })));
    let create = json!({ "create": { "parties": [{ "slug": "p", "kind": "PERSON", "name": "P" }] } });
    assert!(schema.is_valid(&topic(json!({}))) && schema.is_valid(&topic(create)));
    for wrong in [
        json!({ "mood": "x" }),
        json!({ "label": 1 }),
        json!({ "expectedVersion": -1 }),
        json!({ "create": { "parties": [{ "slug": "p", "kind": "PERSON", "name": "P", "idempotencyKey": "k" }] } }),
        json!({ "create": { "acts": [] } }),
        json!({ "corrects": { "position": 1 } }),
        json!({ "corrects": { "position": 0, "reason": "R." } }),
    ] {
        assert!(!schema.is_valid(&topic(wrong.clone())), "{wrong}");
    }
    assert!(!schema.is_valid(&json!({ "registerTopic": {}, "registerParty": {} })));
}

#[test]
fn events_of_every_kind_follow_a_rename_of_their_dossier_and_of_what_they_name() {
    for file in fs::read_dir(root().join("fixtures/events")).unwrap() {
        let (event, _) = golden(&file.unwrap().path());
        let home = event.fact().home().dossier().to_owned();
        let named = rename(&home, "another-name").event(&event).unwrap();
        assert_eq!(named.fact().home().dossier(), "another-name", "{}", event.kind());
        let left = serde_json::to_string(&named.to_json().unwrap()).unwrap();
        let kept = ["dossier.renamed", "dossier.merged", "dossier.records-moved"].contains(&event.kind());
        assert!(
            kept || !left.contains(&format!("\"{home}\"")),
            "{}: {left}",
            event.kind()
        );
        assert_eq!(
            rename("nobody-here", "another-name").event(&event),
            None,
            "{}",
            event.kind()
        );
    }
}

#[test]
fn events_of_every_kind_follow_a_move_of_their_record_or_of_what_it_lies_in() {
    let mut followed = 0;
    for file in fs::read_dir(root().join("fixtures/events")).unwrap() {
        let (event, _) = golden(&file.unwrap().path());
        let home = event.fact().home();
        let Some(suffix) = record_suffix(&home) else { continue };
        let end = suffix[1..].find(['#', '.']).map_or(suffix.len(), |at| at + 1);
        let (outermost, inside) = suffix.split_at(end);
        let from = format!("{}{outermost}", home.dossier());
        let to = format!("another-name{outermost}-2");
        let input = json!({ "from": home.dossier(), "into": "another-name", "records": [from],
            "moved": [{ "from": from, "to": to }] });
        let command = Command::parse_input("moveRecords", input, None).unwrap();
        let mut moved = Moved::default();
        assert!(moved.learn(&command.action.into_event(), 1));
        let now = moved.event(&event).unwrap();
        let home = now.fact().home();
        assert_eq!(
            format!("{}{}", home.dossier(), record_suffix(&home).unwrap()),
            format!("{to}{inside}"),
            "{}",
            event.kind()
        );
        followed += 1;
    }
    assert!(followed > 20, "{followed} kinds of events make records");
}

/// Where things are found after one rename.
fn rename(from: &str, to: &str) -> Moved {
    let input = json!({ "dossier": from, "slug": to });
    let command = Command::parse_input("renameDossier", input, None).unwrap();
    let mut moved = Moved::default();
    assert!(moved.learn(&command.action.into_event(), 1));
    moved
}

/// A golden event, and what it says.
fn golden(path: &Path) -> (Event, Value) {
    let golden: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let hex = golden["payload"].as_str().unwrap();
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|n| u8::from_str_radix(&hex[n..n + 2], 16).unwrap())
        .collect();
    let version = u16::try_from(golden["version"].as_u64().unwrap()).unwrap();
    let event = Event::decode(golden["kind"].as_str().unwrap(), version, &bytes).unwrap();
    (event, golden["data"].clone())
}

#[test]
fn golden_events_of_every_kind_and_version_decode_for_ever() {
    let dir = root().join("fixtures/events");
    if std::env::var_os("RAPPORTEUR_BLESS").is_some() {
        write_missing(&dir);
    }
    for command in commands() {
        let name = format!("{}.v{}.json", command.event_kind, command.event_version);
        assert!(
            dir.join(&name).exists(),
            "fixtures/events/{name} is missing: add a golden event of the new kind"
        );
    }
    let mut decoded = 0;
    for file in fs::read_dir(&dir).unwrap() {
        let (event, data) = golden(&file.unwrap().path());
        assert_eq!(event.to_json().unwrap(), data, "{}", event.kind());
        decoded += 1;
    }
    assert!(decoded >= commands().len());
}

/// Writes a golden event of each kind that has none, every field set. What is there is never touched.
fn write_missing(dir: &Path) {
    fs::create_dir_all(dir).unwrap();
    for command in commands() {
        let path = dir.join(format!("{}.v{}.json", command.event_kind, command.event_version));
        if path.exists() {
            continue;
        }
        let event = match command.name {
            // The desk makes it itself.
            "correctRecord" => {
                Event::RecordCorrected(Arc::new(serde_json::from_value(sample(&command.input)).unwrap()))
            }
            name => {
                let parsed = Command::parse_input(name, sample(&command.input), None);
                parsed.unwrap().action.into_event()
            }
        };
        let payload: String = event
            .encode()
            .unwrap()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let golden = json!({ "kind": event.kind(), "version": event.version(), "data": event.to_json().unwrap(), "payload": payload });
        fs::write(path, serde_json::to_string_pretty(&golden).unwrap() + "\n").unwrap();
    }
}

fn sample(shape: &ObjectShape) -> Value {
    shape
        .fields
        .iter()
        .map(|field| (field.name.clone(), one(&field.shape)))
        .collect()
}

fn one(shape: &Shape) -> Value {
    match shape {
        Shape::Int => json!(7),
        Shape::Float => json!(1.5),
        Shape::Bool => json!(true),
        Shape::Object(object) => sample(object),
        Shape::List(items) => json!([one(items)]),
        Shape::Enum(set) => json!(set.values.last().unwrap().0),
        Shape::Scalar(rule) => match rule.name {
            "Slug" => json!("eu-ru-20"),
            "Key" => json!("draft_2"),
            "RecordRef" => json!("us-plan/28#nato"),
            "Url" => json!("https://example.org/report"),
            "Language" => json!("uk"),
            "Country" => json!("UA"),
            "DateInput" => {
                json!({ "edtf": "2026-01", "qualifier": "LATE", "phrase": "later in January", "basis": "said on 6 January" })
            }
            _ => json!("Élysée, «Зеленський»"),
        },
    }
}
