//! Sanctions rounds: the stages they passed, with rival dates side by side.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::{OrdMap, OrdSet};
use rapporteur_domain::act::{RecordCount, RecordMeasure, RecordMirror};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::round::{OpenRound, RecordStage, Stage};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A sanctions package.
#[derive(Debug, Clone, Serialize)]
pub struct Round {
    /// How it was opened.
    pub opened: Told<OpenRound>,
    /// The stages reached, in the order of recording: one for each stage, date, body and actor.
    pub stages: Vec<Reached>,
    /// Its measures, in the order of recording.
    pub measures: Vec<Told<RecordMeasure>>,
    /// What was counted of it, in the order of recording.
    pub counts: Vec<Told<RecordCount>>,
    /// The rounds of other senders that it mirrors, or the rule by which it will.
    pub mirrors: Vec<Told<RecordMirror>>,
}

/// A stage reached on a date, with every record that says so.
#[derive(Debug, Clone, Serialize)]
pub struct Reached {
    /// The stage.
    pub stage: Stage,
    /// When.
    pub reached_on: FuzzyDate,
    /// The records: the first, then those that add a citation.
    pub told: Vec<Told<RecordStage>>,
}

impl Round {
    /// The stage that the round stands at: of those that are not surely before another, the furthest along, then the one
    /// recorded last. Stages without a date count only where none has one.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.stands().map(|reached| reached.stage)
    }

    /// The stage reached by which it stands there.
    #[must_use]
    pub fn stands(&self) -> Option<&Reached> {
        let bounded = |r: &&Reached| r.reached_on.earliest().or(r.reached_on.latest()).is_some();
        let any_bounded = self.stages.iter().any(|r| bounded(&r));
        let dated: Vec<&Reached> = self.stages.iter().filter(|r| !any_bounded || bounded(r)).collect();
        let followed = |r: &Reached| dated.iter().any(|other| r.reached_on.surely_before(&other.reached_on));
        let last = dated.iter().filter(|r| !followed(r));
        last.max_by_key(|r| r.stage.progress()).copied()
    }

    /// Who imposes it, by slug, each once.
    #[must_use]
    pub fn senders(&self) -> BTreeSet<&Slug> {
        self.opened.fact.senders.iter().collect()
    }

    /// The stages in the order of the world.
    #[must_use]
    pub fn path(&self) -> Vec<&Reached> {
        let mut path: Vec<&Reached> = self.stages.iter().collect();
        path.sort_by_key(|r| (r.reached_on.sort_key(), r.stage));
        path
    }
}

impl Reached {
    /// Who acted, by every record of it, by slug.
    #[must_use]
    pub fn by(&self) -> BTreeSet<&Slug> {
        self.told.iter().flat_map(|told| &told.fact.by).collect()
    }

    /// Whether `lifting` can be what lifted this: this holds the round up, `lifting` does not come surely before it, and
    /// they name a party in common, as far as both name any.
    #[must_use]
    pub fn may_be_lifted_by(&self, lifting: &Self) -> bool {
        let (held, freed) = (self.by(), lifting.by());
        matches!(self.stage, Stage::Blocked | Stage::Reserved)
            && lifting.stage == Stage::Unblocked
            && !lifting.reached_on.surely_before(&self.reached_on)
            && (held.is_empty() || freed.is_empty() || !held.is_disjoint(&freed))
    }

    /// Whether a record tells of this and not of another occasion: the same stage and date, and nobody else and nowhere
    /// else, as far as either says who and where.
    fn is_told_by(&self, told: &RecordStage) -> bool {
        let compatible = |known: &Told<RecordStage>| {
            let (one, other) = (known.fact.as_ref(), told);
            agree(one.body.as_ref(), other.body.as_ref())
                && agree(one.reason.as_ref(), other.reason.as_ref())
                && (one.by.is_empty() || other.by.is_empty() || one.by == other.by)
                && match (&one.deadline, &other.deadline) {
                    (Some(one), Some(other)) => one.says_the_same(other),
                    _ => true,
                }
        };
        self.stage == told.stage && self.reached_on.says_the_same(&told.reached_on) && self.told.iter().all(compatible)
    }
}

fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// All rounds by slug.
#[derive(Clone, Default)]
pub struct Rounds {
    rounds: OrdMap<Slug, Arc<Round>>,
    mirroring: OrdMap<Slug, OrdSet<Slug>>,
    /// Rounds by target and senders; made of the rest, and outside the digest.
    alike: OrdMap<(Slug, Vec<Slug>), OrdSet<Slug>>,
}

/// Whom a round is aimed at, and by whom.
fn aimed(round: &OpenRound) -> (Slug, Vec<Slug>) {
    let senders: BTreeSet<&Slug> = round.senders.iter().collect();
    (round.target.clone(), senders.into_iter().cloned().collect())
}

impl Rounds {
    /// The round of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Round>> {
        self.rounds.get(slug)
    }

    /// The rounds that mirror this one, by slug.
    pub fn mirroring(&self, round: &str) -> impl Iterator<Item = &Slug> {
        self.mirroring.get(round).into_iter().flatten()
    }

    /// The rounds of the same senders against the same target, by slug, with this one.
    pub fn alike(&self, round: &Round) -> impl Iterator<Item = (&Slug, &Arc<Round>)> {
        let slugs = self.alike.get(&aimed(&round.opened.fact)).into_iter().flatten();
        slugs.filter_map(|slug| self.rounds.get_key_value(slug))
    }

    fn change(&mut self, slug: &Slug, change: impl FnOnce(&mut Round)) {
        if let Some(round) = self.rounds.get_mut(slug) {
            change(Arc::make_mut(round));
        }
    }

    /// The map of all rounds by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Round>> {
        &self.rounds
    }

    /// All rounds, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Round>)> + ExactSizeIterator {
        self.rounds.iter()
    }
}

impl View for Rounds {
    const NAME: &'static str = "rounds";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::RoundOpened(round) => {
                let opened = Told::new(recorded, round);
                self.alike.entry(aimed(round)).or_default().insert(round.slug.clone());
                self.rounds.insert(
                    round.slug.clone(),
                    Arc::new(Round {
                        opened,
                        stages: Vec::new(),
                        measures: Vec::new(),
                        counts: Vec::new(),
                        mirrors: Vec::new(),
                    }),
                );
            }
            Event::StageRecorded(told) => self.change(&told.round, |round| {
                let stages = &mut round.stages;
                match stages.iter_mut().find(|reached| reached.is_told_by(told)) {
                    Some(reached) => reached.told.push(Told::new(recorded, told)),
                    None => stages.push(Reached {
                        stage: told.stage,
                        reached_on: told.reached_on.clone(),
                        told: vec![Told::new(recorded, told)],
                    }),
                }
            }),
            Event::MeasureRecorded(told) => self.change(&told.round, |r| r.measures.push(Told::new(recorded, told))),
            Event::CountRecorded(told) => self.change(&told.round, |r| r.counts.push(Told::new(recorded, told))),
            Event::MirrorRecorded(told) => {
                self.change(&told.round, |r| r.mirrors.push(Told::new(recorded, told)));
                for mirrored in &told.of {
                    let mirroring = self.mirroring.entry(mirrored.clone()).or_default();
                    mirroring.insert(told.round.clone());
                }
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.rounds.iter().for_each(|item| digest.add(&item));
        self.mirroring
            .iter()
            .for_each(|(mirrored, by)| digest.add_row(mirrored, by));
        digest.finish()
    }
}
