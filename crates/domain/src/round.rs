//! Sanctions rounds: packages and the stages they pass.

use crate::common::{Participant, Place, Quantity};
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home, named};
use crate::id::{DossierKind, Key, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// A stage of a sanctions round, in the order in which they usually come.
    pub enum Stage {
        /// Somebody mentions it.
        #[n(0)] Floated,
        /// Being prepared.
        #[n(1)] InPreparation,
        /// Announced.
        #[n(2)] Announced,
        /// Put to those who decide: a draft presented to the member states.
        #[n(3)] Proposed,
        /// Discussed.
        #[n(4)] Discussed,
        /// Held up by somebody.
        #[n(5)] Blocked,
        /// Somebody reserves a position.
        #[n(6)] Reserved,
        /// What held it up is lifted.
        #[n(7)] Unblocked,
        /// Agreed politically; may recur (ambassadors, summit).
        #[n(8)] Agreed,
        /// Written procedure opened, with a deadline.
        #[n(9)] ProcedureOpened,
        /// Adopted.
        #[n(10)] Adopted,
        /// Published in the official journal.
        #[n(11)] Published,
        /// In force.
        #[n(12)] InForce,
    }
}

impl Stage {
    /// The stage's word in keys and labels.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Floated => "floated",
            Self::InPreparation => "in-preparation",
            Self::Announced => "announced",
            Self::Proposed => "proposed",
            Self::Discussed => "discussed",
            Self::Blocked => "blocked",
            Self::Reserved => "reserved",
            Self::Unblocked => "unblocked",
            Self::Agreed => "agreed",
            Self::ProcedureOpened => "procedure-opened",
            Self::Adopted => "adopted",
            Self::Published => "published",
            Self::InForce => "in-force",
        }
    }

    /// How far along the way the stage lies; holding up and lifting are no progress.
    #[must_use]
    pub fn progress(self) -> Option<u8> {
        match self {
            Self::Blocked | Self::Reserved | Self::Unblocked => None,
            other => Some(other as u8),
        }
    }

    /// Whether a round reaches this stage before the other one, never after it. What goes on while a round is on its way
    /// (it is discussed, held up, let go, agreed) may come in either order, and again; so may publication and entry into
    /// force, which each sender orders in its own way.
    #[must_use]
    pub fn precedes(self, other: Self) -> bool {
        self.span().1 < other.span().0
    }

    /// The earliest and the latest step of the way on which it can come.
    fn span(self) -> (u8, u8) {
        match self {
            Self::Floated | Self::InPreparation | Self::Announced => (0, 0),
            Self::Proposed => (1, 1),
            Self::Discussed | Self::Blocked | Self::Reserved | Self::Unblocked | Self::Agreed => (0, 2),
            Self::ProcedureOpened => (2, 2),
            Self::Adopted => (3, 3),
            Self::Published | Self::InForce => (4, 4),
        }
    }
}

record! {
    /// Opens a sanctions round. Its number is an alias only.
    pub struct OpenRound {
        /// The round's slug, e.g. `eu-ru-20`.
        #[n(0)] req slug: Slug,
        /// Its title: "Twentieth package".
        #[n(1)] req title: Line,
        /// Who imposes it; several for joint rounds.
        #[n(2)] list senders: Slug => Party,
        /// Against whom: the target of the regime.
        #[n(3)] req target: Slug => Party,
        /// Its number, where it has one.
        #[n(4)] opt number: u32,
        /// Other names it goes by.
        #[n(5)] list aliases: Line,
        /// What it is, in our words.
        #[n(6)] opt summary: Prose,
        /// What it is about.
        #[n(7)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(8)] opt evidence: Evidence,
        /// What it answers: "recognition of the 'republics'".
        #[n(9)] opt trigger: Line,
        /// How it is counted, and why otherwise elsewhere.
        #[n(10)] opt numbering: Prose,
        /// Its place among numbered rounds, where it has no number: 6.5 stands between the sixth and the seventh.
        #[n(11)] opt order: f64,
    }
}

record! {
    /// Records that a round reached a stage. The same stage and date again adds a citation; another date is a rival.
    pub struct RecordStage {
        /// The round.
        #[n(0)] req round: Slug => Round,
        /// Names the record inside the round; made of the stage when left out.
        #[n(1)] opt key: Key,
        /// The stage.
        #[n(2)] req stage: Stage,
        /// When it was reached, or the day on which the source says so.
        #[n(3)] req reached_on: FuzzyDate,
        /// Where: "Coreper", "Foreign Affairs Council".
        #[n(4)] opt body: Line,
        /// Who acted: the proposer, the blockers.
        #[n(5)] list by: Slug => Party,
        /// Why.
        #[n(6)] opt reason: Prose,
        /// Who voiced concerns.
        #[n(7)] list concerns: Slug => Party,
        /// Until when a procedure runs.
        #[n(8)] opt deadline: FuzzyDate,
        /// What the source says, in our words.
        #[n(9)] opt summary: Prose,
        /// What it is about.
        #[n(10)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(11)] req evidence: Evidence,
        /// Who is named in it, in which role that day.
        #[n(12)] list participants: Participant,
        /// Where it was said or done.
        #[n(13)] list places: Place,
        /// The numbers in it.
        #[n(14)] list quantities: Quantity,
        /// Who reserves a position.
        #[n(15)] list reservations: Slug => Party,
    }
}

impl Fact for OpenRound {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Round, &self.slug, self.title.as_str().into())
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
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        self.senders.iter().for_each(&mut *each);
        each(&self.target);
    }
}

impl Fact for RecordStage {
    fn home(&self) -> Home<'_> {
        Home::Record(self.round.as_str(), self.key.as_ref(), self.stage.word())
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.reached_on)
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary
            .as_ref()
            .or(self.reason.as_ref())
            .map_or(self.stage.word(), Prose::as_str)
            .into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        let named_here = self.by.iter().chain(&self.concerns).chain(&self.reservations);
        named_here.for_each(&mut *each);
        self.participants.iter().for_each(|p| named(p, each));
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.reached_on);
        self.deadline.iter().for_each(&mut *each);
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
}
