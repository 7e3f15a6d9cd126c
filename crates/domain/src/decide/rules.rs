//! Rules of single commands: what cannot be, beside what holds for all.

use super::{Known, inner, placing};
use crate::change::{PointChange, RecordPointChange};
use crate::claim::{LinkRecords, RecordExpectation};
use crate::common::Quantity;
use crate::date::FuzzyDate;
use crate::event::Action;
use crate::evidence::Evidence;
use crate::id::{DossierKind, Key, RecordRef, Slug};
use crate::issue::TakePosition;
use crate::party::RecordOffice;
use crate::plan::RecordPoint;
use crate::refusal::{Refusal, Rule};
use crate::rival::RecordRivalValues;
use serde_json::Value;

/// The stored kind of the event that makes a point.
const POINT: &str = "plan.point-recorded";

/// What speaks against this action by a rule of its own.
pub(super) fn own(known: &dyn Known, action: &Action, refusals: &mut Vec<Refusal>) {
    match action {
        Action::RecordOffice(office) => dated(office, refusals),
        Action::RecordPoint(point) => point_of(known, point, refusals),
        Action::ChangeVersion(told) => unknown_version(known, &told.plan, &told.version, refusals),
        Action::RecordPointChange(told) => {
            unknown_version(known, &told.plan, &told.version, refusals);
            point_change(told, refusals);
            changed_points(known, told, refusals);
        }
        Action::RecordAct(act) => {
            ordered(
                act.adopted_on.as_ref(),
                "publishedOn",
                act.published_on.as_ref(),
                refusals,
            );
            ordered(
                act.applies_from.as_ref(),
                "appliesUntil",
                act.applies_until.as_ref(),
                refusals,
            );
        }
        Action::RecordMeasure(measure) => {
            ordered(
                measure.applies_from.as_ref(),
                "appliesUntil",
                measure.applies_until.as_ref(),
                refusals,
            );
        }
        Action::RecordRivalValues(told) => uncited_values(told, refusals),
        Action::RecordPlanGap(gap) => unknown_version(known, &gap.plan, &gap.version, refusals),
        Action::TakePosition(position) => position_on(known, position, refusals),
        Action::RecordStage(stage) => {
            ordered(Some(&stage.reached_on), "deadline", stage.deadline.as_ref(), refusals);
        }
        Action::RecordExpectation(told) => {
            ordered(Some(&told.claimed_on), "expectedIn", Some(&told.expected_in), refusals);
            stage_of_a_round(known, told, refusals);
        }
        Action::RecordCommitment(told) if told.by.is_empty() => {
            nobody(&told.evidence, "nobody makes this commitment", refusals);
        }
        Action::OpenRound(round) if round.senders.is_empty() => refusals.push(Refusal::new(
            Rule::MissingField,
            "senders",
            None,
            "a round needs a sender",
            "name the party that imposes it, such as `eu`",
        )),
        Action::LinkRecords(link) => to_itself(link, refusals),
        Action::RecordMirror(told) => {
            let of = told.of.iter().map(Slug::as_str);
            itself(told.round.as_str(), "of", of, "a round cannot mirror itself", refusals);
        }
        Action::SettleLead(told) => {
            let into = told.into.iter().map(RecordRef::dossier);
            itself(
                told.lead.as_str(),
                "into",
                into,
                "a lead is not worked out into itself",
                refusals,
            );
        }
        _ => {}
    }
}

fn dated(office: &RecordOffice, refusals: &mut Vec<Refusal>) {
    if office.attested_on.is_none() && office.from.is_none() && office.until.is_none() {
        refusals.push(Refusal::new(
            Rule::MissingField,
            "attestedOn",
            None,
            "an office needs a date",
            "say when it is attested, or from or until when it is held",
        ));
    }
    ordered(office.from.as_ref(), "until", office.until.as_ref(), refusals);
    ordered(
        office.from.as_ref(),
        "attestedOn",
        office.attested_on.as_ref(),
        refusals,
    );
    ordered(office.attested_on.as_ref(), "until", office.until.as_ref(), refusals);
}

/// Refuses an end that lies surely before its start.
fn ordered(start: Option<&FuzzyDate>, field: &str, end: Option<&FuzzyDate>, refusals: &mut Vec<Refusal>) {
    let (Some(start), Some(end)) = (start, end) else { return };
    if end.surely_before(start) {
        refusals.push(Refusal::new(
            Rule::EndBeforeStart,
            field,
            Some(&written(end)),
            format!("it lies surely before the start ({})", start.label()),
            "correct one of the two dates",
        ));
    }
}

/// A date as people write it: EDTF alone where that is all.
fn written(date: &FuzzyDate) -> Value {
    match serde_json::to_value(date) {
        Ok(Value::Object(members)) if members.len() == 1 => members.into_values().next().unwrap_or_default(),
        Ok(whole) => whole,
        Err(_) => Value::from(date.label()),
    }
}

