//! The head marker: a file of fixed size outside sled that says up to where the log was written, and carries the last
//! append's chunks, so that a log that ends one append short can be completed.
//!
//! Two slots, written by turns, each with a checksum: a write torn by a power cut spoils one, the other still holds the
//! head before. A slot: 8 bytes of magic, 32 of checksum (BLAKE3 of all that follows), sequence number (8), position (8),
//! hash (32), number of redactions (8), hash over them (32), length of the redo (4), redo: entries of key (10), length
//! (4), value. Numbers are big-endian.

use crate::chunk::{Entry, Key, parse_key};
use crate::fault::Fault;
use crate::redactions::Tally;
use rapporteur_log::{Hash, Head};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The bytes of one slot. An append whose chunks do not fit is written to sled first, then marked without them.
pub(crate) const SLOT_BYTES: usize = 512 * 1024;

const MAGIC: &[u8; 8] = b"rapphd02";
const HEAD: usize = 8 + 32 + 8 + 8 + 32 + 8 + 32 + 4;

/// How far the store was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) head: Head,
    pub(crate) redacted: Tally,
}

/// What one slot says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) sequence: u64,
    pub(crate) mark: Mark,
    pub(crate) redo: Vec<Entry>,
}

impl Slot {
    /// The position that the redo follows on; none if there is no redo.
    pub(crate) fn redo_after(&self) -> Option<u64> {
        let (first, _) = parse_key(&self.redo.first()?.key)?;
        first.checked_sub(1)
    }
}

/// The open marker file.
#[derive(Debug)]
pub(crate) struct Marker {
    file: File,
    path: PathBuf,
    next: usize,
    sequence: u64,
}

impl Marker {
    /// Makes the file, both slots saying that the log is empty, and syncs it; its directory is for the caller to sync.
    pub(crate) fn create(path: &Path) -> Result<Self, Fault> {
        let options = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path);
        let mut marker = Self {
            file: options.map_err(Fault::io("creating", path))?,
            path: path.to_owned(),
            next: 0,
            sequence: 0,
        };
        marker.scrub(&Mark {
            head: Head::EMPTY,
            redacted: Tally::default(),
        })?;
        marker.file.sync_all().map_err(Fault::io("syncing", path))?;
        Ok(marker)
    }

    /// Opens the file to go on after `slots`, which were read from it.
    pub(crate) fn open(path: &Path, slots: &[Option<Slot>; 2]) -> Result<Self, Fault> {
        let file = File::options().read(true).write(true).open(path);
        let sequences = slots.each_ref().map(|slot| slot.as_ref().map_or(0, |s| s.sequence));
        Ok(Self {
            file: file.map_err(Fault::io("opening", path))?,
            path: path.to_owned(),
            next: usize::from(sequences[0] > sequences[1]),
            sequence: sequences[0].max(sequences[1]),
        })
    }

    /// Writes `mark` and `redo` over the older slot and syncs. A redo that does not fit is left out.
    pub(crate) fn write(&mut self, mark: &Mark, redo: &[Entry]) -> Result<(), Fault> {
        let redo = if fits(redo) { redo } else { &[] };
        self.put(encode(self.sequence + 1, mark, redo))
    }

    /// Writes `mark` over both slots, zeros over all that they carried, and syncs.
    pub(crate) fn scrub(&mut self, mark: &Mark) -> Result<(), Fault> {
        for _ in 0..2 {
            let mut bytes = encode(self.sequence + 1, mark, &[]);
            bytes.resize(SLOT_BYTES, 0);
            self.put(bytes)?;
        }
        Ok(())
    }

    fn put(&mut self, bytes: Vec<u8>) -> Result<(), Fault> {
        let start = self.next as u64 * SLOT_BYTES as u64;
        let written = self
            .file
            .seek(SeekFrom::Start(start))
            .and_then(|_| self.file.write_all(&bytes));
        written.map_err(Fault::io("writing", &self.path))?;
        self.file.sync_data().map_err(Fault::io("syncing", &self.path))?;
        self.sequence += 1;
        self.next = 1 - self.next;
        Ok(())
    }
}

/// Reads both slots; `None` stands for a slot that is not whole.
pub(crate) fn read_slots(path: &Path) -> Result<[Option<Slot>; 2], Fault> {
    let mut bytes = Vec::new();
    let limit = 2 * SLOT_BYTES as u64;
    let file = File::open(path).map_err(Fault::io("opening", path))?;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(Fault::io("reading", path))?;
    let (first, second) = bytes.split_at_checked(SLOT_BYTES).unwrap_or((&bytes, &[]));
    Ok([decode(first), decode(second)])
}

/// The slot that was written last.
pub(crate) fn newest(slots: &[Option<Slot>; 2]) -> Option<&Slot> {
    slots.iter().flatten().max_by_key(|slot| slot.sequence)
}

/// Whether `redo` fits into a slot.
pub(crate) fn fits(redo: &[Entry]) -> bool {
    HEAD + redo.iter().map(|entry| 14 + entry.value.len()).sum::<usize>() <= SLOT_BYTES
}

