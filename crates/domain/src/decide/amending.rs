//! Corrections, retractions and redactions: whether an event can be amended, and what stands on it.

use super::{
    Decision, Dossier, Known, PAYLOAD_MAX_BYTES, common, inner, is_opening, placing::key_up, record_suffix, too_large,
    unknown_mentions,
};
use crate::amending::CorrectRecord;
use crate::command::{Command, unencodable};
use crate::correction::Correction;
use crate::event::{Action, Event, commands};
use crate::fact::Home;
use crate::id::Slug;
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
    /// What became of it.
    pub fate: Fate,
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
    },
    /// It was retracted by the event at this position.
    Retracted(u64),
    /// What it said was taken out of the log by the event at this position.
    Redacted(u64),
}

/// Decides on a command that says what it corrects.
pub(super) fn correct(known: &dyn Known, command: &Command, correction: &Correction) -> Result<Decision, Vec<Refusal>> {
    const FIELD: &str = "corrects.position";
    let position = correction.position;
    let target = found(known, position, FIELD).map_err(|refusal| vec![refusal])?;
    if let Fate::Corrected { stands: Some(stands) } = target.fate
        && let Some(now) = known.target(stands).and_then(|now| now.event)
        && says(&fitted(command, now), now)
    {
        return Ok(Decision::AlreadyThere(stands));
    }
    let event = standing(&target, position, FIELD).map_err(|refusal| vec![refusal])?;
    if event.command_name() != command.action.name() {
        return Err(vec![other_kind(command, event, position)]);
    }
    let action = fitted(command, event);
    let mut refusals = Vec::new();
    let (own, wrong) = (action.fact().home(), event.fact().home());
    if own.dossier() != wrong.dossier() || record_suffix(&own) != record_suffix(&wrong) {
        refusals.push(other_record(&action, event, position));
    }
    if let Home::OpensOrTells(_, slug, None, None, _) = own {
        refusals.push(Refusal::new(
            Rule::MissingField,
            "title",
            None,
            format!("the event at position {position} opened `{slug}`, which needs a title"),
            "give the title too: a correction says all of what is right",
        ));
    }
    refusals.extend(unknown_mentions(known, &command.mentions, Some(&own)));
    common(known, &action, &mut refusals);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    if says(&action, event) {
        return Ok(Decision::AlreadyThere(position));
    }
    let right = action.into_event();
    let bytes = right.encode().map_err(|e| vec![unencodable(&e)])?.len();
    if bytes > PAYLOAD_MAX_BYTES {
        return Err(vec![too_large(bytes)]);
    }
    let note = note(known, &target, correction)?;
    Ok(Decision::Correct { note, right })
}

/// The event that says what was wrong.
fn note(known: &dyn Known, target: &Target<'_>, correction: &Correction) -> Result<Event, Vec<Refusal>> {
    let homeless = || vec![beyond(known, correction.position, "corrects.position")];
    let dossier = known.dossier(target.dossier).ok_or_else(homeless)?;
    let slug = Slug::parse(target.dossier).map_err(|_| homeless())?;
    let mut note = Action::CorrectRecord(CorrectRecord {
        dossier: slug,
        key: None,
        position: correction.position,
        reason: correction.reason.clone(),
    });
    let content = note.clone().into_event().content().map_err(|e| vec![unencodable(&e)])?;
    let mut refusals = Vec::new();
    key_up(known, &mut note, dossier, "", "corrected", content, &mut refusals);
    match refusals.is_empty() {
        true => Ok(note.into_event()),
        false => Err(refusals),
    }
}

/// The command's action with what it leaves out of the name of its record, as the event has it.
fn fitted(command: &Command, event: &Event) -> Action {
    let mut action = command.action.clone();
    if let Some(slot) = action.fact_mut().key_slot()
        && slot.is_none()
    {
        let suffix = record_suffix(&event.fact().home());
        let key = suffix.as_deref().and_then(|suffix| suffix.rsplit(['#', '.']).next());
        *slot = key.and_then(|key| crate::id::Key::parse(key).ok());
    }
    if command.slug_made_up
        && let Ok(mut json) = action.to_json()
        && let Some(slug) = json.get_mut("slug")
    {
        *slug = Value::from(event.fact().home().dossier());
        if let Some(Ok(named)) = Action::read(action.name(), json) {
            return named;
        }
    }
    action
}

