//! How a task ends when it does not end well.

use std::error::Error;
use std::process::ExitCode;

/// A task that failed: its exit code and what to say.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// 1: something outside the input failed.
    pub(crate) fn failed(error: &dyn Error) -> Self {
        Self {
            code: 1,
            text: rapporteur_desk::desk::chain(error),
        }
    }

    /// 1, in words of our own.
    pub(crate) fn saying(text: impl Into<String>) -> Self {
        Self {
            code: 1,
            text: text.into(),
        }
    }

    /// 2: the command line does not make sense.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self {
            code: 2,
            text: text.into(),
        }
    }

    /// 4: refused.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self {
            code: 4,
            text: text.into(),
        }
    }

    /// 5: the log is damaged, or a rebuild differs.
    pub(crate) fn damaged(text: impl Into<String>) -> Self {
        Self {
            code: 5,
            text: text.into(),
        }
    }

    /// Says it on stderr, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("error: {}", self.text);
        ExitCode::from(self.code)
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::failed(&error)
    }
}
