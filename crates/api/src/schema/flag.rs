//! Flags as shown.

use super::entry::Entry;
use super::reference::Dossier;
use super::seen::Seen;
use super::words::Word;
use async_graphql::Object;
use rapporteur_views::Views;
use rapporteur_views::flags::{Flag as Raised, FlagRule};
use std::sync::Arc;

/// An oddity.
pub(super) struct Flag {
    views: Arc<Views>,
    raised: Raised,
}

impl Flag {
    /// Shows a flag.
    pub(super) fn new(views: &Arc<Views>, raised: &Raised) -> Self {
        Self {
            views: Arc::clone(views),
            raised: raised.clone(),
        }
    }
}

/// What is odd and kept all the same, with the event that caused it.
#[Object]
impl Flag {
    /// Which oddity it is.
    async fn rule(&self) -> Word<FlagRule> {
        Word(self.raised.rule)
    }
    /// In plain words.
    async fn message(&self) -> &str {
        &self.raised.message
    }
    /// The event that caused it.
    async fn entry(&self) -> Option<Entry> {
        self.views
            .timeline
            .entry(self.raised.position)
            .map(|line| Entry::new(&self.views, line))
    }
    /// The dossier that it is about.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.raised.dossier.as_str()))
    }
    /// The position of the event that caused it.
    async fn position(&self) -> u64 {
        self.raised.position
    }
}
