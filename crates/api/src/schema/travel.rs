//! Another moment: the fields of the query root as of what was recorded, or what the public could know, by then.

use super::at::At;
use super::compared::Compared;
use super::day::Day;
use super::lists::Lists;
use super::query::Lookups;
use super::upcoming::Diary;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Enum, InputObject, MergedObject, Object, Result, waitable};
use chrono::{DateTime, NaiveDate, Utc};
use rapporteur_desk::Desk;
use rapporteur_views::Views;
use rapporteur_views::moment::{Asked, Moment, Published, Recording};
use rapporteur_views::public::Ground;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A moment of knowledge: what was recorded by then, what the public could know by then, or both.
#[derive(InputObject)]
pub(super) struct MomentInput {
    /// Only what was recorded up to this position, `"1042"`, or this instant, `"2026-01-05T18:00:00Z"`.
    recorded: Option<String>,
    /// Only what was published by the end of this day, each fact from its earliest citation on. Where no citation is dated, the
    /// fact's own date stands in.
    published: Option<Day>,
    /// How sure it must be that it was published by then; goes with `published`. Default: surely.
    r#match: Option<Publicly>,
    /// Leave out what cites nothing dated; goes with `published`. Default: no.
    only_dated: Option<bool>,
}

impl MomentInput {
    /// The moment, read.
    ///
    /// # Errors
    /// It is none, or `recorded` is neither a position nor an instant.
    pub(super) fn asked(self) -> Result<Asked, ApiError> {
        if self.recorded.is_none() && self.published.is_none() {
            return Err(bad("give `recorded`, `published` or both".to_owned()));
        }
        if self.published.is_none() && (self.r#match.is_some() || self.only_dated.is_some()) {
            return Err(bad("`match` and `onlyDated` go with `published`".to_owned()));
        }
        let recorded: Option<Recording> = match self.recorded {
            Some(text) => Some(text.parse().map_err(|_| {
                bad(format!(
                    "`recorded` is `{text}`; write a position, `1042`, or an instant, `2026-01-05T18:00:00Z`"
                ))
            })?),
            None => None,
        };
        let published = self.published.map(|Day(by)| Published {
            by,
            possibly: self.r#match == Some(Publicly::Possibly),
            assumed: !self.only_dated.unwrap_or(false),
        });
        Ok(Asked { recorded, published })
    }
}

/// The query root's way to other moments.
#[derive(Default)]
pub(super) struct Travel;

/// Everything there is to ask, as known at another moment.
#[derive(MergedObject)]
pub(super) struct AsOf(Known, Lookups, Lists, Diary, Compared);

/// Whether something must have been public for sure.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(super) enum Publicly {
    /// Published on the day or before, for sure.
    Surely,
    /// Possibly published by then: what has a vague date, and what nobody can date, counts too.
    Possibly,
}

/// The moment that is shown.
struct Known {
    views: Arc<Views>,
}

/// The moment that is shown.
#[Object]
impl Known {
    /// The moment as a text: `recorded:1042`, `published:2026-01-05`, or both. The terminal's `--as-of` takes it.
    async fn moment(&self) -> String {
        self.views.moment().to_string()
    }
    /// The position of the last event that was looked at.
    async fn position(&self) -> u64 {
        self.views.position()
    }
    /// When that event was recorded; null where there is none.
    async fn recorded_at(&self) -> Option<DateTime<Utc>> {
        Some(self.views.timeline.recorded(self.views.position())?.header.recorded_at)
    }
    /// How many events are known at this moment.
    async fn events(&self) -> usize {
        self.views.timeline.len()
    }
    /// How many of them count from their own date on, because nothing that they cite is dated.
    async fn assumed(&self) -> usize {
        match self.views.moment().published {
            Some(_) => self.views.public.assumed(),
            None => 0,
        }
    }
}

