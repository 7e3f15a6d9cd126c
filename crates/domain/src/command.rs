//! Commands as people write them: JSON with one key, the command's name, whose value is its input.
//!
//! GraphQL inputs, import lines and the CLI share this form and this door.

use crate::event::{Action, CommandShape, EncodeError, commands};
use crate::refusal::{Refusal, Rule};
use crate::shape::{Findings, Mention, check, strip_nulls};
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
    /// Every reference the input makes.
    pub mentions: Vec<Mention>,
    /// 128 bits of BLAKE3 over the command's name and input: equal content, equal fingerprint.
    pub fingerprint: [u8; 16],
}

/// The most bytes an idempotency key may have.
pub const KEY_MAX_BYTES: usize = 200;
/// The two fields every command's input has beside its own.
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
    /// Reads `{"scheduleMeeting": {…}}`.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field.
    pub fn parse(value: Value) -> Result<Self, Vec<Refusal>> {
        const HINT: &str = "write one object with one key, such as {\"registerTopic\": {…}}";
        let Value::Object(members) = value else {
            return Err(vec![Refusal::new(
                Rule::WrongType,
                "",
                Some(&value),
                "a command is an object",
                HINT,
            )]);
        };
        let mut members = members.into_iter().filter(|(_, v)| !v.is_null());
        match (members.next(), members.next()) {
            (Some((name, input)), None) => Self::parse_input(&name, input)
                .map_err(|refusals| refusals.into_iter().map(|r| r.under(&name)).collect()),
            (None, _) => Err(vec![Refusal::new(
                Rule::UnknownCommand,
                "",
                None,
                "the object names no command",
                HINT,
            )]),
            (Some(_), Some((second, _))) => Err(vec![Refusal::new(
                Rule::UnknownCommand,
                second,
                None,
                "a command has one key only",
                HINT,
            )]),
        }
    }

    /// Reads the input of the command called `name`; fields in refusals are relative to the input.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its field.
    pub fn parse_input(name: &str, input: Value) -> Result<Self, Vec<Refusal>> {
        let Some(shape) = commands().iter().find(|c| c.name == name) else {
            return Err(vec![unknown_command(name)]);
        };
        let mut input = strip_nulls(input);
        let mut found = Findings::default();
        let (idempotency_key, expected_version) = conditions(&mut input, &mut found);
        check(&shape.input, &input, "", &mut found);
        if !found.refusals.is_empty() {
            return Err(found.refusals);
        }
        let action = read(shape, input)?;
        let fingerprint = action
            .clone()
            .into_event()
            .fingerprint()
            .map_err(|e| vec![unencodable(&e)])?;
        Ok(Self {
            action,
            idempotency_key,
            expected_version,
            mentions: found.mentions,
            fingerprint,
        })
    }
}

fn read(shape: &CommandShape, input: Value) -> Result<Action, Vec<Refusal>> {
    match Action::read(shape.name, input) {
        Some(Ok(action)) => Ok(action),
        Some(Err(error)) => Err(vec![Refusal::new(
            Rule::InvalidValue,
            "",
            None,
            format!("the input cannot be read: {error}"),
            "compare it with the command's JSON Schema",
        )]),
        None => Err(vec![unknown_command(shape.name)]),
    }
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
    let names: Vec<&str> = commands().iter().map(|c| c.name).collect();
    let hint = format!("write one of {}", names.join(", "));
    Refusal::new(
        Rule::UnknownCommand,
        "",
        Some(&Value::from(name)),
        "no command has this name",
        hint,
    )
}
