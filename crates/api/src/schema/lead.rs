//! Leads.

use super::date::DateOut;
use super::reference::{Reference, dossier};
use super::seen::Seen;
use super::words::Word;
use rapporteur_domain::fact::Fact;
use rapporteur_domain::id::RecordRef;
use rapporteur_views::leads::Lead as Kept;
use std::sync::Arc;

/// A lead.
pub(super) struct Lead {
    seen: Seen,
    kept: Arc<Kept>,
}

impl Lead {
    /// The lead that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.leads.get(&seen.slug)?);
        Some(Self { seen, kept })
    }
}

dossier! {
    /// Something seen, to be worked out later; and what was made of it.
    Lead, Lead, {
        /// What was seen.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.captured.fact.summary().into_owned())
        }
        /// What was seen, in a sentence.
        async fn text(&self) -> &str {
            self.kept.captured.fact.text.as_str()
        }
        /// Where it was seen.
        async fn url(&self) -> Option<&str> {
            self.kept.captured.fact.url.as_ref().map(|u| u.as_str())
        }
        /// When it was seen.
        async fn seen_on(&self) -> Option<DateOut> {
            self.kept.captured.fact.seen_on.as_ref().map(DateOut::new)
        }
        /// Whether it still waits to be worked out.
        async fn waiting(&self) -> bool {
            self.kept.settled.is_empty()
        }
        /// The records that were made of it.
        async fn into(&self) -> Vec<Reference> {
            let made = self.kept.settled.iter().flat_map(|told| &told.fact.into);
            made.map(|to: &RecordRef| Reference::new(&self.seen.views, to.as_str())).collect()
        }
        /// Why nothing came of it, or what to know, the first recorded first.
        async fn notes(&self) -> Vec<&str> {
            self.kept.settled.iter().filter_map(|told| told.fact.note.as_ref()).map(|note| note.as_str()).collect()
        }
    }
}
