//! `repair`: a damaged store made anew from a backup and from what can still be read of it.

use crate::backup::is_inside;
use crate::exit::Failure;
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::restore::{finish, interrupted, opened, unread};
use crate::signals::Stop;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_backup::Backup;
use rapporteur_desk::desk::chain;
use rapporteur_desk::restore::{Restored, append, restore};
use rapporteur_log::{EventLog, Head};
use rapporteur_log_sled::{NewStore, OpenError, Salvaged, SledLog, salvage};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
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
    /// Go on where acknowledged events, or redactions, cannot be brought back.
    #[arg(long)]
    accept_loss: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    store::must_be_there(&options.store.data)?;
    let dir = options.store.data.canonicalize()?;
    let opening = options.store.opening.options();
    let mut too_slow = None;
    match SledLog::open_to_check(&dir, &opening) {
        Ok(log) if log.verify(&mut |_| {}).is_whole() => {
            return line(format_args!("{} is whole; there is nothing to repair", dir.display()));
        }
        Err(error @ OpenError::TimedOut { .. }) => too_slow = Some(error),
        Err(error) if !error.is_damage() => return Err(store::unopened(&error)),
        _ => {}
    }
    if is_inside(&options.from_backup, &dir) {
        let text = "the backup lies in the store that is to be put aside; move it elsewhere first";
        return Err(Failure::refused(text));
    }
    let anew = place(&dir)?;
    let stop = Stop::listen()?;
    let backup = opened(&options.from_backup)?;
    let head = backup.head().map_err(|error| crate::backup::failure(&error))?;
    // It holds the store's lock until the end.
    let salvaged = salvage(&dir, head, &opening).map_err(|error| match (error, &too_slow) {
        // Who has it is this program, which still waits for sled.
        (OpenError::InUse { .. }, Some(too_slow)) => store::unopened(too_slow),
        (error, _) => store::unopened(&error),
    })?;
    let reached = salvaged.events.last().map_or(head, |event| event.header.head());
    check_loss(options, &salvaged, reached)?;

    let new = store::begin(&anew, &options.store.opening)?;
    let restored = fill(options, &new, &backup, &salvaged, &stop)?;
    finish(&anew, new, reached, &stop)?;
    let damaged = beside(&dir, &format!("damaged-{}", store::clock()().format("%Y%m%dT%H%M%SZ")));
    as_it_was(&dir, &anew)?;
    swap(&dir, &damaged, &anew)?;
    line(format_args!(
        "repaired: {} events from the backup, {} read from the damaged store; head {} {}",
        restored.head.position,
        salvaged.events.len(),
        reached.position,
        reached.hash
    ))?;
    line(format_args!("the damaged store is in {}", damaged.display()))
}

/// Where the new store is made: beside the damaged one, on the same file system, so that the two can change places.
fn place(dir: &Path) -> Result<PathBuf, Failure> {
    let device = |path: &Path| rustix::fs::stat(path).map(|stat| stat.st_dev);
    let above = dir.parent().unwrap_or(dir);
    if dir == above || device(dir).ok() != device(above).ok() {
        return Err(Failure::refused(format!(
            "{} is a mount point, and a new store cannot change places with it; restore the backup into a directory in it, or move \
             the store into a directory of its own first",
            dir.display()
        )));
    }
    let anew = beside(dir, "repaired");
    match anew.exists() {
        false => Ok(anew),
        true => Err(Failure::refused(format!(
            "{} is there, left by an earlier repair that did not end; remove it, and run this again",
            anew.display()
        ))),
    }
}

/// Refuses a loss that nobody accepted.
fn check_loss(options: &Options, salvaged: &Salvaged, reached: Head) -> Done {
    let faults = salvaged.faults.iter();
    faults.for_each(|fault| aside(format_args!("note: {fault}")));
    let mut lost = Vec::new();
    match salvaged.marked {
        Some(marked) if marked.position <= reached.position => {}
        Some(marked) => lost.push(in_neither(salvaged, reached, marked)),
        None => lost.push(format!(
            "the head marker cannot be read, so nobody can say whether there were events after position {}",
            reached.position
        )),
    }
    if salvaged.redacted.is_none() {
        let text = "the list of redactions cannot be read: what was redacted since the backup may come back";
        lost.push(text.to_owned());
    }
    if lost.is_empty() {
        return Ok(());
    }
    if options.accept_loss {
        lost.iter().for_each(|lost| aside(format_args!("note: {lost}")));
        if let Some(last) = salvaged.events.last() {
            aside(format_args!(
                "note: what was recorded as one batch from position {} on may lack what followed position {}",
                last.header.batch, reached.position
            ));
        }
        return Ok(());
    }
    Err(Failure::damaged(format!(
        "{}; look for a later backup or export, or go on without them with --accept-loss. Nothing was changed",
        lost.join("; ")
    )))
}

