//! The log on sled.

use crate::chunk;
use crate::copy::Copy;
use crate::fault::Fault;
use crate::files::{self, Lock};
use crate::marker::{self, Mark, Marker};
use crate::open::{self, Opened, Options, Purpose};
use crate::reader;
use crate::redactions::{Redactions, Tally};
use crate::refusal::OpenError;
use crate::store::Store;
use crate::store_thread::StoreThread;
use crate::unsure;
use crate::verify;
use rapporteur_log::{AppendError, EventLog, Head, Payload, ReadError, RedactError, Stored, VerifyReport, chain};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// An event log in a directory of its own; see `docs/storage.md` for its files. One process at a time may open it.
///
/// An append is acknowledged when its chunks are synced in sled's file and its head in the head marker. The first fault
/// while writing stops all writing until the log is opened again; reads give what was acknowledged, or fail where sled refuses them (readers of the product are
/// served from the views, in memory).
pub struct SledLog {
    dir: PathBuf,
    notes: Vec<String>,
    /// What [`SledLog::open_to_check`] found; it leaves it as it is.
    damages: Vec<String>,
    head: Mutex<Head>,
    /// What is redacted. Held for writing while chunks are rewritten: a reader must not see half of a chunk. Whoever needs
    /// the writer too takes this first.
    redacted: RwLock<BTreeSet<u64>>,
    /// None in a log that was opened to be checked.
    writer: Option<Mutex<Writer>>,
    poisoned: Mutex<Option<Poison>>,
    keep_free: u64,
    store: Arc<Store>,
    lock: Arc<Lock>,
    _copy: Option<Copy>,
}

struct Writer {
    marker: Marker,
    store: StoreThread,
    redactions: Redactions,
    tally: Tally,
}

/// Why nothing is written any more.
#[derive(Debug, Clone)]
struct Poison {
    reason: String,
    disk_full: bool,
}

impl SledLog {
    /// Opens the store in `dir`, making it if `dir` is empty or not there. Keeps a copy of sled's file until every event up to the
    /// head marker was found, and brings back from it what sled lost; [`EventLog::verify`] checks the rest too.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        open::open(dir, options, Purpose::Use)
    }

    /// Opens the store in `dir` to look at it: nothing in `dir` changes, nothing can be appended. sled writes whenever it
    /// opens, so it works on a copy of its files among the system's temporary files, which takes as much space as
    /// `dir/sled`.
    ///
    /// # Errors
    /// See [`OpenError`]. Damage that leaves every event readable is told by [`EventLog::verify`].
    pub fn open_to_check(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        open::open(dir, options, Purpose::Check)
    }

    /// Whether `dir` holds a store, or what is left of one.
    ///
    /// # Errors
    /// Nobody may look into it.
    pub fn is_there(dir: &Path) -> io::Result<bool> {
        match dir.join("format").try_exists() {
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
            there => Ok(there? || files::a_part(dir).is_some()),
        }
    }

    /// What opening found and put right, in words; empty after a clean shutdown.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What a log that was opened to be checked found damaged, in words, though every event can be read.
    #[must_use]
    pub fn damages(&self) -> &[String] {
        &self.damages
    }

    /// What keeps the store locked as long as it is held, after the log is closed too.
    pub(crate) fn keep_lock(&self) -> Arc<Lock> {
        Arc::clone(&self.lock)
    }

    pub(crate) fn new(dir: &Path, opened: Opened, lock: Lock, options: &Options) -> Result<Self, Fault> {
        let store = Arc::new(opened.store);
        let writer = match opened.writing {
            Some((marker, redactions)) => Some(Mutex::new(Writer {
                marker,
                store: StoreThread::start(Arc::clone(&store), options.write_max, dir)?,
                redactions,
                tally: opened.listed.tally,
            })),
            None => None,
        };
        let poisoned = writer.is_none().then(|| Poison {
            reason: "it was opened to be checked, not to be written".to_owned(),
            disk_full: false,
        });
        Ok(Self {
            dir: dir.to_owned(),
            notes: opened.found.notes,
            damages: opened.found.damages,
            head: Mutex::new(opened.head),
            redacted: RwLock::new(opened.listed.positions),
            writer,
            poisoned: Mutex::new(poisoned),
            keep_free: options.keep_free,
            store,
            lock: Arc::new(lock),
            _copy: opened.copy,
        })
    }

    fn published(&self) -> MutexGuard<'_, Head> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn redacted(&self) -> RwLockReadGuard<'_, BTreeSet<u64>> {
        self.redacted.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> Option<MutexGuard<'_, Writer>> {
        let writer = self.writer.as_ref()?;
        Some(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The writer, unless nothing may be written.
    fn sound_writer(&self) -> Result<MutexGuard<'_, Writer>, AppendError> {
        let writer = self.writer();
        let poisoned = self.poisoned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match (writer, poisoned) {
            (Some(writer), None) => Ok(writer),
            (_, poison) => {
                let poison = poison.unwrap_or_else(|| Poison {
                    reason: "it has no writer".to_owned(),
                    disk_full: false,
                });
                Err(AppendError::Poisoned {
                    reason: poison.reason,
                    disk_full: poison.disk_full,
                })
            }
        }
    }

    fn poison(&self, error: &AppendError) {
        let poison = Poison {
            reason: reason(error),
            disk_full: error.is_disk_full(),
        };
        if !poison.disk_full {
            // Where the disk does not take the note either, the next opening trusts what it reads.
            let _best_effort = unsure::note(&self.dir, &poison.reason);
        }
        self.store.stay_unclosed();
        *self.poisoned.lock().unwrap_or_else(PoisonError::into_inner) = Some(poison);
    }

    /// The free space, in bytes, where there is less than is to be kept.
    fn short_of_room(&self) -> Option<u64> {
        let free = files::free_space(&self.dir)?;
        (free < self.keep_free).then_some(free)
    }

    /// Brings the chunks of `batch` and the head after it to the disk, both at once where they fit the marker.
    fn write(&self, writer: &mut Writer, before: Head, head: Head, batch: &[Stored]) -> Result<(), AppendError> {
        let entries = chunk::pack(batch, head.position).map_err(|error| AppendError::Storage(Box::new(error)))?;
        let redacted = writer.tally;
        let mark = |head| Mark { head, redacted };
        if !marker::fits(&entries) {
            writer.store.apply(entries, Vec::new())?;
            return Ok(writer.marker.write(&mark(head), &[])?);
        }
        let entries = Arc::new(entries);
        writer.store.begin(Arc::clone(&entries), Vec::new())?;
        let marked = writer.marker.write(&mark(head), &entries);
        if let Err(fault) = writer.store.finish() {
            // The caller is told that nothing was written: the marker must not complete it at the next opening.
            let _best_effort = writer.marker.write(&mark(before), &[]);
            return Err(fault.into());
        }
        Ok(marked?)
    }

    /// Lists the redaction, rewrites the chunk, and has the marker count the redaction and forget the last append's chunks.
    fn rewrite(&self, writer: &mut Writer, position: u64, redacted: &mut BTreeSet<u64>) -> Result<(), RedactError> {
        let found = reader::chunk_at(&self.store, position).map_err(ReadError::from)?;
        let (entries, gone) = found
            .redacted(position)
            .map_err(|error| AppendError::Storage(Box::new(error)))?;
        writer.tally = writer.redactions.add(position).map_err(AppendError::from)?;
        redacted.insert(position);
        writer.store.apply(entries, gone).map_err(AppendError::from)?;
        let mark = Mark {
            head: *self.published(),
            redacted: writer.tally,
        };
        Ok(writer.marker.scrub(&mark).map_err(AppendError::from)?)
    }
}

