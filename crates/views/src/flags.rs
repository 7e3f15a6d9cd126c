//! Flags: what is odd and kept all the same, each with the event that caused it.

mod kept;

use crate::View;
use crate::digest::{Digest, Digester};
use crate::listings::{self, Listing};
use crate::rounds::{Round, Rounds};
use chrono::Weekday;
use imbl::{HashMap, OrdMap, OrdSet, Vector};
use rapporteur_domain::act::CountBasis;
use rapporteur_domain::common::{Mode, Participant};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::evidence::Hedge;
use rapporteur_domain::id::{Key, Slug};
use rapporteur_domain::meeting::{CallOffMeeting, ReportMeeting};
use rapporteur_domain::round::{RecordStage, Stage};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// What is odd.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlagRule {
    /// A round was adopted, and no proposal is recorded, although its senders do propose rounds: a proposal of another
    /// round by the same senders is recorded. Senders of whom none is may decide without one.
    AdoptedWithoutProposal,
    /// A round was agreed, and the body is not named.
    AgreedWithoutBody,
    /// A stage has another date elsewhere.
    RivalStageDates,
    /// The weekday in the source's phrase is not the date's.
    WeekdayMismatch,
    /// Every citation of a claim, commitment or position rests on speakers who are not named.
    OnlyAnonymous,
    /// A citation's source has no date.
    UndatedCitation,
    /// Somebody is said to take part in one way here and in another there.
    RivalAttendance,
    /// A round was published in the official journal surely before it was adopted.
    PublishedBeforeAdopted,
    /// A meeting is said to have been held on days that cannot both be right.
    RivalMeetingDates,
    /// A meeting is said to have been held, and to have been called off.
    HeldAndCalledOff,
    /// A stated total is not what the recorded numbers make: the total before, what was added since, what was taken off.
    NetTotalDoesNotAddUp,
}

/// One oddity.
#[derive(Debug, Clone, Serialize)]
pub struct Flag {
    /// Which.
    pub rule: FlagRule,
    /// In plain words.
    pub message: String,
    /// The event that caused it.
    pub position: u64,
    /// The dossier it is about.
    pub dossier: Slug,
}

/// What became of a meeting's planning, and when it was announced.
#[derive(Clone)]
struct Planned {
    called_off: bool,
    announced_on: Option<FuzzyDate>,
}

impl Planned {
    /// Whether it came after `other`, which was recorded earlier or later.
    fn follows(&self, other: &Self, recorded_later: bool) -> bool {
        match (&self.announced_on, &other.announced_on) {
            (Some(own), Some(others)) if others.surely_before(own) => true,
            (Some(own), Some(others)) if own.surely_before(others) => false,
            _ => recorded_later,
        }
    }
}

/// The place of a flag: the position of the event that caused it, and its number among those that the event caused, from 0.
pub type Place = (u64, u32);

/// All flags in the order of recording.
#[derive(Clone, Default)]
pub struct Flags {
    flags: OrdMap<Place, Flag>,
    of_dossier: HashMap<Slug, Vector<Place>>,
    of_rule: OrdMap<FlagRule, OrdSet<Place>>,
    undated: OrdSet<Slug>,
    stages: OrdMap<Slug, Vector<(Stage, FuzzyDate)>>,
    attendance: OrdMap<(Slug, Slug), Mode>,
    held: OrdMap<Slug, Vector<FuzzyDate>>,
    plans: OrdMap<Slug, Vector<Planned>>,
    agreed: OrdMap<Slug, Vector<(FuzzyDate, Option<u64>)>>,
    rounds: Rounds,
    proposing: OrdSet<Vec<Slug>>,
    totals: OrdMap<Key, OrdSet<Slug>>,
}

