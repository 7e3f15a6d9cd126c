//! Replay: folding the log into state and views, from any point to its end.

use crate::state::State;
use rapporteur_domain::decide::is_opening;
use rapporteur_domain::event::DecodeError;
use rapporteur_domain::id::Slug;
use rapporteur_log::chain::check;
use rapporteur_log::{Damage, EventLog, Head, InPlace, ReadError, Reading, Recorded};
use rapporteur_views::{Following, How, Views};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// How many events are read at once.
const PAGE: usize = 1_000;
/// How many pages are read ahead.
const AHEAD: usize = 4;
/// From how many events on other threads help.
const MANY: u64 = 4_000;
/// How many events the views that follow are given at once.
const HANDED: usize = 256;

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

/// Calls `each` with every event after `from` up to position `until`, checked and decoded, in order. Where there are many, another
/// thread reads ahead.
///
/// # Errors
/// The log cannot be read, is damaged, or holds what this program cannot understand.
pub fn each(log: &dyn EventLog, from: Head, until: u64, mut each: impl FnMut(Recorded)) -> Result<Head, ReplayError> {
    let mut all = |page: Vec<Recorded>| page.into_iter().for_each(&mut each);
    if until.saturating_sub(from.position) < MANY {
        return pages(log, from, until, |page| {
            all(page);
            true
        });
    }
    thread::scope(|threads| {
        let (ahead, read) = sync_channel(AHEAD);
        let reading = move || pages(log, from, until, |page| ahead.send(page).is_ok());
        match thread::Builder::new()
            .name("replay-read".to_owned())
            .spawn_scoped(threads, reading)
        {
            Ok(reader) => {
                read.into_iter().for_each(all);
                reader.join().unwrap_or_else(|panic| resume_unwind(panic))
            }
            Err(_) => pages(log, from, until, |page| {
                all(page);
                true
            }),
        }
    })
}

/// Gives every event after `from` up to position `until`, page by page, until a page is not wanted any more.
fn pages(
    log: &dyn EventLog,
    mut from: Head,
    until: u64,
    mut each: impl FnMut(Vec<Recorded>) -> bool,
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
        let decoded = page.iter().map(|stored| {
            let position = stored.header.position;
            Recorded::decode(stored).map_err(|source| ReplayError::Decode { position, source })
        });
        if !each(decoded.collect::<Result<_, _>>()?) {
            break;
        }
    }
    Ok(from)
}

/// A fold of events as they are read today. What corrects another is folded in that one's place. An event whose record was
/// moved to a dossier that is opened later waits, and is folded right after what opens it: so every event finds its dossier
/// open, and every fold of one log comes out the same.
pub(crate) struct Fold<'a> {
    state: Option<&'a mut State>,
    views: &'a mut Views,
    waiting: BTreeMap<Slug, Vec<Recorded>>,
    follower: Option<Follower>,
}

/// A thread that folds the views that only follow.
struct Follower {
    handing: SyncSender<Vec<(Arc<Recorded>, How)>>,
    next: Vec<(Arc<Recorded>, How)>,
    thread: JoinHandle<Following>,
}

impl Follower {
    /// Takes those views and begins; where there is no thread to be had, they stay where they are.
    fn begin(views: &mut Views) -> Option<Self> {
        let (handing, handed) = sync_channel::<Vec<_>>(AHEAD);
        let (give, taken) = sync_channel::<Following>(1);
        let follow = move || {
            let mut following = taken.recv().unwrap_or_default();
            let events = handed.into_iter().flatten();
            events.for_each(|(recorded, how): (Arc<Recorded>, How)| following.apply(&recorded, how));
            following
        };
        let thread = thread::Builder::new()
            .name("replay-views".to_owned())
            .spawn(follow)
            .ok()?;
        // The thread waits for them.
        let _waits = give.send(views.take_following());
        Some(Self {
            handing,
            next: Vec::with_capacity(HANDED),
            thread,
        })
    }

