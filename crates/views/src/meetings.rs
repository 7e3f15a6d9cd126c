//! Meetings: what was planned, every move of it, what was held, and who came.

mod attendance;
mod numbering;
mod shown;
mod together;

pub use attendance::{Attendance, With};
pub use numbering::Numbering;
pub use together::{CoAttendance, beside};

use crate::View;
use crate::digest::{Digest, Digester};
use crate::sorted::insert;
use crate::standing::standing;
use crate::told::{At, Told};
use imbl::{OrdMap, OrdSet};
use rapporteur_domain::common::{Place, Quantity};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::fact::{Fact, Home};
use rapporteur_domain::id::Slug;
use rapporteur_domain::meeting::{AddAgendaItem, CallOffMeeting, RecordOutcome, ReportMeeting, ScheduleMeeting};
use rapporteur_domain::text::{Line, Prose};
use rapporteur_log::Recorded;
use serde::Serialize;
use shown::{Shown, Voice};
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
    #[serde(skip)]
    place: u64,
    /// What it was moved to.
    pub state: MeetingState,
    /// When it was then planned for.
    pub planned_for: Option<FuzzyDate>,
    /// When this was announced.
    pub announced_on: Option<FuzzyDate>,
    /// Why.
    pub reason: Option<Prose>,
}

/// A meeting or call. What is shown of it is as last told, but what was told of a meeting that was merged into it takes
/// nothing over: not the title, series and number, nor the day, the places and the summary of its own reports.
#[derive(Debug, Clone, Serialize)]
pub struct Meeting {
    /// Its slug.
    pub slug: Slug,
    /// Where it stands.
    pub state: MeetingState,
    title: Shown<Line>,
    series: Shown<Slug>,
    number: Shown<u32>,
    summary: Shown<Prose>,
    held_on: Shown<FuzzyDate>,
    places: Shown<Vec<Place>>,
    /// Every step of its planning, in the order of recording.
    pub moves: Vec<Move>,
    /// Every report that it is under way or was held, in the order of recording.
    pub reports: Vec<(MeetingState, Told<ReportMeeting>)>,
    /// Who takes part and who is absent, in order of first mention.
    pub attendance: Vec<Attendance>,
    /// Counts, as told.
    pub quantities: Vec<Quantity>,
    /// What is to be discussed, in the order of recording.
    pub agenda: Vec<Told<AddAgendaItem>>,
    /// What came out, in the order of recording.
    pub outcomes: Vec<Told<RecordOutcome>>,
    /// Its topics.
    pub topics: Vec<Slug>,
}

/// The positions of the events that decide what is shown of a meeting; `None` where nothing is shown.
#[derive(Debug, Clone, Copy)]
pub struct Deciding {
    /// Its title.
    pub title: Option<u64>,
    /// Its series.
    pub series: Option<u64>,
    /// Its number.
    pub number: Option<u64>,
    /// Its summary.
    pub summary: Option<u64>,
    /// When it was held.
    pub held_on: Option<u64>,
    /// Its places.
    pub places: Option<u64>,
}

