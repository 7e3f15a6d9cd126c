//! Comparisons for the rounds of other senders, and for mirrors.

use super::*;

/// `UK+US` as two senders.
pub(crate) fn senders(look: &Look<'_>) -> bool {
    let said: Vec<String> = look.text().split('+').map(slug_of_code).collect();
    let found: Vec<&str> = items(look.found).filter_map(|p| p["slug"].as_str()).collect();
    said == found
}

/// A stage was reached on this date.
pub(crate) fn reached(look: &Look<'_>) -> bool {
    items(&look.round()["path"]).any(|r| r["reachedOn"]["edtf"] == *look.said)
}

/// How finely that date is given.
pub(crate) fn reached_precision(look: &Look<'_>) -> bool {
    let edtf = &look.unit.json["edtf"];
    let path = items(&look.round()["path"]).map(|r| &r["reachedOn"]);
    path.filter(|on| on["edtf"] == *edtf).any(|on| look.on(on, precision))
}

/// A round that is mirrored.
pub(crate) fn mirrored(look: &Look<'_>) -> bool {
    look.mirror(|m| items(&m["of"]).any(|of| of["slug"] == *look.said))
}

/// How many days after.
pub(crate) fn lag(look: &Look<'_>) -> bool {
    look.said.is_number() && look.mirror(|m| m["lagDays"] == *look.said)
}

/// How many days after each of several rounds.
pub(crate) fn lag_of_round(look: &Look<'_>) -> bool {
    let round = look.leaf.pattern.rsplit('/').next().unwrap_or_default();
    let only = |m: &Value| items(&m["of"]).all(|of| of["slug"] == *round) && m["lagDays"] == *look.said;
    look.said.is_number() && look.mirror(only)
}

/// Not all of the mirrored round.
pub(crate) fn partial(look: &Look<'_>) -> bool {
    look.said.is_boolean() && look.mirror(|m| (m["extent"] == "PARTIAL") == *look.said)
}

/// Agreed between the senders.
pub(crate) fn coordinated(look: &Look<'_>) -> bool {
    look.mirror(|m| m["coordinated"] == *look.said)
}

/// The rule by which rounds are mirrored.
pub(crate) fn mirror_rule(look: &Look<'_>) -> bool {
    look.mirror(|m| m["rule"] == *look.said)
}

/// The days that the rule allows.
pub(crate) fn due_days(look: &Look<'_>) -> bool {
    look.said.is_number() && look.mirror(|m| m["dueDays"] == *look.said)
}

pub(crate) fn count(round: &Value, what: &str, basis: &str) -> Option<f64> {
    let found = items(&round["counts"]).find(|c| c["of"] == what && c["basis"] == basis);
    found.and_then(|c| c["quantity"]["value"].as_f64())
}

/// What another sender's round adds.
pub(crate) fn other_count(look: &Look<'_>) -> bool {
    let what = look.leaf.pattern.rsplit('/').next().unwrap_or_default();
    look.number().is_some() && count(look.round(), what, "ADDED") == look.number()
}

fn part<'a>(look: &'a Look<'_>) -> &'a Value {
    let key = match look.leaf.indices.first() {
        Some(at) => format!("{}/stage-{at}", look.unit.key),
        None => format!("{}/stage", look.unit.key),
    };
    look.told.event(&key).unwrap_or(&Value::Null)
}

/// What is to be known about the round's only stage.
pub(crate) fn note_of_stage(look: &Look<'_>) -> bool {
    part(look)["entry"]["evidence"]["note"] == *look.said
}

fn is_measure(event: &Value) -> bool {
    event["fact"]["__typename"] == "MeasureRecorded"
}

/// A stage, or a measure that applies.
pub(crate) fn other_stage(look: &Look<'_>) -> bool {
    let fact = &part(look)["fact"];
    if is_measure(part(look)) {
        look.on(fact, applies)
    } else {
        look.on(&fact["stage"], stage)
    }
}

fn other_date<'a>(look: &'a Look<'_>) -> &'a Value {
    let fact = &part(look)["fact"];
    if is_measure(part(look)) {
        application(fact).1
    } else {
        &fact["reachedOn"]
    }
}

/// Its date.
pub(crate) fn other_stage_edtf(look: &Look<'_>) -> bool {
    other_date(look)["edtf"] == *look.said
}

/// The source's words for the date.
pub(crate) fn other_stage_text(look: &Look<'_>) -> bool {
    other_date(look)["phrase"] == *look.said
}

/// The end of the date is open; it begins on a day that its EDTF names.
pub(crate) fn other_stage_tail(look: &Look<'_>) -> bool {
    let date = other_date(look);
    let first = look.text().strip_prefix("open: not before ").unwrap_or_default();
    let named = date["edtf"]
        .as_str()
        .is_some_and(|edtf| edtf.trim_end_matches('~') == first);
    date["openTail"] == true && named
}

/// What applies.
pub(crate) fn other_stage_note(look: &Look<'_>) -> bool {
    part(look)["fact"]["summary"] == *look.said
}
