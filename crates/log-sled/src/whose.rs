//! Whose a directory is: the lock of a store, which form it has, and what is no store.

use crate::fault::Fault;
use crate::files::{self, Lock};
use crate::format::{self, Format};
use crate::open::Purpose;
use crate::refusal::OpenError;
use rapporteur_log::Hash;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

/// Takes the locks of a store that is looked at, whatever is in it.
pub(crate) fn lock_to_look(dir: &Path) -> Result<Lock, OpenError> {
    let paths = [dir.join("lock"), dir.join("sled").join("db")];
    let held = paths
        .into_iter()
        .filter_map(|path| Some((File::open(&path).ok()?, path)));
    let lock = Lock::take(held.collect()).map_err(|fault| OpenError::of(dir, fault))?;
    lock.ok_or_else(|| OpenError::InUse { dir: dir.to_owned() })
}

/// Takes the lock, and refuses a directory that is no store before anything is put into it.
pub(crate) fn lock(dir: &Path, purpose: Purpose) -> Result<Lock, OpenError> {
    let refused = |fault| OpenError::of(dir, fault);
    let path = dir.join("lock");
    let is_new = !dir.join("format").exists();
    // A store in the making has a lock before it has anything else: whoever sees parts of it has to ask for the lock first.
    if is_new && dir.is_dir() && !path.exists() {
        let stranger = files::stranger(dir).map_err(refused)?;
        if !path.exists() {
            no_format(dir, stranger)?;
        }
    }
    if purpose != Purpose::Check && !dir.is_dir() {
        files::make_dir(dir).map_err(refused)?;
    }
    let file = match purpose {
        Purpose::Use | Purpose::Fill => File::options().write(true).create(true).truncate(false).open(&path),
        Purpose::Check => File::open(&path),
    };
    let mut held = Vec::new();
    match file {
        Err(error) if purpose == Purpose::Check && error.kind() == ErrorKind::NotFound => {}
        file => held.push((file.map_err(Fault::io("opening", &path)).map_err(refused)?, path)),
    }
    if purpose == Purpose::Check {
        // sled itself opens a copy: its lock would not be asked for.
        let path = dir.join("sled").join("db");
        held.extend(File::open(&path).ok().map(|file| (file, path)));
    }
    let Some(lock) = Lock::take(held).map_err(refused)? else {
        return Err(OpenError::InUse { dir: dir.to_owned() });
    };
    if !dir.join("format").exists() {
        no_format(dir, files::stranger(dir).map_err(refused)?)?;
    }
    Ok(lock)
}

/// Refuses a directory without `format` that holds something all the same.
fn no_format(dir: &Path, stranger: Option<String>) -> Result<(), OpenError> {
    match (files::a_part(dir), stranger) {
        (Some(part), _) => Err(OpenError::DamagedFile {
            dir: dir.to_owned(),
            file: dir.join("format"),
            what: format!("it is missing, although `{part}` is there"),
        }),
        (None, Some(name)) => Err(OpenError::Foreign {
            dir: dir.to_owned(),
            what: format!("it has no file `format`, but `{name}`"),
        }),
        (None, None) => Ok(()),
    }
}

/// The hash of `conf` that the store's `format` tells; none if the store is still to be made.
pub(crate) fn format(dir: &Path) -> Result<Option<Hash>, OpenError> {
    let owned = || dir.to_owned();
    match format::read(dir).map_err(|fault| OpenError::of(dir, fault))? {
        Format::Current(conf) => Ok(Some(conf)),
        Format::Unfinished | Format::None => Ok(None),
        Format::Newer(found) => Err(OpenError::Newer { dir: owned(), found }),
        Format::Older(found) => Err(OpenError::Older { dir: owned(), found }),
        Format::Garbled(text) if files::a_part(dir).is_some() => Err(OpenError::DamagedFile {
            dir: owned(),
            file: dir.join("format"),
            what: format!("it says \"{}\"", text.escape_debug()),
        }),
        Format::Garbled(text) => Err(OpenError::Foreign {
            dir: owned(),
            what: format!("its file `format` says \"{}\"", text.escape_debug()),
        }),
    }
}