impl Meeting {
    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title.get().map_or("", Line::as_str)
    }

    /// The series it belongs to.
    #[must_use]
    pub fn series(&self) -> Option<&Slug> {
        self.series.get()
    }

    /// Its number in the series.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.number.get().copied()
    }

    /// What it is.
    #[must_use]
    pub fn summary(&self) -> Option<&Prose> {
        self.summary.get()
    }

    /// When it was or is being held; what other reports say of that stands in [`Meeting::days`].
    #[must_use]
    pub fn held_on(&self) -> Option<&FuzzyDate> {
        self.held_on.get()
    }

    /// Its places; what other reports say of them stands in [`Meeting::everywhere`].
    #[must_use]
    pub fn places(&self) -> &[Place] {
        self.places.get().map_or(&[], Vec::as_slice)
    }

    /// Whether it is under way or was held.
    #[must_use]
    pub fn took_place(&self) -> bool {
        matches!(self.state, MeetingState::UnderWay | MeetingState::Held)
    }

    /// When it was or is being held by each of its reports, or is planned for where nobody says that it was.
    #[must_use]
    pub fn days(&self) -> Vec<&FuzzyDate> {
        match self.reports.as_slice() {
            [] => self.planned_for().into_iter().collect(),
            reports => reports.iter().map(|(_, told)| &told.fact.held_on).collect(),
        }
    }

    /// The places that are shown, and those that any of its reports names.
    pub fn everywhere(&self) -> impl Iterator<Item = &Place> {
        let told = self.reports.iter().flat_map(|(_, told)| &told.fact.places);
        self.places().iter().chain(told)
    }

    /// When it is planned for: as last told, but for moves that were surely announced before.
    #[must_use]
    pub fn planned_for(&self) -> Option<&FuzzyDate> {
        self.planned().and_then(|m| m.planned_for.as_ref())
    }

    /// The step of its planning that says when it is planned for.
    #[must_use]
    pub fn planned(&self) -> Option<&Move> {
        let moves = self.moves.iter().filter(|m| m.planned_for.is_some());
        standing(moves.map(|m| (m.announced_on.as_ref(), m)))
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

    /// The position of the event that says where it stands: of several that say so, the first report, or the move that
    /// stands.
    #[must_use]
    pub fn decided(&self) -> Option<u64> {
        if self.took_place() {
            let reports = self.reports.iter().filter(|(state, _)| *state == self.state);
            return reports.map(|(_, told)| told.position).next();
        }
        standing(self.moves.iter().map(|m| (m.announced_on.as_ref(), m.position)))
    }

    /// The positions of the events that decide what is shown.
    #[must_use]
    pub fn deciding(&self) -> Deciding {
        Deciding {
            title: self.title.by(),
            series: self.series.by(),
            number: self.number.by(),
            summary: self.summary.by(),
            held_on: self.held_on.by(),
            places: self.places.by(),
        }
    }

    fn moved(&mut self, to: Move) {
        insert(&mut self.moves, to, |m| m.place);
        self.state = self.stands();
    }

    fn new(slug: &Slug, state: MeetingState) -> Self {
        Self {
            slug: slug.clone(),
            state,
            title: Shown::default(),
            series: Shown::default(),
            number: Shown::default(),
            summary: Shown::default(),
            held_on: Shown::default(),
            places: Shown::default(),
            moves: Vec::new(),
            reports: Vec::new(),
            attendance: Vec::new(),
            quantities: Vec::new(),
            agenda: Vec::new(),
            outcomes: Vec::new(),
            topics: Vec::new(),
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
    fn schedule(&mut self, voice: Voice, told: &ScheduleMeeting) {
        self.title.hear(voice.names(), Some(&told.title));
        self.series.hear(voice.names(), told.series.as_ref());
        self.number.hear(voice.names(), told.number.as_ref());
        self.summary.hear(voice.tells(), told.summary.as_ref());
        self.places.hear(voice.tells(), some(&told.places));
        self.moved(Move {
            position: voice.at.position,
            place: voice.at.place,
            state: MeetingState::Scheduled,
            planned_for: Some(told.planned_for.clone()),
            announced_on: told.announced_on.clone(),
            reason: None,
        });
        let named = told.participants.iter();
        named.for_each(|p| self.attend(voice.at, p, true));
        self.add_quantities(&told.quantities);
        self.add_topics(&told.topics);
    }

    fn report(&mut self, voice: Voice, told: Told<ReportMeeting>, state: MeetingState) {
        let report = Arc::clone(&told.fact);
        insert(&mut self.reports, (state, told), |(_, told)| told.place);
        self.state = self.stands();
        self.title.hear(voice.names(), report.title.as_ref());
        self.series.hear(voice.names(), report.series.as_ref());
        self.number.hear(voice.names(), report.number.as_ref());
        self.summary.hear(voice.tells(), report.summary.as_ref());
        self.held_on.hear(voice.tells(), Some(&report.held_on));
        self.places.hear(voice.tells(), some(&report.places));
        let named = report.participants.iter();
        named.for_each(|p| self.attend(voice.at, p, false));
        self.add_quantities(&report.quantities);
        self.add_topics(&report.topics);
    }

    fn call_off(&mut self, at: At, told: &CallOffMeeting, state: MeetingState) {
        self.moved(Move {
            position: at.position,
            place: at.place,
            state,
            planned_for: None,
            announced_on: told.announced_on.clone(),
            reason: told.reason.clone(),
        });
        let named = told.participants.iter();
        named.for_each(|p| self.attend(at, p, true));
    }
}

fn some(places: &Vec<Place>) -> Option<&Vec<Place>> {
    (!places.is_empty()).then_some(places)
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
        let before = meeting.series().cloned();
        change(Arc::make_mut(meeting));
        if meeting.series() == before.as_ref() {
            return;
        }
        if let Some(meetings) = before.and_then(|left| self.of_series.get_mut(&left)) {
            meetings.remove(slug);
        }
        if let Some(joined) = meeting.series() {
            self.of_series.entry(joined.clone()).or_default().insert(slug.clone());
        }
    }

    /// Opens the meeting, unless it is open: then what opens it opened one that was merged into it.
    fn open(&mut self, slug: &Slug, state: MeetingState) {
        let new = || Arc::new(Meeting::new(slug, state));
        self.meetings.entry(slug.clone()).or_insert_with(new);
    }

    fn report(&mut self, recorded: &Recorded, told: &Arc<ReportMeeting>, state: MeetingState) {
        if matches!(told.home(), Home::OpensOrTells(.., None, _)) {
            self.open(&told.slug, state);
        }
        let report = Told::new(recorded, told);
        self.change(&told.slug, |m| m.report(voice(recorded, true), report, state));
    }
}

fn voice(recorded: &Recorded, reports: bool) -> Voice {
    Voice {
        at: At::of(recorded),
        reports,
        merged_in: recorded.merged_in(),
    }
}

impl View for Meetings {
    const NAME: &'static str = "meetings";
    const VERSION: u32 = 5;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let at = At::of(recorded);
        match event {
            Event::MeetingScheduled(told) => {
                self.open(&told.slug, MeetingState::Scheduled);
                self.change(&told.slug, |m| m.schedule(voice(recorded, false), told));
            }
            Event::MeetingRescheduled(told) => self.change(&told.slug, |m| {
                m.moved(Move {
                    position: at.position,
                    place: at.place,
                    state: MeetingState::Rescheduled,
                    planned_for: Some(told.planned_for.clone()),
                    announced_on: told.announced_on.clone(),
                    reason: told.reason.clone(),
                });
            }),
            Event::MeetingPostponed(told) => {
                self.change(&told.slug, |m| m.call_off(at, told, MeetingState::Postponed));
            }
            Event::MeetingCancelled(told) => {
                self.change(&told.slug, |m| m.call_off(at, told, MeetingState::Cancelled));
            }
            Event::MeetingNotHeld(told) => {
                self.change(&told.slug, |m| m.call_off(at, told, MeetingState::NotHeld));
            }
            Event::MeetingStarted(told) => self.report(recorded, told, MeetingState::UnderWay),
            Event::MeetingHeld(told) => self.report(recorded, told, MeetingState::Held),
            Event::ParticipationRecorded(told) => self.change(&told.meeting, |m| {
                m.attend(at, &told.participant(), false);
                m.add_quantities(&told.quantities);
            }),
            Event::AgendaItemAdded(told) => self.change(&told.meeting, |m| {
                insert(&mut m.agenda, Told::new(recorded, told), |told| told.place);
            }),
            Event::OutcomeRecorded(told) => self.change(&told.meeting, |m| {
                insert(&mut m.outcomes, Told::new(recorded, told), |told| told.place);
            }),
            _ => {}
        }
    }

    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.apply(recorded, event);
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