/// Which events are lost, and which of those that are not have to go with them.
fn in_neither(salvaged: &Salvaged, reached: Head, marked: Head) -> String {
    let first = reached.position + 1;
    let stranded = salvaged.stranded_from.filter(|from| *from > first);
    let last = stranded.map_or(marked.position, |from| from - 1);
    let lost = format!("the events at positions {first} to {last} were acknowledged and are in neither");
    match stranded {
        None => lost,
        Some(from) => format!(
            "{lost}; those at positions {from} to {} can be read, and cannot follow without them",
            marked.position
        ),
    }
}

/// Writes what the backup holds, and what was salvaged after it.
fn fill(
    options: &Options,
    new: &NewStore,
    backup: &Backup,
    salvaged: &Salvaged,
    stop: &Stop,
) -> Result<Restored, Failure> {
    let mut shown = Shown::new("repairing", 0);
    let lines = BufReader::new(backup.lines(None));
    let restored = restore(lines, None, new.log(), &mut |done| shown.at(done, 0));
    let restored = restored.map_err(|error| unread(&options.from_backup, &error))?;
    append(salvaged.events.iter().cloned(), new.log()).map_err(|error| Failure::saying(chain(&error)))?;
    for known in salvaged.before.iter().chain(&salvaged.marked) {
        belongs(new.log(), known)?;
    }
    let head = new.log().head()?.position;
    let redacted = salvaged.redacted.iter().flatten();
    for position in redacted.filter(|position| **position <= head) {
        new.log().redact(*position)?;
    }
    match stop.is_asked() {
        true => Err(interrupted()),
        false => Ok(restored),
    }
}

/// Whether an event that the damaged store is known to hold is the same in what was made of the backup.
fn belongs(log: &dyn EventLog, known: &Head) -> Done {
    let Some(before) = known.position.checked_sub(1) else {
        return Ok(());
    };
    match log.read(before, 1)?.first().map(|event| event.header.head()) {
        Some(found) if found != *known => Err(Failure::refused(format!(
            "the backup has position {} with hash {}, the store with hash {}: it is a backup of another store, or the two went \
             different ways; nothing was changed",
            known.position, found.hash, known.hash
        ))),
        _ => Ok(()),
    }
}

/// Gives the new store the mode of the damaged one, and its owner, as far as this user may.
fn as_it_was(dir: &Path, anew: &Path) -> Done {
    let was = fs::metadata(dir)?;
    fs::set_permissions(anew, was.permissions())?;
    let (uid, gid) = (was.uid(), was.gid());
    let is = fs::metadata(anew)?;
    if (is.uid(), is.gid()) == (uid, gid) {
        return Ok(());
    }
    let mut todo = vec![anew.to_owned()];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(
                fs::read_dir(&path)?
                    .map(|entry| entry.map(|entry| entry.path()))
                    .collect::<io::Result<Vec<_>>>()?,
            );
        }
        if let Err(error) = chown(&path, Some(uid), Some(gid)) {
            aside(format_args!(
                "note: {} cannot be given to its owner of before ({uid}:{gid}): {error}",
                path.display()
            ));
            return Ok(());
        }
    }
    Ok(())
}

/// Puts the new store where the damaged one is, and that one aside. Where the file system can, the two change places at once, so
/// that there is a store at every moment.
fn swap(dir: &Path, damaged: &Path, anew: &Path) -> Done {
    let exchanged = renameat_with(CWD, anew, CWD, dir, RenameFlags::EXCHANGE).map_err(io::Error::from);
    let swapped = exchanged.and_then(|()| fs::rename(anew, damaged)).or_else(|error| {
        if ![io::ErrorKind::InvalidInput, io::ErrorKind::Unsupported].contains(&error.kind()) {
            return Err(error);
        }
        fs::rename(dir, damaged)?;
        fs::rename(anew, dir).inspect_err(|_| {
            let _as_it_was = fs::rename(damaged, dir);
        })
    });
    let above = dir.parent().unwrap_or(dir);
    swapped
        .and_then(|()| File::open(above)?.sync_all())
        .map_err(|error| {
            Failure::saying(format!(
                "the repaired store is whole, but could not be put in the place of {}: {error}; look at {} and {}, and move them",
                dir.display(),
                anew.display(),
                damaged.display()
            ))
        })
}

/// A directory beside this one, named after it.
fn beside(dir: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(dir.file_name().unwrap_or_default());
    name.push(format!(".{what}"));
    dir.with_file_name(name)
}
