//! One line on a timeline, made from one event.

use rapporteur_domain::date::{FuzzyDate, SortKey};
use rapporteur_domain::decide::record_suffix;
use rapporteur_domain::event::Event;
use rapporteur_domain::fact::{Fact, Home};
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_log::Recorded;
use std::sync::Arc;

/// A recorded event with what a timeline asks of it.
#[derive(Debug)]
pub struct Entry {
    /// The event.
    pub recorded: Arc<Recorded>,
    /// Its place on the timeline; `None` for names and vocabulary, which have none.
    pub sort_key: Option<SortKey>,
    /// The record that the event made, where others can point at it.
    pub record: RecordRef,
    /// Every party that has a part in it, each once, in order of first mention.
    pub parties: Vec<Slug>,
    /// What it is about, each once.
    pub topics: Vec<Slug>,
}

/// Who has a part in a dossier and what it is about, as far as is known: what moves the dossier on concerns them too.
#[derive(Debug, Clone, Default)]
pub struct Around {
    parties: Vec<Slug>,
    topics: Vec<Slug>,
}

impl Around {
    /// Adds those of an event that opened the dossier or told who takes part in it.
    pub(crate) fn learn(&mut self, entry: &Entry) {
        entry.parties.iter().for_each(|party| add(&mut self.parties, party));
        entry.topics.iter().for_each(|topic| add(&mut self.topics, topic));
    }
}

fn add(list: &mut Vec<Slug>, slug: &Slug) {
    if !list.contains(slug) {
        list.push(slug.clone());
    }
}

impl Entry {
    /// The entry of an event whose payload is still there, in a dossier with this around it.
    #[must_use]
    pub fn new(recorded: &Arc<Recorded>, event: &Event, around: Option<&Around>) -> Self {
        let fact = event.fact();
        let (mut parties, mut topics) = (Vec::new(), Vec::new());
        fact.parties(&mut |slug| add(&mut parties, slug));
        for citation in fact.citations() {
            let speaker = citation.attribution.iter().filter_map(|a| a.party.as_ref());
            speaker.for_each(|party| add(&mut parties, party));
        }
        fact.topics().iter().for_each(|topic| add(&mut topics, topic));
        if let Some(around) = around.filter(|_| fact.moves()) {
            around.parties.iter().for_each(|party| add(&mut parties, party));
            around.topics.iter().for_each(|topic| add(&mut topics, topic));
        }
        let place = || fact.when().map_or(SortKey::UNDATED, FuzzyDate::sort_key);
        Self {
            recorded: Arc::clone(recorded),
            sort_key: fact.on_timeline().then(place),
            record: record_of(recorded, fact),
            parties,
            topics,
        }
    }

    /// The event's position.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.recorded.header.position
    }

    /// The event, unless it was redacted.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        self.recorded.event.as_ref()
    }

    /// What the event can be asked, unless it was redacted.
    #[must_use]
    pub fn fact(&self) -> Option<&dyn Fact> {
        self.event().map(Event::fact)
    }
}

/// The reference by which links find the record that this fact made or told more of.
pub(crate) fn record_of(recorded: &Recorded, fact: &dyn Fact) -> RecordRef {
    let slug = &recorded.dossier.slug;
    let home: Home<'_> = fact.home();
    match record_suffix(&home) {
        Some(suffix) => RecordRef::parse(&format!("{slug}{suffix}")).unwrap_or_else(|_| RecordRef::to_dossier(slug)),
        None => RecordRef::to_dossier(slug),
    }
}
