//! Decide and evolve: whether a command may be recorded, as which event, and what is known after it.

use crate::command::{Command, unencodable};
use crate::common::Quantity;
use crate::event::{Action, Event};
use crate::fact::Home;
use crate::id::{DossierKind, Key, RecordRef};
use crate::refusal::{Refusal, Rule};
use crate::shape::Mention;
use serde_json::Value;
use std::collections::BTreeMap;

/// The most bytes an event's payload may have.
pub const PAYLOAD_MAX_BYTES: usize = 64 * 1024;

/// What a decision needs to know of one dossier: a fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Its kind.
    pub kind: DossierKind,
    /// How many events it has.
    pub version: u32,
    /// What opened it.
    pub opened: Mark,
    /// Its records by what follows the slug in a reference: `/28`, `/28#nato`, `#proposed`.
    pub records: BTreeMap<String, Mark>,
}

/// Which event made a record, and of what content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The event's position.
    pub position: u64,
    /// The command's fingerprint.
    pub fingerprint: [u8; 16],
}

/// What was recorded so far.
pub trait Known {
    /// The dossier of this slug.
    fn dossier(&self, slug: &str) -> Option<&Dossier>;
}

/// A decision that is not a refusal.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Record this event.
    Record(Event),
    /// The same content is recorded already, at this position.
    AlreadyThere(u64),
}

