//! Reading a backup.

use crate::adding::measure;
use crate::error::BackupError;
use crate::list::{List, NAME, PartFile};
use rapporteur_desk::desk::chain;
use rapporteur_desk::restore::{RestoreError, Restored, read, read_part};
use rapporteur_log::{Head, Payload};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// A backup in a directory.
#[derive(Debug)]
pub struct Backup {
    dir: PathBuf,
    list: List,
}

impl Backup {
    /// Opens the backup in `dir`; its parts are looked at when they are read.
    ///
    /// # Errors
    /// There is none, or its list is damaged.
    pub fn open(dir: &Path) -> Result<Self, BackupError> {
        let list = List::read(dir)?.ok_or_else(|| BackupError::NotThere(dir.to_owned()))?;
        if list.parts.is_empty() {
            return Err(BackupError::Unfinished(dir.to_owned()));
        }
        let dir = dir.to_owned();
        Ok(Self { dir, list })
    }

    /// Whether `dir` holds one.
    #[must_use]
    pub fn is_there(dir: &Path) -> bool {
        dir.join(NAME).is_file()
    }

    /// Its parts.
    #[must_use]
    pub fn list(&self) -> &List {
        &self.list
    }

    /// Its last event.
    ///
    /// # Errors
    /// Its hash is none.
    pub fn head(&self) -> Result<Head, BackupError> {
        self.list.head(&self.dir)
    }

    /// Its export up to a position, or all of it: the parts one after the other.
    #[must_use]
    pub fn lines(&self, until: Option<u64>) -> Lines {
        let wanted = |part: &&PartFile| until.is_none_or(|until| part.first <= until.max(1));
        let mut paths: Vec<PathBuf> = self
            .list
            .parts
            .iter()
            .filter(wanted)
            .map(|part| List::path(&self.dir, part))
            .collect();
        paths.reverse();
        Lines { paths, open: None }
    }

    /// Checks every file against the list, and every line of every part. `progress` is told the last position now and then.
    ///
    /// # Errors
    /// The first file that is not what was written.
    pub fn check(&self, progress: &mut dyn FnMut(u64)) -> Result<Restored, BackupError> {
        for part in &self.list.parts {
            let path = List::path(&self.dir, part);
            let measured = File::open(&path).and_then(|mut file| measure(&mut file));
            let (bytes, blake3) = measured.map_err(|error| match error.kind() {
                ErrorKind::NotFound => BackupError::damaged(&path, "it is missing"),
                _ => BackupError::io("reading", &path)(error),
            })?;
            if (bytes, blake3) != (part.bytes, part.blake3.clone()) {
                return Err(BackupError::damaged(
                    &path,
                    "it is not the file that was written: length or BLAKE3 differ",
                ));
            }
            let mut redacted = BTreeSet::new();
            let lines = File::open(&path).and_then(zstd::Decoder::new);
            let lines = BufReader::new(lines.map_err(BackupError::io("reading", &path))?);
            let held = read_part(lines, &mut |_, stored| {
                let gone = stored.filter(|stored| stored.payload == Payload::Redacted);
                redacted.extend(gone.map(|stored| stored.header.position));
                Ok(())
            });
            let held = held.map_err(|error| BackupError::damaged(&path, chain(&error)))?;
            let (first, last, hash) = (held.after.position + 1, held.head.position, held.head.hash.to_string());
            if (first, last, &hash, &redacted) != (part.first, part.last, &part.hash, &part.redacted) {
                let what = format!("it says of `{}` what is not in it", part.file);
                return Err(BackupError::damaged(&self.dir.join(NAME), what));
            }
        }
        let restored = read(BufReader::new(self.lines(None)), None, &mut |_, stored| {
            if let Some(stored) = stored {
                progress(stored.header.position);
            }
            Ok(())
        });
        let restored = restored.map_err(|error| self.damaged(error))?;
        let head = self.head()?;
        match restored.head == head {
            true => Ok(restored),
            false => Err(BackupError::damaged(
                &self.dir,
                format!(
                    "its parts end at position {}, its list says {}",
                    restored.head.position, head.position
                ),
            )),
        }
    }

    fn damaged(&self, error: RestoreError) -> BackupError {
        BackupError::damaged(&self.dir, chain(&error))
    }
}

/// The lines of a backup. An error names the part that it is in.
pub struct Lines {
    paths: Vec<PathBuf>,
    open: Option<(PathBuf, zstd::Decoder<'static, BufReader<File>>)>,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some((path, part)) = &mut self.open {
                let read = part.read(buffer).map_err(|error| in_part(path, &error))?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
            }
            let Some(path) = self.paths.pop() else {
                self.open = None;
                return Ok(0);
            };
            let part = File::open(&path).and_then(zstd::Decoder::new);
            self.open = Some((path.clone(), part.map_err(|error| in_part(&path, &error))?));
        }
    }
}

fn in_part(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
