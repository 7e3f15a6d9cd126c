//! `verify`: every file and every event of a store, at rest or in use, and what permalinks showed of it; or every file and line of
//! a backup.

mod permalinks;
mod served;

use crate::exit::Failure;
use crate::out::line;
use crate::progress::Shown;
use crate::{Data, Done, backup, restore, store};
use clap::Args;
use rapporteur_desk::check::{self, Verified};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur verify --data data/mine
  rapporteur verify --endpoint http://127.0.0.1:8417
  rapporteur verify --permalink - < links.txt
  rapporteur verify --backup backups/mine";

#[derive(Args)]
pub(crate) struct Options {
    /// Rebuild what this permalink showed, and fail if it does not hold; again for another. `-` reads them from standard
    /// input, one a line.
    #[arg(long, value_name = "LINK", conflicts_with = "endpoint")]
    permalink: Vec<String>,
    /// Check the backup in this directory instead of a store.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["permalink", "endpoint"])]
    backup: Option<PathBuf>,
    /// Let this running server check the store that it has open, such as http://127.0.0.1:8417; goes before --data.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    #[command(flatten)]
    store: Data,
}

/// What a check found, of a store or of a server.
struct Found {
    position: u64,
    hash: String,
    chunks: u64,
    damages: Vec<String>,
    redacted: BTreeMap<u64, u64>,
    unlawful: BTreeSet<u64>,
    owed: BTreeSet<u64>,
}

pub(crate) fn run(options: &Options) -> Done {
    if let Some(dir) = &options.backup {
        return of_backup(dir);
    }
    let links = permalinks::read(&options.permalink)?;
    if let Some(url) = &options.endpoint {
        let found = served::check(url)?;
        let mend = format!(
            "it may still have in memory what its files have lost: take `rapporteur export --endpoint {url}` first; then stop it, keep a \
             copy of its directory, and run `rapporteur repair` or restore from a backup or that export"
        );
        return tell(&found, &format!("the store of {url}"), &mend);
    }
    let dir = options.store.data.display();
    let log = store::open_to_check(&options.store.data, &options.store.opening)
        .map_err(|failure| failure.if_in_use("let the server that uses it check it, with --endpoint URL"))?;
    for note in log.notes() {
        line(format_args!("note: {note} (in a copy; {dir} is as it was)"))?;
    }
    let verified = {
        let mut shown = Shown::new("checking", 0);
        check::verify(&*log, &mut |p| shown.at(p.done, p.total))
    };
    let found = Found::of(verified.map_err(|error| store::unreplayable(&error))?);
    let mend = "keep a copy of the directory, and run `rapporteur repair` or restore from a backup";
    tell(&found, &dir.to_string(), mend)?;
    match links.is_empty() {
        true => Ok(()),
        false => permalinks::check(&*log, found.position, &links),
    }
}

impl Found {
    fn of(verified: Verified) -> Self {
        let (report, events) = (verified.report, verified.events);
        let (redacted, unlawful, owed) = events.map_or_else(Default::default, |events| {
            (events.redacted, events.unlawful, events.owed)
        });
        Self {
            position: report.head.position,
            hash: report.head.hash.to_string(),
            chunks: report.chunks,
            damages: report.damages,
            redacted,
            unlawful,
            owed,
        }
    }
}

/// Says what was found. `mend` says what to do where it is damaged.
///
/// # Errors
/// 5: something is not as it was written, or gone without a word.
fn tell(found: &Found, what: &str, mend: &str) -> Done {
    for damage in &found.damages {
        line(format_args!("damaged: {damage}"))?;
    }
    if !found.damages.is_empty() {
        return Err(Failure::damaged(format!("{what} is damaged; {mend}")));
    }
    for position in &found.unlawful {
        line(format_args!(
            "damaged: what the event at position {position} said is gone, and no event says that it was redacted"
        ))?;
    }
    if !found.unlawful.is_empty() {
        let text = format!(
            "{what} lacks payloads that nobody is recorded to have taken out; restore from a backup, or record with \
             redactRecord why each of them had to go"
        );
        return Err(Failure::damaged(text));
    }
    for position in &found.owed {
        line(format_args!(
            "note: the event at position {position} is recorded as redacted and not redacted yet; opening the store does it"
        ))?;
    }
    for (position, by) in &found.redacted {
        line(format_args!(
            "redacted: the event at position {position}, by the one at {by}"
        ))?;
    }
    line(format_args!(
        "whole: {} events in {} chunks, {} of them lawfully redacted; head {} {}",
        found.position,
        found.chunks,
        found.redacted.len(),
        found.position,
        found.hash
    ))
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
