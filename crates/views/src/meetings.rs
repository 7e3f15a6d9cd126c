//! Meetings: what was planned, every move of it, what was held, and who came.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::standing::standing;
use crate::told::Told;
use imbl::{OrdMap, OrdSet};
use rapporteur_domain::common::{Mode, Participant, Place, Quantity};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::meeting::{AddAgendaItem, CallOffMeeting, RecordOutcome, ReportMeeting, ScheduleMeeting};
use rapporteur_domain::text::{Line, Prose};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// Where a meeting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingState {
    /// Planned for a date.
    Scheduled,
    /// Moved to another date.
    Rescheduled,
    /// Put off without a new date.
    Postponed,
    /// Called off.
    Cancelled,
    /// Announced, and never held.
    NotHeld,
    /// Going on when it was reported.
    UnderWay,
    /// Held.
    Held,
}

/// One step in the planning of a meeting.
#[derive(Debug, Clone, Serialize)]
pub struct Move {
    /// The event's position.
    pub position: u64,
    /// What it was moved to.
    pub state: MeetingState,
    /// When it was then planned for.
    pub planned_for: Option<FuzzyDate>,
    /// When this was announced.
    pub announced_on: Option<FuzzyDate>,
    /// Why.
    pub reason: Option<Prose>,
}

/// How one party takes part, all statements about it together.
#[derive(Debug, Clone, Serialize)]
pub struct Attendance {
    /// As last told; what a later statement leaves out is kept from the earlier one, and a mode that was stated is not
    /// replaced by one that is only expected or possible.
    pub participant: Participant,
    /// The events that speak of it.
    pub positions: Vec<u64>,
    /// Only the plan of the meeting names it: no report of the meeting and no record of participation does.
    pub only_planned: bool,
}

/// A meeting or call.
#[derive(Debug, Clone, Serialize)]
pub struct Meeting {
    /// Its slug.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: MeetingState,
    /// The series it belongs to.
    pub series: Option<Slug>,
    /// Its number in the series.
    pub number: Option<u32>,
    /// What it is, as last told.
    pub summary: Option<Prose>,
    /// Every step of its planning.
    pub moves: Vec<Move>,
    /// Every report that it is under way or was held, in the order of recording.
    pub reports: Vec<(MeetingState, Told<ReportMeeting>)>,
    /// When it was or is being held, as last told.
    pub held_on: Option<FuzzyDate>,
    /// Its places, as last told.
    pub places: Vec<Place>,
    /// Who takes part and who is absent, in order of first mention.
    pub attendance: Vec<Attendance>,
    /// Counts, as told.
    pub quantities: Vec<Quantity>,
    /// What is to be discussed.
    pub agenda: Vec<Told<AddAgendaItem>>,
    /// What came out.
    pub outcomes: Vec<Told<RecordOutcome>>,
    /// Its topics.
    pub topics: Vec<Slug>,
}

/// Who has to be at a meeting.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// All of these.
    pub parties: Vec<Slug>,
    /// In one of these ways; where nothing is given, in whatever way: absent, invited and expected ones were not there.
    /// Nobody was there in person, online or by phone where the meeting did not take place.
    pub modes: Vec<Mode>,
    /// Whoever takes part on behalf of a party counts as that party.
    pub on_behalf: bool,
}

impl Meeting {
    /// Whether it is under way or was held.
    #[must_use]
    pub fn took_place(&self) -> bool {
        matches!(self.state, MeetingState::UnderWay | MeetingState::Held)
    }

    /// When it was or is being held, or is planned for where nobody says that it was.
    #[must_use]
    pub fn on(&self) -> Option<&FuzzyDate> {
        self.held_on.as_ref().or_else(|| self.planned_for())
    }

    /// Those who take part, in whatever way. Nobody takes part in a meeting that is not recorded as under way or held, and
    /// absent, invited and expected ones do not count, nor those whom only the plan names. Everybody else counts who is
    /// named without a word on how.
    pub fn present(&self) -> impl Iterator<Item = &Attendance> {
        self.attendance.iter().filter(|a| self.was_there(a))
    }

    fn was_there(&self, attendance: &Attendance) -> bool {
        let elsewhere = matches!(
            attendance.participant.mode,
            Some(Mode::Invited | Mode::Expected | Mode::Absent)
        );
        self.took_place() && !attendance.only_planned && !elsewhere
    }

