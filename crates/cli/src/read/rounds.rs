//! `rounds`: a board of all sanctions rounds.

use super::pages;
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::out::aside;
use crate::show::{ListFormat, ListOutput, Sheet, day, each, joined, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/rounds.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur rounds
  rapporteur rounds --format csv";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let data = pages::follow(&asker, DOCUMENT, json!({}), "rounds", None)?;
    let csv = options.output.format() == ListFormat::Csv;
    options
        .output
        .show(&data, || if csv { whole(&data) } else { board(&data) })?;
    if each(&data, "rounds.nodes").len() == 0 {
        aside(format_args!("no round is recorded"));
    }
    Ok(())
}

/// The rounds by sender, in the order in which they are counted.
fn ordered(data: &Value) -> Vec<&Value> {
    let mut nodes: Vec<&Value> = each(data, "rounds.nodes").collect();
    let order = |round: &Value| round["order"].as_f64().unwrap_or(f64::INFINITY);
    nodes.sort_by(|a, b| {
        let by_sender = joined(a, "senders", "slug").cmp(&joined(b, "senders", "slug"));
        by_sender.then(order(a).total_cmp(&order(b)))
    });
    nodes
}

/// When a stage was reached; rival dates stand side by side.
fn reached(round: &Value, stage: &str) -> String {
    let steps = each(round, "path").filter(|step| step["stage"] == stage);
    steps.map(|step| day(step, "reachedOn")).collect::<Vec<_>>().join("; ")
}

/// What is expected and has not come yet.
fn expected(round: &Value) -> String {
    let open = each(round, "expectations").filter(|expected| expected["outcome"]["state"] == "OPEN");
    let said = open.map(|expected| format!("{} {}", word(expected, "stage"), day(expected, "expectedIn")));
    said.map(|text| text.trim().to_owned()).collect::<Vec<_>>().join("; ")
}

fn board(data: &Value) -> Sheet {
    let rows = ordered(data).into_iter().map(|round| {
        [
            text(round, "slug"),
            text(round, "title"),
            word(round, "stage"),
            reached(round, "PROPOSED"),
            reached(round, "ADOPTED"),
            expected(round),
        ]
    });
    Sheet::of(["round", "title", "stage", "proposed", "adopted", "expected"], rows)
}

/// All that a row of a spreadsheet can hold.
fn whole(data: &Value) -> Sheet {
    let rows = ordered(data).into_iter().map(|round| {
        [
            text(round, "slug"),
            joined(round, "senders", "slug"),
            text(round, "title"),
            text(round, "stage"),
            reached(round, "PROPOSED"),
            reached(round, "ADOPTED"),
            reached(round, "PUBLISHED"),
            expected(round),
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
