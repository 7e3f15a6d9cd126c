//! How stored events are read today: in which names, and which of them stand.

use crate::recorded::Recorded;
use imbl::OrdMap;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::moved::Moved;
use std::sync::Arc;

/// What became of an event since it was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Amended {
    /// The event that says it was wrong, and the one that says what is right.
    pub corrected: Option<Corrected>,
    /// The event that took it back.
    pub retracted: Option<u64>,
    /// The event by which what it said was taken out of the log.
    pub redacted: Option<u64>,
    /// What it made, where what it said is gone and that is known.
    pub record: Option<RecordRef>,
}

/// A correction of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Corrected {
    /// The position of the event that says what was wrong.
    pub by: u64,
    /// The position of the event that says what is right.
    pub after: u64,
}

/// What stands in the place of an event.
#[derive(Debug, Clone)]
pub enum InPlace {
    /// The event itself.
    Itself,
    /// This one, which corrects it.
    Other(Arc<Recorded>),
    /// Nothing.
    Nothing,
}

/// Where things are found that were renamed, merged or moved, and which events were corrected, retracted or redacted: learned
/// from the log up to some position.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    moved: Moved,
    amended: OrdMap<u64, Amended>,
    /// For each event that corrects another, that one.
    corrects: OrdMap<u64, u64>,
    /// For each event that says another was wrong, that one.
    notes: OrdMap<u64, u64>,
    /// The events that correct others, as stored.
    right: OrdMap<u64, Arc<Recorded>>,
    /// For each place where one of those stands, what registers the sources that it cites and was recorded later.
    before: OrdMap<u64, OrdMap<u64, Arc<Recorded>>>,
    /// For each of these registrations, that place.
    early: OrdMap<u64, u64>,
}

/// Gives the events, as stored, that registered a source, by the slug of their stream.
pub type Registrations<'a> = dyn Fn(&Slug) -> Vec<Recorded> + 'a;

impl Amended {
    /// Whether it opened its dossier, where what it said is gone.
    #[must_use]
    pub fn opened(&self) -> bool {
        let record = self.record.as_ref();
        record.is_some_and(|record| record.as_str() == record.dossier())
    }

    /// Whether what it said is gone, and nothing stands in its place. What was corrected or retracted stands elsewhere or
    /// nowhere.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.redacted.is_some() && self.corrected.is_none() && self.retracted.is_none()
    }

    /// Whether its dossier is known because of it: it is lost, and it opened the dossier.
    #[must_use]
    pub fn keeps_open(&self) -> bool {
        self.is_lost() && self.opened()
    }
}

impl Reading {
    /// Where things are found that were renamed, merged or moved.
    #[must_use]
    pub fn moved(&self) -> &Moved {
        &self.moved
    }

