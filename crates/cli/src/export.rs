//! `export`: everything that is recorded, from a store or from a running server.

use crate::ask::{Place, Remote, Where};
use crate::exit::Failure;
use crate::input::Input;
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::signals::Stop;
use crate::sink::Sink;
use crate::{Done, store};
use clap::Args;
use rapporteur_desk::desk::chain;
use rapporteur_desk::export::{Export, ExportError};
use rapporteur_desk::restore::{RestoreError, read};
use rapporteur_log::Head;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur export --data data/mine --out mine.ndjson
  rapporteur export --data data/mine --out mine.ndjson --force
  rapporteur export --endpoint http://127.0.0.1:8417 > all.ndjson";

/// Where a server gives its export.
const SERVED: &str = "export.ndjson";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    at: Where,
    /// Write to this file, which appears once it is whole; `-` is standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// Replace the file if it is there already.
    #[arg(long, requires = "out")]
    force: bool,
}

/// How an export ends early.
enum Ended {
    /// Nobody reads the output any more.
    Unread,
    Failed(Failure),
}

impl<F: Into<Failure>> From<F> for Ended {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

pub(crate) fn run(options: &Options) -> Done {
    let stop = Stop::listen()?;
    let mut sink = Sink::open(&options.out, options.force)?;
    let exported = match options.at.place() {
        Place::Server(url) => from_server(options, &url, &stop, &mut sink),
        Place::Store(dir) => from_store(options, &dir, &stop, &mut sink),
    };
    let head = match exported {
        Ok(head) => head,
        Err(_) if stop.is_asked() => return Err(Failure::interrupted("interrupted; what was written is not whole")),
        Err(Ended::Unread) => return Ok(()),
        Err(Ended::Failed(failure)) => return Err(failure),
    };
    let is_file = sink.is_file();
    match sink.finish() {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
        Err(error) => return Err(Sink::failed(&options.out, &error)),
        Ok(()) => {}
    }
    let told = format!(
        "exported {} events; head {} {}",
        head.position, head.position, head.hash
    );
    match is_file {
        true => line(format_args!("{told}")),
        false => {
            aside(format_args!("{told}"));
            Ok(())
        }
    }
}

fn from_store(options: &Options, dir: &Path, stop: &Stop, sink: &mut Sink) -> Result<Head, Ended> {
    let log = store::open_to_check(dir, options.at.opening())?;
    let mut export = Export::begin(log)?;
    let mut shown = Shown::new("exporting", export.head().position);
    while let Some(page) = export.next() {
        let page = page.map_err(|error| match &error {
            ExportError::Replay(error) => store::unreplayable(error),
            ExportError::Form { .. } => Failure::failed(&error),
        })?;
        sink.write_all(&page).map_err(|error| unwritten(options, &error))?;
        shown.at(export.done(), export.head().position);
        if stop.is_asked() {
            return Err(Ended::Unread);
        }
    }
    Ok(export.head())
}

/// Copies a server's export line by line, each checked as a restore would.
fn from_server(options: &Options, url: &str, stop: &Stop, sink: &mut Sink) -> Result<Head, Ended> {
    let input = Input::new(Remote::at(url)?.body(SERVED)?, stop.clone())?;
    let mut shown = Shown::new("exporting", 0);
    let mut done = 0;
    let copied = read(input, &mut |line, _| {
        writeln!(sink, "{line}").map_err(RestoreError::Write)?;
        done += 1;
        shown.at(done, 0);
        Ok(())
    });
    match copied {
        Ok(copied) => Ok(copied.head),
        Err(RestoreError::Write(error)) => Err(unwritten(options, &error)),
        Err(error) => {
            let text = format!("the export of {url} is not whole: {}", chain(&error));
            Err(Failure::saying(text).into())
        }
    }
}

fn unwritten(options: &Options, error: &io::Error) -> Ended {
    match error.kind() {
        ErrorKind::BrokenPipe => Ended::Unread,
        _ => Ended::Failed(Sink::failed(&options.out, error)),
    }
}