/// Decides whether `command` may be recorded after what is `known`.
///
/// # Errors
/// Everything that speaks against it.
pub fn decide(known: &dyn Known, command: &Command) -> Result<Decision, Vec<Refusal>> {
    let mut action = command.action.clone();
    let mut refusals: Vec<Refusal> = command
        .mentions
        .iter()
        .filter_map(|m| unknown_mention(known, m, action.fact().home()))
        .collect();
    if let Some(evidence) = action.fact().evidence()
        && evidence.citations.is_empty()
    {
        refusals.push(Refusal::new(
            Rule::NoCitation,
            "evidence.citations",
            None,
            "a factual record needs at least one citation",
            "cite the source that says it; register the source first",
        ));
    }
    for (index, quantity) in action.fact().quantities().iter().enumerate() {
        refusals.extend(impossible_quantity(quantity, index));
    }
    own_rules(known, &action, &mut refusals);
    if let Some(settled) = place(known, &mut action, command.fingerprint, &mut refusals)
        && refusals.is_empty()
    {
        return Ok(settled);
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let event = action.into_event();
    let bytes = event.encode().map_err(|e| vec![unencodable(&e)])?.len();
    if bytes > PAYLOAD_MAX_BYTES {
        return Err(vec![Refusal::new(
            Rule::EventTooLarge,
            "",
            None,
            format!("the event would have {bytes} bytes where at most {PAYLOAD_MAX_BYTES} are allowed"),
            "shorten its texts or split it into several records",
        )]);
    }
    Ok(Decision::Record(event))
}

/// Folds one recorded event into what is known of its dossier.
#[must_use]
pub fn evolve(dossier: Option<Dossier>, event: &Event, mark: Mark) -> Option<Dossier> {
    let home = event.fact().home();
    let opening = match &home {
        Home::Opens(kind, _, _) | Home::OpensOrTells(kind, _, _) => Some(*kind),
        _ => None,
    };
    let mut dossier = match (dossier, opening) {
        (Some(dossier), _) => dossier,
        (None, Some(kind)) => Dossier {
            kind,
            version: 0,
            opened: mark,
            records: BTreeMap::new(),
        },
        (None, None) => return None,
    };
    dossier.version += 1;
    if let Some(suffix) = record_suffix(&home) {
        dossier.records.entry(suffix).or_insert(mark);
    }
    Some(dossier)
}

/// What follows the slug in a reference to the record that this event makes; `None` where it makes none.
#[must_use]
pub fn record_suffix(home: &Home<'_>) -> Option<String> {
    match home {
        Home::Version(_, version) => Some(format!("/{version}")),
        Home::InVersion(_, version, key) => Some(format!("/{version}#{key}")),
        Home::Record(target, Some(key), _) => Some(child(inner(target), key.as_str())),
        _ => None,
    }
}

/// Settles where the action's record is kept: finds taken names, and makes up a key where none was given.
fn place(
    known: &dyn Known,
    action: &mut Action,
    fingerprint: [u8; 16],
    refusals: &mut Vec<Refusal>,
) -> Option<Decision> {
    let home = action.fact().home();
    let dossier = known.dossier(home.dossier());
    match (&home, dossier) {
        (Home::Opens(_, slug, _), Some(taken)) => {
            if taken.opened.fingerprint == fingerprint {
                return Some(Decision::AlreadyThere(taken.opened.position));
            }
            refusals.push(slug_taken(slug.as_str(), taken));
        }
        (Home::OpensOrTells(kind, slug, _), Some(taken)) if taken.kind != *kind => {
            refusals.push(slug_taken(slug.as_str(), taken));
        }
        (Home::OpensOrTells(_, slug, None), None) => refusals.push(Refusal::new(
            Rule::UnknownReference,
            "slug",
            Some(&Value::from(slug.as_str())),
            "no meeting of this slug is recorded",
            "give a title to open the meeting with this report, or correct the slug",
        )),
        (Home::Version(_, key) | Home::InVersion(_, _, key), Some(dossier)) => {
            let suffix = record_suffix(&home).unwrap_or_default();
            if let Some(mark) = dossier.records.get(&suffix) {
                if mark.fingerprint == fingerprint {
                    return Some(Decision::AlreadyThere(mark.position));
                }
                let field = if matches!(home, Home::Version(..)) {
                    "version"
                } else {
                    "key"
                };
                refusals.push(key_taken(field, key.as_str(), mark));
            }
        }
        (Home::Record(target, Some(key), _), Some(dossier)) => {
            if let Some(mark) = dossier.records.get(&child(inner(target), key.as_str())) {
                if mark.fingerprint == fingerprint {
                    return Some(Decision::AlreadyThere(mark.position));
                }
                refusals.push(key_taken("key", key.as_str(), mark));
            }
        }
        (Home::Record(target, None, prefix), Some(dossier)) => {
            match free_key(dossier, inner(target), prefix, fingerprint) {
                Ok(Some(key)) => action.fact_mut().set_key(key),
                Ok(None) => {}
                Err(position) => return Some(Decision::AlreadyThere(position)),
            }
        }
        _ => {}
    }
    None
}

/// The first of `prefix`, `prefix-2`, `prefix-3`… that is free; the position of the record with the same content, if any.
fn free_key(dossier: &Dossier, inner: &str, prefix: &str, fingerprint: [u8; 16]) -> Result<Option<Key>, u64> {
    if let Some(same) = dossier.records.values().find(|mark| mark.fingerprint == fingerprint) {
        return Err(same.position);
    }
    let taken = |key: &str| dossier.records.contains_key(&child(inner, key));
    let key = (1..=dossier.records.len() + 1)
        .map(|n| {
            if n == 1 {
                prefix.to_owned()
            } else {
                format!("{prefix}-{n}")
            }
        })
        .find(|key| !taken(key));
    Ok(key.and_then(|key| Key::parse(&key).ok()))
}

/// What follows the slug in a reference to the record `key` inside `inner`: a record in a record joins their keys by a dot.
fn child(inner: &str, key: &str) -> String {
    let joint = if inner.contains('#') { '.' } else { '#' };
    format!("{inner}{joint}{key}")
}

/// The part of a reference after its slug: `/28` of `us-plan/28`.
fn inner(target: &str) -> &str {
    target.find(['/', '#']).map_or("", |at| &target[at..])
}

fn own_rules(known: &dyn Known, action: &Action, refusals: &mut Vec<Refusal>) {
    match action {
        Action::RecordOffice(office) => {
            if office.attested_on.is_none() && office.from.is_none() && office.until.is_none() {
                refusals.push(Refusal::new(
                    Rule::MissingField,
                    "attestedOn",
                    None,
                    "an office needs a date",
                    "say when it is attested, or from or until when it is held",
                ));
            }
            if let (Some(from), Some(until)) = (&office.from, &office.until)
                && until.surely_before(from)
            {
                refusals.push(Refusal::new(
                    Rule::EndBeforeStart,
                    "until",
                    Some(&Value::from(until.label())),
                    format!("the end lies surely before the start ({})", from.label()),
                    "correct one of the two dates",
                ));
            }
        }
        Action::RecordPoint(point) => {
            unknown_version(known, point.plan.as_str(), &point.version, refusals);
            if let Some(parent) = &point.parent {
                let suffix = format!("/{}#{parent}", point.version);
                if known
                    .dossier(point.plan.as_str())
                    .is_some_and(|d| !d.records.contains_key(&suffix))
                {
                    refusals.push(Refusal::new(
                        Rule::UnknownPoint,
                        "parent",
                        Some(&Value::from(parent.as_str())),
                        format!("version `{}` of `{}` has no such point", point.version, point.plan),
                        "record the parent point first, or correct its key",
                    ));
                }
            }
        }
        Action::RecordPlanGap(gap) => unknown_version(known, gap.plan.as_str(), &gap.version, refusals),
        Action::TakePosition(position) if position.by.is_empty() => {
            let anonymous = position.evidence.citations.iter().any(|c| c.attribution.is_some());
            if !anonymous {
                refusals.push(Refusal::new(
                    Rule::MissingField,
                    "by",
                    None,
                    "nobody holds this position",
                    "name the parties in `by`, or describe the holder in a citation's attribution",
                ));
            }
        }
        Action::OpenRound(round) if round.senders.is_empty() => refusals.push(Refusal::new(
            Rule::MissingField,
            "senders",
            None,
            "a round needs a sender",
            "name the party that imposes it, such as `eu`",
        )),
        _ => {}
    }
}

fn unknown_version(known: &dyn Known, plan: &str, version: &Key, refusals: &mut Vec<Refusal>) {
    let missing = known
        .dossier(plan)
        .is_some_and(|d| !d.records.contains_key(&format!("/{version}")));
    if missing {
        refusals.push(Refusal::new(
            Rule::UnknownReference,
            "version",
            Some(&Value::from(version.as_str())),
            format!("plan `{plan}` has no such version"),
            "record the version first with recordPlanVersion, or correct it",
        ));
    }
}

fn unknown_mention(known: &dyn Known, mention: &Mention, home: Home<'_>) -> Option<Refusal> {
    let slug = mention.target.split(['/', '#']).next().unwrap_or_default();
    let refuse = |rule, message: String, hint: &str| {
        Some(Refusal::new(
            rule,
            &mention.field,
            Some(&Value::from(mention.target.as_str())),
            message,
            hint,
        ))
    };
    let Some(dossier) = known.dossier(slug) else {
        let itself = matches!(home, Home::Opens(..)) && home.dossier() == slug && slug == mention.target;
        return if itself {
            None
        } else {
            let what = if mention.kind == "Any" {
                "dossier".to_owned()
            } else {
                mention.kind.to_lowercase()
            };
            refuse(
                Rule::UnknownReference,
                format!("no {what} `{slug}` is recorded"),
                "record it first, or correct the slug",
            )
        };
    };
    if mention.kind != "Any" && mention.kind != format!("{:?}", dossier.kind) {
        let message = format!("`{slug}` is a {:?}, not a {}", dossier.kind, mention.kind).to_lowercase();
        return refuse(Rule::WrongKind, message, "name a dossier of the right kind");
    }
    let rest = inner(&mention.target);
    if !rest.is_empty() && !dossier.records.contains_key(rest) {
        let (rule, what) = match RecordRef::parse(&mention.target) {
            Ok(to) if dossier.kind == DossierKind::Plan && to.key().is_some() => (Rule::UnknownPoint, "point"),
            Ok(to) if to.version().is_some() && to.key().is_none() => (Rule::UnknownReference, "version"),
            _ => (Rule::UnknownReference, "record"),
        };
        return refuse(
            rule,
            format!("`{slug}` has no such {what}"),
            "record it first, or correct the reference",
        );
    }
    None
}

fn impossible_quantity(quantity: &Quantity, index: usize) -> Option<Refusal> {
    let field = format!("quantities[{index}]");
    let nothing =
        quantity.value.is_none() && quantity.min.is_none() && quantity.max.is_none() && quantity.words.is_none();
    if nothing {
        let hint = "give `value`, `min`, `max`, or the source's `words` where it gives no number";
        return Some(Refusal::new(
            Rule::ImpossibleQuantity,
            field,
            None,
            "the quantity says nothing",
            hint,
        ));
    }
    match (quantity.min, quantity.max) {
        (Some(min), Some(max)) if min > max => Some(Refusal::new(
            Rule::ImpossibleQuantity,
            field,
            Some(&Value::from(format!("{min} to {max}"))),
            "the lower end is above the upper end",
            "swap `min` and `max`",
        )),
        _ => None,
    }
}

fn slug_taken(slug: &str, taken: &Dossier) -> Refusal {
    Refusal::new(
        Rule::SlugTaken,
        "slug",
        Some(&Value::from(slug)),
        format!(
            "the slug names a {} recorded at position {} with other content",
            format!("{:?}", taken.kind).to_lowercase(),
            taken.opened.position
        ),
        "choose another slug, or record what is new about that dossier",
    )
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
