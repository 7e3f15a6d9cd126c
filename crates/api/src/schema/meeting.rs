//! Meetings.

use super::data::Data;
use super::date::DateOut;
use super::entry::Entry;
use super::issue::Issue;
use super::party::Party;
use super::reference::{dossier, those};
use super::seen::Seen;
use super::vocabulary::{Series, Topic};
use super::words::Word;
use async_graphql::Object;
use rapporteur_domain::common::{Mode, Place, Quantity};
use rapporteur_domain::evidence::{Evidence, Hedge};
use rapporteur_domain::meeting::{AddAgendaItem, RecordOutcome, ReportMeeting};
use rapporteur_views::meetings::{Attendance as Kept, Meeting as KeptMeeting, MeetingState, Move as KeptMove};
use rapporteur_views::told::Told;
use std::sync::Arc;

/// A meeting.
pub(super) struct Meeting {
    seen: Seen,
    kept: Arc<KeptMeeting>,
}

impl Meeting {
    /// The meeting that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.meetings.get(&seen.slug)?);
        Some(Self { seen, kept })
    }

    fn shown<'a>(&self, kept: impl Iterator<Item = &'a Kept>) -> Vec<Attendance> {
        kept.map(|a| Attendance {
            seen: self.seen.clone(),
            kept: a.clone(),
        })
        .collect()
    }
}

dossier! {
    /// A meeting or call: what was planned, what was held, who came and who did not.
    Meeting, Meeting, {
        /// Its title.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.title().to_owned())
        }
        /// Where it stands.
        async fn state(&self) -> Word<MeetingState> {
            Word(self.kept.state)
        }
        /// What it is, as last told; what was told of a meeting merged into it stands in `reports`.
        async fn summary(&self) -> Option<&str> {
            self.kept.summary().map(|s| s.as_str())
        }
        /// The series it belongs to.
        async fn series(&self) -> Option<Series> {
            Series::of(Seen::new(&self.seen.views, self.kept.series()?.as_str()))
        }
        /// Its number in the series.
        async fn number(&self) -> Option<u32> {
            self.kept.number()
        }
        /// When it is planned for, as last told; null where no plan is recorded.
        async fn planned_for(&self) -> Option<DateOut> {
            self.kept.planned_for().map(DateOut::new)
        }
        /// When it was or is being held, as last told; null where that is not recorded. What was told of a meeting merged into
        /// it takes nothing over: it stands in `reports`.
        async fn held_on(&self) -> Option<DateOut> {
            self.kept.held_on().map(DateOut::new)
        }
        /// Every step of its planning, the first recorded first.
        async fn moves(&self) -> Vec<Move> {
            self.kept.moves.iter().map(|m| Move { seen: self.seen.clone(), kept: m.clone() }).collect()
        }
        /// Its places, as last told; empty where the source does not say. What was told of a meeting merged into it takes
        /// nothing over: it stands in `reports`.
        async fn places(&self) -> Vec<Data<Place>> {
            Data::all(&self.seen.views, self.kept.places())
        }
        /// Everybody of whom something is said, absent ones included.
        async fn participants(&self) -> Vec<Attendance> {
            self.shown(self.kept.attendance.iter())
        }
        /// Those who are not there, or are said not to be coming.
        async fn absent(&self) -> Vec<Attendance> {
            self.shown(self.kept.attendance.iter().filter(|a| a.participant.mode == Some(Mode::Absent)))
        }
        /// Those who take part, in whatever way; absent, invited and expected ones do not count, nor those whom only the plan
        /// names. Empty unless the meeting is under way or was held. Everybody counts who is named without a word on how.
        async fn present(&self) -> Vec<Attendance> {
            self.shown(self.kept.present())
        }
        /// Every report that it is under way or was held, the first recorded first: what they say differently stands side
        /// by side.
        async fn reports(&self) -> Vec<Report> {
            let reports = self.kept.reports.iter();
            reports.map(|(state, told)| Report { seen: self.seen.clone(), state: *state, told: told.clone() }).collect()
        }
        /// Counts, as told: "more than 30 countries".
        async fn quantities(&self) -> Vec<Data<Quantity>> {
            Data::all(&self.seen.views, &self.kept.quantities)
        }
        /// What is to be discussed.
        async fn agenda(&self) -> Vec<AgendaItem> {
            self.kept.agenda.iter().map(|told| AgendaItem { seen: self.seen.clone(), told: told.clone() }).collect()
        }
        /// What came out.
        async fn outcomes(&self) -> Vec<MeetingOutcome> {
            self.kept.outcomes.iter().map(|told| MeetingOutcome { seen: self.seen.clone(), told: told.clone() }).collect()
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.kept.topics, Topic::of)
        }
    }
}

/// How one party takes part.
pub(super) struct Attendance {
    seen: Seen,
    kept: Kept,
}

impl Attendance {
    /// Shows how a party takes part in the meeting that was seen.
    pub(super) fn new(seen: &Seen, kept: &Kept) -> Self {
        Self {
            seen: seen.clone(),
            kept: kept.clone(),
        }
    }
}

