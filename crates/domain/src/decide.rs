//! Decide and evolve: whether a command may be recorded, as which event, and what is known after it.

mod amending;
mod moving;
mod references;
mod renaming;
mod rules;

pub use amending::{Fate, Target, stands_on};
pub use references::unknown_mentions;

use crate::command::{Command, unencodable};
use crate::event::{Action, Event};
use crate::fact::Home;
use crate::id::{DossierKind, Key, Slug};
use crate::moved::Moved;
use crate::refusal::{Refusal, Rule};
use imbl::{HashMap, OrdMap};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most bytes an event's payload may have.
pub const PAYLOAD_MAX_BYTES: usize = 64 * 1024;

/// What a decision needs to know of one dossier: a fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Its kind.
    pub kind: DossierKind,
    /// The slug under which its events are kept: the first that it had.
    pub stream: Slug,
    /// How many events it has.
    pub version: u32,
    /// What opened it.
    pub opened: Mark,
    /// Its place in the order in which dossiers were opened: the position of what opened it first, where that was corrected
    /// since.
    pub since: u64,
    /// Whether what opened it does not stand: to whoever asks, it is not recorded, and it can be opened again.
    pub closed: bool,
    /// Its records by what follows the slug in a reference: `/28`, `/28#nato`, `#proposed`.
    pub records: OrdMap<String, Filed>,
    /// What opened those that were merged into it.
    merged: Vec<Mark>,
    /// Its last event.
    last: Mark,
    /// The position at which each content was recorded first.
    contents: HashMap<[u8; 16], u64>,
    /// For each reference without its number (`#position` of `#position-3`), the highest number taken.
    numbers: HashMap<String, u32>,
}

impl Dossier {
    /// A dossier without events.
    #[must_use]
    pub fn new(kind: DossierKind, stream: Slug, opened: Mark) -> Self {
        Self {
            kind,
            stream,
            version: 0,
            opened,
            since: opened.position,
            closed: false,
            merged: Vec::new(),
            last: opened,
            records: OrdMap::new(),
            contents: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// A dossier that is not open: what opened it does not stand.
    #[must_use]
    pub fn unopened(kind: DossierKind, stream: Slug, opened: Mark) -> Self {
        Self {
            closed: true,
            ..Self::new(kind, stream, opened)
        }
    }

    /// Opens it again.
    pub fn open(&mut self, opened: Mark) {
        self.closed = false;
        self.opened = opened;
        self.since = opened.position;
    }

    fn file(&mut self, suffix: String, filed: Filed) {
        let (stem, number) = numbered(&suffix);
        let highest = self.numbers.entry(stem.to_owned()).or_insert(0);
        *highest = number.max(*highest);
        self.contents.entry(filed.mark.content).or_insert(filed.mark.position);
        self.records.entry(suffix).or_insert(filed);
    }
}

impl Dossier {
    /// Whether this reference is taken, by a record or by what is left inside a redacted one.
    fn has(&self, suffix: &str) -> bool {
        self.records
            .range(suffix.to_owned()..)
            .take_while(|(known, _)| known.starts_with(suffix))
            .any(|(known, _)| known.len() == suffix.len() || known[suffix.len()..].starts_with(['#', '.']))
    }

    /// The references of its outermost records: `/28` and `#proposed`, and not what lies inside them.
    fn outermost(&self) -> BTreeSet<&str> {
        let whole = |suffix: &str| suffix.get(1..)?.find(['#', '.']).map(|at| at + 1);
        let cut = |suffix: &'_ String| -> Option<usize> { whole(suffix).or(Some(suffix.len())) };
        let records = self.records.keys();
        records.filter_map(|suffix| suffix.get(..cut(suffix)?)).collect()
    }

    /// The position of what opened it with this content, or one that was merged into it.
    fn opened_by(&self, content: [u8; 16]) -> Option<u64> {
        let mut opened = std::iter::once(&self.opened).chain(&self.merged);
        opened.find(|mark| mark.content == content).map(|mark| mark.position)
    }

    /// Notes a content that was told of it, though its record was moved to another dossier.
    pub fn leave(&mut self, left: Mark) {
        self.contents.entry(left.content).or_insert(left.position);
    }
}

/// Which event made a dossier or a record, and of what content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The event's position.
    pub position: u64,
    /// The fingerprint of its content, without a record's key: see [`Event::content`].
    pub content: [u8; 16],
}

/// A record of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// What made it.
    pub mark: Mark,
    /// The stored kind of the event that made it.
    pub kind: &'static str,
}

