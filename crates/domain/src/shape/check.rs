//! Checking a written value against its shape: all findings at once, each with its path.

use super::{Field, MAX_ITEMS, ObjectShape, Shape};
use crate::refusal::{Refusal, Rule};
use serde_json::{Number, Value};

/// What checking found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Everything that is wrong.
    pub refusals: Vec<Refusal>,
    /// Every reference the value makes, to be looked up by whoever knows the record.
    pub mentions: Vec<Mention>,
}

/// A reference made somewhere in a written value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where: `participants[0].party`.
    pub field: String,
    /// The kind of dossier it must name, or `Any`.
    pub kind: String,
    /// What it names: a slug or a record reference.
    pub target: String,
}

/// Checks an object against its shape, noting findings under paths that start with `path`.
pub fn check(object: &ObjectShape, value: &Value, path: &str, found: &mut Findings) {
    let Some(members) = value.as_object() else {
        found.refusals.push(wrong_type(
            path,
            value,
            "an object",
            "write `{…}` with the fields of this input",
        ));
        return;
    };
    for (name, member) in members {
        match object.field(name) {
            Some(field) => one(&field.shape, field, member, &join(path, name), found),
            None => found.refusals.push(unknown_field(object, name, path)),
        }
    }
    for field in object
        .fields
        .iter()
        .filter(|f| f.required && !members.contains_key(&f.name))
    {
        found.refusals.push(Refusal::new(
            Rule::MissingField,
            join(path, &field.name),
            None,
            format!("`{}` is missing", field.name),
            format!("give it: {}", field.about),
        ));
    }
}

/// The same written input in its plainest form: without members that are null, which say the same as nothing, and with
/// whole numbers as such, however they were written (`20.0`).
#[must_use]
pub fn plain(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| (k, plain(v)))
            .collect(),
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        Value::Number(number) => Value::Number(whole(&number).unwrap_or(number)),
        other => other,
    }
}

/// The same written input with lists of one where a single value stands for a list, as GraphQL reads literals.
#[must_use]
pub fn listed(object: &ObjectShape, value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| match object.field(&name) {
                Some(field) => (name, list_of_one(&field.shape, member)),
                None => (name, member),
            })
            .collect(),
        other => other,
    }
}

fn list_of_one(shape: &Shape, value: Value) -> Value {
    match (shape, value) {
        (_, Value::Null) => Value::Null,
        (Shape::List(items), Value::Array(values)) => values.into_iter().map(|v| list_of_one(items, v)).collect(),
        (Shape::List(items), single) => Value::Array(vec![list_of_one(items, single)]),
        (Shape::Object(object), value) => listed(object, value),
        (_, value) => value,
    }
}

fn whole(number: &Number) -> Option<Number> {
    let value = number.as_f64().filter(|_| number.is_f64())?;
    // Beyond 2^53 a float does not tell neighbouring whole numbers apart.
    (value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0).then(|| Number::from(value as i64))
}

fn one(shape: &Shape, field: &Field, value: &Value, path: &str, found: &mut Findings) {
    match shape {
        Shape::Int => {
            if value.as_u64().is_none_or(|n| n > 2_147_483_647) {
                found.refusals.push(wrong_type(
                    path,
                    value,
                    "a whole number",
                    "write a number from 0 to 2147483647",
                ));
            }
        }
        Shape::Float if !value.is_number() => {
            found
                .refusals
                .push(wrong_type(path, value, "a number", "write it without quotes: `15000`"));
        }
        Shape::Bool if !value.is_boolean() => {
            found
                .refusals
                .push(wrong_type(path, value, "true or false", "write `true` or `false`"));
        }
        Shape::Float | Shape::Bool => {}
        Shape::Scalar(scalar) => match (scalar.check)(value) {
            Err(invalid) => {
                let rule = if scalar.name == "DateInput" {
                    Rule::InvalidDate
                } else {
                    Rule::InvalidValue
                };
                found
                    .refusals
                    .push(Refusal::new(rule, path, Some(value), invalid.message, invalid.hint));
            }
            Ok(()) => {
                if let (Some(kind), Some(target)) = (&field.refers, value.as_str()) {
                    let (kind, target) = (kind.clone(), target.to_owned());
                    found.mentions.push(Mention {
                        field: path.to_owned(),
                        kind,
                        target,
                    });
                }
            }
        },
        Shape::Enum(set) => {
            if !value
                .as_str()
                .is_some_and(|v| set.values.iter().any(|(name, _)| name == v))
            {
                let names: Vec<&str> = set.values.iter().map(|(name, _)| name.as_str()).collect();
                found.refusals.push(Refusal::new(
                    Rule::InvalidValue,
                    path,
                    Some(value),
                    format!("not a {}", set.name),
                    format!("write one of {}", names.join(", ")),
                ));
            }
        }
        Shape::Object(object) => check(object, value, path, found),
        Shape::List(items) => match value.as_array() {
            Some(values) if values.len() > MAX_ITEMS => found.refusals.push(Refusal::new(
                Rule::TooMany,
                path,
                None,
                format!("{} items where at most {MAX_ITEMS} are allowed", values.len()),
                "split the record",
            )),
            Some(values) => {
                for (index, item) in values.iter().enumerate() {
                    one(items, field, item, &format!("{path}[{index}]"), found);
                }
            }
            None => found.refusals.push(wrong_type(path, value, "a list", "write `[…]`")),
        },
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn wrong_type(path: &str, value: &Value, wanted: &str, hint: &str) -> Refusal {
    Refusal::new(Rule::WrongType, path, Some(value), format!("expected {wanted}"), hint)
}

fn unknown_field(object: &ObjectShape, name: &str, path: &str) -> Refusal {
    let names: Vec<&str> = object.fields.iter().map(|f| f.name.as_str()).collect();
    let message = format!("{} has no field `{name}`", object.name);
    Refusal::new(
        Rule::UnknownField,
        join(path, name),
        None,
        message,
        format!("its fields are {}", names.join(", ")),
    )
}
