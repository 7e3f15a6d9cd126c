//! `verify`: every file and every event of a store.

use crate::exit::Failure;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_desk::check::check_events;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
}

pub(crate) fn run(options: &Options) -> Done {
    let log = store::open(&options.store.data)?;
    for note in log.notes() {
        println!("note: {note}");
    }
    let report = log.verify();
    for damage in &report.damages {
        println!("damaged: {damage}");
    }
    if !report.is_whole() {
        let text = format!(
            "{} is damaged; keep a copy of the directory and restore from a backup",
            options.store.data.display()
        );
        return Err(Failure::damaged(text));
    }
    let checked = check_events(&*log).map_err(|error| store::unreplayable(&error))?;
    println!(
        "whole: {} events in {} chunks, {} of them lawfully redacted; head {} {}",
        checked.events, report.chunks, checked.redacted, checked.head.position, checked.head.hash
    );
    Ok(())
}
