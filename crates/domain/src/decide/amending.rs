//! Retractions and redactions: whether an event can be amended, and what stands on it.

use super::placing::refill;
use super::{Decision, Dossier, Known, inner, record_suffix};
use crate::event::{Action, Event, commands};
use crate::fact::Home;
use crate::id::{RecordRef, Slug};
use crate::refusal::{Refusal, Rule};
use crate::shape::{Findings, check};
use serde_json::Value;

/// An event that a command says is wrong.
#[derive(Debug, Clone)]
pub struct Target<'a> {
    /// The slug today of the dossier that it belongs to.
    pub dossier: &'a str,
    /// What it says, in today's names; `None` where that does not stand, or is gone.
    pub event: Option<&'a Event>,
    /// The stored kind of it.
    pub kind: &'a str,
    /// What became of it.
    pub fate: Fate,
    /// The position of the event by which what it said was taken out of the log.
    pub redacted: Option<u64>,
    /// What it made, in today's names, as far as that is known.
    pub record: Option<RecordRef>,
    /// Whether it opened a dossier that was merged into another since.
    pub merged_in: bool,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stands.
    Stands,
    /// It was corrected; `stands` is the position of what stands now in its place, if anything does.
    Corrected {
        /// The position of the right record, however often it was corrected since.
        stands: Option<u64>,
        /// The position of what stood last, where that was redacted and nothing took its place.
        lost: Option<u64>,
    },
    /// It was retracted by the event at this position.
    Retracted(u64),
    /// What it said was taken out of the log by the event at this position, and nothing stands in its place.
    Redacted(u64),
}

/// Says what speaks against a retraction or a redaction; leaves other actions alone.
pub(super) fn settle(known: &dyn Known, action: &mut Action, refusals: &mut Vec<Refusal>) -> Option<Decision> {
    match action {
        Action::RetractRecord(told) => {
            let target = of_dossier(known, &told.dossier, told.position, refusals)?;
            if let Fate::Retracted(by) = target.fate {
                return Some(Decision::AlreadyThere(by));
            }
            match standing(&target, told.position, "position") {
                Ok(event) => refusals.extend(stood_on(known, event, told.position)),
                Err(refusal) => refusals.push(refusal),
            }
        }
        Action::RedactRecord(told) => {
            let target = of_dossier(known, &told.dossier, told.position, refusals)?;
            if let Some(by) = target.redacted {
                return Some(Decision::AlreadyThere(by));
            }
            let record = match target.event {
                Some(_) if target.merged_in => None,
                Some(event) => Some(named(&event.fact().home())),
                // What is gone already may have opened the dossier, if nothing else is known to have.
                None => target.record.map(|record| record.to_string()).or_else(|| {
                    let dossier = known.kept(target.dossier);
                    let opened = dossier.is_some_and(|dossier| dossier.gone == Some(told.position));
                    opened.then(|| target.dossier.to_owned())
                }),
            };
            told.record = record.and_then(|record| RecordRef::parse(&record).ok());
            told.opened = told
                .record
                .as_ref()
                .is_some_and(|record| record.as_str() == record.dossier());
            if let Some(event) = target.event.filter(|event| names_or_amends(event)) {
                refusals.push(not_amendable(told.position, "position", fixed(event)));
            }
        }
        _ => {}
    }
    None
}

/// Whether an action takes something back or out. What is to go can be in a dossier that is not open.
pub(super) fn takes_away(action: &Action) -> bool {
    matches!(action, Action::RetractRecord(_) | Action::RedactRecord(_))
}

/// The dossier that an action's record goes into.
pub(super) fn holder<'a>(known: &'a dyn Known, action: &Action, slug: &str) -> Option<&'a Dossier> {
    match takes_away(action) {
        true => known.kept(slug),
        false => known.dossier(slug),
    }
}

fn of_dossier<'a>(known: &'a dyn Known, slug: &Slug, position: u64, refusals: &mut Vec<Refusal>) -> Option<Target<'a>> {
    // That the dossier is not recorded is told as that.
    known.kept(slug.as_str())?;
    let target = match found(known, position, "position") {
        Ok(target) => target,
        Err(refusal) => {
            refusals.push(refusal);
            return None;
        }
    };
    if target.dossier != slug.as_str() {
        refusals.push(Refusal::new(
            Rule::UnknownPosition,
            "position",
            Some(&Value::from(position)),
            format!(
                "the event at position {position} is one of `{}`, not of `{slug}`",
                target.dossier
            ),
            "correct the position or the dossier",
        ));
        return None;
    }
    Some(target)
}

pub(super) fn found<'a>(known: &'a dyn Known, position: u64, field: &str) -> Result<Target<'a>, Refusal> {
    known.target(position).ok_or_else(|| beyond(known, position, field))
}

pub(super) fn beyond(known: &dyn Known, position: u64, field: &str) -> Refusal {
    Refusal::new(
        Rule::UnknownPosition,
        field,
        Some(&Value::from(position)),
        format!(
            "there is no event at position {position}; the log ends at {}",
            known.head()
        ),
        "write the position of the event that was wrong: an entry's `position` tells it",
    )
}

