//! How long a start takes, and its parts.

use crate::{Failed, history};
use clap::Args;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log::chain::check;
use rapporteur_log::{EventLog, Head, Recorded};
use rapporteur_log_sled::SledLog;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// How a start is measured.
#[derive(Args)]
pub(crate) struct Options {
    /// How many events there are, at least
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// Where the store is made, or is already
    #[arg(long)]
    store: PathBuf,
}

/// Measures, and prints a table.
pub(crate) fn run(options: &Options) -> Result<(), Failed> {
    let store = rapporteur_log_sled::Options::default();
    if !options.store.exists() {
        let log = Arc::new(SledLog::open(&options.store, &store)?);
        let desk = Desk::open(log, crate::clock(), &mut |_| {})?;
        let lines = history::lines(options.events)?;
        let report = import(&desk, lines.as_bytes(), "bench", &mut |_| {})?;
        if report.refused > 0 {
            return Err(format!("{} of the commands were refused", report.refused).into());
        }
    }
    let started = Instant::now();
    let log = Arc::new(SledLog::open(&options.store, &store)?);
    println!("open {:.2} s", started.elapsed().as_secs_f64());
    let total = log.head()?.position;
    for what in ["read", "check", "decode"] {
        let started = Instant::now();
        let mut head = Head::EMPTY;
        let mut kept = Vec::new();
        while head.position < total {
            let page = log.read(head.position, 1_000)?;
            let last = page.last().ok_or("short")?.header.head();
            if what != "read" {
                check(&head, &page)?;
            }
            if what == "decode" {
                for stored in &page {
                    kept.push(Arc::new(Recorded::decode(stored)?));
                }
            }
            head = last;
        }
        println!("{what} {total} in {:.2} s", started.elapsed().as_secs_f64());
        std::mem::forget(kept);
    }
    let started = Instant::now();
    let desk = Desk::open(log, crate::clock(), &mut |_| {})?;
    println!("desk {:.2} s", started.elapsed().as_secs_f64());
    std::mem::forget(desk);
    Ok(())
}
