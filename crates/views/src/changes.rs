//! What changed between two moments of knowledge: the values shown at one against those shown at the other, by dossier.

mod competing;
mod made;

use crate::Views;
use crate::amendments::{Amendment, AmendmentKind};
use crate::entry::Entry;
use crate::values::{self, Value, ValueField, ValueKey, word};
use competing::contradicted;
use made::{Told, amendments_of};
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::moved::Moved;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How something changed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// Nothing was known of it before.
    BecameKnown,
    /// Another value is shown.
    Changed,
    /// A value that was shown is not shown any more.
    NoLongerStands,
    /// Values compete that did not before.
    Contradicted,
    /// More events, or more sources, say what was known.
    Confirmed,
    /// A meeting is planned for another date.
    Rescheduled,
    /// An issue was resolved, or an expectation was met or missed.
    Resolved,
    /// The desk put right what it had recorded wrongly.
    Corrected,
    /// The desk took back what it had recorded.
    Retracted,
    /// What an event said was taken out of the log.
    Redacted,
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// How.
    pub kind: ChangeKind,
    /// What the value is of; `None` for contradictions and for amendments that no value shows.
    pub field: Option<ValueField>,
    /// Which one of several, as people write it; of a contradiction, what competes; of an amendment, the record.
    pub subject: Option<String>,
    /// The values before, in the names that things have at the later moment.
    pub before: Vec<Value>,
    /// The values after.
    pub after: Vec<Value>,
    /// The positions of the events that made the change, in order: none where only more became public of what was known.
    pub by: Vec<u64>,
}

impl Change {
    /// The change in one line: `STAGE_DATE BLOCKED: 9 July 2025 (beside: 23 June 2025)`, `STATE: RESOLVED (before: OPEN)`. An
    /// amendment and a contradiction are told in the words of what made them, as of the later moment.
    #[must_use]
    pub fn summary(&self, after: &Views) -> String {
        let Some(field) = self.field else {
            let subject = self.subject.as_deref().unwrap_or("a record");
            let told = self.by.last().and_then(|at| after.timeline.entry(*at));
            let told = told
                .and_then(|entry| entry.fact())
                .map(|fact| fact.summary().into_owned());
            return match told {
                // What sources give differently is told with what it is of.
                Some(told) if told == subject || told.starts_with(&format!("{subject}: ")) => told,
                Some(told) => format!("{subject}: {told}"),
                None => subject.to_owned(),
            };
        };
        let of = match &self.subject {
            Some(subject) => format!("{} {subject}", word(&field)),
            None => word(&field),
        };
        let (gone, come) = (missing(&self.before, &self.after), missing(&self.after, &self.before));
        if gone.is_empty() && come.is_empty() {
            return format!("{of}: {}, said by more", said(&mut self.after.iter()));
        }
        let all: Vec<String> = self.after.iter().chain(gone.iter().copied()).map(Value::said).collect();
        let only_named = all.iter().collect::<BTreeSet<_>>().len() < all.len();
        let said = if only_named { said_with_names } else { said };
        if come.is_empty() && !self.after.is_empty() {
            let (now, gone) = (said(&mut self.after.iter()), said(&mut gone.into_iter()));
            return format!("{of}: {now} (no longer: {gone})");
        }
        let beside = self.after.iter().filter(|value| !come.contains(value));
        let aside = |label: &str, values: String| match values.is_empty() {
            true => String::new(),
            false => format!(" ({label}: {values})"),
        };
        let beside = aside("beside", said(&mut beside.into_iter()));
        let before = aside("before", said(&mut gone.into_iter()));
        let now = match come.is_empty() {
            true => "none".to_owned(),
            false => said(&mut come.into_iter()),
        };
        format!("{of}: {now}{before}{beside}")
    }
}

/// What values say, side by side.
fn said(values: &mut dyn Iterator<Item = &Value>) -> String {
    values.map(Value::said).collect::<Vec<String>>().join(" / ")
}

fn said_with_names(values: &mut dyn Iterator<Item = &Value>) -> String {
    values.map(Value::said_with_names).collect::<Vec<String>>().join(" / ")
}

/// What changed in a dossier.
#[derive(Debug, Clone)]
pub struct DossierChanges {
    /// Its slug at the later moment; where it is there no more, its slug at the earlier one.
    pub dossier: Slug,
    /// It is shown at the later moment, and was not at the earlier one.
    pub is_new: bool,
    /// The changes, by field.
    pub changes: Vec<Change>,
}

