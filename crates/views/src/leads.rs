//! Leads, and the records that were made of them.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::{OrdMap, OrdSet};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::lead::{CaptureLead, SettleLead};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// Something seen, to be worked out later.
#[derive(Debug, Clone, Serialize)]
pub struct Lead {
    /// How it was captured.
    pub captured: Told<CaptureLead>,
    /// What was made of it, the first recorded first; empty while it waits.
    pub settled: Vec<Told<SettleLead>>,
}

/// All leads by slug, and those behind a dossier.
#[derive(Clone, Default)]
pub struct Leads {
    leads: OrdMap<Slug, Arc<Lead>>,
    behind: OrdMap<String, OrdSet<Slug>>,
}

impl Leads {
    /// The lead of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Lead>> {
        self.leads.get(slug)
    }

    /// The map of all leads by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Lead>> {
        &self.leads
    }

    /// All leads, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Lead>)> + ExactSizeIterator {
        self.leads.iter()
    }

    /// The leads of which a dossier, or a record in it, was made, by slug.
    #[must_use]
    pub fn behind(&self, dossier: &str) -> Option<&OrdSet<Slug>> {
        self.behind.get(dossier)
    }
}

impl View for Leads {
    const NAME: &'static str = "leads";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::LeadCaptured(lead) => {
                let captured = Told::new(recorded, lead);
                let settled = Vec::new();
                self.leads
                    .insert(lead.slug.clone(), Arc::new(Lead { captured, settled }));
            }
            Event::LeadSettled(told) => {
                for made in &told.into {
                    let behind = self.behind.entry(made.dossier().to_owned()).or_default();
                    behind.insert(told.lead.clone());
                }
                if let Some(lead) = self.leads.get_mut(&told.lead) {
                    Arc::make_mut(lead).settled.push(Told::new(recorded, told));
                }
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.leads.iter().for_each(|item| digest.add(&item));
        self.behind.iter().for_each(|(made, leads)| digest.add_row(made, leads));
        digest.finish()
    }
}
