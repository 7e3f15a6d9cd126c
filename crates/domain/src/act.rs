//! Legal acts; and what rounds and acts contain: measures, counts, mirrors of other senders' rounds.

use crate::common::Quantity;
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home};
use crate::id::{DossierKind, Key, Slug};
use crate::round::Stage;
use crate::text::{Line, Prose, Url};
use std::borrow::Cow;

closed_set! {
    /// What kind of act it is.
    pub enum ActKind {
        /// A regulation.
        #[n(0)] Regulation,
        /// An implementing regulation.
        #[n(1)] ImplementingRegulation,
        /// A decision.
        #[n(2)] Decision,
        /// A decree or order.
        #[n(3)] Decree,
        /// Names put on a list or taken off it.
        #[n(4)] Listing,
        /// Measures in force are prolonged.
        #[n(5)] Renewal,
        /// Anything else.
        #[n(6)] Other,
    }
}

record! {
    /// Records a legal act: one of a round's, or one between rounds. Base acts are the regime that others amend.
    pub struct RecordAct {
        /// The act's slug, e.g. `eu-2025-1494`.
        #[n(0)] req slug: Slug,
        /// What kind of act it is.
        #[n(1)] opt kind: ActKind,
        /// The act as it is cited: "Council Regulation (EU) 2025/1494"; the title serves where it is not known.
        #[n(2)] opt number: Line,
        /// What people call it.
        #[n(3)] opt title: Line,
        /// Its CELEX number: `32025R1494`.
        #[n(4)] opt celex: Line,
        /// Its European Legislation Identifier.
        #[n(5)] opt eli: Url,
        /// How CELEX and ELI were arrived at, where they were not looked up: "derived from the act number by rule".
        #[n(6)] opt identifiers_basis: Line,
        /// The acts that it amends.
        #[n(7)] list amends: Slug => Act,
        /// What it amends or opens, in the source's words: "new regime, occupied areas".
        #[n(8)] list amends_words: Line,
        /// The rounds that it belongs to; none for acts between rounds.
        #[n(9)] list rounds: Slug => Round,
        /// The date it bears: when it was adopted.
        #[n(10)] opt adopted_on: FuzzyDate,
        /// When it was published in the official journal.
        #[n(11)] opt published_on: FuzzyDate,
        /// From when it applies.
        #[n(12)] opt applies_from: FuzzyDate,
        /// Until when it applies.
        #[n(13)] opt applies_until: FuzzyDate,
        /// What it does, in our words.
        #[n(14)] opt summary: Prose,
        /// What it is about.
        #[n(15)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(16)] opt evidence: Evidence,
        /// Who made it.
        #[n(17)] list by: Slug => Party,
    }
}

record! {
    /// Records a measure of a round. Measures and acts apply from and until; rounds do not.
    pub struct RecordMeasure {
        /// The round.
        #[n(0)] req round: Slug => Round,
        /// Names the measure inside the round; made up when left out.
        #[n(1)] opt key: Key,
        /// Its sector: energy, finance, transport.
        #[n(2)] opt sector: Slug => Topic,
        /// What it does, in our words.
        #[n(3)] req summary: Prose,
        /// From when it applies.
        #[n(4)] opt applies_from: FuzzyDate,
        /// Until when it applies.
        #[n(5)] opt applies_until: FuzzyDate,
        /// It was proposed, and fell out before adoption.
        #[n(6)] flag fell_out,
        /// The acts that carry it.
        #[n(7)] list acts: Slug => Act,
        /// What it is about.
        #[n(8)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(9)] req evidence: Evidence,
    }
}

closed_set! {
    /// What a count says: numbers of different kinds are never added up.
    pub enum CountBasis {
        /// Put on the list by this round: gross.
        #[n(0)] Added,
        /// Taken off it: gross.
        #[n(1)] Removed,
        /// All that are on the list afterwards, as stated: net.
        #[n(2)] StatedTotal,
        /// As announced, or before adoption.
        #[n(3)] Announced,
        /// As an independent list has it.
        #[n(4)] Independent,
        /// A part of another count.
        #[n(5)] Part,
        /// As another sender has it.
        #[n(6)] Mirrored,
    }
}

