//! `verify`: every file and every event of a store.

use crate::exit::Failure;
use crate::out::line;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_desk::check::check_events;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur verify --data data/mine";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
}

pub(crate) fn run(options: &Options) -> Done {
    let dir = options.store.data.display();
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
    line(format_args!(
        "whole: {} events in {} chunks, {} of them lawfully redacted; head {} {}",
        checked.events, report.chunks, checked.redacted, checked.head.position, checked.head.hash
    ))
}
