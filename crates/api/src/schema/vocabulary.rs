//! Topics and series.

use super::meeting::Meeting;
use super::reference::{Seen, dossier};
use super::words::Word;
use rapporteur_domain::party::{RegisterSeries, RegisterTopic};
use rapporteur_views::told::Told;

/// A topic.
pub(super) struct Topic {
    seen: Seen,
    told: Told<RegisterTopic>,
}

impl Topic {
    /// The topic that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let told = seen.views.vocabulary.topics.get(&*seen.slug)?.clone();
        Some(Self { seen, told })
    }
}

dossier! {
    /// A registered topic of the open vocabulary.
    Topic, Topic, {
        /// The label people read.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.told.fact.label.to_string())
        }
        /// The label people read.
        async fn label(&self) -> &str {
            self.told.fact.label.as_str()
        }
        /// What belongs under it.
        async fn summary(&self) -> Option<&str> {
            self.told.fact.summary.as_ref().map(|s| s.as_str())
        }
    }
}

/// A series.
pub(super) struct Series {
    seen: Seen,
    told: Told<RegisterSeries>,
}

impl Series {
    /// The series that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let told = seen.views.vocabulary.series.get(&*seen.slug)?.clone();
        Some(Self { seen, told })
    }
}

dossier! {
    /// A registered series of meetings.
    Series, Series, {
        /// The label people read.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.told.fact.label.to_string())
        }
        /// The label people read.
        async fn label(&self) -> &str {
            self.told.fact.label.as_str()
        }
        /// What belongs to it.
        async fn summary(&self) -> Option<&str> {
            self.told.fact.summary.as_ref().map(|s| s.as_str())
        }
        /// Its meetings, by slug.
        async fn meetings(&self) -> Vec<Meeting> {
            let all = self.seen.views.meetings.all();
            let ours = all.filter(|(_, m)| m.series.as_ref().is_some_and(|s| s.as_str() == &*self.seen.slug));
            ours.filter_map(|(slug, _)| Meeting::of(Seen::new(&self.seen.views, slug.as_str()))).collect()
        }
    }
}
