//! The query root: single things, the store, and the lists of [`super::lists`].

use super::act::Act;
use super::at::At;
use super::changes::Since;
use super::chores::{Rebuild, Verification};
use super::claim::{Claim, Happening};
use super::commitment::Commitment;
use super::compared::Compared;
use super::diff::PlanDiff;
use super::entry::{Entry, Event};
use super::filter::{MeetingFilter, TimelineFilter};
use super::issue::Issue;
use super::lead::Lead;
use super::lists::{Lists, passing};
use super::meeting::Meeting;
use super::meetings::MeetingSummary;
use super::node::{Node, node};
use super::page::Page;
use super::party::{Party, Source};
use super::permalink::Links;
use super::plan::Plan;
use super::reference::Dossier;
use super::round::Round;
use super::search::{SearchHit, search};
use super::seen::Seen;
use super::travel::Travel;
use super::upcoming::Diary;
use super::what_if::Suppose;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, ID, MergedObject, Object, Result, SimpleObject};
use rapporteur_desk::Desk;
use rapporteur_views::Views;
use std::sync::Arc;

/// Everything there is to ask, as known now. One query sees one moment: no event comes in between.
#[derive(MergedObject, Default)]
pub(super) struct Query(Lookups, Lists, Diary, Compared, Travel, Since, Links, Suppose);

/// One thing by its slug, position or global id.
#[derive(Default)]
pub(super) struct Lookups(pub(super) At);

/// A view and its digest.
#[derive(SimpleObject)]
struct ViewState {
    /// The view's name.
    name: String,
    /// BLAKE3 over every visible field. Rebuilding from the log must give the same.
    digest: String,
}

/// The store: how far the log goes, and what the views made of it.
struct Store {
    views: Arc<Views>,
    desk: Desk,
}

/// The store: how far the log goes, and what the views made of it.
#[Object]
impl Store {
    /// The last event's position; 0 while the log is empty.
    async fn position(&self) -> u64 {
        self.views.position()
    }
    /// The last event's hash; null while the log is empty.
    async fn hash(&self) -> Option<String> {
        Some(
            self.views
                .timeline
                .recorded(self.views.position())?
                .header
                .hash
                .to_string(),
        )
    }
    /// The desk's time zone, as an IANA name: it decides what day "today" is.
    async fn zone(&self) -> &'static str {
        self.desk.zone().name()
    }
    /// The day that it is where the desk is, as EDTF.
    async fn today(&self) -> String {
        self.desk.today().format("%Y-%m-%d").to_string()
    }
    /// The last `rebuildViews` since the program was started, running or ended; null where there was none.
    async fn rebuild(&self) -> Option<Rebuild> {
        Rebuild::last(&self.desk)
    }
    /// The last `verifyStore` since the program was started, running or ended; null where there was none.
    async fn verification(&self) -> Option<Verification> {
        Verification::last(&self.desk)
    }
    /// Every view with its digest. Costs a pass over all of it.
    async fn views(&self) -> Vec<ViewState> {
        let digests = self.views.digests().into_iter();
        digests
            .map(|(name, digest)| ViewState {
                name: name.to_owned(),
                digest: digest.to_string(),
            })
            .collect()
    }
}

