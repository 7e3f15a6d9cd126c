//! Values that compete, by the dossier that they are about.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::event::Event;
use rapporteur_domain::rival::RecordRivalValues;
use rapporteur_log::Recorded;
use std::sync::Arc;

/// All values that compete.
#[derive(Clone, Default)]
pub struct Rivals(OrdMap<String, Vector<Told<RecordRivalValues>>>);

impl Rivals {
    /// All of them: by what they are about, then in the order of recording.
    pub fn all(&self) -> impl Iterator<Item = &Told<RecordRivalValues>> {
        self.0.values().flatten()
    }

    /// Those about a dossier or a record in it, in the order of recording.
    pub fn about(&self, dossier: &str) -> impl Iterator<Item = &Told<RecordRivalValues>> {
        self.0.get(dossier).into_iter().flatten()
    }
}

impl View for Rivals {
    const NAME: &'static str = "rivals";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Event::RivalValuesRecorded(told) = event {
            let about = self.0.entry(told.about.dossier().to_owned()).or_default();
            about.push_back(Told::new(recorded, told));
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        for told in self.0.values().flatten() {
            digest.add(told);
        }
        digest.finish()
    }
}
