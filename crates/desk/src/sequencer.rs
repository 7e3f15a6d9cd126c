//! The sequencer: one thread that decides commands in order, writes each group with one append, folds it into the views,
//! and only then answers.

use crate::desk::{Clock, DeskError, Shared};
use crate::replay;
use crate::seen::Seen;
use crate::state::{Layer, Overlay, State};
use crate::supposing::Supposition;
use crate::verdict::Verdict;
use rapporteur_domain::command::{Command, Malformed};
use rapporteur_domain::decide::{Decision, Known, Mark, decide};
use rapporteur_domain::event::{Action, Event};
use rapporteur_domain::id::Slug;
use rapporteur_domain::moved::Moved;
use rapporteur_domain::refusal::{Refusal, Rule};
use rapporteur_log::chain::seal;
use rapporteur_log::{AppendError, DossierId, Draft, EventLog, Hash, Idempotency, Recorded, Stored};
use rapporteur_views::Views;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use uuid::Uuid;

/// The most commands that one append holds; what waits beyond goes into the next.
const GROUP_MAX: usize = 4_096;
/// The most commands of one all-or-nothing batch.
pub const BATCH_MAX: usize = 1_000;
/// How often a group is decided again after losing a race for the head, before its callers are told.
const ATTEMPTS_MAX: usize = 16;
/// What became of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every command is in the log; a receipt for each, in order.
    Recorded(Vec<Receipt>),
    /// Nothing was written; everything that speaks against it, fields under `commands[n].name`, n counted from 0.
    Refused(Vec<Refusal>),
    /// Nothing was written: a dossier is not at the version that the caller expected.
    Conflict(Conflict),
}

/// A dossier that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which command of the batch, from 0.
    pub command: usize,
    /// The dossier.
    pub dossier: String,
    /// The version that the caller expected.
    pub expected: u32,
    /// The version that it is at; 0 if it is not recorded.
    pub actual: u32,
}

/// Where a command's record stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The event's position.
    pub position: u64,
    /// The dossier's version after it.
    pub version: u32,
    /// The event's hash.
    pub hash: Hash,
    /// The dossier.
    pub dossier: DossierId,
    /// True if it was recorded before: by the same idempotency key, or as the same content.
    pub already_there: bool,
}

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
}

impl Batch {
    /// Whether it renames, merges, moves or amends: what comes after it is decided when that is done.
    fn moves(&self) -> bool {
        self.commands.iter().flatten().any(moves)
    }
}

/// Whether a command renames, merges, moves or amends.
fn moves(command: &Command) -> bool {
    let told = matches!(
        command.action,
        Action::RenameDossier(_)
            | Action::MergeDossiers(_)
            | Action::MoveRecords(_)
            | Action::RetractRecord(_)
            | Action::RedactRecord(_)
    );
    told || command.corrects.is_some()
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
}

/// A command that was decided: its event's position, and whether it is new.
pub(crate) struct Placed {
    position: u64,
    already_there: bool,
}

impl Placed {
    fn there(position: u64) -> Self {
        Self {
            position,
            already_there: true,
        }
    }

    fn receipt(&self, views: &Views) -> Option<Receipt> {
        let header = &views.timeline.recorded(self.position)?.header;
        Some(Receipt {
            position: self.position,
            version: header.version,
            hash: header.hash,
            dossier: header.dossier.clone(),
            already_there: self.already_there,
        })
    }
}

/// An event that waits to be sealed.
pub(crate) struct Pending {
    event: Event,
    dossier: DossierId,
    version: u32,
    recorder: Arc<str>,
    idempotency: Option<Idempotency>,
    batch_offset: u64,
    cause: Option<u64>,
}

pub(crate) enum Decided {
    Placed(Vec<Placed>),
    Answer(Outcome),
}

impl Decided {
    /// Whether anything new was to be written for it.
    fn is_new(&self) -> bool {
        matches!(self, Self::Placed(placed) if placed.iter().any(|p| !p.already_there))
    }
}

