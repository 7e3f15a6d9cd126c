//! Sources: publications and how often they are cited.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::OrdMap;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::party::RegisterSource;
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A publication.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// How it was registered.
    pub registered: Told<RegisterSource>,
    /// How many events cite it.
    pub cited: u32,
}

/// All sources by slug.
#[derive(Clone, Default)]
pub struct Sources(OrdMap<Slug, Arc<Source>>);

impl Sources {
    /// The source of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Source>> {
        self.0.get(slug)
    }

    /// The map of all sources by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Source>> {
        &self.0
    }

    /// All sources, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Source>)> + ExactSizeIterator {
        self.0.iter()
    }

    /// Counts what an event cites, each source once.
    fn cite(&mut self, event: &Event) {
        let citations = event.fact().citations().into_iter();
        let mut cited: Vec<&Slug> = citations.map(|c| &c.source).collect();
        cited.sort();
        cited.dedup();
        for slug in cited {
            if let Some(source) = self.0.get_mut(slug) {
                Arc::make_mut(source).cited += 1;
            }
        }
    }
}

impl View for Sources {
    const NAME: &'static str = "sources";
    const VERSION: u32 = 3;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        if let Event::SourceRegistered(source) = event {
            self.0.insert(
                source.slug.clone(),
                Arc::new(Source {
                    registered: Told::new(recorded, source),
                    cited: 0,
                }),
            );
        }
        self.cite(event);
    }

    /// What opened a dossier that was merged into another cites what it cites.
    fn apply_merged(&mut self, _recorded: &Arc<Recorded>, event: &Event) {
        self.cite(event);
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
