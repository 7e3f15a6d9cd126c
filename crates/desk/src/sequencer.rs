//! The sequencer: one thread that decides commands in order, writes each group with one append, folds it into the views,
//! and only then answers.

use crate::deciding::{Decided, Pending, moves, receipts};
use crate::desk::{Clock, DeskError, Shared};
use crate::outcome::Outcome;
use crate::replay::{self, ReplayError};
use crate::state::State;
use crate::supposing::Supposition;
use crate::sync::mpsc::Receiver;
use rapporteur_domain::command::{Command, Malformed};
use rapporteur_domain::event::Event;
use rapporteur_log::chain::seal;
use rapporteur_log::{AppendError, Draft, EventLog, Recorded, Stored};
use rapporteur_views::Views;
use std::sync::Arc;
use uuid::Uuid;

/// The most commands that one append holds; what waits beyond goes into the next.
const GROUP_MAX: usize = 4_096;
/// How often a group is decided again after losing a race for the head, before its callers are told.
const ATTEMPTS_MAX: usize = 16;
/// A command as it comes in: well written, or what is wrong with it. What is wrong is told together with what the desk
/// finds, so malformed commands come this way too.
pub type Proposal = Result<Command, Malformed>;

/// Commands that stand or fall together, and who records them.
pub(crate) struct Batch {
    pub(crate) commands: Vec<Proposal>,
    pub(crate) recorder: Arc<str>,
}

/// A batch on its way, and where its answer goes.
pub(crate) struct Job {
    pub(crate) batch: Batch,
    pub(crate) answer: oneshot::Sender<Result<Outcome, DeskError>>,
}

/// What the sequencer is asked to do.
pub(crate) enum Task {
    /// To record a batch.
    Record(Job),
    /// To say what it would decide, and write nothing.
    Suppose(Batch, oneshot::Sender<Result<Supposition, DeskError>>),
    /// To go on with views that were rebuilt beside the live ones; gives back those that are no longer served, to be dropped
    /// elsewhere.
    TakeOver(Box<Views>, oneshot::Sender<TakenOver>),
}

/// The views that are served no more; none where the rebuilt ones were not taken.
pub(crate) type TakenOver = Result<Option<Box<Views>>, ReplayError>;

impl Batch {
    /// Whether it renames, merges, moves or amends: what comes after it is decided when that is done.
    fn moves(&self) -> bool {
        self.commands.iter().flatten().any(moves)
    }
}

pub(crate) struct Sequencer {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) state: State,
    pub(crate) views: Views,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Clock,
    /// The log could not be read when state and views had to follow it: they lack events, or hold them in former names.
    /// Nothing is decided on them and nothing of them is shown before they are folded anew.
    pub(crate) owes_refold: bool,
    /// The position at which state and views were last folded anew.
    pub(crate) anew_at: u64,
}

impl Sequencer {
    /// Works until every desk is gone.
    pub(crate) fn run(mut self, tasks: &Receiver<Task>) {
        let mut kept = None;
        while let Some(first) = kept.take().or_else(|| self.next(tasks)) {
            let mut next = Some(first);
            let (mut group, mut commands) = (Vec::new(), 0);
            while let Some(Task::Record(job)) = next {
                // What it renames, moves or amends may wait to be written in this group: it begins the next.
                if job.batch.moves() && !group.is_empty() {
                    kept = Some(Task::Record(job));
                    next = None;
                    break;
                }
                commands += job.batch.commands.len();
                let full = commands >= GROUP_MAX || job.batch.moves();
                group.push(job);
                next = if full { None } else { tasks.try_recv().ok() };
            }
            if !group.is_empty() {
                self.record(group);
            }
            match next {
                // A caller that went away needs no answer.
                Some(Task::Suppose(batch, answer)) => {
                    let _ = answer.send(self.suppose(&batch));
                }
                Some(Task::TakeOver(rebuilt, answer)) => {
                    let _ = answer.send(self.take_over(rebuilt));
                }
                Some(Task::Record(_)) | None => {}
            }
        }
    }

