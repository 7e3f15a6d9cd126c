//! The file `format`: which form of store a directory holds, whether its making was finished, and the hash of sled's
//! `conf`, which never changes.
//!
//! Its last line is the BLAKE3 of the lines before it, in every form from 2 on: a wrong bit cannot pass for another form.

use crate::fault::Fault;
use crate::store::sync;
use rapporteur_log::Hash;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// The form that this program writes.
pub(crate) const VERSION: u64 = 2;

const PREFIX: &str = "rapporteur log store ";
const CREATING: &str = "rapporteur log store, not yet made\n";
/// Form 1 was never released: it has no checksum, and its marker no redactions.
const FIRST: &str = "rapporteur log store 1\n";

/// What a directory holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// No format file.
    None,
    /// A store whose making was cut off: nothing was ever acknowledged from it.
    Unfinished,
    /// A store of this program's form, and the hash of its `conf`.
    Current(Hash),
    /// A store of an older form.
    Older(u64),
    /// A store of a newer form.
    Newer(u64),
    /// Something else.
    Garbled(String),
}

pub(crate) fn read(dir: &Path) -> Result<Format, Fault> {
    let path = dir.join("format");
    let file = match File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Format::None),
        opened => opened.map_err(Fault::io("opening", &path))?,
    };
    let mut bytes = Vec::new();
    file.take(4_000)
        .read_to_end(&mut bytes)
        .map_err(Fault::io("reading", &path))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(match &*text {
        CREATING => Format::Unfinished,
        FIRST => Format::Older(1),
        text => checked(text).unwrap_or_else(|| Format::Garbled(text.chars().take(200).collect())),
    })
}

/// What a text says whose checksum is right.
fn checked(text: &str) -> Option<Format> {
    let lines = text.strip_suffix('\n')?;
    let (body, _) = lines.rsplit_once('\n')?;
    if text != sealed(&format!("{body}\n")) {
        return None;
    }
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    match first.strip_prefix(PREFIX)?.parse().ok()? {
        VERSION => rest.strip_prefix("conf ").and_then(Hash::parse).map(Format::Current),
        older if older < VERSION => Some(Format::Older(older)),
        newer => Some(Format::Newer(newer)),
    }
}

fn sealed(body: &str) -> String {
    format!("{body}checksum {}\n", Hash::of(&[body.as_bytes()]))
}

/// Notes that the store's making has begun.
pub(crate) fn begin(dir: &Path) -> Result<(), Fault> {
    write(dir, CREATING)
}

/// Notes that the store is made, with a `conf` of this hash.
pub(crate) fn finish(dir: &Path, conf: Hash) -> Result<(), Fault> {
    write(dir, &sealed(&format!("{PREFIX}{VERSION}\nconf {conf}\n")))
}

fn write(dir: &Path, text: &str) -> Result<(), Fault> {
    let (path, beside) = (dir.join("format"), dir.join("format.new"));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(Fault::io("writing", &beside))?;
    fs::rename(&beside, &path).map_err(Fault::io("writing", &path))?;
    sync(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_flipped_bit_passes_for_another_form() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("format");
        for version in [VERSION, 9] {
            let text = sealed(&format!("{PREFIX}{version}\nconf {}\n", Hash::ZERO));
            fs::write(&path, &text).unwrap();
            let whole = read(dir.path()).unwrap();
            assert!(
                matches!(whole, Format::Current(Hash::ZERO) | Format::Newer(9)),
                "{whole:?}"
            );
            for bit in 0..text.len() * 8 {
                let mut bytes = text.clone().into_bytes();
                bytes[bit / 8] ^= 1 << (bit % 8);
                fs::write(&path, bytes).unwrap();
                let found = read(dir.path()).unwrap();
                assert!(matches!(found, Format::Garbled(_)), "bit {bit}: {found:?}");
            }
            for end in 0..text.len() {
                fs::write(&path, &text[..end]).unwrap();
                assert!(matches!(read(dir.path()).unwrap(), Format::Garbled(_)), "cut at {end}");
            }
        }
        fs::write(&path, FIRST).unwrap();
        assert_eq!(read(dir.path()).unwrap(), Format::Older(1));
    }
}
