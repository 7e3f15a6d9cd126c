//! Standard output and standard error, either of which may be a pipe that nobody reads any more.

use crate::Done;
use crate::exit::Failure;
use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Writes a line to standard output. A reader that went away, as `head` does, is no failure: the task goes on, and its
/// exit code tells what became of it.
///
/// # Errors
/// Standard output cannot be written for another reason.
pub(crate) fn line(text: Arguments<'_>) -> Done {
    let mut out = anstream::stdout().lock();
    written(writeln!(out, "{text}").and_then(|()| out.flush())).map(|_read| ())
}

/// Writes bytes to standard output as they are; says whether anybody reads on.
///
/// # Errors
/// As [`line`].
pub(crate) fn bytes(bytes: &[u8]) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    written(out.write_all(bytes).and_then(|()| out.flush()))
}

fn written(done: io::Result<()>) -> Result<bool, Failure> {
    match done {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::saying(format!("cannot write to standard output: {error}"))),
    }
}

/// Whether notes are left out.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves out notes and progress from now on; what fails is said all the same.
pub(crate) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether notes and progress are left out.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Writes a note to standard error, unless notes are left out, and if anybody reads it.
pub(crate) fn aside(text: Arguments<'_>) {
    if !is_quiet() {
        error(text);
    }
}

/// Writes what failed to standard error, if anybody reads it.
pub(crate) fn error(text: Arguments<'_>) {
    let _unread = writeln!(anstream::stderr().lock(), "{text}");
}
