//! `export`: everything that is recorded, from a store or from a running server.

use crate::ask::{Place, Remote, Where, moment};
use crate::exit::Failure;
use crate::input::Input;
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::signals::Stop;
use crate::sink::Sink;
use crate::{Done, store};
use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rapporteur_desk::check::check_events;
use rapporteur_desk::desk::chain;
use rapporteur_desk::export::{Export, ExportError, Exported};
use rapporteur_desk::extract::extract_ended;
use rapporteur_desk::restore::{RestoreError, read};
use rapporteur_log::Head;
use rapporteur_views::moment::Asked;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur export --data data/mine --out mine.ndjson
  rapporteur export --data data/mine --out mine.ndjson --force
  rapporteur export --data data/mine --as-of recorded:1 > first.log
  rapporteur export --as-of published:2025-06-30 --out june.ndjson
  rapporteur export --endpoint http://127.0.0.1:8417 > all.ndjson";

/// Where a server gives its export.
const SERVED: &str = "export.ndjson";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    at: Where,
    /// As of another moment. `recorded:1042`, or an instant: the log as it was then, which can be restored.
    /// `published:2026-01-05`, alone or with it: an extract of what was public, which cannot.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    as_of: Option<Asked>,
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
    let told = match exported {
        Ok(told) => told,
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
    match is_file {
        true => line(format_args!("{told}")),
        false => {
            aside(format_args!("{told}"));
            Ok(())
        }
    }
}

/// What to say of an export that came to its end.
fn whole(head: Head) -> String {
    format!(
        "exported {} events; head {} {}",
        head.position, head.position, head.hash
    )
}

fn from_store(options: &Options, dir: &Path, stop: &Stop, sink: &mut Sink) -> Result<String, Ended> {
    let mut export = match &options.as_of {
        None => {
            let log = store::open_to_read(dir, options.at.opening())?;
            // A crash may have come between the record of a redaction and the taking out.
            let checked = check_events(&*log, &mut |_| {}).map_err(|error| store::unreplayable(&error))?;
            Exported::Log(Export::begin(log)?.leaving_out(checked.owed.into_iter().collect()))
        }
        Some(asked) => {
            let desk = store::to_read(dir, options.at.opening())?;
            desk.export_as_of(asked)
                .map_err(|beyond| Failure::usage(beyond.to_string()))?
        }
    };
    let total = match &export {
        Exported::Log(export) => export.until(),
        Exported::Extract(extract) => extract.views().timeline.len() as u64,
    };
    let mut shown = Shown::new("exporting", total);
    while let Some(page) = export.next() {
        let page = page.map_err(|error| match &error {
            ExportError::Replay(error) => store::unreplayable(error),
            ExportError::Form { .. } | ExportError::Redacted => Failure::failed(&error),
        })?;
        sink.write_all(&page).map_err(|error| unwritten(options, &error))?;
        shown.at(export.done(), total);
        if stop.is_asked() {
            return Err(Ended::Unread);
        }
    }
    Ok(match export {
        Exported::Log(export) => {
            if options.as_of.is_some() && export.untold() > 0 {
                aside(format_args!(
                    "note: {} of these events were redacted later; of a store that is restored from this, `verify` says that no event tells of it",
                    export.untold()
                ));
            }
            whole(export.head())
        }
        Exported::Extract(extract) => extracted(extract.given()),
    })
}

/// What to say of an extract that came to its end.
fn extracted(events: u64) -> String {
    format!("an extract of {events} events; it cannot be restored")
}

/// Copies a server's export line by line, each checked as a restore would; of an extract, the last line is.
fn from_server(options: &Options, url: &str, stop: &Stop, sink: &mut Sink) -> Result<String, Ended> {
    let served = match &options.as_of {
        None => SERVED.to_owned(),
        Some(asked) => format!(
            "{SERVED}?asOf={}",
            utf8_percent_encode(&asked.to_string(), NON_ALPHANUMERIC)
        ),
    };
    let input = Input::new(Remote::at(url)?.body(&served)?, stop.clone())?;
    let mut shown = Shown::new("exporting", 0);
    let mut done = 0;
    if options.as_of.is_some_and(|asked| asked.published.is_some()) {
        let mut last = None;
        for text in BufReader::new(input).lines() {
            let text = text.map_err(|error| Failure::saying(format!("the extract of {url} is not whole: {error}")))?;
            writeln!(sink, "{text}").map_err(|error| unwritten(options, &error))?;
            done += 1;
            shown.at(done, 0);
            last = extract_ended(&text);
        }
        let whole = last.filter(|events| events + 2 == done).map(extracted);
        return whole
            .ok_or_else(|| Failure::saying(format!("the extract of {url} is not whole: it breaks off")).into());
    }
    let copied = read(input, None, &mut |line, _| {
        writeln!(sink, "{line}").map_err(RestoreError::Write)?;
        done += 1;
        shown.at(done, 0);
        Ok(())
    });
    match copied {
        Ok(copied) => Ok(whole(copied.head)),
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
