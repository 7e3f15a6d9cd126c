//! Plans: negotiated texts in their versions, point by point.

use crate::common::*;
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home, named};
use crate::id::{DossierKind, Key, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// What kind of text it is.
    pub enum PlanKind {
        /// A plan or proposal.
        #[n(0)] Plan,
        /// A counter-proposal.
        #[n(1)] CounterProposal,
        /// A statement.
        #[n(2)] Statement,
        /// A declaration.
        #[n(3)] Declaration,
        /// A memorandum.
        #[n(4)] Memorandum,
        /// An agreement.
        #[n(5)] Agreement,
    }
}

closed_set! {
    /// How far a version of a text has come.
    pub enum VersionStatus {
        /// Presupposed; nobody has seen it.
        #[n(0)] Hypothetical,
        /// Being worked on.
        #[n(1)] UnderNegotiation,
        /// A draft.
        #[n(2)] Draft,
        /// Out against its authors' will.
        #[n(3)] Leaked,
        /// Read out or described to listeners.
        #[n(4)] ReadOut,
        /// Put to the other side.
        #[n(5)] Proposed,
        /// Adopted.
        #[n(6)] Adopted,
        /// Signed.
        #[n(7)] Signed,
        /// Withdrawn.
        #[n(8)] Withdrawn,
        /// Only reported about.
        #[n(9)] Reported,
        /// Published by its authors.
        #[n(10)] Published,
    }
}

record! {
    /// Opens a plan: any negotiated text, whose versions follow.
    pub struct OpenPlan {
        /// The plan's slug, e.g. `us-plan`.
        #[n(0)] req slug: Slug,
        /// What kind of text it is.
        #[n(1)] req kind: PlanKind,
        /// Its title.
        #[n(2)] req title: Line,
        /// Other names it goes by.
        #[n(3)] list aliases: Line,
        /// What it is, in our words.
        #[n(4)] opt summary: Prose,
        /// What it is about.
        #[n(5)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(6)] opt evidence: Evidence,
    }
}

record! {
    /// Records a version of a plan.
    pub struct RecordPlanVersion {
        /// The plan.
        #[n(0)] req plan: Slug => Plan,
        /// Names the version inside the plan, e.g. `28`, `draft`.
        #[n(1)] req version: Key,
        /// The label people read: "28 points".
        #[n(2)] opt label: Line,
        /// How far this version has come.
        #[n(3)] req status: VersionStatus,
        /// The source's words for its status: "draft, subject to change".
        #[n(4)] opt status_words: Line,
        /// The version's own date: when it was proposed, leaked, adopted.
        #[n(5)] req dated_on: FuzzyDate,
        /// Who wrote it.
        #[n(6)] list authors: Slug => Party,
        /// Who else had a part in it, and which.
        #[n(7)] list participants: Participant,
        /// Who has seen the text.
        #[n(8)] list seen_by: Slug => Party,
        /// Counts: how many points it has, and who says so.
        #[n(9)] list quantities: Quantity,
        /// What it is, in our words.
        #[n(10)] req summary: Prose,
        /// What it is about.
        #[n(11)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(12)] req evidence: Evidence,
        /// Where it was said or done.
        #[n(13)] list places: Place,
        /// Until when an answer or a step is asked for.
        #[n(14)] opt deadline: FuzzyDate,
        /// What about the version is disputed: "number of points".
        #[n(15)] opt contested: Line,
    }
}

record! {
    /// Records a point (provision, component) of a version.
    pub struct RecordPoint {
        /// The plan.
        #[n(0)] req plan: Slug => Plan,
        /// The version it stands in.
        #[n(1)] req version: Key,
        /// Names the point inside the version.
        #[n(2)] req key: Key,
        /// Its number in the text, where it has one.
        #[n(3)] opt number: u32,
        /// The point of the same version that it belongs under.
        #[n(4)] opt parent: Key,
        /// What it says, in our words.
        #[n(5)] req summary: Prose,
        /// Who leads or carries it.
        #[n(6)] list lead: Slug => Party,
        /// On what condition it applies.
        #[n(7)] opt condition: Line,
        /// When it is said to stand so.
        #[n(8)] req dated_on: FuzzyDate,
        /// What it is about.
        #[n(9)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(10)] req evidence: Evidence,
    }
}

record! {
    /// Records what a version lacks, or what of it nobody has seen. Absence is a fact for comparing texts.
    pub struct RecordPlanGap {
        /// The plan.
        #[n(0)] req plan: Slug => Plan,
        /// The version with the gap.
        #[n(1)] req version: Key,
        /// Names the gap inside the version.
        #[n(2)] req key: Key,
        /// The number of the missing point, where it would have one.
        #[n(3)] opt number: u32,
        /// What is missing, in our words.
        #[n(4)] req summary: Prose,
        /// When it is said to be missing.
        #[n(5)] req dated_on: FuzzyDate,
        /// What it is about.
        #[n(6)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(7)] req evidence: Evidence,
    }
}

impl Fact for OpenPlan {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Plan, &self.slug, self.title.as_str().into())
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_ref().map_or(self.title.as_str(), Prose::as_str).into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
}

impl Fact for RecordPlanVersion {
    fn home(&self) -> Home<'_> {
        Home::Version(&self.plan, &self.version)
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.dated_on)
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
        self.authors.iter().chain(&self.seen_by).for_each(&mut *each);
        self.participants.iter().for_each(|p| named(p, each));
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.dated_on);
        self.deadline.iter().for_each(each);
    }
}

impl Fact for RecordPoint {
    fn home(&self) -> Home<'_> {
        Home::InVersion(&self.plan, &self.version, &self.key)
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.dated_on)
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
        self.lead.iter().for_each(each);
    }
}

impl Fact for RecordPlanGap {
    fn home(&self) -> Home<'_> {
        Home::InVersion(&self.plan, &self.version, &self.key)
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.dated_on)
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
