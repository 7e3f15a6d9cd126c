//! Opening a store that is there: whether it holds all that the head marker says, and bringing back what sled lost.

use crate::bring_back;
use crate::copy::Copy;
use crate::fault::Fault;
use crate::files;
use crate::marker::{self, Mark, Marker, Slot};
use crate::mend::{Before, Found, compare, redact_again};
use crate::open::{Opened, Options, Purpose};
use crate::redactions::{self, Listed, Redactions};
use crate::refusal::OpenError;
use crate::store::Store;
use crate::unclosed::{self, InUse};
use crate::unsure;
use rapporteur_log::{Hash, Head};
use std::path::{Path, PathBuf};

/// Opens the store in `dir`, whose `format` holds the hash `conf`.
pub(crate) fn open_made(dir: &Path, options: &Options, purpose: Purpose, conf: Hash) -> Result<Opened, OpenError> {
    let refused = |fault| OpenError::of(dir, fault);
    let begun_anew = unclosed::is_begun_anew(dir);
    check_parts(dir, conf, begun_anew)?;
    let slots = marker::read_slots(&dir.join("head")).map_err(refused)?;
    let Some(slot) = marker::newest(&slots) else {
        return Err(damaged(dir, dir.join("head"), "neither of its two slots can be read"));
    };
    let listed = redactions::read(&dir.join("redacted"), slot.mark.redacted).map_err(refused)?;
    let mut found = Found::default();
    let copy = match purpose {
        Purpose::Check => Some(copy_to_look_at(dir).map_err(refused)?),
        Purpose::Use | Purpose::Fill => {
            prepare(dir, &mut found).map_err(refused)?;
            None
        }
    };
    let was_unclosed = unclosed::is_unclosed(dir, slot.mark.head);
    let (kept, in_use) = match purpose {
        Purpose::Check => (Some(unclosed::kept(dir, slot.mark.head)), None),
        Purpose::Use | Purpose::Fill => {
            let kept = unclosed::keep(dir, slot.mark.head, was_unclosed).map_err(refused)?;
            if kept.is_none() {
                found.notes.extend(without_room(dir, options, conf, was_unclosed)?);
            }
            (kept, Some(InUse::begin(dir).map_err(refused)?))
        }
    };
    let opening = Opening {
        dir,
        options,
        purpose,
        slot,
        listed: &listed,
        sled_dir: copy.as_ref().map_or_else(|| dir.join("sled"), Copy::path),
    };
    let before = kept.as_deref().map(|path| Before {
        path,
        unclosed: was_unclosed,
    });
    let (store, head) = opening.log_or_anew(before, begun_anew, &mut found)?;
    let rotten = std::mem::take(&mut found.rotten);
    let writing = match purpose {
        Purpose::Check => {
            let mends = |what| format!("{what} in a copy; opening the store to use it does the same");
            found.damages.extend(rotten.into_iter().map(mends));
            None
        }
        Purpose::Use | Purpose::Fill => {
            found.notes.extend(rotten);
            let mark = Mark {
                head,
                redacted: listed.tally,
            };
            let writing = settle(dir, &slots, mark, &mut found).map_err(refused)?;
            store.use_of(in_use);
            Some(writing)
        }
    };
    Ok(Opened {
        store,
        head,
        listed,
        writing,
        found,
        copy,
    })
}

fn damaged(dir: &Path, file: PathBuf, what: &str) -> OpenError {
    OpenError::DamagedFile {
        dir: dir.to_owned(),
        file,
        what: what.to_owned(),
    }
}

/// Whether every file is there; sled's own need not be while they are made anew.
fn check_parts(dir: &Path, conf: Hash, begun_anew: bool) -> Result<(), OpenError> {
    let sled_dir = dir.join("sled");
    if let Some(file) = files::a_missing_part(dir).filter(|file| !(begun_anew && file.starts_with(&sled_dir))) {
        return Err(damaged(dir, file, "it is missing"));
    }
    match begun_anew {
        true => Ok(()),
        false => files::check_conf(&sled_dir, conf).map_err(|fault| OpenError::of(dir, fault)),
    }
}

/// A copy of sled's files, but for a damaged snapshot: `verify` tells of that.
fn copy_to_look_at(dir: &Path) -> Result<Copy, Fault> {
    let copy = Copy::of(&dir.join("sled"))?;
    files::remove_damaged_snapshot(&copy.path())?;
    Ok(copy)
}

