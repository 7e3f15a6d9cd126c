//! Replay: folding the log into state and views, from any point to its end.

use crate::state::State;
use rapporteur_domain::event::DecodeError;
use rapporteur_domain::moved::Moved;
use rapporteur_log::chain::check;
use rapporteur_log::{Damage, EventLog, Head, ReadError, Recorded};
use rapporteur_views::Views;
use std::sync::Arc;

/// How many events are read at once.
const PAGE: usize = 1_000;

/// How far a replay has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Events folded so far.
    pub done: u64,
    /// Events there are.
    pub total: u64,
}

/// A replay that did not reach the end.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The engine could not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The chain is broken.
    #[error("the log is damaged; run `rapporteur verify`")]
    Damaged(#[from] Damage),
    /// An event cannot be understood.
    #[error("the event at position {position} cannot be understood")]
    Decode {
        /// The event's position.
        position: u64,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// The log ends before the position it says it ends at.
    #[error("the log gives no events after position {after}, and says that it ends at {head}")]
    Short {
        /// The last position read.
        after: u64,
        /// The head it reports.
        head: u64,
    },
}

/// Calls `each` with every event after `from` up to position `until`, checked and decoded, in order.
///
/// # Errors
/// The log cannot be read, is damaged, or holds what this program cannot understand.
pub fn each(
    log: &dyn EventLog,
    mut from: Head,
    until: u64,
    mut each: impl FnMut(Recorded),
) -> Result<Head, ReplayError> {
    while from.position < until {
        let most = usize::try_from(until - from.position).unwrap_or(PAGE).min(PAGE);
        let page = log.read(from.position, most)?;
        if page.is_empty() {
            return Err(ReplayError::Short {
                after: from.position,
                head: until,
            });
        }
        from = check(&from, &page)?;
        for stored in &page {
            let position = stored.header.position;
            each(Recorded::decode(stored).map_err(|source| ReplayError::Decode { position, source })?);
        }
    }
    Ok(from)
}

/// Folds what the log holds beyond `state` into state and views. Where something was renamed or merged meanwhile, both are
/// folded anew from the start, in the names of today.
///
/// # Errors
/// As [`each`].
pub fn follow(
    log: &dyn EventLog,
    state: &mut State,
    views: &mut Views,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ReplayError> {
    let total = log.head()?.position;
    let (mut moved, mut learned) = (state.moved().clone(), false);
    let mut fold = |from: Head, state: &mut State, views: &mut Views, moved: &mut Moved, learned: &mut bool| {
        each(log, from, total, |recorded| {
            let done = recorded.header.position;
            *learned |= learn(moved, &recorded);
            let recorded = recorded.placed(state.moved());
            state.apply(&recorded);
            views.apply(&Arc::new(recorded));
            if done % 1_000 == 0 || done == total {
                progress(Progress { done, total });
            }
        })
    };
    fold(state.head, state, views, &mut moved, &mut learned)?;
    if learned {
        (*state, *views) = (State::knowing(moved.clone()), Views::default());
        fold(Head::EMPTY, state, views, &mut moved.clone(), &mut learned)?;
    }
    Ok(())
}

/// Folds state and views anew from the start of the log, in the names of today, up to where `state` is.
///
/// # Errors
/// As [`each`].
pub fn anew(log: &dyn EventLog, state: &State, moved: Moved) -> Result<(State, Views), ReplayError> {
    let (until, mut folded, mut views) = (state.head.position, State::knowing(moved), Views::default());
    each(log, Head::EMPTY, until, |recorded| {
        let recorded = recorded.placed(folded.moved());
        folded.apply(&recorded);
        views.apply(&Arc::new(recorded));
    })?;
    Ok((folded, views))
}

/// Learns what an event as stored renames or merges; false where it does neither.
pub fn learn(moved: &mut Moved, recorded: &Recorded) -> bool {
    let event = recorded.as_written();
    event.is_some_and(|event| moved.learn(event, recorded.header.position))
}

/// Folds the log from zero up to `until` into new views.
///
/// # Errors
/// As [`each`].
pub fn rebuild(log: &dyn EventLog, until: u64, progress: &mut dyn FnMut(Progress)) -> Result<Views, ReplayError> {
    let (mut moved, mut learned) = (Moved::default(), false);
    let mut fold = |names: &Moved, moved: &mut Moved, learned: &mut bool| {
        let mut views = Views::default();
        each(log, Head::EMPTY, until, |recorded| {
            let done = recorded.header.position;
            *learned |= learn(moved, &recorded);
            views.apply(&Arc::new(recorded.placed(names)));
            if done % 1_000 == 0 || done == until {
                progress(Progress { done, total: until });
            }
        })?;
        Ok::<_, ReplayError>(views)
    };
    let views = fold(&Moved::default(), &mut moved, &mut learned)?;
    if !learned {
        return Ok(views);
    }
    let names = moved.clone();
    fold(&names, &mut moved, &mut learned)
}
