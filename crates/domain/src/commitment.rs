//! Commitments: what a party would do, will do, or refuses to do.

use crate::common::*;
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home, named};
use crate::id::{DossierKind, Key, RecordRef, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// The ladder of a commitment, from hope to deed; refusing is a rung too.
    pub enum CommitmentStatus {
        /// Others hold it possible.
        #[n(0)] Possible,
        /// Others hope for it.
        #[n(1)] Hoped,
        /// Others expect it.
        #[n(2)] Expected,
        /// The party has hinted at it.
        #[n(3)] Indicated,
        /// Decided in principle.
        #[n(4)] DecidedInPrinciple,
        /// Offered.
        #[n(5)] Offered,
        /// Pledged.
        #[n(6)] Pledged,
        /// Somebody is charged with it.
        #[n(7)] Tasked,
        /// Confirmed.
        #[n(8)] Confirmed,
        /// Done.
        #[n(9)] Fulfilled,
        /// Refused.
        #[n(10)] Refused,
        /// Taken back.
        #[n(11)] Withdrawn,
    }
}

record! {
    /// Records a commitment, at whatever rung of the ladder it is.
    pub struct RecordCommitment {
        /// The commitment's slug.
        #[n(0)] req slug: Slug,
        /// What would be done: "lead of the land and air component".
        #[n(1)] req what: Line,
        /// Who would do it.
        #[n(2)] list by: Slug => Party,
        /// To whom it is given.
        #[n(3)] list to: Slug => Party,
        /// The rung of the ladder.
        #[n(4)] req status: CommitmentStatus,
        /// When it stood there.
        #[n(5)] req status_on: FuzzyDate,
        /// How much.
        #[n(6)] list quantities: Quantity,
        /// On what condition.
        #[n(7)] opt condition: Line,
        /// What else it is about: a plan's point, a meeting.
        #[n(8)] list about: RecordRef => Any,
        /// What the source says, in our words.
        #[n(9)] req summary: Prose,
        /// What it is about.
        #[n(10)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(11)] req evidence: Evidence,
        /// Who is named in it, in which role that day.
        #[n(12)] list participants: Participant,
        /// Where it was said or done.
        #[n(13)] list places: Place,
    }
}

record! {
    /// Records that a commitment moved to another rung.
    pub struct ChangeCommitment {
        /// The commitment.
        #[n(0)] req slug: Slug => Commitment,
        /// Names the change inside the commitment; made up when left out.
        #[n(5)] opt key: Key,
        /// The new rung.
        #[n(1)] req status: CommitmentStatus,
        /// When it stood there.
        #[n(2)] req status_on: FuzzyDate,
        /// What happened, in our words.
        #[n(3)] req summary: Prose,
        /// Why we believe it.
        #[n(4)] req evidence: Evidence,
    }
}

impl Fact for RecordCommitment {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Commitment, &self.slug, self.what.as_str().into())
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.status_on)
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
        self.by.iter().chain(&self.to).for_each(&mut *each);
        self.participants.iter().for_each(|p| named(p, each));
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
}

impl Fact for ChangeCommitment {
    fn home(&self) -> Home<'_> {
        Home::Record(self.slug.as_str(), self.key.as_ref(), "status")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.status_on)
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
