//! Copies of a store's files, for those who only look: sled writes whenever it opens.

use crate::fault::Fault;
use crate::files::is_unfinished;
use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// What the names of copies begin with, among the system's temporary files.
const PREFIX: &str = "rapporteur-check-";

/// A copy of a store's sled directory, which only its owner may read, removed at the end. What a killed process left is removed by
/// the next copy.
pub(crate) struct Copy {
    dir: PathBuf,
    /// Locked as long as the copy is used.
    _lock: File,
}

impl Copy {
    /// Copies `sled_dir` into a fresh directory of the system's for temporary files.
    pub(crate) fn of(sled_dir: &Path) -> Result<Self, Fault> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let temporary = std::env::temp_dir();
        remove_left(&temporary);
        let dir = loop {
            let number = MADE.fetch_add(1, Ordering::Relaxed);
            let dir = temporary.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match private().create(&dir) {
                Ok(()) => break dir,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Fault::io("creating", &dir)(error)),
            }
        };
        // Under its name only once it is locked: whoever finds it unlocked removes the copy.
        let (unlocked, path) = (dir.join("lock.new"), dir.join("lock"));
        let lock = File::create(&unlocked).and_then(|lock| {
            lock.lock()?;
            fs::rename(&unlocked, &path)?;
            Ok(lock)
        });
        let copy = Self {
            _lock: lock.map_err(Fault::io("locking", &path))?,
            dir,
        };
        let to = copy.path();
        private().create(&to).map_err(Fault::io("creating", &to))?;
        copy_all(sled_dir, &to)?;
        Ok(copy)
    }

    /// The copied directory.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.join("sled")
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _best_effort = fs::remove_dir_all(&self.dir);
    }
}

/// Makes directories that only their owner may enter.
fn private() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Removes copies that nobody uses any more, as far as this user may.
fn remove_left(temporary: &Path) {
    let Ok(entries) = fs::read_dir(temporary) else { return };
    for entry in entries.flatten() {
        let is_copy = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let lock = is_copy.then(|| File::open(entry.path().join("lock")).ok()).flatten();
        if lock.is_some_and(|lock| lock.try_lock().is_ok()) {
            let _best_effort = fs::remove_dir_all(entry.path());
        }
    }
}

fn copy_all(from: &Path, to: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(from).map_err(Fault::io("reading", from))? {
        let entry = entry.map_err(Fault::io("reading", from))?;
        let target = to.join(entry.file_name());
        if is_unfinished(&entry.file_name().to_string_lossy()) {
            continue;
        }
        if entry.file_type().map_err(Fault::io("reading", from))?.is_dir() {
            private().create(&target).map_err(Fault::io("creating", &target))?;
            copy_all(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map_err(Fault::io("copying to", &target))?;
        }
    }
    Ok(())
}