/// What changed between two moments, by dossier. The later one must hold all that the earlier one holds.
#[must_use]
pub fn between(before: &Views, after: &Views) -> Vec<DossierChanges> {
    between_of(before, after, &|_| true, &mut None)
}

/// The same of those dossiers that are wanted. What is shown of the last of them at the later moment is remembered, and taken
/// for what is shown at the earlier one where it is remembered from before: one walks along the moments so.
#[must_use]
pub fn between_of(
    before: &Views,
    after: &Views,
    wanted: &dyn Fn(&Slug) -> bool,
    remembered: &mut Option<(Slug, Values)>,
) -> Vec<DossierChanges> {
    let moved = after.names.moved();
    let Touched {
        mut dossiers,
        told,
        differing,
    } = touched(before, after);
    let mut competing = contradicted(before, after, &told);
    dossiers.extend(competing.keys().cloned());
    let mut amended = amendments(before, after);
    dossiers.extend(amended.keys().cloned());
    let all = dossiers
        .into_iter()
        .filter(|dossier| wanted(dossier))
        .filter_map(|dossier| {
            let own = amended.remove(&dossier).unwrap_or_default();
            let told = Told::between(before, after, &dossier, &own);
            let by = |old: &[Value], new: &[Value]| told.made(old, new);
            let old = match remembered.take() {
                Some((slug, values)) if slug == dossier => values,
                _ => known(before, moved, &dossier),
            };
            let new = shown(after, &dossier);
            let grown = |old: &Value, new: &Value| cited(after, new) > cited(before, old);
            let mut changes = of_values(&old, &new, &own, &by, &grown, &differing);
            changes.extend(unseen(before, after, &own, &changes));
            changes.extend(competing.remove(&dossier).into_iter().flatten());
            let is_there = after
                .timeline
                .dossier(dossier.as_str())
                .is_some_and(|(_, mark)| !mark.gone);
            let is_new = is_there && former(before, moved, &dossier).next().is_none();
            *remembered = Some((dossier.clone(), new));
            (!changes.is_empty()).then_some(DossierChanges {
                dossier,
                is_new,
                changes,
            })
        });
    all.collect()
}

/// The values of a dossier, by key.
pub type Values = BTreeMap<ValueKey, Vec<Value>>;

/// The values of a dossier.
fn shown(views: &Views, dossier: &Slug) -> Values {
    keyed(values::of_dossier(views, dossier.as_str()))
}

/// The values at the earlier moment of what is this dossier now, in the names of the later one.
fn known(before: &Views, moved: &Moved, dossier: &Slug) -> Values {
    let found = former(before, moved, dossier).flat_map(|slug| values::of_dossier(before, slug.as_str()));
    keyed(found.map(|value| value.renamed(moved)))
}

fn keyed(values: impl IntoIterator<Item = Value>) -> Values {
    let mut keyed = Values::new();
    for value in values {
        keyed.entry(value.key()).or_default().push(value);
    }
    keyed
}

/// The slugs that led, at the earlier moment, to what is this dossier now.
fn former<'a>(before: &'a Views, moved: &'a Moved, dossier: &'a Slug) -> impl Iterator<Item = &'a Slug> {
    let own = moved.slug(dossier.as_str()).is_none().then_some(dossier);
    let names = own.into_iter().chain(moved.former(dossier.as_str()));
    let known = names.filter_map(|name| before.timeline.dossier(name.as_str()));
    known.filter(|(_, mark)| !mark.gone).map(|(slug, _)| slug)
}

/// What made the change from some values to others.
type MadeBy<'a> = dyn Fn(&[Value], &[Value]) -> Vec<u64> + 'a;

/// How often a value is said: by each event behind it that says so, and by each citation of these.
fn cited(views: &Views, value: &Value) -> usize {
    let entries = value.told_by().filter_map(|at| views.timeline.entry(at));
    entries.map(|entry| 1 + citations(entry)).sum()
}

fn citations(entry: &Entry) -> usize {
    entry.fact().map_or(0, |fact| fact.citations().len())
}

