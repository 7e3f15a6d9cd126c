//! `verify`: every file and every event of a store, and what permalinks showed of it.

mod permalinks;

use crate::exit::Failure;
use crate::out::line;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_desk::check::check_events;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur verify --data data/mine
  rapporteur verify --permalink - < links.txt";

#[derive(Args)]
pub(crate) struct Options {
    /// Rebuild what this permalink showed, and fail if it does not hold; again for another. `-` reads them from standard
    /// input, one a line.
    #[arg(long, value_name = "LINK")]
    permalink: Vec<String>,
    #[command(flatten)]
    store: Data,
}

pub(crate) fn run(options: &Options) -> Done {
    let dir = options.store.data.display();
    let links = permalinks::read(&options.permalink)?;
    let log = store::open_to_check(&options.store.data, &options.store.opening)?;
    for note in log.notes() {
        line(format_args!("note: {note} (in a copy; {dir} is as it was)"))?;
    }
    let report = log.verify();
    for damage in &report.damages {
        line(format_args!("damaged: {damage}"))?;
    }
    if !report.is_whole() {
        let text = format!("{dir} is damaged; keep a copy of the directory and restore from a backup");
        return Err(Failure::damaged(text));
    }
    let checked = check_events(&*log).map_err(|error| store::unreplayable(&error))?;
    for position in &checked.unlawful {
        line(format_args!(
            "damaged: what the event at position {position} said is gone, and no event says that it was redacted"
        ))?;
    }
    if !checked.unlawful.is_empty() {
        let text = format!(
            "{dir} lacks payloads that nobody is recorded to have taken out; restore from a backup, or record with \
             redactRecord why each of them had to go"
        );
        return Err(Failure::damaged(text));
    }
    for position in &checked.owed {
        line(format_args!(
            "note: the event at position {position} is recorded as redacted and not redacted yet; opening the store does it"
        ))?;
    }
    for (position, by) in &checked.redacted {
        line(format_args!(
            "redacted: the event at position {position}, by the one at {by}"
        ))?;
    }
    line(format_args!(
        "whole: {} events in {} chunks, {} of them lawfully redacted; head {} {}",
        checked.events,
        report.chunks,
        checked.redacted.len(),
        checked.head.position,
        checked.head.hash
    ))?;
    if links.is_empty() {
        return Ok(());
    }
    permalinks::check(&*log, checked.head.position, &links)
}
