//! Progress on stderr: a bar on a terminal, a line each ten seconds elsewhere.

use crate::out::{aside, is_quiet};
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Shows how far a long task has come.
pub(crate) struct Shown {
    what: &'static str,
    bar: Option<ProgressBar>,
    began: Instant,
    said: Instant,
}

impl Shown {
    /// Begins a task of which the input's size is known: see [`Shown::at_byte`].
    pub(crate) fn of_bytes(what: &'static str, bytes: u64) -> Self {
        let shown = Self::new(what, bytes);
        if let Some(bar) = &shown.bar {
            let form = "{msg} {bar:30} {bytes}/{total_bytes} ({eta} left)";
            bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        shown
    }

    /// Begins; `total` 0 where it is not known.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let bar = (std::io::stderr().is_terminal() && !is_quiet()).then(|| {
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
            began: Instant::now(),
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
                let of = if total > 0 {
                    format!(" of {total}")
                } else {
                    String::new()
                };
                self.say(done, &of, share(done, total));
            }
            None => {}
        }
    }

    /// Moves on where how much there is in all is known in bytes only: `done` things, made from `read` of `bytes`.
    pub(crate) fn at_byte(&mut self, done: u64, read: u64, bytes: u64) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(bytes);
                bar.set_position(read);
                bar.set_message(format!(
                    "{} {} ({}/s)",
                    self.what,
                    HumanCount(done),
                    HumanCount(self.rate(done))
                ));
            }
            None if self.said.elapsed() >= Duration::from_secs(10) => {
                self.said = Instant::now();
                self.say(done, "", share(read, bytes));
            }
            None => {}
        }
    }

    /// Things a second, from the beginning on.
    fn rate(&self, done: u64) -> u64 {
        let millis = u64::try_from(self.began.elapsed().as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
        done.saturating_mul(1_000) / millis
    }

    /// A line with the rate, and with the time left where the share that is done is known.
    fn say(&self, done: u64, of: &str, share: Option<f64>) {
        let left = share.filter(|share| *share > 0.0).map_or(String::new(), |share| {
            let left = self.began.elapsed().mul_f64((1.0 - share).max(0.0) / share);
            format!(", {} left", HumanDuration(left))
        });
        aside(format_args!("{}: {done}{of} ({}/s{left})", self.what, self.rate(done)));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
fn share(done: u64, total: u64) -> Option<f64> {
    (total > 0).then(|| done as f64 / total as f64)
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
