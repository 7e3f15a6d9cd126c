//! Issues: open questions, and who holds what about them.

use crate::common::{Participant, Place, Quantity};
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home, named};
use crate::id::{DossierKind, Key, RecordRef, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// Where a party stands.
    pub enum Stance {
        /// For it.
        #[n(0)] Supports,
        /// Against it.
        #[n(1)] Opposes,
        /// For it on conditions.
        #[n(2)] Conditional,
        /// Asks for it.
        #[n(3)] Demands,
        /// Says that it has not decided.
        #[n(4)] Undecided,
    }
}

record! {
    /// Opens an issue: a question that is not settled.
    pub struct OpenIssue {
        /// The issue's slug, e.g. `territory`.
        #[n(0)] req slug: Slug,
        /// Its title.
        #[n(1)] req title: Line,
        /// The wider issue that it is part of.
        #[n(2)] opt part_of: Slug => Issue,
        /// When it is said to be open.
        #[n(3)] req open_on: FuzzyDate,
        /// What is open, in our words.
        #[n(4)] req summary: Prose,
        /// What it is about.
        #[n(5)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(6)] req evidence: Evidence,
    }
}

record! {
    /// Records that an issue was narrowed, resolved or reopened.
    pub struct ChangeIssue {
        /// The issue.
        #[n(0)] req slug: Slug => Issue,
        /// Names the change inside the issue; made up when left out.
        #[n(4)] opt key: Key,
        /// When.
        #[n(1)] req changed_on: FuzzyDate,
        /// How, in our words.
        #[n(2)] req summary: Prose,
        /// Why we believe it.
        #[n(3)] req evidence: Evidence,
    }
}

record! {
    /// Records the position of a party on an issue, a plan, one of its points, or a meeting.
    pub struct TakePosition {
        /// What the position is on.
        #[n(0)] req on: RecordRef => Any,
        /// Names the position inside what it is on; made up when left out.
        #[n(1)] opt key: Key,
        /// Who holds it.
        #[n(2)] list by: Slug => Party,
        /// Where they stand, where one word says it.
        #[n(3)] opt stance: Stance,
        /// The position, in our words.
        #[n(4)] req summary: Prose,
        /// What they would accept, one way or the other.
        #[n(5)] list alternatives: Line,
        /// On what conditions.
        #[n(6)] list conditions: Line,
        /// When it was taken or reported.
        #[n(7)] req taken_on: FuzzyDate,
        /// Since when they hold it, where known.
        #[n(8)] opt since: FuzzyDate,
        /// What it is about.
        #[n(9)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(10)] req evidence: Evidence,
        /// Who is named in it, in which role that day.
        #[n(11)] list participants: Participant,
        /// Where it was said or done.
        #[n(12)] list places: Place,
        /// The numbers in it.
        #[n(13)] list quantities: Quantity,
    }
}

record! {
    /// Says that a party's position on an issue is not known: looked for, and not found.
    pub struct NoteUnknownPosition {
        /// The issue.
        #[n(0)] req issue: Slug => Issue,
        /// Names the record inside the issue; made up when left out.
        #[n(5)] opt key: Key,
        /// Whose position is not known.
        #[n(1)] req party: Slug => Party,
        /// As of when.
        #[n(2)] req noted_on: FuzzyDate,
        /// What was looked at, in our words.
        #[n(3)] opt summary: Prose,
        /// What was looked at.
        #[n(4)] req evidence: Evidence,
    }
}

impl Fact for OpenIssue {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Issue, &self.slug, self.title.as_str().into())
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.open_on)
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
}

impl Fact for ChangeIssue {
    fn home(&self) -> Home<'_> {
        Home::Record(self.slug.as_str(), self.key.as_ref(), "change")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.changed_on)
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_str().into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
    fn moves(&self) -> bool {
        true
    }
}

impl Fact for TakePosition {
    fn home(&self) -> Home<'_> {
        Home::Record(self.on.as_str(), self.key.as_ref(), "position")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.taken_on)
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
        self.by.iter().for_each(&mut *each);
        self.participants.iter().for_each(|p| named(p, each));
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.taken_on);
        self.since.iter().for_each(&mut *each);
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
}

impl Fact for NoteUnknownPosition {
    fn home(&self) -> Home<'_> {
        Home::Record(self.issue.as_str(), self.key.as_ref(), "unknown-position")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.noted_on)
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary
            .as_ref()
            .map_or("Position not known.", Prose::as_str)
            .into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        each(&self.party);
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
