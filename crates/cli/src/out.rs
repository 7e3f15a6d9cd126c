//! Standard output and standard error, either of which may be a pipe that nobody reads any more.

use crate::Done;
use crate::exit::Failure;
use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Writes a line to standard output. A reader that went away, as `head` does, is no failure: the task goes on, and its
/// exit code tells what became of it.
///
/// # Errors
/// Standard output cannot be written for another reason.
pub(crate) fn line(text: Arguments<'_>) -> Done {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::saying(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard error, if anybody reads it.
pub(crate) fn aside(text: Arguments<'_>) {
    let _unread = writeln!(io::stderr().lock(), "{text}");
}
