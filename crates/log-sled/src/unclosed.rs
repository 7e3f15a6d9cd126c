//! The files `unclosed`, `before` and `anew`: the store is in use, or was when its process or the power went; sled's file as it was
//! then; and sled's files are being made anew from that.
//!
//! After a crash sled 0.34.7 takes the first message that is not whole, from the segment on in which it last knew everything to be on
//! the disk, for the end of its log, and zeroes what comes after it and whatever else it then takes for free. Where it was writing
//! over a segment that it had freed, and only a part of that reached the disk, that message lies before what was synced and
//! acknowledged. So its file is kept until the log was compared with the head marker, and what is missing is brought back from it.

use crate::fault::Fault;
use crate::files;
use crate::store::sync;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const UNCLOSED: &str = "unclosed";
const BEFORE: &str = "before";
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

/// Whether the store in `dir` is in use, or was not closed.
pub(crate) fn is_unclosed(dir: &Path) -> bool {
    [UNCLOSED, BEFORE].iter().any(|name| dir.join(name).exists())
}

/// Keeps sled's file as it is, and says where; one that an earlier opening kept and did not come to its end stays. Where the store was not
/// closed it is on the disk before this returns, otherwise it is for this opening alone. None where the disk has no room for it.
pub(crate) fn keep(dir: &Path, was_unclosed: bool) -> Result<Option<PathBuf>, Fault> {
    let (path, unfinished) = (dir.join(BEFORE), dir.join(UNFINISHED));
    if path.exists() {
        sync(&path)?;
        sync(dir)?;
        return Ok(Some(path));
    }
    let db = dir.join("sled").join("db");
    if files::free_space(dir).is_some_and(|free| free < room(dir)) {
        remove(&unfinished)?;
        return Ok(None);
    }
    match fs::copy(&db, &unfinished) {
        Err(error) if [ErrorKind::StorageFull, ErrorKind::QuotaExceeded].contains(&error.kind()) => {
            remove(&unfinished)?;
            return Ok(None);
        }
        copied => copied.map_err(Fault::io("copying", &db))?,
    };
    match was_unclosed {
        true => finish(dir).map(|()| Some(path)),
        false => Ok(Some(unfinished)),
    }
}

/// The space that it takes to keep sled's file and to open the store, in bytes.
pub(crate) fn room(dir: &Path) -> u64 {
    let db = fs::metadata(dir.join("sled").join("db"));
    db.map_or(0, |db| db.len()).saturating_add(ROOM)
}

/// Brings the copy that was made to the disk under the name by which later openings know it.
pub(crate) fn finish(dir: &Path) -> Result<(), Fault> {
    let (path, unfinished) = (dir.join(BEFORE), dir.join(UNFINISHED));
    if unfinished.exists() {
        sync(&unfinished)?;
        fs::rename(&unfinished, &path).map_err(Fault::io("renaming", &unfinished))?;
    }
    sync(dir)
}

/// The file that holds what sled may have cut off, for whoever changes nothing: the one that an opening kept, or sled's own.
pub(crate) fn kept(dir: &Path) -> PathBuf {
    let path = dir.join(BEFORE);
    match path.exists() {
        true => path,
        false => dir.join("sled").join("db"),
    }
}

/// Says on the disk that what is in `sled` is of no more use, and that it is made anew from what was kept.
pub(crate) fn begin_anew(dir: &Path) -> Result<(), Fault> {
    finish(dir)?;
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
    sync(dir)
}

fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::io("removing", path)(error)),
        _ => Ok(()),
    }
}