impl Flags {
    fn stage(&mut self, recorded: &Recorded, told: &RecordStage) {
        let known = self.stages.get(&told.round).cloned().unwrap_or_default();
        let of = |stage: Stage| known.iter().filter(move |(s, _)| *s == stage).map(|(_, on)| on);
        if let Some(other) = of(told.stage).find(|on| !may_recur(told.stage) && !on.may_be(&told.reached_on)) {
            let message = format!(
                "{} on {} here, on {} elsewhere",
                told.stage.word(),
                told.reached_on.label(),
                other.label()
            );
            self.raise(recorded, FlagRule::RivalStageDates, message);
        }
        match told.stage {
            Stage::Proposed => self.proposed(recorded, &told.round),
            Stage::Adopted if of(Stage::Proposed).next().is_none() && self.propose(&told.round) => {
                self.raise(recorded, FlagRule::AdoptedWithoutProposal, UNPROPOSED.to_owned());
            }
            Stage::Agreed => self.agreed(recorded, told),
            _ => {}
        }
        let (published, adopted) = (of(Stage::Published), of(Stage::Adopted));
        let early = match told.stage {
            Stage::Published => adopted.into_iter().find(|on| told.reached_on.surely_before(on)),
            Stage::Adopted => published.into_iter().find(|on| on.surely_before(&told.reached_on)),
            _ => None,
        };
        if let Some(other) = early {
            let message = format!(
                "{} on {}, and the other of adoption and publication on {}",
                told.stage.word(),
                told.reached_on.label(),
                other.label()
            );
            self.raise(recorded, FlagRule::PublishedBeforeAdopted, message);
        }
        let stages = self.stages.entry(told.round.clone()).or_default();
        stages.push_back((told.stage, told.reached_on.clone()));
    }

    /// An agreement without a body is odd until a record of the same date names the body.
    fn agreed(&mut self, recorded: &Recorded, told: &RecordStage) {
        let on = &told.reached_on;
        let same = |other: &FuzzyDate| !on.is_undated() && !other.is_undated() && on.may_be(other);
        let known = self.agreed.entry(told.round.clone()).or_default();
        if told.body.is_some() {
            let odd = known.iter().filter(|(other, _)| same(other));
            let odd: Vec<u64> = odd.filter_map(|(_, position)| *position).collect();
            known.push_back((on.clone(), None));
            let explained = |flag: &Flag| odd.contains(&flag.position);
            let explained = self.raised(FlagRule::AgreedWithoutBody, &told.round, explained);
            self.take_back(&explained);
        } else if !known.iter().any(|(other, odd)| odd.is_none() && same(other)) {
            known.push_back((on.clone(), Some(recorded.header.position)));
            let message = "agreed, and the source does not say by which body".to_owned();
            self.raise(recorded, FlagRule::AgreedWithoutBody, message);
        }
    }

    /// Whether a proposal of any round by the senders of this one is recorded.
    fn propose(&self, round: &Slug) -> bool {
        self.rounds
            .get(round.as_str())
            .is_some_and(|r| self.proposing.contains(&senders(r)))
    }

    /// A round was proposed: that takes back its own flag. The first proposal of its senders raises the flag on their
    /// rounds that were adopted without one.
    fn proposed(&mut self, recorded: &Recorded, round: &Slug) {
        self.withdraw(FlagRule::AdoptedWithoutProposal, round);
        let Some(by) = self.rounds.get(round.as_str()).map(|r| senders(r)) else {
            return;
        };
        if self.proposing.insert(by.clone()).is_some() {
            return;
        }
        let reached = |r: &Round, stage| r.stages.iter().any(|reached| reached.stage == stage);
        let unproposed = |r: &Round| reached(r, Stage::Adopted) && !reached(r, Stage::Proposed) && senders(r) == by;
        let all = self.rounds.all().filter(|(_, r)| unproposed(r));
        let odd: Vec<Slug> = all.map(|(slug, _)| slug.clone()).collect();
        for slug in &odd {
            self.raise_on(recorded, slug, FlagRule::AdoptedWithoutProposal, UNPROPOSED.to_owned());
        }
    }

