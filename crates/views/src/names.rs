//! Names: what dossiers are called elsewhere, and what they are called from now on.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::naming::{RecordAlias, RetitleDossier};
use rapporteur_log::Recorded;
use std::sync::Arc;

/// The names that dossiers were given after they were opened.
#[derive(Clone, Default)]
pub struct Names {
    aliases: OrdMap<Slug, Vector<Told<RecordAlias>>>,
    titles: OrdMap<Slug, Vector<Told<RetitleDossier>>>,
}

impl Names {
    /// Other names of a dossier, in the order of recording.
    pub fn aliases(&self, dossier: &str) -> impl Iterator<Item = &Told<RecordAlias>> {
        self.aliases.get(dossier).into_iter().flatten()
    }

    /// The titles that a dossier was given since it was opened; the last one stands.
    pub fn titles(&self, dossier: &str) -> impl DoubleEndedIterator<Item = &Told<RetitleDossier>> {
        self.titles.get(dossier).into_iter().flatten()
    }
}

impl View for Names {
    const NAME: &'static str = "names";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::AliasRecorded(told) => {
                let aliases = self.aliases.entry(told.dossier.clone()).or_default();
                aliases.push_back(Told::new(recorded, told));
            }
            Event::DossierRetitled(told) => {
                let titles = self.titles.entry(told.dossier.clone()).or_default();
                titles.push_back(Told::new(recorded, told));
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.aliases.values().flatten().for_each(|told| digest.add(told));
        self.titles.values().flatten().for_each(|told| digest.add(told));
        digest.finish()
    }
}
