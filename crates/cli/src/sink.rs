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
    File {
        /// What is written so far.
        file: BufWriter<NamedTempFile>,
        /// The name that it will have.
        path: PathBuf,
        /// Whether a file of that name may be replaced.
        force: bool,
    },
}

impl Sink {
    /// Opens `path`; `-` is standard output. A file that is there is replaced with `force` only, and once all is written.
    ///
    /// # Errors
    /// No file can be made there, or one is there: exit code 4.
    pub(crate) fn open(path: &Path, force: bool) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        }
        if path.is_dir() {
            return Err(unwritten(path, &io::ErrorKind::IsADirectory.into()));
        }
        if let Ok(there) = path.symlink_metadata() {
            if !(there.is_file() || there.is_symlink()) {
                let text = format!(
                    "{} is no regular file; write to `-`, standard output, instead",
                    path.display()
                );
                return Err(Failure::refused(text));
            }
            if !force {
                return Err(is_there(path));
            }
        }
        let file = NamedTempFile::with_prefix_in(".rapporteur-export-", dir_of(path));
        let file = file.map_err(|error| unwritten(path, &error))?;
        Ok(Self::File {
            file: BufWriter::new(file),
            path: path.to_owned(),
            force,
        })
    }

    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }

    /// Ends the output: a file has its name, and would keep it and its content after a power cut.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::File { file, path, force } => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                let kept = match force {
                    true => file.persist(&path),
                    false => file.persist_noclobber(&path),
                };
                kept.map_err(|error| error.error)?;
                File::open(dir_of(&path))?.sync_all()
            }
        }
    }

    /// A failure to write to it.
    pub(crate) fn failed(path: &Path, error: &io::Error) -> Failure {
        if path == Path::new("-") {
            return Failure::saying(format!("cannot write to standard output: {error}"));
        }
        match error.kind() {
            io::ErrorKind::AlreadyExists => is_there(path),
            _ => unwritten(path, error),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

fn dir_of(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if dir != Path::new("") => dir,
        _ => Path::new("."),
    }
}

fn is_there(path: &Path) -> Failure {
    Failure::refused(format!(
        "{} is there already, and stays as it is; name another file, or replace it with --force",
        path.display()
    ))
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::saying(format!("cannot write {}: {error}", path.display()))
}
