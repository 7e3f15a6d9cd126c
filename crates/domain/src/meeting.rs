//! Meetings and calls: planned, moved, called off, held, and who came.

use crate::common::*;
use crate::date::FuzzyDate;
use crate::evidence::{Evidence, Hedge};
use crate::fact::{Fact, Home};
use crate::id::{DossierKind, Key, Slug};
use crate::text::{Line, Prose};
use std::borrow::Cow;

closed_set! {
    /// How a meeting is held.
    pub enum MeetingForm {
        /// People meet, in one room or several.
        #[n(0)] Meeting,
        /// They speak by telephone or video only.
        #[n(1)] Call,
    }
}

record! {
    /// Records that a meeting or call is planned for a date.
    pub struct ScheduleMeeting {
        /// The meeting's slug, e.g. `paris-2026-01-06`.
        #[n(0)] req slug: Slug,
        /// Its title.
        #[n(1)] req title: Line,
        /// The series it belongs to.
        #[n(2)] opt series: Slug => Series,
        /// Its number in the series.
        #[n(3)] opt number: u32,
        /// When it is planned for.
        #[n(4)] req planned_for: FuzzyDate,
        /// Where it is planned; none where the source does not say.
        #[n(5)] list places: Place,
        /// Who is to come, and who is not.
        #[n(6)] list participants: Participant,
        /// Counts: "more than 30 countries".
        #[n(7)] list quantities: Quantity,
        /// What it is, in our words.
        #[n(8)] opt summary: Prose,
        /// What it is about.
        #[n(9)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(10)] req evidence: Evidence,
        /// Whether it is a meeting or a call.
        #[n(11)] opt form: MeetingForm,
        /// When it was announced.
        #[n(12)] opt announced_on: FuzzyDate,
    }
}

record! {
    /// Reports a meeting or call that is under way or was held. A meeting nobody scheduled here is opened by it: give a title.
    pub struct ReportMeeting {
        /// The meeting's slug.
        #[n(0)] req slug: Slug,
        /// Names the report inside a meeting recorded before; made up when left out.
        #[n(11)] opt key: Key,
        /// Its title; needed where the meeting is not recorded yet.
        #[n(1)] opt title: Line,
        /// The series it belongs to.
        #[n(2)] opt series: Slug => Series,
        /// Its number in the series.
        #[n(3)] opt number: u32,
        /// When it was or is being held.
        #[n(4)] req held_on: FuzzyDate,
        /// Where it was held; none where the source does not say.
        #[n(5)] list places: Place,
        /// Who came, in which role that day and how; and who was absent.
        #[n(6)] list participants: Participant,
        /// Counts: "more than 30 countries".
        #[n(7)] list quantities: Quantity,
        /// What it is, in our words.
        #[n(8)] opt summary: Prose,
        /// What it is about.
        #[n(9)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(10)] req evidence: Evidence,
        /// Whether it is a meeting or a call.
        #[n(12)] opt form: MeetingForm,
        /// Until when something is demanded or promised there.
        #[n(13)] opt deadline: FuzzyDate,
    }
}

record! {
    /// Records that a planned meeting was moved to another date.
    pub struct RescheduleMeeting {
        /// The meeting.
        #[n(0)] req slug: Slug => Meeting,
        /// Names the move inside the meeting; made up when left out.
        #[n(5)] opt key: Key,
        /// When it is planned for now.
        #[n(1)] req planned_for: FuzzyDate,
        /// Why it was moved.
        #[n(2)] opt reason: Prose,
        /// When the move was announced.
        #[n(3)] opt announced_on: FuzzyDate,
        /// Why we believe it.
        #[n(4)] req evidence: Evidence,
    }
}

record! {
    /// Records that a planned meeting will not be, or was not, held as planned.
    pub struct CallOffMeeting {
        /// The meeting.
        #[n(0)] req slug: Slug => Meeting,
        /// Names the record inside the meeting; made up when left out.
        #[n(4)] opt key: Key,
        /// Why.
        #[n(1)] opt reason: Prose,
        /// When this was announced or became clear.
        #[n(2)] opt announced_on: FuzzyDate,
        /// Why we believe it.
        #[n(3)] req evidence: Evidence,
        /// What the source says, in our words.
        #[n(5)] opt summary: Prose,
        /// What it is about.
        #[n(6)] list topics: Slug => Topic,
        /// Who is named in it, in which role that day.
        #[n(7)] list participants: Participant,
        /// Where it was said or done.
        #[n(8)] list places: Place,
    }
}

record! {
    /// Records how one party takes part in a meeting, or that it does not.
    pub struct RecordParticipation {
        /// The meeting.
        #[n(0)] req meeting: Slug => Meeting,
        /// Names the record inside the meeting; made up when left out.
        #[n(11)] opt key: Key,
        /// The person, state or body.
        #[n(1)] req party: Slug => Party,
        /// The role on that day.
        #[n(2)] opt role: Line,
        /// On whose behalf.
        #[n(3)] opt of: Slug => Party,
        /// How it takes part.
        #[n(4)] req mode: Mode,
        /// Why it is absent or takes part in this way.
        #[n(5)] opt reason: Prose,
        /// For which day this is said.
        #[n(6)] req said_for: FuzzyDate,
        /// Counts: "officials of more than 30 countries".
        #[n(7)] list quantities: Quantity,
        /// What the source says, in our words.
        #[n(8)] opt summary: Prose,
        /// What it is about.
        #[n(9)] list topics: Slug => Topic,
        /// Why we believe it; its hedge says how firmly.
        #[n(10)] req evidence: Evidence,
    }
}

