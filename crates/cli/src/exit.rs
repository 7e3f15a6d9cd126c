//! How a task ends when it does not end well.

use crate::out;
use std::error::Error;
use std::process::ExitCode;

/// The exit code of a task that was interrupted.
pub(crate) const INTERRUPTED: u8 = 130;

/// A task that failed: its exit code and what to say.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    text: String,
    /// Whether it failed because another process uses the store.
    in_use: bool,
}

impl Failure {
    fn new(code: u8, text: impl Into<String>) -> Self {
        let (text, in_use) = (text.into(), false);
        Self { code, text, in_use }
    }

    /// 1: another process uses the store.
    pub(crate) fn in_use(error: &dyn Error) -> Self {
        Self {
            in_use: true,
            ..Self::failed(error)
        }
    }

    /// Says what else can be done where another process uses the store.
    pub(crate) fn if_in_use(mut self, hint: &str) -> Self {
        if self.in_use {
            self.text = format!("{}; {hint}", self.text);
        }
        self
    }

    /// 1: something outside the input failed.
    pub(crate) fn failed(error: &dyn Error) -> Self {
        Self::new(1, rapporteur_desk::desk::chain(error))
    }

    /// 1, in words of our own.
    pub(crate) fn saying(text: impl Into<String>) -> Self {
        Self::new(1, text)
    }

    /// 2: the command line does not make sense.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::new(2, text)
    }

    /// 3: what was named is not there.
    pub(crate) fn not_found(text: impl Into<String>) -> Self {
        Self::new(3, text)
    }

    /// 4: refused.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::new(4, text)
    }

    /// 5: the log is damaged, or a rebuild differs.
    pub(crate) fn damaged(text: impl Into<String>) -> Self {
        Self::new(5, text)
    }

    /// 130: interrupted.
    pub(crate) fn interrupted(text: impl Into<String>) -> Self {
        Self::new(INTERRUPTED, text)
    }

    /// What to say.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Says it on stderr, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        out::error(format_args!("error: {}", self.text));
        ExitCode::from(self.code)
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::failed(&error)
    }
}
