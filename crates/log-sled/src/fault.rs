//! What can go wrong below the log: the operating system, sled, or what is stored.

use rapporteur_log::chain::Damage;
use rapporteur_log::{AppendError, ReadError};
use std::io;
use std::path::{Path, PathBuf};

/// A fault of the storage below the log.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The operating system refused.
    #[error("{what} {} failed", path.display())]
    Io {
        /// What was tried: `reading`, `syncing`…
        what: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// sled returned an error.
    #[error("sled failed while {what}")]
    Sled {
        /// What it was doing.
        what: &'static str,
        /// What it said.
        #[source]
        source: sled::Error,
    },
    /// sled panicked; the panic was caught.
    #[error("sled panicked while {what}: {message}")]
    Panicked {
        /// What it was doing.
        what: &'static str,
        /// The panic's message.
        message: String,
    },
    /// sled keeps a value in a file of its own, which it never syncs.
    #[error("{} holds a file; sled never syncs those, so nothing more is acknowledged", path.display())]
    Blobs {
        /// The directory that has to be empty.
        path: PathBuf,
    },
    /// The thread that writes the head marker is gone.
    #[error("the thread that writes the head marker ended")]
    MarkerThread,
    /// What is stored is not what was written.
    #[error("the log is damaged")]
    Damaged(#[source] Damage),
}

impl Fault {
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }

    pub(crate) fn damaged(position: u64, what: impl Into<String>) -> Self {
        Self::Damaged(Damage {
            position,
            what: what.into(),
        })
    }

    /// The error and its causes in one line.
    pub(crate) fn in_words(&self) -> String {
        let mut words = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            words.push_str(": ");
            words.push_str(&error.to_string());
            cause = error.source();
        }
        words
    }
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged(damage) => Self::Damaged(damage),
            other => Self::Storage(Box::new(other)),
        }
    }
}

impl From<Fault> for AppendError {
    fn from(fault: Fault) -> Self {
        Self::Storage(Box::new(fault))
    }
}
