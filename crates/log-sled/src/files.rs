//! The files around sled's own, looked at before sled opens: it tells little of what is wrong with them.

use crate::fault::Fault;
use crate::store::sync;
use crate::unsure;
use rapporteur_log::Hash;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a store has beside `format` and `lock`, relative to its directory.
const PARTS: [&str; 4] = ["head", "redacted", "sled/conf", "sled/db"];

/// The first part of a store that `dir` has; none if it has none.
pub(crate) fn a_part(dir: &Path) -> Option<&'static str> {
    PARTS.into_iter().find(|part| dir.join(part).exists())
}

/// The first part of a store that `dir` has not.
pub(crate) fn a_missing_part(dir: &Path) -> Option<PathBuf> {
    PARTS.iter().map(|part| dir.join(part)).find(|path| !path.is_file())
}

/// The name of something in `dir` that no unfinished store has.
pub(crate) fn stranger(dir: &Path) -> Result<Option<String>, Fault> {
    for entry in fs::read_dir(dir).map_err(Fault::io("reading", dir))? {
        let name = entry.map_err(Fault::io("reading", dir))?.file_name();
        if name != "lock" && name != "format.new" && name != "lost+found" {
            return Ok(Some(name.to_string_lossy().into_owned()));
        }
    }
    Ok(None)
}

/// Makes `dir` and the directories above it that are missing, and syncs the names of those; its own is for the caller to sync.
pub(crate) fn make_dir(dir: &Path) -> Result<(), Fault> {
    let above: Vec<&Path> = dir
        .ancestors()
        .skip(1)
        .filter(|above| *above != Path::new(""))
        .collect();
    let missing = above.iter().take_while(|above| !above.is_dir()).count();
    fs::create_dir_all(dir).map_err(Fault::io("creating", dir))?;
    above[..missing]
        .iter()
        .map(|made| {
            made.parent()
                .filter(|holds| *holds != Path::new(""))
                .unwrap_or(Path::new("."))
        })
        .try_for_each(sync)
}

/// The space on the file system of `dir` that this user may still fill, in bytes; none where it does not tell.
pub(crate) fn free_space(dir: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(dir).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

/// The hash of sled's `conf` in `sled_dir`.
pub(crate) fn conf(sled_dir: &Path) -> Result<Hash, Fault> {
    let path = sled_dir.join("conf");
    let bytes = fs::read(&path).map_err(Fault::io("reading", &path))?;
    Ok(Hash::of(&[&bytes]))
}

/// Checks that sled's `conf` in `sled_dir` is the one that `format` knows.
pub(crate) fn check_conf(sled_dir: &Path, known: Hash) -> Result<(), Fault> {
    match conf(sled_dir)? == known {
        true => Ok(()),
        false => Err(Fault::file(
            &sled_dir.join("conf"),
            "it does not match the hash that `format` holds",
        )),
    }
}

/// Checks the newest `snap.*` in `sled_dir`, which sled opens with: its last 12 bytes are a length and a CRC-32.
pub(crate) fn check_snapshot(sled_dir: &Path) -> Result<(), Fault> {
    let mut newest: Option<PathBuf> = None;
    for entry in fs::read_dir(sled_dir).map_err(Fault::io("reading", sled_dir))? {
        let path = entry.map_err(Fault::io("reading", sled_dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("snap.") && !is_unfinished(&name) && newest.as_ref() < Some(&path) {
            newest = Some(path);
        }
    }
    let Some(path) = newest else { return Ok(()) };
    let bytes = fs::read(&path).map_err(Fault::io("reading", &path))?;
    let Some((rest, crc)) = bytes.split_last_chunk::<4>() else {
        return Err(Fault::file(&path, format!("it has {} bytes, too few", bytes.len())));
    };
    let Some((content, _)) = rest.split_last_chunk::<8>().filter(|(content, _)| !content.is_empty()) else {
        return Err(Fault::file(&path, format!("it has {} bytes, too few", bytes.len())));
    };
    match crc32fast::hash(content) == u32::from_le_bytes(*crc) {
        true => Ok(()),
        false => Err(Fault::file(&path, "it does not match its checksum")),
    }
}

/// Reads every file in `sled_dir` to its end. sled takes what it cannot read for what was never written, and cuts it off.
pub(crate) fn read_through(sled_dir: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(sled_dir).map_err(Fault::io("reading", sled_dir))? {
        let path = entry.map_err(Fault::io("reading", sled_dir))?.path();
        if path.is_file() {
            let mut file = File::open(&path).map_err(Fault::io("opening", &path))?;
            io::copy(&mut file, &mut io::sink()).map_err(Fault::io("reading", &path))?;
        }
    }
    Ok(())
}

/// Removes the newest `snap.*` in `sled_dir` where it is damaged, and says what was wrong with it: sled makes it anew from its
/// log. The head marker tells whether that is as it was.
pub(crate) fn remove_damaged_snapshot(sled_dir: &Path) -> Result<Option<String>, Fault> {
    let fault = match check_snapshot(sled_dir) {
        Ok(()) => return Ok(None),
        Err(fault) => fault,
    };
    let Fault::File { path, .. } = &fault else {
        return Err(fault);
    };
    fs::remove_file(path).map_err(Fault::io("removing", path))?;
    Ok(Some(fault.in_words()))
}

/// Removes what was not finished: snapshots of sled's, which would take one for the newest and refuse to open, and files that
/// were being written anew.
pub(crate) fn remove_unfinished(sled_dir: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(sled_dir).map_err(Fault::io("reading", sled_dir))? {
        let path = entry.map_err(Fault::io("reading", sled_dir))?.path();
        if is_unfinished(&path.file_name().unwrap_or_default().to_string_lossy()) {
            fs::remove_file(&path).map_err(Fault::io("removing", &path))?;
        }
    }
    Ok(())
}

pub(crate) fn is_unfinished(name: &str) -> bool {
    (name.starts_with("snap.") && name.ends_with(".generating")) || unsure::is_unfinished(name)
}

/// How often a lock that another has is looked at again, and after how long: together a fifth of a second.
const LOOKS: u32 = 20;
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The locks of a store. They are given back at the end: closing the files alone would leave them to a child process that
/// was just being started and still has the files open.
#[derive(Debug)]
pub(crate) struct Lock(Vec<File>);

impl Lock {
    /// Locks open files, each with its path; `None` if another has one of them and keeps it. Sled's own lock is given back
    /// only when its file is closed, so a child that was just being started may have it for a moment longer.
    pub(crate) fn take(files: Vec<(File, PathBuf)>) -> Result<Option<Self>, Fault> {
        let mut taken = Self(Vec::new());
        for (file, path) in files {
            let mut looks = LOOKS;
            loop {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(TryLockError::WouldBlock) if looks == 0 => return Ok(None),
                    Err(TryLockError::WouldBlock) => {
                        looks -= 1;
                        std::thread::sleep(LOOK_AGAIN);
                    }
                    Err(TryLockError::Error(error)) => return Err(Fault::io("locking", &path)(error)),
                }
            }
            taken.0.push(file);
        }
        Ok(Some(taken))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        for file in &self.0 {
            // Closing it gives the lock back as well, if later.
            let _ = file.unlock();
        }
    }
}
