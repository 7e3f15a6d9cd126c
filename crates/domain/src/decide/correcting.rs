//! Corrections: whether a command may stand in the place of the event that it says was wrong.

use super::amending::{
    Fate, Target, beyond, found, merged_in, named, names_or_amends, not_amendable, references, standing,
};
use super::placing::key_up;
use super::{Decision, Known, PAYLOAD_MAX_BYTES, common, inner, too_large, unknown_mentions};
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
    if let Fate::Corrected {
        stands: Some(stands), ..
    } = target.fate
        && let Some(now) = known.target(stands).and_then(|now| now.event)
        && says(&fitted(command, &named(&now.fact().home())), now)
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
    let record = match wrong {
        Some(wrong) => named(&wrong.fact().home()),
        None => gone_record(known, &target, position).map_err(|refusal| vec![refusal])?,
    };
    let action = fitted(command, &record);
    refusals.extend(misplaced(&action, &record, position));
    let own = action.fact().home();
    refusals.extend(unknown_mentions(known, &command.mentions, Some(&own)));
    common(known, &action, &mut refusals);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    if wrong.is_some_and(|wrong| says(&action, wrong)) {
        return Ok(Decision::AlreadyThere(position));
    }
    if let Some(refusal) = circular(known, command, &action, wrong) {
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

/// The reference of the record that what was redacted had made, if that is known, and nothing is recorded under it since.
fn gone_record(known: &dyn Known, target: &Target<'_>, position: u64) -> Result<String, Refusal> {
    let Some(record) = &target.record else {
        return Err(match target.merged_in {
            true => merged_in(position, FIELD),
            false => not_amendable(position, FIELD, "nobody can say any more which record it made"),
        });
    };
    let suffix = inner(record.as_str());
    let dossier = known.kept(record.dossier());
    let filed = dossier.and_then(|dossier| dossier.records.get(suffix));
    let Some(taken) = filed.map(|filed| filed.mark.position) else {
        return match suffix.is_empty() || known.lost(record.as_str()) == Some(position) {
            true => Ok(record.to_string()),
            false => Err(Refusal::new(
                Rule::NotStanding,
                FIELD,
                Some(&Value::from(position)),
                format!(
                    "what `{record}` lay in was taken back after position {position} was redacted, and recorded anew"
                ),
                "record what is right anew, without `corrects`",
            )),
        };
    };
    Err(Refusal::new(
        Rule::KeyTaken,
        FIELD,
        Some(&Value::from(position)),
        format!("the event at position {position} made `{record}`, which position {taken} has recorded since"),
        "correct that one, or record what is right anew under another name",
    ))
}

/// The command's action with what it leaves out of the name of its record.
fn fitted(command: &Command, record: &str) -> Action {
    let suffix = inner(record);
    let mut action = command.action.clone();
    if command.slug_made_up
        && let Ok(mut json) = action.to_json()
        && let Some(slug) = json.get_mut("slug")
    {
        *slug = Value::from(record.strip_suffix(suffix).unwrap_or(record));
        if let Some(Ok(named)) = Action::read(action.name(), json) {
            action = named;
        }
    }
    let opens = suffix.is_empty() && matches!(action.fact().home(), Home::OpensOrTells(..));
    if let Some(slot) = action.fact_mut().key_slot()
        && (slot.is_none() || opens)
    {
        let key = suffix.rsplit(['#', '.']).next().filter(|key| !key.is_empty());
        *slot = key.and_then(|key| Key::parse(key).ok());
    }
    action
}

/// Whether an action says what an event says.
fn says(action: &Action, event: &Event) -> bool {
    action.clone().into_event() == *event
}

/// What speaks against standing in the place of what made a record: it is of another, or says too little.
fn misplaced(action: &Action, record: &str, position: u64) -> Vec<Refusal> {
    let own = action.fact().home();
    let mut refusals = Vec::new();
    if named(&own) != record {
        refusals.push(other_record(&own, position, record));
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
    refusals
}

/// Refuses what would rest on itself: a command that is recorded after all that it names cannot, one that stands in an
/// earlier place could. What was wrong named already changes nothing: merges may have made a circle of it.
fn circular(known: &dyn Known, command: &Command, action: &Action, wrong: Option<&Event>) -> Option<Refusal> {
    let home = action.fact().home();
    let record = named(&home);
    let is_own = |reference: &str| {
        let rest = reference.strip_prefix(record.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#', '.']))
    };
    let cites_itself = |reference: &str| matches!(home, Home::Opens(DossierKind::Source, ..)) && reference == record;
    let event = action.clone().into_event();
    let named_before = wrong
        .map(|wrong| references(wrong, &wrong.fact().home()))
        .unwrap_or_default();
    for written in references(&event, &home) {
        let now = known.moved().and_then(|moved| moved.reference(&written));
        let reference = now.as_ref().unwrap_or(&written);
        if cites_itself(reference) || named_before.contains(reference) {
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
