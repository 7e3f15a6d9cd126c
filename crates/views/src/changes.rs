//! What changed between two moments of knowledge: the values shown at one against those shown at the other, by dossier.

use crate::Views;
use crate::amendments::{Amendment, AmendmentKind};
use crate::contradictions::{self, Contradiction, ContradictionKind};
use crate::entry::Entry;
use crate::values::{self, Value, ValueField, ValueKey, word};
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::moved::Moved;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
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
            return format!("{of}: {}, said by more", said(self.after.iter()));
        }
        let beside = self.after.iter().filter(|value| !come.contains(value));
        let aside = |label: &str, values: String| match values.is_empty() {
            true => String::new(),
            false => format!(" ({label}: {values})"),
        };
        let beside = aside("beside", said(beside));
        let before = aside("before", said(gone.into_iter()));
        let now = match come.is_empty() {
            true => "none".to_owned(),
            false => said(come.into_iter()),
        };
        format!("{of}: {now}{before}{beside}")
    }
}

/// What values say, side by side.
fn said<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    values.map(Value::said).collect::<Vec<String>>().join(" / ")
}

/// What changed in a dossier.
#[derive(Debug, Clone)]
pub struct DossierChanges {
    /// Its slug at the later moment; where it is there no more, its slug at the earlier one.
    pub dossier: Slug,
    /// It was not known at the earlier moment.
    pub is_new: bool,
    /// The changes, by field.
    pub changes: Vec<Change>,
}

/// What changed between two moments, by dossier. The later one must hold all that the earlier one holds.
#[must_use]
pub fn between(before: &Views, after: &Views) -> Vec<DossierChanges> {
    let moved = after.names.moved();
    let mut competing = contradicted(before, after);
    let mut dossiers = touched(before, after);
    dossiers.extend(competing.keys().cloned());
    let mut amended = amendments(before, after);
    dossiers.extend(amended.keys().cloned());
    let all = dossiers.into_iter().filter_map(|dossier| {
        let own = amended.remove(&dossier).unwrap_or_default();
        let moves = moves(before, after, &dossier);
        let by = |old: &[Value], new: &[Value]| made_by(old, new, &own, &moves, before);
        let (old, new) = (known(before, moved, &dossier), shown(after, &dossier));
        let grown = |old: &Value, new: &Value| cited(after, new) > cited(before, old);
        let mut changes = of_values(&old, &new, &own, &by, &grown);
        changes.extend(unseen(before, after, &own, &changes));
        changes.extend(competing.remove(&dossier).into_iter().flatten());
        let is_new = former(before, moved, &dossier).next().is_none();
        (!changes.is_empty()).then_some(DossierChanges {
            dossier,
            is_new,
            changes,
        })
    });
    all.collect()
}

