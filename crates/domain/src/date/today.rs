//! "Today", as the desk writes it: settled at the door, by the day that it is where the desk is.

use crate::shape::{ObjectShape, Shape};
use chrono::{Days, NaiveDate};
use serde_json::Value;

/// The words for days that hang on when they are written, and how many days each is from today.
const WORDS: [(&str, i8); 3] = [("yesterday", -1), ("today", 0), ("tomorrow", 1)];

/// Puts the day in the place of each such word that stands for a date in an input: alone, or as a date's `edtf`.
/// Everything else is left as it is, also where it does not fit the shape.
pub(crate) fn settle(object: &ObjectShape, input: &mut Value, today: NaiveDate) {
    let Some(members) = input.as_object_mut() else { return };
    for field in &object.fields {
        if let Some(value) = members.get_mut(&field.name) {
            one(&field.shape, value, today);
        }
    }
}

fn one(shape: &Shape, value: &mut Value, today: NaiveDate) {
    match (shape, value) {
        (Shape::Object(object), value) => settle(object, value, today),
        (Shape::List(items), Value::Array(values)) => values.iter_mut().for_each(|value| one(items, value, today)),
        (Shape::Scalar(scalar), Value::Object(parts)) if scalar.name == "DateInput" => {
            parts.get_mut("edtf").into_iter().for_each(|edtf| word(edtf, today));
        }
        (Shape::Scalar(scalar), value) if scalar.name == "DateInput" => word(value, today),
        _ => {}
    }
}

fn word(value: &mut Value, today: NaiveDate) {
    let written = value.as_str().map(str::trim).unwrap_or_default();
    let found = WORDS.iter().find(|(word, _)| written.eq_ignore_ascii_case(word));
    let day = found.and_then(|(_, days)| match days {
        -1 => today.checked_sub_days(Days::new(1)),
        1 => today.checked_add_days(Days::new(1)),
        _ => Some(today),
    });
    if let Some(day) = day {
        *value = Value::from(day.format("%Y-%m-%d").to_string());
    }
}
