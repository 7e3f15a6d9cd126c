//! What a decision sees: what is recorded and decided, and the events of it.

use crate::deciding::Pending;
use crate::state::{KeyUse, Overlay};
use rapporteur_domain::decide::{Dossier, Fate, Known, Target, is_opening, makes, named, stands_on};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::RecordRef;
use rapporteur_domain::moved::Moved;
use rapporteur_views::Views;

/// What a decision sees: what is recorded and decided, and the events of it.
pub(crate) struct Seen<'a> {
    overlay: &'a Overlay<'a>,
    views: &'a Views,
    pending: &'a [Pending],
}

impl<'a> Seen<'a> {
    /// `pending` is what was decided and waits to be written.
    pub(crate) fn new(overlay: &'a Overlay<'_>, views: &'a Views, pending: &'a [Pending]) -> Self {
        Self {
            overlay,
            views,
            pending,
        }
    }

    /// The use of an idempotency key.
    pub(crate) fn key(&self, key: &str) -> Option<KeyUse> {
        self.overlay.key(key)
    }
}

impl Known for Seen<'_> {
    fn dossier(&self, slug: &str) -> Option<&Dossier> {
        self.overlay.dossier(slug)
    }

    fn kept(&self, slug: &str) -> Option<&Dossier> {
        self.overlay.kept(slug)
    }

    fn moved(&self) -> Option<&Moved> {
        self.overlay.moved()
    }

    fn head(&self) -> u64 {
        self.overlay.head()
    }

    fn target(&self, position: u64) -> Option<Target<'_>> {
        let recorded = self.views.timeline.recorded(position)?;
        let amended = recorded.amended.as_ref();
        let redacted = amended.and_then(|amended| amended.redacted);
        let fate = match amended.map(|amended| (amended.corrected, amended.retracted, redacted)) {
            Some((Some(_), ..)) => Fate::Corrected {
                stands: self.views.amendments.stands(position),
                lost: self.views.amendments.lost_in_place(position),
            },
            Some((None, Some(by), _)) => Fate::Retracted(by),
            Some((None, None, Some(by))) => Fate::Redacted(by),
            Some((None, None, None)) | None => Fate::Stands,
        };
        let written = || {
            let record = named(&recorded.as_written()?.fact().home());
            let now = self.moved().and_then(|moved| moved.reference(&record));
            RecordRef::parse(now.as_ref().unwrap_or(&record)).ok()
        };
        Some(Target {
            dossier: recorded.dossier.slug.as_str(),
            event: recorded.event.as_ref(),
            kind: &recorded.header.kind,
            fate,
            redacted,
            record: amended.and_then(|amended| amended.record.clone()).or_else(written),
            merged_in: recorded.merged_in() && recorded.as_written().is_none_or(is_opening),
        })
    }

    fn lost(&self, reference: &str) -> Option<u64> {
        self.overlay.lost(reference)
    }

    fn lost_in(&self, slug: &str) -> Vec<String> {
        self.overlay.lost_in(slug)
    }

    fn told_of(&self, reference: &str) -> Vec<&Event> {
        let recorded = self
            .views
            .timeline
            .of_record(reference)
            .into_iter()
            .filter_map(|told| told.event());
        let pending = self.pending.iter().map(|pending| &pending.event);
        let pending = pending.filter(|event| makes(event, reference));
        recorded.chain(pending).collect()
    }

    fn referring(&self, record: &str, but: u64) -> Vec<u64> {
        let entries = self.views.timeline.latest();
        let recorded = entries.filter_map(|entry| Some((entry.position(), entry.event()?)));
        let next = self.head() + 1;
        let pending = self
            .pending
            .iter()
            .zip(next..)
            .map(|(pending, at)| (at, &pending.event));
        let others = recorded.chain(pending).filter(|(at, _)| *at != but);
        let mut found: Vec<u64> = others
            .filter(|(_, event)| stands_on(event, record))
            .map(|(at, _)| at)
            .collect();
        found.sort_unstable();
        found
    }
}
