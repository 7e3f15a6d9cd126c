//! `demo`: the facts that come with the program, in a store of their own.

use crate::Done;
use crate::exit::Failure;
use crate::serve::{Address, bind, listen};
use crate::store::{self, OpenDesk, Opening};
use clap::Args;
use rapporteur_desk::import::import;
use rapporteur_log::EventLog;
use std::path::PathBuf;

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur demo
  rapporteur demo --data data/try --listen 127.0.0.1:0";

#[derive(Args)]
pub(crate) struct Options {
    /// The demo's own store; made on first start, and kept.
    #[arg(long, value_name = "DIR", env = "RAPPORTEUR_DEMO_DATA", default_value = "data/demo")]
    data: PathBuf,
    #[command(flatten)]
    opening: Opening,
    #[command(flatten)]
    address: Address,
}

/// Files of facts, each with its name.
macro_rules! facts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../fixtures/commands/", $name)))),*]
    };
}

/// The facts, in the order in which they are recorded: every file of `fixtures/commands`, by its name.
const FACTS: [(&str, &str); 16] = facts![
    "01-paris-report.ndjson",
    "02-rounds-sources.ndjson",
    "03-rounds-2022.ndjson",
    "04-rounds-2023-2025.ndjson",
    "05-other-senders.ndjson",
    "06-date-phrases.ndjson",
    "07-names-2025.ndjson",
    "08-rounds-2025.ndjson",
    "09-sources-2025.ndjson",
    "10-events-2025-02-to-04.ndjson",
    "11-events-2025-05-to-07.ndjson",
    "12-events-2025-08-to-10.ndjson",
    "13-events-2025-11.ndjson",
    "14-events-2025-12.ndjson",
    "15-plans-2025.ndjson",
    "16-links-2025.ndjson",
];

/// Who records them.
const RECORDER: &str = "demo";

pub(crate) fn run(options: &Options) -> Done {
    let listener = bind(&options.address)?;
    if let Some(why) = rapporteur_graphiql::WHY_NOT {
        let text = format!(
            "the demo needs GraphiQL, which is not in this build: {why}. Install Node with npm and build again"
        );
        return Err(Failure::saying(text));
    }
    let dir = options.data.display();
    let log = store::open_or_create(&options.data, &options.opening)?;
    if let Some(first) = log.read(0, 1)?.first()
        && &*first.header.recorder != RECORDER
    {
        let text = format!(
            "{dir} is no store of the demo: its first event was recorded by `{}`; name another with --data DIR, or serve \
             this one with `rapporteur serve --data {dir}`",
            first.header.recorder
        );
        return Err(Failure::refused(text));
    }
    let open = OpenDesk::on(&options.data, log, &options.opening)?;
    let (mut new, mut known) = (0, 0);
    for (name, facts) in FACTS {
        let report = import(&open.desk, facts.as_bytes(), RECORDER, &mut |_| {})?;
        if let Some(refused) = report.lines.first() {
            let why: Vec<String> = refused.refusals.iter().map(ToString::to_string).collect();
            return Err(Failure::refused(format!(
                "{name}, line {}: {}",
                refused.line,
                why.join("; ")
            )));
        }
        new += report.recorded;
        known += report.already_there;
    }
    let what = format!("demo in {dir} ({new} records made, {known} already there)");
    listen(open, listener, &what)
}