/// What an event says, where it stands and can be amended.
pub(super) fn standing<'a>(target: &Target<'a>, position: u64, field: &str) -> Result<&'a Event, Refusal> {
    let gone = |what: String, hint: &str| {
        let message = format!("the event at position {position} {what}");
        Err(Refusal::new(
            Rule::NotStanding,
            field,
            Some(&Value::from(position)),
            message,
            hint,
        ))
    };
    match target.fate {
        Fate::Corrected {
            stands: None,
            lost: Some(lost),
        } => gone(
            format!("was corrected, and what was right, at position {lost}, was redacted since"),
            &refill(lost),
        ),
        Fate::Corrected {
            stands: Some(stands), ..
        } => gone(
            format!("was corrected; position {stands} stands in its place now"),
            "name the position that stands now",
        ),
        Fate::Corrected {
            stands: None,
            lost: None,
        } => gone(
            "was corrected, and what was right was taken back since".to_owned(),
            "record what is right anew",
        ),
        Fate::Retracted(by) => gone(
            format!("was retracted by the event at position {by}"),
            "record what is right anew",
        ),
        Fate::Redacted(by) => gone(
            format!("was redacted by the event at position {by}"),
            "say what is right with `corrects` and this position, where anything is",
        ),
        Fate::Stands => match target.event {
            None => Err(not_amendable(position, field, "what it said was taken out of the log")),
            Some(event) if names_or_amends(event) => Err(not_amendable(position, field, fixed(event))),
            Some(_) if target.merged_in => Err(merged_in(position, field)),
            Some(event) => Ok(event),
        },
    }
}

pub(super) fn names_or_amends(event: &Event) -> bool {
    event.amends() || event.names()
}

fn fixed(event: &Event) -> &'static str {
    match event.amends() {
        true => "it says itself that another was wrong",
        false => "it renames, merges or moves, and what came after goes by it",
    }
}

pub(super) fn merged_in(position: u64, field: &str) -> Refusal {
    let why = "it opened a dossier that was merged into another since";
    not_amendable(position, field, why)
}

pub(super) fn not_amendable(position: u64, field: &str, why: &str) -> Refusal {
    Refusal::new(
        Rule::NotAmendable,
        field,
        Some(&Value::from(position)),
        format!("the event at position {position} cannot be amended: {why}"),
        "record what is right with a command of its own, such as renameDossier or moveRecords",
    )
}

/// The reference of what a home makes: the record, or the dossier.
#[must_use]
pub fn named(home: &Home<'_>) -> String {
    let dossier = home.dossier();
    match (record_suffix(home), home) {
        (Some(suffix), _) => format!("{dossier}{suffix}"),
        (None, Home::Record(inside, ..)) => (*inside).to_owned(),
        (None, _) => dossier.to_owned(),
    }
}

/// Refuses to take back what others stand on.
fn stood_on(known: &dyn Known, event: &Event, position: u64) -> Option<Refusal> {
    const MOST: usize = 5;
    let record = named(&event.fact().home());
    let others = known.referring(&record, position);
    let count = match others.len() {
        0 => return None,
        1 => "one standing record is in it or refers to it".to_owned(),
        more => format!("{more} standing records are in it or refer to it"),
    };
    let first: Vec<String> = others.iter().take(MOST).map(u64::to_string).collect();
    let more = if others.len() > MOST { " and more" } else { "" };
    Some(Refusal::new(
        Rule::StillReferredTo,
        "position",
        Some(&Value::from(position)),
        format!(
            "`{record}` cannot be taken back: {count} (position {}{more})",
            first.join(", ")
        ),
        "retract those first, or correct them so that they do not refer to it",
    ))
}

/// Whether an event makes what a reference names.
#[must_use]
pub fn makes(event: &Event, reference: &str) -> bool {
    named(&event.fact().home()) == reference
}

/// Whether an event keeps its record inside what `record` names, or refers to it. What renames, merges, moves or amends
/// does not count: it tells what was done.
#[must_use]
pub fn stands_on(event: &Event, record: &str) -> bool {
    if names_or_amends(event) {
        return false;
    }
    let inside = |reference: &str| {
        reference
            .strip_prefix(record)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#', '.']))
    };
    let home = event.fact().home();
    inside(&named(&home)) || references(event, &home).iter().any(|reference| inside(reference))
}

/// Everything that an event refers to.
pub(super) fn references(event: &Event, home: &Home<'_>) -> Vec<String> {
    let shape = commands().iter().find(|command| command.name == event.command_name());
    let (Some(shape), Ok(json)) = (shape, event.to_json()) else {
        return Vec::new();
    };
    let mut found = Findings::default();
    check(&shape.input, &json, "", &mut found);
    let mut references: Vec<String> = found.mentions.into_iter().map(|mention| mention.target).collect();
    if let (Event::PointRecorded(point), Some(parent)) = (event, json.get("parent").and_then(Value::as_str)) {
        references.push(format!("{}/{}#{parent}", point.plan, point.version));
    }
    if let Home::Record(inside, ..) = home
        && !inner(inside).is_empty()
    {
        references.push((*inside).to_owned());
    }
    references
}
