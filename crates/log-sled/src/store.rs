//! sled behind four calls, each of which turns a panic of sled into an error.

use crate::chunk::{Entry, Key};
use crate::fault::Fault;
use crate::unclosed::InUse;
use crate::unsure;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// How long closing may take before sled's threads are left to themselves.
const CLOSE_MAX: Duration = Duration::from_secs(30);
/// How long sled's lock of a store just closed may linger.
const LOCK_MAX: Duration = Duration::from_secs(5);

/// An open sled database and our own handle on its file.
#[derive(Debug)]
pub(crate) struct Store {
    db: Option<sled::Db>,
    /// How long sled was waited for in vain: whatever else is asked of it could wait as long.
    given_up: OnceLock<Duration>,
    file: File,
    /// The path of its file, as messages give it.
    file_path: PathBuf,
    blobs: PathBuf,
    in_use: OnceLock<InUse>,
    stays_unclosed: AtomicBool,
}

impl Store {
    /// Opens the database in `dir`, making it if it is not there, and syncs what opening wrote. Messages say `named` for
    /// `dir`: another directory where `dir` is a copy.
    pub(crate) fn open(dir: &Path, named: &Path, cache_bytes: u64, flush_every: Duration) -> Result<Self, Fault> {
        let file_path = named.join("db");
        let millis = u64::try_from(flush_every.as_millis()).unwrap_or(u64::MAX).max(1);
        let asked = Instant::now();
        let db = loop {
            let config = sled::Config::new()
                .path(dir)
                .cache_capacity(cache_bytes)
                .flush_every_ms(Some(millis));
            match guarded("opening", &file_path, || config.open()) {
                Err(fault) if is_locked(&fault) && asked.elapsed() < LOCK_MAX => {
                    thread::sleep(Duration::from_millis(5))
                }
                opened => break opened?,
            }
        };
        let file = File::options().read(true).write(true).open(dir.join("db"));
        let store = Self {
            db: Some(db),
            given_up: OnceLock::new(),
            file: file.map_err(Fault::io("opening", &file_path))?,
            file_path,
            blobs: dir.join("blobs"),
            in_use: OnceLock::new(),
            stays_unclosed: AtomicBool::new(false),
        };
        store.check_blobs()?;
        sync_all_in(dir)?;
        Ok(store)
    }

    /// Writes `insert` and deletes `remove` as one, and returns when a power cut would not undo it.
    pub(crate) fn apply(&self, insert: &[Entry], remove: &[Key]) -> Result<(), Fault> {
        let mut batch = sled::Batch::default();
        for entry in insert {
            batch.insert(&entry.key[..], &entry.value[..]);
        }
        for key in remove {
            batch.remove(&key[..]);
        }
        let db = self.db()?;
        guarded("writing to", &self.file_path, || db.apply_batch(batch))?;
        guarded("flushing", &self.file_path, || db.flush())?;
        self.file.sync_data().map_err(Fault::io("syncing", &self.file_path))?;
        if self.in_use.get().is_some() {
            self.check_file()?;
        }
        self.check_blobs()
    }

    /// The greatest key that is not past `key`.
    pub(crate) fn at_or_before(&self, key: Key) -> Result<Option<sled::IVec>, Fault> {
        let db = self.db()?;
        let found = guarded("reading", &self.file_path, || db.range(..=key).next_back().transpose())?;
        Ok(found.map(|(key, _)| key))
    }

    /// All keys from `from` on, with their values.
    pub(crate) fn scan(&self, from: Key) -> Result<Scan, Fault> {
        let db = self.db()?;
        let iter = guarded("reading", &self.file_path, || Ok(db.range(from..)))?;
        Ok(Scan {
            iter,
            path: self.file_path.clone(),
        })
    }

    /// Fails if sled put a value into a file of its own.
    pub(crate) fn check_blobs(&self) -> Result<(), Fault> {
        let mut files = fs::read_dir(&self.blobs).map_err(Fault::io("reading", &self.blobs))?;
        match files.next() {
            None => Ok(()),
            Some(_) => Err(Fault::Blobs {
                path: self.blobs.clone(),
            }),
        }
    }

    /// The store is in use until it is closed.
    pub(crate) fn use_of(&self, in_use: Option<InUse>) {
        if let Some(in_use) = in_use {
            let _first = self.in_use.set(in_use);
        }
    }

