//! A store that is filled before it is one: for a restore.
//!
//! `format` says that the store is not yet made until [`NewStore::finish`] says that it is. After a crash before that,
//! the next opening begins again from nothing.

use crate::files::Lock;
use crate::log::SledLog;
use crate::open::{self, Options, Purpose};
use crate::refusal::OpenError;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store in the making. Dropped unfinished, what was made of it is removed again.
pub struct NewStore {
    log: SledLog,
    // Dropped after the log, and unlocked last.
    remains: Remains,
}

impl NewStore {
    /// Begins a store in `dir`, which must not be there, be empty, or hold a store without any event.
    ///
    /// # Errors
    /// [`OpenError::NotEmpty`] if there is an event; else as [`SledLog::open`].
    pub fn begin(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        let before = Before::of(dir);
        let log = open::open(dir, options, Purpose::Fill)?;
        let remains = Remains {
            dir: dir.to_owned(),
            before: Some(before),
            _lock: log.keep_lock(),
        };
        Ok(Self { log, remains })
    }

    /// The log to fill.
    #[must_use]
    pub fn log(&self) -> &SledLog {
        &self.log
    }

    /// Makes it a store, and returns when it would survive a power cut. It stays locked until it is dropped.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn finish(&mut self) -> Result<(), OpenError> {
        open::finish(&self.remains.dir).map_err(|fault| OpenError::of(&self.remains.dir, fault))?;
        self.remains.before = None;
        Ok(())
    }
}

/// What was in the directory before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// There was no directory.
    Nothing,
    /// An empty directory.
    Directory,
    /// A store without events, or one in the making.
    Store,
}

impl Before {
    fn of(dir: &Path) -> Self {
        match dir.is_dir() {
            false => Self::Nothing,
            true if dir.join("format").exists() => Self::Store,
            true => Self::Directory,
        }
    }
}

/// Removes at its end what is left of an unfinished store.
struct Remains {
    dir: PathBuf,
    /// None once the store is finished.
    before: Option<Before>,
    _lock: Arc<Lock>,
}

impl Remains {
    /// `format` goes last: as long as anything is left, it says that this is no store yet.
    fn remove(&self, before: Before) -> std::io::Result<()> {
        let gone = |result: std::io::Result<()>| match result {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other,
        };
        gone(fs::remove_dir_all(self.dir.join("sled")))?;
        for file in ["head", "redacted", "unclosed", "before", "before.new", "kept", "anew"] {
            gone(fs::remove_file(self.dir.join(file)))?;
        }
        if before == Before::Store {
            return Ok(());
        }
        for file in ["format.new", "format", "lock"] {
            gone(fs::remove_file(self.dir.join(file)))?;
        }
        match before {
            Before::Nothing => fs::remove_dir(&self.dir),
            _ => Ok(()),
        }
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            let _best_effort = self.remove(before);
        }
    }
}
