//! Progress on stderr: a bar on a terminal, a line each ten seconds elsewhere.

use crate::out::aside;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Shows how far a long task has come.
pub(crate) struct Shown {
    what: &'static str,
    bar: Option<ProgressBar>,
    said: Instant,
}

impl Shown {
    /// Begins; `total` 0 where it is not known.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = if total == 0 {
                ProgressBar::new_spinner()
            } else {
                ProgressBar::new(total)
            };
            let form = if total == 0 {
                "{msg} {human_pos} ({per_sec})"
            } else {
                "{msg} {bar:30} {human_pos}/{human_len} ({per_sec}, {eta} left)"
            };
            bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(what);
            bar
        });
        Self {
            what,
            bar,
            said: Instant::now(),
        }
    }

    /// Moves on.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        match &self.bar {
            Some(bar) => {
                if total > 0 {
                    bar.set_length(total);
                }
                bar.set_position(done);
            }
            None if self.said.elapsed() >= Duration::from_secs(10) => {
                self.said = Instant::now();
                match total {
                    0 => aside(format_args!("{}: {done}", self.what)),
                    total => aside(format_args!("{}: {done} of {total}", self.what)),
                }
            }
            None => {}
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
