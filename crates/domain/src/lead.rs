//! Leads: what was seen at 23:00, to be worked out in the morning.

use crate::date::FuzzyDate;
use crate::fact::{Fact, Home};
use crate::id::{DossierKind, Key, RecordRef, Slug};
use crate::text::{Prose, Url};
use std::borrow::Cow;

record! {
    /// Captures a lead: a sentence and where it came from, to be worked out later.
    pub struct CaptureLead {
        /// The lead's slug; made up of its content when left out.
        #[n(0)] made slug: Slug,
        /// What was seen, in a sentence.
        #[n(1)] req text: Prose,
        /// Where.
        #[n(2)] opt url: Url,
        /// When it was seen.
        #[n(3)] opt seen_on: FuzzyDate,
    }
}

record! {
    /// Records that a lead was worked out into these records, or that nothing came of it.
    pub struct SettleLead {
        /// The lead.
        #[n(0)] req lead: Slug => Lead,
        /// Names the record inside the lead; made up when left out.
        #[n(1)] opt key: Key,
        /// The records that were made of it; none where nothing came of it.
        #[n(2)] list into: RecordRef => Any,
        /// Why nothing came of it, or what to know.
        #[n(3)] opt note: Prose,
    }
}

impl Fact for CaptureLead {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Lead, &self.slug, self.text.as_str().into())
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.seen_on.as_ref()
    }
    fn summary(&self) -> Cow<'_, str> {
        self.text.as_str().into()
    }
}

impl Fact for SettleLead {
    fn home(&self) -> Home<'_> {
        Home::Record(self.lead.as_str(), self.key.as_ref(), "settled")
    }
    fn summary(&self) -> Cow<'_, str> {
        self.note.as_ref().map_or("Worked out.", Prose::as_str).into()
    }
    fn moves(&self) -> bool {
        true
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
