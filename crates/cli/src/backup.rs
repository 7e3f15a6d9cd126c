//! `backup`: all that is recorded, in a directory that is added to.

use crate::ask::{Asker, Place, Purpose, Remote, Where};
use crate::exit::Failure;
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::signals::Stop;
use crate::{Done, store};
use clap::Args;
use rapporteur_backup::{Added, BackupError, Source, add};
use rapporteur_desk::export::Export;
use rapporteur_log::{EventLog, Hash, Head};
use serde_json::json;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur backup backups/mine --data data/mine
  rapporteur backup backups/mine --endpoint http://127.0.0.1:8417
  rapporteur restore backups/mine --data data/back";

#[derive(Args)]
pub(crate) struct Options {
    /// The directory of the backup: absent, empty, or with a backup of the same store, which is added to.
    dir: PathBuf,
    #[command(flatten)]
    at: Where,
    /// Say what it came to as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Done {
    let stop = Stop::listen()?;
    let mut source: Box<dyn Source> = match options.at.place() {
        Place::Server(url) => Box::new(Served {
            remote: Remote::at(&url)?,
            asker: options.at.open(Purpose::Read)?,
            stop: stop.clone(),
        }),
        Place::Store(dir) if is_inside(&options.dir, &dir) => {
            return Err(Failure::refused(format!(
                "{} lies in the store {}; name a directory elsewhere, best on another disk",
                options.dir.display(),
                dir.display()
            )));
        }
        Place::Store(dir) => Box::new(Stored {
            log: store::open_to_read(&dir, options.at.opening())?,
            stop: stop.clone(),
        }),
    };
    let added = {
        let mut shown = Shown::new("backing up", 0);
        add(&options.dir, &mut *source, &mut |done| shown.at(done, 0))
    };
    match added {
        Ok(added) => told(options, &added),
        Err(_) if stop.is_asked() => Err(Failure::interrupted(
            "interrupted; the backup is as it was before, run it again",
        )),
        Err(error) => Err(failure(&error)),
    }
}

/// Whether a directory, which need not be there yet, lies in another.
pub(crate) fn is_inside(inner: &Path, outer: &Path) -> bool {
    let Ok(outer) = outer.canonicalize() else { return false };
    let there = std::path::absolute(inner).unwrap_or_else(|_| inner.to_owned());
    let mut above = there.ancestors().filter_map(|above| above.canonicalize().ok());
    above.next().is_some_and(|above| above.starts_with(outer))
}

/// A backup that was not made or not read: exit code 3 where there is none, 4 where it belongs to something else, 5 where it is
/// damaged.
pub(crate) fn failure(error: &BackupError) -> Failure {
    let text = error.in_words();
    match error {
        BackupError::NotThere(_) | BackupError::Unfinished(_) => Failure::not_found(text),
        BackupError::Foreign { .. } | BackupError::Other { .. } => Failure::refused(text),
        BackupError::Damaged { .. } => Failure::damaged(format!(
            "{text}; make a new backup in another directory while the store is whole"
        )),
        _ => Failure::saying(text),
    }
}

fn told(options: &Options, added: &Added) -> Done {
    let list = &added.list;
    if options.json {
        let report = json!({
            "position": list.position, "hash": list.hash, "events": added.events, "written": added.written,
            "parts": list.parts.len(), "bytes": list.parts.iter().map(|part| part.bytes).sum::<u64>(),
            "redacted": added.redacted,
        });
        return line(format_args!("{}", serde_json::to_string_pretty(&report)?));
    }
    for position in &added.redacted {
        aside(format_args!(
            "redacted: the event at position {position} was taken out of the backup"
        ));
    }
    line(format_args!(
        "{} events new in the backup, {} in all; head {} {}",
        added.events, list.position, list.position, list.hash
    ))
}

/// A store that nobody else uses.
struct Stored {
    log: Arc<dyn EventLog>,
    stop: Stop,
}

impl Source for Stored {
    fn head(&mut self) -> Result<Head, BackupError> {
        let head = self.log.head();
        head.map_err(|error| BackupError::Export(error.into()))
    }

    fn part(&mut self, after: u64, until: u64) -> Result<Box<dyn Read + '_>, BackupError> {
        Ok(Box::new(Pages {
            export: Export::part(Arc::clone(&self.log), after, until)?,
            page: Vec::new(),
            taken: 0,
            stop: &self.stop,
        }))
    }
}

/// An export as bytes to be read.
struct Pages<'a> {
    export: Export,
    page: Vec<u8>,
    taken: usize,
    stop: &'a Stop,
}

impl Read for Pages<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.page.len() {
            stopped(self.stop)?;
            let Some(page) = self.export.next() else { return Ok(0) };
            self.page = page.map_err(io::Error::other)?;
            self.taken = 0;
        }
        let read = (&self.page[self.taken..]).read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

/// A running server.
struct Served {
    remote: Remote,
    asker: Asker,
    stop: Stop,
}

impl Source for Served {
    fn head(&mut self) -> Result<Head, BackupError> {
        let data = self.asker.ask("{ store { position hash } }", json!({}));
        let data = data.map_err(|failure| BackupError::Source(failure.text().to_owned()))?;
        let store = &data["store"];
        let (position, hash) = (store["position"].as_u64(), store["hash"].as_str());
        Ok(Head {
            position: position.unwrap_or_default(),
            hash: hash.and_then(Hash::parse).unwrap_or_default(),
        })
    }

    fn part(&mut self, after: u64, until: u64) -> Result<Box<dyn Read + '_>, BackupError> {
        let body = self.remote.body(&format!("export.ndjson?after={after}&until={until}"));
        let body = body.map_err(|failure| BackupError::Source(failure.text().to_owned()))?;
        let stop = &self.stop;
        Ok(Box::new(Stoppable { body, stop }))
    }
}

struct Stoppable<'a> {
    body: Box<dyn Read + Send>,
    stop: &'a Stop,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        stopped(self.stop)?;
        self.body.read(buffer)
    }
}

fn stopped(stop: &Stop) -> io::Result<()> {
    match stop.is_asked() {
        true => Err(io::Error::other("interrupted")),
        false => Ok(()),
    }
}
