//! Where an export goes: standard output, or a file that appears once it is whole.

use crate::exit::Failure;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A place for bytes.
pub(crate) enum Sink {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// A file under another name, beside the one that it will have.
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl Sink {
    /// Opens `path`; `-` is standard output.
    ///
    /// # Errors
    /// No file can be made there.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        }
        if path.is_dir() {
            return Err(unwritten(path, &io::ErrorKind::IsADirectory.into()));
        }
        let file = NamedTempFile::with_prefix_in(".rapporteur-export-", dir_of(path));
        let file = file.map_err(|error| unwritten(path, &error))?;
        Ok(Self::File(BufWriter::new(file), path.to_owned()))
    }

    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File(..))
    }

    /// Ends the output: a file has its name, and would keep it and its content after a power cut.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::File(file, path) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(&path).map_err(|error| error.error)?;
                File::open(dir_of(&path))?.sync_all()
            }
        }
    }

    /// A failure to write to it.
    pub(crate) fn failed(path: &Path, error: &io::Error) -> Failure {
        match path == Path::new("-") {
            true => Failure::saying(format!("cannot write to standard output: {error}")),
            false => unwritten(path, error),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file, _) => file.flush(),
        }
    }
}

fn dir_of(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if dir != Path::new("") => dir,
        _ => Path::new("."),
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::saying(format!("cannot write {}: {error}", path.display()))
}
