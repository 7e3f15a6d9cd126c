//! The timeline: every dated fact in the order of the world, found by party, topic, dossier or kind.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::entry::{Around, Entry};
use crate::merged::Merged;
use crate::sorted::put;
use chrono::{DateTime, Utc};
use imbl::{HashMap, OrdMap, OrdSet, Vector};
use rapporteur_domain::date::{SortKey, Within};
use rapporteur_domain::decide::is_opening;
use rapporteur_domain::event::Event;
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::fact::Home;
use rapporteur_domain::id::{DossierKind, RecordRef, Slug};
use rapporteur_log::{Amended, Recorded};
use serde::Serialize;
use serde_json::json;
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

/// The place of an entry: its date's, then its position.
pub type Place = (SortKey, u64);

/// Every event with its entry, and the dated ones in order.
#[derive(Clone, Default)]
pub struct Timeline {
    entries: Vector<Arc<Entry>>,
    /// Events that do not stand, or whose payload is gone.
    fallen: Vector<Arc<Recorded>>,
    gone: usize,
    ordered: OrdSet<Place>,
    by_party: HashMap<Slug, OrdSet<Place>>,
    by_topic: HashMap<Slug, OrdSet<Place>>,
    by_dossier: HashMap<Slug, OrdSet<Place>>,
    by_kind: HashMap<DossierKind, OrdSet<Place>>,
    by_record: HashMap<RecordRef, Vector<u64>>,
    dossiers: OrdMap<Slug, DossierMark>,
    events_of: HashMap<Slug, Vector<u64>>,
    around: HashMap<Slug, Around>,
    last: u64,
}

/// A dossier as the log's headers know it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DossierMark {
    /// Its kind.
    pub kind: DossierKind,
    /// How many events its stream has: those that were moved out of it too, and none that were moved or merged into it.
    pub version: u32,
    /// The position of the event that opened it.
    pub first: u64,
    /// The position of its last event.
    pub last: u64,
    /// Whether what that said is gone, so that nothing opened it.
    pub gone: bool,
}

/// Which entries to show. An empty list does not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Any of these parties has a part in it.
    pub parties: Vec<Slug>,
    /// It is about any of these topics.
    pub topics: Vec<Slug>,
    /// It belongs to any of these dossiers.
    pub dossiers: Vec<Slug>,
    /// It belongs to a dossier of any of these kinds.
    pub kinds: Vec<DossierKind>,
    /// Its date lies in this window.
    pub within: Option<Within>,
    /// Its date lies there for sure; otherwise possibly.
    pub surely: bool,
    /// Undated entries pass the window too.
    pub undated: bool,
    /// It rests on anonymous speakers alone.
    pub only_anonymous: bool,
}

impl Timeline {
    /// How many events have an entry.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of the event at `position`, unless it was redacted.
    #[must_use]
    pub fn entry(&self, position: u64) -> Option<&Arc<Entry>> {
        let at = usize::try_from(position.checked_sub(1)?).ok()?;
        match self.entries.get(at) {
            Some(entry) if entry.position() == position => Some(entry),
            _ => {
                let found = self.entries.binary_search_by_key(&position, |e| e.position()).ok()?;
                self.entries.get(found)
            }
        }
    }

    /// The event at `position` as recorded.
    #[must_use]
    pub fn recorded(&self, position: u64) -> Option<&Arc<Recorded>> {
        match self.entry(position) {
            Some(entry) => Some(&entry.recorded),
            None => {
                let found = self
                    .fallen
                    .binary_search_by_key(&position, |r| r.header.position)
                    .ok()?;
                self.fallen.get(found)
            }
        }
    }