    fn take(&mut self, recorded: Arc<Recorded>, how: How) {
        self.next.push((recorded, how));
        if self.next.len() == HANDED {
            self.hand();
        }
    }

    fn hand(&mut self) {
        let next = std::mem::replace(&mut self.next, Vec::with_capacity(HANDED));
        // It is gone only if it panicked, which is told in the end.
        let _gone = self.handing.send(next);
    }

    fn end(mut self) -> Following {
        self.hand();
        drop(self.handing);
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<'a> Fold<'a> {
    pub(crate) fn new(state: Option<&'a mut State>, views: &'a mut Views) -> Self {
        Self {
            state,
            views,
            waiting: BTreeMap::new(),
            follower: None,
        }
    }

    /// The same for so many events: where they are many, another thread folds the views that only follow. Views whose fold does not come
    /// to its [`Fold::end`] are of no more use.
    pub(crate) fn of_many(state: Option<&'a mut State>, views: &'a mut Views, events: u64) -> Self {
        let follower = if events < MANY { None } else { Follower::begin(views) };
        Self {
            follower,
            ..Self::new(state, views)
        }
    }

    /// Takes the next event as stored.
    pub(crate) fn take(&mut self, recorded: Recorded, reading: &Reading) {
        if reading.is_early(recorded.header.position) {
            return;
        }
        self.take_in_place(recorded, reading);
    }

    fn take_in_place(&mut self, recorded: Recorded, reading: &Reading) {
        for source in reading.before(recorded.header.position) {
            self.take_in_place(Recorded::clone(source), reading);
        }
        match reading.in_place(recorded.header.position) {
            InPlace::Itself => {}
            InPlace::Other(right) => self.put(Recorded::clone(&right).placed(reading)),
            InPlace::Nothing if reading.amended(recorded.header.position).is_none() => return,
            InPlace::Nothing => {}
        }
        self.put(recorded.placed(reading));
    }

    /// Folds an event as it is read.
    pub(crate) fn put(&mut self, recorded: Recorded) {
        let slug = recorded.dossier.slug.clone();
        let is_open = |views: &Views| views.timeline.dossier(slug.as_str()).is_some();
        let was_open = is_open(self.views);
        let comes_early = recorded.left.is_some() || recorded.corrects.is_some();
        let needs_it_open = recorded.event.as_ref().is_some_and(|event| !is_opening(event));
        if comes_early && !was_open && needs_it_open {
            self.waiting.entry(slug).or_default().push(recorded);
            return;
        }
        self.fold(recorded);
        if !was_open && is_open(self.views) {
            let waited = self.waiting.remove(&slug).unwrap_or_default();
            waited.into_iter().for_each(|recorded| self.fold(recorded));
        }
    }

    fn fold(&mut self, recorded: Recorded) {
        if let Some(state) = &mut self.state {
            state.apply(&recorded);
        }
        let recorded = Arc::new(recorded);
        match &mut self.follower {
            Some(follower) => {
                let how = self.views.lead(&recorded);
                follower.take(recorded, how);
            }
            None => self.views.apply(&recorded),
        }
    }

    /// Folds what still waits: its dossier was opened by an event that is no longer there to be read.
    pub(crate) fn end(mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let mut waiting: Vec<Recorded> = waiting.into_values().flatten().collect();
        waiting.sort_by_key(|recorded| recorded.header.position);
        waiting.into_iter().for_each(|recorded| self.fold(recorded));
        if let Some(follower) = self.follower.take() {
            self.views.put_following(follower.end());
        }
    }
}

/// Folds what the log holds beyond `state` into state and views. Where something was renamed, merged, moved or amended
/// meanwhile, both are folded anew from the start, as everything is read today.
///
/// # Errors
/// As [`each`]. Then state and views may hold a part of it, and not all in the names of today: they are of no more use.
pub fn follow(
    log: &dyn EventLog,
    state: &mut State,
    views: &mut Views,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ReplayError> {
    let total = log.head()?.position;
    let (mut reading, mut learned) = (state.reading().clone(), false);
    let mut told = |done: u64| {
        if done.is_multiple_of(1_000) || done == total {
            progress(Progress { done, total });
        }
    };
    let (from, known) = (state.head, reading.clone());
    let mut fold = Fold::of_many(Some(state), views, total.saturating_sub(from.position));
    each(log, from, total, |recorded| {
        learned |= reading.learn(&recorded, &|source| registrations(fold.views, source));
        told(recorded.header.position);
        fold.take(recorded, &known);
    })?;
    fold.end();
    if learned {
        (*state, *views) = folded(log, total, reading, &mut told)?;
    } else {
        state.read_on(reading);
    }
    Ok(())
}

/// Folds state and views anew from the start of the log, as everything is read today, up to where `state` is.
///
/// # Errors
/// As [`each`].
pub fn anew(log: &dyn EventLog, state: &State, reading: Reading) -> Result<(State, Views), ReplayError> {
    folded(log, state.head.position, reading, &mut |_| {})
}

fn folded(
    log: &dyn EventLog,
    until: u64,
    reading: Reading,
    told: &mut dyn FnMut(u64),
) -> Result<(State, Views), ReplayError> {
    let (mut state, mut views) = (State::knowing(reading.clone()), Views::default());
    let mut fold = Fold::of_many(Some(&mut state), &mut views, until);
    each(log, Head::EMPTY, until, |recorded| {
        told(recorded.header.position);
        fold.take(recorded, &reading);
    })?;
    fold.end();
    Ok((state, views))
}

/// Folds the log from zero up to `until` into new views.
///
/// # Errors
/// As [`each`].
pub fn rebuild(log: &dyn EventLog, until: u64, progress: &mut dyn FnMut(Progress)) -> Result<Views, ReplayError> {
    let (mut reading, mut learned) = (Reading::default(), false);
    let mut fold = |known: &Reading, learn: &mut dyn FnMut(&Recorded, &Views)| {
        let mut views = Views::default();
        let mut fold = Fold::of_many(None, &mut views, until);
        each(log, Head::EMPTY, until, |recorded| {
            let done = recorded.header.position;
            learn(&recorded, fold.views);
            fold.take(recorded, known);
            if done % 1_000 == 0 || done == until {
                progress(Progress { done, total: until });
            }
        })?;
        fold.end();
        Ok::<_, ReplayError>(views)
    };
    let views = fold(&Reading::default(), &mut |recorded, views| {
        learned |= reading.learn(recorded, &|source| registrations(views, source));
    })?;
    if !learned {
        return Ok(views);
    }
    fold(&reading, &mut |_, _| {})
}

/// The events, as stored, that registered a source in this stream, whether they stand or not. They are told by their headers, so
/// every fold of one log finds the same.
pub(crate) fn registrations(views: &Views, stream: &Slug) -> Vec<Recorded> {
    let moved = views.names.moved();
    let now = moved.slug(stream.as_str()).unwrap_or(stream);
    // Views in the making may have it under any name that it has had.
    let names: BTreeSet<&Slug> = moved.former(now.as_str()).chain([stream, now]).collect();
    let positions = names
        .into_iter()
        .filter_map(|name| views.timeline.positions_of(name.as_str()));
    let positions: BTreeSet<u64> = positions.flatten().copied().collect();
    let told = positions
        .into_iter()
        .filter_map(|position| views.timeline.recorded(position));
    let first = told.filter(|told| {
        let header = &told.header;
        &*header.kind == "source.registered" && header.cause.is_none() && header.dossier.slug == *stream
    });
    first.map(|first| as_stored(first)).collect()
}

/// An event as stored.
pub(crate) fn as_stored(recorded: &Recorded) -> Recorded {
    Recorded::new(recorded.header.clone(), recorded.as_written().cloned())
}