#[Object]
impl Travel {
    /// The same fields as of another moment: what did we know then, what could the public know? `recorded` alone answers as
    /// this store would have answered then; `published` leaves out what was published later; both together say what we knew
    /// of what was public. The effective clock, when things are true in the world, is a filter of each list: `within`.
    async fn as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only what was recorded up to this position, `\"1042\"`, or this instant, `\"2026-01-05T18:00:00Z\"`."
        )]
        recorded: Option<String>,
        #[graphql(
            desc = "Only what was published by the end of this day, each fact from its earliest citation on. Where no citation \
                    is dated, the fact's own date stands in."
        )]
        published: Option<Day>,
        #[graphql(desc = "How sure it must be that it was published by then; goes with `published`. Default: surely.")]
        r#match: Option<Publicly>,
        #[graphql(desc = "Leave out what cites nothing dated; goes with `published`. Default: no.")] only_dated: Option<
            bool,
        >,
    ) -> Result<AsOf> {
        let moment = MomentInput {
            recorded,
            published,
            r#match,
            only_dated,
        };
        let views = seen(ctx, &moment.asked()?).await?;
        Ok(AsOf::new(&views))
    }
}

impl AsOf {
    /// The fields of the root on these views.
    pub(super) fn new(views: &Arc<Views>) -> Self {
        let at = At::of(views);
        let known = Known {
            views: Arc::clone(views),
        };
        Self(
            known,
            Lookups(at.clone()),
            Lists(at.clone()),
            Diary(at.clone()),
            Compared(at),
        )
    }
}

/// How many moments one operation may look at beside the present.
const MOMENTS_MAX: usize = 24;

/// The moments that an operation looked at.
#[derive(Default)]
pub(super) struct Looked(AtomicUsize);

impl Looked {
    /// Counts one more.
    ///
    /// # Errors
    /// There were [`MOMENTS_MAX`] already.
    pub(super) async fn once_more(ctx: &Context<'_>) -> Result<()> {
        waitable().await;
        let Self(looked) = ctx.data::<Self>()?;
        if looked.fetch_add(1, Ordering::Relaxed) < MOMENTS_MAX {
            return Ok(());
        }
        let text = format!(
            "an operation looks at no more than {MOMENTS_MAX} moments, whether by `asOf`, by `whatIf` or by ids that carry \
             one; ask in several operations"
        );
        Err(ApiError::new(ErrorCode::LimitExceeded, text).into())
    }
}

/// The views as of what is asked, folded on a thread that may block.
pub(super) async fn seen(ctx: &Context<'_>, asked: &Asked) -> Result<Arc<Views>> {
    let moment = rapporteur_desk::history::moment(ctx.data::<Arc<Views>>()?, asked);
    views_at(ctx, moment).await
}

/// The views as of a moment: the present costs nothing.
pub(super) async fn views_at(ctx: &Context<'_>, moment: Moment) -> Result<Arc<Views>> {
    let present = Arc::clone(ctx.data::<Arc<Views>>()?);
    if moment.is_present() {
        return Ok(present);
    }
    Looked::once_more(ctx).await?;
    views_of(ctx.data::<Desk>()?.clone(), present, moment).await
}

/// The views as of a moment; where they are not at hand, folded on a thread that may block.
pub(super) async fn views_of(desk: Desk, present: Arc<Views>, moment: Moment) -> Result<Arc<Views>> {
    if let Some(views) = desk.views_at_hand(&present, moment) {
        return Ok(views);
    }
    let found = blocking(move || desk.views_as_of(&present, moment)).await?;
    found.map_err(|beyond| bad(beyond.to_string()).into())
}

/// Does on a thread that may block what would hold others up.
///
/// # Errors
/// It panicked.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    waitable().await;
    tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)
}

fn bad(message: String) -> ApiError {
    ApiError::new(ErrorCode::BadUserInput, message)
}

/// Since when the public could know something.
pub(super) struct PublicSince {
    views: Arc<Views>,
    position: u64,
}

impl PublicSince {
    /// Of the event at this position.
    pub(super) fn new(views: &Arc<Views>, position: u64) -> Option<Self> {
        views.public.of(position)?;
        Some(Self {
            views: Arc::clone(views),
            position,
        })
    }
}

/// Since when the public could know something.
#[Object]
impl PublicSince {
    /// The day from which on it surely was public; null where nobody can say.
    async fn surely(&self) -> Option<Day> {
        self.views.public.since(self.position)?.0.surely.map(Day)
    }
    /// The first day on which it possibly became public; null where nobody can say, and where it may have been at any time.
    async fn possibly(&self) -> Option<Day> {
        let possibly = self.views.public.since(self.position)?.0.possibly;
        possibly.filter(|day| *day != NaiveDate::MIN).map(Day)
    }
    /// What says so.
    async fn ground(&self) -> Option<Word<Ground>> {
        self.views.public.since(self.position).map(|(_, ground)| Word(ground))
    }
}
