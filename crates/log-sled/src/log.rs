//! The log on sled.

use crate::chunk;
use crate::fault::Fault;
use crate::marker::{self, Marker};
use crate::marker_thread::MarkerThread;
use crate::open::{OpenError, Options};
use crate::reader;
use crate::store::Store;
use crate::verify::{self, VerifyReport};
use rapporteur_log::{AppendError, EventLog, Head, Payload, ReadError, RedactError, Stored, chain};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

/// An event log in a directory of its own; see `docs/storage.md` for its files. One process at a time may open it.
///
/// An append is acknowledged when its chunks are synced in sled's file and its head in the head marker. The first fault
/// while writing stops all writing until the log is opened again; reads give what was acknowledged, or fail where sled refuses them (readers of the product are
/// served from the views, in memory).
pub struct SledLog {
    dir: PathBuf,
    notes: Vec<String>,
    head: Mutex<Head>,
    grown: Condvar,
    /// Held while chunks are rewritten: a reader must not see half of a chunk.
    rewriting: RwLock<()>,
    writer: Mutex<Writer>,
    store: Store,
    _lock: File,
}

#[derive(Debug)]
struct Writer {
    marker: MarkerThread,
    poisoned: Option<String>,
}

impl SledLog {
    /// Opens the store in `dir`, making it if `dir` is empty or not there. Reads the log's end and the head marker only:
    /// [`SledLog::verify`] checks everything.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        crate::open::open(dir, options)
    }

    /// What opening found and put right, in words; empty after a clean shutdown.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Checks all that is stored: the chain from the first event on, every checksum, no gap, no file in `blobs/`, both slots
    /// of the head marker, the file `format`. Appends go on meanwhile, redactions wait.
    #[must_use]
    pub fn verify(&self) -> VerifyReport {
        let _kept = self.rewriting.read().unwrap_or_else(PoisonError::into_inner);
        let (head, slots) = {
            let _quiet = self.writer();
            let head = *self.published();
            (head, verify::marker_slots(&self.dir, &head))
        };
        verify::verify(&self.dir, &self.store, head, slots)
    }

    pub(crate) fn new(
        dir: &Path,
        lock: File,
        store: Store,
        marker: Marker,
        head: Head,
        notes: Vec<String>,
    ) -> Result<Self, Fault> {
        let writer = Writer {
            marker: MarkerThread::start(marker, dir)?,
            poisoned: None,
        };
        Ok(Self {
            dir: dir.to_owned(),
            notes,
            head: Mutex::new(head),
            grown: Condvar::new(),
            rewriting: RwLock::new(()),
            writer: Mutex::new(writer),
            store,
            _lock: lock,
        })
    }

    fn published(&self) -> MutexGuard<'_, Head> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the chunks of `batch` and the head after it to the disk, both at once where they fit the marker.
    fn write(&self, writer: &Writer, before: Head, head: Head, batch: &[Stored]) -> Result<(), AppendError> {
        let entries = chunk::pack(batch).map_err(|error| AppendError::Storage(Box::new(error)))?;
        if !marker::fits(&entries) {
            self.store.apply(&entries, &[])?;
            return Ok(writer.marker.write(head)?);
        }
        let entries = Arc::new(entries);
        writer.marker.begin(head, Arc::clone(&entries))?;
        let applied = self.store.apply(&entries, &[]);
        let marked = writer.marker.finish();
        if let Err(fault) = applied {
            // The caller is told that nothing was written: the marker must not complete it at the next opening.
            let _best_effort = writer.marker.write(before);
            return Err(fault.into());
        }
        Ok(marked?)
    }

    fn rewrite(&self, writer: &Writer, position: u64, head: Head) -> Result<(), RedactError> {
        let mut found = reader::chunk_at(&self.store, position).map_err(ReadError::from)?;
        for event in &mut found.events {
            if event.header.position == position {
                event.payload = Payload::Redacted;
            }
        }
        let entries = chunk::repack(&found.events, found.first, found.append_last)
            .map_err(|error| AppendError::Storage(Box::new(error)))?;
        let kept = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let gone: Vec<_> = (kept..found.parts).map(|part| chunk::key(found.first, part)).collect();
        {
            let _alone = self.rewriting.write().unwrap_or_else(PoisonError::into_inner);
            self.store.apply(&entries, &gone).map_err(AppendError::from)?;
        }
        Ok(writer.marker.scrub(head).map_err(AppendError::from)?)
    }
}

impl Writer {
    fn check(&self) -> Result<(), AppendError> {
        match &self.poisoned {
            Some(reason) => Err(AppendError::Poisoned { reason: reason.clone() }),
            None => Ok(()),
        }
    }
}

impl EventLog for SledLog {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        let mut writer = self.writer();
        writer.check()?;
        let actual = *self.published();
        if actual != *after {
            return Err(AppendError::HeadMoved {
                expected: *after,
                actual,
            });
        }
        if batch.is_empty() {
            return Ok(actual);
        }
        let head = chain::check(after, batch).map_err(AppendError::BadBatch)?;
        if let Err(error) = self.write(&writer, actual, head, batch) {
            writer.poisoned = Some(reason(&error));
            return Err(error);
        }
        *self.published() = head;
        self.grown.notify_all();
        Ok(head)
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        let _kept = self.rewriting.read().unwrap_or_else(PoisonError::into_inner);
        let head = *self.published();
        Ok(reader::read(&self.store, after, limit, &head)?)
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(*self.published())
    }

    fn wait_past(&self, position: u64, timeout: Duration) -> Result<Head, ReadError> {
        let waited = self
            .grown
            .wait_timeout_while(self.published(), timeout, |head| head.position <= position);
        let (head, _) = waited.unwrap_or_else(PoisonError::into_inner);
        Ok(*head)
    }

    fn redact(&self, position: u64) -> Result<(), RedactError> {
        let mut writer = self.writer();
        writer.check()?;
        let head = *self.published();
        if position == 0 || position > head.position {
            return Err(RedactError::Unknown {
                position,
                head: head.position,
            });
        }
        let result = self.rewrite(&writer, position, head);
        if let Err(RedactError::Write(error)) = &result {
            writer.poisoned = Some(reason(error));
        }
        result
    }
}

/// The error and its causes in one line.
fn reason(error: &AppendError) -> String {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ")
}
