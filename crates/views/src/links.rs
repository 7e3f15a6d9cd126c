//! Links between records, found from either end.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::{OrdMap, Vector};
use rapporteur_domain::claim::LinkRecords;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::RecordRef;
use rapporteur_log::Recorded;
use std::sync::Arc;

/// All links by the records at their ends.
#[derive(Clone, Default)]
pub struct Links {
    from: OrdMap<RecordRef, Vector<Told<LinkRecords>>>,
    to: OrdMap<RecordRef, Vector<Told<LinkRecords>>>,
}

impl Links {
    /// The links that start at a record.
    pub fn from(&self, record: &str) -> impl Iterator<Item = &Told<LinkRecords>> {
        self.from.get(record).into_iter().flatten()
    }

    /// The links that start or end at a dossier or a record in it; one inside it comes twice.
    #[must_use]
    pub fn of_dossier(&self, dossier: &str) -> Vec<&Told<LinkRecords>> {
        let Ok(start) = RecordRef::parse(dossier) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for ends in [&self.from, &self.to] {
            let near = ends
                .range(start.clone()..)
                .take_while(|(record, _)| record.as_str().starts_with(dossier));
            found.extend(
                near.filter(|(record, _)| record.dossier() == dossier)
                    .flat_map(|(_, links)| links),
            );
        }
        found
    }

    /// The links that end at a record.
    pub fn to(&self, record: &str) -> impl Iterator<Item = &Told<LinkRecords>> {
        self.to.get(record).into_iter().flatten()
    }
}

impl View for Links {
    const NAME: &'static str = "links";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Event::RecordsLinked(link) = event {
            self.from
                .entry(link.from.clone())
                .or_default()
                .push_back(Told::new(recorded, link));
            self.to
                .entry(link.to.clone())
                .or_default()
                .push_back(Told::new(recorded, link));
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.from.values().flatten().for_each(|link| digest.add(link));
        self.to.values().flatten().for_each(|link| digest.add(&link.position));
        digest.finish()
    }
}
