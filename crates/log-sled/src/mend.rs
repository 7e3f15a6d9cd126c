//! Comparing a log with its head marker and its list of redactions, and completing what a crash left half-way.

use crate::bring_back::bring_back;
use crate::fault::Fault;
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
    /// Something had to be brought back.
    pub(crate) lacked: bool,
    /// What no crash leaves behind, and was put right.
    pub(crate) rotten: Vec<String>,
}

impl Found {
    /// What was brought back after a crash is noted; without one there was no reason for it, and whoever checks the store calls that
    /// damage.
    pub(crate) fn brought_back(&mut self, unclosed: bool, what: String) {
        self.lacked = true;
        match unclosed {
            true => self.notes.push(what),
            false => self.rotten.push(what),
        }
    }
}

/// What sled's file was before sled opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) path: &'a Path,
    /// The store was not closed.
    pub(crate) unclosed: bool,
}

/// Compares the log with the newest slot; the log's head, which is never before the slot's. All of it is looked through
/// as long as there is what was before, and what it lacks is brought back from there: sled may have zeroed it.
pub(crate) fn compare(
    dir: &Path,
    store: &Store,
    slot: &Slot,
    before: Option<Before<'_>>,
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
    }
    let ends_at = last.as_ref().map_or(0, |chunk| chunk.head.position);
    if let Some(before) = before {
        let brought = bring_back(store, slot, before.path).map_err(refused(ends_at))?;
        if brought > 0 {
            last = last_chunk(store).map_err(refused(ends_at))?;
            found.brought_back(
                before.unclosed,
                format!(
                    "sled had cut off {brought} acknowledged events; they were brought back from the bytes of its file"
                ),
            );
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
