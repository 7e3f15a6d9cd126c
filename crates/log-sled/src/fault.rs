//! What can go wrong below the log: the operating system, sled, or what is stored.

use rapporteur_log::chain::Damage;
use rapporteur_log::{AppendError, ReadError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

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
    /// A file beside or below the log is not what was written.
    #[error("{} is damaged: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// sled gave up over its file.
    #[error("sled failed while {what} {}: {said}", path.display())]
    Sled {
        /// What it was doing.
        what: &'static str,
        /// The file it keeps everything in.
        path: PathBuf,
        /// What it said.
        said: String,
    },
    /// sled panicked; the panic was caught.
    #[error("sled panicked while {what} {}: {message}", path.display())]
    Panicked {
        /// What it was doing.
        what: &'static str,
        /// The file it keeps everything in.
        path: PathBuf,
        /// The panic's message.
        message: String,
    },
    /// sled keeps a value in a file of its own, which it never syncs.
    #[error("{} holds a file; sled never syncs those, so nothing more is acknowledged", path.display())]
    Blobs {
        /// The directory that has to be empty.
        path: PathBuf,
    },
    /// sled did not end what it was to write.
    #[error("sled did not write to {} within {} s", path.display(), after.as_secs())]
    Stuck {
        /// The file it keeps everything in.
        path: PathBuf,
        /// How long was waited.
        after: Duration,
    },
    /// The thread that writes to sled is gone.
    #[error("the thread that writes to the store ended")]
    WriterGone,
    /// What is stored is not what was written.
    #[error("the log is damaged")]
    Damaged(#[source] Damage),
}

impl Fault {
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }

    pub(crate) fn file(path: &Path, what: impl Into<String>) -> Self {
        Self::File {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    pub(crate) fn damaged(position: u64, what: impl Into<String>) -> Self {
        Self::Damaged(Damage {
            position,
            what: what.into(),
        })
    }

    /// What sled said of its file `path`, without its own noise.
    pub(crate) fn sled(what: &'static str, path: &Path, error: sled::Error) -> Self {
        match error {
            sled::Error::Io(source) if is_cut_short(source.kind()) => {
                Self::file(path, "it ends before what it should hold")
            }
            sled::Error::Io(source) => Self::io(what, path)(plain(source)),
            sled::Error::Corruption { at: None, .. } => Self::file(path, "a part of it does not match its checksum"),
            sled::Error::Corruption { at: Some(at), .. } => {
                let what = format!("what it holds at byte {} is not what was written", at.lid());
                Self::file(path, what)
            }
            sled::Error::CollectionNotFound(_) => Self::file(path, "the log's tree is missing"),
            sled::Error::Unsupported(said) | sled::Error::ReportableBug(said) => Self::Sled {
                what,
                path: path.to_owned(),
                said,
            },
        }
    }

    /// A caught panic of sled. It unwraps some of what the system refuses; the panic then tells of that.
    pub(crate) fn panicked(what: &'static str, path: &Path, message: String) -> Self {
        let refusals = [
            ("StorageFull", ErrorKind::StorageFull),
            ("QuotaExceeded", ErrorKind::QuotaExceeded),
            ("ReadOnlyFilesystem", ErrorKind::ReadOnlyFilesystem),
            ("PermissionDenied", ErrorKind::PermissionDenied),
        ];
        match refusals.into_iter().find(|(name, _)| message.contains(name)) {
            Some((_, kind)) => Self::io(what, path)(kind.into()),
            None => Self::Panicked {
                what,
                path: path.to_owned(),
                message,
            },
        }
    }

    /// Whether this tells of bytes that are not what was written, and not of a system that refuses.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Stuck { .. } | Self::WriterGone)
    }

    /// Why the system refused; none where it did not.
    pub(crate) fn refusal(&self) -> Option<ErrorKind> {
        match self {
            Self::Io { source, .. } => Some(source.kind()),
            _ => None,
        }
    }

    /// The error and its causes in one line.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut words = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            words.push_str(": ");
            words.push_str(&error.to_string());
            cause = error.source();
        }
        words
    }

    /// The same; damage of a file becomes damage of the log from `position` on.
    pub(crate) fn at(self, position: u64) -> Self {
        match self {
            Self::File { .. } | Self::Sled { .. } => Self::damaged(position, self.to_string()),
            other => other,
        }
    }
}

fn is_cut_short(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::UnexpectedEof | ErrorKind::InvalidData)
}

/// sled hands an error on with its debug form for a text: only the kind of those is worth telling.
fn plain(error: io::Error) -> io::Error {
    match (error.raw_os_error(), error.kind()) {
        (None, kind) if kind != ErrorKind::Other => kind.into(),
        _ => error,
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
