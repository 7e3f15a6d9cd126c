//! What can still be read of a damaged store, for a repair from a backup.

use crate::chunk;
use crate::copy::Copy;
use crate::fault::Fault;
use crate::files::{self, Lock};
use crate::marker;
use crate::open::{self, Options, lock_to_look};
use crate::reader::Chunks;
use crate::redactions;
use crate::refusal::OpenError;
use crate::store::Store;
use rapporteur_log::envelope::payload_hash;
use rapporteur_log::{Head, Payload, Stored, chain};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What was found of a store's events. The store stays locked as long as this is held.
#[derive(Debug)]
pub struct Salvaged {
    /// The events that follow on the head asked for, one after the other, as far as they are whole.
    pub events: Vec<Stored>,
    /// The last event up to that head that can be read: where it is not the same elsewhere, that is of another store.
    pub before: Option<Head>,
    /// The last event that was acknowledged, as the head marker says; none where that cannot be read.
    pub marked: Option<Head>,
    /// What was redacted; none where the list cannot be read.
    pub redacted: Option<BTreeSet<u64>>,
    /// What could not be read, in words.
    pub faults: Vec<String>,
    _lock: Lock,
}

/// Reads what follows on `after` in the store in `dir`, whatever is damaged; nothing in `dir` changes. Also reads what the head
/// marker carries of the last append, and what is listed as redacted.
///
/// # Errors
/// The store is in use, or a copy of its files cannot be made.
pub fn salvage(dir: &Path, after: Head, options: &Options) -> Result<Salvaged, OpenError> {
    let lock = lock_to_look(dir)?;
    let (own_dir, own_options) = (dir.to_owned(), options.clone());
    let found = open::bounded(dir, options.open_max, move || {
        read_all(&own_dir, after, &own_options).map_err(|fault| OpenError::of(&own_dir, fault))
    });
    let found = match found {
        // sled panicked or hung over its files: nothing of them can be read, and what is beside them still may.
        Err(error @ (OpenError::DamagedFile { .. } | OpenError::TimedOut { .. })) => {
            let mut found = Found::beside(dir);
            found.faults.push(error.to_string());
            found
        }
        found => found?,
    };
    Ok(found.following(after, lock))
}

fn read_all(dir: &Path, after: Head, options: &Options) -> Result<Found, Fault> {
    let mut found = Found::beside(dir);
    let sled_dir = dir.join("sled");
    if !sled_dir.join("db").is_file() {
        let fault = Fault::file(&sled_dir.join("db"), "it is missing");
        found.faults.push(fault.in_words());
        return Ok(found);
    }
    scan(&sled_dir.join("db"), after.position, &mut found)?;
    let copy = Copy::of(&sled_dir)?;
    files::remove_damaged_snapshot(&copy.path())?;
    let store = match Store::open(&copy.path(), &sled_dir, options.cache_bytes, options.flush_every) {
        Ok(store) => store,
        Err(fault) if fault.is_damage() => {
            found.faults.push(fault.in_words());
            return Ok(found);
        }
        Err(fault) => return Err(fault),
    };
    for chunk in Chunks::from(&store, chunk::key(0, 0))? {
        match chunk {
            Ok(chunk) => {
                let events = chunk.events.into_iter();
                events.for_each(|event| found.take(event, after.position));
            }
            Err(fault) if fault.is_damage() => found.faults.push(fault.in_words()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(found)
}

/// Looks for events in the bytes of sled's file, which sled may not open any more or have cut: each bears its own hash. One that is
/// spread over several values is not found so.
fn scan(path: &Path, after: u64, found: &mut Found) -> Result<(), Fault> {
    let bytes = fs::read(path).map_err(Fault::io("reading", path))?;
    for start in 0..bytes.len() {
        // An array that begins with a map of 11 to 13 members, the first of which is numbered 0.
        let begins = matches!(bytes[start..], [0x81..=0x84, 0xab..=0xad, 0, ..]);
        if begins && let Ok(event) = Stored::decode(&bytes[start..]) {
            let is_whole = event.header.computed_hash().is_ok_and(|hash| hash == event.header.hash)
                && match &event.payload {
                    Payload::Kept { salt, bytes } => payload_hash(salt, bytes) == event.header.payload_hash,
                    Payload::Redacted => true,
                };
            if is_whole {
                found.take(event, after);
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Found {
    /// Those after the head asked for, by position.
    events: BTreeMap<u64, Stored>,
    before: Option<Head>,
    redo: Vec<chunk::Entry>,
    marked: Option<Head>,
    redacted: Option<BTreeSet<u64>>,
    faults: Vec<String>,
}

impl Found {
    /// What the files beside sled's say.
    fn beside(dir: &Path) -> Self {
        let mut found = Self::default();
        let path = dir.join("head");
        let slots = match marker::read_slots(&path) {
            Ok(slots) => slots,
            Err(fault) => {
                found.faults.push(fault.in_words());
                [None, None]
            }
        };
        let newest = marker::newest(&slots);
        if newest.is_none() {
            let fault = Fault::file(&path, "neither of its two slots can be read");
            found.faults.push(fault.in_words());
        }
        found.marked = newest.map(|slot| slot.mark.head);
        found.redo = newest.map(|slot| slot.redo.clone()).unwrap_or_default();
        // Without the marker's count, nobody knows how many entries there have to be.
        if let Some(slot) = newest {
            match redactions::read(&dir.join("redacted"), slot.mark.redacted) {
                Ok(listed) => found.redacted = Some(listed.positions),
                Err(fault) => found.faults.push(fault.in_words()),
            }
        }
        found
    }

    fn take(&mut self, event: Stored, after: u64) {
        let head = event.header.head();
        if head.position > after {
            // Old pages still hold what was redacted since.
            let is_redacted = event.payload == Payload::Redacted;
            match self.events.entry(head.position) {
                Entry::Occupied(mut known) if is_redacted => drop(known.insert(event)),
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => drop(place.insert(event)),
            }
        } else if self.before.is_none_or(|before| before.position < head.position) {
            self.before = Some(head);
        }
    }

    fn following(mut self, after: Head, lock: Lock) -> Salvaged {
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
            before: self.before,
            marked: self.marked,
            redacted: self.redacted,
            faults: self.faults,
            _lock: lock,
        }
    }
}