impl Sequencer {
    /// Works until every desk is gone.
    pub(crate) fn run(mut self, tasks: &Receiver<Task>) {
        while let Some(first) = self.next(tasks) {
            let mut next = Some(first);
            let (mut group, mut commands) = (Vec::new(), 0);
            while let Some(Task::Record(job)) = next {
                commands += job.batch.commands.len();
                let full = commands >= GROUP_MAX || job.batch.moves();
                group.push(job);
                next = if full { None } else { tasks.try_recv().ok() };
            }
            if !group.is_empty() {
                self.record(group);
            }
            if let Some(Task::Suppose(batch, answer)) = next {
                // A caller that went away needs no answer.
                let _ = answer.send(self.suppose(&batch));
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

    pub(crate) fn decide<'b>(&self, group: impl Iterator<Item = &'b Batch>) -> (Vec<Decided>, Vec<Pending>) {
        let mut settled = Layer::default();
        let mut pending: Vec<Pending> = Vec::new();
        let mut decided = Vec::new();
        for batch in group {
            let mark = pending.len();
            let under = [&settled];
            let mut overlay = Overlay::new(&self.state, &under);
            let answer = self.decide_batch(batch, &mut overlay, &mut pending);
            match answer {
                Decided::Placed(_) => {
                    let layer = overlay.into_layer();
                    settled.absorb(layer);
                }
                Decided::Answer(_) => pending.truncate(mark),
            }
            decided.push(answer);
        }
        (decided, pending)
    }

    fn decide_batch(&self, batch: &Batch, overlay: &mut Overlay<'_>, pending: &mut Vec<Pending>) -> Decided {
        if batch.commands.len() > BATCH_MAX {
            return Decided::Answer(Outcome::Refused(vec![too_many(batch.commands.len())]));
        }
        let first = pending.len();
        let mut placed = Vec::with_capacity(batch.commands.len());
        let mut verdict = Verdict::knowing(self.state.moved());
        for (index, proposal) in batch.commands.iter().enumerate() {
            let command = match proposal {
                Ok(command) if batch.commands[..index].iter().flatten().any(moves) => {
                    verdict.refused(command, vec![batch_goes_on()], index);
                    continue;
                }
                Ok(command) => &in_names_of_today(self.state.moved(), command),
                Err(malformed) => {
                    verdict.malformed(overlay, malformed, index);
                    continue;
                }
            };
            if let Some(conflict) = conflict(overlay, command, index) {
                verdict.conflicted(command, conflict);
                continue;
            }
            let place = |command: &Command, overlay: &mut Overlay<'_>, pending: &mut Vec<Pending>| {
                let batch_offset = (pending.len() - first) as u64;
                self.place(command, batch, batch_offset, overlay, pending)
            };
            let seen = Seen::new(
                overlay,
                &self.views,
                pending.iter().map(|pending| &pending.event).collect(),
            );
            if let Some(there) = there_with_creations(&seen, command) {
                placed.push(there);
                continue;
            }
            for creation in &command.creates {
                if let Err(found) = place(&creation.command, overlay, pending) {
                    verdict.refused_creation(command, creation, found, index);
                }
            }
            match place(command, overlay, pending) {
                Ok(decision) => placed.push(decision),
                Err(found) => verdict.refused(command, found, index),
            }
        }
        verdict.answer().map_or(Decided::Placed(placed), Decided::Answer)
    }

    /// Decides one command, and puts its event on top of what is pending.
    fn place(
        &self,
        command: &Command,
        batch: &Batch,
        batch_offset: u64,
        overlay: &mut Overlay<'_>,
        pending: &mut Vec<Pending>,
    ) -> Result<Placed, Vec<Refusal>> {
        let next = self.state.head.position + 1 + pending.len() as u64;
        let (notes, event) = match place(
            &Seen::new(
                overlay,
                &self.views,
                pending.iter().map(|pending| &pending.event).collect(),
            ),
            command,
        )? {
            Decision::AlreadyThere(position) => return Ok(Placed::there(position)),
            Decision::Record(event) => (None, event),
            Decision::Correct { note, right } => (Some(note), right),
        };
        let cause = notes.as_ref().map(|_| next);
        let correcting = notes.is_some();
        for (event, cause) in notes.into_iter().map(|note| (note, None)).chain([(event, cause)]) {
            let position = self.state.head.position + 1 + pending.len() as u64;
            let is_note = correcting && cause.is_none();
            let idempotency = idempotency(command).filter(|_| !is_note);
            let content = match correcting {
                true => event.content().unwrap_or(command.content),
                false => command.content,
            };
            let decided = overlay.decided(&event, Mark { position, content }, idempotency.as_ref());
            let Some((dossier, version)) = decided else {
                return Err(vec![homeless(&event)]);
            };
            pending.push(Pending {
                event,
                dossier,
                version,
                recorder: Arc::clone(&batch.recorder),
                idempotency,
                batch_offset: batch_offset + u64::from(cause.is_some()),
                cause,
            });
        }
        Ok(Placed {
            position: next + u64::from(correcting),
            already_there: false,
        })
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
                        Ok(folded) => (self.state, self.views) = folded,
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

/// Where what was decided stands, as these views show it.
pub(crate) fn receipts(views: &Views, placed: &[Placed]) -> Result<Outcome, DeskError> {
    let receipts = placed.iter().map(|p| p.receipt(views));
    let receipts = receipts.collect::<Option<Vec<_>>>();
    receipts.map(Outcome::Recorded).ok_or(DeskError::Lost)
}

fn idempotency(command: &Command) -> Option<Idempotency> {
    command.idempotency_key.as_deref().map(|key| Idempotency {
        key: key.into(),
        fingerprint: command.fingerprint,
    })
}

fn conflict(known: &Overlay<'_>, command: &Command, index: usize) -> Option<Conflict> {
    let expected = command.expected_version?;
    if let Some(key) = &command.idempotency_key
        && known.key(key).is_some()
    {
        return None;
    }
    let dossier = command.action.fact().home().dossier().to_owned();
    let actual = known.dossier(&dossier).map_or(0, |d| d.version);
    (expected != actual).then_some(Conflict {
        command: index,
        dossier,
        expected,
        actual,
    })
}

fn place(known: &Seen<'_>, command: &Command) -> Result<Decision, Vec<Refusal>> {
    let Some(used) = command.idempotency_key.as_deref().and_then(|key| known.key(key)) else {
        return decide(known, command);
    };
    if used.fingerprint == command.fingerprint {
        return Ok(Decision::AlreadyThere(used.position));
    }
    Err(vec![Refusal::new(
        Rule::IdempotencyKeyReused,
        "idempotencyKey",
        command.idempotency_key.as_deref().map(Value::from).as_ref(),
        format!(
            "the key was used for other content, recorded at position {}",
            used.position
        ),
        "use a new key for new content",
    )])
}

/// Where a command with creations stands already: then nothing is created for it.
fn there_with_creations(known: &Seen<'_>, command: &Command) -> Option<Placed> {
    match place(known, command) {
        Ok(Decision::AlreadyThere(position)) if !command.creates.is_empty() => Some(Placed::there(position)),
        _ => None,
    }
}

/// The command with today's names in the place of former ones.
fn in_names_of_today<'a>(moved: &Moved, command: &'a Command) -> Cow<'a, Command> {
    if moved.is_empty() {
        return Cow::Borrowed(command);
    }
    let mut now = command.clone();
    for creation in &mut now.creates {
        creation.command = in_names_of_today(moved, &creation.command).into_owned();
    }
    if let Some(action) = moved.action(&command.action) {
        now.content = action.clone().into_event().content().unwrap_or(command.content);
        now.action = action;
    }
    Cow::Owned(now)
}

fn batch_goes_on() -> Refusal {
    Refusal::new(
        Rule::BatchGoesOn,
        "",
        None,
        "a command before it in the batch renames or merges dossiers, or moves, corrects, retracts or redacts records",
        "end the batch there, and send the rest when it is answered",
    )
}

/// The refusal of a batch of more than [`BATCH_MAX`] commands.
#[must_use]
pub fn too_many(given: usize) -> Refusal {
    Refusal::new(
        Rule::TooMany,
        "commands",
        None,
        format!("{given} commands in one batch where at most {BATCH_MAX} are allowed"),
        "split the batch, or use `rapporteur import`, which takes files of any length",
    )
}

/// Only a fault of this program brings an event whose dossier cannot be told.
fn homeless(event: &Event) -> Refusal {
    let slug = Slug::parse(event.fact().home().dossier())
        .map(|s| s.to_string())
        .unwrap_or_default();
    Refusal::new(
        Rule::UnknownReference,
        "",
        Some(&Value::from(slug)),
        "no dossier of this slug is recorded",
        "record the dossier first",
    )
}
