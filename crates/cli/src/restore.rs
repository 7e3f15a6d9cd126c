//! `restore`: an export or a backup back into an empty store.

use crate::exit::Failure;
use crate::input::{self, Input};
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::signals::Stop;
use crate::{Data, Done, backup, digests, store};
use clap::Args;
use rapporteur_backup::Backup;
use rapporteur_desk::check::check_events;
use rapporteur_desk::desk::{chain, finish_redactions};
use rapporteur_desk::replay;
use rapporteur_desk::restore::{RestoreError, Restored, read, restore};
use rapporteur_log::{EventLog, Head};
use rapporteur_log_sled::NewStore;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur restore mine.ndjson --dry-run
  rapporteur restore mine.ndjson --data data/again
  rapporteur restore backups/mine --data data/then --to 1";

#[derive(Args)]
pub(crate) struct Options {
    /// The export, as `rapporteur export` writes it, or the directory of a backup; `-` reads standard input.
    file: PathBuf,
    #[command(flatten)]
    store: Data,
    /// End at this position, as if nothing had been recorded after it.
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    to: Option<u64>,
    /// Check every line and write nothing; the store is not looked at.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    let input: Box<dyn Read + Send> = match options.file.is_dir() {
        true => Box::new(opened(&options.file)?.lines(options.to)),
        false => input::open(&options.file)?,
    };
    let stop = Stop::listen()?;
    let input = Input::new(input, stop.clone())?;
    if options.dry_run {
        let restored = check(input, options.to).map_err(|error| refused(options, &stop, &error))?;
        return told("would restore", &restored);
    }
    let restored = fill(options, &stop, input)?;
    told("restored", &restored)
}

/// The backup in a directory.
pub(crate) fn opened(dir: &Path) -> Result<Backup, Failure> {
    Backup::open(dir).map_err(|error| backup::failure(&error))
}

fn check(input: impl BufRead, until: Option<u64>) -> Result<Restored, RestoreError> {
    let mut shown = Shown::new("checking", 0);
    let mut done = 0;
    read(input, until, &mut |_, _| {
        done += 1;
        shown.at(done, 0);
        Ok(())
    })
}

/// Fills the store; until its end the directory holds no store, and after a failure nothing at all.
fn fill(options: &Options, stop: &Stop, input: impl BufRead) -> Result<Restored, Failure> {
    let dir = &options.store.data;
    let new = store::begin(dir, &options.store.opening)?;
    let restored = {
        let mut shown = Shown::new("restoring", 0);
        restore(input, options.to, new.log(), &mut |done| shown.at(done, 0))
            .map_err(|error| refused(options, stop, &error))?
    };
    if options.to.is_some() {
        let checked = check_events(new.log(), &mut |_| {}).map_err(|error| store::unreplayable(&error))?;
        for position in checked.unlawful {
            aside(format_args!(
                "note: the event at position {position} was redacted later; `verify` will say that no event tells of it, until a \
                 redactRecord does"
            ));
        }
    }
    finish(dir, new, restored.head, stop)?;
    Ok(restored)
}

/// Replays all that was written, from disk, and makes a store of it, if it ends at `head`.
pub(crate) fn finish(dir: &Path, mut new: NewStore, head: Head, stop: &Stop) -> Done {
    let found = new.log().head()?;
    let views = {
        let mut shown = Shown::new("replaying", found.position);
        replay::rebuild(new.log(), found.position, &mut |p| shown.at(p.done, p.total))
            .map_err(|error| store::unreplayable(&error))?
    };
    if stop.is_asked() {
        return Err(interrupted());
    }
    if found != head {
        let text = format!(
            "{} ends at position {} and not at {}",
            dir.display(),
            found.position,
            head.position
        );
        return Err(Failure::damaged(text));
    }
    finish_redactions(new.log(), &views)?;
    new.finish().map_err(|error| Failure::failed(&error))?;
    digests::note(dir, &views);
    Ok(())
}

/// A restore that stopped: the file's fault is a refusal, the disk's is not.
fn refused(options: &Options, stop: &Stop, error: &RestoreError) -> Failure {
    let file = match options.file == Path::new("-") {
        true => "standard input".to_owned(),
        false => options.file.display().to_string(),
    };
    match error {
        _ if stop.is_asked() => interrupted(),
        RestoreError::Until(what) => Failure::refused(format!("{file}: {what}; nothing was restored")),
        RestoreError::Read { .. } | RestoreError::Refused { .. } if options.file.is_dir() => Failure::damaged(format!(
            "the backup {file} is damaged: {}; nothing was restored",
            chain(error)
        )),
        RestoreError::Refused { .. } => Failure::refused(format!("{file}, {error}; nothing was restored")),
        RestoreError::Append(error) if error.is_disk_full() => Failure::saying(format!(
            "the disk of {} is full; nothing was restored, free some space and run it again",
            options.store.data.display()
        )),
        error => Failure::saying(format!("{}; nothing was restored", chain(error))),
    }
}

/// A backup that cannot be read to its end.
pub(crate) fn unread(dir: &Path, error: &RestoreError) -> Failure {
    let text = format!("{}; nothing was changed", chain(error));
    match error {
        RestoreError::Read { .. } | RestoreError::Refused { .. } => {
            Failure::damaged(format!("the backup {} is damaged: {text}", dir.display()))
        }
        _ => Failure::saying(text),
    }
}

pub(crate) fn interrupted() -> Failure {
    Failure::interrupted("interrupted; nothing was restored, run it again")
}

fn told(verb: &str, restored: &Restored) -> Done {
    let head = restored.head;
    line(format_args!(
        "{verb} {} events, {} of them redacted; head {} {}",
        head.position, restored.redacted, head.position, head.hash
    ))
}