    /// Reckons the stated totals again that the numbers of `round` have a part in.
    fn reckon(&mut self, recorded: &Recorded, round: &Slug, kind: Option<&Key>) {
        const RULE: FlagRule = FlagRule::NetTotalDoesNotAddUp;
        let Some(own) = self.rounds.get(round.as_str()).cloned() else {
            return;
        };
        let of_kind = |of: &Key| kind.is_none_or(|kind| kind == of);
        let stated = |slug: &Slug| {
            self.totals
                .iter()
                .any(|(of, slugs)| of_kind(of) && slugs.contains(slug))
        };
        let alike = self.rounds.alike(&own).map(|(slug, _)| slug);
        let touched: Vec<Slug> = alike.filter(|slug| stated(slug)).cloned().collect();
        for slug in touched {
            let found = listings::of_round(&self.rounds, slug.as_str());
            let odd: Vec<String> = found.iter().filter_map(Listing::oddity).collect();
            let known = self.raised(RULE, &slug, |_| true);
            let known: Vec<String> = known
                .iter()
                .filter_map(|place| self.get(*place))
                .map(|flag| flag.message.clone())
                .collect();
            let settled = self.raised(RULE, &slug, |flag| !odd.contains(&flag.message));
            self.take_back(&settled);
            for message in odd.into_iter().filter(|message| !known.contains(message)) {
                self.raise_on(recorded, &slug, RULE, message);
            }
        }
    }

    fn held(&mut self, recorded: &Recorded, told: &ReportMeeting) {
        let known = self.held.entry(told.slug.clone()).or_default();
        let rival = known.iter().find(|on| !on.may_be(&told.held_on)).map(FuzzyDate::label);
        known.push_back(told.held_on.clone());
        if let Some(other) = rival {
            let message = format!("held on {} here, on {other} elsewhere", told.held_on.label());
            self.raise(recorded, FlagRule::RivalMeetingDates, message);
        }
        if self.is_called_off(&told.slug) {
            let message = "held, and called off according to an earlier record".to_owned();
            self.raise(recorded, FlagRule::HeldAndCalledOff, message);
        }
        for participant in &told.participants {
            self.attends(recorded, &told.slug, participant);
        }
    }

    fn called_off(&mut self, recorded: &Recorded, told: &CallOffMeeting) {
        self.planned(&told.slug, true, told.announced_on.as_ref());
        if self.held.contains_key(&told.slug) && self.is_called_off(&told.slug) {
            let message = "called off, and held according to an earlier record".to_owned();
            self.raise(recorded, FlagRule::HeldAndCalledOff, message);
        }
    }

    /// A meeting that was called off, moved since, and held on the day it was moved to: nothing is odd about that.
    fn moved(&mut self, meeting: &Slug, to: &FuzzyDate, announced_on: Option<&FuzzyDate>) {
        self.planned(meeting, false, announced_on);
        let held = self.held.get(meeting).into_iter().flatten();
        if held.into_iter().any(|on| on.may_be(to)) && !self.is_called_off(meeting) {
            self.withdraw(FlagRule::HeldAndCalledOff, meeting);
        }
    }

    fn planned(&mut self, meeting: &Slug, called_off: bool, announced_on: Option<&FuzzyDate>) {
        let announced_on = announced_on.cloned();
        let plans = self.plans.entry(meeting.clone()).or_default();
        plans.push_back(Planned {
            called_off,
            announced_on,
        });
    }

    /// Whether a meeting was called off and not moved since.
    fn is_called_off(&self, meeting: &Slug) -> bool {
        let Some(plans) = self.plans.get(meeting) else {
            return false;
        };
        plans.iter().enumerate().filter(|(_, p)| p.called_off).any(|(at, off)| {
            let mut moves = plans.iter().enumerate().filter(|(_, p)| !p.called_off);
            !moves.any(|(later, moved)| moved.follows(off, later > at))
        })
    }

    /// Compares what is stated of a participant with what was; what is only expected or possible contradicts nothing.
    fn attends(&mut self, recorded: &Recorded, meeting: &Slug, told: &Participant) {
        let stated = told.hedge.is_none_or(|hedge| hedge == Hedge::Asserted);
        let Some(mode) = told.mode.filter(|m| *m != Mode::Unknown && stated) else {
            return;
        };
        let party = &told.party;
        let before = self.attendance.insert((meeting.clone(), party.clone()), mode);
        let was_there = |m: Mode| matches!(m, Mode::InPerson | Mode::Online | Mode::Phone);
        let contradicts = |before: Mode| match (before, mode) {
            (Mode::Absent, now) | (now, Mode::Absent) => was_there(now),
            (before, now) => before != now && was_there(before) && was_there(now),
        };
        if let Some(before) = before.filter(|before| contradicts(*before)) {
            let message = format!("{party}: {} here, {} before", mode_words(mode), mode_words(before));
            self.raise(recorded, FlagRule::RivalAttendance, message);
        }
    }

