//! The file `unsure`: there was an error while writing, and what readers see may not be on the disk. After an error of
//! syncing Linux takes a page for written; whoever opens the file again sees it, and loses it at the next power cut. So what
//! is read at the next opening is written anew.

use crate::fault::Fault;
use crate::store::sync;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "unsure";
/// The end of the name of a file that is being written anew.
const ANEW: &str = ".anew";

/// Leaves the note, as far as the disk allows: it may fail as well.
pub(crate) fn note(dir: &Path, reason: &str) -> io::Result<()> {
    let mut file = File::create(dir.join(NAME))?;
    writeln!(file, "{reason}")?;
    file.sync_all()?;
    File::open(dir)?.sync_all()
}

/// What the note says, if there is one.
pub(crate) fn noted(dir: &Path) -> Option<String> {
    match fs::read(dir.join(NAME)) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(format!("its note cannot be read: {error}")),
    }
}

/// Writes the list of redactions and all files of sled's anew, each under another name first, so that what is read is on the
/// disk. Takes as much space as the largest of them.
pub(crate) fn write_anew(dir: &Path) -> Result<(), Fault> {
    let sled_dir = dir.join("sled");
    let mut files = vec![dir.join("redacted")];
    for entry in fs::read_dir(&sled_dir).map_err(Fault::io("reading", &sled_dir))? {
        let path = entry.map_err(Fault::io("reading", &sled_dir))?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    for path in &files {
        let anew = anew(path);
        fs::copy(path, &anew).map_err(Fault::io("copying", path))?;
        sync(&anew)?;
        fs::rename(&anew, path).map_err(Fault::io("replacing", path))?;
    }
    sync(&sled_dir)?;
    sync(dir)
}

/// Takes the note away: all that it was about is on the disk.
pub(crate) fn settle(dir: &Path) -> Result<(), Fault> {
    let path = dir.join(NAME);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::io("removing", &path)(error)),
        _ => sync(dir),
    }
}

/// Whether a file is one that was not written anew to its end.
pub(crate) fn is_unfinished(name: &str) -> bool {
    name.ends_with(ANEW)
}

fn anew(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ANEW);
    path.with_file_name(name)
}
