//! Claims, expectations and happenings; and the links between records.

use crate::common::*;
use crate::date::FuzzyDate;
use crate::evidence::Evidence;
use crate::fact::{Fact, Home};
use crate::id::{DossierKind, Key, RecordRef, Slug};
use crate::round::Stage;
use crate::text::{Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// Which way something is said to be going.
    pub enum Trend {
        /// More than before.
        #[n(0)] Rising,
        /// As before.
        #[n(1)] Steady,
        /// Less than before.
        #[n(2)] Falling,
    }
}

record! {
    /// Records an attributed assertion. Who says it stands in the citations' attribution.
    pub struct RecordClaim {
        /// The claim's slug.
        #[n(0)] req slug: Slug,
        /// A short title; the summary serves where there is none.
        #[n(1)] opt title: Line,
        /// What is claimed, in our words.
        #[n(2)] req summary: Prose,
        /// What it is about.
        #[n(3)] list about: RecordRef => Any,
        /// When it was said or reported.
        #[n(4)] req claimed_on: FuzzyDate,
        /// Who else has a part in it.
        #[n(5)] list participants: Participant,
        /// The numbers claimed.
        #[n(6)] list quantities: Quantity,
        /// The places it speaks of.
        #[n(7)] list places: Place,
        /// Which way it is said to be going.
        #[n(8)] opt trend: Trend,
        /// Said several times.
        #[n(9)] flag recurring,
        /// Its topics.
        #[n(10)] list topics: Slug => Topic,
        /// Why we believe that it was said.
        #[n(11)] req evidence: Evidence,
    }
}

record! {
    /// Records an expectation: a claim that something will happen within a window.
    pub struct RecordExpectation {
        /// The expectation's slug.
        #[n(0)] req slug: Slug,
        /// A short title; the summary serves where there is none.
        #[n(1)] opt title: Line,
        /// What is expected, in our words.
        #[n(2)] req summary: Prose,
        /// Of what it is expected: a round, a meeting, a plan.
        #[n(3)] req of: RecordRef => Any,
        /// The stage that a round is expected to reach.
        #[n(4)] opt stage: Stage,
        /// The window within which it is expected.
        #[n(5)] req expected_in: FuzzyDate,
        /// When the expectation was voiced or reported.
        #[n(6)] req claimed_on: FuzzyDate,
        /// Its topics.
        #[n(7)] list topics: Slug => Topic,
        /// Why we believe that it was voiced.
        #[n(8)] req evidence: Evidence,
        /// Who is named in it, in which role that day.
        #[n(9)] list participants: Participant,
        /// Where it was said or done.
        #[n(10)] list places: Place,
        /// The numbers in it.
        #[n(11)] list quantities: Quantity,
    }
}

closed_set! {
    /// What kind of happening it is.
    pub enum HappeningKind {
        /// What everybody knows and a source restates.
        #[n(0)] Background,
        /// A truce.
        #[n(1)] Truce,
        /// An exchange of prisoners.
        #[n(2)] PrisonerExchange,
        /// Somebody takes or leaves an office.
        #[n(3)] PersonnelChange,
        /// An incident.
        #[n(4)] Incident,
        /// A vote.
        #[n(5)] Vote,
        /// A signature.
        #[n(6)] Signing,
        /// A statement.
        #[n(7)] Statement,
        /// How a contested term is used.
        #[n(8)] Terminology,
        /// Anything else.
        #[n(9)] Other,
        /// An agreement reached or announced, not yet signed.
        #[n(10)] Agreement,
    }
}

record! {
    /// Records whatever else is dated.
    pub struct RecordHappening {
        /// The happening's slug.
        #[n(0)] req slug: Slug,
        /// What kind of happening it is.
        #[n(1)] req kind: HappeningKind,
        /// A short title; the summary serves where there is none.
        #[n(2)] opt title: Line,
        /// What happened, in our words.
        #[n(3)] req summary: Prose,
        /// When it happened.
        #[n(4)] req happened_on: FuzzyDate,
        /// Where.
        #[n(5)] list places: Place,
        /// Who had a part in it.
        #[n(6)] list participants: Participant,
        /// How much, how many.
        #[n(7)] list quantities: Quantity,
        /// What else it is about.
        #[n(8)] list about: RecordRef => Any,
        /// It happened several times.
        #[n(9)] flag recurring,
        /// Its topics.
        #[n(10)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(11)] req evidence: Evidence,
        /// Who says of whom that they broke it.
        #[n(12)] list allegations: Allegation,
        /// A date that it speaks of, other than its own.
        #[n(13)] opt speaks_of: FuzzyDate,
    }
}

