//! Opening a store: whose it is, which form it has, and whether it is as long as the head marker says.

use crate::fault::Fault;
use crate::format::{self, Format};
use crate::log::SledLog;
use crate::marker::{self, Marker, Slot};
use crate::reader::{chunk_at, last_chunk, read};
use crate::store::{Store, panic_message, sync};
use rapporteur_log::Head;
use std::fs::{self, File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The memory that sled may use for pages, in bytes.
    pub cache_bytes: u64,
    /// How often sled's own thread syncs its file. Acknowledgements do not wait for it.
    pub flush_every: Duration,
    /// How long opening may take before it is given up.
    pub open_max: Duration,
}

impl Default for Options {
    /// 64 MiB of cache, half a second, five minutes.
    fn default() -> Self {
        Self {
            cache_bytes: 64 * 1024 * 1024,
            flush_every: Duration::from_millis(500),
            open_max: Duration::from_secs(300),
        }
    }
}

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
    #[error("the store {} has format {found}, this program knows format {} and older; start a program at least as new as the one that wrote it", dir.display(), format::VERSION)]
    Newer {
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
    /// The log is not what was acknowledged.
    #[error("the store {} is damaged: the log ends at position {log}, the head marker says {marker}: {what}; keep a copy of the directory and restore from a backup", dir.display())]
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
    #[error("the store {} did not open within {} s; it may be damaged, or large: allow more time, or restore from a backup", dir.display(), after.as_secs())]
    TimedOut {
        /// The store's directory.
        dir: PathBuf,
        /// How long was waited.
        after: Duration,
    },
    /// A file cannot be used, or what it holds cannot be read.
    #[error("the store {} could not be opened; keep a copy of the directory and restore from a backup if this stays", dir.display())]
    Fault {
        /// The store's directory.
        dir: PathBuf,
        /// Why.
        #[source]
        source: Fault,
    },
}

/// Opens the store in `dir` in a thread of its own: sled can panic or hang over damaged files.
pub(crate) fn open(dir: &Path, options: &Options) -> Result<SledLog, OpenError> {
    let (done, opened) = channel();
    let (own_dir, own_options) = (dir.to_owned(), options.clone());
    let run = move || {
        let result = catch_unwind(AssertUnwindSafe(|| open_here(&own_dir, &own_options)));
        let _too_late = done.send(result);
    };
    let fault = |source| OpenError::Fault {
        dir: dir.to_owned(),
        source,
    };
    let thread = thread::Builder::new().name("store-open".to_owned()).spawn(run);
    thread
        .map_err(Fault::io("starting a thread to open", dir))
        .map_err(fault)?;
    match opened.recv_timeout(options.open_max) {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(fault(Fault::Panicked {
            what: "opening",
            message: panic_message(&*panic),
        })),
        Err(RecvTimeoutError::Timeout) => Err(OpenError::TimedOut {
            dir: dir.to_owned(),
            after: options.open_max,
        }),
        Err(RecvTimeoutError::Disconnected) => Err(fault(Fault::Panicked {
            what: "opening",
            message: "the thread ended".to_owned(),
        })),
    }
}

fn open_here(dir: &Path, options: &Options) -> Result<SledLog, OpenError> {
    let fault = |source| OpenError::Fault {
        dir: dir.to_owned(),
        source,
    };
    let foreign = |what: String| OpenError::Foreign {
        dir: dir.to_owned(),
        what,
    };
    if dir.is_dir()
        && !dir.join("format").exists()
        && let Some(name) = stranger(dir).map_err(fault)?
    {
        return Err(foreign(format!("it has no file `format`, but {name}")));
    }
    let lock = lock(dir)?;
    let sled_dir = dir.join("sled");
    let open_store = || Store::open(&sled_dir, options.cache_bytes, options.flush_every);
    let made = match format::read(dir).map_err(fault)? {
        Format::Newer(found) => {
            return Err(OpenError::Newer {
                dir: dir.to_owned(),
                found,
            });
        }
        Format::Unknown(text) => return Err(foreign(format!("its file `format` says \"{text}\""))),
        Format::Current => true,
        Format::Unfinished | Format::None => false,
    };
    if !made {
        begin(dir, &sled_dir).map_err(fault)?;
        let store = open_store().map_err(fault)?;
        let marker = Marker::create(&dir.join("head")).map_err(fault)?;
        sync(dir).and_then(|()| format::finish(dir)).map_err(fault)?;
        return SledLog::new(dir, lock, store, marker, Head::EMPTY, Vec::new()).map_err(fault);
    }
    for file in [sled_dir.join("conf"), sled_dir.join("db")] {
        if !file.is_file() {
            return Err(foreign(format!("{} is missing", file.display())));
        }
    }
    let (mut marker, slots) = Marker::open(&dir.join("head")).map_err(fault)?;
    let Some(slot) = marker::newest(&slots) else {
        let unreadable = "neither slot of the head marker can be read".to_owned();
        return Err(fault(Fault::damaged(0, unreadable)));
    };
    let mut notes = Vec::new();
    if slots.iter().any(Option::is_none) {
        notes.push("one slot of the head marker was not whole; it was written again".to_owned());
    }
    let store = open_store().map_err(fault)?;
    let head = compare(dir, &store, slot, &mut notes)?;
    marker.scrub(&head).map_err(fault)?;
    SledLog::new(dir, lock, store, marker, head, notes).map_err(fault)
}

