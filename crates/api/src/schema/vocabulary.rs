//! Topics and series.

use super::meeting::Meeting;
use super::page::{Asked, Page};
use super::reference::{Seen, dossier};
use super::row::named;
use super::words::Word;
use async_graphql::Result;
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
        async fn meetings(
            &self,
            #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
            first: Option<i32>,
            #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
            #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
            #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        ) -> Result<Page<Meeting>> {
            let asked = Asked { first, after, last, before };
            let meetings = self.seen.views.meetings.of_series(&self.seen.slug);
            Ok(named(&self.seen.views, meetings, &asked, Meeting::of)?)
        }
    }
}