/// The changes between the values of a dossier at two moments.
fn of_values(
    before: &Values,
    after: &Values,
    amended: &[Arc<Amendment>],
    by: &MadeBy<'_>,
    grown: &dyn Fn(&Value, &Value) -> bool,
    differing: &BTreeSet<u64>,
) -> Vec<Change> {
    let keys: BTreeSet<&ValueKey> = before.keys().chain(after.keys()).collect();
    let none = Vec::new();
    let changes = keys.into_iter().filter_map(|key| {
        let (old, new) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        let is_untouched = |value: &Value| value.behind.iter().all(|behind| !differing.contains(&behind.position));
        if old == new && new.iter().all(is_untouched) {
            return None;
        }
        let kind = kind(key.0, old, new, amended, grown)?;
        Some(Change {
            kind,
            field: Some(key.0),
            subject: key.1.as_ref().map(ToString::to_string),
            before: old.clone(),
            after: new.clone(),
            by: by(old, new),
        })
    });
    changes.collect()
}

/// Those of `values` that none of `others` says.
fn missing<'a>(values: &'a [Value], others: &[Value]) -> Vec<&'a Value> {
    let mut saying: HashMap<&str, Vec<&Value>> = HashMap::new();
    for other in others {
        saying.entry(other.text.as_str()).or_default().push(other);
    }
    let said = |value: &&Value| {
        let alike = saying.get(value.text.as_str()).into_iter().flatten();
        alike.into_iter().any(|other| other.says_the_same(value))
    };
    values.iter().filter(|value| !said(value)).collect()
}

fn kind(
    field: ValueField,
    old: &[Value],
    new: &[Value],
    amended: &[Arc<Amendment>],
    grown: &dyn Fn(&Value, &Value) -> bool,
) -> Option<ChangeKind> {
    let (gone, come) = (missing(old, new), missing(new, old));
    let last = |told_by: Vec<u64>| {
        let told_by = told_by.into_iter();
        told_by.filter_map(|at| amendments_of(amended, at).pop()).next()
    };
    if gone.is_empty() && come.is_empty() {
        let has_grown = new.iter().any(|value| {
            let known = old.iter().find(|other| other.says_the_same(value));
            known.is_some_and(|known| grown(known, value))
        });
        let amended = last(old.iter().flat_map(Value::told_by).collect());
        let kind = amended.map_or(ChangeKind::Confirmed, |amended| of_amendment(amended.kind));
        return has_grown.then_some(kind);
    }
    if let Some(amendment) = last(gone.iter().flat_map(|value| value.told_by()).collect()) {
        return Some(of_amendment(amendment.kind));
    }
    let says = |value: &&&Value, word: &str| value.text == word || value.text.starts_with(&format!("{word},"));
    let was_open = gone.iter().all(|value| says(&value, "OPEN"));
    Some(match field {
        _ if old.is_empty() => ChangeKind::BecameKnown,
        _ if new.is_empty() => ChangeKind::NoLongerStands,
        ValueField::PlannedFor => ChangeKind::Rescheduled,
        ValueField::State if come.iter().any(|value| says(&value, "RESOLVED")) => ChangeKind::Resolved,
        ValueField::Outcome if was_open && !come.iter().any(|value| says(&value, "OPEN")) => ChangeKind::Resolved,
        _ if gone.is_empty() => ChangeKind::BecameKnown,
        _ if come.is_empty() => ChangeKind::NoLongerStands,
        _ => ChangeKind::Changed,
    })
}

fn of_amendment(kind: AmendmentKind) -> ChangeKind {
    match kind {
        AmendmentKind::Corrected => ChangeKind::Corrected,
        AmendmentKind::Retracted => ChangeKind::Retracted,
        AmendmentKind::Redacted => ChangeKind::Redacted,
    }
}

/// Whether an event was recorded between two moments. What became public in between may have been recorded long before.
fn is_new(before: &Views, after: &Views, position: u64) -> bool {
    position > before.position() && position <= after.position()
}

/// The amendments that came to count between two moments, by dossier: those recorded, and those of which what is right was. A
/// moment may lie between the two events of a correction.
fn amendments(before: &Views, after: &Views) -> BTreeMap<Slug, Vec<Arc<Amendment>>> {
    let counts = |amendment: &&Arc<Amendment>| {
        let mut told = std::iter::once(amendment.by).chain(amendment.after);
        told.any(|at| is_new(before, after, at))
    };
    let mut found: BTreeMap<Slug, Vec<Arc<Amendment>>> = BTreeMap::new();
    for amendment in after.amendments.all().filter(counts) {
        found
            .entry(amendment.dossier.clone())
            .or_default()
            .push(Arc::clone(amendment));
    }
    found
}