    fn weekdays(&mut self, recorded: &Recorded, event: &Event) {
        let mut mismatches = Vec::new();
        event
            .fact()
            .dates(&mut |date| mismatches.extend(date.weekday_mismatch()));
        for (said, actual) in mismatches {
            let message = format!("the source says {}, the date is a {}", day_name(said), day_name(actual));
            self.raise(recorded, FlagRule::WeekdayMismatch, message);
        }
    }

    fn evidence(&mut self, recorded: &Recorded, event: &Event) {
        let Some(evidence) = event.fact().evidence() else {
            return;
        };
        let rests_on_speakers = matches!(
            event,
            Event::ClaimRecorded(_)
                | Event::ExpectationRecorded(_)
                | Event::CommitmentRecorded(_)
                | Event::CommitmentChanged(_)
                | Event::PositionTaken(_)
        );
        if rests_on_speakers && evidence.only_anonymous() {
            self.raise(
                recorded,
                FlagRule::OnlyAnonymous,
                "rests only on speakers who are not named".to_owned(),
            );
        }
        let undated: Vec<&Slug> = evidence
            .citations
            .iter()
            .map(|c| &c.source)
            .filter(|s| self.undated.contains(*s))
            .collect();
        if let Some(source) = undated.first() {
            let message = format!("the source `{source}` has no date");
            self.raise(recorded, FlagRule::UndatedCitation, message);
        }
    }
}

const UNPROPOSED: &str = "adopted, with no proposal recorded";

/// The senders of a round, by slug, each once.
fn senders(round: &Round) -> Vec<Slug> {
    round.senders().into_iter().cloned().collect()
}

/// Stages that come several times in one round, so that several dates are no contradiction.
pub(crate) fn may_recur(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Floated
            | Stage::InPreparation
            | Stage::Discussed
            | Stage::Blocked
            | Stage::Reserved
            | Stage::Unblocked
            | Stage::Agreed
            | Stage::InForce
    )
}

fn mode_words(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "there in person",
        Mode::Online => "there by video",
        Mode::Phone => "there by telephone",
        Mode::Invited => "invited",
        Mode::Expected => "expected",
        Mode::Absent => "absent",
        Mode::Unknown => "named",
    }
}

fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

impl View for Flags {
    const NAME: &'static str = "flags";
    const VERSION: u32 = 3;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.weekdays(recorded, event);
        self.rounds.apply(recorded, event);
        match event {
            Event::SourceRegistered(source) if source.published_on.as_ref().is_none_or(FuzzyDate::is_undated) => {
                self.undated.insert(source.slug.clone());
            }
            Event::StageRecorded(told) => {
                self.stage(recorded, told);
                if told.stage == Stage::Adopted {
                    self.reckon(recorded, &told.round, None);
                }
            }
            Event::CountRecorded(told) => {
                if told.basis == CountBasis::StatedTotal {
                    self.totals
                        .entry(told.of.clone())
                        .or_default()
                        .insert(told.round.clone());
                }
                self.reckon(recorded, &told.round, Some(&told.of));
            }
            Event::ParticipationRecorded(told) => self.attends(recorded, &told.meeting, &told.participant()),
            Event::MeetingStarted(told) | Event::MeetingHeld(told) => self.held(recorded, told),
            Event::MeetingCancelled(told) | Event::MeetingNotHeld(told) => self.called_off(recorded, told),
            Event::MeetingRescheduled(told) => self.moved(&told.slug, &told.planned_for, told.announced_on.as_ref()),
            _ => {}
        }
        self.evidence(recorded, event);
    }

    /// What opened a dossier that was merged into another is as odd as before; the plan of a meeting is one more move.
    fn apply_merged(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        self.weekdays(recorded, event);
        match event {
            Event::MeetingScheduled(told) => self.moved(&told.slug, &told.planned_for, told.announced_on.as_ref()),
            Event::MeetingStarted(told) | Event::MeetingHeld(told) => self.held(recorded, told),
            _ => {}
        }
        self.evidence(recorded, event);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        for (place, flag) in &self.flags {
            digest.add(&place);
            digest.add(flag);
        }
        self.of_rule
            .iter()
            .for_each(|(rule, places)| digest.add_row(rule, places));
        digest.finish()
    }
}
