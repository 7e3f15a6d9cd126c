//! The history of one dossier: what each event that bears on it changed of its values, as they were read then.
//!
//! Only the events that bear on the dossier are folded, so a history costs what its dossier holds, and a look at what renames or amends in the whole log.

use crate::history::reading_at;
use crate::replay::{Fold, as_stored};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::round::Stage;
use rapporteur_views::Views;
use rapporteur_views::changes::{Change, Values, between_of};
use rapporteur_views::claims::Claim;
use rapporteur_views::contradictions;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an event changed of a dossier.
pub struct Step {
    /// The event's position.
    pub position: u64,
    /// The dossier's slug then.
    pub slug: String,
    /// What bears on the dossier, before the event.
    pub before: Arc<Views>,
    /// The same, with the event.
    pub after: Arc<Views>,
    /// What changed.
    pub changes: Vec<Change>,
}

/// The events that bear on a dossier.
pub struct Bearing {
    /// The positions of its steps, in order: its own events, those that amend them or move records, links from it and to it,
    /// and what may settle an expectation.
    pub steps: Vec<u64>,
    /// With those that the steps need to be read: the other events of what may settle an expectation.
    folded: Vec<u64>,
}

impl Bearing {
    /// The events that bear on a dossier in these views.
    #[must_use]
    pub fn on(views: &Views, slug: &str) -> Self {
        let events = |slug: &str| views.timeline.positions_of(slug).into_iter().flatten().copied();
        let amending = views
            .amendments
            .all()
            .filter(|amendment| amendment.dossier.as_str() == slug);
        let links: Vec<_> = views.links.of_dossier(slug).into_iter().flatten().collect();
        let mut steps: BTreeSet<u64> = events(slug)
            .chain(links.iter().map(|told| told.position))
            .chain(amending.map(|amendment| amendment.by))
            .chain(views.names.moves(slug).map(|told| told.position))
            .chain(moved_away(views, slug))
            .chain(contradicting(views, slug))
            .collect();
        let mut around = BTreeSet::new();
        for claim in views.claims.told(slug) {
            let Claim::Expected(told) = claim else { continue };
            let of = told.fact.of.dossier();
            let linked = links
                .iter()
                .map(|told| told.fact.from.dossier())
                .filter(|from| *from != slug);
            for settling in linked.clone() {
                steps.extend(events(settling));
            }
            let stages = events(of).filter(|at| reaches(views, *at, told.fact.stage));
            steps.extend(stages);
            for settling in linked.chain([of]) {
                around.extend(events(settling));
            }
        }
        // What stands in another place is folded there, and what that needs first before it.
        let (reading, _) = reading_at(views, views.position());
        around.extend(steps.iter().filter_map(|at| reading.early_place(*at)));
        let places: Vec<u64> = around.union(&steps).map(|at| reading.place(*at)).collect();
        around.extend(places);
        Self {
            folded: around.union(&steps).copied().collect(),
            steps: steps.into_iter().collect(),
        }
    }
}

/// The positions of the links by which records of a dossier hang together with others as contradicting one another.
fn contradicting(views: &Views, slug: &str) -> Vec<u64> {
    let all = contradictions::made_in(views, slug).into_iter();
    all.flat_map(|one| one.links).map(|told| told.position).collect()
}

/// The positions of the events whose records were in a dossier and were moved out of it.
fn moved_away(views: &Views, slug: &str) -> Vec<u64> {
    let moved = views.names.moved();
    let is_own = |name: &str| name == slug || moved.slug(name).is_some_and(|now| now.as_str() == slug);
    let left = moved
        .all()
        .filter_map(|(from, to)| Some((RecordRef::parse(from).ok()?, RecordRef::parse(to).ok()?)));
    let left = left.filter(|(from, to)| is_own(from.dossier()) && to.dossier() != slug);
    let mut found = Vec::new();
    for (_, to) in left.filter(|(from, _)| from.as_str() != from.dossier()) {
        let inside = |record: &str| {
            record
                .strip_prefix(to.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '#']))
        };
        let positions = views.timeline.positions_of(to.dossier()).into_iter().flatten();
        found.extend(positions.filter(|at| {
            match views.timeline.entry(**at) {
                Some(entry) => inside(entry.record.as_str()),
                None => views
                    .timeline
                    .recorded(**at)
                    .is_some_and(|told| is_own(told.header.dossier.slug.as_str())),
            }
        }));
    }
    found
}

/// Whether an event tells, or told, that a round reached this stage, or says something of one that did.
fn reaches(views: &Views, position: u64, stage: Option<Stage>) -> bool {
    let written = |at: u64| views.timeline.recorded(at)?.as_written();
    let tells = |at: u64| matches!(written(at), Some(Event::StageRecorded(told)) if Some(told.stage) == stage);
    let amended = views.amendments.get(position).map(|amendment| amendment.target);
    tells(position) || amended.is_some_and(tells)
}

/// A walk along the events that bear on a dossier.
pub struct Walk<'a> {
    views: &'a Arc<Views>,
    slug: &'a str,
    bearing: &'a Bearing,
    folded: Arc<Views>,
    until: u64,
    /// What is shown of it after the step before.
    shown: Option<(Slug, Values)>,
}

impl<'a> Walk<'a> {
    /// A walk along the events that bear on the dossier of this slug.
    #[must_use]
    pub fn along(views: &'a Arc<Views>, slug: &'a str, bearing: &'a Bearing) -> Self {
        Self {
            views,
            slug,
            bearing,
            folded: Arc::default(),
            until: 0,
            shown: None,
        }
    }

    /// What the event at a position changed. Cheapest in the order of recording.
    pub fn step(&mut self, position: u64) -> Step {
        // Where things are read otherwise, the step before was shown in other names, and perhaps otherwise.
        let is_plain = self.views.names.moved().is_empty() && self.views.amendments.told().next().is_none();
        let in_between = |at: &u64| *at > self.until && *at < position;
        let mut shown = self
            .shown
            .take()
            .filter(|_| is_plain && !self.bearing.folded.iter().any(in_between));
        let before = self.fold_to(position.saturating_sub(1));
        let after = self.fold_to(position);
        let is_own = |slug: &Slug| {
            let now = self.views.names.moved().slug(slug.as_str());
            now.unwrap_or(slug).as_str() == self.slug
        };
        let own = between_of(&before, &after, &is_own, &mut shown).pop();
        self.shown = shown;
        Step {
            position,
            slug: own
                .as_ref()
                .map_or_else(|| self.slug.to_owned(), |own| own.dossier.to_string()),
            before,
            after,
            changes: own.map(|own| own.changes).unwrap_or_default(),
        }
    }

    /// The events up to a position, as they were read then.
    fn fold_to(&mut self, until: u64) -> Arc<Views> {
        let (reading, last_learned) = reading_at(self.views, until);
        let goes_on = until >= self.until && last_learned <= self.until;
        let from = if goes_on { self.until } else { 0 };
        let mut folded = if goes_on {
            Views::clone(&self.folded)
        } else {
            Views::default()
        };
        let mut fold = Fold::new(None, &mut folded);
        let bearing = self
            .bearing
            .folded
            .iter()
            .filter(|position| (from + 1..=until).contains(*position));
        for recorded in bearing.filter_map(|position| self.views.timeline.recorded(*position)) {
            fold.take(as_stored(recorded), &reading);
        }
        fold.end();
        self.folded = Arc::new(folded);
        self.until = until;
        Arc::clone(&self.folded)
    }
}
