//! Picking what to show out of an answer. What is not there, or null, is empty text.

use serde_json::Value;

static NULL: Value = Value::Null;

/// The value at a path of member names, such as `dossier.title`.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.')
        .try_fold(value, |value, name| value.get(name))
        .unwrap_or(&NULL)
}

/// The items of a list.
pub(crate) fn each<'a>(value: &'a Value, path: &str) -> std::slice::Iter<'a, Value> {
    at(value, path).as_array().map_or(&[][..], Vec::as_slice).iter()
}

/// Text, number or yes, as people write it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(_) => number(value),
        Value::Bool(true) => "yes".to_owned(),
        _ => String::new(),
    }
}

/// The text at a path.
pub(crate) fn text(value: &Value, path: &str) -> String {
    plain(at(value, path))
}

/// A name of a closed set as words: `IN_PREPARATION` is "in preparation".
pub(crate) fn word(value: &Value, path: &str) -> String {
    text(value, path).replace('_', " ").to_lowercase()
}

/// A date's label, with its hours where they are known.
pub(crate) fn day(value: &Value, path: &str) -> String {
    text(at(value, path), "label")
}

/// What `path` gives of each item of a list, one after the other; without repeats.
pub(crate) fn joined(value: &Value, list: &str, path: &str) -> String {
    let mut said: Vec<String> = Vec::new();
    for item in each(value, list) {
        let text = if path.is_empty() { plain(item) } else { text(item, path) };
        if !text.is_empty() && !said.contains(&text) {
            said.push(text);
        }
    }
    said.join(", ")
}

/// Sentences one after the other, those that say nothing left out.
pub(crate) fn sentences(said: impl IntoIterator<Item = String>) -> String {
    let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
    let last = said.len().saturating_sub(1);
    let ended = said.iter().enumerate().map(|(place, text)| match place == last {
        true => text.as_str(),
        false => text.trim_end_matches('.'),
    });
    ended.collect::<Vec<_>>().join("; ")
}

/// Bounds as people say them: "38 to 47", "at least 3", "13"; empty where neither is known.
pub(crate) fn bounds(value: &Value, least: &str, most: &str) -> String {
    let (least, most) = (text(value, least), text(value, most));
    match (least.is_empty(), most.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("at least {least}"),
        (true, false) => format!("at most {most}"),
        _ if least == most => least,
        _ => format!("{least} to {most}"),
    }
}

/// A number with a comma every three digits.
pub(crate) fn number(value: &Value) -> String {
    let Some(number) = value.as_f64() else {
        return String::new();
    };
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, String::new()), |(w, f)| (w, format!(".{f}")));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 && whole.len() > 4 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

/// A `Quantity` in words: "about 30,000 troops", "15,000 to 20,000 troops", "more than 30 countries".
pub(crate) fn quantity(value: &Value) -> String {
    let of = |path| number(at(value, path));
    let is = |path| at(value, path).as_bool() == Some(true);
    let (exact, min, max) = (of("value"), of("min"), of("max"));
    let amount = match (exact.is_empty(), min.is_empty(), max.is_empty()) {
        (false, _, _) => exact,
        (_, false, false) => format!("{min} to {max}"),
        (_, false, true) if is("minExclusive") => format!("more than {min}"),
        (_, false, true) => format!("at least {min}"),
        (_, true, false) if is("maxExclusive") => format!("fewer than {max}"),
        (_, true, false) => format!("at most {max}"),
        _ => text(value, "words"),
    };
    let about = if is("approximate") { "about " } else { "" };
    format!("{about}{amount} {}", text(value, "unit")).trim().to_owned()
}

/// A `Quantity` with what is counted, where its unit does not say it: "28 points", "14 (persons listed)".
pub(crate) fn counted(value: &Value) -> String {
    let (said, what) = (quantity(value), text(value, "what"));
    if said.ends_with(&what) {
        said
    } else {
        format!("{said} ({what})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn quantities_read_as_a_person_would_say_them() {
        let said = |value| quantity(&value);
        assert_eq!(
            said(json!({ "value": 30000, "approximate": true, "unit": "troops" })),
            "about 30,000 troops"
        );
        assert_eq!(
            said(json!({ "min": 15000, "max": 20000, "unit": "troops" })),
            "15,000 to 20,000 troops"
        );
        assert_eq!(
            said(json!({ "min": 30, "minExclusive": true, "unit": "countries" })),
            "more than 30 countries"
        );
        assert_eq!(said(json!({ "max": 100 })), "at most 100");
        assert_eq!(said(json!({ "words": "several thousand" })), "several thousand");
        assert_eq!(said(json!({ "value": 47.6, "unit": "USD" })), "47.6 USD");
    }

    #[test]
    fn sentences_and_bounds_leave_out_what_is_not_known() {
        let said = ["One.", "", "two", "three."].map(str::to_owned);
        assert_eq!(sentences(said), "One; two; three.");
        let of = |least: Value, most: Value| bounds(&json!({ "least": least, "most": most }), "least", "most");
        assert_eq!(of(json!(38), json!(47)), "38 to 47");
        assert_eq!(of(json!(13), json!(13)), "13");
        assert_eq!(of(json!(3), Value::Null), "at least 3");
        assert_eq!(of(Value::Null, json!(3)), "at most 3");
        assert_eq!(of(Value::Null, Value::Null), "");
    }

    #[test]
    fn what_is_not_there_is_empty() {
        let value = json!({ "a": { "b": null }, "list": [{ "n": "x" }, { "n": "x" }, { "n": null }, { "n": "y" }] });
        assert_eq!(text(&value, "a.b.c"), "");
        assert_eq!(word(&json!({ "s": "IN_PREPARATION" }), "s"), "in preparation");
        assert_eq!(joined(&value, "list", "n"), "x, y");
        assert_eq!(number(&json!(1234)), "1234");
        assert_eq!(number(&json!(-1234567.5)), "-1,234,567.5");
    }
}
