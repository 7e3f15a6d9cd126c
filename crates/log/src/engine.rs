//! The engine seam: the one atomic primitive that every rule about concurrency stands on.

use crate::chain::Damage;
use crate::envelope::{Head, Stored};
use crate::verify::VerifyReport;
use std::io::{self, ErrorKind};

/// An append-only log of stored events.
pub trait EventLog: Send + Sync {
    /// Writes all of `batch` after the head `after`, or none of it, and returns the new head only when the batch would
    /// survive a power cut. The batch was sealed onto `after`; an empty batch changes nothing.
    ///
    /// # Errors
    /// [`AppendError::HeadMoved`] if the log ends elsewhere, [`AppendError::NearlyFull`] if the disk has no room to spare:
    /// nothing was written. Any other error poisons the log: every later append fails with [`AppendError::Poisoned`]. Reads
    /// give what was acknowledged, or fail; they are never wrong.
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError>;

    /// The events after position `after`, oldest first, at most `limit`, never past the acknowledged head. Their chain is
    /// whole among themselves; that it follows on the event at `after` is for the caller to check with [`crate::chain::check`].
    ///
    /// # Errors
    /// The engine cannot read, or what it reads is damaged: then nothing is returned.
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError>;

    /// The acknowledged head.
    ///
    /// # Errors
    /// The engine cannot tell.
    fn head(&self) -> Result<Head, ReadError>;

    /// Why nothing can be written now; `None` while the log takes appends.
    fn unwritable(&self) -> Option<String>;

    /// Takes the payload and salt of the event at `position` out for good; header and chain stay. Again changes nothing.
    ///
    /// # Errors
    /// There is no such event, or the engine cannot write (then it is poisoned).
    fn redact(&self, position: u64) -> Result<(), RedactError>;

    /// Checks all that is stored, and changes nothing; appends go on meanwhile. `progress` is told now and then up to which
    /// position it is done.
    fn verify(&self, progress: &mut dyn FnMut(u64)) -> VerifyReport {
        VerifyReport::by_reading(self, progress)
    }
}

/// An append that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first.
    #[error("the log ends at position {}, not at {}: nothing was written; catch up and decide again", actual.position, expected.position)]
    HeadMoved {
        /// The head that was given.
        expected: Head,
        /// The head that there is.
        actual: Head,
    },
    /// The batch does not follow on the head it was given with.
    #[error("the batch does not follow on the log: nothing was written")]
    BadBatch(#[source] Damage),
    /// The disk has less free space than is to be kept. Nothing was written, and as soon as there is more, appends go on.
    #[error("the disk of the store has {} MiB free, and {} MiB are to be kept free; free some space and try again", free >> 20, kept >> 20)]
    NearlyFull {
        /// The free space, in bytes.
        free: u64,
        /// What has to be free, in bytes.
        kept: u64,
    },
    /// An earlier fault stopped all writing.
    #[error(
        "the log takes no more writes since an earlier fault ({reason}); free space or repair the disk, then restart"
    )]
    Poisoned {
        /// The earlier fault.
        reason: String,
        /// Whether it was that the disk is full.
        disk_full: bool,
    },
    /// The engine failed.
    #[error("the log could not write; it takes no more writes until it is opened again")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppendError {
    /// Whether the disk is full, or was when writing stopped.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        if let Self::Poisoned { disk_full, .. } = self {
            return *disk_full;
        }
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref::<io::Error>()
                && matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
            {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// A read that gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// What is stored is not what was written.
    #[error("the log is damaged; run `rapporteur verify`")]
    Damaged(#[source] Damage),
    /// The engine failed.
    #[error("the log could not be read")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A redaction that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// No such event.
    #[error("there is no event at position {position}; the log ends at {head}")]
    Unknown {
        /// The position given.
        position: u64,
        /// The log's last position.
        head: u64,
    },
    /// The event could not be read.
    #[error("the event could not be read")]
    Read(#[from] ReadError),
    /// The event could not be written back.
    #[error("the event could not be rewritten")]
    Write(#[from] AppendError),
}
