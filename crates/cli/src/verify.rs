//! `verify`: every file and every event of a store, and what permalinks showed of it; or every file and line of a backup.

mod permalinks;

use crate::exit::Failure;
use crate::out::line;
use crate::progress::Shown;
use crate::{Data, Done, backup, restore, store};
use clap::Args;
use rapporteur_desk::check::check_events;
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur verify --data data/mine
  rapporteur verify --permalink - < links.txt
  rapporteur verify --backup backups/mine";

#[derive(Args)]
pub(crate) struct Options {
    /// Rebuild what this permalink showed, and fail if it does not hold; again for another. `-` reads them from standard
    /// input, one a line.
    #[arg(long, value_name = "LINK")]
    permalink: Vec<String>,
    /// Check the backup in this directory instead of a store.
    #[arg(long, value_name = "DIR", conflicts_with = "permalink")]
    backup: Option<PathBuf>,
    #[command(flatten)]
    store: Data,
}

pub(crate) fn run(options: &Options) -> Done {
    if let Some(dir) = &options.backup {
        return of_backup(dir);
    }
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
        let text = format!(
            "{dir} is damaged; keep a copy of the directory, and run `rapporteur repair` or restore from a backup"
        );
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

fn of_backup(dir: &Path) -> Done {
    let backup = restore::opened(dir)?;
    let checked = {
        let total = backup.list().position;
        let mut shown = Shown::new("checking", total);
        backup.check(&mut |done| shown.at(done, total))
    };
    let restored = checked.map_err(|error| backup::failure(&error))?;
    let (head, parts) = (restored.head, backup.list().parts.len());
    line(format_args!(
        "the backup is whole: {} events in {parts} parts, {} of them redacted; head {} {}",
        head.position, restored.redacted, head.position, head.hash
    ))
}
