//! The values of what moves on: versions of plans, issues, commitments, expectations; and the dates of acts and sources.

use super::behind::{Behind, Part, deciding, first_deciding, in_order};
use super::{Subject, Value, ValueField, word};
use crate::Views;
use crate::claims::Claim;
use crate::expectations::{Settled, settled};
use crate::issues::Issue;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::id::Slug;

pub(super) fn of(views: &Views, slug: &Slug) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some(plan) = views.plans.get(slug.as_str()) {
        found.extend(plan.versions.iter().map(|version| {
            let rungs = version.steps.iter().map(|step| (step.position, step.fact.status));
            let told = std::iter::once((version.told.position, version.told.fact.status)).chain(rungs);
            let (decides, on) = version.stands();
            let behind = rungs_of(told, Some(decides), version.status());
            Value::of(ValueField::Status, word(&version.status()), behind)
                .on(Subject::Record(version.reference()))
                .dated(Some(on))
        }));
    }
    if let Some(commitment) = views.commitments.get(slug.as_str()) {
        let rungs = commitment.rungs();
        let told = rungs.iter().map(|rung| (rung.position, rung.status));
        let stands = commitment.stands();
        let (status, on) = commitment.status();
        let behind = rungs_of(told, stands.map(|rung| rung.position), status);
        found.push(Value::of(ValueField::Status, word(&status), behind).dated(Some(on)));
    }
    if let Some(issue) = views.issues.get(slug.as_str()) {
        found.push(state(issue));
        found.extend(unknown(views, issue, slug));
    }
    for claim in views.claims.told(slug.as_str()) {
        if let Claim::Expected(told) = claim {
            let settled = settled(views, &told.fact);
            let behind = deciding(settled.by.iter().copied().chain([told.position]));
            let value = Value::of(ValueField::Outcome, outcome(&settled), behind);
            found.push(value.dated(Some(&told.fact.expected_in)));
        }
    }
    if let Some(act) = views.acts.get(slug.as_str()) {
        let fact = &act.fact;
        let dates = [
            (ValueField::AdoptedOn, &fact.adopted_on),
            (ValueField::PublishedOn, &fact.published_on),
            (ValueField::AppliesFrom, &fact.applies_from),
            (ValueField::AppliesUntil, &fact.applies_until),
        ];
        found.extend(
            dates
                .into_iter()
                .filter_map(|(field, on)| date(field, on.as_ref(), act.position)),
        );
    }
    if let Some(source) = views.sources.get(slug.as_str()) {
        let (on, position) = (&source.registered.fact.published_on, source.registered.position);
        found.extend(date(ValueField::PublishedOn, on.as_ref(), position));
    }
    found
}

fn date(field: ValueField, on: Option<&FuzzyDate>, position: u64) -> Option<Value> {
    Some(Value::of(field, on?.label(), deciding([position])).dated(on))
}

fn rungs_of<T: PartialEq>(told: impl Iterator<Item = (u64, T)>, decides: Option<u64>, stands: T) -> Vec<Behind> {
    in_order(told.map(|(position, says)| Behind {
        position,
        part: match (Some(position) == decides, says == stands) {
            (true, _) => Part::Decides,
            (false, true) => Part::Agrees,
            (false, false) => Part::Outweighed,
        },
    }))
}

fn state(issue: &Issue) -> Value {
    let stands = issue.stands();
    let told = issue.told().into_iter().map(|step| (step.position, step.state));
    let behind = rungs_of(told, stands.map(|step| step.position), issue.state);
    Value::of(ValueField::State, word(&issue.state), behind).dated(stands.map(|step| step.on))
}

fn unknown(views: &Views, issue: &Issue, slug: &Slug) -> Vec<Value> {
    let parties = views.issues.unknown(slug.as_str());
    let noted = |party: &Slug| {
        let noted = issue.unknown.iter().filter(move |told| told.fact.party == *party);
        noted.map(|told| told.position).collect::<Vec<u64>>()
    };
    let parties = parties.into_iter();
    parties
        .map(|party| {
            Value::of(ValueField::UnknownPosition, "not known", first_deciding(noted(party)))
                .on(Subject::Party(party.clone()))
        })
        .collect()
}

/// `12 days after the window`.
fn from_window(days: i64) -> String {
    let count = match days.unsigned_abs() {
        1 => "1 day".to_owned(),
        count => format!("{count} days"),
    };
    match days.signum() {
        0 => "in the window".to_owned(),
        1 => format!("{count} after the window"),
        _ => format!("{count} before the window"),
    }
}

/// `MISSED, 12 days after the window`; `OPEN`.
fn outcome(settled: &Settled) -> String {
    let state = word(&settled.state);
    if settled.called_off {
        return format!("{state}, called off");
    }
    let days = settled.slip.map(|slip| match (slip.least, slip.most) {
        (Some(0), Some(0)) | (None, None) => String::new(),
        (Some(least), Some(most)) if least == most => from_window(least),
        (Some(least), Some(most)) if least > 0 => format!("{least} to {}", from_window(most)),
        (Some(least), Some(most)) => format!("{} to {}", from_window(least), from_window(most)),
        (Some(least), None) => format!("{} at the earliest", from_window(least)),
        (None, Some(most)) => format!("{} at the latest", from_window(most)),
    });
    match days.filter(|days| !days.is_empty()) {
        Some(days) => format!("{state}, {days}"),
        None => state,
    }
}