closed_set! {
    /// How one record relates to another; read "from … to".
    pub enum LinkKind {
        /// Both cannot be right.
        #[n(0)] Contradicts,
        /// Puts it right.
        #[n(1)] Corrects,
        /// Says the same from elsewhere.
        #[n(2)] Confirms,
        /// Is a later form of it.
        #[n(3)] Revises,
        /// Takes its place.
        #[n(4)] Supersedes,
        /// Does what it promised.
        #[n(5)] Fulfils,
        /// Moves it to another date.
        #[n(6)] Reschedules,
        /// Calls it off.
        #[n(7)] Cancels,
        /// Stands in for it.
        #[n(8)] Replaces,
        /// Ends it.
        #[n(9)] Terminates,
        /// Answers it.
        #[n(10)] RespondsTo,
        /// Is a part of it.
        #[n(11)] PartOf,
        /// May be the same thing; the source leaves it open.
        #[n(12)] MayBe,
    }
}

impl LinkKind {
    /// What the record that it starts from does to the other.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Contradicts => "contradicts",
            Self::Corrects => "corrects",
            Self::Confirms => "confirms",
            Self::Revises => "revises",
            Self::Supersedes => "supersedes",
            Self::Fulfils => "fulfils",
            Self::Reschedules => "reschedules",
            Self::Cancels => "cancels",
            Self::Replaces => "replaces",
            Self::Terminates => "terminates",
            Self::RespondsTo => "responds to",
            Self::PartOf => "is part of",
            Self::MayBe => "may be",
        }
    }
}

closed_set! {
    /// How likely the desk holds a link.
    pub enum Likelihood {
        /// More likely than not.
        #[n(0)] Likely,
        /// As likely as not, or unknown.
        #[n(1)] Possible,
        /// Less likely than not.
        #[n(2)] Unlikely,
    }
}

record! {
    /// Links two records.
    pub struct LinkRecords {
        /// Names the link inside the dossier it starts from; made up when left out.
        #[n(6)] opt key: Key,
        /// The record that relates.
        #[n(0)] req from: RecordRef => Any,
        /// How it relates.
        #[n(1)] req link: LinkKind,
        /// The record it relates to.
        #[n(2)] req to: RecordRef => Any,
        /// How likely, where it is not sure.
        #[n(3)] opt likelihood: Likelihood,
        /// What to know about the link.
        #[n(4)] opt note: Prose,
        /// Why we believe it.
        #[n(5)] opt evidence: Evidence,
    }
}

impl Fact for RecordClaim {
    fn home(&self) -> Home<'_> {
        Home::Opens(
            DossierKind::Claim,
            &self.slug,
            titled(self.title.as_ref(), &self.summary),
        )
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.claimed_on)
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
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
}

impl Fact for RecordExpectation {
    fn home(&self) -> Home<'_> {
        Home::Opens(
            DossierKind::Claim,
            &self.slug,
            titled(self.title.as_ref(), &self.summary),
        )
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.expected_in)
    }
    fn told_on(&self) -> Option<&FuzzyDate> {
        Some(&self.claimed_on)
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
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.claimed_on);
        each(&self.expected_in);
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
}

impl Fact for RecordHappening {
    fn home(&self) -> Home<'_> {
        Home::Opens(
            DossierKind::Happening,
            &self.slug,
            titled(self.title.as_ref(), &self.summary),
        )
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.happened_on)
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
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.happened_on);
        self.speaks_of.iter().for_each(each);
    }
}

impl Fact for LinkRecords {
    fn home(&self) -> Home<'_> {
        Home::Record(self.from.as_str(), self.key.as_ref(), "link")
    }
    fn summary(&self) -> Cow<'_, str> {
        match &self.note {
            Some(note) => note.as_str().into(),
            None => format!("{} {} {}", self.from, self.link.verb(), self.to).into(),
        }
    }
    fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

/// The title of a dossier that may go without one: its summary, cut at a word near 100 characters.
fn titled<'a>(title: Option<&'a Line>, summary: &'a Prose) -> Cow<'a, str> {
    const NEAR: usize = 100;
    match title {
        Some(title) => title.as_str().into(),
        None if summary.as_str().chars().count() <= NEAR => summary.as_str().into(),
        None => {
            let head: String = summary.as_str().chars().take(NEAR).collect();
            format!("{}…", head.rsplit_once(' ').map_or(head.as_str(), |(words, _)| words)).into()
        }
    }
}
