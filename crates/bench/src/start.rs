//! How long a start takes, and its parts.

use crate::Failed;
use clap::Args;
use comfy_table::Table;
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log::chain::check;
use rapporteur_log::{EventLog, Head, Recorded, Stored};
use rapporteur_log_sled::SledLog;
use rapporteur_testkit::long;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// How many events are read at once, as a replay does.
const PAGE: usize = 1_000;

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
        make(&options.store, options.events)?;
    }
    let mut table = Table::new();
    table.set_header(["part of a start", "seconds"]);
    let mut row = |what: &str, since: Instant| {
        table.add_row([what.to_owned(), format!("{:.2}", since.elapsed().as_secs_f64())]);
    };
    let started = Instant::now();
    let log = Arc::new(SledLog::open(&options.store, &store)?);
    row("the store opens", started);
    let started = Instant::now();
    read(&log, &mut |_| Ok(()))?;
    row("every event is read, and its chain checked", started);
    let mut kept = Vec::new();
    let started = Instant::now();
    read(&log, &mut |stored| {
        kept.push(Recorded::decode(stored)?);
        Ok(())
    })?;
    row("… and decoded", started);
    drop(kept);
    let events = log.head()?.position;
    let started = Instant::now();
    let desk = Desk::open(log, crate::clock(), &mut |_| {})?;
    row("a desk: all that, folded into state and views", started);
    drop(desk);
    println!("{events} events\n{table}");
    Ok(())
}

fn make(dir: &Path, events: usize) -> Result<(), Failed> {
    let log = Arc::new(SledLog::open(dir, &rapporteur_log_sled::Options::default())?);
    let desk = Desk::open(log, crate::clock(), &mut |_| {})?;
    let report = import(&desk, long::lines(events).as_bytes(), "bench", &mut |_| {})?;
    match report.refused {
        0 => Ok(()),
        refused => Err(format!("{refused} of the commands were refused").into()),
    }
}

fn read(log: &SledLog, each: &mut dyn FnMut(&Stored) -> Result<(), Failed>) -> Result<(), Failed> {
    let (mut at, end) = (Head::EMPTY, log.head()?);
    while at.position < end.position {
        let page = log.read(at.position, PAGE)?;
        at = check(&at, &page)?;
        page.iter().try_for_each(&mut *each)?;
    }
    Ok(())
}
