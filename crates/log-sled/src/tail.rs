//! The file `tail`: the part of sled's file that an opening may cut off, put aside before sled opens.
//!
//! After a crash sled 0.34.7 reads its log from the segment in which it last knew everything to be on the disk, and takes the first
//! message that is not whole for its end; what comes after it is zeroed. Where it was writing over a segment that it had freed, and
//! of that write only a part reached the disk, that message lies before what was synced and acknowledged. So that is kept until the
//! log was compared with the head marker, and brought back from there.

use crate::fault::Fault;
use crate::store::sync;
use rapporteur_log::Hash;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "tail";
const MAGIC: &[u8; 8] = b"rapptl01";
/// The size of sled's segments, its default. A store never has another: `format` holds the hash of sled's `conf`.
const SEGMENT: u64 = 512 * 1024;
/// What a segment begins with: CRC-32 of the rest (4), log sequence number (8), up to which number all was on the disk (8).
const HEADER: usize = 20;

/// The bytes of the segments of sled's file in `sled_dir` that an opening may cut off.
pub(crate) fn read(sled_dir: &Path) -> Result<Vec<u8>, Fault> {
    let path = sled_dir.join("db");
    let mut file = File::open(&path).map_err(Fault::io("opening", &path))?;
    segments(&mut file).map_err(Fault::io("reading", &path))
}

fn segments(file: &mut File) -> io::Result<Vec<u8>> {
    let mut headers = Vec::new();
    let mut at = 0;
    while let Some(header) = header(file, at)? {
        if let Some((number, stable)) = header {
            headers.push((number, stable, at));
        }
        at += SEGMENT;
    }
    let stable = headers.iter().map(|(_, stable, _)| *stable).max().unwrap_or_default();
    let from = stable / SEGMENT * SEGMENT;
    let mut bytes = Vec::new();
    for (_, _, at) in headers.iter().filter(|(number, ..)| *number >= from) {
        file.seek(SeekFrom::Start(*at))?;
        Read::by_ref(file).take(SEGMENT).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// What the segment at a place begins with, where that is whole; none where the file ends.
fn header(file: &mut File, at: u64) -> io::Result<Option<Option<(u64, u64)>>> {
    let mut bytes = [0; HEADER];
    file.seek(SeekFrom::Start(at))?;
    match file.read_exact(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (crc, rest) = bytes.split_at(4);
    let crc = crc.try_into().map_or(0, u32::from_le_bytes) ^ u32::MAX;
    // sled keeps numbers with all bits but the sign turned round.
    let number = |bytes: &[u8]| {
        let number = bytes.try_into().map_or(0, i64::from_le_bytes) ^ i64::MAX;
        // -1 stands for nothing yet.
        u64::try_from(number).unwrap_or_default()
    };
    let is_whole = crc32fast::hash(rest) == crc;
    Ok(Some(is_whole.then(|| (number(&rest[..8]), number(&rest[8..])))))
}

/// Puts `bytes` aside in the store `dir`, on the disk before this returns.
pub(crate) fn keep(dir: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let path = path(dir);
    let write = || -> io::Result<()> {
        let mut file = File::create(&path)?;
        file.write_all(MAGIC)?;
        file.write_all(Hash::of(&[bytes]).as_bytes())?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(Fault::io("writing", &path))?;
    sync(dir)
}

/// What was put aside by an opening that did not come to its end. One that is not whole was cut off before sled opened.
pub(crate) fn kept(dir: &Path) -> Result<Option<Vec<u8>>, Fault> {
    let path = path(dir);
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.map_err(Fault::io("reading", &path))?,
    };
    let split = bytes
        .strip_prefix(MAGIC)
        .and_then(|rest| rest.split_first_chunk::<32>());
    let whole = split.filter(|(hash, rest)| Hash::of(&[rest]).as_bytes() == *hash);
    Ok(whole.map(|(_, rest)| rest.to_vec()))
}

/// Takes away what was put aside.
pub(crate) fn settle(dir: &Path) -> Result<(), Fault> {
    let path = path(dir);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::io("removing", &path)(error)),
        _ => sync(dir),
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}