record! {
    /// Puts an issue or a subject on a meeting's agenda.
    pub struct AddAgendaItem {
        /// The meeting.
        #[n(0)] req meeting: Slug => Meeting,
        /// Names the item inside the meeting; made up when left out.
        #[n(1)] opt key: Key,
        /// The issue to be discussed, where it is recorded.
        #[n(2)] opt issue: Slug => Issue,
        /// The subject, in our words.
        #[n(3)] req summary: Prose,
        /// When this is said.
        #[n(4)] opt said_on: FuzzyDate,
        /// Why we believe it.
        #[n(5)] req evidence: Evidence,
    }
}

record! {
    /// Records what came out of a meeting.
    pub struct RecordOutcome {
        /// The meeting.
        #[n(0)] req meeting: Slug => Meeting,
        /// Names the outcome inside the meeting; made up when left out.
        #[n(1)] opt key: Key,
        /// What came out, in our words.
        #[n(2)] req summary: Prose,
        /// When this is said.
        #[n(3)] opt said_on: FuzzyDate,
        /// What it is about.
        #[n(4)] list topics: Slug => Topic,
        /// Why we believe it.
        #[n(5)] req evidence: Evidence,
    }
}

impl RecordParticipation {
    /// The participation as a participant of the meeting.
    #[must_use]
    pub fn participant(&self) -> Participant {
        Participant {
            party: self.party.clone(),
            role: self.role.clone(),
            of: self.of.clone(),
            mode: Some(self.mode),
            reason: self.reason.clone(),
            hedge: self.evidence.hedge.filter(|h| *h != Hedge::Asserted),
        }
    }
}

impl Fact for ScheduleMeeting {
    fn home(&self) -> Home<'_> {
        Home::Opens(DossierKind::Meeting, &self.slug, self.title.as_str().into())
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.planned_for)
    }
    fn told_on(&self) -> Option<&FuzzyDate> {
        self.announced_on.as_ref().or(Some(&self.planned_for))
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary.as_ref().map_or(self.title.as_str(), Prose::as_str).into()
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
        each(&self.planned_for);
        self.announced_on.iter().for_each(each);
    }
}

impl Fact for ReportMeeting {
    fn home(&self) -> Home<'_> {
        Home::OpensOrTells(
            DossierKind::Meeting,
            &self.slug,
            self.title.as_ref().map(|t| t.as_str().into()),
            self.key.as_ref(),
            "report",
        )
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.held_on)
    }
    fn summary(&self) -> Cow<'_, str> {
        match (&self.summary, &self.title) {
            (Some(summary), _) => summary.as_str().into(),
            (None, Some(title)) => title.as_str().into(),
            (None, None) => "The meeting takes place.".into(),
        }
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
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.held_on);
        self.deadline.iter().for_each(each);
    }
}

impl Fact for RescheduleMeeting {
    fn home(&self) -> Home<'_> {
        Home::Record(self.slug.as_str(), self.key.as_ref(), "rescheduled")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.announced_on.as_ref().or(Some(&self.planned_for))
    }
    fn summary(&self) -> Cow<'_, str> {
        match &self.reason {
            Some(reason) => format!("Moved to {}: {reason}", self.planned_for.label()).into(),
            None => format!("Moved to {}.", self.planned_for.label()).into(),
        }
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
    fn dates(&self, each: &mut dyn FnMut(&FuzzyDate)) {
        each(&self.planned_for);
        self.announced_on.iter().for_each(&mut *each);
    }
}

impl Fact for CallOffMeeting {
    fn home(&self) -> Home<'_> {
        Home::Record(self.slug.as_str(), self.key.as_ref(), "called-off")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        self.announced_on.as_ref()
    }
    fn summary(&self) -> Cow<'_, str> {
        let said = self.summary.as_ref().or(self.reason.as_ref());
        said.map_or("Not held as planned.", Prose::as_str).into()
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
    fn on_timeline(&self) -> bool {
        true
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn participants(&self) -> &[Participant] {
        &self.participants
    }
}

impl Fact for RecordParticipation {
    fn home(&self) -> Home<'_> {
        Home::Record(self.meeting.as_str(), self.key.as_ref(), "participation")
    }
    fn when(&self) -> Option<&FuzzyDate> {
        Some(&self.said_for)
    }
    fn summary(&self) -> Cow<'_, str> {
        self.summary
            .as_ref()
            .or(self.reason.as_ref())
            .map_or("Takes part.", Prose::as_str)
            .into()
    }
    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }
    fn topics(&self) -> &[Slug] {
        &self.topics
    }
    fn parties<'a>(&'a self, each: &mut dyn FnMut(&'a Slug)) {
        each(&self.party);
        self.of.iter().for_each(each);
    }
    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
}

impl Fact for AddAgendaItem {
    fn home(&self) -> Home<'_> {
        Home::Record(self.meeting.as_str(), self.key.as_ref(), "agenda")
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
    fn key_slot(&mut self) -> Option<&mut Option<Key>> {
        Some(&mut self.key)
    }
    fn on_timeline(&self) -> bool {
        true
    }
}

impl Fact for RecordOutcome {
    fn home(&self) -> Home<'_> {
        Home::Record(self.meeting.as_str(), self.key.as_ref(), "outcome")
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
    fn on_timeline(&self) -> bool {
        true
    }
}
