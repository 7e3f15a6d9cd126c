//! The file `format`: which form of store a directory holds, and whether its making was finished.

use crate::fault::Fault;
use crate::store::sync;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// The form that this program writes.
pub(crate) const VERSION: u64 = 1;

const PREFIX: &str = "rapporteur log store ";
const CREATING: &str = "rapporteur log store, not yet made\n";

/// What a directory holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// No format file.
    None,
    /// A store whose making was cut off: nothing was ever acknowledged from it.
    Unfinished,
    /// A store of this program's form.
    Current,
    /// A store of a newer form.
    Newer(u64),
    /// Something else.
    Unknown(String),
}

pub(crate) fn read(dir: &Path) -> Result<Format, Fault> {
    let path = dir.join("format");
    let file = match File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Format::None),
        opened => opened.map_err(Fault::io("opening", &path))?,
    };
    let mut bytes = Vec::new();
    file.take(200)
        .read_to_end(&mut bytes)
        .map_err(Fault::io("reading", &path))?;
    let text = String::from_utf8_lossy(&bytes);
    let number = text.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix('\n'));
    Ok(match number.and_then(|digits| digits.parse().ok()) {
        Some(VERSION) if text == current() => Format::Current,
        Some(newer) if newer > VERSION => Format::Newer(newer),
        _ if text == CREATING => Format::Unfinished,
        _ => Format::Unknown(text.escape_debug().to_string()),
    })
}

/// Notes that the store's making has begun.
pub(crate) fn begin(dir: &Path) -> Result<(), Fault> {
    write(dir, CREATING)
}

/// Notes that the store is made.
pub(crate) fn finish(dir: &Path) -> Result<(), Fault> {
    write(dir, &current())
}

fn current() -> String {
    format!("{PREFIX}{VERSION}\n")
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
