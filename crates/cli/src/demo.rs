//! `demo`: the facts that come with the program, in a store of their own.

use crate::exit::Failure;
use crate::serve::{Address, listen, refuse_others};
use crate::{Done, store};
use clap::Args;
use rapporteur_desk::import::import;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Options {
    /// The demo's own store; made on first start, and kept.
    #[arg(long, value_name = "DIR", env = "RAPPORTEUR_DEMO_DATA", default_value = "data/demo")]
    data: PathBuf,
    #[command(flatten)]
    address: Address,
}

/// Files of facts, each with its name.
macro_rules! facts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../fixtures/commands/", $name)))),*]
    };
}

/// The facts, in the order in which they are recorded.
const FACTS: [(&str, &str); 11] = facts![
    "01-paris-report.ndjson",
    "02-names-2025.ndjson",
    "03-rounds-needed.ndjson",
    "04-sources-2025.ndjson",
    "05-events-2025-02-to-04.ndjson",
    "06-events-2025-05-to-07.ndjson",
    "07-events-2025-08-to-10.ndjson",
    "08-events-2025-11.ndjson",
    "09-events-2025-12.ndjson",
    "10-plans-2025.ndjson",
    "11-links-2025.ndjson",
];

pub(crate) fn run(options: &Options) -> Done {
    refuse_others(&options.address)?;
    if let Some(why) = rapporteur_graphiql::WHY_NOT {
        let text = format!(
            "the demo needs GraphiQL, which is not in this build: {why}. Install Node with npm and build again"
        );
        return Err(Failure::saying(text));
    }
    let desk = store::desk(store::open_or_create(&options.data)?)?;
    let (mut new, mut known) = (0, 0);
    for (name, facts) in FACTS {
        let report = import(&desk, facts.as_bytes(), "demo", &mut |_| {})?;
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
    listen(
        desk,
        &options.address,
        &format!(
            "demo in {} ({new} facts recorded, {known} already there)",
            options.data.display()
        ),
    )
}
