//! Registered topics and series.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::told::Told;
use imbl::OrdMap;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::Slug;
use rapporteur_domain::party::{RegisterSeries, RegisterTopic};
use rapporteur_log::Recorded;
use std::sync::Arc;

/// Topics and series by slug.
#[derive(Clone, Default)]
pub struct Vocabulary {
    /// Topics.
    pub topics: OrdMap<Slug, Told<RegisterTopic>>,
    /// Series of meetings.
    pub series: OrdMap<Slug, Told<RegisterSeries>>,
}

impl View for Vocabulary {
    const NAME: &'static str = "vocabulary";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::TopicRegistered(topic) => {
                self.topics.insert(topic.slug.clone(), Told::new(recorded, topic));
            }
            Event::SeriesRegistered(series) => {
                self.series.insert(series.slug.clone(), Told::new(recorded, series));
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.topics.iter().for_each(|item| digest.add(&item));
        self.series.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