/// One thing by its slug, position or global id.
#[Object]
impl Lookups {
    /// What these words find in names and aliases, titles, original words, summaries and sources, best first: every word
    /// has to be there, the last one may go on. Case, diacritics and the script of a name make no difference: `Zelensky`,
    /// `Zelenskyy` and `Зеленський` are the same word. At most 1,000 hits can be paged through; `totalCount` counts all.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words, or the beginning of what is being typed: at most 200 bytes.")] text: String,
        #[graphql(
            name = "where",
            desc = "Which entries to look in, as on the timeline; a dossier is found where any of its entries passes."
        )]
        filter: Option<TimelineFilter>,
        #[graphql(desc = "The most hits to give, from the best or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Page<SearchHit>> {
        search(ctx, self.0.views(ctx)?, text, filter, first, after).await
    }

    /// The dossier of this slug, of whatever kind; null means: no record.
    async fn dossier(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Dossier>> {
        Ok(Dossier::of(Seen::new(self.0.views(ctx)?, &slug)))
    }

    /// The party of this slug; null means: no record.
    async fn party(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Party>> {
        Ok(Party::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The source of this slug; null means: no record.
    async fn source(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Source>> {
        Ok(Source::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The plan of this slug; null means: no record. A version is no plan: `planVersion` of the plan gives it.
    async fn plan(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Plan>> {
        let views = self.0.views(ctx)?;
        if slug.contains('/') {
            return Err(PlanDiff::not_a_plan(views, &slug).into());
        }
        Ok(Plan::of(Seen::new(views, &slug)))
    }
    /// One version of a plan against another, of the same plan or of another, point by point: what was kept, changed,
    /// dropped and added, and on what ground. What is not recorded is not guessed: it is `UNKNOWN`.
    async fn plan_diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version compared from: `us-plan/28`.")] from: String,
        #[graphql(desc = "The version compared to: `us-plan/20`, or one of another plan.")] to: String,
    ) -> Result<PlanDiff> {
        Ok(PlanDiff::between(self.0.views(ctx)?, &from, &to)?)
    }
    /// The meeting of this slug; null means: no record.
    async fn meeting(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Meeting>> {
        Ok(Meeting::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// What a set of meetings comes to: how many, between which days, which was the first and which the last.
    async fn meeting_summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which meetings to count; all where nothing is given.")] filter: Option<
            MeetingFilter,
        >,
    ) -> Result<MeetingSummary> {
        let views = self.0.views(ctx)?;
        let filter = filter.unwrap_or_default();
        let wanted = passing(views, filter)?;
        let meetings = views.meetings.by_slug().values().filter(|meeting| wanted(meeting));
        Ok(MeetingSummary::of(views, meetings))
    }
    /// The sanctions round of this slug; null means: no record.
    async fn round(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Round>> {
        Ok(Round::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The issue of this slug; null means: no record.
    async fn issue(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Issue>> {
        Ok(Issue::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The commitment of this slug; null means: no record.
    async fn commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug.")] slug: String,
    ) -> Result<Option<Commitment>> {
        Ok(Commitment::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The claim or expectation of this slug; null means: no record.
    async fn claim(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Claim>> {
        Ok(Claim::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The happening of this slug; null means: no record.
    async fn happening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug.")] slug: String,
    ) -> Result<Option<Happening>> {
        Ok(Happening::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The legal act of this slug; null means: no record.
    async fn act(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Act>> {
        Ok(Act::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The lead of this slug; null means: no record.
    async fn lead(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Lead>> {
        Ok(Lead::of(Seen::new(self.0.views(ctx)?, &slug)))
    }
    /// The entry made from the event at this position; null means: no record, or one that does not stand any more.
    async fn entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event's position.")] position: u64,
    ) -> Result<Option<Entry>> {
        let views = self.0.views(ctx)?;
        Ok(views.timeline.entry(position).map(|line| Entry::new(views, line)))
    }

    /// The event at this position of the log, as recorded; null means: the log does not go so far.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event's position.")] position: u64,
    ) -> Result<Option<Event>> {
        let views = self.0.views(ctx)?;
        Ok(views
            .timeline
            .recorded(position)
            .map(|recorded| Event::new(views, recorded)))
    }

    /// Relay: the thing with this global id; null if there is none.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id from an `id` field.")] id: ID,
    ) -> Result<Option<Node>> {
        node(ctx, self.0.views(ctx)?, &id).await
    }

    /// Relay: the things with these global ids, in order; null where there is none. At most 200.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids from `id` fields.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > 200 {
            return Err(ApiError::new(
                ErrorCode::BadUserInput,
                format!("{} ids; at most 200 are looked up at once", ids.len()),
            )
            .into());
        }
        let views = self.0.views(ctx)?;
        let mut found = Vec::with_capacity(ids.len());
        for id in &ids {
            found.push(node(ctx, views, id).await?);
        }
        Ok(found)
    }

    /// How far the log goes, and the views' digests.
    async fn store(&self, ctx: &Context<'_>) -> Result<Store> {
        Ok(Store {
            views: Arc::clone(self.0.views(ctx)?),
            desk: ctx.data::<Desk>()?.clone(),
        })
    }
}
