//! Commands as people write them: JSON with one key, the command's name, whose value is its input.
//!
//! GraphQL inputs, import lines and the CLI share this form and this door.

use crate::correction::{self, Correction};
use crate::creation::{self, Creation};
use crate::date::settle;
use crate::event::{Action, CommandShape, EncodeError, offered};
use crate::fact::Home;
use crate::refusal::{Refusal, Rule};
use crate::shape::{Findings, Mention, check, plain};
use chrono::NaiveDate;
use serde_json::{Map, Value};

/// A command that was written well: what to record, and under which conditions.
#[derive(Debug, Clone)]
pub struct Command {
    /// What to record.
    pub action: Action,
    /// Sent again with the same key, the command is not recorded twice.
    pub idempotency_key: Option<String>,
    /// The version the dossier must be at (0: not recorded yet), where given.
    pub expected_version: Option<u32>,
    /// What it names first, to be registered with it and before it.
    pub creates: Vec<Creation>,
    /// Which record it puts right, where it does.
    pub corrects: Option<Correction>,
    /// Whether its dossier's slug was made up of its content.
    pub slug_made_up: bool,
    /// Every reference the input makes.
    pub mentions: Vec<Mention>,
    /// 128 bits of BLAKE3 over the command's name and input: the same command, the same fingerprint.
    pub fingerprint: [u8; 16],
    /// The same over what it says, without the key of its record: the same content, the same fingerprint.
    pub content: [u8; 16],
}

/// A command that was not written well: what is wrong with it, and what can be looked up all the same, so that whoever
/// wrote it hears everything at once.
#[derive(Debug, Clone)]
pub struct Malformed {
    /// The command's name, as far as it has one.
    pub name: String,
    /// Everything that is wrong, fields relative to the input.
    pub refusals: Vec<Refusal>,
    /// Every reference that the input makes.
    pub mentions: Vec<Mention>,
    /// The dossier that it would have opened, by the input's `slug`.
    pub slug: Option<String>,
    /// The dossiers that it would have opened, told of or created: what others miss in them may be what it would have
    /// recorded.
    pub lost: Vec<String>,
}

impl Malformed {
    fn of(name: &str, refusals: Vec<Refusal>) -> Self {
        Self {
            name: name.to_owned(),
            refusals,
            mentions: Vec::new(),
            slug: None,
            lost: Vec::new(),
        }
    }
}

/// The most bytes an idempotency key may have.
pub const KEY_MAX_BYTES: usize = 200;
/// The two fields every command's input has beside its own, [`creation::CREATE`] and [`correction::CORRECTS`].
pub const CONDITIONS: [(&str, &str); 2] = [
    (
        "idempotencyKey",
        "Sent again with the same key, the command is not recorded twice: the first answer is given again. At most 200 bytes.",
    ),
    (
        "expectedVersion",
        "The version the dossier must be at, 0 for one not recorded yet; otherwise the answer is a Conflict.",
    ),
];

impl Command {
    /// Reads `{"scheduleMeeting": {…}}` where nobody knows what day it is: "today" is no date.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field.
    pub fn parse(value: Value) -> Result<Self, Malformed> {
        Self::parse_on(value, None)
    }

    /// Reads `{"scheduleMeeting": {…}}`, with the day that "today" is.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field.
    pub fn parse_on(value: Value, today: Option<NaiveDate>) -> Result<Self, Malformed> {
        const HINT: &str = "write one object with one key, such as {\"registerTopic\": {…}}";
        let wrong = |rule, field: &str, value: Option<&Value>, message: &str| {
            Malformed::of("", vec![Refusal::new(rule, field, value, message, HINT)])
        };
        let Value::Object(members) = value else {
            return Err(wrong(Rule::WrongType, "", Some(&value), "a command is an object"));
        };
        let mut members = members.into_iter().filter(|(_, v)| !v.is_null());
        match (members.next(), members.next()) {
            (Some((name, input)), None) => Self::parse_input(&name, input, today),
            (None, _) => Err(wrong(Rule::UnknownCommand, "", None, "the object names no command")),
            (Some(_), Some((second, _))) => {
                Err(wrong(Rule::UnknownCommand, &second, None, "a command has one key only"))
            }
        }
    }

    /// Reads the input of the command called `name`; fields in refusals are relative to the input. `today` is the day that
    /// it is where the desk is.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field.
    pub fn parse_input(name: &str, input: Value, today: Option<NaiveDate>) -> Result<Self, Malformed> {
        let mut input = plain(input);
        let mut found = Findings::default();
        let (idempotency_key, expected_version) = conditions(&mut input, &mut found);
        let created = creation::take(&mut input, today, &mut found);
        let corrects = correction::take(&mut input, &mut found);
        let read = match Self::read_into(name, input, today, &mut found) {
            Ok(command) if found.refusals.is_empty() => Ok(command),
            Ok(command) => Err(Malformed {
                name: name.to_owned(),
                refusals: std::mem::take(&mut found.refusals),
                slug: opened(&command.action),
                lost: vec![command.action.fact().home().dossier().to_owned()],
                mentions: command.mentions,
            }),
            Err(malformed) => Err(malformed),
        };
        match read {
            Ok(command) => Ok(Self {
                idempotency_key,
                expected_version,
                creates: created.creations,
                fingerprint: correction::mixed(command.fingerprint, corrects.as_ref()),
                corrects,
                ..command
            }),
            Err(mut malformed) => {
                malformed
                    .mentions
                    .retain(|mention| !created.slugs.contains(&mention.target));
                malformed.lost.extend(created.slugs);
                Err(malformed)
            }
        }
    }

