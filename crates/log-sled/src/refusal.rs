//! Why a store was not opened.

use crate::fault::Fault;
use crate::format;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A store that was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Somebody else has it open.
    #[error("the store {} is in use by another process, or twice by this one; stop the other, or use another directory", dir.display())]
    InUse {
        /// The store's directory.
        dir: PathBuf,
    },
    /// A newer program made it.
    #[error("the store {} has format {found}, this program knows format {}; start a program at least as new as the one that wrote it", dir.display(), format::VERSION)]
    Newer {
        /// The store's directory.
        dir: PathBuf,
        /// Its format.
        found: u64,
    },
    /// An older program made it.
    #[error("the store {} has format {found}, this program knows format {}; record its facts again with `rapporteur import` into another directory, or use the program that wrote it", dir.display(), format::VERSION)]
    Older {
        /// The store's directory.
        dir: PathBuf,
        /// Its format.
        found: u64,
    },
    /// It is no store.
    #[error("the directory {} is no store ({what}); name an empty directory, or the store's own", dir.display())]
    Foreign {
        /// The directory.
        dir: PathBuf,
        /// What is there.
        what: String,
    },
    /// It holds events, and was to be filled from nothing.
    #[error("the store {} holds events up to position {position}, and only an empty one can be filled; name a directory that is not there yet", dir.display())]
    NotEmpty {
        /// The store's directory.
        dir: PathBuf,
        /// The last position in it.
        position: u64,
    },
    /// A file of the store is not what was written, or gone.
    #[error("the store {} is damaged: {}: {what}; keep a copy of the directory, and run `rapporteur repair` or restore from a backup", dir.display(), file.display())]
    DamagedFile {
        /// The store's directory.
        dir: PathBuf,
        /// The file that is at fault.
        file: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The log is not what was acknowledged.
    #[error("the store {} is damaged: the log ends at position {log}, the head marker says {marker}: {what}; keep a copy of the directory, and run `rapporteur repair` or restore from a backup", dir.display())]
    Damaged {
        /// The store's directory.
        dir: PathBuf,
        /// The last position that the log still has.
        log: u64,
        /// The last position that was written.
        marker: u64,
        /// What does not fit.
        what: String,
    },
    /// Opening did not end.
    #[error("the store {} did not open within {} s; it may be large, or damaged: allow more time, or restore from a backup", dir.display(), after.as_secs())]
    TimedOut {
        /// The store's directory.
        dir: PathBuf,
        /// How long was waited.
        after: Duration,
    },
    /// A part of it has to be brought back, or may have to, and its disk has no room for what that takes.
    #[error("the store {} may lack a part that is still in the bytes of its file, and there is no room to keep a copy of that while it is opened; free {} MiB more of its disk, or let TMPDIR name a directory with room for the copy, and try again: nothing is lost meanwhile", dir.display(), bytes.div_ceil(1 << 20).max(1))]
    NoRoom {
        /// The store's directory.
        dir: PathBuf,
        /// How much more has to be free, in bytes.
        bytes: u64,
    },
    /// The system does not let us.
    #[error("the store {} could not be opened; {advice}", dir.display())]
    Unusable {
        /// The store's directory.
        dir: PathBuf,
        /// What to do about it.
        advice: &'static str,
        /// Why.
        #[source]
        source: Fault,
    },
}

impl OpenError {
    /// Whether this tells of bytes that are not what was written: another attempt will not help.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::DamagedFile { .. } | Self::Damaged { .. })
    }

    /// Whether there was no room for what opening writes.
    pub(crate) fn is_disk_full(&self) -> bool {
        let full = |source: &Fault| {
            matches!(
                source.refusal(),
                Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
            )
        };
        matches!(self, Self::Unusable { source, .. } if full(source))
    }

    /// A fault met while opening the store in `dir`.
    pub(crate) fn of(dir: &Path, fault: Fault) -> Self {
        let dir = dir.to_owned();
        let file = |file: PathBuf, what: String| Self::DamagedFile {
            dir: dir.clone(),
            file,
            what,
        };
        if crate::store::is_locked(&fault) {
            return Self::InUse { dir };
        }
        match fault {
            fault if !fault.is_damage() => {
                let advice = advice(fault.refusal());
                let source = fault;
                Self::Unusable { dir, advice, source }
            }
            Fault::File { path, what } => file(path, what),
            Fault::Sled { path, said, .. } => file(path, format!("sled says: {said}")),
            Fault::Panicked { path, message, .. } => file(path, format!("sled panicked over it: {message}")),
            Fault::Blobs { path } => file(
                path,
                "it holds a file where there must be none; sled never syncs those".to_owned(),
            ),
            other => file(dir.join("sled").join("db"), other.in_words()),
        }
    }
}

fn advice(refusal: Option<ErrorKind>) -> &'static str {
    match refusal {
        Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => "the disk is full: free some space and try again",
        Some(ErrorKind::ReadOnlyFilesystem) => {
            "its file system is read-only: mount it for writing, or copy the directory elsewhere, and try again"
        }
        Some(ErrorKind::PermissionDenied) => {
            "this user may not use it: give the directory and its files to the user that runs rapporteur, and try again"
        }
        Some(ErrorKind::NotADirectory | ErrorKind::AlreadyExists) => "its path names a file: name a directory",
        _ => {
            "look at what the system says; if the disk fails, keep a copy of the directory, and run `rapporteur repair` or restore from a backup"
        }
    }
}
