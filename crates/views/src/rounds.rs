//! Sanctions rounds: the stages they passed, with rival dates side by side.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::OrdMap;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::round::{OpenRound, RecordStage, Stage};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A sanctions package.
#[derive(Debug, Clone, Serialize)]
pub struct Round {
    /// How it was opened.
    pub opened: Told<OpenRound>,
    /// The stages reached, one for each stage and date, in the order of recording.
    pub stages: Vec<Reached>,
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
    /// The stage that the round stands at: the one reached last, by date, then by progress, then by recording.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        let at = self.stages.iter().enumerate();
        at.max_by_key(|(n, r)| (r.reached_on.sort_key(), r.stage.progress(), *n))
            .map(|(_, r)| r.stage)
    }

    /// The stages in the order of the world.
    #[must_use]
    pub fn path(&self) -> Vec<&Reached> {
        let mut path: Vec<&Reached> = self.stages.iter().collect();
        path.sort_by_key(|r| (r.reached_on.sort_key(), r.stage));
        path
    }
}

/// All rounds by slug.
#[derive(Clone, Default)]
pub struct Rounds(OrdMap<Slug, Arc<Round>>);

impl Rounds {
    /// The round of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Round>> {
        self.0.get(slug)
    }

    /// All rounds, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Round>)> + ExactSizeIterator {
        self.0.iter()
    }
}

impl View for Rounds {
    const NAME: &'static str = "rounds";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::RoundOpened(round) => {
                let opened = Told::new(recorded, round);
                self.0.insert(
                    round.slug.clone(),
                    Arc::new(Round {
                        opened,
                        stages: Vec::new(),
                    }),
                );
            }
            Event::StageRecorded(told) => {
                let Some(round) = self.0.get_mut(&told.round) else {
                    return;
                };
                let stages = &mut Arc::make_mut(round).stages;
                let same = |r: &&mut Reached| r.stage == told.stage && r.reached_on.edtf() == told.reached_on.edtf();
                match stages.iter_mut().find(same) {
                    Some(reached) => reached.told.push(Told::new(recorded, told)),
                    None => stages.push(Reached {
                        stage: told.stage,
                        reached_on: told.reached_on.clone(),
                        told: vec![Told::new(recorded, told)],
                    }),
                }
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
