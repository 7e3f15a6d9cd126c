//! Questions over many records at once.

use super::at::At;
use super::day::Day;
use super::page::{Asked, Page, Total, page};
use super::place::Lettered;
use super::track::TrackRecord;
use async_graphql::{Context, Object, Result};
use rapporteur_views::track::records;

/// Questions over many records at once.
#[derive(Default)]
pub(super) struct Compared(pub(super) At);

/// Questions over many records at once.
#[Object]
impl Compared {
    /// Who expected what, and what became of it: one record for each claimant, parties first, then by name. A claimant is
    /// the speaker to whom a source ascribes the expectation; where it ascribes it to nobody, the outlet that says so, or
    /// the one that it repeats.
    async fn track_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day on which open ones are overdue or not. Default: today, in the desk's time zone.")]
        on: Option<Day>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<TrackRecord>> {
        let views = self.0.views(ctx)?;
        let day = self.0.day(ctx, on)?;
        let records = records(views, day).into_iter().map(|(claimant, track)| {
            let place = Lettered(format!("{}:{}", claimant.kind as u8, claimant.name));
            (place, TrackRecord::new(views, claimant, track))
        });
        let records: Vec<_> = records.collect();
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        Ok(page(&records, Total::Known(records.len()), &asked, |record| record)?)
    }
}