    fn record(&mut self, group: Vec<Job>) {
        for _ in 0..ATTEMPTS_MAX {
            if let Err(error) = self.settle() {
                let error = Arc::new(error);
                group.into_iter().for_each(|job| {
                    let _ = job.answer.send(Err(DeskError::Behind(Arc::clone(&error))));
                });
                return;
            }
            let (decided, pending) = self.decide(group.iter().map(|job| &job.batch));
            match self.write(pending) {
                Ok(()) => {
                    for (job, decided) in group.into_iter().zip(decided) {
                        // A caller that went away needs no answer.
                        let _ = job.answer.send(self.answer(decided));
                    }
                    return;
                }
                Err(DeskError::Raced) => {}
                Err(error) => {
                    let error = Arc::new(error);
                    tracing::error!(error = %crate::desk::chain(&*error), "an append failed");
                    for (job, decided) in group.into_iter().zip(decided) {
                        let answer = if decided.is_new() {
                            Err(DeskError::Shared(Arc::clone(&error)))
                        } else {
                            self.answer(decided)
                        };
                        let _ = job.answer.send(answer);
                    }
                    return;
                }
            }
        }
        group.into_iter().for_each(|job| {
            let _ = job.answer.send(Err(DeskError::Raced));
        });
    }

    /// Seals the pending events on top of the head: as they will be stored, and decoded.
    pub(crate) fn seal(&self, pending: Vec<Pending>) -> Result<(Vec<Stored>, Vec<Event>), DeskError> {
        let now = (self.clock)();
        let mut random = vec![0_u8; pending.len() * 32];
        getrandom::fill(&mut random).map_err(|e| DeskError::Random(e.to_string()))?;
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let mut events = Vec::with_capacity(pending.len());
        let mut drafts = Vec::with_capacity(pending.len());
        for (p, random) in pending.into_iter().zip(random.chunks_exact(32)) {
            let (mut tail, mut salt) = ([0; 10], [0; 16]);
            tail.copy_from_slice(&random[..10]);
            salt.copy_from_slice(&random[16..]);
            drafts.push(Draft {
                dossier: p.dossier,
                version: p.version,
                event_id: Uuid::from_u128(
                    uuid::Builder::from_unix_timestamp_millis(millis, &tail)
                        .into_uuid()
                        .as_u128(),
                ),
                kind: p.event.kind().into(),
                schema_version: p.event.version(),
                recorded_at: now,
                recorder: p.recorder,
                idempotency: p.idempotency,
                batch_offset: p.batch_offset,
                cause: p.cause,
                salt,
                payload: p.event.encode()?.into(),
            });
            events.push(p.event);
        }
        let sealed = seal(&self.state.head, self.state.last_recorded_at, drafts)?;
        Ok((sealed, events))
    }

    /// Seals and appends the pending events, and folds them into state and views.
    fn write(&mut self, pending: Vec<Pending>) -> Result<(), DeskError> {
        if pending.is_empty() {
            return Ok(());
        }
        let (sealed, events) = self.seal(pending)?;
        match self.log.append(&self.state.head, &sealed) {
            Ok(_) => {
                let (mut reading, mut learned) = (self.state.reading().clone(), false);
                let mut to_redact = Vec::new();
                for (stored, event) in sealed.into_iter().zip(events) {
                    if let Event::RecordRedacted(told) = &event {
                        to_redact.push(told.position);
                    }
                    let recorded = Recorded::new(stored.header, Some(event));
                    learned |= reading.learn(&recorded, &|source| replay::registrations(&self.views, source));
                    self.fold(recorded);
                }
                if !to_redact.is_empty() {
                    self.redact(&to_redact);
                }
                if learned {
                    match replay::anew(&*self.log, &self.state, reading) {
                        Ok(folded) => {
                            (self.state, self.views) = folded;
                            self.anew_at = self.state.head.position;
                        }
                        // It is in the log, and its callers are told so; it is shown when it can be shown rightly.
                        Err(error) => {
                            self.owe(&error);
                            return Ok(());
                        }
                    }
                } else {
                    self.state.read_on(reading);
                }
                self.shared.publish(self.views.clone());
                Ok(())
            }
            Err(AppendError::HeadMoved { .. }) => {
                self.catch_up();
                Err(DeskError::Raced)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn fold(&mut self, recorded: Recorded) {
        let recorded = recorded.placed(self.state.reading());
        self.state.apply(&recorded);
        self.views.apply(&Arc::new(recorded));
    }

    fn answer(&self, decided: Decided) -> Result<Outcome, DeskError> {
        match decided {
            Decided::Answer(outcome) => Ok(outcome),
            Decided::Placed(placed) => receipts(&self.views, &placed),
        }
    }
}
