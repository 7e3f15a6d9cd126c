//! Legal acts: which round they belong to, and what amends what.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::sorted::put_slug;
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::act::RecordAct;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_log::Recorded;
use std::sync::Arc;

/// All acts by slug.
#[derive(Clone, Default)]
pub struct Acts {
    acts: OrdMap<Slug, Told<RecordAct>>,
    of_round: OrdMap<Slug, Vector<Slug>>,
    amending: OrdMap<Slug, Vector<Slug>>,
}

impl Acts {
    /// The act of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Told<RecordAct>> {
        self.acts.get(slug)
    }

    /// The map of all acts by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Told<RecordAct>> {
        &self.acts
    }

    /// All acts, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Told<RecordAct>)> + ExactSizeIterator {
        self.acts.iter()
    }

    /// The acts of a round, in the order of recording.
    pub fn of_round(&self, round: &str) -> impl Iterator<Item = &Slug> {
        self.of_round.get(round).into_iter().flatten()
    }

    /// The acts that amend this one, in the order of recording.
    #[must_use]
    pub fn amending(&self, act: &str) -> Option<&Vector<Slug>> {
        self.amending.get(act)
    }

    /// Lists an act that is recorded with the rounds and the acts that `told` names.
    fn index(&mut self, told: &RecordAct) {
        let acts = &self.acts;
        let position = |slug: &Slug| acts.get(slug).map(|act| act.position);
        for round in &told.rounds {
            put_slug(self.of_round.entry(round.clone()).or_default(), &told.slug, position);
        }
        for amended in told.amends.iter().filter(|amended| **amended != told.slug) {
            put_slug(self.amending.entry(amended.clone()).or_default(), &told.slug, position);
        }
    }
}

impl View for Acts {
    const NAME: &'static str = "acts";
    const VERSION: u32 = 3;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        let Event::ActRecorded(act) = event else { return };
        self.acts.insert(act.slug.clone(), Told::new(recorded, act));
        self.index(act);
    }

    /// What was merged into an act is one with it: the rounds that it belongs to and the acts that it amends know it.
    fn apply_merged(&mut self, _recorded: &Arc<Recorded>, event: &Event) {
        if let Event::ActRecorded(act) = event {
            self.index(act);
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.acts.iter().for_each(|item| digest.add(&item));
        for (slug, acts) in self.of_round.iter().chain(&self.amending) {
            digest.add_row(slug, acts);
        }
        digest.finish()
    }
}
