//! What becomes of a plan's versions and points.

use crate::common::*;
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home, named};
use crate::id::{Key, RecordRef, Slug};
use crate::plan::VersionStatus;
use crate::text::{Line, Prose};
use std::borrow::Cow;

record! {
    /// Records how far a version of a plan has come since: leaked, read out, proposed, adopted, signed, withdrawn.
    pub struct ChangeVersion {
        /// The plan.
        #[n(0)] req plan: Slug => Plan,
        /// The version.
        #[n(1)] req version: Key,
        /// Names the change inside the plan; made up when left out.
        #[n(2)] opt key: Key,
        /// How far it has come.
        #[n(3)] req status: VersionStatus,
        /// The source's words for it.
        #[n(4)] opt status_words: Line,
        /// When.
        #[n(5)] req status_on: FuzzyDate,
        /// Not to be reported before.
        #[n(6)] opt embargoed_until: FuzzyDate,
        /// Who had a part in it, and which.
        #[n(7)] list participants: Participant,
        /// Where.
        #[n(8)] list places: Place,
        /// The numbers in it.
        #[n(9)] list quantities: Quantity,
        /// What happened, in our words.
        #[n(10)] req summary: Prose,
        /// What it is about.
        #[n(11)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(12)] req evidence: Evidence,
    }
}

closed_set! {
    /// What became of a point from one text to another.
    pub enum PointChange {
        /// It stands as before.
        #[n(0)] Kept,
        /// It says something else.
        #[n(1)] Changed,
        /// It is gone.
        #[n(2)] Dropped,
        /// It is new.
        #[n(3)] Added,
    }
}

record! {
    /// Records what became of a point from an earlier version, of the same plan or of another.
    pub struct RecordPointChange {
        /// The plan whose version changes it.
        #[n(0)] req plan: Slug => Plan,
        /// The version that changes it.
        #[n(1)] req version: Key,
        /// Names the change inside the plan; made up when left out.
        #[n(2)] opt key: Key,
        /// What became of it.
        #[n(3)] req change: PointChange,
        /// The point before, of whatever plan; none where it is new.
        #[n(4)] opt before: RecordRef => Plan,
        /// The point after; none where it is gone, or where nobody has seen its text.
        #[n(5)] opt after: RecordRef => Plan,
        /// What changed, in our words.
        #[n(6)] req summary: Prose,
        /// When this was said, where that is another day than the version's.
        #[n(7)] opt said_on: FuzzyDate,
        /// What it is about.
        #[n(8)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(9)] req evidence: Evidence,
    }
}

impl Fact for ChangeVersion {
    fn home(&self) -> Home<'_> {
        Home::OfVersion(&self.plan, &self.version, self.key.as_ref(), "status")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.status_on)
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.status_on);
        self.embargoed_until.iter().for_each(each);
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_str().into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        self.participants.iter().for_each(|p| named(p, each));
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
    fn moves(&self) -> bool {
        true
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

impl Fact for RecordPointChange {
    fn home(&self) -> Home<'_> {
        Home::OfVersion(&self.plan, &self.version, self.key.as_ref(), "change")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.said_on.as_ref()
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_str().into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
