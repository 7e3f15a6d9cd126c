//! Opening a store: whose it is, which form it has, and whether it holds all that the head marker says.

use crate::bring_back;
use crate::copy::Copy;
use crate::fault::Fault;
use crate::files::{self, Lock};
use crate::format::{self, Format};
use crate::log::SledLog;
use crate::marker::{self, Mark, Marker, Slot};
use crate::mend::{Before, Found, compare, redact_again};
use crate::redactions::{self, Listed, Redactions};
use crate::refusal::OpenError;
use crate::store::{Store, panic_message, sync};
use crate::unclosed::{self, InUse};
use crate::unsure;
use rapporteur_log::{Hash, Head};
use std::fs::{self, File};
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
    pub(crate) lock: Lock,
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

/// Takes the locks of a store that is looked at, whatever is in it.
pub(crate) fn lock_to_look(dir: &Path) -> Result<Lock, OpenError> {
    let paths = [dir.join("lock"), dir.join("sled").join("db")];
    let held = paths
        .into_iter()
        .filter_map(|path| Some((File::open(&path).ok()?, path)));
    let lock = Lock::take(held.collect()).map_err(|fault| OpenError::of(dir, fault))?;
    lock.ok_or_else(|| OpenError::InUse { dir: dir.to_owned() })
}

fn open_here(dir: &Path, options: &Options, purpose: Purpose) -> Result<SledLog, OpenError> {
    let refused = |fault| OpenError::of(dir, fault);
    let lock = lock(dir, purpose)?;
    let opened = match (format(dir)?, purpose) {
        (Some(conf), Purpose::Fill) => {
            let lock = without_events(dir, options, conf, lock)?;
            make(dir, options, lock).map_err(refused)?
        }
        (Some(conf), _) => {
            let opened = open_made(dir, options, purpose, conf, lock);
            opened.inspect_err(|error| note_fault(dir, purpose, error))?
        }
        (None, Purpose::Check) => {
            return Err(OpenError::Foreign {
                dir: dir.to_owned(),
                what: "its making was never finished, and nothing was recorded".to_owned(),
            });
        }
        (None, Purpose::Fill) => make(dir, options, lock).map_err(refused)?,
        (None, Purpose::Use) => {
            let opened = make(dir, options, lock).map_err(refused)?;
            finish(dir).map_err(refused)?;
            opened
        }
    };
    SledLog::new(dir, opened, options).map_err(refused)
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

/// Hands the lock back if the store holds no event. One that does is not opened, so that nothing in it changes.
fn without_events(dir: &Path, options: &Options, conf: Hash, lock: Lock) -> Result<Lock, OpenError> {
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
    let opened = open_made(dir, options, Purpose::Use, conf, lock)?;
    match opened.head.position {
        0 => Ok(opened.lock),
        position => Err(holds(position)),
    }
}

/// Takes the lock, and refuses a directory that is no store before anything is put into it.
fn lock(dir: &Path, purpose: Purpose) -> Result<Lock, OpenError> {
    let refused = |fault| OpenError::of(dir, fault);
    let path = dir.join("lock");
    let is_new = !dir.join("format").exists();
    // A store in the making has a lock before it has anything else: whoever sees parts of it has to ask for the lock first.
    if is_new && dir.is_dir() && !path.exists() {
        let stranger = files::stranger(dir).map_err(refused)?;
        if !path.exists() {
            no_format(dir, stranger)?;
        }
    }
    if purpose != Purpose::Check && !dir.is_dir() {
        files::make_dir(dir).map_err(refused)?;
    }
    let file = match purpose {
        Purpose::Use | Purpose::Fill => File::options().write(true).create(true).truncate(false).open(&path),
        Purpose::Check => File::open(&path),
    };
    let mut held = Vec::new();
    match file {
        Err(error) if purpose == Purpose::Check && error.kind() == std::io::ErrorKind::NotFound => {}
        file => held.push((file.map_err(Fault::io("opening", &path)).map_err(refused)?, path)),
    }
    if purpose == Purpose::Check {
        // sled itself opens a copy: its lock would not be asked for.
        let path = dir.join("sled").join("db");
        held.extend(File::open(&path).ok().map(|file| (file, path)));
    }
    let Some(lock) = Lock::take(held).map_err(refused)? else {
        return Err(OpenError::InUse { dir: dir.to_owned() });
    };
    if !dir.join("format").exists() {
        no_format(dir, files::stranger(dir).map_err(refused)?)?;
    }
    Ok(lock)
}

/// Refuses a directory without `format` that holds something all the same.
fn no_format(dir: &Path, stranger: Option<String>) -> Result<(), OpenError> {
    match (files::a_part(dir), stranger) {
        (Some(part), _) => Err(OpenError::DamagedFile {
            dir: dir.to_owned(),
            file: dir.join("format"),
            what: format!("it is missing, although `{part}` is there"),
        }),
        (None, Some(name)) => Err(OpenError::Foreign {
            dir: dir.to_owned(),
            what: format!("it has no file `format`, but `{name}`"),
        }),
        (None, None) => Ok(()),
    }
}

/// The hash of `conf` that the store's `format` tells; none if the store is still to be made.
fn format(dir: &Path) -> Result<Option<Hash>, OpenError> {
    let owned = || dir.to_owned();
    match format::read(dir).map_err(|fault| OpenError::of(dir, fault))? {
        Format::Current(conf) => Ok(Some(conf)),
        Format::Unfinished | Format::None => Ok(None),
        Format::Newer(found) => Err(OpenError::Newer { dir: owned(), found }),
        Format::Older(found) => Err(OpenError::Older { dir: owned(), found }),
        Format::Garbled(text) if files::a_part(dir).is_some() => Err(OpenError::DamagedFile {
            dir: owned(),
            file: dir.join("format"),
            what: format!("it says \"{}\"", text.escape_debug()),
        }),
        Format::Garbled(text) => Err(OpenError::Foreign {
            dir: owned(),
            what: format!("its file `format` says \"{}\"", text.escape_debug()),
        }),
    }
}

/// Makes a store but for its [`finish`], over what an earlier, unfinished making left: nothing was ever acknowledged
/// from it.
fn make(dir: &Path, options: &Options, lock: Lock) -> Result<Opened, Fault> {
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
        lock,
        copy: None,
    })
}

