//! What a command says it corrects: the event that was wrong, and why.

use crate::refusal::{Refusal, Rule};
use crate::shape::Findings;
use crate::text::Prose;
use serde_json::{Map, Value};

/// The field of every command's input that says what it puts right, and what the field is for.
pub const CORRECTS: (&str, &str) = (
    "corrects",
    "What this command puts right: a record of the desk's own that was wrong. What the command says stands in its place \
     from then on; as of before, the old record still shows. A source's own correction is a record of its own, linked to \
     the one that it corrects.",
);

/// The fields of [`CORRECTS`], and what they are for.
pub const FIELDS: [(&str, &str); 2] = [
    (
        "position",
        "The position of the event that was wrong: of the same kind as this command makes, and of the same record. What was \
         redacted gets what is right in its place too.",
    ),
    ("reason", "What was wrong, and how the desk knows. At most 8,000 bytes."),
];

/// Which record a command puts right, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The position of the event that was wrong.
    pub position: u64,
    /// What was wrong.
    pub reason: Prose,
}

/// Takes what a command corrects out of its input.
pub(crate) fn take(input: &mut Value, found: &mut Findings) -> Option<Correction> {
    let given = input.as_object_mut()?.remove(CORRECTS.0)?;
    let Value::Object(mut members) = given else {
        let hint = "write `{\"position\": 12, \"reason\": \"…\"}`";
        let refusal = Refusal::new(Rule::WrongType, CORRECTS.0, Some(&given), "expected an object", hint);
        found.refusals.push(refusal);
        return None;
    };
    let position = position(members.remove(FIELDS[0].0), found);
    let reason = reason(members.remove(FIELDS[1].0), found);
    found.refusals.extend(members.keys().map(|name| {
        let message = format!("`{}` has no field `{name}`", CORRECTS.0);
        let field = format!("{}.{name}", CORRECTS.0);
        Refusal::new(
            Rule::UnknownField,
            field,
            None,
            message,
            "its fields are position, reason",
        )
    }));
    Some(Correction {
        position: position?,
        reason: reason?,
    })
}

fn position(given: Option<Value>, found: &mut Findings) -> Option<u64> {
    let position = given.as_ref().and_then(Value::as_u64);
    if position.is_none() {
        let hint = "write the position of the event that was wrong: an entry's `position` tells it";
        found
            .refusals
            .push(wrong(0, given.as_ref(), "a position is a whole number", hint));
    }
    position
}

fn reason(given: Option<Value>, found: &mut Findings) -> Option<Prose> {
    let text = given.as_ref().and_then(Value::as_str);
    match text.map(Prose::parse) {
        Some(Ok(reason)) => return Some(reason),
        Some(Err(invalid)) => {
            let field = format!("{}.reason", CORRECTS.0);
            let refusal = Refusal::new(Rule::InvalidValue, field, given.as_ref(), invalid.message, invalid.hint);
            found.refusals.push(refusal);
        }
        None => {
            let hint = "say what was wrong and how the desk knows";
            found
                .refusals
                .push(wrong(1, given.as_ref(), "a reason is a text", hint));
        }
    }
    None
}

fn wrong(field: usize, given: Option<&Value>, message: &str, hint: &str) -> Refusal {
    let (rule, message) = match given {
        Some(_) => (Rule::WrongType, message.to_owned()),
        None => (Rule::MissingField, format!("`{}` is missing", FIELDS[field].0)),
    };
    Refusal::new(
        rule,
        format!("{}.{}", CORRECTS.0, FIELDS[field].0),
        given,
        message,
        hint,
    )
}

/// A command's fingerprint with what it corrects in it: the same command sent as a correction is another one.
pub(crate) fn mixed(fingerprint: [u8; 16], corrects: Option<&Correction>) -> [u8; 16] {
    let Some(Correction { position, reason }) = corrects else {
        return fingerprint;
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"corrects\0").update(&fingerprint);
    hasher
        .update(&position.to_be_bytes())
        .update(reason.as_str().as_bytes());
    let mut out = [0; 16];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    out
}

/// The JSON Schema of [`CORRECTS`].
#[must_use]
pub fn schema() -> Value {
    let mut properties = Map::new();
    properties.insert(
        FIELDS[0].0.to_owned(),
        serde_json::json!({ "type": "integer", "minimum": 1, "description": FIELDS[0].1 }),
    );
    properties.insert(
        FIELDS[1].0.to_owned(),
        serde_json::json!({ "type": "string", "maxLength": Prose::MAX_BYTES, "description": FIELDS[1].1 }),
    );
    serde_json::json!({
        "type": "object",
        "description": CORRECTS.1,
        "additionalProperties": false,
        "required": [FIELDS[0].0, FIELDS[1].0],
        "properties": properties,
    })
}