fn point_of(known: &dyn Known, point: &RecordPoint, refusals: &mut Vec<Refusal>) {
    unknown_version(known, &point.plan, &point.version, refusals);
    let (Some(parent), Some(dossier)) = (&point.parent, known.dossier(point.plan.as_str())) else {
        return;
    };
    let there = dossier.records.get(&format!("/{}#{parent}", point.version));
    if there.is_none_or(|filed| filed.kind != POINT) {
        refusals.push(Refusal::new(
            Rule::UnknownPoint,
            "parent",
            Some(&Value::from(parent.as_str())),
            format!("version `{}` of `{}` has no such point", point.version, point.plan),
            "record the parent point first, or correct its key",
        ));
    }
}

fn unknown_version(known: &dyn Known, plan: &Slug, version: &Key, refusals: &mut Vec<Refusal>) {
    let missing = known
        .dossier(plan.as_str())
        .is_some_and(|d| !d.records.contains_key(&format!("/{version}")));
    if missing {
        let lost = known.lost(&format!("{plan}/{version}"));
        let (message, hint) = match lost {
            Some(lost) => (
                format!("what made `{plan}/{version}`, at position {lost}, was redacted"),
                placing::refill(lost),
            ),
            None => (
                format!("plan `{plan}` has no such version"),
                "record the version first with recordPlanVersion, or correct it".to_owned(),
            ),
        };
        let value = Value::from(version.as_str());
        refusals.push(Refusal::new(
            Rule::UnknownReference,
            "version",
            Some(&value),
            message,
            hint,
        ));
    }
}

fn position_on(known: &dyn Known, position: &TakePosition, refusals: &mut Vec<Refusal>) {
    if position.by.is_empty() {
        nobody(&position.evidence, "nobody holds this position", refusals);
    }
    ordered(position.since.as_ref(), "takenOn", Some(&position.taken_on), refusals);
    let names = [
        DossierKind::Party,
        DossierKind::Source,
        DossierKind::Topic,
        DossierKind::Series,
        DossierKind::Lead,
    ];
    if let Some(dossier) = known.dossier(position.on.dossier())
        && names.contains(&dossier.kind)
    {
        refusals.push(Refusal::new(
            Rule::WrongKind,
            "on",
            Some(&Value::from(position.on.as_str())),
            format!("nobody takes a position on a {:?}", dossier.kind).to_lowercase(),
            "name an issue, a plan or one of its points, a meeting, a round: whatever can be for or against",
        ));
    }
}

/// Refuses where no party is named and no citation describes one.
fn nobody(evidence: &Evidence, message: &str, refusals: &mut Vec<Refusal>) {
    if evidence.citations.iter().all(|c| c.attribution.is_none()) {
        refusals.push(Refusal::new(
            Rule::MissingField,
            "by",
            None,
            message,
            "name the parties in `by`, or describe who it is in a citation's attribution",
        ));
    }
}

/// Refuses a change whose points do not go with what became of them.
fn point_change(told: &RecordPointChange, refusals: &mut Vec<Refusal>) {
    let mut wants = |field: &str, given: Option<&RecordRef>, wanted: bool, message: &str| {
        if given.is_some() != wanted {
            let rule = if wanted { Rule::MissingField } else { Rule::InvalidValue };
            let value = given.map(|given| Value::from(given.as_str()));
            let hint = "name `before` for what was there and `after` for what is there now";
            refusals.push(Refusal::new(rule, field, value.as_ref(), message, hint));
        }
    };
    let (before, after) = (told.before.as_ref(), told.after.as_ref());
    match told.change {
        PointChange::Added => wants("before", before, false, "what is new was not there before"),
        PointChange::Dropped => {
            wants("before", before, true, "what was dropped was there before");
            wants("after", after, false, "what was dropped is not there any more");
        }
        PointChange::Kept | PointChange::Changed => {
            wants("before", before, true, "what was kept or changed was there before");
        }
    }
}

/// Refuses a change between what are no points, in another version than the one that changes, or within that version.
fn changed_points(known: &dyn Known, told: &RecordPointChange, refusals: &mut Vec<Refusal>) {
    let is_record = |to: &RecordRef| {
        known
            .dossier(to.dossier())
            .and_then(|d| d.records.get(inner(to.as_str())))
    };
    for (field, to) in [("before", &told.before), ("after", &told.after)] {
        let Some(to) = to else { continue };
        let whole = inner(to.as_str()).is_empty();
        let there = to.dossier() == told.plan.as_str() && to.version() == Some(told.version.as_str());
        let mut refuse = |rule, message: String, hint: &str| {
            refusals.push(Refusal::new(
                rule,
                field,
                Some(&Value::from(to.as_str())),
                message,
                hint,
            ));
        };
        if whole || is_record(to).is_some_and(|filed| filed.kind != POINT) {
            refuse(
                Rule::UnknownPoint,
                format!("`{to}` is not a point"),
                "name a point of a version, such as `us-plan/28#nato`",
            );
        } else if there != (field == "after") && is_record(to).is_some() {
            let (message, hint) = match field {
                "after" => (
                    "the point stands in another version",
                    "name a point of the version that changes",
                ),
                _ => (
                    "the point stands in the version that changes",
                    "name the point of the earlier version",
                ),
            };
            refuse(Rule::InvalidValue, message.to_owned(), hint);
        }
    }
}

