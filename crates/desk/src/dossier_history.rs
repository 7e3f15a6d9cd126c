//! The history of one dossier: what each event that bears on it changed of its values, as they were read then.
//!
//! Only the events that bear on the dossier are folded, so a history costs what its dossier holds, not what the log holds.

use crate::history::reading_at;
use crate::replay::{Fold, as_stored};
use rapporteur_domain::id::Slug;
use rapporteur_views::Views;
use rapporteur_views::changes::{Change, between};
use rapporteur_views::claims::Claim;
use rapporteur_views::expectations::settled;
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

/// The positions of the events that bear on a dossier, in order: its own, those that amend them, links to it, and those that
/// settle an expectation.
#[must_use]
pub fn bearing(views: &Views, slug: &str) -> Vec<u64> {
    let own = views.timeline.positions_of(slug).into_iter().flatten().copied();
    let amending = views
        .amendments
        .all()
        .filter(|amendment| amendment.dossier.as_str() == slug);
    let links = views
        .links
        .of_dossier(slug)
        .into_iter()
        .flatten()
        .map(|told| told.position);
    let mut bearing: BTreeSet<u64> = own.chain(links).chain(amending.map(|amendment| amendment.by)).collect();
    for claim in views.claims.told(slug) {
        if let Claim::Expected(told) = claim {
            bearing.extend(settled(views, &told.fact).by);
        }
    }
    bearing.into_iter().collect()
}

/// A walk along the events that bear on a dossier.
pub struct Walk<'a> {
    views: &'a Arc<Views>,
    slug: &'a str,
    bearing: &'a [u64],
    folded: Arc<Views>,
    until: u64,
}

impl<'a> Walk<'a> {
    /// A walk along these events, which bear on the dossier of this slug.
    #[must_use]
    pub fn along(views: &'a Arc<Views>, slug: &'a str, bearing: &'a [u64]) -> Self {
        Self {
            views,
            slug,
            bearing,
            folded: Arc::default(),
            until: 0,
        }
    }

    /// What the event at a position changed. Cheapest in the order of recording.
    pub fn step(&mut self, position: u64) -> Step {
        let before = self.fold_to(position.saturating_sub(1));
        let after = self.fold_to(position);
        let today = |slug: &Slug| self.views.names.moved().slug(slug.as_str()).unwrap_or(slug).clone();
        let own = between(&before, &after)
            .into_iter()
            .find(|found| today(&found.dossier).as_str() == self.slug);
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
