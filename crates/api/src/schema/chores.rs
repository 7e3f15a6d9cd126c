//! Chores of the store: rebuilding the views and checking all that is stored, begun by mutations and looked at in `store`.

use crate::http::ApiError;
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use rapporteur_desk::check::Verified;
use rapporteur_desk::chores::{Chore, Chores};
use rapporteur_desk::desk::Rebuilt;
use rapporteur_desk::{Desk, DeskError};
use std::time::Duration;

/// How long a mutation waits for the chore that it begins. A request may take 30 seconds in all.
const WAIT: Duration = Duration::from_secs(20);

/// A rebuild of every view from the log, beside the live ones.
#[derive(SimpleObject)]
pub(super) struct Rebuild {
    /// When it began.
    began_at: DateTime<Utc>,
    /// When it ended; null while it goes on.
    ended_at: Option<DateTime<Utc>>,
    /// How many events are folded so far.
    done: u64,
    /// How many there are to be folded.
    total: u64,
    /// Why it came to nothing; the views are served as before.
    error: Option<String>,
    /// The position that live and rebuilt views were compared at; null while it goes on.
    position: Option<u64>,
    /// Whether every digest came out the same; null while it goes on.
    same: Option<bool>,
    /// Whether the rebuilt views are served from then on; null while it goes on. They are not where a rename, a merge, a move or
    /// an amendment had all folded anew while they were being made.
    taken_over: Option<bool>,
    /// Every view; null while it goes on.
    views: Option<Vec<RebuiltView>>,
}

/// A view before and after a rebuild.
#[derive(SimpleObject)]
pub(super) struct RebuiltView {
    /// The view's name.
    name: String,
    /// The digest as served.
    live: String,
    /// The digest rebuilt from the log.
    rebuilt: String,
}

/// A check of all that is stored: every file, checksum and event, and the chain. Each event is read twice.
#[derive(SimpleObject)]
pub(super) struct Verification {
    /// When it began.
    began_at: DateTime<Utc>,
    /// When it ended; null while it goes on.
    ended_at: Option<DateTime<Utc>>,
    /// How many reads of an event are done.
    done: u64,
    /// How many there will be: two for each event.
    total: u64,
    /// Why it came to nothing.
    error: Option<String>,
    /// Whether all is there that has to be; null while it goes on.
    whole: Option<bool>,
    /// The position that was checked up to; null while it goes on.
    position: Option<u64>,
    /// The hash of the event there; null while it goes on.
    hash: Option<String>,
    /// How many chunks of the store were found whole; null while it goes on.
    chunks: Option<u64>,
    /// What is stored otherwise than it was written, in words, at most 101; null while it goes on.
    damages: Option<Vec<String>>,
    /// Events whose payload is gone, as an event says it had to; null while it goes on, and where something is damaged.
    redacted: Option<Vec<Redaction>>,
    /// Positions whose payload is gone, and no event says that it had to.
    unlawful: Option<Vec<u64>>,
    /// Positions of which an event says that the payload had to go, and that still have it: opening the store takes it out.
    owed: Option<Vec<u64>>,
}

/// A payload that was lawfully taken out of the log.
#[derive(SimpleObject)]
pub(super) struct Redaction {
    /// The event's position.
    position: u64,
    /// The position of the event that says so.
    by: u64,
}

impl Rebuild {
    /// Begins one, unless one is running, and waits for it a while.
    pub(super) async fn begin(desk: &Desk) -> Result<Self, ApiError> {
        let chore = awaited(desk.rebuilds(), || desk.begin_rebuild()).await?;
        Ok(Self::of(&chore))
    }

    /// The last one since the program was started.
    pub(super) fn last(desk: &Desk) -> Option<Self> {
        desk.rebuilds().last().as_ref().map(Self::of)
    }

    fn of(chore: &Chore<Rebuilt>) -> Self {
        let result = chore.result.as_deref();
        let found = result.and_then(|result| result.as_ref().ok());
        let view = |(name, live, rebuilt): &(&str, _, _)| RebuiltView {
            name: (*name).to_owned(),
            live: format!("{live}"),
            rebuilt: format!("{rebuilt}"),
        };
        Self {
            began_at: chore.began,
            ended_at: chore.ended,
            done: chore.progress.done,
            total: chore.progress.total,
            error: result.and_then(|result| result.as_ref().err().cloned()),
            position: found.map(|found| found.position),
            same: found.map(Rebuilt::same),
            taken_over: found.map(|found| found.taken_over),
            views: found.map(|found| found.views.iter().map(view).collect()),
        }
    }
}

impl Verification {
    /// Begins one, unless one is running, and waits for it a while.
    pub(super) async fn begin(desk: &Desk) -> Result<Self, ApiError> {
        let chore = awaited(desk.checks(), || desk.begin_check()).await?;
        Ok(Self::of(&chore))
    }

    /// The last one since the program was started.
    pub(super) fn last(desk: &Desk) -> Option<Self> {
        desk.checks().last().as_ref().map(Self::of)
    }

    fn of(chore: &Chore<Verified>) -> Self {
        let result = chore.result.as_deref();
        let found = result.and_then(|result| result.as_ref().ok());
        let report = found.map(|found| &found.report);
        let events = found.and_then(|found| found.events.as_ref());
        let redacted = |(position, by): (&u64, &u64)| Redaction {
            position: *position,
            by: *by,
        };
        Self {
            began_at: chore.began,
            ended_at: chore.ended,
            done: chore.progress.done,
            total: chore.progress.total,
            error: result.and_then(|result| result.as_ref().err().cloned()),
            whole: found.map(Verified::is_whole),
            position: report.map(|report| report.head.position),
            hash: report.map(|report| report.head.hash.to_string()),
            chunks: report.map(|report| report.chunks),
            damages: report.map(|report| report.damages.clone()),
            redacted: events.map(|events| events.redacted.iter().map(redacted).collect()),
            unlawful: events.map(|events| events.unlawful.iter().copied().collect()),
            owed: events.map(|events| events.owed.iter().copied().collect()),
        }
    }
}

/// Begins a chore unless one is running, and waits until it ends, or a while.
async fn awaited<T: Send + Sync + 'static>(
    chores: &Chores<T>,
    begin: impl FnOnce() -> Result<(), DeskError>,
) -> Result<Chore<T>, ApiError> {
    begin().map_err(ApiError::internal)?;
    let last = || {
        chores
            .last()
            .ok_or_else(|| ApiError::internal("the chore that was begun is gone"))
    };
    let waiting = async {
        loop {
            let ended = chores.ended();
            if last()?.ended.is_some() {
                return Ok::<_, ApiError>(());
            }
            ended.await;
        }
    };
    if let Ok(waited) = tokio::time::timeout(WAIT, waiting).await {
        waited?;
    }
    last()
}
