//! Chunks: many small events under one key, one large event over several.
//!
//! Key: the first event's position (8 bytes, big-endian), the part's number (2 bytes, big-endian). Value: format (1 byte),
//! checksum (8 bytes of BLAKE3 over key and all that follows), number of parts (2 bytes), last position of the append it
//! was written by (8 bytes), content. The contents of all parts, one after the other, are the events, each behind its
//! length (4 bytes). All numbers are big-endian.

use rapporteur_log::Stored;
use rapporteur_log::envelope::FormError;

/// The most bytes a value may have: 17 of them stay below the size at which sled makes a file of its own.
pub(crate) const VALUE_MAX: usize = 6 * 1024;

/// What a value begins with.
pub(crate) const FORMAT: u8 = 1;
/// The bytes of a value before its content.
pub(crate) const VALUE_HEAD: usize = 1 + 8 + 2 + 8;
/// The most bytes of content that a value may have; all parts but the last have so many.
pub(crate) const CONTENT_MAX: usize = VALUE_MAX - VALUE_HEAD;

/// A key: where a chunk starts, and which part of it this is.
pub(crate) type Key = [u8; 10];

/// What is stored under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Vec<u8>,
}

/// One part of a chunk, its checksum found right.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) parts: u16,
    pub(crate) append_last: u64,
    pub(crate) content: &'a [u8],
}

/// Packs events of the append that ended at `append_last`.
pub(crate) fn pack(events: &[Stored], append_last: u64) -> Result<Vec<Entry>, FormError> {
    let mut entries = Vec::new();
    let (mut first, mut content) = (0, Vec::new());
    for event in events {
        let bytes = event.encode()?;
        if !content.is_empty() && content.len() + 4 + bytes.len() > CONTENT_MAX {
            split(first, append_last, &content, &mut entries);
            content.clear();
        }
        if content.is_empty() {
            first = event.header.position;
        }
        frame(&bytes, &mut content);
    }
    if !content.is_empty() {
        split(first, append_last, &content, &mut entries);
    }
    Ok(entries)
}

/// Packs `events` again as the one chunk that they were before.
pub(crate) fn repack(events: &[Stored], first: u64, append_last: u64) -> Result<Vec<Entry>, FormError> {
    let mut content = Vec::new();
    for event in events {
        frame(&event.encode()?, &mut content);
    }
    let mut entries = Vec::new();
    split(first, append_last, &content, &mut entries);
    Ok(entries)
}

/// The key of a chunk's part.
pub(crate) fn key(first: u64, part: u16) -> Key {
    let mut key = [0; 10];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

/// A key's first position and part number.
pub(crate) fn parse_key(bytes: &[u8]) -> Option<(u64, u16)> {
    let (first, part) = bytes.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*first), u16::from_be_bytes(part.try_into().ok()?)))
}

/// Checks a value against its checksum and takes it apart.
pub(crate) fn open<'a>(key: &[u8], value: &'a [u8]) -> Result<Part<'a>, String> {
    let short = || format!("a chunk has {} bytes, too few", value.len());
    let (&format, rest) = value.split_first().ok_or_else(short)?;
    if format != FORMAT {
        return Err(format!("a chunk has format {format}, this program knows {FORMAT}"));
    }
    let (stored, covered) = rest.split_first_chunk::<8>().ok_or_else(short)?;
    if checksum(key, covered) != *stored {
        return Err("a chunk does not match its checksum".to_owned());
    }
    let (parts, rest) = covered.split_first_chunk::<2>().ok_or_else(short)?;
    let (append_last, content) = rest.split_first_chunk::<8>().ok_or_else(short)?;
    Ok(Part {
        parts: u16::from_be_bytes(*parts),
        append_last: u64::from_be_bytes(*append_last),
        content,
    })
}

/// The events of a chunk's whole content.
pub(crate) fn events(mut content: &[u8]) -> Result<Vec<Stored>, String> {
    let mut events = Vec::new();
    while !content.is_empty() {
        let (len, rest) = content.split_first_chunk::<4>().ok_or("an event's length is cut off")?;
        let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
        let (bytes, rest) = rest.split_at_checked(len).ok_or("an event is cut off")?;
        events.push(Stored::decode(bytes).map_err(|error| error.to_string())?);
        content = rest;
    }
    Ok(events)
}

fn frame(bytes: &[u8], content: &mut Vec<u8>) {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    content.extend_from_slice(&len.to_be_bytes());
    content.extend_from_slice(bytes);
}

fn split(first: u64, append_last: u64, content: &[u8], entries: &mut Vec<Entry>) {
    let parts = u16::try_from(content.len().div_ceil(CONTENT_MAX)).unwrap_or(u16::MAX);
    for (part, content) in (0..parts).zip(content.chunks(CONTENT_MAX)) {
        let key = key(first, part);
        let mut value = Vec::with_capacity(VALUE_HEAD + content.len());
        value.extend_from_slice(&[FORMAT, 0, 0, 0, 0, 0, 0, 0, 0]);
        value.extend_from_slice(&parts.to_be_bytes());
        value.extend_from_slice(&append_last.to_be_bytes());
        value.extend_from_slice(content);
        let sum = checksum(&key, &value[9..]);
        value[1..9].copy_from_slice(&sum);
        entries.push(Entry { key, value });
    }
}

fn checksum(key: &[u8], covered: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key).update(covered);
    let mut sum = [0; 8];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use rapporteur_log::{Head, chain::seal};
    use rapporteur_testkit::{drafts::draft_of, drafts::drafts, rng::Rng};

    fn unpack(entries: &[Entry]) -> Vec<Stored> {
        let mut found = Vec::new();
        let mut content = Vec::new();
        for entry in entries {
            let part = open(&entry.key, &entry.value).unwrap();
            content.extend_from_slice(part.content);
            if parse_key(&entry.key).unwrap().1 + 1 == part.parts {
                found.extend(events(&content).unwrap());
                content.clear();
            }
        }
        found
    }

    #[test]
    fn every_size_comes_back_and_no_value_is_too_large() {
        let mut rng = Rng::new(5);
        let mut all = drafts(60, 1);
        all.extend(
            [5_500, 5_700, 5_800, 5_900, 6_000, 6_144, 12_000, 65_536, 0, 65_535].map(|n| draft_of(n, &mut rng)),
        );
        let sealed = seal(&Head::EMPTY, None, all).unwrap();
        let entries = pack(&sealed, sealed.last().unwrap().header.position).unwrap();
        assert!(
            entries.iter().all(|e| e.value.len() <= VALUE_MAX),
            "a value is too large"
        );
        assert!(entries.is_sorted_by(|a, b| a.key < b.key), "keys are out of order");
        assert!(entries.len() < 60, "events are not packed: {} keys", entries.len());
        assert_eq!(unpack(&entries), sealed);
    }

    #[test]
    fn any_flipped_bit_and_any_other_key_is_noticed() {
        let sealed = seal(&Head::EMPTY, None, drafts(2, 1)).unwrap();
        let entry = pack(&sealed, sealed.last().unwrap().header.position).unwrap().remove(0);
        for bit in 0..entry.value.len() * 8 {
            let mut value = entry.value.clone();
            value[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&entry.key, &value).is_err(), "bit {bit}");
        }
        assert!(open(&key(2, 0), &entry.value).is_err(), "a value under another key");
        for end in 0..entry.value.len() {
            assert!(open(&entry.key, &entry.value[..end]).is_err(), "cut at {end}");
        }
    }
}
