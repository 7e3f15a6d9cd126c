//! Where a record is kept: whether its name is free, and which key is made up for it.

use super::{Decision, Dossier, Known, Mark, amending, child, inner, record_suffix, rules, with_number};
use crate::event::Action;
use crate::fact::Home;
use crate::id::Key;
use crate::refusal::{Refusal, Rule};
use serde_json::Value;
use std::borrow::Cow;

/// Settles where the action's record is kept: finds taken names, and makes up a key where none was given.
pub(super) fn place(
    known: &dyn Known,
    action: &mut Action,
    content: [u8; 16],
    refusals: &mut Vec<Refusal>,
) -> Option<Decision> {
    let home = action.fact().home();
    let slug = home.dossier().to_owned();
    match (&home, amending::holder(known, action, &slug)) {
        (Home::Opens(kind, ..) | Home::OpensOrTells(kind, ..), None)
            if let Some(closed) = known
                .kept(&slug)
                .filter(|kept| kept.kind != *kind || kept.gone.is_some()) =>
        {
            refusals.push(slug_taken(&slug, closed));
        }
        (Home::Opens(..), Some(taken)) => {
            if let Some(position) = taken.contents.get(&content) {
                return Some(Decision::AlreadyThere(*position));
            }
            refusals.push(slug_taken(&slug, taken));
        }
        (Home::OpensOrTells(kind, ..), Some(taken)) if taken.kind != *kind => refusals.push(slug_taken(&slug, taken)),
        (Home::OpensOrTells(..), Some(taken)) if taken.opened_by(content).is_some() => {
            return taken.opened_by(content).map(Decision::AlreadyThere);
        }
        (Home::OpensOrTells(_, _, title, ..), None) => {
            if title.is_none() {
                refusals.push(untitled(&slug));
            }
            set_key(action, None);
        }
        (Home::Version(..) | Home::InVersion(..), Some(dossier)) => {
            let suffix = record_suffix(&home).unwrap_or_default();
            let field = if matches!(home, Home::Version(..)) {
                "version"
            } else {
                "key"
            };
            return keep(known, dossier, &slug, (&suffix, field), content, refusals);
        }
        (
            Home::Record(_, Some(_), _) | Home::OfVersion(_, _, Some(_), _) | Home::OpensOrTells(.., Some(_), _),
            Some(dossier),
        ) => {
            let suffix = record_suffix(&home).unwrap_or_default();
            return keep(known, dossier, &slug, (&suffix, "key"), content, refusals);
        }
        (Home::Record(target, None, prefix), Some(dossier)) => {
            let inside = inner(target).to_owned();
            return key_up(known, action, dossier, &inside, prefix, content, refusals);
        }
        (Home::OfVersion(_, version, None, prefix), Some(dossier)) => {
            let inside = format!("/{version}");
            return key_up(known, action, dossier, &inside, prefix, content, refusals);
        }
        (Home::OpensOrTells(.., None, prefix), Some(dossier)) => {
            return key_up(known, action, dossier, "", prefix, content, refusals);
        }
        (Home::Opens(..) | Home::Version(..) | Home::InVersion(..) | Home::OfVersion(..) | Home::Record(..), None) => {}
    }
    None
}

/// Whether a record may be kept under the name given for it in a field.
fn keep(
    known: &dyn Known,
    dossier: &Dossier,
    slug: &str,
    (suffix, field): (&str, &str),
    content: [u8; 16],
    refusals: &mut Vec<Refusal>,
) -> Option<Decision> {
    refusals.extend(rules::unreferable(slug, suffix));
    let Some(filed) = dossier.records.get(suffix) else {
        let lost = known.lost(&format!("{slug}{suffix}"));
        refusals.extend(lost.map(|lost| redacted(field, slug, suffix, lost)));
        return None;
    };
    if filed.mark.content == content {
        return Some(Decision::AlreadyThere(filed.mark.position));
    }
    let key = suffix.rsplit(['/', '#', '.']).next().unwrap_or_default();
    refusals.push(key_taken(field, key, &filed.mark));
    None
}

/// Keys a record by `prefix`, or by `prefix` and the number after the highest taken, unless its content is there already.
/// A key that a record had which was moved away stays that record's.
pub(super) fn key_up(
    known: &dyn Known,
    action: &mut Action,
    dossier: &Dossier,
    inner: &str,
    prefix: &str,
    content: [u8; 16],
    refusals: &mut Vec<Refusal>,
) -> Option<Decision> {
    let there = match action.fact().moves() {
        true => Some(dossier.last)
            .filter(|last| last.content == content)
            .map(|last| last.position),
        false => dossier.contents.get(&content).copied(),
    };
    if let Some(position) = there {
        return Some(Decision::AlreadyThere(position));
    }
    let slug = action.fact().home().dossier().to_owned();
    let mut number = dossier.numbers.get(&child(inner, prefix)).copied().unwrap_or(0);
    let key = loop {
        number = number.saturating_add(1);
        let key = with_number(prefix, number);
        let suffix = child(inner, &key);
        let reference = format!("{slug}{suffix}");
        let is_free = known.lost(&reference).is_none() && !led_away(known, &reference);
        if is_free || number == u32::MAX {
            break key;
        }
    };
    refusals.extend(rules::unreferable(&slug, &child(inner, &key)));
    set_key(action, Key::parse(&key).ok());
    None
}

/// Whether a reference was that of a record which has another one today.
fn led_away(known: &dyn Known, reference: &str) -> bool {
    known.moved().is_some_and(|moved| moved.record(reference).is_some())
}

fn set_key(action: &mut Action, key: Option<Key>) {
    if let Some(slot) = action.fact_mut().key_slot() {
        *slot = key;
    }
}

fn untitled(slug: &str) -> Refusal {
    Refusal::new(
        Rule::UnknownReference,
        "slug",
        Some(&Value::from(slug)),
        "no meeting of this slug is recorded",
        "give a title to open the meeting with this report, or correct the slug",
    )
}

fn slug_taken(slug: &str, taken: &Dossier) -> Refusal {
    let kind = format!("{:?}", taken.kind).to_lowercase();
    Refusal::new(
        Rule::SlugTaken,
        "slug",
        Some(&Value::from(slug)),
        match (taken.closed, taken.gone) {
            (true, Some(gone)) => format!("what opened the {kind} of this slug, at position {gone}, was redacted"),
            (true, None) => format!("the slug is that of a {kind} that was retracted"),
            (false, _) => format!(
                "the slug names a {kind} recorded at position {} with other content",
                taken.opened.position
            ),
        },
        match taken.gone {
            Some(gone) => Cow::from(refill(gone)),
            None => "choose another slug, or record what is new about that dossier".into(),
        },
    )
}

/// How what was redacted gets something in its place.
pub(super) fn refill(gone: u64) -> String {
    format!(
        "say what is right with `corrects: {{ position: {gone}, reason: … }}`: it takes the place of what was redacted"
    )
}

fn redacted(field: &str, slug: &str, suffix: &str, lost: u64) -> Refusal {
    let key = suffix.rsplit(['/', '#', '.']).next().unwrap_or_default();
    let message = format!("what made `{slug}{suffix}`, at position {lost}, was redacted");
    let hint = format!("{}; or choose another key", refill(lost));
    Refusal::new(Rule::KeyTaken, field, Some(&Value::from(key)), message, hint)
}

fn key_taken(field: &str, key: &str, mark: &Mark) -> Refusal {
    Refusal::new(
        Rule::KeyTaken,
        field,
        Some(&Value::from(key)),
        format!(
            "the key names a record made at position {} with other content",
            mark.position
        ),
        "choose another key",
    )
}