fn encode(sequence: u64, mark: &Mark, redo: &[Entry]) -> Vec<u8> {
    let redo_len: usize = redo.iter().map(|entry| 14 + entry.value.len()).sum();
    let mut bytes = Vec::with_capacity(HEAD + redo_len);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[0; 32]);
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(&mark.head.position.to_be_bytes());
    bytes.extend_from_slice(mark.head.hash.as_bytes());
    bytes.extend_from_slice(&mark.redacted.count.to_be_bytes());
    bytes.extend_from_slice(mark.redacted.hash.as_bytes());
    bytes.extend_from_slice(&u32::try_from(redo_len).unwrap_or(u32::MAX).to_be_bytes());
    for entry in redo {
        let len = u32::try_from(entry.value.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&entry.key);
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(&entry.value);
    }
    let checksum = Hash::of(&[&bytes[40..]]);
    bytes[8..40].copy_from_slice(checksum.as_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Slot> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (checksum, covered) = rest.split_first_chunk::<32>()?;
    let (sequence, rest) = covered.split_first_chunk::<8>()?;
    let (position, rest) = rest.split_first_chunk::<8>()?;
    let (hash, rest) = rest.split_first_chunk::<32>()?;
    let (count, rest) = rest.split_first_chunk::<8>()?;
    let (redacted, rest) = rest.split_first_chunk::<32>()?;
    let (redo_len, rest) = rest.split_first_chunk::<4>()?;
    let redo_len = usize::try_from(u32::from_be_bytes(*redo_len)).ok()?;
    let mut redo_bytes = rest.get(..redo_len)?;
    let covered = covered.get(..HEAD - 40 + redo_len)?;
    if Hash::of(&[covered]).as_bytes() != checksum {
        return None;
    }
    let mut redo = Vec::new();
    while !redo_bytes.is_empty() {
        let (key, rest) = redo_bytes.split_first_chunk::<10>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
        redo.push(Entry {
            key: Key::from(*key),
            value: value.to_vec(),
        });
        redo_bytes = rest;
    }
    Some(Slot {
        sequence: u64::from_be_bytes(*sequence),
        mark: Mark {
            head: Head {
                position: u64::from_be_bytes(*position),
                hash: Hash::from_bytes(*hash),
            },
            redacted: Tally {
                count: u64::from_be_bytes(*count),
                hash: Hash::from_bytes(*redacted),
            },
        },
        redo,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(position: u64) -> Mark {
        let hash = Hash::of(&[&position.to_be_bytes()]);
        let (head, count) = (Head { position, hash }, position / 2);
        Mark {
            head,
            redacted: Tally { count, hash },
        }
    }

    fn redo(len: usize) -> Vec<Entry> {
        vec![Entry {
            key: crate::chunk::key(7, 0),
            value: vec![5; len],
        }]
    }

    #[test]
    fn a_torn_write_leaves_the_head_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        let mut marker = Marker::create(&path).unwrap();
        marker.write(&mark(6), &[]).unwrap();
        marker.write(&mark(9), &redo(100)).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let slots = read_slots(&path).unwrap();
        let last = newest(&slots).unwrap();
        assert_eq!((last.mark, last.redo_after()), (mark(9), Some(6)));
        let start = SLOT_BYTES * usize::from(slots[1].as_ref() == Some(last));
        let written = HEAD + 114;
        for bit in 0..written * 8 {
            let mut torn = whole.clone();
            torn[start + bit / 8] ^= 1 << (bit % 8);
            let slots = [decode(&torn[..SLOT_BYTES]), decode(&torn[SLOT_BYTES..])];
            assert_eq!(newest(&slots).map(|s| s.mark), Some(mark(6)), "bit {bit}");
        }
    }

    #[test]
    fn opening_goes_on_over_the_older_slot() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        drop(Marker::create(&path).unwrap());
        for position in 1..6 {
            let slots = read_slots(&path).unwrap();
            let mut marker = Marker::open(&path, &slots).unwrap();
            assert_eq!(newest(&slots).unwrap().mark.head.position, position - 1);
            marker.write(&mark(position), &redo(40)).unwrap();
            let [a, b] = read_slots(&path).unwrap().map(|s| s.unwrap().mark.head.position);
            assert_eq!((a.max(b), a.min(b)), (position, position - 1));
        }
    }

    #[test]
    fn a_redo_too_large_is_left_out_and_scrubbing_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        let mut marker = Marker::create(&path).unwrap();
        marker.write(&mark(1), &redo(SLOT_BYTES)).unwrap();
        assert_eq!(newest(&read_slots(&path).unwrap()).unwrap().redo, []);
        marker.write(&mark(2), &redo(SLOT_BYTES / 2)).unwrap();
        marker.write(&mark(3), &redo(SLOT_BYTES / 2)).unwrap();
        marker.scrub(&mark(3)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(8).any(|w| w == [5; 8]), "bytes of the redo are left");
        assert_eq!(bytes.len(), 2 * SLOT_BYTES);
        assert!(
            read_slots(&path)
                .unwrap()
                .iter()
                .all(|s| s.as_ref().unwrap().mark == mark(3))
        );
    }
}