    /// The position of the last event that was recorded until then; 0 where none was.
    #[must_use]
    pub fn position_at(&self, instant: DateTime<Utc>) -> u64 {
        let until = |at: usize| {
            self.entries
                .get(at)
                .is_some_and(|e| e.recorded.header.recorded_at <= instant)
        };
        let (mut low, mut high) = (0, self.entries.len());
        while low < high {
            let middle = low.midpoint(high);
            if until(middle) {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        let entry = low.checked_sub(1).and_then(|at| self.entries.get(at));
        let fallen = self.fallen.iter().rev().find(|r| r.header.recorded_at <= instant);
        entry
            .map(|e| e.position())
            .max(fallen.map(|r| r.header.position))
            .unwrap_or(0)
    }

    /// The dossier of this slug, of whatever kind.
    #[must_use]
    pub fn dossier(&self, slug: &str) -> Option<(&Slug, &DossierMark)> {
        self.dossiers.get_key_value(slug)
    }

    /// All dossiers, by slug.
    pub fn dossiers(&self) -> impl DoubleEndedIterator<Item = (&Slug, &DossierMark)> {
        self.dossiers.iter()
    }

    /// The entries of a dossier, in the order of recording.
    #[must_use]
    pub fn of_dossier(&self, slug: &str) -> Vec<&Arc<Entry>> {
        let positions = self.events_of.get(slug).into_iter().flatten();
        positions.filter_map(|p| self.entry(*p)).collect()
    }

    /// How many entries a dossier has.
    #[must_use]
    pub fn count_of(&self, slug: &str) -> usize {
        let all = self.events_of.get(slug).map_or(0, Vector::len);
        let gone = self.fallen.iter().filter(|r| r.dossier.slug.as_str() == slug);
        all.saturating_sub(gone.count())
    }

    /// The entries that made or told more of this record, in the order of recording.
    #[must_use]
    pub fn of_record(&self, record: &str) -> Vec<&Arc<Entry>> {
        let positions = self.by_record.get(record).into_iter().flatten();
        positions.filter_map(|p| self.entry(*p)).collect()
    }

    /// Every entry, the last recorded first.
    pub fn latest(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter().rev()
    }

    /// The entries of events after a position, the first recorded first.
    pub fn after(&self, position: u64) -> impl Iterator<Item = &Arc<Entry>> {
        let from = match self.entries.binary_search_by_key(&position, |e| e.position()) {
            Ok(at) => at + 1,
            Err(at) => at,
        };
        (from..self.entries.len()).filter_map(|at| self.entries.get(at))
    }

    /// Every entry, the first recorded first.
    pub fn earliest(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter()
    }

    /// The entries that pass `filter`, in the order of the world.
    pub fn matching<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = &'a Arc<Entry>> {
        self.ascending(filter, Bound::Unbounded)
    }

    /// The entries that pass `filter` from a place on, in the order of the world. The place is looked up, not walked to.
    pub fn ascending<'a>(&'a self, filter: &'a Filter, from: Bound<Place>) -> impl Iterator<Item = &'a Arc<Entry>> {
        let runs = self
            .indexes(filter)
            .into_iter()
            .map(move |index| index.range((from, Bound::Unbounded)));
        self.passing(filter, Merged::new(runs, |one, other| one < other))
    }

    /// The entries that pass `filter` from a place back, against the order of the world.
    pub fn descending<'a>(&'a self, filter: &'a Filter, from: Bound<Place>) -> impl Iterator<Item = &'a Arc<Entry>> {
        let runs = self
            .indexes(filter)
            .into_iter()
            .map(move |index| index.range((Bound::Unbounded, from)).rev());
        self.passing(filter, Merged::new(runs, |one, other| one > other))
    }

    /// How many entries pass `filter`. Where one list of the filter says it all, that is known without a look at them.
    #[must_use]
    pub fn count(&self, filter: &Filter) -> usize {
        let Filter {
            parties,
            topics,
            dossiers,
            kinds,
            within: None,
            only_anonymous: false,
            ..
        } = filter
        else {
            return self.matching(filter).count();
        };
        let lists = [parties.len(), topics.len(), dossiers.len(), kinds.len()];
        let told = lists.iter().filter(|named| **named > 0).count();
        // An entry may have several parties and topics, but is of one dossier and one kind.
        let apart = parties.len() < 2 && topics.len() < 2 && all_differ(dossiers) && all_differ(kinds);
        if told > 1 || !apart {
            return self.matching(filter).count();
        }
        self.indexes(filter).into_iter().map(OrdSet::len).sum()
    }

    fn passing<'a>(
        &'a self,
        filter: &'a Filter,
        places: impl Iterator<Item = Place>,
    ) -> impl Iterator<Item = &'a Arc<Entry>> {
        places
            .filter_map(|(_, position)| self.entry(position))
            .filter(|e| filter.admits(e))
    }

    /// The indexes that together hold every entry the filter can admit, and the fewest others.
    fn indexes(&self, filter: &Filter) -> Vec<&OrdSet<Place>> {
        fn of<'a, K: Hash + Eq>(index: &'a HashMap<K, OrdSet<Place>>, keys: &[K]) -> Option<Vec<&'a OrdSet<Place>>> {
            (!keys.is_empty()).then(|| keys.iter().filter_map(|key| index.get(key)).collect())
        }
        let found = [
            of(&self.by_dossier, &filter.dossiers),
            of(&self.by_party, &filter.parties),
            of(&self.by_topic, &filter.topics),
            of(&self.by_kind, &filter.kinds),
        ];
        let size = |sets: &Vec<&OrdSet<Place>>| -> usize { sets.iter().map(|set| set.len()).sum() };
        found
            .into_iter()
            .flatten()
            .min_by_key(size)
            .unwrap_or_else(|| vec![&self.ordered])
    }

    /// The positions of a dossier's events, in the order of recording; those of redacted events too.
    #[must_use]
    pub fn positions_of(&self, slug: &str) -> Option<&Vector<u64>> {
        self.events_of.get(slug)
    }

    /// How many events had lost what they said when they were read.
    #[must_use]
    pub fn gone(&self) -> usize {
        self.gone
    }

    /// Keeps an event's place among its dossier's, and what is left of a redacted event, which has no entry.
    pub(crate) fn keep(&mut self, recorded: &Arc<Recorded>) {
        if recorded.event.is_none() {
            self.gone += usize::from(recorded.original.is_none());
            put(&mut self.fallen, Arc::clone(recorded), |r| r.header.position);
        }
        let (header, dossier) = (&recorded.header, &recorded.dossier);
        let events = self.events_of.entry(dossier.slug.clone()).or_default();
        put(events, header.position, |p| *p);
        self.last = self.last.max(header.position);
        if self.dossiers.contains_key(&dossier.slug) || may_open(recorded) {
            let mark = self.dossiers.entry(dossier.slug.clone()).or_insert(DossierMark {
                kind: dossier.kind,
                version: 0,
                first: header.position,
                last: 0,
                gone: true,
            });
            if mark.gone && opens(recorded) {
                (mark.gone, mark.first) = (false, header.position);
            }
            mark.last = mark.last.max(header.position);
        }
        if recorded.counts
            && let Some(keeper) = self.dossiers.get_mut(recorded.keeper())
        {
            keeper.version = keeper.version.max(header.version);
        }
    }
}

