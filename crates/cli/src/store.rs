//! Opening a store and the desk on it.

use crate::exit::Failure;
use crate::progress::Shown;
use chrono::Utc;
use rapporteur_desk::rehearsal::Rehearsal;
use rapporteur_desk::replay::ReplayError;
use rapporteur_desk::{Clock, Desk, DeskError};
use rapporteur_log::{EventLog, ReadError};
use rapporteur_log_sled::{OpenError, Options, SledLog};
use std::path::Path;
use std::sync::Arc;

/// Opens the log in `dir`, making it if there is none.
pub(crate) fn open_or_create(dir: &Path) -> Result<Arc<SledLog>, Failure> {
    let log = SledLog::open(dir, &Options::default()).map_err(|error| match &error {
        OpenError::Damaged { .. } | OpenError::TimedOut { .. } | OpenError::Fault { .. } => {
            Failure::damaged(rapporteur_desk::desk::chain(&error))
        }
        OpenError::InUse { .. } | OpenError::Newer { .. } | OpenError::Foreign { .. } => Failure::failed(&error),
    })?;
    for note in log.notes() {
        tracing::warn!("{note}");
    }
    Ok(Arc::new(log))
}

/// Opens the log in `dir`, which must be there.
pub(crate) fn open(dir: &Path) -> Result<Arc<SledLog>, Failure> {
    if !dir.join("format").exists() {
        let text = format!("there is no store in {}; name one with --data DIR", dir.display());
        return Err(Failure::saying(text));
    }
    open_or_create(dir)
}

/// A desk that goes on from the store in `dir` in memory only; from nothing where there is no store.
pub(crate) fn rehearsal(dir: &Path) -> Result<Desk, Failure> {
    let log = if dir.join("format").exists() {
        Rehearsal::on(open_or_create(dir)?)?
    } else {
        Rehearsal::on_nothing()
    };
    desk(Arc::new(log))
}

/// The desk on an open log: replays it into views.
pub(crate) fn desk(log: Arc<dyn EventLog>) -> Result<Desk, Failure> {
    let mut shown = Shown::new("replaying", 0);
    Desk::open(log, clock(), &mut |p| shown.at(p.done, p.total)).map_err(|error| unreadable(&error))
}

/// A failure to read the log: exit code 5 where it is damaged.
pub(crate) fn unreadable(error: &DeskError) -> Failure {
    match error {
        DeskError::Replay(error) => unreplayable(error),
        other => Failure::failed(other),
    }
}

/// A replay that failed: exit code 5 unless the disk could not be read.
pub(crate) fn unreplayable(error: &ReplayError) -> Failure {
    match error {
        ReplayError::Read(ReadError::Storage(_)) => Failure::failed(error),
        other => Failure::damaged(rapporteur_desk::desk::chain(other)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the composition root is where the machine's clock comes in"
)]
fn clock() -> Clock {
    Arc::new(Utc::now)
}
