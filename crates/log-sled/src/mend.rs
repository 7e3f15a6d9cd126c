//! Comparing a log with its head marker and its list of redactions, and completing what a crash left half-way.

use crate::chunk::{self, Entry};
use crate::fault::Fault;
use crate::find::Finds;
use crate::marker::Slot;
use crate::open::Purpose;
use crate::reader::{chunk_at, last_chunk, read};
use crate::redactions::Listed;
use crate::refusal::OpenError;
use crate::store::Store;
use rapporteur_log::{Head, Payload, chain};
use std::path::Path;

/// What opening found, in words.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What a crash can leave behind, and what was put right.
    pub(crate) notes: Vec<String>,
    /// What no crash leaves behind, where nothing may be put right.
    pub(crate) damages: Vec<String>,
}

/// Compares the log with the newest slot; the log's head, which is never before the slot's. `tail` is what sled may have cut off.
pub(crate) fn compare(
    dir: &Path,
    store: &Store,
    slot: &Slot,
    tail: &[u8],
    found: &mut Found,
) -> Result<Head, OpenError> {
    let marked = slot.mark.head;
    let damaged = |log: u64, what: String| OpenError::Damaged {
        dir: dir.to_owned(),
        log,
        marker: marked.position,
        what,
    };
    let refused = |log: u64| {
        move |fault: Fault| match fault.is_damage() {
            true => damaged(log, fault.in_words()),
            false => OpenError::of(dir, fault),
        }
    };
    let mut last = last_chunk(store).map_err(refused(0))?;
    let ends_at = last.as_ref().map_or(0, |chunk| chunk.head.position);
    if ends_at < marked.position && slot.redo_after().is_some_and(|after| after <= ends_at) {
        store.apply(&slot.redo, &[]).map_err(refused(ends_at))?;
        last = last_chunk(store).map_err(refused(ends_at))?;
        found.notes.push(format!(
            "the last append was not in the log; it was completed from the head marker, from {ends_at} to {}",
            marked.position
        ));
    } else if ends_at < marked.position {
        let before = last.as_ref().map_or(Head::EMPTY, |chunk| chunk.head);
        let entries = cut_off(before, slot, tail).map_err(|what| damaged(ends_at, what))?;
        if !entries.is_empty() {
            store.apply(&entries, &[]).map_err(refused(ends_at))?;
            last = last_chunk(store).map_err(refused(ends_at))?;
            found.notes.push(format!(
                "sled had cut off what was acknowledged, from {ends_at} to {}; it was brought back from the bytes of its file",
                marked.position
            ));
        }
    }
    let (head, append_last) = last.map_or((Head::EMPTY, 0), |chunk| (chunk.head, chunk.append_last));
    if head.position < marked.position {
        return Err(damaged(head.position, "acknowledged events are missing".to_owned()));
    }
    if append_last != head.position {
        let what = format!("its last append went to position {append_last}");
        return Err(damaged(head.position, what));
    }
    let there = match marked.position {
        0 => Head::EMPTY,
        position => chunk_at(store, position)
            .and_then(|_| read(store, position - 1, 1, &marked))
            .map(|_| marked)
            .map_err(refused(head.position))?,
    };
    if there.hash != marked.hash {
        let what = format!("the marker's hash is {}, the log's {}", marked.hash, there.hash);
        return Err(damaged(head.position, what));
    }
    if head.position > marked.position {
        let events = read(store, marked.position, usize::MAX, &head).map_err(refused(head.position))?;
        chain::check(&marked, &events).map_err(|d| damaged(head.position, d.to_string()))?;
        found.notes.push(format!(
            "positions {} to {} were written but not acknowledged; they are whole and were kept",
            marked.position + 1,
            head.position
        ));
    }
    Ok(head)
}

/// The chunks of the events that follow on `before` up to the slot's head, from what sled may have cut off; empty where not all of
/// them are there.
fn cut_off(before: Head, slot: &Slot, tail: &[u8]) -> Result<Vec<Entry>, String> {
    let marked = slot.mark.head;
    let mut finds = Finds::after(before.position);
    finds.scan(tail);
    finds.take_chunks(&slot.redo);
    let mut events = finds.following(before);
    events.retain(|event| event.header.position <= marked.position);
    match events.last() {
        Some(last) if last.header.head() == marked => chunk::pack(&events).map_err(|error| error.to_string()),
        _ => Ok(Vec::new()),
    }
}

/// Takes out again what `listed` says was redacted and the log still holds, since sled cut its tail or a crash came between.
pub(crate) fn redact_again(store: &Store, listed: &Listed, purpose: Purpose, found: &mut Found) -> Result<(), Fault> {
    for &position in &listed.positions {
        let chunk = chunk_at(store, position)?;
        if chunk
            .event(position)
            .is_none_or(|event| event.payload == Payload::Redacted)
        {
            continue;
        }
        let (entries, gone) = chunk
            .redacted(position)
            .map_err(|error| Fault::damaged(position, error.to_string()))?;
        store.apply(&entries, &gone)?;
        if listed.uncounted.contains(&position) {
            found.notes.push(format!(
                "the redaction of position {position} was begun and not finished; it was finished"
            ));
        } else if purpose == Purpose::Use {
            found.notes.push(format!(
                "the redaction of position {position} was not in the log; it was done again"
            ));
        } else {
            found.damages.push(format!(
                "position {position} was redacted, and sled/db holds its payload again; opening the store to use it takes \
                 it out once more"
            ));
        }
    }
    Ok(())
}
