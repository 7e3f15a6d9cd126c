//! Links between records, found from either end.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::sorted::put;
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::claim::{Likelihood, LinkKind, LinkRecords};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::RecordRef;
use rapporteur_log::Recorded;
use std::sync::Arc;

/// All links by the records at their ends.
#[derive(Clone, Default)]
pub struct Links {
    from: OrdMap<RecordRef, Vector<Told<LinkRecords>>>,
    to: OrdMap<RecordRef, Vector<Told<LinkRecords>>>,
    of_dossier: OrdMap<String, Vector<Told<LinkRecords>>>,
}

/// Whether a link says that both ends cannot be right, and the desk does not hold that unlikely.
pub(crate) fn is_contradiction(told: &Told<LinkRecords>) -> bool {
    told.fact.link == LinkKind::Contradicts && told.fact.likelihood != Some(Likelihood::Unlikely)
}

impl Links {
    /// All links, by the records from which they start, then in the order of recording.
    pub fn all(&self) -> impl Iterator<Item = &Told<LinkRecords>> {
        self.from.values().flatten()
    }

    /// The links that start at a record.
    pub fn from(&self, record: &str) -> impl Iterator<Item = &Told<LinkRecords>> {
        self.from.get(record).into_iter().flatten()
    }

    /// The links that start or end at a dossier or a record in it, in the order of recording, each once.
    #[must_use]
    pub fn of_dossier(&self, dossier: &str) -> Option<&Vector<Told<LinkRecords>>> {
        self.of_dossier.get(dossier)
    }

    /// The links that end at a record.
    pub fn to(&self, record: &str) -> impl Iterator<Item = &Told<LinkRecords>> {
        self.to.get(record).into_iter().flatten()
    }
}

impl View for Links {
    const NAME: &'static str = "links";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Event::RecordsLinked(link) = event {
            let told = Told::new(recorded, link);
            put(self.from.entry(link.from.clone()).or_default(), told.clone(), |told| {
                told.position
            });
            put(self.to.entry(link.to.clone()).or_default(), told.clone(), |told| {
                told.position
            });
            let (start, end) = (link.from.dossier(), link.to.dossier());
            if start != end {
                let ending = self.of_dossier.entry(end.to_owned()).or_default();
                put(ending, told.clone(), |told| told.position);
            }
            put(self.of_dossier.entry(start.to_owned()).or_default(), told, |told| {
                told.position
            });
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.from.values().flatten().for_each(|link| digest.add(link));
        self.to.values().flatten().for_each(|link| digest.add(&link.position));
        for (dossier, links) in &self.of_dossier {
            digest.add_row(dossier, links.iter().map(|link| &link.position));
        }
        digest.finish()
    }
}
