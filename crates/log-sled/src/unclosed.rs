//! The files `unclosed`, `before` and `anew`: the store is in use, or was when its process or the power went; sled's file as it was
//! then; and sled's files are being made anew from that. `kept` says what `before` is a copy of.
//!
//! After a crash sled 0.34.7 takes the first message that is not whole, from the segment on in which it last knew everything to be on
//! the disk, for the end of its log, and zeroes what comes after it and whatever else it then takes for free. Where it was writing
//! over a segment that it had freed, and only a part of that reached the disk, that message lies before what was synced and
//! acknowledged. So its file is kept until the log was compared with the head marker, and what is missing is brought back from it.

use crate::fault::Fault;
use crate::files;
use crate::store::sync;
use rapporteur_log::Head;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const UNCLOSED: &str = "unclosed";
const BEFORE: &str = "before";
const KEPT: &str = "kept";
const ANEW: &str = "anew";
/// The space that sled is left for opening, in bytes.
const ROOM: u64 = 32 * 1024 * 1024;
/// A copy that is not known to be whole.
const UNFINISHED: &str = "before.new";

/// A store in use; the file says so until [`InUse::end`].
#[derive(Debug)]
pub(crate) struct InUse {
    dir: PathBuf,
}

impl InUse {
    /// Says so on the disk, before anything is written.
    pub(crate) fn begin(dir: &Path) -> Result<Self, Fault> {
        let path = dir.join(UNCLOSED);
        // It may be another user's.
        remove(&path)?;
        let made = File::create(&path).and_then(|file| file.sync_all());
        made.map_err(Fault::io("writing", &path))?;
        sync(dir)?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// The store was closed, and all that was written is on the disk.
    pub(crate) fn end(self) -> Result<(), Fault> {
        remove(&self.dir.join(UNCLOSED))?;
        sync(&self.dir)
    }
}

/// What `before` is a copy of: the file of a store whose head marker said this, and whether that was closed. Another head is told where a
/// program used the store that knows nothing of `before`, or part of the directory was put back: then `before` is of no use.
fn stamp(marked: Head, was_unclosed: bool) -> String {
    let how = if was_unclosed { "unclosed" } else { "closed" };
    format!("{} {} {how}\n", marked.position, marked.hash)
}

/// Whether what `before` is a copy of was closed; none where there is no such copy of a store with this head.
fn kept_of(dir: &Path, marked: Head) -> Option<bool> {
    let said = fs::read_to_string(dir.join(KEPT)).ok()?;
    let is_there = dir.join(BEFORE).exists();
    let of = |was_unclosed| (is_there && said == stamp(marked, was_unclosed)).then_some(was_unclosed);
    of(true).or(of(false))
}

/// Whether `before` is what sled's file was: while files are made anew from it nothing else is.
fn is_to_be_used(dir: &Path, marked: Head) -> bool {
    is_begun_anew(dir) || kept_of(dir, marked).is_some()
}

/// Whether the store in `dir` is in use, or was not closed. An opening that was cut off does not change that.
pub(crate) fn is_unclosed(dir: &Path, marked: Head) -> bool {
    kept_of(dir, marked).unwrap_or_else(|| dir.join(UNCLOSED).exists())
}

/// Keeps sled's file as it is, on the disk, and says where; one that an earlier opening kept and did not come to its end stays. None where
/// the disk has no room for it.
pub(crate) fn keep(dir: &Path, marked: Head, was_unclosed: bool) -> Result<Option<PathBuf>, Fault> {
    let (path, unfinished, kept) = (dir.join(BEFORE), dir.join(UNFINISHED), dir.join(KEPT));
    if is_to_be_used(dir, marked) {
        sync(&path)?;
        sync(dir)?;
        return Ok(Some(path));
    }
    for stale in [&kept, &path, &unfinished] {
        remove(stale)?;
    }
    let db = dir.join("sled").join("db");
    if files::free_space(dir).is_some_and(|free| free < room(dir)) {
        return Ok(None);
    }
    match fs::copy(&db, &unfinished) {
        Err(error) if [ErrorKind::StorageFull, ErrorKind::QuotaExceeded].contains(&error.kind()) => {
            remove(&unfinished)?;
            return Ok(None);
        }
        copied => copied.map_err(Fault::io("copying", &db))?,
    };
    sync(&unfinished)?;
    let stamped = File::create(&kept).and_then(|mut file| {
        file.write_all(stamp(marked, was_unclosed).as_bytes())?;
        file.sync_all()
    });
    stamped.map_err(Fault::io("writing", &kept))?;
    sync(dir)?;
    fs::rename(&unfinished, &path).map_err(Fault::io("renaming", &unfinished))?;
    sync(dir)?;
    Ok(Some(path))
}

/// The space that it takes to keep sled's file and to open the store, in bytes.
fn room(dir: &Path) -> u64 {
    size(&dir.join("sled").join("db")).saturating_add(ROOM)
}

/// How much more space has to be free for that, in bytes.
pub(crate) fn missing_room(dir: &Path) -> u64 {
    room(dir).saturating_sub(files::free_space(dir).unwrap_or(0))
}

/// How much more space has to be free to make sled's files anew, in bytes: they may be twice as large as those before, and what is
/// there now is removed first.
pub(crate) fn missing_room_anew(dir: &Path, kept: &Path) -> u64 {
    let there = fs::read_dir(dir.join("sled")).into_iter().flatten().flatten();
    let removed: u64 = there.map(|entry| size(&entry.path())).sum();
    let free = files::free_space(dir).unwrap_or(u64::MAX);
    (2 * size(kept)).saturating_sub(free.saturating_add(removed))
}

/// How large a file is, in bytes; 0 where it is not there.
fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// The file that holds what sled may have cut off, for whoever changes nothing: the one that an opening kept, or sled's own.
pub(crate) fn kept(dir: &Path, marked: Head) -> PathBuf {
    match is_to_be_used(dir, marked) {
        true => dir.join(BEFORE),
        false => dir.join("sled").join("db"),
    }
}

/// What an opening kept, of whatever it is a copy.
pub(crate) fn left(dir: &Path) -> Option<PathBuf> {
    Some(dir.join(BEFORE)).filter(|path| path.exists())
}

/// Says on the disk that what is in `sled` is of no more use, and that it is made anew from what was kept.
///
/// # Errors
/// The disk refuses, or is known to have no room.
pub(crate) fn begin_anew(dir: &Path, kept: &Path) -> Result<(), Fault> {
    if missing_room_anew(dir, kept) > 0 {
        return Err(Fault::io("making room in", dir)(ErrorKind::StorageFull.into()));
    }
    let path = dir.join(ANEW);
    let made = File::create(&path).and_then(|file| file.sync_all());
    made.map_err(Fault::io("writing", &path))?;
    sync(dir)
}

/// Whether making sled's files anew was begun and did not come to its end.
pub(crate) fn is_begun_anew(dir: &Path) -> bool {
    dir.join(ANEW).exists() && dir.join(BEFORE).exists()
}

/// Takes away what was kept.
pub(crate) fn settle(dir: &Path) -> Result<(), Fault> {
    // What says that `before` is to be used goes first.
    remove(&dir.join(ANEW))?;
    sync(dir)?;
    remove(&dir.join(BEFORE))?;
    remove(&dir.join(UNFINISHED))?;
    remove(&dir.join(KEPT))?;
    sync(dir)
}

fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::io("removing", path)(error)),
        _ => Ok(()),
    }
}