record! {
    /// Records a count of a round: persons, entities, vessels, banks, whatever is counted.
    pub struct RecordCount {
        /// The round.
        #[n(0)] req round: Slug => Round,
        /// Names the count inside the round; made up when left out.
        #[n(1)] opt key: Key,
        /// What kind of thing is counted, so that counts of it can be compared: `vessels`, `persons`.
        #[n(2)] req of: Key,
        /// What the number says.
        #[n(3)] req basis: CountBasis,
        /// The number, with what is counted in words.
        #[n(4)] req quantity: Quantity,
        /// The stage at which this number was given.
        #[n(5)] opt stage: Stage,
        /// When it was given.
        #[n(6)] opt counted_on: FuzzyDate,
        /// Why we believe it.
        #[n(7)] req evidence: Evidence,
    }
}

closed_set! {
    /// How much of a round another sender takes over.
    pub enum Extent {
        /// All of it.
        #[n(0)] Full,
        /// A part.
        #[n(1)] Partial,
    }
}

record! {
    /// Records that a round mirrors rounds of other senders, or the rule by which it will.
    pub struct RecordMirror {
        /// The round that mirrors.
        #[n(0)] req round: Slug => Round,
        /// Names the record inside the round; made up when left out.
        #[n(1)] opt key: Key,
        /// The rounds mirrored; none where only a rule is known.
        #[n(2)] list of: Slug => Round,
        /// How much of them.
        #[n(3)] opt extent: Extent,
        /// Agreed between the senders, and on the same day.
        #[n(4)] flag coordinated,
        /// Days from the mirrored round's adoption, as the source counts them.
        #[n(5)] opt lag_days: u32,
        /// The rule by which rounds are mirrored, in words.
        #[n(6)] opt rule: Line,
        /// The days that the rule allows.
        #[n(7)] opt due_days: u32,
        /// What the source says, in our words.
        #[n(8)] opt summary: Prose,
        /// When.
        #[n(9)] opt mirrored_on: FuzzyDate,
        /// Why we believe it.
        #[n(10)] req evidence: Evidence,
    }
}

impl Fact for RecordAct {
    fn home(&self) -> Home<'_> {
        let title = self.title.as_ref().or(self.number.as_ref());
        Home::Opens(
            DossierKind::Act,
            &self.slug,
            title.map_or(self.slug.as_str(), Line::as_str).into(),
        )
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.adopted_on.as_ref().or(self.published_on.as_ref())
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        let all = [
            &self.adopted_on,
            &self.published_on,
            &self.applies_from,
            &self.applies_until,
        ];
        all.into_iter().flatten().for_each(each);
    }
    fn summary(&self) -> Cow<'_, str> {
        match (&self.summary, self.title.as_ref().or(self.number.as_ref())) {
            (Some(summary), _) => summary.as_str().into(),
            (None, Some(title)) => title.as_str().into(),
            (None, None) => self.slug.as_str().into(),
        }
    }
    fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        self.by.iter().for_each(each);
    }
}

impl Fact for RecordMeasure {
    fn home(&self) -> Home<'_> {
        Home::Record(self.round.as_str(), self.key.as_ref(), "measure")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.applies_from.as_ref().or(self.applies_until.as_ref())
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        self.applies_from.iter().chain(&self.applies_until).for_each(each);
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

impl Fact for RecordCount {
    fn home(&self) -> Home<'_> {
        Home::Record(self.round.as_str(), self.key.as_ref(), "count")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.counted_on.as_ref()
    }
    fn summary(&self) -> Cow<'_, str> {
        self.quantity.what.as_str().into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn quantities(&self) -> &[Quantity] {
        std::slice::from_ref(&self.quantity)
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

impl Fact for RecordMirror {
    fn home(&self) -> Home<'_> {
        Home::Record(self.round.as_str(), self.key.as_ref(), "mirror")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.mirrored_on.as_ref()
    }
    fn summary(&self) -> Cow<'_, str> {
        match (&self.summary, &self.rule) {
            (Some(summary), _) => summary.as_str().into(),
            (None, Some(rule)) => rule.as_str().into(),
            (None, None) => "Mirrors another sender's round.".into(),
        }
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}