fn opens(recorded: &Recorded) -> bool {
    recorded.event.as_ref().is_some_and(is_opening)
}

/// Whether there may be a dossier because of this event. What is gone may have opened one; what was corrected or taken back
/// stands elsewhere or nowhere.
fn may_open(recorded: &Recorded) -> bool {
    let is_gone = recorded.event.is_none() && recorded.amended.as_ref().is_none_or(Amended::keeps_open);
    is_gone || opens(recorded)
}

/// Whether none of these comes twice.
fn all_differ<T: PartialEq>(these: &[T]) -> bool {
    these
        .iter()
        .enumerate()
        .all(|(at, one)| !these.iter().take(at).any(|other| other == one))
}

impl Filter {
    /// Whether an entry passes. Whether it has a place on the timeline is not asked.
    #[must_use]
    pub fn admits(&self, entry: &Entry) -> bool {
        let Some(fact) = entry.fact() else { return false };
        let dossier = &entry.recorded.dossier;
        (!self.only_anonymous || fact.evidence().is_some_and(Evidence::only_anonymous))
            && (self.kinds.is_empty() || self.kinds.contains(&dossier.kind))
            && (self.dossiers.is_empty() || self.dossiers.contains(&dossier.slug))
            && (self.parties.is_empty() || self.parties.iter().any(|p| entry.parties.contains(p)))
            && (self.topics.is_empty() || self.topics.iter().any(|t| entry.topics.contains(t)))
            && self.within.as_ref().is_none_or(|within| match fact.when() {
                Some(when) if when.is_undated() => self.undated,
                Some(when) if self.surely => when.surely_within(within),
                Some(when) => when.possibly_within(within),
                None => self.undated,
            })
    }
}

impl View for Timeline {
    const NAME: &'static str = "timeline";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let slug = &recorded.dossier.slug;
        let entry = Arc::new(Entry::new(recorded, event, self.around.get(slug)));
        let home = event.fact().home();
        let tells_who = matches!(event, Event::ParticipationRecorded(_));
        if tells_who || matches!(home, Home::Opens(..) | Home::OpensOrTells(..)) {
            self.around.entry(slug.clone()).or_default().learn(&entry);
        }
        if let Some(sort_key) = entry.sort_key {
            let place = (sort_key, entry.position());
            self.ordered.insert(place);
            for party in &entry.parties {
                self.by_party.entry(party.clone()).or_default().insert(place);
            }
            for topic in &entry.topics {
                self.by_topic.entry(topic.clone()).or_default().insert(place);
            }
            let dossier = &recorded.dossier;
            self.by_dossier.entry(dossier.slug.clone()).or_default().insert(place);
            self.by_kind.entry(dossier.kind).or_default().insert(place);
        }
        let told = self.by_record.entry(entry.record.clone()).or_default();
        put(told, entry.position(), |p| *p);
        let at = match self.entries.last() {
            Some(last) if last.position() > entry.position() => self
                .entries
                .binary_search_by_key(&entry.position(), |e| e.position())
                .unwrap_or_else(|at| at),
            _ => self.entries.len(),
        };
        self.entries.insert(at, entry);
    }

    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.apply(recorded, event);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        for entry in &self.entries {
            let header = &entry.recorded.header;
            digest.add(&json!({
                "hash": header.hash.to_string(),
                "record": entry.record,
                "parties": entry.parties,
                "topics": entry.topics,
                "event": entry.event().map(|e| e.to_json().ok()),
            }));
        }
        for recorded in &self.fallen {
            digest.add(&json!({ "redacted": recorded.header.hash.to_string() }));
        }
        self.ordered.iter().for_each(|(_, position)| digest.add(position));
        self.dossiers.iter().for_each(|item| digest.add(&item));
        digest.add(&self.last);
        digest.finish()
    }
}
