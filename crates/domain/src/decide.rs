//! Decide and evolve: whether a command may be recorded, as which event, and what is known after it.

mod amending;
mod correcting;
mod moving;
mod placing;
mod references;
mod renaming;
mod rules;

pub use amending::{Fate, Target, makes, named, stands_on};
pub use references::unknown_mentions;

use crate::command::{Command, unencodable};
use crate::event::{Action, Event};
use crate::fact::Home;
use crate::id::{DossierKind, Slug};
use crate::moved::Moved;
use crate::refusal::{Refusal, Rule};
use imbl::{HashMap, OrdMap};
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
    /// The position of what opened it, where it is closed because what that said is gone: it is opened again by what
    /// corrects that, and by nothing else.
    pub gone: Option<u64>,
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
            gone: None,
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
        (self.closed, self.gone) = (false, None);
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

    /// The position of what made a record of this reference and was redacted: the name is kept for what takes its place.
    fn lost(&self, _reference: &str) -> Option<u64> {
        None
    }

    /// What follows the slug in the references of the records of a dossier that are [`Known::lost`], in order.
    fn lost_in(&self, _slug: &str) -> Vec<String> {
        Vec::new()
    }

    /// The standing events that made what a reference names, or told more of it under the same name.
    fn told_of(&self, _reference: &str) -> Vec<&Event> {
        Vec::new()
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
        return correcting::correct(known, command, correction);
    }
    let mut action = command.action.clone();
    let mut refusals = unknown_mentions(known, &command.mentions, Some(&action.fact().home()));
    if amending::takes_away(&action) && known.kept(action.fact().home().dossier()).is_some() {
        refusals.clear();
    }
    common(known, &action, &mut refusals);
    let settled = renaming::settle(known, &mut action, &mut refusals)
        .or_else(|| moving::settle(known, &mut action, &mut refusals))
        .or_else(|| amending::settle(known, &mut action, &mut refusals))
        .or_else(|| placing::place(known, &mut action, command.content, &mut refusals));
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
        Home::Opens(kind, ..) | Home::OpensOrTells(kind, .., None, _) => Some(*kind),
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

/// What follows the slug in a reference to the record `key` inside `inner`: a record in a record joins their keys by a dot.
fn child(inner: &str, key: &str) -> String {
    let joint = if inner.contains('#') { '.' } else { '#' };
    format!("{inner}{joint}{key}")
}

/// The part of a reference after its slug: `/28` of `us-plan/28`.
fn inner(target: &str) -> &str {
    target.find(['/', '#']).map_or("", |at| &target[at..])
}