/// Refuses the stage of something that has none.
fn stage_of_a_round(known: &dyn Known, told: &RecordExpectation, refusals: &mut Vec<Refusal>) {
    if let (Some(stage), Some(dossier)) = (told.stage, known.dossier(told.of.dossier()))
        && dossier.kind != DossierKind::Round
    {
        refusals.push(Refusal::new(
            Rule::InvalidValue,
            "stage",
            serde_json::to_value(stage).ok().as_ref(),
            format!("only a round reaches a stage; `{}` is a {:?}", told.of, dossier.kind).to_lowercase(),
            "leave `stage` out, or name the round in `of`",
        ));
    }
}

/// Refuses what names itself where it names others.
fn itself<'a>(
    own: &str,
    field: &str,
    others: impl Iterator<Item = &'a str>,
    message: &str,
    refusals: &mut Vec<Refusal>,
) {
    for (index, other) in others.enumerate().filter(|(_, other)| *other == own) {
        let (field, value) = (format!("{field}[{index}]"), Value::from(other));
        refusals.push(Refusal::new(
            Rule::InvalidValue,
            field,
            Some(&value),
            message,
            "name another one, or leave it out",
        ));
    }
}

fn uncited_values(told: &RecordRivalValues, refusals: &mut Vec<Refusal>) {
    if told.values.is_empty() {
        refusals.push(Refusal::new(
            Rule::MissingField,
            "values",
            None,
            "no value is given",
            "give each value with those who give it",
        ));
    }
    for (index, value) in told.values.iter().enumerate().filter(|(_, v)| v.citations.is_empty()) {
        refusals.push(Refusal::new(
            Rule::NoCitation,
            format!("values[{index}].citations"),
            Some(&Value::from(value.value.as_str())),
            "a value needs somebody who gives it",
            "cite the source that gives this value",
        ));
    }
}

fn to_itself(link: &LinkRecords, refusals: &mut Vec<Refusal>) {
    if link.from == link.to {
        refusals.push(Refusal::new(
            Rule::InvalidValue,
            "to",
            Some(&Value::from(link.to.as_str())),
            "a record cannot be linked to itself",
            "name the other record",
        ));
    }
}

/// What is impossible about the quantity in `field`.
pub(super) fn impossible(quantity: &Quantity, field: String) -> Option<Refusal> {
    let refuse = |value: Option<String>, message: &str, hint: &str| {
        let value = value.map(Value::from);
        Some(Refusal::new(
            Rule::ImpossibleQuantity,
            field,
            value.as_ref(),
            message,
            hint,
        ))
    };
    match (quantity.value, quantity.min, quantity.max) {
        (None, None, None) if quantity.words.is_none() => refuse(
            None,
            "the quantity says nothing",
            "give `value`, `min`, `max`, or the source's `words` where it gives no number",
        ),
        (Some(value), min, max) if min.is_some() || max.is_some() => refuse(
            Some(value.to_string()),
            "a quantity is one number or a range, not both",
            "give `value` alone, or `min` and `max`; two numbers of two claimants are two quantities",
        ),
        (_, Some(min), Some(max)) if min > max => refuse(
            Some(format!("{min} to {max}")),
            "the lower end is above the upper end",
            "swap `min` and `max`",
        ),
        (_, Some(min), Some(max)) if min >= max && (quantity.min_exclusive || quantity.max_exclusive) => refuse(
            Some(format!("{min} to {max}")),
            "no number lies between the two ends",
            "leave out `minExclusive` and `maxExclusive`, or widen the range",
        ),
        _ => None,
    }
}

/// Refuses a record whose reference nobody could write.
pub(super) fn unreferable(slug: &str, suffix: &str) -> Option<Refusal> {
    let whole = format!("{slug}{suffix}");
    RecordRef::parse(&whole).err().map(|invalid| {
        let key = inner(&whole).rsplit(['#', '.', '/']).next().unwrap_or_default();
        Refusal::new(
            Rule::InvalidValue,
            "key",
            Some(&Value::from(key)),
            format!("the record could not be referred to as `{whole}`: {}", invalid.message),
            "choose a shorter key",
        )
    })
}