type Values = BTreeMap<ValueKey, Vec<Value>>;

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
    names.filter_map(|name| before.timeline.dossier(name.as_str()).map(|(slug, _)| slug))
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
) -> Vec<Change> {
    let keys: BTreeSet<&ValueKey> = before.keys().chain(after.keys()).collect();
    let none = Vec::new();
    let changes = keys.into_iter().filter_map(|key| {
        let (old, new) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
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
    let said = |value: &&Value| others.iter().any(|other| other.says_the_same(value));
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
    if gone.is_empty() && come.is_empty() {
        let has_grown = new.iter().any(|value| {
            let known = old.iter().find(|other| other.says_the_same(value));
            known.is_some_and(|known| grown(known, value))
        });
        return has_grown.then_some(ChangeKind::Confirmed);
    }
    let behind = |amendment: &&Arc<Amendment>| {
        gone.iter()
            .any(|value| value.told_by().any(|at| at == amendment.target))
    };
    if let Some(amendment) = amended.iter().rev().find(behind) {
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

/// What made a change: the events behind the values after that were not known before, the amendments of those behind the
/// values before; where there are none, what moved records.
fn made_by(old: &[Value], new: &[Value], amended: &[Arc<Amendment>], moves: &[u64], before: &Views) -> Vec<u64> {
    let behind = |values: &[Value]| -> BTreeSet<u64> {
        let behind = values.iter().flat_map(|value| &value.behind);
        behind.map(|behind| behind.position).collect()
    };
    let (old, new) = (behind(old), behind(new));
    let come = new.difference(&old).filter(|at| before.timeline.entry(**at).is_none());
    let amending = amended
        .iter()
        .filter(|amendment| old.contains(&amendment.target))
        .map(|amendment| amendment.by);
    let amending = amending.filter(|by| *by > before.position());
    let by: BTreeSet<u64> = come.copied().chain(amending).collect();
    match by.is_empty() && old != new {
        true => moves.to_vec(),
        false => by.into_iter().collect(),
    }
}

/// The positions of the events that moved records out of a dossier or into it between two moments.
fn moves(before: &Views, after: &Views, dossier: &Slug) -> Vec<u64> {
    let told = after.names.moves(dossier.as_str()).map(|told| told.position);
    told.filter(|at| is_new(before, after, *at)).collect()
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

/// The contradictions that are new, or have more values than before, by the dossiers that they are about.
fn contradicted(before: &Views, after: &Views) -> BTreeMap<Slug, Vec<Change>> {
    let moved = after.names.moved();
    let known = contradictions::all(before);
    let linked = known.iter().filter(|one| one.kind == ContradictionKind::Linked);
    let linked: Vec<BTreeSet<String>> = linked.map(|one| records(one, moved)).collect();
    let known: BTreeMap<(ContradictionKind, String), usize> = known
        .iter()
        .map(|one| ((one.kind, in_names(&one.key, moved)), one.values.len()))
        .collect();
    let is_known = |one: &Contradiction| match one.kind {
        ContradictionKind::Linked => {
            let own = records(one, moved);
            linked.iter().any(|other| own.is_subset(other))
        }
        kind => known
            .get(&(kind, one.key.clone()))
            .is_some_and(|values| one.values.len() <= *values),
    };
    let mut found: BTreeMap<Slug, Vec<Change>> = BTreeMap::new();
    for one in contradictions::all(after).into_iter().filter(|one| !is_known(one)) {
        let about = one.about.iter().filter_map(|about| Slug::parse(about.dossier()).ok());
        for dossier in about.collect::<BTreeSet<Slug>>() {
            found.entry(dossier).or_default().push(competing(before, &one));
        }
    }
    found
}

/// The records that are linked as contradicting one another, in the names of today. Their set says which contradiction it is:
/// its key is only the first of them by name.
fn records(one: &Contradiction, moved: &Moved) -> BTreeSet<String> {
    let today = |record: &RecordRef| moved.reference(record.as_str()).unwrap_or_else(|| record.to_string());
    one.about.iter().map(today).collect()
}

/// A key starts with a reference.
fn in_names(key: &str, moved: &Moved) -> String {
    let (reference, rest) = key.split_at(key.find(' ').unwrap_or(key.len()));
    let now = moved.reference(reference);
    format!("{}{rest}", now.as_deref().unwrap_or(reference))
}

fn competing(before: &Views, one: &Contradiction) -> Change {
    let told = one.values.iter().flat_map(|value| &value.positions);
    let told = told.chain(one.links.iter().map(|link| &link.position));
    let new = told.filter(|position| before.timeline.entry(**position).is_none());
    let by: BTreeSet<u64> = new.copied().collect();
    Change {
        kind: ChangeKind::Contradicted,
        field: None,
        subject: Some(one.what.clone().unwrap_or_else(|| one.key.clone())),
        before: Vec::new(),
        after: Vec::new(),
        by: by.into_iter().collect(),
    }
}

/// What an event is to the values of its dossier: which dossier that is, in the names of the later moment, what it says, in
/// which place, and how much of it is cited.
fn mark<'a>(entry: &'a Entry, moved: &'a Moved) -> (&'a Slug, [u8; 32], u64, usize) {
    let slug = &entry.recorded.dossier.slug;
    let now = moved.slug(slug.as_str()).unwrap_or(slug);
    let hash = *entry.recorded.header.hash.as_bytes();
    (now, hash, entry.recorded.place, citations(entry))
}

/// The dossiers whose values may differ between two moments, by their slugs at the later one: those whose events differ, and
/// the expectations that those settle.
fn touched(before: &Views, after: &Views) -> BTreeSet<Slug> {
    let moved = after.names.moved();
    let mut own: BTreeSet<Slug> = BTreeSet::new();
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
        let one = take_old.then(|| old.next()).flatten().map(|entry| mark(entry, moved));
        let other = take_new.then(|| new.next()).flatten().map(|entry| mark(entry, moved));
        if one != other {
            own.extend(one.into_iter().chain(other).map(|(slug, ..)| slug.clone()));
        }
    }
    let mut all = own.clone();
    for slug in &own {
        for (views, names) in [(before, Some(moved)), (after, None)] {
            all.extend(settled_by(views, slug, names));
        }
    }
    all
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
