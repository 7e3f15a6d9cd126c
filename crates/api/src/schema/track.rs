//! Track records of those who expect something.

use super::claim::{Claim, DayRange};
use super::contradiction::Claimant;
use super::page::{Asked, Page};
use super::round::MedianDays;
use super::row::named;
use async_graphql::{Object, Result};
use rapporteur_views::Views;
use rapporteur_views::expectations::ExpectationState;
use rapporteur_views::track::{Claimant as KeptClaimant, Track};
use std::sync::Arc;

/// The track record of a claimant.
#[derive(Clone)]
pub(super) struct TrackRecord {
    views: Arc<Views>,
    claimant: KeptClaimant,
    track: Track,
}

impl TrackRecord {
    /// What this claimant expected, and what became of it.
    pub(super) fn new(views: &Arc<Views>, claimant: KeptClaimant, track: Track) -> Self {
        Self {
            views: Arc::clone(views),
            claimant,
            track,
        }
    }
}

/// What a claimant expected, and what became of it.
#[Object]
impl TrackRecord {
    /// Who expected it.
    async fn claimant(&self) -> Claimant {
        Claimant::new(&self.views, self.claimant.clone())
    }
    /// How many came within their windows, or before.
    async fn met(&self) -> usize {
        self.track.count(ExpectationState::Met)
    }
    /// How many came too late, or were called off.
    async fn missed(&self) -> usize {
        self.track.count(ExpectationState::Missed)
    }
    /// How many nothing settles, those that are overdue included.
    async fn open(&self) -> usize {
        self.track.count(ExpectationState::Open)
    }
    /// How many of the open ones are overdue: their windows are surely over.
    async fn overdue(&self) -> usize {
        self.track.overdue()
    }
    /// The median slip in days of those that came, early ones negative; null where none came.
    async fn median_slip(&self) -> Option<MedianDays> {
        self.track.median().map(|(least, most)| MedianDays { least, most })
    }
    /// The worst slip in days of those that came; null where none came.
    async fn worst_slip(&self) -> Option<DayRange> {
        self.track.worst().map(|(least, most)| DayRange {
            least: Some(least),
            most: Some(most),
        })
    }
    /// The expectations behind it, by slug.
    async fn expectations(
        &self,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Claim>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let slugs = self.track.0.iter().map(|item| item.slug.clone()).collect();
        Ok(named(&self.views, Some(&slugs), &asked, Claim::of)?)
    }
}
