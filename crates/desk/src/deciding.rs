//! Deciding a group of batches: each on what is recorded and on what was decided before it in the group.

use crate::desk::DeskError;
use crate::outcome::{BATCH_MAX, Conflict, Outcome, Receipt, too_many};
use crate::seen::Seen;
use crate::sequencer::{Batch, Sequencer};
use crate::state::{Layer, Overlay};
use crate::verdict::Verdict;
use rapporteur_domain::command::Command;
use rapporteur_domain::decide::{Decision, Known, Mark, decide};
use rapporteur_domain::event::{Action, Event};
use rapporteur_domain::id::Slug;
use rapporteur_domain::moved::Moved;
use rapporteur_domain::refusal::{Refusal, Rule};
use rapporteur_log::{DossierId, Idempotency};
use rapporteur_views::Views;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// Whether a command renames, merges, moves or amends.
pub(crate) fn moves(command: &Command) -> bool {
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
    pub(crate) event: Event,
    pub(crate) dossier: DossierId,
    pub(crate) version: u32,
    pub(crate) recorder: Arc<str>,
    pub(crate) idempotency: Option<Idempotency>,
    pub(crate) batch_offset: u64,
    pub(crate) cause: Option<u64>,
}

pub(crate) enum Decided {
    Placed(Vec<Placed>),
    Answer(Outcome),
}

impl Decided {
    /// Whether anything new was to be written for it.
    pub(crate) fn is_new(&self) -> bool {
        matches!(self, Self::Placed(placed) if placed.iter().any(|p| !p.already_there))
    }
}

impl Sequencer {
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
            let seen = Seen::new(overlay, &self.views, pending);
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
        let (notes, event) = match place(&Seen::new(overlay, &self.views, pending), command)? {
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
    let counted = known.kept(&dossier).filter(|d| !d.closed || d.gone.is_some());
    let actual = counted.map_or(0, |d| d.version);
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
