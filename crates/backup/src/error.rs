//! What can go wrong with a backup.

use rapporteur_desk::desk::chain;
use rapporteur_desk::export::ExportError;
use rapporteur_desk::restore::RestoreError;
use rapporteur_log::Head;
use std::io;
use std::path::{Path, PathBuf};

/// A backup that was not made or not read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The operating system refused.
    #[error("{what} {} failed", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another backup is being made there.
    #[error("another backup is being made in {}; wait for it, or name another directory", .0.display())]
    InUse(PathBuf),
    /// There is no backup.
    #[error("{} holds no backup: it has no file `backup.json`; name the directory of a backup", .0.display())]
    NotThere(PathBuf),
    /// The first backup there did not end.
    #[error("{} holds no backup: the first one there did not end; run `rapporteur backup` again", .0.display())]
    Unfinished(PathBuf),
    /// The directory holds something else.
    #[error("{} holds `{name}` and no backup; name an empty directory, or that of a backup", dir.display())]
    Foreign {
        /// The directory.
        dir: PathBuf,
        /// What is in it.
        name: String,
    },
    /// A file of the backup is not what was written.
    #[error("the backup is damaged: {}: {what}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// A newer program made it.
    #[error("the backup {} has format {found}, this program knows format {}; use a program at least as new as the one that made it", dir.display(), crate::list::FORMAT)]
    Newer {
        /// The directory.
        dir: PathBuf,
        /// Its format.
        found: u32,
    },
    /// It holds another history than the store.
    #[error("the backup holds position {} with hash {}, and the store {}: it is a backup of another store, or one of the two was rewritten; back up into another directory", held.position, held.hash, store_has(store))]
    Other {
        /// The backup's last event.
        held: Head,
        /// What the store has at that position; where it ends, if it ends before.
        store: Head,
    },
    /// The store could not be exported.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A line of the export does not verify.
    #[error("what was to be backed up does not verify")]
    Line(#[source] RestoreError),
    /// The source gave up.
    #[error("{0}")]
    Source(String),
}

impl BackupError {
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }

    pub(crate) fn damaged(file: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            file: file.to_owned(),
            what: what.into(),
        }
    }

    /// Whether this tells of a backup that is not what was written.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// The error and its causes in one line.
    #[must_use]
    pub fn in_words(&self) -> String {
        chain(self)
    }
}

fn store_has(store: &Head) -> String {
    format!("has position {} with hash {}", store.position, store.hash)
}
