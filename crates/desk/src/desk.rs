//! The desk: where commands come in and snapshots of the views go out.

use crate::check::{self, Verified};
use crate::chores::Chores;
use crate::export::{Export, ExportError, Exported};
use crate::extract::Extract;
use crate::history::{self, BeyondHead, History};
use crate::outcome::Outcome;
use crate::replay::{self, Progress, ReplayError};
use crate::sequencer::{Batch, Job, Proposal, Sequencer, Task};
use crate::state::State;
use crate::supposing::Supposition;
use crate::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use crate::sync::thread::{Builder, JoinHandle};
use crate::sync::{self, Mutex};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use event_listener::{Event as Bell, EventListener};
use rapporteur_log::chain::SealError;
use rapporteur_log::{AppendError, EventLog, Payload, ReadError, RedactError};
use rapporteur_views::Views;
use rapporteur_views::amendments::AmendmentKind;
use rapporteur_views::digest::Digest;
use rapporteur_views::moment::{Asked, Moment};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

/// The machine's clock, or a test's.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How many batches may wait for the sequencer before callers are turned away.
const WAITING_MAX: usize = 8_192;

/// Why the desk could not do its work. None of these is the caller's fault: refusals are outcomes.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The log could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The log could not be read back.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// An event could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An event could not be encoded.
    #[error(transparent)]
    Encode(#[from] rapporteur_domain::event::EncodeError),
    /// Other writers won every race for the head.
    #[error("other writers kept appending first; nothing was written, try again")]
    Raced,
    /// The log could not be read to catch up with it.
    #[error("the log could not be read to follow what was recorded last; nothing was written, try again in a moment")]
    Behind(#[source] Arc<ReplayError>),
    /// Too many batches wait already.
    #[error("the desk has {WAITING_MAX} batches waiting; nothing was written, try again in a moment")]
    Busy,
    /// The sequencer has stopped.
    #[error(
        "the desk has stopped; nothing is known of this batch, start rapporteur again and send it with the same idempotency key"
    )]
    Stopped,
    /// The machine gives no random bytes.
    #[error("the machine gives no random bytes: {0}")]
    Random(String),
    /// The machine gives no thread.
    #[error("the machine gives no thread: {0}; try again in a moment")]
    Thread(String),
    /// A receipt's event is not in the views.
    #[error("an event was written and is missing from the views; run `rapporteur rebuild`")]
    Lost,
    /// An error that a whole group met.
    #[error(transparent)]
    Shared(Arc<DeskError>),
}

impl DeskError {
    /// The append that failed, if that was it.
    #[must_use]
    pub fn append(&self) -> Option<&AppendError> {
        match self {
            Self::Append(error) => Some(error),
            Self::Shared(error) => error.append(),
            _ => None,
        }
    }
}

/// An error and its causes, in one line, each sentence once.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !said.iter().any(|before| before.ends_with(&text)) {
            said.push(text);
        }
        cause = inner.source();
    }
    said.join(": ")
}

/// What the sequencer shares with readers.
pub(crate) struct Shared {
    views: Mutex<Arc<Views>>,
    grown: Bell,
    pub(crate) history: Arc<History>,
}

impl Shared {
    pub(crate) fn publish(&self, views: Views) {
        *self.views.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(views);
        self.grown.notify(usize::MAX);
    }
}

/// Records commands and answers with views. Clones are the same desk.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
    zone: Tz,
}

struct Inner {
    tasks: Option<SyncSender<Task>>,
    shared: Arc<Shared>,
    log: Arc<dyn EventLog>,
    clock: Clock,
    worker: Option<JoinHandle<()>>,
    rebuilds: Chores<Rebuilt>,
    checks: Chores<Verified>,
}

