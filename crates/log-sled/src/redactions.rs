//! The file `redacted`: the positions of all redacted events, in the order of their redaction.
//!
//! sled cuts a damaged tail silently, and a redaction with it. What is listed here is done again at the next opening, and
//! never read meanwhile. An entry: position (8 bytes), then 32 of BLAKE3 over the hash of the entry before (zeros before
//! the first) and the position. The head marker carries how many entries there are and the last one's hash. Numbers are
//! big-endian.

use crate::fault::Fault;
use rapporteur_log::Hash;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const ENTRY_BYTES: usize = 8 + 32;

/// How many redactions there are, and the hash over them in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) hash: Hash,
}

impl Tally {
    fn and(self, position: u64) -> Self {
        Self {
            count: self.count + 1,
            hash: Hash::of(&[self.hash.as_bytes(), &position.to_be_bytes()]),
        }
    }
}

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) positions: BTreeSet<u64>,
    /// Those that the marker does not count yet: they were never acknowledged.
    pub(crate) uncounted: Vec<u64>,
    pub(crate) tally: Tally,
    /// Whether an entry was begun and not finished after the last whole one.
    pub(crate) torn: bool,
}

/// Reads the file at `path`, which has to hold all that `marked` counts.
pub(crate) fn read(path: &Path, marked: Tally) -> Result<Listed, Fault> {
    let bytes = fs::read(path).map_err(Fault::io("reading", path))?;
    let mut listed = Listed::default();
    for entry in bytes.chunks(ENTRY_BYTES) {
        let next = entry.split_first_chunk::<8>().and_then(|(position, hash)| {
            let position = u64::from_be_bytes(*position);
            let tally = listed.tally.and(position);
            (hash == tally.hash.as_bytes()).then_some((position, tally))
        });
        let Some((position, tally)) = next else {
            listed.torn = true;
            break;
        };
        if tally.count == marked.count && tally != marked {
            return Err(Fault::file(path, "its entries are not those that `head` counts"));
        }
        if tally.count > marked.count {
            listed.uncounted.push(position);
        }
        listed.tally = tally;
        listed.positions.insert(position);
    }
    if listed.tally.count < marked.count {
        let what = format!(
            "it holds {} redactions that can be read, `head` counts {}",
            listed.tally.count, marked.count
        );
        return Err(Fault::file(path, what));
    }
    Ok(listed)
}

/// The open file, for adding to.
#[derive(Debug)]
pub(crate) struct Redactions {
    file: File,
    path: PathBuf,
    tally: Tally,
}

impl Redactions {
    /// Makes the file, empty, and syncs it; its directory is for the caller to sync.
    pub(crate) fn create(path: &Path) -> Result<Self, Fault> {
        let file = File::create(path).map_err(Fault::io("creating", path))?;
        file.sync_all().map_err(Fault::io("syncing", path))?;
        Ok(Self {
            file,
            path: path.to_owned(),
            tally: Tally::default(),
        })
    }

    /// Opens the file to add after the entries of `tally`.
    pub(crate) fn open(path: &Path, tally: Tally) -> Result<Self, Fault> {
        let file = File::options().write(true).open(path);
        Ok(Self {
            file: file.map_err(Fault::io("opening", path))?,
            path: path.to_owned(),
            tally,
        })
    }

    /// Adds a position and syncs; the tally with it.
    pub(crate) fn add(&mut self, position: u64) -> Result<Tally, Fault> {
        let tally = self.tally.and(position);
        let mut entry = [0; ENTRY_BYTES];
        entry[..8].copy_from_slice(&position.to_be_bytes());
        entry[8..].copy_from_slice(tally.hash.as_bytes());
        let start = self.tally.count * ENTRY_BYTES as u64;
        let written = self
            .file
            .seek(SeekFrom::Start(start))
            .and_then(|_| self.file.write_all(&entry));
        written.map_err(Fault::io("writing", &self.path))?;
        self.file.sync_data().map_err(Fault::io("syncing", &self.path))?;
        self.tally = tally;
        Ok(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_and_any_cut_of_what_is_counted_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("redacted");
        let mut redactions = Redactions::create(&path).unwrap();
        let tally = [7, 3, 900].map(|position| redactions.add(position).unwrap())[2];
        let whole = fs::read(&path).unwrap();
        let listed = read(&path, tally).unwrap();
        assert_eq!(listed.positions, BTreeSet::from([3, 7, 900]));
        assert_eq!((listed.tally, listed.uncounted, listed.torn), (tally, vec![], false));
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, bytes).unwrap();
            assert!(read(&path, tally).is_err(), "bit {bit}");
        }
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            assert!(read(&path, tally).is_err(), "cut at {end}");
        }
        let mut other = Redactions::create(&path).unwrap();
        for position in [7, 4, 900] {
            other.add(position).unwrap();
        }
        assert!(read(&path, tally).is_err(), "another list");
    }

    #[test]
    fn an_entry_beyond_the_count_is_kept_if_whole_and_written_over_if_torn() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("redacted");
        let mut redactions = Redactions::create(&path).unwrap();
        let counted = redactions.add(7).unwrap();
        redactions.add(9).unwrap();
        let listed = read(&path, counted).unwrap();
        assert_eq!((listed.uncounted, listed.torn), (vec![9], false));
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let listed = read(&path, counted).unwrap();
        assert_eq!((listed.tally, listed.torn), (counted, true));
        let tally = Redactions::open(&path, listed.tally).unwrap().add(5).unwrap();
        assert_eq!(read(&path, tally).unwrap().positions, BTreeSet::from([5, 7]));
    }
}
