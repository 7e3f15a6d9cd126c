//! `repair`: a damaged store made anew from a backup and from what can still be read of it.

use crate::exit::Failure;
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::restore::{finish, interrupted, opened};
use crate::signals::Stop;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_backup::Backup;
use rapporteur_desk::desk::chain;
use rapporteur_desk::restore::{Restored, append, restore};
use rapporteur_log::Head;
use rapporteur_log_sled::{NewStore, Salvaged, salvage};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur repair --data data/mine --from-backup backups/mine";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
    /// The directory of a backup of this store.
    #[arg(long, value_name = "DIR")]
    from_backup: PathBuf,
    /// Go on where acknowledged events cannot be brought back.
    #[arg(long)]
    accept_loss: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    let dir = &options.store.data;
    store::must_be_there(dir)?;
    if let Ok(log) = store::open_to_check(dir, &options.store.opening)
        && log.verify().is_whole()
    {
        return line(format_args!("{} is whole; there is nothing to repair", dir.display()));
    }
    let stop = Stop::listen()?;
    let backup = opened(&options.from_backup)?;
    let head = backup.head().map_err(|error| crate::backup::failure(&error))?;
    let salvaged = salvage(dir, head, &options.store.opening.options()).map_err(|error| store::unopened(&error))?;
    let reached = salvaged.events.last().map_or(head, |event| event.header.head());
    check(options, &salvaged, head, reached)?;

    let anew = beside(dir, "repaired");
    let new = store::begin(&anew, &options.store.opening)?;
    let restored = fill(&new, &backup, &salvaged, &stop)?;
    finish(&anew, new, reached, &stop)?;
    let damaged = beside(dir, &format!("damaged-{}", store::clock()().format("%Y%m%dT%H%M%SZ")));
    swap(dir, &damaged, &anew)?;
    line(format_args!(
        "repaired: {} events from the backup, {} read from the damaged store; head {} {}",
        restored.head.position,
        salvaged.events.len(),
        reached.position,
        reached.hash
    ))?;
    line(format_args!("the damaged store is in {}", damaged.display()))
}

/// Refuses a backup of something else, and a loss that nobody accepted.
fn check(options: &Options, salvaged: &Salvaged, head: Head, reached: Head) -> Done {
    if let Some(there) = salvaged.there.filter(|there| *there != head) {
        return Err(Failure::refused(format!(
            "the backup has position {} with hash {}, the store with hash {}: it is a backup of another store",
            head.position, head.hash, there.hash
        )));
    }
    salvaged
        .faults
        .iter()
        .for_each(|fault| aside(format_args!("note: {fault}")));
    let lost = match salvaged.marked {
        Some(marked) if marked.position <= reached.position => return Ok(()),
        Some(marked) => format!(
            "the events at positions {} to {} were acknowledged and are in neither",
            reached.position + 1,
            marked.position
        ),
        None => format!(
            "the head marker cannot be read, so nobody can say whether there were events after position {}",
            reached.position
        ),
    };
    if options.accept_loss {
        aside(format_args!("note: {lost}"));
        return Ok(());
    }
    Err(Failure::damaged(format!(
        "{lost}; look for a later backup or export, or go on without them with --accept-loss. Nothing was changed"
    )))
}

/// Writes what the backup holds, and what was salvaged after it.
fn fill(new: &NewStore, backup: &Backup, salvaged: &Salvaged, stop: &Stop) -> Result<Restored, Failure> {
    let mut shown = Shown::new("repairing", 0);
    let lines = BufReader::new(backup.lines(None));
    let restored = restore(lines, None, new.log(), &mut |done| shown.at(done, 0))
        .map_err(|error| Failure::saying(format!("{}; nothing was changed", chain(&error))))?;
    append(salvaged.events.iter().cloned(), new.log()).map_err(|error| Failure::saying(chain(&error)))?;
    match stop.is_asked() {
        true => Err(interrupted()),
        false => Ok(restored),
    }
}

/// Puts the new store where the damaged one was, and that one aside.
fn swap(dir: &Path, damaged: &Path, anew: &Path) -> Done {
    let swapped = fs::rename(dir, damaged).and_then(|()| {
        fs::rename(anew, dir).inspect_err(|_| {
            let _as_it_was = fs::rename(damaged, dir);
        })
    });
    let swapped = swapped.and_then(|()| sync_above(dir));
    swapped.map_err(|error| {
        Failure::saying(format!(
            "the repaired store is whole and in {}, but could not be put in the place of {}: {error}; move it there",
            anew.display(),
            dir.display()
        ))
    })
}

fn sync_above(dir: &Path) -> io::Result<()> {
    let above = dir.canonicalize()?;
    File::open(above.parent().unwrap_or(&above))?.sync_all()
}

/// A directory beside this one, named after it.
fn beside(dir: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(dir.as_os_str().to_string_lossy().trim_end_matches('/'));
    name.push(format!(".{what}"));
    PathBuf::from(name)
}
