//! `log tail`: the last events of the log, and what comes after them.

use crate::Done;
use crate::ask::{Asker, Live, Next, Purpose, Where, failure};
use crate::exit::Failure;
use crate::out::{aside, bytes};
use crate::show::{ListFormat, ListOutput, Sheet, each, text, word};
use crate::signals::Stop;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::time::Duration;

const DOCUMENT: &str = include_str!("../documents/events.graphql");
/// How soon a wait notices that it was asked to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long a server may take to give an event that it has.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// How long to wait before a server is asked again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur log tail
  rapporteur log tail --after 1420 --format csv
  rapporteur log tail --follow --endpoint http://127.0.0.1:8417";

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Show the last events of the log, one a line; with --follow also those that are recorded from now on.
    #[command(after_help = EXAMPLES)]
    Tail(Tail),
}

#[derive(Args)]
struct Tail {
    /// Show every event after this position.
    #[arg(long, value_name = "POSITION", conflicts_with = "last")]
    after: Option<u64>,
    /// Show so many events from the end.
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 10)]
    last: u64,
    /// Wait for more; on a running server only. Goes on without a gap where the connection broke off.
    #[arg(short, long)]
    follow: bool,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let Task::Tail(options) = &options.task;
    if options.follow && !options.at.is_server() {
        let text =
            "--follow needs a running server: --endpoint URL; nobody else can record in a store while it is open here";
        return Err(Failure::usage(text));
    }
    let asker = options.at.open(Purpose::Read)?;
    let answer = asker.ask("query Position { store { position } }", json!({}))?;
    let head = answer
        .pointer("/store/position")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let after = options.after.unwrap_or(head.saturating_sub(options.last));
    if after > head {
        let text = format!("the log ends at {head}, so nothing comes after {after}; write --after {head} or less");
        return Err(Failure::usage(text));
    }
    let format = options.output.format();
    if format == ListFormat::Csv {
        bytes(&sheet(&[]).csv()?)?;
    }
    if !options.follow {
        let stop = Stop::default();
        let mut tail = Following {
            asker: &asker,
            format,
            at: after,
            until: Some(head),
            stop,
        };
        return tail.run();
    }
    let stop = Stop::listen()?;
    let mut tail = Following {
        asker: &asker,
        format,
        at: after,
        until: None,
        stop,
    };
    tail.run()
}

/// A tail on its way.
struct Following<'a> {
    asker: &'a Asker,
    format: ListFormat,
    /// The last position that was shown.
    at: u64,
    /// The position to end at; none goes on.
    until: Option<u64>,
    stop: Stop,
}

impl Following<'_> {
    fn run(&mut self) -> Done {
        let mut connected = false;
        loop {
            if self.until.is_some_and(|until| self.at >= until) {
                return Ok(());
            }
            let subscribed = self.asker.subscribe(DOCUMENT, json!({ "after": self.at }));
            let why = match subscribed {
                Ok(mut live) => {
                    connected = true;
                    match self.take(&mut live)? {
                        Ended::Done => return Ok(()),
                        Ended::Broke(why) => why,
                    }
                }
                Err(failure) if !connected => return Err(failure),
                Err(_) => "no answer".to_owned(),
            };
            if self.until.is_some() {
                return Err(Failure::saying(format!(
                    "the events broke off after position {}: {why}",
                    self.at
                )));
            }
            aside(format_args!("note: {why}; asking again after position {}", self.at));
            let mut waited = Duration::ZERO;
            while waited < AGAIN_AFTER {
                self.interrupted()?;
                std::thread::sleep(LOOK_EVERY);
                waited += LOOK_EVERY;
            }
        }
    }

    /// Shows events until there are no more.
    fn take(&mut self, live: &mut Live<'_>) -> Result<Ended, Failure> {
        let mut silent = Duration::ZERO;
        loop {
            self.interrupted()?;
            match live.next(LOOK_EVERY)? {
                Next::Nothing => {
                    silent += LOOK_EVERY;
                    if self.until.is_some() && silent >= SILENCE_MAX {
                        return Ok(Ended::Broke(format!("nothing came for {} s", SILENCE_MAX.as_secs())));
                    }
                }
                Next::End(why) => return Ok(Ended::Broke(why.unwrap_or_else(|| "the server ended it".to_owned()))),
                Next::Answer(Err(troubles)) => return Err(failure(&troubles)),
                Next::Answer(Ok(data)) => {
                    silent = Duration::ZERO;
                    let event = &data["events"];
                    self.at = event["position"].as_u64().unwrap_or(self.at);
                    let read_on = self.show(event)?;
                    if !read_on || self.until.is_some_and(|until| self.at >= until) {
                        return Ok(Ended::Done);
                    }
                }
            }
        }
    }

    fn interrupted(&self) -> Done {
        match self.stop.is_asked() {
            true => Err(Failure::interrupted(format!("stopped after position {}", self.at))),
            false => Ok(()),
        }
    }

    /// Shows one event; says whether anybody reads on.
    fn show(&self, event: &Value) -> Result<bool, Failure> {
        match self.format {
            ListFormat::Json => bytes(format!("{event}\n").as_bytes()),
            ListFormat::Csv => {
                let csv = sheet(&[event]).csv()?;
                let head = sheet(&[]).csv()?.len();
                bytes(csv.get(head..).unwrap_or_default())
            }
            ListFormat::Table => bytes(format!("{}\n", row(event)).as_bytes()),
        }
    }
}

/// How a subscription ended.
enum Ended {
    /// All is shown, or nobody reads on.
    Done,
    /// It broke off; why.
    Broke(String),
}

fn row(event: &Value) -> String {
    let recorded: String = text(event, "recordedAt")
        .chars()
        .take("2026-01-06T12:00:00".len())
        .collect();
    let marks =
        each(event, "amended").map(|amended| format!("({} by {}) ", word(amended, "kind"), text(amended, "position")));
    let marks: String = marks.collect();
    let summary = match event["redacted"] == true {
        true if marks.is_empty() => "(redacted)".to_owned(),
        _ => format!("{marks}{}", text(event, "summary")).trim_end().to_owned(),
    };
    let row = format!(
        "{:>6}  {recorded}Z  {:<26}  {}  {summary}",
        text(event, "position"),
        text(event, "kind"),
        text(event, "dossier.slug")
    );
    row.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn sheet(events: &[&Value]) -> Sheet {
    let rows = events.iter().map(|event| {
        [
            text(event, "position"),
            text(event, "recordedAt"),
            text(event, "kind"),
            text(event, "dossier.slug"),
            text(event, "recorder"),
            text(event, "summary"),
            text(event, "hash"),
        ]
    });
    Sheet::of(
        [
            "position",
            "recordedAt",
            "kind",
            "dossier",
            "recorder",
            "summary",
            "hash",
        ],
        rows,
    )
}
