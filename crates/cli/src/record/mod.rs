//! `record`: one command, by the name and with the input that the GraphQL mutation of that name takes.

mod fields;
mod input;
mod outcome;

use crate::Done;
use crate::ask::{Purpose, Where, failure};
use crate::exit::Failure;
use crate::show::json as print_json;
use chrono::NaiveDate;
use clap::Args;
use outcome::Told;
use rapporteur_domain::command::Command;
use rapporteur_domain::event::{CommandShape, offered};
use rapporteur_domain::shape::Shape;
use serde_json::{Value, json};
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = r#"Examples:
  rapporteur record --list
  rapporteur record registerTopic --fields
  rapporteur record registerTopic '{"slug": "prisoner-swaps", "label": "Prisoner swaps"}' --dry-run
  rapporteur record registerTopic '{"slug": "prisoner-swaps", "label": "Prisoner swaps"}'
  rapporteur record scheduleMeeting @meeting.json
  rapporteur record scheduleMeeting --dry-run < meeting.json
  rapporteur record scheduleMeeting @correction.json

What `correction.json` puts right is said in its field `corrects`: {"position": 1433, "reason": "Misread."}"#;

#[derive(Args)]
pub(crate) struct Options {
    /// The command's name, as the mutation's: registerTopic, scheduleMeeting; --list names all.
    #[arg(required_unless_present = "list")]
    command: Option<String>,
    /// Its input as JSON, @FILE with the JSON, or - for standard input, which is also read where nothing is given.
    #[arg(value_name = "JSON|@FILE|-", conflicts_with = "file")]
    input: Option<String>,
    /// Read the input from this file; the same as @FILE.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Say what would come of it, and record nothing; on a store only.
    #[arg(long)]
    dry_run: bool,
    /// Name every command.
    #[arg(long, exclusive = true)]
    list: bool,
    /// Show the command's fields, and record nothing.
    #[arg(long, conflicts_with_all = ["input", "file", "dry_run"])]
    fields: bool,
    /// Give the data of the GraphQL answer.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: Where,
}

pub(crate) fn run(options: &Options) -> Done {
    let Some(name) = options.command.as_deref().filter(|_| !options.list) else {
        return fields::list();
    };
    let command = named(name)?;
    if options.fields {
        return fields::show(command);
    }
    let input = input::read(options.input.as_deref(), options.file.as_deref())?;
    let purpose = match options.dry_run {
        true if options.at.is_server() => {
            let text = "--dry-run works on a store only, and a server is asked; leave --dry-run out, or name a store with \
                        --data DIR that no server has open";
            return Err(Failure::usage(text));
        }
        true => Purpose::Rehearse,
        false => Purpose::Write,
    };
    let asker = options.at.open(purpose)?;
    let answer = asker.try_ask(&document(command), json!({ "input": &input }))?;
    asker.close();
    let data = match answer {
        Ok(data) => data,
        // An input of another shape than the command's is an error to GraphQL, with one reason; here are all of them. Which
        // day "today" is makes no difference to the shape.
        Err(troubles) => match Command::parse_input(command.name, input, Some(NaiveDate::default())) {
            Err(malformed) if troubles.iter().all(|trouble| trouble.code == "BAD_USER_INPUT") => {
                let refusals: Vec<Value> = malformed.refusals.iter().map(outcome::refusal).collect();
                json!({ command.name: { "__typename": "Refused", "refusals": refusals } })
            }
            _ => return Err(failure(&troubles)),
        },
    };
    let told = Told::read(&data[command.name], options.dry_run);
    if options.json {
        print_json(&data)?;
    } else {
        told.print()?;
    }
    told.done()
}

/// The command of this name.
fn named(name: &str) -> Result<&'static CommandShape, Failure> {
    if let Some(command) = offered().find(|command| command.name == name) {
        return Ok(command);
    }
    let mut near: Vec<(f64, &str)> = offered()
        .map(|command| {
            (
                strsim::jaro_winkler(&name.to_lowercase(), &command.name.to_lowercase()),
                command.name,
            )
        })
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near: Vec<String> = near.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    Err(Failure::usage(format!(
        "there is no command `{name}`; near: {}; `rapporteur record --list` names all",
        near.join(", ")
    )))
}

/// The mutation, asking for all that an outcome tells, and for the dates as they were understood.
fn document(command: &CommandShape) -> String {
    let (name, input, event) = (command.name, &command.input.name, command.event);
    let dates: Vec<String> = dates(command).map(|date| format!("{date} {{ ...Day }}")).collect();
    let fact = match dates.is_empty() {
        true => String::new(),
        false => format!("fact {{ ... on {event} {{ {} }} }}", dates.join(" ")),
    };
    format!(
        "mutation Record($input: {input}Input!) {{
  {name}(input: $input) {{
    __typename
    ... on Recorded {{
      position version hash alreadyThere
      dossier {{ slug kind title }}
      entry {{ summary when {{ ...Day }} {fact} }}
      flags {{ rule message }}
    }}
    ... on Refused {{ refusals {{ rule field value message hint }} }}
    ... on Conflict {{ slug expected actual }}
  }}
}}
fragment Day on Date {{ edtf label earliest latest }}"
    )
}

/// The fields of a command's input that are dates.
fn dates(command: &CommandShape) -> impl Iterator<Item = &str> {
    let dated = command
        .input
        .fields
        .iter()
        .filter(|field| matches!(&field.shape, Shape::Scalar(rule) if rule.name == "DateInput"));
    dated.map(|field| field.name.as_str())
}