/// Makes a store of what is in `dir`: from now on it holds what is in its log.
pub(crate) fn finish(dir: &Path) -> Result<(), Fault> {
    format::finish(dir, files::conf(&dir.join("sled"))?)
}

/// Hands the lock back if sled loses nothing in opening a copy of the store. Else the store is not opened, as long as there is no room to
/// keep sled's file.
fn nothing_lacks(dir: &Path, options: &Options, conf: Hash, lock: Lock) -> Result<Lock, OpenError> {
    let opened = open_made(dir, options, Purpose::Check, conf, lock)?;
    match opened.found.lacked {
        false => Ok(opened.lock),
        true => Err(OpenError::NoRoom {
            dir: dir.to_owned(),
            bytes: unclosed::room(dir),
        }),
    }
}

fn open_made(dir: &Path, options: &Options, purpose: Purpose, conf: Hash, mut lock: Lock) -> Result<Opened, OpenError> {
    let refused = |fault| OpenError::of(dir, fault);
    let damaged = |file: PathBuf, what: &str| OpenError::DamagedFile {
        dir: dir.to_owned(),
        file,
        what: what.to_owned(),
    };
    let begun_anew = unclosed::is_begun_anew(dir);
    let (sled_dir, head_path, list_path) = (dir.join("sled"), dir.join("head"), dir.join("redacted"));
    if let Some(file) = files::a_missing_part(dir).filter(|file| !(begun_anew && file.starts_with(&sled_dir))) {
        return Err(damaged(file, "it is missing"));
    }
    if !begun_anew && files::conf(&sled_dir).map_err(refused)? != conf {
        return Err(damaged(
            sled_dir.join("conf"),
            "it does not match the hash that `format` holds",
        ));
    }
    let slots = marker::read_slots(&head_path).map_err(refused)?;
    let Some(slot) = marker::newest(&slots) else {
        return Err(damaged(head_path, "neither of its two slots can be read"));
    };
    let listed = redactions::read(&list_path, slot.mark.redacted).map_err(refused)?;
    let mut found = Found::default();
    let copy = match purpose {
        Purpose::Check => {
            let copy = Copy::of(&sled_dir).map_err(refused)?;
            // `verify` tells of it.
            files::remove_damaged_snapshot(&copy.path()).map_err(refused)?;
            Some(copy)
        }
        Purpose::Use | Purpose::Fill => {
            files::remove_unfinished(&sled_dir).map_err(refused)?;
            files::read_through(&sled_dir).map_err(refused)?;
            let removed = files::remove_damaged_snapshot(&sled_dir).map_err(refused)?;
            found
                .notes
                .extend(removed.map(|what| format!("{what}; it was removed, and sled made it anew from its log")));
            if let Some(reason) = unsure::noted(dir) {
                unsure::write_anew(dir).map_err(refused)?;
                let note = format!(
                    "after an error ({reason}) all files were written anew, so that what is read is on the disk"
                );
                found.notes.push(note);
            }
            None
        }
    };
    let was_unclosed = unclosed::is_unclosed(dir);
    let (kept, in_use) = match purpose {
        Purpose::Check => (Some(unclosed::kept(dir)), None),
        Purpose::Use | Purpose::Fill => {
            let kept = unclosed::keep(dir, was_unclosed).map_err(refused)?;
            if kept.is_none() && was_unclosed {
                lock = nothing_lacks(dir, options, conf, lock)?;
            }
            (kept, Some(InUse::begin(dir).map_err(refused)?))
        }
    };
    let before = kept.as_deref().map(|path| Before {
        path,
        unclosed: was_unclosed,
    });
    let opened_dir = copy.as_ref().map_or_else(|| sled_dir.clone(), Copy::path);
    let open_store = || Store::open(&opened_dir, &sled_dir, options.cache_bytes, options.flush_every);
    let open_log = |before: Option<Before<'_>>, found: &mut Found| {
        let store = open_store().map_err(refused)?;
        let head = compare(dir, &store, slot, before, found)?;
        redact_again(&store, &listed, purpose, found).map_err(refused)?;
        Ok::<_, OpenError>((store, head))
    };
    let opened = match begun_anew {
        true => Err(damaged(sled_dir.join("db"), "making it anew did not come to its end")),
        false => open_log(before, &mut found),
    };
    let (store, head) = match (opened, before) {
        (Err(error), Some(before)) if error.is_damage() => {
            let begin = || match purpose {
                Purpose::Check => Ok(()),
                Purpose::Use | Purpose::Fill => unclosed::begin_anew(dir),
            };
            let made = bring_back::make_anew(&opened_dir, open_store, slot, before.path, begin);
            match made.map_err(refused)? {
                Some(events) => {
                    let what =
                        format!("sled could not read its files any more; they were made anew with all {events} events");
                    found.brought_back(was_unclosed, what);
                    open_log(None, &mut found)?
                }
                // What is there may have been put there since.
                None if begun_anew => open_log(Some(before), &mut found)?,
                None => {
                    if purpose != Purpose::Check {
                        // A repair needs it, and so does the next opening.
                        unclosed::finish(dir).map_err(refused)?;
                    }
                    return Err(error);
                }
            }
        }
        (opened, _) => opened?,
    };
    let rotten = std::mem::take(&mut found.rotten);
    match purpose {
        Purpose::Check => found.damages.extend(rotten),
        Purpose::Use | Purpose::Fill => found.notes.extend(rotten),
    }
    let writing = match purpose {
        Purpose::Check => None,
        Purpose::Use | Purpose::Fill => {
            let mark = Mark {
                head,
                redacted: listed.tally,
            };
            // Before the redo goes: what was kept may lack the append that it carries.
            unclosed::settle(dir).map_err(refused)?;
            let writing = mend(&head_path, &list_path, &slots, mark, &mut found).map_err(refused)?;
            store.use_of(in_use);
            if unsure::noted(dir).is_some() {
                unsure::settle(dir).map_err(refused)?;
            }
            Some(writing)
        }
    };
    Ok(Opened {
        store,
        head,
        listed,
        writing,
        found,
        lock,
        copy,
    })
}

/// Writes both slots of the marker again, without redo.
fn mend(
    head_path: &Path,
    list_path: &Path,
    slots: &[Option<Slot>; 2],
    mark: Mark,
    found: &mut Found,
) -> Result<(Marker, Redactions), Fault> {
    let redactions = Redactions::open(list_path, mark.redacted)?;
    let mut marker = Marker::open(head_path, slots)?;
    if slots.iter().any(Option::is_none) {
        let note = "one slot of the head marker was not whole; it was written again";
        found.notes.push(note.to_owned());
    }
    marker.scrub(&mark)?;
    Ok((marker, redactions))
}