/// Compares the log with the newest slot; the log's head, which is never before the slot's.
fn compare(dir: &Path, store: &Store, slot: &Slot, notes: &mut Vec<String>) -> Result<Head, OpenError> {
    let marked = slot.head;
    let damaged = |log: u64, what: String| OpenError::Damaged {
        dir: dir.to_owned(),
        log,
        marker: marked.position,
        what,
    };
    let fault = |log: u64| move |fault: Fault| damaged(log, fault.in_words());
    let mut last = last_chunk(store).map_err(fault(0))?;
    let ends_at = last.as_ref().map_or(0, |chunk| chunk.head.position);
    if ends_at < marked.position && slot.redo_after().is_some_and(|after| after <= ends_at) {
        store.apply(&slot.redo, &[]).map_err(fault(ends_at))?;
        last = last_chunk(store).map_err(fault(ends_at))?;
        notes.push(format!(
            "the last append was not in the log; it was completed from the head marker, from {ends_at} to {}",
            marked.position
        ));
    }
    let (head, append_last) = last.map_or((Head::EMPTY, 0), |chunk| (chunk.head, chunk.append_last));
    if head.position < marked.position {
        return Err(damaged(head.position, "acknowledged events are missing".to_owned()));
    }
    if append_last != head.position {
        let what = format!("its last append went to position {append_last}");
        return Err(damaged(head.position, what));
    }
    let there = match marked.position {
        0 => Head::EMPTY,
        position => chunk_at(store, position)
            .and_then(|_| read(store, position - 1, 1, &marked))
            .map(|_| marked)
            .map_err(fault(head.position))?,
    };
    if there.hash != marked.hash {
        let what = format!("the marker's hash is {}, the log's {}", marked.hash, there.hash);
        return Err(damaged(head.position, what));
    }
    if head.position > marked.position {
        let events = read(store, marked.position, usize::MAX, &head).map_err(fault(head.position))?;
        rapporteur_log::chain::check(&marked, &events).map_err(|d| damaged(head.position, d.to_string()))?;
        notes.push(format!(
            "positions {} to {} were written but not acknowledged; they are whole and were kept",
            marked.position + 1,
            head.position
        ));
    }
    Ok(head)
}

/// Makes and locks the directory.
fn lock(dir: &Path) -> Result<File, OpenError> {
    let fault = |source| OpenError::Fault {
        dir: dir.to_owned(),
        source,
    };
    let path = dir.join("lock");
    if !dir.is_dir() {
        fs::create_dir_all(dir)
            .map_err(Fault::io("creating", dir))
            .map_err(fault)?;
    }
    let file = File::options().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(Fault::io("opening", &path)).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(fault(Fault::io("locking", &path)(error))),
    }
}

/// Clears what an earlier, unfinished making left: nothing was ever acknowledged from it.
fn begin(dir: &Path, sled_dir: &Path) -> Result<(), Fault> {
    format::begin(dir)?;
    let parent = dir.canonicalize().map_err(Fault::io("finding", dir))?;
    sync(parent.parent().unwrap_or(&parent))?;
    if sled_dir.exists() {
        fs::remove_dir_all(sled_dir).map_err(Fault::io("removing", sled_dir))?;
    }
    Ok(())
}

/// The name of something in `dir` that no unfinished store has.
fn stranger(dir: &Path) -> Result<Option<String>, Fault> {
    for entry in fs::read_dir(dir).map_err(Fault::io("reading", dir))? {
        let name = entry.map_err(Fault::io("reading", dir))?.file_name();
        if name != "lock" && name != "format.new" && name != "lost+found" {
            return Ok(Some(name.to_string_lossy().into_owned()));
        }
    }
    Ok(None)
}
