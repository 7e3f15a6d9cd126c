//! `export`: everything that is recorded, from a store or from a running server.

use crate::exit::Failure;
use crate::input::Input;
use crate::out::{aside, line};
use crate::progress::Shown;
use crate::signals::Stop;
use crate::sink::Sink;
use crate::{Data, Done, store};
use clap::Args;
use rapporteur_desk::desk::chain;
use rapporteur_desk::export::{Export, ExportError};
use rapporteur_desk::restore::{RestoreError, read};
use rapporteur_log::Head;
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur export --data data/mine --out mine.ndjson
  rapporteur export --endpoint http://127.0.0.1:8417 > all.ndjson";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    store: Data,
    /// Export from a running server instead of a store, such as http://127.0.0.1:8417.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Write to this file, which appears once it is whole; `-` is standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
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
    let mut sink = Sink::open(&options.out)?;
    let exported = match &options.endpoint {
        Some(url) => from_server(options, url, &stop, &mut sink),
        None => from_store(options, &stop, &mut sink),
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

fn from_store(options: &Options, stop: &Stop, sink: &mut Sink) -> Result<Head, Ended> {
    let log = store::open_to_check(&options.store.data, &options.store.opening)?;
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
    let input = Input::new(fetch(url)?, stop.clone())?;
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

/// The body of a server's export.
fn fetch(url: &str) -> Result<Box<dyn Read + Send>, Failure> {
    let base = url.trim_end_matches('/');
    let base = base.strip_suffix("/graphql").unwrap_or(base);
    if !base.starts_with("http://") {
        let text = format!("`{url}` is no address of a server; write one such as http://127.0.0.1:8417");
        return Err(Failure::usage(text));
    }
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        .build()
        .new_agent();
    let mut answer = agent.get(format!("{base}/export.ndjson")).call().map_err(|error| {
        Failure::saying(format!(
            "no server answers at {base}: {error}; start one with `rapporteur serve`"
        ))
    })?;
    if answer.status() != 200 {
        let said = answer.body_mut().read_to_string().unwrap_or_default();
        let text = format!("{base} answers {}: {}", answer.status(), said.trim());
        return Err(Failure::saying(text));
    }
    Ok(Box::new(answer.into_body().into_reader()))
}

fn unwritten(options: &Options, error: &io::Error) -> Ended {
    match error.kind() {
        ErrorKind::BrokenPipe => Ended::Unread,
        _ => Ended::Failed(Sink::failed(&options.out, error)),
    }
}
