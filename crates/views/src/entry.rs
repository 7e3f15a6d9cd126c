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
}

impl Entry {
    /// The entry of an event whose payload is still there.
    #[must_use]
    pub fn new(recorded: &Arc<Recorded>, event: &Event) -> Self {
        let fact = event.fact();
        let mut parties: Vec<Slug> = Vec::new();
        let mut add = |slug: &Slug| {
            if !parties.contains(slug) {
                parties.push(slug.clone());
            }
        };
        fact.parties(&mut |slug| add(slug));
        for citation in fact.evidence().iter().flat_map(|e| &e.citations) {
            citation
                .attribution
                .iter()
                .filter_map(|a| a.party.as_ref())
                .for_each(&mut add);
        }
        Self {
            recorded: Arc::clone(recorded),
            sort_key: fact.when().map(FuzzyDate::sort_key),
            record: record_of(recorded, fact),
            parties,
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
fn record_of(recorded: &Recorded, fact: &dyn Fact) -> RecordRef {
    let slug = &recorded.header.dossier.slug;
    let home: Home<'_> = fact.home();
    match record_suffix(&home) {
        Some(suffix) => RecordRef::parse(&format!("{slug}{suffix}")).unwrap_or_else(|_| RecordRef::to_dossier(slug)),
        None => RecordRef::to_dossier(slug),
    }
}
