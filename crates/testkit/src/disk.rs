//! A disk that can lose its power, fail or be full: a file system in memory, mounted by FUSE, that knows what was synced.
//!
//! What a program wrote is on the medium for sure once it synced the file, what it named once it synced the directory; all
//! else may be there after a cut or not, in parts, in any order ([`Loss`]). That is what POSIX promises, and less than
//! journalling file systems keep. `sync_file_range` and closing a file sync nothing. Times, owners, modes and links are not
//! kept; a rename stays within its directory.

mod files;
mod fuse;
mod loss;

use crate::rng::Rng;
use files::{Change, Content, Entries, Files, Node, ROOT};
use fuser::{BackgroundSession, Config, Errno, MountOption, spawn_mount};
pub use loss::{Image, Loss};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The block size that the disk tells, in bytes.
const BLOCK: u64 = 4096;

/// A mounted disk; dropping it unmounts it.
#[derive(Debug)]
pub struct Disk {
    state: Arc<Mutex<State>>,
    at: PathBuf,
    session: Option<BackgroundSession>,
}

/// What makes an operation fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Which operations.
    pub on: Operation,
    /// The name of the file.
    pub file: &'static str,
    /// How many of them succeed before.
    pub after: u64,
    /// How many of them fail then.
    pub times: u64,
}

/// What can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Writing gives `EIO`.
    Write,
    /// Half of what is to be written is, and the caller is told so.
    ShortWrite,
    /// Syncing gives `EIO`, once on each handle that is open; what was to be synced never reaches the medium, and readers go
    /// on seeing it.
    Sync,
    /// Reading gives `EIO`.
    Read,
}

impl Disk {
    /// Mounts a disk that holds `image` at `at`, an empty directory. Needs root and `/dev/fuse`.
    ///
    /// # Errors
    /// What the system says.
    pub fn mount(at: &Path, image: &Image) -> io::Result<Self> {
        let mut loaded = State::new();
        let done = loaded.load(ROOT, image);
        done.map_err(|errno| io::Error::from_raw_os_error(errno.code()))?;
        let state = Arc::new(Mutex::new(loaded));
        let mut config = Config::default();
        config.mount_options = vec![
            MountOption::FSName("rapporteur-test-disk".to_owned()),
            MountOption::NoAtime,
        ];
        config.n_threads = Some(4);
        let session = spawn_mount(fuse::Mounted(Arc::clone(&state)), at, &config);
        let explain = |error: io::Error| {
            let text = format!(
                "mounting a FUSE disk at {} needs root and /dev/fuse: {error}",
                at.display()
            );
            io::Error::new(error.kind(), text)
        };
        Ok(Self {
            state,
            at: at.to_owned(),
            session: Some(session.map_err(explain)?),
        })
    }

    /// Cuts the power at the operation with this number, counted from the first after mounting. At that moment `now` is
    /// called and what is then left is put aside for [`Disk::left`]; the disk itself goes on, so that its user can be
    /// stopped in peace.
    pub fn cut_at(&self, operation: u64, seed: u64, now: impl FnOnce() + Send + 'static) {
        self.state().cut = Some(Cut {
            at: operation,
            rng: Rng::new(seed),
            now: Box::new(now),
        });
    }

    /// What the cut left, and which loss it was; none if there was no cut yet.
    #[must_use]
    pub fn left(&self) -> Option<(Loss, Image)> {
        self.state().left.clone()
    }

    /// Whether there was a cut.
    #[must_use]
    pub fn was_cut(&self) -> bool {
        self.state().left.is_some()
    }

    /// From now on syncs of files and directories of this name succeed and do nothing.
    pub fn ignore_syncs_of(&self, name: &str) {
        self.state().deaf.push(name.into());
    }

    /// Makes operations fail.
    pub fn fail(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// How many bytes all files together may have.
    pub fn set_room(&self, bytes: u64) {
        self.state().room = bytes;
    }

    /// How many bytes all files together have.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.state().files.used()
    }

    /// How many operations there were that a cut could come before.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        if session.umount_and_join().is_err() {
            // Somebody still has a file open: out of sight now, gone with the last of them.
            let _best_effort = Command::new("umount").arg("-l").arg(&self.at).status();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Cut {
    at: u64,
    rng: Rng,
    now: Box<dyn FnOnce() + Send>,
}

struct State {
    files: Files,
    /// The last name of each inode.
    names: BTreeMap<u64, OsString>,
    operations: u64,
    cut: Option<Cut>,
    left: Option<(Loss, Image)>,
    deaf: Vec<OsString>,
    faults: Vec<Fault>,
    /// How many syncs of a file failed.
    failed: BTreeMap<u64, u64>,
    /// How many of them were told to each handle of a file.
    told: BTreeMap<u64, u64>,
    room: u64,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("operations", &self.operations)
            .finish_non_exhaustive()
    }
}

impl State {
    fn new() -> Self {
        Self {
            files: Files::new(),
            names: BTreeMap::new(),
            operations: 0,
            cut: None,
            left: None,
            deaf: Vec::new(),
            faults: Vec::new(),
            failed: BTreeMap::new(),
            told: BTreeMap::new(),
            room: u64::MAX,
        }
    }

