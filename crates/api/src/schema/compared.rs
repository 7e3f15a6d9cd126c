//! Questions over many records at once.

use super::at::At;
use super::contradiction::{Contradiction, ContradictionFilter};
use super::day::Day;
use super::filter::{RoundFilter, recorded};
use super::lists::rounds_passing;
use super::page::{Asked, Page, Total, page};
use super::place::Lettered;
use super::round::in_order;
use super::rounds::{AlignmentLag, RoundComparison};
use super::track::TrackRecord;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Object, Result};
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_domain::round::Stage;
use rapporteur_views::Views;
use rapporteur_views::alignment::lag;
use rapporteur_views::days::compare;
use rapporteur_views::track::records;

/// Questions over many records at once.
#[derive(Default)]
pub(super) struct Compared(pub(super) At);

/// Questions over many records at once.
#[Object]
impl Compared {
    /// Values that compete, as sets: rival values, rival dates of a stage, counts that differ, records linked as
    /// contradicting one another. By kind, then by what they are about.
    async fn contradictions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which contradictions to show; all where nothing is given.")] filter: Option<
            ContradictionFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Contradiction>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let views = self.0.views(ctx)?;
        Ok(Contradiction::passing(views, &filter.unwrap_or_default(), &asked)?)
    }

    /// Rounds against one another by the days between two stages: the shortest first, with places, median and extremes.
    async fn round_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage from which to count, e.g. `PROPOSED`.")] from: Word<Stage>,
        #[graphql(
            desc = "The stage to which to count, e.g. `ADOPTED`: another one, and none that always comes before."
        )]
        to: Word<Stage>,
        #[graphql(name = "where", desc = "Which rounds to compare; all where nothing is given.")] filter: Option<
            RoundFilter,
        >,
    ) -> Result<RoundComparison> {
        in_order(from, to)?;
        let views = self.0.views(ctx)?;
        let wanted = rounds_passing(views, filter.unwrap_or_default())?;
        let rounds = views.rounds.all().filter(|(_, round)| wanted(round));
        Ok(RoundComparison::new(views, compare(rounds, from.0, to.0)))
    }

    /// How long the rounds of one sender come after those of another which they mirror: days from adoption to adoption.
    /// A joint round counts for each of its senders.
    async fn alignment_lag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the sender whose rounds mirror, e.g. `ch`.")] sender: String,
        #[graphql(desc = "The slug of the sender whose rounds are mirrored, e.g. `eu`.")] behind: String,
    ) -> Result<AlignmentLag> {
        let views = self.0.views(ctx)?;
        let (sender, behind) = (named(views, sender, "sender")?, named(views, behind, "behind")?);
        Ok(AlignmentLag::new(views, lag(&views.rounds, &sender, &behind)))
    }

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

/// The party of this slug.
fn named(views: &Views, slug: String, field: &str) -> Result<Slug, ApiError> {
    let none = || ApiError::new(ErrorCode::BadUserInput, format!("`{field}` is empty; name a party"));
    let found = recorded(views, Some(DossierKind::Party), &[slug], field)?;
    found.into_iter().next().ok_or_else(none)
}
