//! Flags: what is odd and kept all the same, each with the event that caused it.

use crate::View;
use crate::digest::{Digest, Digester};
use imbl::{OrdMap, OrdSet, Vector};
use rapporteur_domain::common::Mode;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::meeting::RecordParticipation;
use rapporteur_domain::round::{RecordStage, Stage};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::cmp::Ordering;
use std::sync::Arc;

/// What is odd.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlagRule {
    /// A round was adopted, and no proposal is recorded.
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

/// All flags in the order of recording.
#[derive(Clone, Default)]
pub struct Flags {
    flags: Vector<Flag>,
    undated: OrdSet<Slug>,
    stages: OrdMap<Slug, Vector<(Stage, FuzzyDate)>>,
    attendance: OrdMap<(Slug, Slug), Mode>,
}

impl Flags {
    /// All flags, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Flag> + ExactSizeIterator {
        self.flags.iter()
    }

    /// The flags that the event at `position` caused.
    #[must_use]
    pub fn at(&self, position: u64) -> Vec<&Flag> {
        let before = |f: &Flag| {
            if f.position < position {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        };
        let from = self.flags.binary_search_by(before).unwrap_or_else(|at| at);
        self.flags
            .iter()
            .skip(from)
            .take_while(|f| f.position == position)
            .collect()
    }

    /// The flags about a dossier.
    pub fn of<'a>(&'a self, dossier: &'a str) -> impl Iterator<Item = &'a Flag> {
        self.flags.iter().filter(move |f| f.dossier.as_str() == dossier)
    }

    fn raise(&mut self, recorded: &Recorded, rule: FlagRule, message: String) {
        let header = &recorded.header;
        self.flags.push_back(Flag {
            rule,
            message,
            position: header.position,
            dossier: header.dossier.slug.clone(),
        });
    }

    fn stage(&mut self, recorded: &Recorded, told: &RecordStage) {
        let known = self.stages.get(&told.round).cloned().unwrap_or_default();
        let rival = known
            .iter()
            .find(|(s, on)| *s == told.stage && !may_recur(*s) && on.edtf() != told.reached_on.edtf());
        if let Some((_, other)) = rival {
            let message = format!(
                "{} on {} here, on {} elsewhere",
                told.stage.word(),
                told.reached_on.label(),
                other.label()
            );
            self.raise(recorded, FlagRule::RivalStageDates, message);
        }
        if told.stage == Stage::Adopted && !known.iter().any(|(s, _)| *s == Stage::Proposed) {
            self.raise(
                recorded,
                FlagRule::AdoptedWithoutProposal,
                "adopted, with no proposal recorded".to_owned(),
            );
        }
        if told.stage == Stage::Agreed && told.body.is_none() {
            self.raise(
                recorded,
                FlagRule::AgreedWithoutBody,
                "agreed, and the source does not say by which body".to_owned(),
            );
        }
        self.stages
            .entry(told.round.clone())
            .or_default()
            .push_back((told.stage, told.reached_on.clone()));
    }

    fn attends(&mut self, recorded: &Recorded, meeting: &Slug, party: &Slug, mode: Option<Mode>) {
        let Some(mode) = mode.filter(|m| *m != Mode::Unknown) else {
            return;
        };
        let before = self.attendance.insert((meeting.clone(), party.clone()), mode);
        let was_there = |m: Mode| matches!(m, Mode::InPerson | Mode::Online | Mode::Phone);
        if let Some(before) = before {
            let contradicts = before != mode
                && ((before == Mode::Absent) != (mode == Mode::Absent) || (was_there(before) && was_there(mode)));
            if contradicts {
                self.raise(
                    recorded,
                    FlagRule::RivalAttendance,
                    format!("{party}: {mode:?} here, {before:?} before"),
                );
            }
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

/// Stages that come several times in one round, so that several dates are no contradiction.
fn may_recur(stage: Stage) -> bool {
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

impl View for Flags {
    const NAME: &'static str = "flags";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Some((said, actual)) = event.fact().when().and_then(FuzzyDate::weekday_mismatch) {
            let message = format!("the source says {said:?}, the date is a {actual:?}");
            self.raise(recorded, FlagRule::WeekdayMismatch, message);
        }
        match event {
            Event::SourceRegistered(source) if source.published_on.as_ref().is_none_or(FuzzyDate::is_undated) => {
                self.undated.insert(source.slug.clone());
            }
            Event::StageRecorded(told) => self.stage(recorded, told),
            Event::ParticipationRecorded(told) => {
                let RecordParticipation {
                    meeting, party, mode, ..
                } = told.as_ref();
                self.attends(recorded, meeting, party, Some(*mode));
            }
            Event::MeetingStarted(told) | Event::MeetingHeld(told) => {
                told.participants
                    .iter()
                    .for_each(|p| self.attends(recorded, &told.slug, &p.party, p.mode));
            }
            _ => {}
        }
        self.evidence(recorded, event);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.flags.iter().for_each(|flag| digest.add(flag));
        digest.finish()
    }
}