/// How one party takes part in a meeting, all statements about it together.
#[Object]
impl Attendance {
    /// The person, state or body.
    async fn party(&self) -> Option<Party> {
        Party::of(Seen::new(&self.seen.views, self.kept.participant.party.as_str()))
    }
    /// The role on that day.
    async fn role(&self) -> Option<&str> {
        self.kept.participant.role.as_ref().map(|r| r.as_str())
    }
    /// On whose behalf.
    async fn of(&self) -> Option<Party> {
        Party::of(Seen::new(&self.seen.views, self.kept.participant.of.as_ref()?.as_str()))
    }
    /// How it takes part, as last told; `UNKNOWN` where no source says.
    async fn mode(&self) -> Word<Mode> {
        Word(self.kept.participant.mode.unwrap_or(Mode::Unknown))
    }
    /// Whether only the plan of the meeting names the party: no report of the meeting says that it came.
    async fn only_planned(&self) -> bool {
        self.kept.only_planned
    }
    /// How firmly that is put, where it is not asserted.
    async fn hedge(&self) -> Option<Word<Hedge>> {
        self.kept.participant.hedge.map(Word)
    }
    /// Why it is absent, or takes part in this way.
    async fn reason(&self) -> Option<&str> {
        self.kept.participant.reason.as_ref().map(|r| r.as_str())
    }
    /// The entries that say so, the first recorded first.
    async fn entries(&self) -> Vec<Entry> {
        let views = &self.seen.views;
        let lines = self.kept.positions.iter().filter_map(|p| views.timeline.entry(*p));
        lines.map(|line| Entry::new(views, line)).collect()
    }
}

/// A report that a meeting is under way or was held.
pub(super) struct Report {
    seen: Seen,
    state: MeetingState,
    told: Told<ReportMeeting>,
}

/// One report that a meeting is under way or was held, as it was recorded.
#[Object(name = "MeetingReport")]
impl Report {
    /// Whether it was going on or over.
    async fn state(&self) -> Word<MeetingState> {
        Word(self.state)
    }
    /// The title that the report gives it.
    async fn title(&self) -> Option<&str> {
        self.told.fact.title.as_ref().map(|t| t.as_str())
    }
    /// When it was or is being held.
    async fn held_on(&self) -> DateOut {
        DateOut::new(&self.told.fact.held_on)
    }
    /// Where.
    async fn places(&self) -> Vec<Data<Place>> {
        Data::all(&self.seen.views, &self.told.fact.places)
    }
    /// What it is, in our words.
    async fn summary(&self) -> Option<&str> {
        self.told.fact.summary.as_ref().map(|s| s.as_str())
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}

/// A step in the planning of a meeting.
pub(super) struct Move {
    seen: Seen,
    kept: KeptMove,
}

/// One step in the planning of a meeting.
#[Object]
impl Move {
    /// What it was moved to.
    async fn state(&self) -> Word<MeetingState> {
        Word(self.kept.state)
    }
    /// When it was then planned for; null where no date was named.
    async fn planned_for(&self) -> Option<DateOut> {
        self.kept.planned_for.as_ref().map(DateOut::new)
    }
    /// When this was announced.
    async fn announced_on(&self) -> Option<DateOut> {
        self.kept.announced_on.as_ref().map(DateOut::new)
    }
    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.kept.reason.as_ref().map(|r| r.as_str())
    }
    /// The entry that says so.
    async fn entry(&self) -> Option<Entry> {
        self.seen
            .views
            .timeline
            .entry(self.kept.position)
            .map(|line| Entry::new(&self.seen.views, line))
    }
}

/// An item of an agenda.
pub(super) struct AgendaItem {
    seen: Seen,
    told: Told<AddAgendaItem>,
}

/// An item on a meeting's agenda.
#[Object]
impl AgendaItem {
    /// Names the item inside the meeting.
    async fn key(&self) -> Option<&str> {
        self.told.fact.key.as_ref().map(|k| k.as_str())
    }
    /// The issue to be discussed, where it is recorded.
    async fn issue(&self) -> Option<Issue> {
        Issue::of(Seen::new(&self.seen.views, self.told.fact.issue.as_ref()?.as_str()))
    }
    /// The subject, in our words.
    async fn summary(&self) -> &str {
        self.told.fact.summary.as_str()
    }
    /// When this is said.
    async fn said_on(&self) -> Option<DateOut> {
        self.told.fact.said_on.as_ref().map(DateOut::new)
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}

/// What came out of a meeting.
pub(super) struct MeetingOutcome {
    seen: Seen,
    told: Told<RecordOutcome>,
}

/// What came out of a meeting.
#[Object]
impl MeetingOutcome {
    /// Names the outcome inside the meeting.
    async fn key(&self) -> Option<&str> {
        self.told.fact.key.as_ref().map(|k| k.as_str())
    }
    /// What came out, in our words.
    async fn summary(&self) -> &str {
        self.told.fact.summary.as_str()
    }
    /// When this is said.
    async fn said_on(&self) -> Option<DateOut> {
        self.told.fact.said_on.as_ref().map(DateOut::new)
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}