/// What was recorded so far.
pub trait Known {
    /// The dossier of this slug.
    fn dossier(&self, slug: &str) -> Option<&Dossier>;

    /// The dossier of this slug, open or not.
    fn kept(&self, slug: &str) -> Option<&Dossier> {
        self.dossier(slug)
    }

    /// Where things are found that were renamed or merged.
    fn moved(&self) -> Option<&Moved> {
        None
    }

    /// The position of the last event.
    fn head(&self) -> u64 {
        0
    }

    /// The event at a position.
    fn target(&self, _position: u64) -> Option<Target<'_>> {
        None
    }

    /// The positions of the standing events, but for the one at `but`, that keep their records inside what `record` names,
    /// or refer to it: see [`stands_on`].
    fn referring(&self, _record: &str, _but: u64) -> Vec<u64> {
        Vec::new()
    }
}

/// A decision that is not a refusal.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Record this event.
    Record(Event),
    /// Record these two, one right after the other: what was wrong, and what is right.
    Correct {
        /// Says which event was wrong.
        note: Event,
        /// What is right.
        right: Event,
    },
    /// The same content is recorded already, at this position.
    AlreadyThere(u64),
}

/// Decides whether `command` may be recorded after what is `known`.
///
/// # Errors
/// Everything that speaks against it.
pub fn decide(known: &dyn Known, command: &Command) -> Result<Decision, Vec<Refusal>> {
    if let Some(correction) = &command.corrects {
        return amending::correct(known, command, correction);
    }
    let mut action = command.action.clone();
    let mut refusals = unknown_mentions(known, &command.mentions, Some(&action.fact().home()));
    if matches!(action, Action::RedactRecord(_)) && known.kept(action.fact().home().dossier()).is_some() {
        refusals.clear();
    }
    common(known, &action, &mut refusals);
    let settled = renaming::settle(known, &mut action, &mut refusals)
        .or_else(|| moving::settle(known, &mut action, &mut refusals))
        .or_else(|| amending::settle(known, &mut action, &mut refusals))
        .or_else(|| place(known, &mut action, command.content, &mut refusals));
    if let Some(settled) = settled
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
        return Err(vec![too_large(bytes)]);
    }
    Ok(Decision::Record(event))
}

/// What speaks against an action by the rules that do not ask where its record goes.
fn common(known: &dyn Known, action: &Action, refusals: &mut Vec<Refusal>) {
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
    let only = matches!(action, Action::RecordCount(_));
    for (index, quantity) in action.fact().quantities().iter().enumerate() {
        let field = if only {
            "quantity".to_owned()
        } else {
            format!("quantities[{index}]")
        };
        refusals.extend(rules::impossible(quantity, field));
    }
    rules::own(known, action, refusals);
}

fn too_large(bytes: usize) -> Refusal {
    Refusal::new(
        Rule::EventTooLarge,
        "",
        None,
        format!("the event would have {bytes} bytes where at most {PAYLOAD_MAX_BYTES} are allowed"),
        "shorten its texts or split it into several records",
    )
}

/// Folds one recorded event into what is known of its dossier. `stream` is the slug under which the event is kept; an event
/// of a stream that was merged into the dossier does not count in its version.
#[must_use]
pub fn evolve(dossier: Option<Dossier>, event: &Event, stream: &Slug, mark: Mark) -> Option<Dossier> {
    let home = event.fact().home();
    let opening = match &home {
        Home::Opens(kind, ..) | Home::OpensOrTells(kind, ..) => Some(*kind),
        _ => None,
    };
    let mut dossier = match (dossier, opening) {
        (Some(dossier), _) => dossier,
        (None, Some(kind)) => Dossier::new(kind, stream.clone(), mark),
        (None, None) => return None,
    };
    if dossier.closed && opening.is_some() {
        dossier.open(mark);
    }
    if dossier.stream == *stream {
        dossier.version += 1;
    }
    // What was put right does not move a dossier on.
    if !event.amends() {
        dossier.last = mark;
    }
    if opening.is_some() {
        dossier.contents.entry(mark.content).or_insert(mark.position);
    }
    match record_suffix(&home) {
        Some(suffix) => {
            let kind = event.kind();
            dossier.file(suffix, Filed { mark, kind });
        }
        None if opening.is_some() && dossier.opened != mark => dossier.merged.push(mark),
        None => {}
    }
    Some(dossier)
}