impl Drop for Inner {
    /// Lets the sequencer finish what it was given.
    fn drop(&mut self) {
        self.tasks.take();
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

/// A part of an export that cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ExportPartError {
    /// The log does not go so far.
    #[error("`{what}` is {asked}, and the log ends at {head}; give a position up to that")]
    Beyond {
        /// Which of the two.
        what: &'static str,
        /// The position given.
        asked: u64,
        /// Where the log ends.
        head: u64,
    },
    /// It ends before it begins.
    #[error("a part after position {after} does not end at {until}; give an `until` that is no smaller than `after`")]
    Backwards {
        /// The position that it follows on.
        after: u64,
        /// The position that it ends at.
        until: u64,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// What a rebuild found.
pub struct Rebuilt {
    /// The position that both were compared at.
    pub position: u64,
    /// Each view's name, its digest as served, and its digest rebuilt from the log.
    pub views: Vec<(&'static str, Digest, Digest)>,
    /// Whether the rebuilt views are served from now on. They are not where all was folded anew while they were being made.
    pub taken_over: bool,
}

impl Rebuilt {
    /// Whether every view came out the same.
    #[must_use]
    pub fn same(&self) -> bool {
        self.views.iter().all(|(_, live, rebuilt)| live == rebuilt)
    }
}

impl Desk {
    /// Replays the log into views and state, and starts the sequencer. `progress` is told now and then.
    ///
    /// # Errors
    /// The log cannot be read, is damaged, or holds kinds of events that this program does not know.
    pub fn open(log: Arc<dyn EventLog>, clock: Clock, progress: &mut dyn FnMut(Progress)) -> Result<Self, DeskError> {
        let (mut state, mut views) = (State::default(), Views::default());
        replay::follow(&*log, &mut state, &mut views, progress)?;
        if let Err(error) = finish_redactions(&*log, &views) {
            // It is tried at the next opening.
            tracing::error!(error = %chain(&error), "a redaction that is recorded could not be done");
        }
        let shared = Arc::new(Shared {
            views: Mutex::new(Arc::new(views.clone())),
            grown: Bell::new(),
            history: Arc::default(),
        });
        let (tasks, waiting) = sync_channel(WAITING_MAX);
        let sequencer = Sequencer {
            log: Arc::clone(&log),
            state,
            views,
            shared: Arc::clone(&shared),
            clock: Arc::clone(&clock),
            owes_refold: false,
            anew_at: 0,
        };
        let worker = Builder::new()
            .name("sequencer".to_owned())
            .spawn(move || sequencer.run(&waiting))
            .map_err(|_| DeskError::Stopped)?;
        Ok(Self {
            inner: Arc::new(Inner {
                tasks: Some(tasks),
                shared,
                log,
                clock,
                worker: Some(worker),
                rebuilds: Chores::default(),
                checks: Chores::default(),
            }),
            zone: Tz::UTC,
        })
    }

    /// The same desk in another time zone than UTC: where it is decides what day "today" is.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        Self { zone, ..self }
    }

    /// The desk's time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The day that it is where the desk is.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        (self.inner.clock)().with_timezone(&self.zone).date_naive()
    }

    /// The views as of the last acknowledged event. A snapshot: it does not change under the reader.
    #[must_use]
    pub fn views(&self) -> Arc<Views> {
        Arc::clone(&self.inner.shared.views.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The moment that is asked for: an instant is looked up among the events recorded so far.
    #[must_use]
    pub fn moment(&self, asked: &Asked) -> Moment {
        history::moment(&self.views(), asked)
    }

    /// The views as of a moment, where they were folded lately: see [`Desk::views_as_of`].
    #[must_use]
    pub fn views_at_hand(&self, present: &Views, moment: Moment) -> Option<Arc<Views>> {
        self.inner.shared.history.at_hand(present, moment)
    }

    /// The views as of a moment. Blocks while a moment is folded that was not asked for lately.
    ///
    /// # Errors
    /// The log does not go so far.
    pub fn views_as_of(&self, present: &Arc<Views>, moment: Moment) -> Result<Arc<Views>, BeyondHead> {
        self.inner.shared.history.as_of(present, moment)
    }

    /// The day that it was where the desk is, at the moment that views show: the day of the last record of those asked for,
    /// the day by which things were public, or else today.
    #[must_use]
    pub fn day_of(&self, views: &Views) -> NaiveDate {
        let moment = views.moment();
        if let Some(published) = moment.published {
            return published.by;
        }
        let last = moment.recorded.and_then(|position| views.timeline.recorded(position));
        last.map_or_else(
            || self.today(),
            |recorded| recorded.header.recorded_at.with_timezone(&self.zone).date_naive(),
        )
    }

    /// Wakes when the views have grown. Listen first, then look at the views, then wait.
    #[must_use]
    pub fn grown(&self) -> EventListener {
        self.inner.shared.grown.listen()
    }

    /// Why nothing can be recorded now; `None` while all is well.
    #[must_use]
    pub fn unwritable(&self) -> Option<String> {
        self.inner.log.unwritable()
    }

    /// Records a batch, all or nothing. The answer comes once it is durable and in the views.
    ///
    /// # Errors
    /// The desk could not do its work; see [`DeskError`].
    pub async fn record(&self, commands: Vec<Proposal>, recorder: &str) -> Result<Outcome, DeskError> {
        self.send(commands, recorder)?.await.map_err(|_| DeskError::Stopped)?
    }

    /// What the desk would decide on a batch; nothing of it is written. The views that show it are folded by
    /// [`Supposition::folded`].
    ///
    /// # Errors
    /// The desk could not do its work; see [`DeskError`].
    pub async fn suppose(&self, commands: Vec<Proposal>, recorder: &str) -> Result<Supposition, DeskError> {
        let (answer, waiting) = oneshot::channel();
        let recorder = recorder.into();
        self.give(Task::Suppose(Batch { commands, recorder }, answer))?;
        waiting.await.map_err(|_| DeskError::Stopped)?
    }

    /// As [`Desk::record`], for callers without a runtime: hands back where the answer will come.
    ///
    /// # Errors
    /// The desk could not take the batch.
    pub fn send_batch(&self, commands: Vec<Proposal>, recorder: &str) -> Result<Pending, DeskError> {
        self.send(commands, recorder).map(Pending)
    }

    /// Rebuilds every view from the log beside the live ones, compares digests at one position, and goes on with the rebuilt
    /// ones. Queries are answered all the while.
    ///
    /// # Errors
    /// The log cannot be read or is damaged.
    pub fn rebuild(&self, progress: &mut dyn FnMut(Progress)) -> Result<Rebuilt, DeskError> {
        let live = self.views();
        let rebuilt = replay::rebuild(&*self.inner.log, live.position(), progress)?;
        let pairs = live.digests().into_iter().zip(rebuilt.digests());
        let views = pairs
            .map(|((name, live), (_, rebuilt))| (name, live, rebuilt))
            .collect();
        let (answer, waiting) = oneshot::channel();
        self.give(Task::TakeOver(Box::new(rebuilt), answer))?;
        let served_no_more = sync::wait(waiting).map_err(|_| DeskError::Stopped)??;
        Ok(Rebuilt {
            position: live.position(),
            views,
            taken_over: served_no_more.is_some(),
        })
    }

    /// Begins [`Desk::rebuild`] as a chore, unless one is running.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn begin_rebuild(&self) -> Result<(), DeskError> {
        let (desk, clock) = (self.clone(), Arc::clone(&self.inner.clock));
        let rebuilds = &self.inner.rebuilds;
        rebuilds.begin("rebuild", clock, move |progress| desk.rebuild(progress))
    }

    /// The rebuilds begun by [`Desk::begin_rebuild`].
    #[must_use]
    pub fn rebuilds(&self) -> &Chores<Rebuilt> {
        &self.inner.rebuilds
    }

    /// Begins a check of all that is stored as a chore, unless one is running: see [`check::verify`].
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn begin_check(&self) -> Result<(), DeskError> {
        let (log, clock) = (Arc::clone(&self.inner.log), Arc::clone(&self.inner.clock));
        let checks = &self.inner.checks;
        checks.begin("verify", clock, move |progress| Ok(check::verify(&*log, progress)?))
    }

    /// The checks begun by [`Desk::begin_check`].
    #[must_use]
    pub fn checks(&self) -> &Chores<Verified> {
        &self.inner.checks
    }

    /// Begins an export of all that is recorded now.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn export(&self) -> Result<Export, ReadError> {
        Ok(Export::begin(Arc::clone(&self.inner.log))?.leaving_out(self.redacted()))
    }

    /// The positions that an event says are redacted.
    fn redacted(&self) -> BTreeSet<u64> {
        let views = self.views();
        let all = views
            .amendments
            .all()
            .filter(|amendment| amendment.kind == AmendmentKind::Redacted);
        all.map(|amendment| amendment.target).collect()
    }

    /// Begins an export of what was recorded after one position up to another, or up to the end: see [`Export::part`].
    ///
    /// # Errors
    /// The log cannot be read, or ends before one of the two.
    pub fn export_part(&self, after: u64, until: Option<u64>) -> Result<Export, ExportPartError> {
        let head = self.inner.log.head().map_err(ExportError::from)?.position;
        let beyond = |what, asked| ExportPartError::Beyond { what, asked, head };
        match until.unwrap_or(head) {
            _ if after > head => Err(beyond("after", after)),
            until if until > head => Err(beyond("until", until)),
            until if until < after => Err(ExportPartError::Backwards { after, until }),
            until => Ok(Export::part(Arc::clone(&self.inner.log), after, until)?.leaving_out(self.redacted())),
        }
    }

    /// Begins an export as of a moment: of what was recorded by a position or an instant, the log as it was then; with a day of
    /// the public's, an extract of what was public. Blocks while the moment is folded.
    ///
    /// # Errors
    /// The log does not go so far.
    pub fn export_as_of(&self, asked: &Asked) -> Result<Exported, BeyondHead> {
        let present = self.views();
        let moment = history::moment(&present, asked);
        if moment.published.is_some() {
            return Ok(Exported::Extract(Extract::of(
                &self.views_as_of(&present, moment)?,
                &present,
                &self.inner.shared.history,
            )));
        }
        let (until, head) = (moment.recorded.unwrap_or(present.position()), present.position());
        if until > head {
            return Err(BeyondHead { asked: until, head });
        }
        let export = Export::up_to(Arc::clone(&self.inner.log), until);
        Ok(Exported::Log(export.leaving_out(self.redacted())))
    }

    fn send(&self, commands: Vec<Proposal>, recorder: &str) -> Result<Answer, DeskError> {
        let (answer, waiting) = oneshot::channel();
        let recorder = recorder.into();
        let batch = Batch { commands, recorder };
        self.give(Task::Record(Job { batch, answer }))?;
        Ok(waiting)
    }

    fn give(&self, task: Task) -> Result<(), DeskError> {
        let tasks = self.inner.tasks.as_ref().ok_or(DeskError::Stopped)?;
        match tasks.try_send(task) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(DeskError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(DeskError::Stopped),
        }
    }
}

/// Takes out what a record says has to go and what is still there: the process may have ended in between.
///
/// # Errors
/// The first that could not be taken out; the others are tried all the same. Nothing of it is shown.
pub fn finish_redactions(log: &dyn EventLog, views: &Views) -> Result<(), RedactError> {
    let mut failed = Ok(());
    for amendment in views.amendments.all().filter(|a| a.kind == AmendmentKind::Redacted) {
        let kept = log.read(amendment.target.saturating_sub(1), 1);
        let is_kept = kept.is_ok_and(|read| read.iter().any(|stored| stored.payload != Payload::Redacted));
        if is_kept && let Err(error) = log.redact(amendment.target) {
            failed = failed.and(Err(error));
        }
    }
    failed
}

type Answer = oneshot::Receiver<Result<Outcome, DeskError>>;

/// An answer on its way.
pub struct Pending(Answer);

impl Pending {
    /// Waits for the answer, blocking the thread.
    ///
    /// # Errors
    /// The desk could not do its work.
    pub fn wait(self) -> Result<Outcome, DeskError> {
        sync::wait(self.0).map_err(|_| DeskError::Stopped)?
    }
}