/// Makes sled's files ready to be used by it: each can be read, none of them is damaged as far as that can be told here, and
/// all of them are on the disk.
fn prepare(dir: &Path, found: &mut Found) -> Result<(), Fault> {
    let sled_dir = dir.join("sled");
    files::remove_unfinished(&sled_dir)?;
    files::read_through(&sled_dir)?;
    let removed = files::remove_damaged_snapshot(&sled_dir)?;
    let told = |what| format!("{what}; it was removed, and sled made it anew from its log");
    found.notes.extend(removed.map(told));
    if let Some(reason) = unsure::noted(dir) {
        unsure::write_anew(dir)?;
        let note =
            format!("after an error ({reason}) all files were written anew, so that what is read is on the disk");
        found.notes.push(note);
    }
    Ok(())
}

/// Refuses a store of which sled would lose something, where there is no room to keep its file: a copy of it is opened among the
/// system's temporary files. Where there is no room for that either, one that was closed is opened all the same, with a note: whoever
/// runs out of room has to be able to read.
fn without_room(dir: &Path, options: &Options, conf: Hash, was_unclosed: bool) -> Result<Option<String>, OpenError> {
    match open_made(dir, options, Purpose::Check, conf) {
        Ok(opened) if !opened.found.lacked => Ok(None),
        Err(error) if error.is_disk_full() && !was_unclosed => Ok(Some(format!(
            "there was no room to keep {} while it was opened: had a part of it been damaged, it would be lost now",
            dir.join("sled").join("db").display()
        ))),
        Err(error) if !error.is_disk_full() => Err(error),
        _ => Err(OpenError::NoRoom {
            dir: dir.to_owned(),
            bytes: unclosed::missing_room(dir),
        }),
    }
}

/// What sled is opened with, and its log is compared with.
struct Opening<'a> {
    dir: &'a Path,
    options: &'a Options,
    purpose: Purpose,
    slot: &'a Slot,
    listed: &'a Listed,
    /// Where sled works: in the store, or on a copy.
    sled_dir: PathBuf,
}

impl Opening<'_> {
    fn store(&self) -> Result<Store, Fault> {
        let Options {
            cache_bytes,
            flush_every,
            ..
        } = *self.options;
        Store::open(&self.sled_dir, &self.dir.join("sled"), cache_bytes, flush_every)
    }

    /// The log, with all that the marker says.
    fn log(&self, before: Option<Before<'_>>, found: &mut Found) -> Result<(Store, Head), OpenError> {
        let refused = |fault| OpenError::of(self.dir, fault);
        let store = self.store().map_err(refused)?;
        let head = compare(self.dir, &store, self.slot, before, found)?;
        redact_again(&store, self.listed, self.purpose, found).map_err(refused)?;
        Ok((store, head))
    }

    /// The log; made anew from what was before, where sled does not read its files any more.
    fn log_or_anew(
        &self,
        before: Option<Before<'_>>,
        begun_anew: bool,
        found: &mut Found,
    ) -> Result<(Store, Head), OpenError> {
        let opened = match begun_anew {
            true => {
                let db = self.dir.join("sled").join("db");
                Err(damaged(self.dir, db, "making it anew did not come to its end"))
            }
            false => self.log(before, found),
        };
        let (error, before) = match (opened, before) {
            (Err(error), Some(before)) if error.is_damage() => (error, before),
            (opened, _) => return opened,
        };
        let refused = |fault| OpenError::of(self.dir, fault);
        let writes = self.purpose != Purpose::Check;
        let begin = || match writes {
            true => unclosed::begin_anew(self.dir, before.path),
            false => Ok(()),
        };
        let made = bring_back::make_anew(&self.sled_dir, || self.store(), self.slot, before.path, begin);
        let made = made.map_err(refused).map_err(|error| match error.is_disk_full() {
            true => OpenError::NoRoom {
                dir: self.dir.to_owned(),
                bytes: unclosed::missing_room_anew(self.dir, before.path),
            },
            false => error,
        });
        match made? {
            Some(events) => {
                let what =
                    format!("sled could not read its files any more; they were made anew with all {events} events");
                found.brought_back(before.unclosed, what);
                self.log(None, found)
            }
            // What is there may have been put there since.
            None if begun_anew => self.log(Some(before), found),
            None => Err(error),
        }
    }
}

/// Takes away what was kept for this opening, and writes both slots of the marker again, without redo.
fn settle(dir: &Path, slots: &[Option<Slot>; 2], mark: Mark, found: &mut Found) -> Result<(Marker, Redactions), Fault> {
    // Before the redo goes: what was kept may lack the append that it carries.
    unclosed::settle(dir)?;
    let redactions = Redactions::open(&dir.join("redacted"), mark.redacted)?;
    let mut marker = Marker::open(&dir.join("head"), slots)?;
    if slots.iter().any(Option::is_none) {
        let note = "one slot of the head marker was not whole; it was written again";
        found.notes.push(note.to_owned());
    }
    marker.scrub(&mark)?;
    if unsure::noted(dir).is_some() {
        unsure::settle(dir)?;
    }
    Ok((marker, redactions))
}
