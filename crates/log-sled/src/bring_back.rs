//! Bringing back what sled lost in opening: events that the log lacks up to the head marker, from the bytes that sled had before;
//! all of them, where sled does not read its files any more.

use crate::chunk::{self, Entry, Key};
use crate::fault::Fault;
use crate::find::Finds;
use crate::marker::Slot;
use crate::reader::Chunks;
use crate::store::Store;
use rapporteur_log::{Head, Stored};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Events that are missing one after the other.
#[derive(Debug, PartialEq, Eq)]
struct Hole {
    /// The event before them.
    after: Head,
    /// The last of them.
    last: Head,
    /// Where the append ended that the event before them was written by.
    append_last: u64,
}

/// What cannot be read, from the first event on up to the one that was marked.
fn find_holes(store: &Store, marked: Head) -> Result<Vec<Hole>, Fault> {
    let mut holes = Vec::new();
    let (mut at, mut append_last) = (Head::EMPTY, 0);
    for chunk in Chunks::from(store, chunk::key(0, 0))? {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(fault) if fault.is_damage() => continue,
            Err(fault) => return Err(fault),
        };
        let follows = chunk.follows();
        if follows.position > at.position {
            holes.push(Hole {
                after: at,
                last: follows,
                append_last,
            });
        } else if follows != at {
            return Err(Fault::damaged(chunk.first, "it does not follow on the event before it"));
        }
        (at, append_last) = (chunk.head, chunk.append_last);
    }
    if at.position < marked.position {
        holes.push(Hole {
            after: at,
            last: marked,
            append_last,
        });
    }
    Ok(holes)
}

/// Fills every hole of the log up to the slot's head from the file `before` and the slot's redo; how many events were brought back. A
/// hole that cannot be filled is damage, and nothing is written then.
pub(crate) fn bring_back(store: &Store, slot: &Slot, before: &Path) -> Result<u64, Fault> {
    let marked = slot.mark.head;
    let holes = find_holes(store, marked)?;
    let Some(first) = holes.first() else { return Ok(0) };
    let mut finds = Finds::after(first.after.position);
    finds.take_chunks(&slot.redo);
    finds.scan(before)?;
    let (mut entries, mut brought) = (Vec::new(), 0);
    for hole in &holes {
        let events = finds.between(hole.after, hole.last);
        let events = events.ok_or_else(|| missing(hole))?;
        brought += events.len() as u64;
        entries.extend(hole.pack(&events)?);
    }
    let remove = leftovers(store, &holes, &entries)?;
    store.apply(&entries, &remove)?;
    let left = find_holes(store, marked)?;
    match left.first() {
        Some(hole) => Err(missing(hole)),
        None => Ok(brought),
    }
}

/// How many events are written at once when a log is made anew.
const PAGE: usize = 10_000;

/// Makes the log in `sled_dir` anew with all events up to the slot's head, from the file `before` and the slot's redo; how many. None where not
/// all of them are there, and nothing was done then. `begin` is called before anything is removed.
pub(crate) fn make_anew(
    sled_dir: &Path,
    open: impl FnOnce() -> Result<Store, Fault>,
    slot: &Slot,
    before: &Path,
    begin: impl FnOnce() -> Result<(), Fault>,
) -> Result<Option<u64>, Fault> {
    let marked = slot.mark.head;
    let mut finds = Finds::after(0);
    finds.scan(before)?;
    // Another log may be there that is whole: then it is the marker that does not belong to it.
    let another = finds.following(Head::EMPTY, None);
    let is_another = |event: &Stored| event.header.position == marked.position && event.header.hash != marked.hash;
    if another.iter().any(is_another) {
        return Ok(None);
    }
    drop(another);
    finds.take_chunks(&slot.redo);
    let Some(events) = finds.between(Head::EMPTY, marked) else {
        return Ok(None);
    };
    begin()?;
    for entry in fs::read_dir(sled_dir).map_err(Fault::io("reading", sled_dir))? {
        let path = entry.map_err(Fault::io("reading", sled_dir))?.path();
        let removed = match path.is_dir() {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        removed.map_err(Fault::io("removing", &path))?;
    }
    let store = open()?;
    for page in events.chunks(PAGE) {
        let last = page.last().map_or(0, |event| event.header.position);
        let entries = chunk::pack(page, last).map_err(|error| Fault::damaged(last, error.to_string()))?;
        store.apply(&entries, &[])?;
    }
    Ok(Some(events.len() as u64))
}

fn missing(hole: &Hole) -> Fault {
    let (from, to) = (hole.after.position + 1, hole.last.position);
    Fault::damaged(from, format!("acknowledged events are missing, up to position {to}"))
}

impl Hole {
    /// The chunks of its events. Those of the append before them go on being of that one, the others become one append.
    fn pack(&self, events: &[Stored]) -> Result<Vec<Entry>, Fault> {
        let of_before = events.iter().filter(|event| event.header.position <= self.append_last);
        let (before, rest) = events.split_at(of_before.count());
        let packed = chunk::pack(before, self.append_last)
            .and_then(|packed| Ok([packed, chunk::pack(rest, self.last.position)?].concat()));
        packed.map_err(|error| Fault::damaged(self.after.position + 1, error.to_string()))
    }
}

/// Keys in the holes under which nothing whole is stored and nothing is put.
fn leftovers(store: &Store, holes: &[Hole], put: &[Entry]) -> Result<Vec<Key>, Fault> {
    let put: BTreeSet<&Key> = put.iter().map(|entry| &entry.key).collect();
    let mut left = Vec::new();
    for hole in holes {
        for item in store.scan(chunk::key(hole.after.position + 1, 0))? {
            let (key, _) = item?;
            let Ok(key) = Key::try_from(&key[..]) else { continue };
            let is_in = chunk::parse_key(&key).is_some_and(|(first, _)| first <= hole.last.position);
            if !is_in {
                break;
            }
            left.extend((!put.contains(&key)).then_some(key));
        }
    }
    Ok(left)
}
