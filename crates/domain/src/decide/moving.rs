//! Moves of records from one dossier to another: whether they can be moved, and under which references they are found there.

use super::renaming::{Place, own_key, rekeyed};
use super::{Decision, Dossier, Known, inner};
use crate::event::Action;
use crate::id::{RecordRef, Slug};
use crate::refusal::{Refusal, Rule};
use serde_json::Value;
use std::collections::BTreeSet;

/// The stored kind of the event that moves records.
const MOVED: &str = "dossier.records-moved";
/// The kinds of events by which things changed their names or were amended: they stay where they are.
const KEPT: [&str; 6] = [
    "dossier.renamed",
    "dossier.merged",
    MOVED,
    "dossier.record-corrected",
    "dossier.record-retracted",
    "dossier.record-redacted",
];

/// Completes a move, or says what speaks against it; leaves other actions alone.
pub(super) fn settle(known: &dyn Known, action: &mut Action, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    let Action::MoveRecords(told) = action else { return None };
    let moved = known.moved();
    if let Some(now) = moved.and_then(|moved| moved.slug(told.from.as_str())) {
        told.from = now.clone();
    }
    if told.records.is_empty() {
        refusals.push(Refusal::new(
            Rule::MissingField,
            "records",
            None,
            "nothing is named that moves",
            "name the records, such as `us-plan/28` or `eu-ru-20#proposed`",
        ));
    }
    let from = known.dossier(told.from.as_str())?;
    let into = known.dossier(told.into.as_str())?;
    let today = |record: &RecordRef| moved.and_then(|moved| moved.reference(record.as_str()));
    let led_there = |record: &RecordRef| {
        let now = today(record).and_then(|now| RecordRef::parse(&now).ok());
        now.is_some_and(|now| now.dossier() == told.into.as_str() && into.has(inner(now.as_str())))
    };
    if !told.records.is_empty()
        && told.records.iter().all(led_there)
        && let Some(position) = last_move(into)
    {
        return Some(Decision::AlreadyThere(position));
    }
    if told.from == told.into {
        refusals.push(same(&told.into));
        return None;
    }
    if from.kind != into.kind {
        let message = format!(
            "`{}` is a {:?} and `{}` a {:?}",
            told.from, from.kind, told.into, into.kind
        );
        let value = Value::from(told.into.as_str());
        refusals.push(Refusal::new(
            Rule::WrongKind,
            "into",
            Some(&value),
            message.to_lowercase(),
            "records stay in dossiers of one kind; name another dossier, or link the two instead",
        ));
        return None;
    }
    let mut chosen = BTreeSet::new();
    for (index, record) in told.records.iter().enumerate().filter(|(_, r)| !led_there(r)) {
        let now = today(record).unwrap_or_else(|| record.to_string());
        if is_missing(known, &now) {
            continue;
        }
        match unmovable(&told.from, from, &now) {
            Some((message, hint)) => {
                let value = Value::from(record.as_str());
                let field = format!("records[{index}]");
                refusals.push(Refusal::new(Rule::NotMovable, field, Some(&value), message, hint));
            }
            None => {
                chosen.insert(inner(&now).to_owned());
            }
        }
    }
    let (from, into) = (Place::new(known, &told.from, from), Place::new(known, &told.into, into));
    let own = own_key(moved, &mut told.key, "moved", [&from, &into]);
    match rekeyed(moved, &from, &into, &chosen, own, true) {
        Some(moved) => told.moved = moved,
        None => refusals.push(Refusal::new(
            Rule::InvalidValue,
            "records",
            None,
            "the key of one of them would be too long with a number in the dossier that they go to",
            "record it there anew under a shorter key",
        )),
    }
    None
}

/// The position at which records were last moved to a dossier.
fn last_move(into: &Dossier) -> Option<u64> {
    let moves = into.records.values().filter(|filed| filed.kind == MOVED);
    moves.map(|filed| filed.mark.position).max()
}

/// Whether there is no such record: that is refused as an unknown reference.
fn is_missing(known: &dyn Known, record: &str) -> bool {
    let slug = record.split(['/', '#']).next().unwrap_or_default();
    let suffix = inner(record);
    let there = |dossier: &Dossier| suffix.is_empty() || dossier.records.contains_key(suffix);
    !known.dossier(slug).is_some_and(there)
}

/// Why a record cannot leave a dossier, and what to do.
fn unmovable(slug: &Slug, from: &Dossier, record: &str) -> Option<(String, &'static str)> {
    let suffix = inner(record);
    if !record.starts_with(slug.as_str()) || record.len() != slug.as_str().len() + suffix.len() {
        let message = format!("it is not a record of `{slug}`");
        return Some((
            message,
            "name records of the dossier that they leave, or another dossier in `from`",
        ));
    }
    if suffix.is_empty() {
        let message = "what opened a dossier does not leave it".to_owned();
        return Some((
            message,
            "name records in it; where both are the same thing, use mergeDossiers",
        ));
    }
    if !from.outermost().contains(suffix) {
        let message = "it lies inside another record, and is moved with that".to_owned();
        return Some((
            message,
            "name the outermost record, such as `us-plan/28` for `us-plan/28#nato`",
        ));
    }
    let kept = from.records.get(suffix).is_some_and(|filed| KEPT.contains(&filed.kind));
    kept.then(|| {
        let message = "it tells what became of the dossier's name or of its records, and stays".to_owned();
        (message, "leave it out")
    })
}

fn same(slug: &Slug) -> Refusal {
    let value = Value::from(slug.as_str());
    Refusal::new(
        Rule::NotMovable,
        "into",
        Some(&value),
        "the records are to leave the dossier that they are to go to",
        "open the other dossier with its own command, and name it",
    )
}
