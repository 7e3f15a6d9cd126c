//! Topics and series.

use super::meeting::Meeting;
use super::page::{Asked, Page};
use super::reference::{dossier, those};
use super::row::named;
use super::seen::Seen;
use super::words::Word;
use async_graphql::{Object, Result, SimpleObject};
use rapporteur_domain::id::Slug;
use rapporteur_domain::party::{RegisterSeries, RegisterTopic};
use rapporteur_views::Views;
use rapporteur_views::meetings::Numbering as KeptNumbering;
use rapporteur_views::told::Told;
use std::sync::Arc;

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
        /// How its meetings are numbered, and which numbers are missing.
        async fn numbering(&self) -> Numbering {
            Numbering { views: Arc::clone(&self.seen.views), kept: self.seen.views.meetings.numbering(&self.seen.slug) }
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

/// The numbers of a series.
pub(super) struct Numbering {
    views: Arc<Views>,
    kept: KeptNumbering,
}

/// Numbers that follow on one another.
#[derive(SimpleObject)]
struct NumberRun {
    /// The first of them.
    from: u32,
    /// The last of them; the same where it is one.
    to: u32,
}

/// A number in a series, and what bears it.
struct SeriesNumber {
    views: Arc<Views>,
    number: u32,
    meetings: Vec<Slug>,
}

/// A number in a series, and what bears it.
#[Object]
impl SeriesNumber {
    /// The number.
    async fn number(&self) -> u32 {
        self.number
    }
    /// The meetings that bear it, by slug: several where two claim it.
    async fn meetings(&self) -> Vec<Meeting> {
        those(&self.views, &self.meetings, Meeting::of)
    }
}

impl Numbering {
    fn borne(&self, wanted: impl Fn(&[Slug]) -> bool) -> Vec<SeriesNumber> {
        let borne = self.kept.borne.iter().filter(|(_, meetings)| wanted(meetings));
        borne
            .map(|(number, meetings)| SeriesNumber {
                views: Arc::clone(&self.views),
                number: *number,
                meetings: meetings.clone(),
            })
            .collect()
    }
}

/// How the meetings of a series are numbered.
#[Object(name = "SeriesNumbering")]
impl Numbering {
    /// Every number that a recorded meeting bears, in order.
    async fn numbers(&self) -> Vec<SeriesNumber> {
        self.borne(|_| true)
    }
    /// Numbers that several meetings bear.
    async fn claimed_twice(&self) -> Vec<SeriesNumber> {
        self.borne(|meetings| meetings.len() > 1)
    }
    /// Numbers from 1 up to the last that no recorded meeting bears: not recorded, or not counted so.
    async fn missing(&self) -> Vec<NumberRun> {
        let runs = self.kept.missing.iter();
        runs.map(|(from, to)| NumberRun { from: *from, to: *to }).collect()
    }
    /// Meetings of the series without a number.
    async fn unnumbered(&self) -> Vec<Meeting> {
        those(&self.views, &self.kept.unnumbered, Meeting::of)
    }
}