    /// Whether every event is read as it was written.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.moved.is_empty() && self.amended.is_empty()
    }

    /// What became of the event at a position; `None` while it stands.
    #[must_use]
    pub fn amended(&self, position: u64) -> Option<&Amended> {
        self.amended.get(&position)
    }

    /// The position of the event that the one at a position corrects.
    #[must_use]
    pub fn corrects(&self, position: u64) -> Option<u64> {
        self.corrects.get(&position).copied()
    }

    /// The place of an event in the order in which things are told: its position, or that of the first event that it stands
    /// for.
    #[must_use]
    pub fn place(&self, mut position: u64) -> u64 {
        while let Some(target) = self.corrects(position).filter(|target| *target < position) {
            position = target;
        }
        position
    }

    /// Every event that was amended, with what became of it, in order.
    pub fn all_amended(&self) -> impl Iterator<Item = (u64, &Amended)> {
        self.amended.iter().map(|(position, amended)| (*position, amended))
    }

    /// The position that stands for an event, however often it was corrected; `None` where nothing does.
    #[must_use]
    pub fn stands(&self, mut position: u64) -> Option<u64> {
        loop {
            match self.amended.get(&position) {
                None => return Some(position),
                Some(Amended {
                    corrected: Some(corrected),
                    ..
                }) if corrected.after > position => {
                    position = corrected.after;
                }
                Some(_) => return None,
            }
        }
    }

    /// What is folded in the place of the event at a position. What corrects another stands in that one's place, and nothing
    /// stands in its own.
    #[must_use]
    pub fn in_place(&self, position: u64) -> InPlace {
        if self.corrects.contains_key(&position) {
            return InPlace::Nothing;
        }
        match self.stands(position) {
            Some(stands) if stands == position => InPlace::Itself,
            Some(stands) => self
                .right
                .get(&stands)
                .map_or(InPlace::Nothing, |right| InPlace::Other(Arc::clone(right))),
            None => InPlace::Nothing,
        }
    }

    /// What is folded first at a place where something stands for another: it registers sources that this cites, and was
    /// recorded later.
    pub fn before(&self, place: u64) -> impl Iterator<Item = &Arc<Recorded>> {
        self.before.get(&place).into_iter().flat_map(OrdMap::values)
    }

    /// Whether the event at a position is folded before its own place, since what stands there needs it.
    #[must_use]
    pub fn is_early(&self, position: u64) -> bool {
        self.early.contains_key(&position)
    }

    /// The place before which the event at a position is folded, where that is not its own.
    #[must_use]
    pub fn early_place(&self, position: u64) -> Option<u64> {
        self.early.get(&position).copied()
    }

    /// Brings forward the sources that an event cites which stands in the place of another: to the first place that needs
    /// them.
    fn bring_forward(&mut self, right: &Recorded, registrations: &Registrations<'_>) {
        let position = right.header.position;
        let place = self.place(position);
        let citations = right.as_written().map(|event| event.fact().citations());
        for citation in citations.unwrap_or_default() {
            self.bring(&citation.source, place, position, registrations);
        }
    }

    /// Brings what registered a source under any name that it has had until now to a place, where it was recorded later than
    /// that and before a position.
    fn bring(&mut self, source: &Slug, place: u64, position: u64, registrations: &Registrations<'_>) {
        let now = self.moved.slug(source.as_str()).unwrap_or(source);
        let streams = std::iter::once(now).chain(self.moved.former(now.as_str()));
        let told: Vec<Recorded> = streams.flat_map(registrations).collect();
        for found in told {
            let at = found.header.position;
            let needed = self.early.get(&at).copied().unwrap_or(at);
            if place < needed && at < position {
                if let Some(later) = self.before.get_mut(&needed) {
                    later.remove(&at);
                }
                self.early.insert(at, place);
                self.before.entry(place).or_default().insert(at, Arc::new(found));
            }
        }
    }

    /// What a source that was brought forward is merged into comes along: it was registered first, and stays.
    fn bring_along(&mut self, into: &Slug, position: u64, registrations: &Registrations<'_>) {
        let leads_there = |told: &Recorded| self.moved.slug(told.header.dossier.slug.as_str()) == Some(into);
        let mut early = self.before.iter();
        let first = early.find_map(|(place, told)| told.values().any(|told| leads_there(told)).then_some(*place));
        if let Some(place) = first {
            self.bring(into, place, position, registrations);
        }
    }

    /// Learns what an event as stored renames, merges, moves or amends; false where it changes nothing of how others are read.
    /// `registrations` gives the events, as stored, that registered a source, by the slug of their stream.
    pub fn learn(&mut self, recorded: &Recorded, registrations: &Registrations<'_>) -> bool {
        let (position, event) = (recorded.header.position, recorded.as_written());
        if let Some(target) = recorded.header.cause.and_then(|note| self.notes.get(&note).copied()) {
            let by = recorded.header.cause.unwrap_or(position);
            self.amended.entry(target).or_default().corrected = Some(Corrected { by, after: position });
            self.corrects.insert(position, target);
            self.right.insert(position, Arc::new(recorded.clone()));
            self.bring_forward(recorded, registrations);
            return true;
        }
        match event {
            Some(Event::RecordCorrected(told)) => {
                self.notes.insert(position, told.position);
                false
            }
            Some(Event::RecordRetracted(told)) => {
                self.amended.entry(told.position).or_default().retracted = Some(position);
                true
            }
            Some(Event::RecordRedacted(told)) => {
                let amended = self.amended.entry(told.position).or_default();
                amended.redacted = Some(position);
                let opened = told.opened.then(|| RecordRef::to_dossier(&told.dossier));
                amended.record = told.record.clone().or(opened);
                true
            }
            Some(event) => {
                let learned = self.moved.learn(event, position);
                if let Event::DossiersMerged(told) = event {
                    self.bring_along(&told.into, position, registrations);
                }
                learned
            }
            None => false,
        }
    }
}