/// Whether an event opens its dossier, as far as it says itself.
#[must_use]
pub fn is_opening(event: &Event) -> bool {
    matches!(event.fact().home(), Home::Opens(..) | Home::OpensOrTells(.., None, _))
}

/// What follows the slug in a reference to the record that this event makes; `None` where it makes none.
#[must_use]
pub fn record_suffix(home: &Home<'_>) -> Option<String> {
    match home {
        Home::Version(_, version) => Some(format!("/{version}")),
        Home::InVersion(_, version, key) | Home::OfVersion(_, version, Some(key), _) => {
            Some(format!("/{version}#{key}"))
        }
        Home::Record(target, Some(key), _) => Some(child(inner(target), key.as_str())),
        Home::OpensOrTells(.., Some(key), _) => Some(child("", key.as_str())),
        _ => None,
    }
}

/// Settles where the action's record is kept: finds taken names, and makes up a key where none was given.
fn place(known: &dyn Known, action: &mut Action, content: [u8; 16], refusals: &mut Vec<Refusal>) -> Option<Decision> {
    let home = action.fact().home();
    let slug = home.dossier().to_owned();
    match (&home, amending::holder(known, action, &slug)) {
        (Home::Opens(kind, ..) | Home::OpensOrTells(kind, ..), None)
            if let Some(retracted) = known.kept(&slug).filter(|kept| kept.kind != *kind) =>
        {
            refusals.push(slug_taken(&slug, retracted));
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
            return keep(dossier, &slug, &suffix, field, content, refusals);
        }
        (
            Home::Record(_, Some(_), _) | Home::OfVersion(_, _, Some(_), _) | Home::OpensOrTells(.., Some(_), _),
            Some(dossier),
        ) => {
            let suffix = record_suffix(&home).unwrap_or_default();
            return keep(dossier, &slug, &suffix, "key", content, refusals);
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

/// Whether a record may be kept under the name given for it.
fn keep(
    dossier: &Dossier,
    slug: &str,
    suffix: &str,
    field: &str,
    content: [u8; 16],
    refusals: &mut Vec<Refusal>,
) -> Option<Decision> {
    refusals.extend(rules::unreferable(slug, suffix));
    let filed = dossier.records.get(suffix)?;
    if filed.mark.content == content {
        return Some(Decision::AlreadyThere(filed.mark.position));
    }
    let key = suffix.rsplit(['/', '#', '.']).next().unwrap_or_default();
    refusals.push(key_taken(field, key, &filed.mark));
    None
}

/// Keys a record by `prefix`, or by `prefix` and the number after the highest taken, unless its content is there already.
/// A key that a record had which was moved away stays that record's.
fn key_up(
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
        if !led_away(known, &format!("{slug}{}", child(inner, &key))) || number == u32::MAX {
            break key;
        }
    };
    refusals.extend(rules::unreferable(&slug, &child(inner, &key)));
    set_key(action, Key::parse(&key).ok());
    None
}

/// A reference without its number, and the number: 3 for `#position-3`, 1 where there is none.
fn numbered(suffix: &str) -> (&str, u32) {
    suffix
        .rsplit_once('-')
        .and_then(|(stem, number)| Some((stem, number.parse().ok().filter(|n| *n > 1)?)))
        .unwrap_or((suffix, 1))
}

/// A reference or a key with its number: none where that is 1.
fn with_number(stem: &str, number: u32) -> String {
    match number {
        0 | 1 => stem.to_owned(),
        _ => format!("{stem}-{number}"),
    }
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

/// What follows the slug in a reference to the record `key` inside `inner`: a record in a record joins their keys by a dot.
fn child(inner: &str, key: &str) -> String {
    let joint = if inner.contains('#') { '.' } else { '#' };
    format!("{inner}{joint}{key}")
}

/// The part of a reference after its slug: `/28` of `us-plan/28`.
fn inner(target: &str) -> &str {
    target.find(['/', '#']).map_or("", |at| &target[at..])
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
    Refusal::new(
        Rule::SlugTaken,
        "slug",
        Some(&Value::from(slug)),
        match taken.closed {
            true => format!("the slug is that of a {:?} that was retracted", taken.kind).to_lowercase(),
            false => format!(
                "the slug names a {} recorded at position {} with other content",
                format!("{:?}", taken.kind).to_lowercase(),
                taken.opened.position
            ),
        },
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