    /// Counts an operation that changes something, and cuts the power before it if its time has come.
    fn operate(&mut self) {
        self.operations += 1;
        if let Some(mut cut) = self.cut.take_if(|cut| cut.at <= self.operations) {
            (cut.now)();
            let loss = Loss::any(&mut cut.rng);
            self.left = Some((loss, loss::image(&self.files, loss, &mut cut.rng)));
        }
    }

    /// Whether an operation on the file `inode` is to fail now.
    fn fails(&mut self, on: Operation, inode: u64) -> bool {
        let Some(name) = self.names.get(&inode) else {
            return false;
        };
        let fault = self
            .faults
            .iter_mut()
            .find(|fault| fault.on == on && name == fault.file && fault.times > 0);
        match fault {
            None => false,
            Some(fault) if fault.after > 0 => {
                fault.after -= 1;
                false
            }
            Some(fault) => {
                fault.times -= 1;
                true
            }
        }
    }

    /// Puts what `image` holds below `dir`, as on the medium for sure.
    fn load(&mut self, dir: u64, image: &Image) -> Result<(), Errno> {
        let Image::Dir(names) = image else {
            return Err(Errno::ENOTDIR);
        };
        for (name, image) in names {
            match image {
                Image::Dir(_) => {
                    let inode = self.name(dir, name, Node::Dir(Entries::default()))?;
                    self.load(inode, image)?;
                }
                Image::File(bytes) => {
                    let content = Content {
                        live: bytes.clone(),
                        kept: bytes.clone(),
                        since: Vec::new(),
                    };
                    self.name(dir, name, Node::File(content))?;
                }
            }
        }
        self.files.sync(dir)
    }

    fn make(&mut self, dir: u64, name: &OsStr, node: Node) -> Result<u64, Errno> {
        self.operate();
        self.name(dir, name, node)
    }

    fn name(&mut self, dir: u64, name: &OsStr, node: Node) -> Result<u64, Errno> {
        let inode = self.files.make(dir, name, node)?;
        self.names.insert(inode, name.to_owned());
        Ok(inode)
    }

    fn free(&mut self, dir: u64, name: &OsStr) -> Result<(), Errno> {
        self.operate();
        self.files.free(dir, name)
    }

    fn rename(&mut self, dir: u64, from: &OsStr, to: &OsStr) -> Result<(), Errno> {
        self.operate();
        let inode = self.files.find(dir, from)?;
        self.files.rename(dir, from, to)?;
        self.names.insert(inode, to.to_owned());
        Ok(())
    }

    /// Writes `bytes`; how many of them were written.
    fn write(&mut self, inode: u64, at: u64, bytes: &[u8]) -> Result<usize, Errno> {
        self.operate();
        if self.fails(Operation::Write, inode) {
            return Err(Errno::EIO);
        }
        let bytes = match self.fails(Operation::ShortWrite, inode) {
            true => &bytes[..bytes.len().div_ceil(2)],
            false => bytes,
        };
        let at = usize::try_from(at).map_err(|_| Errno::EFBIG)?;
        self.grow(inode, at + bytes.len())?;
        let (len, bytes) = (bytes.len(), bytes.to_vec());
        self.files.change(inode, Change::Bytes { at, bytes })?;
        Ok(len)
    }

    fn resize(&mut self, inode: u64, size: u64) -> Result<(), Errno> {
        self.operate();
        let size = usize::try_from(size).map_err(|_| Errno::EFBIG)?;
        self.grow(inode, size)?;
        self.files.change(inode, Change::Size(size))
    }

    /// Refuses what there is no room for.
    fn grow(&self, inode: u64, size: usize) -> Result<(), Errno> {
        let more = size.saturating_sub(self.files.file(inode)?.live.len()) as u64;
        match more > 0 && self.files.used() + more > self.room {
            true => Err(Errno::ENOSPC),
            false => Ok(()),
        }
    }

    /// A new handle of a file.
    fn open(&mut self, inode: u64) -> u64 {
        let handle = self.told.keys().next_back().map_or(0, |last| last + 1);
        let failed = self.failed.get(&inode).copied().unwrap_or_default();
        self.told.insert(handle, failed);
        handle
    }

    fn close(&mut self, handle: u64) {
        self.told.remove(&handle);
    }

    fn sync_file(&mut self, inode: u64, handle: u64) -> Result<(), Errno> {
        if self.fails(Operation::Sync, inode) {
            self.files.give_up(inode)?;
            *self.failed.entry(inode).or_default() += 1;
        }
        let failed = self.failed.get(&inode).copied().unwrap_or_default();
        if self.told.insert(handle, failed).is_some_and(|told| told < failed) {
            self.operate();
            return Err(Errno::EIO);
        }
        self.sync(inode)
    }

    fn sync(&mut self, inode: u64) -> Result<(), Errno> {
        self.operate();
        match self.names.get(&inode).is_some_and(|name| self.deaf.contains(name)) {
            true => Ok(()),
            false => self.files.sync(inode),
        }
    }
}