/// Whether an action says what an event says.
fn says(action: &Action, event: &Event) -> bool {
    action.clone().into_event() == *event
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
            if let Fate::Redacted(by) = target.fate {
                return Some(Decision::AlreadyThere(by));
            }
            told.opened = match target.event {
                Some(event) => is_opening(event),
                // What is gone already may have been it, if nothing else is known to have opened the dossier.
                None => known
                    .dossier(target.dossier)
                    .is_some_and(|dossier| dossier.opened.position == told.position),
            };
            if let Some(event) = target.event.filter(|event| names_or_amends(event)) {
                refusals.push(not_amendable(told.position, "position", fixed(event)));
            }
        }
        _ => {}
    }
    None
}

/// The dossier that an action's record goes into. What has to be taken out for good can be in a dossier that was retracted.
pub(super) fn holder<'a>(known: &'a dyn Known, action: &Action, slug: &str) -> Option<&'a Dossier> {
    match action {
        Action::RedactRecord(_) => known.kept(slug),
        _ => known.dossier(slug),
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

fn found<'a>(known: &'a dyn Known, position: u64, field: &str) -> Result<Target<'a>, Refusal> {
    known.target(position).ok_or_else(|| beyond(known, position, field))
}

fn beyond(known: &dyn Known, position: u64, field: &str) -> Refusal {
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
fn standing<'a>(target: &Target<'a>, position: u64, field: &str) -> Result<&'a Event, Refusal> {
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
        Fate::Corrected { stands: Some(stands) } => gone(
            format!("was corrected; position {stands} stands in its place now"),
            "name the position that stands now",
        ),
        Fate::Corrected { stands: None } => gone(
            "was corrected, and what was right was taken back since".to_owned(),
            "record what is right anew",
        ),
        Fate::Retracted(by) => gone(
            format!("was retracted by the event at position {by}"),
            "record what is right anew",
        ),
        Fate::Redacted(by) => gone(
            format!("was redacted by the event at position {by}"),
            "record what is right anew",
        ),
        Fate::Stands => match target.event {
            None => Err(not_amendable(position, field, "what it said was taken out of the log")),
            Some(event) if names_or_amends(event) => Err(not_amendable(position, field, fixed(event))),
            Some(_) if target.merged_in => Err(not_amendable(
                position,
                field,
                "it opened a dossier that was merged into another since",
            )),
            Some(event) => Ok(event),
        },
    }
}

fn names_or_amends(event: &Event) -> bool {
    event.amends() || event.names()
}

fn fixed(event: &Event) -> &'static str {
    match event.amends() {
        true => "it says itself that another was wrong",
        false => "it renames, merges or moves, and what came after goes by it",
    }
}

fn not_amendable(position: u64, field: &str, why: &str) -> Refusal {
    Refusal::new(
        Rule::NotAmendable,
        field,
        Some(&Value::from(position)),
        format!("the event at position {position} cannot be amended: {why}"),
        "record what is right with a command of its own, such as renameDossier or moveRecords",
    )
}

fn other_kind(command: &Command, event: &Event, position: u64) -> Refusal {
    Refusal::new(
        Rule::OtherRecord,
        "corrects.position",
        Some(&Value::from(position)),
        format!(
            "the event at position {position} was recorded with `{}`, and this is `{}`",
            event.command_name(),
            command.action.name()
        ),
        format!(
            "send `{}` with what is right, or retractRecord and then this command",
            event.command_name()
        ),
    )
}

fn other_record(action: &Action, event: &Event, position: u64) -> Refusal {
    let (own, wrong) = (named(&action.fact().home()), named(&event.fact().home()));
    Refusal::new(
        Rule::OtherRecord,
        "corrects.position",
        Some(&Value::from(position)),
        format!("the event at position {position} is about `{wrong}`, and this command about `{own}`"),
        "leave the record as it is named; retractRecord and record anew what belongs elsewhere",
    )
}

/// The reference of what a home makes: the record, or the dossier.
fn named(home: &Home<'_>) -> String {
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
fn references(event: &Event, home: &Home<'_>) -> Vec<String> {
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
