//! `schema`: the contracts as files.

use crate::Done;
use crate::exit::Failure;
use clap::Args;
use rapporteur_api::http::Limits;
use rapporteur_desk::Desk;
use rapporteur_domain::event::commands;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
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
    let mut one_of = Vec::new();
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
        let input = json!({ "$ref": format!("events/{}.v{version}.schema.json", command.event_kind) });
        one_of.push(json!({
            "type": "object", "required": [command.name], "additionalProperties": false,
            "properties": { command.name: input },
        }));
    }
    let commands = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rapporteur command",
        "description": "One line of an import: exactly one command. Its input may carry `idempotencyKey` and `expectedVersion` beside its own fields.",
        "oneOf": one_of,
    });
    files.push(("commands.schema.json".to_owned(), pretty(&commands)?));
    Ok(files)
}

fn pretty(value: &Value) -> Result<String, Failure> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
