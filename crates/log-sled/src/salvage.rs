//! What can still be read of a damaged store, for a repair from a backup.

use crate::chunk;
use crate::copy::Copy;
use crate::fault::Fault;
use crate::files::{self, Lock};
use crate::find::Finds;
use crate::marker;
use crate::open::{self, Options};
use crate::reader::Chunks;
use crate::redactions;
use crate::refusal::OpenError;
use crate::store::Store;
use crate::unclosed;
use crate::whose::lock_to_look;
use rapporteur_log::{Head, Stored};
use std::collections::BTreeSet;
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
    /// The first of the events from which on all lead to that one without a gap; none where not even that one can be read.
    pub stranded_from: Option<u64>,
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
            let mut found = Found::beside(dir, after);
            found.faults.push(error.to_string());
            found
        }
        found => found?,
    };
    Ok(found.following(after, lock))
}

fn read_all(dir: &Path, after: Head, options: &Options) -> Result<Found, Fault> {
    let mut found = Found::beside(dir, after);
    let sled_dir = dir.join("sled");
    let db = sled_dir.join("db");
    if let Some(left) = unclosed::left(dir) {
        found.finds.scan(&left)?;
    }
    if !db.is_file() {
        let fault = Fault::file(&db, "it is missing");
        found.faults.push(fault.in_words());
        return Ok(found);
    }
    found.finds.scan(&db)?;
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
                events.for_each(|event| found.finds.take(event));
            }
            Err(fault) if fault.is_damage() => found.faults.push(fault.in_words()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(found)
}

struct Found {
    finds: Finds,
    marked: Option<Head>,
    redacted: Option<BTreeSet<u64>>,
    faults: Vec<String>,
}

impl Found {
    /// What the files beside sled's say.
    fn beside(dir: &Path, after: Head) -> Self {
        let mut found = Self {
            finds: Finds::after(after.position),
            marked: None,
            redacted: None,
            faults: Vec::new(),
        };
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
        // Without the marker's count, nobody knows how many entries there have to be.
        if let Some(slot) = newest {
            found.finds.take_chunks(&slot.redo);
            match redactions::read(&dir.join("redacted"), slot.mark.redacted) {
                Ok(listed) => found.redacted = Some(listed.positions),
                Err(fault) => found.faults.push(fault.in_words()),
            }
        }
        found
    }

    fn following(self, after: Head, lock: Lock) -> Salvaged {
        let before = self.finds.before;
        let leading = self.marked.map(|marked| self.finds.leading_to(marked));
        Salvaged {
            events: self.finds.following(after, self.marked),
            before,
            stranded_from: leading.and_then(|leading| leading.into_keys().next()),
            marked: self.marked,
            redacted: self.redacted,
            faults: self.faults,
            _lock: lock,
        }
    }
}
