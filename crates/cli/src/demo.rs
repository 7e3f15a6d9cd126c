//! `demo`: the facts that come with the program, in a store of their own.

use crate::Done;
use crate::exit::Failure;
use crate::serve::{Address, bind, listen};
use crate::store::{self, OpenDesk, OpenMax};
use clap::Args;
use rapporteur_desk::import::import;
use rapporteur_log::EventLog;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Options {
    /// The demo's own store; made on first start, and kept.
    #[arg(long, value_name = "DIR", env = "RAPPORTEUR_DEMO_DATA", default_value = "data/demo")]
    data: PathBuf,
    #[command(flatten)]
    open_max: OpenMax,
    #[command(flatten)]
    address: Address,
}

/// The facts, in the order in which they are recorded.
const FACTS: [(&str, &str); 7] = [
    (
        "01-paris-report.ndjson",
        include_str!("../../../fixtures/commands/01-paris-report.ndjson"),
    ),
    (
        "02-background-2025-12.ndjson",
        include_str!("../../../fixtures/commands/02-background-2025-12.ndjson"),
    ),
    (
        "20-rounds-sources.ndjson",
        include_str!("../../../fixtures/commands/20-rounds-sources.ndjson"),
    ),
    (
        "21-rounds-2022.ndjson",
        include_str!("../../../fixtures/commands/21-rounds-2022.ndjson"),
    ),
    (
        "22-rounds-2023-2025.ndjson",
        include_str!("../../../fixtures/commands/22-rounds-2023-2025.ndjson"),
    ),
    (
        "23-other-senders.ndjson",
        include_str!("../../../fixtures/commands/23-other-senders.ndjson"),
    ),
    (
        "24-date-phrases.ndjson",
        include_str!("../../../fixtures/commands/24-date-phrases.ndjson"),
    ),
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
    let log = store::open_or_create(&options.data, &options.open_max)?;
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
    let open = OpenDesk::on(&options.data, log)?;
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
