//! Opening a store and the desk on it.

use crate::digests;
use crate::exit::Failure;
use crate::progress::Shown;
use chrono::Utc;
use chrono_tz::Tz;
use clap::Args;
use rapporteur_desk::desk::chain;
use rapporteur_desk::rehearsal::Rehearsal;
use rapporteur_desk::replay::ReplayError;
use rapporteur_desk::{Clock, Desk, DeskError};
use rapporteur_domain::event::DecodeError;
use rapporteur_log::{EventLog, ReadError};
use rapporteur_log_sled::{Fault, NewStore, OpenError, Options, SledLog};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How a store is opened, and where the desk on it is.
#[derive(Args, Clone)]
pub(crate) struct Opening {
    /// Give up opening the store after this long.
    #[arg(long, value_name = "SECONDS", env = "RAPPORTEUR_OPEN_MAX", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    open_max: u64,
    /// Record nothing while the store's disk has less free space than this; queries are answered all the while.
    #[arg(long, value_name = "MIB", env = "RAPPORTEUR_KEEP_FREE", default_value_t = 64, value_parser = clap::value_parser!(u64).range(0..=1_048_576))]
    keep_free: u64,
    /// The desk's time zone, which decides what day "today" is: an IANA name such as Europe/Brussels.
    #[arg(long, value_name = "ZONE", env = "RAPPORTEUR_ZONE", default_value = "UTC")]
    zone: Tz,
}

impl Opening {
    pub(crate) fn options(&self) -> Options {
        Options {
            open_max: Duration::from_secs(self.open_max),
            keep_free: self.keep_free << 20,
            ..Options::default()
        }
    }
}

/// Opens the log in `dir`, making it if there is none.
pub(crate) fn open_or_create(dir: &Path, opening: &Opening) -> Result<Arc<SledLog>, Failure> {
    let log = SledLog::open(dir, &opening.options()).map_err(|error| unopened(&error))?;
    for note in log.notes() {
        tracing::warn!("{note}");
    }
    Ok(Arc::new(log))
}

/// Opens the log in `dir`, which must be there.
pub(crate) fn open(dir: &Path, opening: &Opening) -> Result<Arc<SledLog>, Failure> {
    must_be_there(dir)?;
    open_or_create(dir, opening)
}

/// The same for whoever reads events out of it: what is damaged is told, though every event can be read.
pub(crate) fn open_to_read(dir: &Path, opening: &Opening) -> Result<Arc<SledLog>, Failure> {
    let log = open_to_check(dir, opening)?;
    for damage in log.damages() {
        tracing::warn!("{damage}");
    }
    Ok(log)
}

/// Opens the log in `dir`, which must be there, and changes nothing in it.
pub(crate) fn open_to_check(dir: &Path, opening: &Opening) -> Result<Arc<SledLog>, Failure> {
    must_be_there(dir)?;
    let log = SledLog::open_to_check(dir, &opening.options());
    Ok(Arc::new(log.map_err(|error| unopened(&error))?))
}

/// Begins a store in `dir`, where no event may be yet.
pub(crate) fn begin(dir: &Path, opening: &Opening) -> Result<NewStore, Failure> {
    NewStore::begin(dir, &opening.options()).map_err(|error| unopened(&error))
}

pub(crate) fn must_be_there(dir: &Path) -> Result<(), Failure> {
    if is_there(dir)? {
        return Ok(());
    }
    let text = format!("there is no store in {}; name one with --data DIR", dir.display());
    Err(Failure::not_found(text))
}

fn is_there(dir: &Path) -> Result<bool, Failure> {
    SledLog::is_there(dir).map_err(|error| {
        Failure::saying(format!(
            "{} cannot be looked into: {error}; ask its owner",
            dir.display()
        ))
    })
}

/// A desk that goes on from the store in `dir` in memory only; from nothing where there is no store.
pub(crate) fn rehearsal(dir: &Path, opening: &Opening) -> Result<Desk, Failure> {
    let log = if is_there(dir)? {
        Rehearsal::on(open_to_check(dir, opening)?)?
    } else {
        Rehearsal::on_nothing()
    };
    desk(Arc::new(log), opening)
}

/// A desk on the store in `dir`, which must be there: it answers, and takes no appends.
pub(crate) fn to_read(dir: &Path, opening: &Opening) -> Result<Desk, Failure> {
    desk(open_to_check(dir, opening)?, opening)
}

/// The desk on an open log: replays it into views.
fn desk(log: Arc<dyn EventLog>, opening: &Opening) -> Result<Desk, Failure> {
    let mut shown = Shown::new("replaying", 0);
    let desk = Desk::open(log, clock(), &mut |p| shown.at(p.done, p.total)).map_err(|error| unreadable(&error))?;
    Ok(desk.in_zone(opening.zone))
}

/// A desk on a store, which notes its digests when it is closed.
pub(crate) struct OpenDesk {
    pub(crate) desk: Desk,
    dir: PathBuf,
}

impl OpenDesk {
    /// The desk on the open log of the store in `dir`.
    pub(crate) fn on(dir: &Path, log: Arc<SledLog>, opening: &Opening) -> Result<Self, Failure> {
        Ok(Self {
            desk: desk(log, opening)?,
            dir: dir.to_owned(),
        })
    }

    /// Notes the digests of the views as they are, for `rebuild` to compare with.
    pub(crate) fn close(self) {
        digests::note(&self.dir, &self.desk.views());
    }
}

/// A store that was not opened: exit code 5 where it is damaged.
pub(crate) fn unopened(error: &OpenError) -> Failure {
    match error {
        error if error.is_damage() => Failure::damaged(chain(error)),
        OpenError::InUse { .. } => Failure::in_use(error),
        OpenError::NotEmpty { .. } => Failure::refused(chain(error)),
        OpenError::TimedOut { .. } => Failure::saying(format!("{error} (--open-max SECONDS allows more)")),
        error => Failure::failed(error),
    }
}

/// A failure to read the log: exit code 5 where it is damaged.
pub(crate) fn unreadable(error: &DeskError) -> Failure {
    match error {
        DeskError::Replay(error) => unreplayable(error),
        other => Failure::failed(other),
    }
}

/// A replay that failed: exit code 5 where the log is damaged, and not where the disk or this program falls short.
pub(crate) fn unreplayable(error: &ReplayError) -> Failure {
    match error {
        ReplayError::Read(ReadError::Storage(source))
            if !source.downcast_ref::<Fault>().is_some_and(Fault::is_damage) =>
        {
            Failure::failed(error)
        }
        ReplayError::Decode {
            source: DecodeError::Unknown { .. },
            ..
        } => Failure::failed(error),
        damage => Failure::damaged(chain(damage)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the composition root is where the machine's clock comes in"
)]
pub(crate) fn clock() -> Clock {
    Arc::new(Utc::now)
}