    /// Whether all of those were there; or, asked for those who were invited, expected or absent, whether they were that.
    #[must_use]
    pub fn brings_together(&self, with: &With) -> bool {
        let there = |a: &Attendance| {
            let mode = a.participant.mode.unwrap_or(Mode::Unknown);
            let stayed_away = matches!(mode, Mode::Invited | Mode::Expected | Mode::Absent);
            match with.modes.as_slice() {
                [] => self.was_there(a),
                modes => modes.contains(&mode) && (stayed_away || self.was_there(a)),
            }
        };
        with.parties.iter().all(|party| {
            let is = |p: &Participant| p.party == *party || (with.on_behalf && p.of.as_ref() == Some(party));
            self.attendance.iter().any(|a| is(&a.participant) && there(a))
        })
    }

    /// When it is planned for: as last told, but for moves that were surely announced before.
    #[must_use]
    pub fn planned_for(&self) -> Option<&FuzzyDate> {
        let dated = |m: &'_ Move| m.planned_for.is_some();
        let moves = self.moves.iter().filter(|m| dated(m));
        standing(moves.map(|m| (m.announced_on.as_ref(), m))).and_then(|m| m.planned_for.as_ref())
    }

    /// Where it stands: held or under way if anybody says so, whatever was planned; otherwise as last moved.
    fn stands(&self) -> MeetingState {
        let told = |state| self.reports.iter().any(|(told, _)| *told == state);
        if told(MeetingState::Held) {
            return MeetingState::Held;
        }
        if told(MeetingState::UnderWay) {
            return MeetingState::UnderWay;
        }
        let moves = self.moves.iter().map(|m| (m.announced_on.as_ref(), m.state));
        standing(moves).unwrap_or(self.state)
    }

    fn moved(&mut self, to: Move) {
        self.moves.push(to);
        self.state = self.stands();
    }

    fn new(slug: &Slug, title: &Line, state: MeetingState) -> Self {
        Self {
            slug: slug.clone(),
            title: title.to_string(),
            state,
            series: None,
            number: None,
            summary: None,
            moves: Vec::new(),
            reports: Vec::new(),
            held_on: None,
            places: Vec::new(),
            attendance: Vec::new(),
            quantities: Vec::new(),
            agenda: Vec::new(),
            outcomes: Vec::new(),
            topics: Vec::new(),
        }
    }

    /// What a plan says of somebody takes nothing back of what a report says, whichever was recorded first.
    fn plan_to_attend(&mut self, position: u64, told: &Participant) {
        let mut named = self.attendance.iter_mut();
        match named.find(|a| a.participant.party == told.party) {
            Some(reported) if !reported.only_planned => reported.positions.push(position),
            _ => {
                self.attend(position, told);
                let mut named = self.attendance.iter_mut();
                if let Some(planned) = named.find(|a| a.participant.party == told.party) {
                    planned.only_planned = true;
                }
            }
        }
    }

    fn attend(&mut self, position: u64, told: &Participant) {
        let Some(known) = self.attendance.iter_mut().find(|a| a.participant.party == told.party) else {
            self.attendance.push(Attendance {
                participant: told.clone(),
                positions: vec![position],
                only_planned: false,
            });
            return;
        };
        known.positions.push(position);
        known.only_planned = false;
        let kept = &mut known.participant;
        let says_less = told.hedge.is_some() && kept.mode.is_some() && kept.hedge.is_none();
        if told.mode.is_some() && !says_less {
            (kept.mode, kept.hedge) = (told.mode, told.hedge);
        }
        if told.role.is_some() {
            kept.role.clone_from(&told.role);
        }
        if told.of.is_some() {
            kept.of.clone_from(&told.of);
        }
        if told.reason.is_some() {
            kept.reason.clone_from(&told.reason);
        }
    }

    fn add_quantities(&mut self, told: &[Quantity]) {
        for quantity in told {
            if !self.quantities.contains(quantity) {
                self.quantities.push(quantity.clone());
            }
        }
    }

    fn add_topics(&mut self, told: &[Slug]) {
        for topic in told {
            if !self.topics.contains(topic) {
                self.topics.push(topic.clone());
            }
        }
    }

    /// Takes a schedule: the one that opened the meeting, or that of a meeting which was merged into it.
    fn schedule(&mut self, position: u64, told: &ScheduleMeeting) {
        self.series = self.series.take().or_else(|| told.series.clone());
        self.number = self.number.or(told.number);
        self.summary = self.summary.take().or_else(|| told.summary.clone());
        if self.places.is_empty() {
            self.places.clone_from(&told.places);
        }
        self.moved(Move {
            position,
            state: MeetingState::Scheduled,
            planned_for: Some(told.planned_for.clone()),
            announced_on: told.announced_on.clone(),
            reason: None,
        });
        told.participants.iter().for_each(|p| self.plan_to_attend(position, p));
        self.add_quantities(&told.quantities);
        self.add_topics(&told.topics);
    }

