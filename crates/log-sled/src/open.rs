//! Opening a store: one that is there, or a new one.

use crate::copy::Copy;
use crate::fault::Fault;
use crate::files;
use crate::format;
use crate::log::SledLog;
use crate::marker::{self, Marker};
use crate::mend::Found;
use crate::open_made::open_made;
use crate::redactions::{Listed, Redactions};
use crate::refusal::OpenError;
use crate::store::{Store, panic_message, sync};
use crate::unclosed::InUse;
use crate::unsure;
use crate::whose;
use rapporteur_log::{Hash, Head};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
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
    /// How long sled may take to write an append before it is given up; then nothing is written until the store is opened
    /// by another process.
    pub write_max: Duration,
    /// The free space that an append leaves alone, in bytes: with less of it nothing is appended.
    pub keep_free: u64,
}

impl Default for Options {
    /// 64 MiB of cache, half a second, five minutes, one minute, 64 MiB of free space.
    fn default() -> Self {
        Self {
            cache_bytes: 64 * 1024 * 1024,
            flush_every: Duration::from_millis(500),
            open_max: Duration::from_secs(300),
            write_max: Duration::from_secs(60),
            keep_free: 64 * 1024 * 1024,
        }
    }
}

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To read and write: it is made if it is not there, and mended where a crash left it half-way.
    Use,
    /// To look at: nothing in the directory changes, sled works on a copy of its files.
    Check,
    /// To fill it: it holds no event yet, and is no store before it is finished.
    Fill,
}

/// An opened store, with all that the log needs of it.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) head: Head,
    pub(crate) listed: Listed,
    /// To write with; none if it was opened to be looked at.
    pub(crate) writing: Option<(Marker, Redactions)>,
    pub(crate) found: Found,
    pub(crate) copy: Option<Copy>,
}

/// Opens the store in `dir`.
pub(crate) fn open(dir: &Path, options: &Options, purpose: Purpose) -> Result<SledLog, OpenError> {
    let (own_dir, own_options) = (dir.to_owned(), options.clone());
    bounded(dir, options.open_max, move || {
        open_here(&own_dir, &own_options, purpose)
    })
}

/// Does something with the store in `dir` in a thread of its own: sled can panic or hang over damaged files.
pub(crate) fn bounded<T: Send + 'static>(
    dir: &Path,
    most: Duration,
    task: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    let (done, told) = channel();
    let run = move || {
        let result = catch_unwind(AssertUnwindSafe(task));
        let _too_late = done.send(result);
    };
    let thread = thread::Builder::new().name("store-open".to_owned()).spawn(run);
    thread
        .map_err(Fault::io("starting a thread to open", dir))
        .map_err(|fault| OpenError::of(dir, fault))?;
    let panicked = |message: String| {
        let fault = Fault::panicked("opening", &dir.join("sled").join("db"), message);
        Err(OpenError::of(dir, fault))
    };
    match told.recv_timeout(most) {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => panicked(panic_message(&*panic)),
        Err(RecvTimeoutError::Timeout) => Err(OpenError::TimedOut {
            dir: dir.to_owned(),
            after: most,
        }),
        Err(RecvTimeoutError::Disconnected) => panicked("the thread ended".to_owned()),
    }
}

fn open_here(dir: &Path, options: &Options, purpose: Purpose) -> Result<SledLog, OpenError> {
    let refused = |fault| OpenError::of(dir, fault);
    let lock = whose::lock(dir, purpose)?;
    let opened = match (whose::format(dir)?, purpose) {
        (Some(conf), Purpose::Fill) => {
            without_events(dir, options, conf)?;
            make(dir, options).map_err(refused)?
        }
        (Some(conf), _) => {
            let opened = open_made(dir, options, purpose, conf);
            opened.inspect_err(|error| note_fault(dir, purpose, error))?
        }
        (None, Purpose::Check) => {
            return Err(OpenError::Foreign {
                dir: dir.to_owned(),
                what: "its making was never finished, and nothing was recorded".to_owned(),
            });
        }
        (None, Purpose::Fill) => make(dir, options).map_err(refused)?,
        (None, Purpose::Use) => {
            let opened = make(dir, options).map_err(refused)?;
            finish(dir).map_err(refused)?;
            opened
        }
    };
    SledLog::new(dir, opened, lock, options).map_err(refused)
}

/// Leaves the note that what is read may not be on the disk, where the disk failed while a store was opened to be used.
fn note_fault(dir: &Path, purpose: Purpose, error: &OpenError) {
    const INPUT_OUTPUT: i32 = rustix::io::Errno::IO.raw_os_error();
    if let OpenError::Unusable { source, .. } = error
        && let Fault::Io { source: said, .. } = source
        && purpose != Purpose::Check
        && said.raw_os_error() == Some(INPUT_OUTPUT)
    {
        // Where the disk does not take the note either, the next opening trusts what it reads.
        let _best_effort = unsure::note(dir, &source.in_words());
    }
}

/// Refuses a store that holds an event. One that does is not opened, so that nothing in it changes.
fn without_events(dir: &Path, options: &Options, conf: Hash) -> Result<(), OpenError> {
    let holds = |position| OpenError::NotEmpty {
        dir: dir.to_owned(),
        position,
    };
    // A marker that cannot be read is told by opening.
    let slots = marker::read_slots(&dir.join("head")).unwrap_or_default();
    match marker::newest(&slots).map(|slot| slot.mark.head.position) {
        Some(position) if position > 0 => return Err(holds(position)),
        _ => {}
    }
    match open_made(dir, options, Purpose::Use, conf)?.head.position {
        0 => Ok(()),
        position => Err(holds(position)),
    }
}

/// Makes a store but for its [`finish`], over what an earlier, unfinished making left: nothing was ever acknowledged
/// from it.
fn make(dir: &Path, options: &Options) -> Result<Opened, Fault> {
    let sled_dir = dir.join("sled");
    format::begin(dir)?;
    let parent = dir.canonicalize().map_err(Fault::io("finding", dir))?;
    sync(parent.parent().unwrap_or(&parent))?;
    if sled_dir.exists() {
        fs::remove_dir_all(&sled_dir).map_err(Fault::io("removing", &sled_dir))?;
    }
    let store = Store::open(&sled_dir, &sled_dir, options.cache_bytes, options.flush_every)?;
    store.use_of(Some(InUse::begin(dir)?));
    let marker = Marker::create(&dir.join("head"))?;
    let redactions = Redactions::create(&dir.join("redacted"))?;
    sync(dir)?;
    Ok(Opened {
        store,
        head: Head::EMPTY,
        listed: Listed::default(),
        writing: Some((marker, redactions)),
        found: Found::default(),
        copy: None,
    })
}

/// Makes a store of what is in `dir`: from now on it holds what is in its log.
pub(crate) fn finish(dir: &Path) -> Result<(), Fault> {
    format::finish(dir, files::conf(&dir.join("sled"))?)
}
