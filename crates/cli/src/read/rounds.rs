//! `rounds`: a board of all sanctions rounds.

use super::pages;
use crate::Done;
use crate::ask::{Purpose, Where};
use crate::out::aside;
use crate::show::{ListOutput, Sheet, day, each, joined, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/rounds.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur rounds
  rapporteur rounds --format csv";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let data = pages::follow(&asker, DOCUMENT, json!({}), "rounds", None)?;
    options.output.show(&data, || sheet(&data))?;
    if each(&data, "rounds.nodes").len() == 0 {
        aside(format_args!("no round is recorded"));
    }
    Ok(())
}

fn sheet(data: &Value) -> Sheet {
    let mut nodes: Vec<&Value> = each(data, "rounds.nodes").collect();
    let order = |round: &Value| round["order"].as_f64().unwrap_or(f64::INFINITY);
    nodes.sort_by(|a, b| {
        let by_sender = joined(a, "senders", "slug").cmp(&joined(b, "senders", "slug"));
        by_sender.then(order(a).total_cmp(&order(b)))
    });
    let reached = |round: &Value, stage: &str| -> String {
        let at = each(round, "path").filter(|step| step["stage"] == stage);
        at.map(|step| day(step, "reachedOn")).collect::<Vec<_>>().join("; ")
    };
    let rows = nodes.into_iter().map(|round| {
        let open = each(round, "expectations").filter(|expected| text(expected, "outcome.state") == "OPEN");
        let expected = open.map(|expected| format!("{} {}", word(expected, "stage"), day(expected, "expectedIn")));
        [
            text(round, "slug"),
            joined(round, "senders", "slug"),
            text(round, "title"),
            word(round, "stage"),
            reached(round, "PROPOSED"),
            reached(round, "ADOPTED"),
            reached(round, "PUBLISHED"),
            expected
                .map(|text| text.trim().to_owned())
                .collect::<Vec<_>>()
                .join("; "),
        ]
    });
    Sheet::of(
        [
            "round",
            "by",
            "title",
            "stage",
            "proposed",
            "adopted",
            "published",
            "expected",
        ],
        rows,
    )
}
