//! `schema`: the contracts as files.

use crate::Done;
use crate::exit::Failure;
use clap::Args;
use rapporteur_api::http::Limits;
use rapporteur_desk::Desk;
use rapporteur_domain::command::{CONDITIONS, KEY_MAX_BYTES};
use rapporteur_domain::correction::{self, CORRECTS};
use rapporteur_domain::creation::{self, CREATE, CREATIONS};
use rapporteur_domain::event::{CommandShape, commands, offered};
use rapporteur_log::MemoryLog;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur schema --out schema
  rapporteur schema --check";

#[derive(Args)]
pub(crate) struct Options {
    /// Where to write: schema.graphql, commands.schema.json, events/KIND.vN.schema.json.
    #[arg(long, value_name = "DIR", default_value = "schema")]
    out: PathBuf,
    /// Write nothing; fail where a file is not what it would be.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    let mut drifted = Vec::new();
    for (name, content) in files()? {
        let path = options.out.join(&name);
        if options.check {
            if fs::read_to_string(&path).ok().as_deref() != Some(&content) {
                drifted.push(name);
            }
        } else {
            if let Some(dir) = path.parent() {
                fs::create_dir_all(dir)?;
            }
            fs::write(&path, content)?;
        }
    }
    if drifted.is_empty() {
        return Ok(());
    }
    let text = format!(
        "these files are not what the code says: {}; run `just gen` and look at the difference",
        drifted.join(", ")
    );
    Err(Failure::saying(text))
}

/// Every generated file's name and content.
fn files() -> Result<Vec<(String, String)>, Failure> {
    let clock = Arc::new(chrono::DateTime::default);
    let desk = Desk::open(Arc::new(MemoryLog::default()), clock, &mut |_| {})?;
    let endpoint = rapporteur_api::schema::endpoint(desk, Limits::default())?;
    let mut files = vec![("schema.graphql".to_owned(), endpoint.sdl().to_owned())];
    let (mut one_of, mut definitions) = (Vec::new(), Map::new());
    for command in commands() {
        let schema = (command.schema)();
        let version = command.event_version;
        let mut event = schema.as_value().clone();
        if let Some(members) = event.as_object_mut() {
            members.insert("title".to_owned(), json!(format!("{} v{version}", command.event_kind)));
        }
        files.push((
            format!("events/{}.v{version}.schema.json", command.event_kind),
            pretty(&event)?,
        ));
        if !offered().any(|offered| offered.name == command.name) {
            continue;
        }
        one_of.push(json!({
            "type": "object", "required": [command.name], "additionalProperties": false,
            "properties": { command.name: { "$ref": format!("#/$defs/{}", command.input.name) } },
        }));
        inputs(command, &mut definitions);
    }
    let create = creation::schema(|command| json!({ "$ref": format!("#/$defs/New{}", command.input.name) }));
    definitions.insert("Create".to_owned(), create);
    definitions.insert("Corrects".to_owned(), correction::schema());
    let commands = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rapporteur command",
        "description": "One line of an import: exactly one command.",
        "oneOf": one_of,
        "$defs": definitions,
    });
    files.push(("commands.schema.json".to_owned(), pretty(&commands)?));
    Ok(files)
}

/// Adds the schema of a command's input: its event's data, and what every input may carry beside it. Registrations are
/// added bare as well, for what a command creates.
fn inputs(command: &CommandShape, definitions: &mut Map<String, Value>) {
    let Value::Object(mut schema) = (command.schema)().to_value() else {
        return;
    };
    schema.remove("$schema");
    if let Some(Value::Object(inner)) = schema.remove("$defs") {
        definitions.extend(inner);
    }
    if CREATIONS.iter().any(|(_, name, _)| *name == command.name) {
        definitions.insert(format!("New{}", command.input.name), Value::Object(schema.clone()));
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let [key, version] = CONDITIONS.map(|(name, about)| (name, json!({ "description": about })));
        let typed = [
            (
                key,
                json!({ "type": "string", "minLength": 1, "maxLength": KEY_MAX_BYTES }),
            ),
            (version, json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })),
        ];
        for ((name, mut schema), more) in typed {
            if let (Some(schema), Value::Object(more)) = (schema.as_object_mut(), more) {
                schema.extend(more);
            }
            properties.insert(name.to_owned(), schema);
        }
        properties.insert(CORRECTS.0.to_owned(), json!({ "$ref": "#/$defs/Corrects" }));
        properties.insert(CREATE.0.to_owned(), json!({ "$ref": "#/$defs/Create" }));
    }
    definitions.insert(command.input.name.clone(), Value::Object(schema));
}

fn pretty(value: &Value) -> Result<String, Failure> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