    /// Reads an input that carries nothing but the command's own fields.
    pub(crate) fn parse_bare(name: &str, input: Value, today: Option<NaiveDate>) -> Result<Self, Malformed> {
        Self::read_into(name, input, today, &mut Findings::default())
    }

    /// Reads a command's own fields; what was found wrong before is told together with what is found now.
    fn read_into(
        name: &str,
        mut input: Value,
        today: Option<NaiveDate>,
        found: &mut Findings,
    ) -> Result<Self, Malformed> {
        let Some(shape) = offered().find(|c| c.name == name) else {
            return Err(Malformed::of("", vec![unknown_command(name)]));
        };
        if let Some(today) = today {
            settle(&shape.input, &mut input, today);
        }
        let slug_made_up = name_dossier(shape, &mut input);
        let before = found.refusals.len();
        check(&shape.input, &input, "", found);
        if found.refusals.len() > before {
            return Err(Malformed {
                name: name.to_owned(),
                refusals: std::mem::take(&mut found.refusals),
                mentions: std::mem::take(&mut found.mentions),
                slug: input.get("slug").and_then(Value::as_str).map(str::to_owned),
                lost: home(shape, &input).map(str::to_owned).into_iter().collect(),
            });
        }
        let failed = |refusal| Malformed::of(name, vec![refusal]);
        let action = read(shape, input).map_err(failed)?;
        let event = action.clone().into_event();
        let fingerprint = event.fingerprint().map_err(|e| failed(unencodable(&e)))?;
        let content = event.content().map_err(|e| failed(unencodable(&e)))?;
        Ok(Self {
            action,
            idempotency_key: None,
            expected_version: None,
            creates: Vec::new(),
            corrects: None,
            slug_made_up,
            mentions: std::mem::take(&mut found.mentions),
            fingerprint,
            content,
        })
    }
}

/// The dossier that an input would open, or that it tells of: then its first field says which.
fn home<'a>(shape: &CommandShape, input: &'a Value) -> Option<&'a str> {
    let first = &shape.input.fields.first()?.name;
    let named = input.get("slug").or_else(|| input.get(first))?.as_str()?;
    named.split(['/', '#']).next()
}

/// The dossier that an action opens, or would.
fn opened(action: &Action) -> Option<String> {
    match action.fact().home() {
        Home::Opens(_, slug, _) | Home::OpensOrTells(_, slug, ..) => Some(slug.to_string()),
        _ => None,
    }
}

fn read(shape: &CommandShape, input: Value) -> Result<Action, Refusal> {
    match Action::read(shape.name, input) {
        Some(Ok(action)) => Ok(action),
        Some(Err(error)) => Err(Refusal::new(
            Rule::InvalidValue,
            "",
            None,
            format!("the input cannot be read: {error}"),
            "compare it with the command's JSON Schema",
        )),
        None => Err(unknown_command(shape.name)),
    }
}

/// Makes up the slug of a dossier that may go without: the kind and the start of a hash of the input. Whether it did.
fn name_dossier(shape: &CommandShape, input: &mut Value) -> bool {
    let optional = shape.input.field("slug").is_some_and(|field| !field.required);
    let text = input.to_string();
    if let (true, Some(members)) = (optional, input.as_object_mut())
        && !members.contains_key("slug")
    {
        let kind = shape.event_kind.split('.').next().unwrap_or_default();
        let digits = blake3::hash(text.as_bytes()).to_hex();
        members.insert("slug".to_owned(), Value::from(format!("{kind}-{}", &digits[..10])));
        return true;
    }
    false
}

fn conditions(input: &mut Value, found: &mut Findings) -> (Option<String>, Option<u32>) {
    let mut empty = Map::new();
    let members = input.as_object_mut().unwrap_or(&mut empty);
    let key = members.remove(CONDITIONS[0].0).and_then(|key| match key.as_str() {
        Some(text) if (1..=KEY_MAX_BYTES).contains(&text.len()) && !text.contains(char::is_control) => {
            Some(text.to_owned())
        }
        _ => {
            found.refusals.push(Refusal::new(
                Rule::InvalidValue,
                CONDITIONS[0].0,
                Some(&key),
                format!("an idempotency key is a text of 1 to {KEY_MAX_BYTES} bytes without control characters"),
                "use a UUID or the name of the record in your own system",
            ));
            None
        }
    });
    let version = members.remove(CONDITIONS[1].0).and_then(|version| {
        let number = version.as_u64().and_then(|n| u32::try_from(n).ok());
        if number.is_none() {
            found.refusals.push(Refusal::new(
                Rule::WrongType,
                CONDITIONS[1].0,
                Some(&version),
                "a version is a whole number",
                "write the version that an answer gave you, or 0 for a dossier not recorded yet",
            ));
        }
        number
    });
    (key, version)
}

pub(crate) fn unencodable(error: &EncodeError) -> Refusal {
    Refusal::new(
        Rule::InvalidValue,
        "",
        None,
        error.to_string(),
        "report this as a fault of rapporteur, with the command",
    )
}

fn unknown_command(name: &str) -> Refusal {
    let names: Vec<&str> = offered().map(|c| c.name).collect();
    let hint = format!("write one of {}", names.join(", "));
    Refusal::new(
        Rule::UnknownCommand,
        "",
        Some(&Value::from(name)),
        "no command has this name",
        hint,
    )
}
