//! Corrections: whether a command may stand in the place of the event that it says was wrong.

use super::amending::{Fate, Target, beyond, found, named, names_or_amends, references, standing};
use super::placing::{self, key_up, place};
use super::{Decision, Known, PAYLOAD_MAX_BYTES, common, record_suffix, too_large, unknown_mentions};
use crate::amending::CorrectRecord;
use crate::command::{Command, unencodable};
use crate::correction::Correction;
use crate::event::{Action, Event, commands};
use crate::fact::Home;
use crate::id::{DossierKind, Key, Slug};
use crate::refusal::{Refusal, Rule};
use serde_json::Value;
use std::collections::BTreeSet;

const FIELD: &str = "corrects.position";

/// Decides on a command that says what it corrects.
pub(super) fn correct(known: &dyn Known, command: &Command, correction: &Correction) -> Result<Decision, Vec<Refusal>> {
    let position = correction.position;
    let target = found(known, position, FIELD).map_err(|refusal| vec![refusal])?;
    if let Fate::Corrected { stands: Some(stands) } = target.fate
        && let Some(now) = known.target(stands).and_then(|now| now.event)
        && says(&fitted(command, now), now)
    {
        return Ok(Decision::AlreadyThere(stands));
    }
    let wrong = match target.fate {
        Fate::Redacted(_) => None,
        _ => Some(standing(&target, position, FIELD).map_err(|refusal| vec![refusal])?),
    };
    let was = commands().iter().find(|command| command.event_kind == target.kind);
    let was = was.map_or("", |command| command.name);
    if was != command.action.name() {
        return Err(vec![other_kind(command, was, position)]);
    }
    let mut refusals = Vec::new();
    let action = match wrong {
        Some(wrong) => {
            let action = fitted(command, wrong);
            refusals.extend(misplaced(&action, wrong, position));
            action
        }
        None => match filled(known, command, &target, position, &mut refusals) {
            Ok(action) => action,
            Err(there) if refusals.is_empty() => return Ok(Decision::AlreadyThere(there)),
            Err(_) => return Err(refusals),
        },
    };
    let own = action.fact().home();
    refusals.extend(unknown_mentions(known, &command.mentions, Some(&own)));
    common(known, &action, &mut refusals);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    if wrong.is_some_and(|wrong| says(&action, wrong)) {
        return Ok(Decision::AlreadyThere(position));
    }
    if let Some(refusal) = circular(known, command, &action) {
        return Err(vec![refusal]);
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
    let homeless = || vec![beyond(known, correction.position, FIELD)];
    let dossier = known.kept(target.dossier).ok_or_else(homeless)?;
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
    let home = event.fact().home();
    let mut action = opening(command, home.dossier());
    if let Some(slot) = action.fact_mut().key_slot()
        && slot.is_none()
    {
        let suffix = record_suffix(&home);
        let key = suffix.as_deref().and_then(|suffix| suffix.rsplit(['#', '.']).next());
        *slot = key.and_then(|key| Key::parse(key).ok());
    }
    action
}

/// The command's action under the slug of a dossier, where its own was made up.
fn opening(command: &Command, slug: &str) -> Action {
    if command.slug_made_up
        && let Ok(mut json) = command.action.to_json()
        && let Some(own) = json.get_mut("slug")
    {
        *own = Value::from(slug);
        if let Some(Ok(named)) = Action::read(command.action.name(), json) {
            return named;
        }
    }
    command.action.clone()
}

/// Whether an action says what an event says.
fn says(action: &Action, event: &Event) -> bool {
    action.clone().into_event() == *event
}

/// What speaks against standing in the place of an event: it is of another record, or says too little.
fn misplaced(action: &Action, wrong: &Event, position: u64) -> Vec<Refusal> {
    let (own, was) = (action.fact().home(), wrong.fact().home());
    let mut refusals = Vec::new();
    if own.dossier() != was.dossier() || record_suffix(&own) != record_suffix(&was) {
        refusals.push(other_record(&own, position, &named(&was)));
    }
    if let Home::OpensOrTells(_, slug, None, None, _) = own {
        refusals.push(untitled(slug, position));
    }
    refusals
}

/// The action that fills the place of what was redacted: nobody can say any more which record that was, but for its dossier
/// and whether it opened that. Any key that is free will do. Where its content is recorded elsewhere already, that position.
fn filled(
    known: &dyn Known,
    command: &Command,
    target: &Target<'_>,
    position: u64,
    refusals: &mut Vec<Refusal>,
) -> Result<Action, u64> {
    let mut action = opening(command, target.dossier);
    let own = action.fact().home();
    if own.dossier() != target.dossier {
        refusals.push(other_record(&own, position, target.dossier));
        return Ok(action);
    }
    match &own {
        Home::Opens(..) if target.opened => return Ok(action),
        Home::OpensOrTells(_, slug, title, ..) if target.opened => {
            if title.is_none() {
                refusals.push(untitled(slug, position));
            }
            placing::set_key(&mut action, None);
            return Ok(action);
        }
        Home::Opens(..) => {
            refusals.push(super::amending::merged_in(position, FIELD));
            return Ok(action);
        }
        _ => {}
    }
    match place(known, &mut action, command.content, true, refusals) {
        Some(Decision::AlreadyThere(there)) => Err(there),
        _ => Ok(action),
    }
}

/// Refuses what would rest on itself: a command that is recorded after all that it names cannot, one that stands in an
/// earlier place could.
fn circular(known: &dyn Known, command: &Command, action: &Action) -> Option<Refusal> {
    let home = action.fact().home();
    let record = named(&home);
    let is_own = |reference: &str| {
        let rest = reference.strip_prefix(record.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#', '.']))
    };
    let cites_itself = |reference: &str| matches!(home, Home::Opens(DossierKind::Source, ..)) && reference == record;
    let event = action.clone().into_event();
    for written in references(&event, &home) {
        let now = known.moved().and_then(|moved| moved.reference(&written));
        let reference = now.as_ref().unwrap_or(&written);
        if cites_itself(reference) {
            continue;
        }
        let (mut open, mut seen) = (vec![reference.clone()], BTreeSet::new());
        while let Some(at) = open.pop() {
            if is_own(&at) {
                let mention = command.mentions.iter().find(|mention| mention.target == written);
                let field = mention.map_or("", |mention| mention.field.as_str());
                return Some(resting_on_itself(field, reference, &record));
            }
            if seen.insert(at.clone()) {
                open.extend(rests_on(known, &at));
            }
        }
    }
    None
}

/// What a record rests on: what the events that made it name, and what it lies in.
fn rests_on(known: &dyn Known, reference: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for event in known
        .told_of(reference)
        .into_iter()
        .filter(|event| !names_or_amends(event))
    {
        found.extend(references(event, &event.fact().home()));
    }
    found.extend(
        reference
            .rfind(['.', '#', '/'])
            .and_then(|at| reference.get(..at))
            .map(str::to_owned),
    );
    found
}

fn resting_on_itself(field: &str, reference: &str, record: &str) -> Refusal {
    let message = match reference == record {
        true => format!("`{record}` would rest on itself"),
        false => format!("`{record}` would rest on itself: `{reference}` is in it, or rests on it"),
    };
    let hint = "name something else here, or correct the other record first";
    Refusal::new(Rule::RestsOnItself, field, Some(&Value::from(reference)), message, hint)
}

fn untitled(slug: &Slug, position: u64) -> Refusal {
    Refusal::new(
        Rule::MissingField,
        "title",
        None,
        format!("the event at position {position} opened `{slug}`, which needs a title"),
        "give the title too: a correction says all of what is right",
    )
}

fn other_kind(command: &Command, was: &str, position: u64) -> Refusal {
    Refusal::new(
        Rule::OtherRecord,
        FIELD,
        Some(&Value::from(position)),
        format!(
            "the event at position {position} was recorded with `{was}`, and this is `{}`",
            command.action.name()
        ),
        format!("send `{was}` with what is right, or retractRecord and then this command"),
    )
}

fn other_record(own: &Home<'_>, position: u64, was: &str) -> Refusal {
    Refusal::new(
        Rule::OtherRecord,
        FIELD,
        Some(&Value::from(position)),
        format!(
            "the event at position {position} is about `{was}`, and this command about `{}`",
            named(own)
        ),
        "leave the record as it is named; retractRecord and record anew what belongs elsewhere",
    )
}
