//! The list of a backup's parts, `backup.json`: what is not listed is no part of it.

use crate::error::BackupError;
use rapporteur_log::{Hash, Head};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The name of the list.
pub(crate) const NAME: &str = "backup.json";
/// The directory of the parts.
pub(crate) const PARTS: &str = "parts";
/// The form of backups that this program writes.
pub(crate) const FORMAT: u32 = 1;

/// A list of parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The form of the backup.
    pub format: u32,
    /// The position of its last event; 0 while it is empty.
    pub position: u64,
    /// The hash of that event, 64 hexadecimal digits.
    pub hash: String,
    /// The parts, in the order of their events.
    pub parts: Vec<PartFile>,
}

/// A part: the events after one head up to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartFile {
    /// The name of its file in `parts`.
    pub file: String,
    /// The position of its first event.
    pub first: u64,
    /// The position of its last event.
    pub last: u64,
    /// The hash of its last event.
    pub hash: String,
    /// The length of the file, in bytes.
    pub bytes: u64,
    /// BLAKE3 of the file, 64 hexadecimal digits.
    pub blake3: String,
    /// The positions in it that are redacted.
    pub redacted: BTreeSet<u64>,
}

impl List {
    pub(crate) fn empty() -> Self {
        Self {
            format: FORMAT,
            position: 0,
            hash: Hash::ZERO.to_string(),
            parts: Vec::new(),
        }
    }

    /// Its last event.
    ///
    /// # Errors
    /// The hash is none.
    pub(crate) fn head(&self, dir: &Path) -> Result<Head, BackupError> {
        let hash = Hash::parse(&self.hash);
        let hash = hash.ok_or_else(|| BackupError::damaged(&dir.join(NAME), "its `hash` is no hash"))?;
        let position = self.position;
        Ok(Head { position, hash })
    }

    /// Reads the list in `dir`; none if there is none.
    ///
    /// # Errors
    /// It cannot be read, is none, or does not hang together.
    pub(crate) fn read(dir: &Path) -> Result<Option<Self>, BackupError> {
        let path = dir.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(BackupError::damaged(&path, "it is no UTF-8"));
            }
            Err(error) => return Err(BackupError::io("reading", &path)(error)),
        };
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let garbled = |error: serde_json::Error| BackupError::damaged(&path, error.to_string());
        let form: Form = serde_json::from_str(&text).map_err(garbled)?;
        if form.format == 0 {
            return Err(BackupError::damaged(&path, "its `format` is 0"));
        }
        if form.format != FORMAT {
            let dir = dir.to_owned();
            let found = form.format;
            return Err(BackupError::Newer { dir, found });
        }
        let list: Self = serde_json::from_str(&text).map_err(garbled)?;
        let mut next = 1;
        for part in &list.parts {
            if part.first != next || part.last < part.first || part.last == u64::MAX {
                let what = format!("the part `{}` does not begin at position {next}", part.file);
                return Err(BackupError::damaged(&path, what));
            }
            if part.file.is_empty() || part.file.contains(['/', '\\']) || part.file.starts_with('.') {
                return Err(BackupError::damaged(
                    &path,
                    format!("`{}` is no name of a part", part.file),
                ));
            }
            next = part.last + 1;
        }
        let last = list.parts.last();
        if last.map_or(0, |part| part.last) != list.position
            || last.map_or(Hash::ZERO.to_string(), |part| part.hash.clone()) != list.hash
        {
            return Err(BackupError::damaged(&path, "it does not end as its last part does"));
        }
        list.head(dir)?;
        Ok(Some(list))
    }

    /// Puts the list in the place of the one before; it would survive a power cut.
    ///
    /// # Errors
    /// The disk does not take it.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), BackupError> {
        let path = dir.join(NAME);
        let failed = |what| BackupError::io(what, &path);
        let text = serde_json::to_string_pretty(self).map_err(|error| failed("writing")(error.into()))?;
        let mut file = NamedTempFile::with_prefix_in(".backup-", dir).map_err(failed("writing"))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.write_all(b"\n"))
            .and_then(|()| file.as_file().sync_all())
            .map_err(failed("writing"))?;
        file.persist(&path).map_err(|error| failed("replacing")(error.error))?;
        sync_dir(dir)
    }

    /// Looks whether every part is there, in its length.
    ///
    /// # Errors
    /// The first that is not.
    pub(crate) fn look(&self, dir: &Path) -> Result<(), BackupError> {
        for part in &self.parts {
            let path = Self::path(dir, part);
            match fs::metadata(&path) {
                Ok(found) if found.len() == part.bytes => {}
                Ok(_) => return Err(BackupError::damaged(&path, "it has another length than was written")),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(BackupError::damaged(&path, "it is missing"));
                }
                Err(error) => return Err(BackupError::io("reading", &path)(error)),
            }
        }
        Ok(())
    }

    /// Where a part is.
    pub(crate) fn path(dir: &Path, part: &PartFile) -> PathBuf {
        dir.join(PARTS).join(&part.file)
    }
}

pub(crate) fn sync_dir(dir: &Path) -> Result<(), BackupError> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(BackupError::io("syncing", dir))
}