impl EventLog for SledLog {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        let mut writer = self.sound_writer()?;
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
        if let Some(free) = self.short_of_room() {
            let kept = self.keep_free;
            return Err(AppendError::NearlyFull { free, kept });
        }
        if let Err(error) = self.write(&mut writer, actual, head, batch) {
            self.poison(&error);
            return Err(error);
        }
        *self.published() = head;
        Ok(head)
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        let redacted = self.redacted();
        let head = *self.published();
        let mut events = reader::read(&self.store, after, limit, &head)?;
        for event in &mut events {
            // After a fault between list and chunk the bytes may still be there.
            if redacted.contains(&event.header.position) {
                event.payload = Payload::Redacted;
            }
        }
        Ok(events)
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(*self.published())
    }

    fn unwritable(&self) -> Option<String> {
        let poisoned = self.poisoned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let reason = poisoned.map(|poison| poison.reason);
        reason.or_else(|| {
            let (free, kept) = (self.short_of_room()?, self.keep_free);
            Some(AppendError::NearlyFull { free, kept }.to_string())
        })
    }

    fn redact(&self, position: u64) -> Result<(), RedactError> {
        let mut redacted = self.redacted.write().unwrap_or_else(PoisonError::into_inner);
        let mut writer = self.sound_writer()?;
        let head = *self.published();
        if position == 0 || position > head.position {
            return Err(RedactError::Unknown {
                position,
                head: head.position,
            });
        }
        if redacted.contains(&position) {
            return Ok(());
        }
        let result = self.rewrite(&mut writer, position, &mut redacted);
        if let Err(RedactError::Write(error)) = &result {
            self.poison(error);
        }
        result
    }

    /// Checks all that is stored: the chain from the first event on, every checksum, no gap, every redaction, no file in
    /// `blobs/`, both slots of the head marker, the files `format` and `redacted`. Appends and redactions go on meanwhile.
    fn verify(&self, progress: &mut dyn FnMut(u64)) -> VerifyReport {
        let (head, beside) = {
            let redacted = self.redacted();
            let writer = self.writer();
            let head = *self.published();
            let mark = writer.as_ref().map(|writer| Mark {
                head,
                redacted: writer.tally,
            });
            (head, verify::beside(&self.dir, &self.store, mark.as_ref(), &redacted))
        };
        let mut report = VerifyReport::new(head);
        self.damages
            .iter()
            .chain(&beside)
            .for_each(|damage| report.damage(damage.clone()));
        let in_use = self.writer.is_some();
        verify::chunks(&self.store, &mut report, || self.redacted(), in_use, progress);
        if in_use && let Err(fault) = self.store.check_file() {
            self.poison(&fault.into());
        }
        report
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
