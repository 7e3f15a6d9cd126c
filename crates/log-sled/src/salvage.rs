//! What can still be read of a damaged store, for a repair from a backup.

use crate::chunk::{self, Entry};
use crate::fault::Fault;
use crate::files::{self, Copy};
use crate::marker;
use crate::open::{self, Options, lock_to_look};
use crate::reader::Chunks;
use crate::refusal::OpenError;
use crate::store::Store;
use rapporteur_log::{Head, Stored, chain};
use std::collections::BTreeMap;
use std::path::Path;

/// What was found of a store's events.
#[derive(Debug)]
pub struct Salvaged {
    /// The events that follow on the head asked for, one after the other, as far as they are whole.
    pub events: Vec<Stored>,
    /// What the store has at the position of that head, where that can be read.
    pub there: Option<Head>,
    /// The last event that was acknowledged, as the head marker says; none where that cannot be read.
    pub marked: Option<Head>,
    /// What could not be read, in words.
    pub faults: Vec<String>,
}

/// Reads what follows on `after` in the store in `dir`, whatever is damaged; nothing in `dir` changes. Also reads what the head
/// marker carries of the last append.
///
/// # Errors
/// The store is in use, or a copy of its files cannot be made.
pub fn salvage(dir: &Path, after: Head, options: &Options) -> Result<Salvaged, OpenError> {
    let (own_dir, own_options) = (dir.to_owned(), options.clone());
    let found = open::bounded(dir, options.open_max, move || {
        let _lock = lock_to_look(&own_dir)?;
        read_all(&own_dir, after, &own_options).map_err(|fault| OpenError::of(&own_dir, fault))
    });
    match found {
        // sled panicked or hung over its files: nothing of them can be read, and the marker still may.
        Err(error @ (OpenError::DamagedFile { .. } | OpenError::TimedOut { .. })) => {
            let mut found = Found::of_marker(dir);
            found.faults.push(error.to_string());
            Ok(found.following(after))
        }
        found => found,
    }
}

fn read_all(dir: &Path, after: Head, options: &Options) -> Result<Salvaged, Fault> {
    let mut found = Found::of_marker(dir);
    let sled_dir = dir.join("sled");
    let copy = Copy::of(&sled_dir)?;
    files::remove_damaged_snapshot(copy.path())?;
    let store = match Store::open(copy.path(), &sled_dir, options.cache_bytes, options.flush_every) {
        Ok(store) => store,
        Err(fault) => {
            found.faults.push(fault.in_words());
            return Ok(found.following(after));
        }
    };
    for chunk in Chunks::from(&store, chunk::key(0, 0))? {
        match chunk {
            Ok(chunk) => chunk
                .events
                .into_iter()
                .for_each(|event| found.take(event, after.position)),
            Err(fault) => found.faults.push(fault.in_words()),
        }
    }
    Ok(found.following(after))
}

#[derive(Default)]
struct Found {
    /// By position, from that of the head asked for on.
    events: BTreeMap<u64, Stored>,
    redo: Vec<Entry>,
    marked: Option<Head>,
    faults: Vec<String>,
}

impl Found {
    fn of_marker(dir: &Path) -> Self {
        let mut found = Self::default();
        let path = dir.join("head");
        match marker::read_slots(&path) {
            Ok(slots) => {
                let newest = marker::newest(&slots);
                found.marked = newest.map(|slot| slot.mark.head);
                found.redo = newest.map(|slot| slot.redo.clone()).unwrap_or_default();
                if newest.is_none() {
                    let fault = Fault::file(&path, "neither of its two slots can be read");
                    found.faults.push(fault.in_words());
                }
            }
            Err(fault) => found.faults.push(fault.in_words()),
        }
        found
    }

    fn take(&mut self, event: Stored, from: u64) {
        let position = event.header.position;
        if position >= from {
            self.events.entry(position).or_insert(event);
        }
    }

    fn following(mut self, after: Head) -> Salvaged {
        let mut content: Vec<u8> = Vec::new();
        for entry in std::mem::take(&mut self.redo) {
            // The chunks of one append, in order; one that is not whole ends them.
            let Ok(part) = chunk::open(&entry.key, &entry.value) else {
                break;
            };
            content.extend_from_slice(part.content);
            let (_, number) = chunk::parse_key(&entry.key).unwrap_or_default();
            if number + 1 == part.parts {
                let events = chunk::events(&content).unwrap_or_default();
                events.into_iter().for_each(|event| self.take(event, after.position));
                content.clear();
            }
        }
        let there = self.events.get(&after.position).map(|event| event.header.head());
        let (mut head, mut events) = (after, Vec::new());
        while let Some(event) = self.events.remove(&(head.position + 1)) {
            let Ok(next) = chain::check(&head, std::slice::from_ref(&event)) else {
                break;
            };
            head = next;
            events.push(event);
        }
        Salvaged {
            events,
            there,
            marked: self.marked,
            faults: self.faults,
        }
    }
}
