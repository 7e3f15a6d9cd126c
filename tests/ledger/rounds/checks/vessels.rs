//! Comparisons for the ledger of vessels.

use super::*;

fn vessels(look: &Look<'_>, basis: &str) -> bool {
    let round = look.told.round(look.unit.json["act"].as_str().unwrap_or_default());
    let held = count(round, "vessels", basis);
    if look.said.is_null() {
        held.is_none()
    } else {
        look.number().is_some() && held == look.number()
    }
}

/// What the act put on the list.
pub(crate) fn official(look: &Look<'_>) -> bool {
    vessels(look, "ADDED")
}

/// What an independent list has.
pub(crate) fn independent(look: &Look<'_>) -> bool {
    vessels(look, "INDEPENDENT")
}

/// What is on the list afterwards, as stated; null where nothing is.
pub(crate) fn stated_total(look: &Look<'_>) -> bool {
    vessels(look, "STATED_TOTAL")
}

/// What was taken off.
pub(crate) fn removed(look: &Look<'_>) -> bool {
    vessels(look, "REMOVED")
}

/// A sum that the desk does not keep: this round's additions and the total stated before it.
pub(crate) fn sum_from_previous_total(look: &Look<'_>) -> bool {
    let at: Option<usize> = look.unit.key.rsplit('/').next().and_then(|n| n.parse().ok());
    let before = at.and_then(|n| n.checked_sub(1)).map(|n| format!("vessels/{n}"));
    let before = before.and_then(|key| look.told.event(&key));
    let slug = |event: &Value| event["fact"]["round"]["slug"].as_str().unwrap_or_default().to_owned();
    let total = before.and_then(|event| count(look.told.round(&slug(event)), "vessels", "STATED_TOTAL"));
    let added = count(
        look.told
            .round(&slug(look.told.event(&look.unit.key).unwrap_or(&Value::Null))),
        "vessels",
        "ADDED",
    );
    let sum = total.zip(added).map(|(total, added)| total + added);
    sum.is_some() && sum == look.number()
}

/// Why totals are not sums stands with what was taken off.
pub(crate) fn note_of_removals(look: &Look<'_>) -> bool {
    look.told
        .under("vessels/")
        .any(|e| e["fact"]["basis"] == "REMOVED" && e["entry"]["evidence"]["note"] == *look.said)
}

/// Every row's record rests on the ledger's sources.
pub(crate) fn vessel_source(look: &Look<'_>) -> bool {
    all_cite(look, look.told.under("vessels/"), "source")
}