    fn report(&mut self, told: Told<ReportMeeting>, state: MeetingState) {
        let position = told.position;
        let report = Arc::clone(&told.fact);
        self.reports.push((state, told));
        self.state = self.stands();
        if let Some(title) = &report.title {
            self.title = title.to_string();
        }
        self.series = report.series.clone().or(self.series.take());
        self.number = report.number.or(self.number);
        self.summary = report.summary.clone().or(self.summary.take());
        self.held_on = Some(report.held_on.clone());
        if !report.places.is_empty() {
            self.places.clone_from(&report.places);
        }
        report.participants.iter().for_each(|p| self.attend(position, p));
        self.add_quantities(&report.quantities);
        self.add_topics(&report.topics);
    }

    fn call_off(&mut self, position: u64, told: &CallOffMeeting, state: MeetingState) {
        self.moved(Move {
            position,
            state,
            planned_for: None,
            announced_on: told.announced_on.clone(),
            reason: told.reason.clone(),
        });
    }
}

/// All meetings by slug, and those of a series.
#[derive(Clone, Default)]
pub struct Meetings {
    meetings: OrdMap<Slug, Arc<Meeting>>,
    of_series: OrdMap<Slug, OrdSet<Slug>>,
}

impl Meetings {
    /// The meeting of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Meeting>> {
        self.meetings.get(slug)
    }

    /// The map of all meetings by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Meeting>> {
        &self.meetings
    }

    /// All meetings, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Meeting>)> + ExactSizeIterator {
        self.meetings.iter()
    }

    /// The meetings of a series, by slug.
    #[must_use]
    pub fn of_series(&self, series: &str) -> Option<&OrdSet<Slug>> {
        self.of_series.get(series)
    }

    fn change(&mut self, slug: &Slug, change: impl FnOnce(&mut Meeting)) {
        let Some(meeting) = self.meetings.get_mut(slug) else {
            return;
        };
        let before = meeting.series.clone();
        change(Arc::make_mut(meeting));
        if meeting.series == before {
            return;
        }
        if let Some(meetings) = before.and_then(|left| self.of_series.get_mut(&left)) {
            meetings.remove(slug);
        }
        if let Some(joined) = &meeting.series {
            self.of_series.entry(joined.clone()).or_default().insert(slug.clone());
        }
    }

    fn report(&mut self, told: Told<ReportMeeting>, state: MeetingState) {
        let report = Arc::clone(&told.fact);
        if let (false, Some(title)) = (self.meetings.contains_key(&report.slug), &report.title) {
            self.meetings
                .insert(report.slug.clone(), Arc::new(Meeting::new(&report.slug, title, state)));
        }
        self.change(&report.slug, |m| m.report(told, state));
    }
}

impl View for Meetings {
    const NAME: &'static str = "meetings";
    const VERSION: u32 = 3;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let position = recorded.header.position;
        match event {
            Event::MeetingScheduled(told) => {
                let new = || Arc::new(Meeting::new(&told.slug, &told.title, MeetingState::Scheduled));
                self.meetings.entry(told.slug.clone()).or_insert_with(new);
                self.change(&told.slug, |m| m.schedule(position, told));
            }
            Event::MeetingRescheduled(told) => self.change(&told.slug, |m| {
                m.moved(Move {
                    position,
                    state: MeetingState::Rescheduled,
                    planned_for: Some(told.planned_for.clone()),
                    announced_on: told.announced_on.clone(),
                    reason: told.reason.clone(),
                });
            }),
            Event::MeetingPostponed(told) => {
                self.change(&told.slug, |m| m.call_off(position, told, MeetingState::Postponed));
            }
            Event::MeetingCancelled(told) => {
                self.change(&told.slug, |m| m.call_off(position, told, MeetingState::Cancelled));
            }
            Event::MeetingNotHeld(told) => {
                self.change(&told.slug, |m| m.call_off(position, told, MeetingState::NotHeld));
            }
            Event::MeetingStarted(told) => self.report(Told::new(recorded, told), MeetingState::UnderWay),
            Event::MeetingHeld(told) => self.report(Told::new(recorded, told), MeetingState::Held),
            Event::ParticipationRecorded(told) => self.change(&told.meeting, |m| {
                m.attend(position, &told.participant());
                m.add_quantities(&told.quantities);
            }),
            Event::AgendaItemAdded(told) => self.change(&told.meeting, |m| m.agenda.push(Told::new(recorded, told))),
            Event::OutcomeRecorded(told) => self.change(&told.meeting, |m| m.outcomes.push(Told::new(recorded, told))),
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.meetings.iter().for_each(|item| digest.add(&item));
        self.of_series
            .iter()
            .for_each(|(series, meetings)| digest.add_row(series, meetings));
        digest.finish()
    }
}
