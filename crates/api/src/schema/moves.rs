//! What became of dossiers and records: merged into others, moved to others.

use super::entry::Entry;
use super::reference::{Dossier, Reference};
use super::seen::Seen;
use rapporteur_domain::renaming::MoveRecords;
use rapporteur_views::Views;
use rapporteur_views::told::Told;
use std::sync::Arc;

/// A dossier that was merged into another.
#[derive(async_graphql::SimpleObject)]
pub(super) struct Merged {
    /// The slug that it had.
    slug: String,
    /// The title or name that it had.
    title: String,
    /// What opened it.
    opened: Option<Entry>,
}

impl Merged {
    pub(super) fn new(views: &Arc<Views>, merged: &rapporteur_views::names::Merged) -> Self {
        Self {
            slug: merged.slug.to_string(),
            title: merged.title.clone(),
            opened: views
                .timeline
                .entry(merged.position)
                .map(|line| Entry::new(views, line)),
        }
    }
}

/// Records that were moved from one dossier to another.
#[derive(async_graphql::SimpleObject)]
pub(super) struct MovedRecords {
    /// The dossier that they left, as it is now.
    from: Option<Dossier>,
    /// The dossier that they went to, as it is now.
    into: Option<Dossier>,
    /// The references that they had before, and those that they had right after.
    records: Vec<Led>,
    /// Why they belong there.
    reason: Option<String>,
    /// What recorded the move.
    entry: Option<Entry>,
}

/// A record that was moved.
#[derive(async_graphql::SimpleObject)]
pub(super) struct Led {
    /// The reference that it had.
    from: String,
    /// The reference that it had then.
    to: String,
    /// The reference that it has now.
    now: Reference,
}

impl MovedRecords {
    pub(super) fn new(views: &Arc<Views>, told: &Told<MoveRecords>) -> Self {
        let led = told.fact.moved.iter().map(|led| Led {
            from: led.from.to_string(),
            to: led.to.to_string(),
            now: Reference::new(
                views,
                &views
                    .names
                    .moved()
                    .reference(led.to.as_str())
                    .unwrap_or_else(|| led.to.to_string()),
            ),
        });
        Self {
            from: Dossier::of(Seen::new(views, told.fact.from.as_str())),
            into: Dossier::of(Seen::new(views, told.fact.into.as_str())),
            records: led.collect(),
            reason: told.fact.reason.as_ref().map(ToString::to_string),
            entry: views.timeline.entry(told.position).map(|line| Entry::new(views, line)),
        }
    }
}