    /// There was a fault: even when it is closed, the next opening looks it through.
    pub(crate) fn stay_unclosed(&self) {
        self.stays_unclosed.store(true, Ordering::Relaxed);
    }

    /// Brings what closing wrote to the disk, and says that the store is closed.
    fn closed(&mut self) -> Result<(), Fault> {
        let Some(in_use) = self.in_use.take() else {
            return Ok(());
        };
        if self.is_given_up() || *self.stays_unclosed.get_mut() {
            return Ok(());
        }
        self.check_file()?;
        // This handle is told of an error that came while sled wrote.
        self.file.sync_all().map_err(Fault::io("syncing", &self.file_path))?;
        sync_all_in(self.file_path.parent().unwrap_or(Path::new(".")))?;
        in_use.end()
    }

    /// Where sled's file is.
    pub(crate) fn file_path(&self) -> &Path {
        &self.file_path
    }

    /// Fails if the file that sled writes to is no longer the one of that name.
    pub(crate) fn check_file(&self) -> Result<(), Fault> {
        let there = fs::metadata(&self.file_path).map_err(Fault::io("looking for", &self.file_path))?;
        let open = self.file.metadata().map_err(Fault::io("looking at", &self.file_path))?;
        match (there.dev(), there.ino()) == (open.dev(), open.ino()) {
            true => Ok(()),
            false => Err(Fault::file(
                &self.file_path,
                "it was replaced while the store is in use",
            )),
        }
    }

    /// Asks nothing more of sled, which did not answer in this time.
    pub(crate) fn give_up(&self, after: Duration) -> Fault {
        let path = self.file_path.clone();
        let after = *self.given_up.get_or_init(|| after);
        Fault::Stuck { path, after }
    }

    /// Whether nothing more is asked of sled.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.get().is_some()
    }

    fn db(&self) -> Result<&sled::Db, Fault> {
        if let Some(after) = self.given_up.get() {
            return Err(self.give_up(*after));
        }
        self.db.as_ref().ok_or_else(|| Fault::Panicked {
            what: "closing",
            path: self.file_path.clone(),
            message: "the database is closed".to_owned(),
        })
    }
}

impl Drop for Store {
    /// Closes sled in a thread of its own: closing can panic or hang after a write error.
    fn drop(&mut self) {
        let Some(db) = self.db.take() else { return };
        let (done, closed) = channel();
        let close = move || {
            let closed = catch_unwind(AssertUnwindSafe(|| drop(db)));
            let _waited = done.send(closed.is_ok());
        };
        if thread::Builder::new()
            .name("sled-close".to_owned())
            .spawn(close)
            .is_ok()
            && closed.recv_timeout(CLOSE_MAX) == Ok(true)
        {
            // What is not said to be closed is looked through at the next opening; after an error of the disk it is written anew too.
            if let Err(fault @ Fault::Io { .. }) = self.closed()
                && let Some(dir) = self.file_path.ancestors().nth(2)
            {
                let _best_effort = unsure::note(dir, &fault.in_words());
            }
        }
    }
}

/// Entries in the order of their keys.
pub(crate) struct Scan {
    iter: sled::Iter,
    path: PathBuf,
}

impl Iterator for Scan {
    type Item = Result<(sled::IVec, sled::IVec), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        guarded("reading", &self.path, || self.iter.next().transpose()).transpose()
    }
}

/// Syncs the files and directories in `dir`, and `dir` and its parent.
fn sync_all_in(dir: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(dir).map_err(Fault::io("reading", dir))? {
        sync(&entry.map_err(Fault::io("reading", dir))?.path())?;
    }
    sync(dir)?;
    sync(dir.parent().unwrap_or(dir))
}

/// Syncs a file or directory.
pub(crate) fn sync(path: &Path) -> Result<(), Fault> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(Fault::io("syncing", path))
}

fn guarded<T>(what: &'static str, path: &Path, call: impl FnOnce() -> sled::Result<T>) -> Result<T, Fault> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|error| Fault::sled(what, path, error)),
        Err(panic) => Err(Fault::panicked(what, path, panic_message(&*panic))),
    }
}

pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}

/// Whether another process holds sled's own lock.
pub(crate) fn is_locked(fault: &Fault) -> bool {
    matches!(fault, Fault::Io { source, .. } if source.to_string().contains("could not acquire lock"))
}