/// The amendments that no change of a value shows.
fn unseen(before: &Views, after: &Views, amended: &[Arc<Amendment>], seen: &[Change]) -> Vec<Change> {
    let told = |amendment: &Amendment| -> Vec<u64> {
        let told = std::iter::once(amendment.by).chain(amendment.after);
        told.filter(|at| is_new(before, after, *at)).collect()
    };
    let is_seen = |amendment: &Amendment| {
        let told = told(amendment);
        seen.iter().any(|change| change.by.iter().any(|at| told.contains(at)))
    };
    let record = |amendment: &Amendment| {
        let entries = amendment.after.into_iter().chain([amendment.target]);
        let found = entries
            .filter_map(|at| after.timeline.entry(at).or_else(|| before.timeline.entry(at)))
            .next();
        found.map_or_else(|| amendment.dossier.to_string(), |entry| entry.record.to_string())
    };
    let unseen = amended.iter().filter(|amendment| !is_seen(amendment));
    unseen
        .map(|amendment| Change {
            kind: of_amendment(amendment.kind),
            field: None,
            subject: Some(record(amendment)),
            before: Vec::new(),
            after: Vec::new(),
            by: told(amendment),
        })
        .collect()
}

/// What an event is to the values of its dossier: which dossier that is, in the names of the later moment, what it says, in
/// which place, and how much of it is cited.
fn mark<'a>(entry: &'a Entry, moved: &'a Moved) -> (&'a Slug, [u8; 32], u64, usize) {
    let slug = &entry.recorded.dossier.slug;
    let now = moved.slug(slug.as_str()).unwrap_or(slug);
    let hash = *entry.recorded.header.hash.as_bytes();
    (now, hash, entry.recorded.place, citations(entry))
}

/// What differs between two moments.
struct Touched {
    /// The dossiers whose values may differ: those of which something was told, and the expectations that those settle.
    dossiers: BTreeSet<Slug>,
    /// The dossiers whose events differ.
    told: BTreeSet<Slug>,
    /// The positions of these events.
    differing: BTreeSet<u64>,
}

/// What differs between two moments, by the slugs of dossiers at the later one.
fn touched(before: &Views, after: &Views) -> Touched {
    let moved = after.names.moved();
    let mut own: BTreeSet<Slug> = BTreeSet::new();
    let mut differing = BTreeSet::new();
    let (mut old, mut new) = (
        before.timeline.earliest().peekable(),
        after.timeline.earliest().peekable(),
    );
    loop {
        let (at_old, at_new) = (old.peek().map(|e| e.position()), new.peek().map(|e| e.position()));
        let take_old = at_old.is_some_and(|at| at_new.is_none_or(|other| at <= other));
        let take_new = at_new.is_some_and(|at| at_old.is_none_or(|other| at <= other));
        if !take_old && !take_new {
            break;
        }
        let one = take_old.then(|| old.next()).flatten();
        let other = take_new.then(|| new.next()).flatten();
        if one.zip(other).is_some_and(|(one, other)| Arc::ptr_eq(one, other)) {
            continue;
        }
        let (one, other) = (
            one.map(|entry| mark(entry, moved)),
            other.map(|entry| mark(entry, moved)),
        );
        if one != other {
            differing.extend(at_old.filter(|_| take_old).or(at_new));
            own.extend(one.into_iter().chain(other).map(|(slug, ..)| slug.clone()));
        }
    }
    let mut all = own.clone();
    for slug in &own {
        for (views, names) in [(before, Some(moved)), (after, None)] {
            all.extend(settled_by(views, slug, names));
        }
    }
    Touched {
        dossiers: all,
        told: own,
        differing,
    }
}

/// The expectations that a dossier may settle: those of it, and those that it is linked to.
fn settled_by(views: &Views, slug: &Slug, moved: Option<&Moved>) -> Vec<Slug> {
    let former: Vec<&Slug> = match moved {
        Some(moved) => former(views, moved, slug).collect(),
        None => vec![slug],
    };
    let mut found = Vec::new();
    for name in former {
        let about = views.claims.slugs_about(name.as_str()).into_iter().flatten().cloned();
        found.extend(about);
        let links = views.links.of_dossier(name.as_str()).into_iter().flatten();
        let ends = links.flat_map(|told| [&told.fact.from, &told.fact.to]);
        found.extend(ends.filter_map(|end: &RecordRef| Slug::parse(end.dossier()).ok()));
    }
    let today = |slug: Slug| {
        moved
            .and_then(|moved| moved.slug(slug.as_str()).cloned())
            .unwrap_or(slug)
    };
    found.into_iter().map(today).collect()
}
