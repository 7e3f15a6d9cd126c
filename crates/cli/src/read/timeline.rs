//! `timeline`: dated facts in the order of the world.

use super::filters::Filters;
use super::{missing, pages, says};
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::out::aside;
use crate::show::{ListFormat, ListOutput, Sheet, at, day, each, joined, number, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/timeline.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur timeline --party ua --within 2026-01
  rapporteur timeline --kind meeting --within 2025-05/2025-07 --match surely --format csv
  rapporteur timeline --dossier eu-ru-18 --all --json";

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    page: Pages,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: ListOutput,
}

/// How much of a list.
#[derive(Args, Clone)]
pub(super) struct Pages {
    /// The most to show; pages are followed.
    #[arg(long, value_name = "COUNT", default_value_t = 50, conflicts_with = "all")]
    first: usize,
    /// Show all there is.
    #[arg(long)]
    all: bool,
    /// Only what comes after this cursor: the `endCursor` of an earlier answer.
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
}

impl Pages {
    /// The most to show; nothing where there is no bound.
    pub(super) fn most(&self) -> Option<usize> {
        (!self.all).then_some(self.first)
    }

    /// The cursor to begin after, as a variable.
    pub(super) fn after(&self) -> Value {
        json!(self.after)
    }

    /// Says on stderr how many there are where not all of them are shown.
    pub(super) fn say_rest(&self, list: &Value) {
        let (shown, total) = (
            each(list, "nodes").len(),
            at(list, "totalCount").as_u64().unwrap_or_default(),
        );
        if shown > 0 && at(list, "pageInfo.hasNextPage").as_bool() == Some(true) {
            aside(format_args!(
                "{} of {}; --all shows all of them, --after {} goes on from here",
                shown,
                number(&json!(total)),
                text(list, "pageInfo.endCursor")
            ));
        }
    }
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let variables = json!({ "where": options.filters.variable(), "after": options.page.after() });
    let data = pages::try_follow(&asker, DOCUMENT, variables, "timeline", options.page.most())?
        .map_err(|troubles| missing::explained(&asker, &options.filters, &troubles))?;
    let csv = options.output.format() == ListFormat::Csv;
    options
        .output
        .show(&data, || if csv { whole(&data) } else { sheet(&data) })?;
    let list = at(&data, "timeline");
    if at(list, "totalCount").as_u64() == Some(0) {
        options.filters.say_empty(&asker, "timeline", &[])?;
    }
    options.page.say_rest(list);
    Ok(())
}

fn sheet(data: &Value) -> Sheet {
    let rows = each(data, "timeline.nodes").map(|entry| {
        let mut said = text(entry, "summary");
        for other in each(entry, "contradictedBy") {
            said.push_str(&format!(
                " [contradicted by {}: {}]",
                text(other, "dossier.slug"),
                text(other, "summary")
            ));
        }
        [
            day(entry, "when"),
            word(entry, "kind"),
            said,
            joined(entry, "parties", "slug"),
            text(entry, "dossier.slug"),
        ]
    });
    Sheet::of(["when", "kind", "what", "who", "dossier"], rows)
}

/// All that a row of a spreadsheet can hold.
fn whole(data: &Value) -> Sheet {
    let rows = each(data, "timeline.nodes").map(|entry| {
        [
            text(entry, "position"),
            text(entry, "when.edtf"),
            text(entry, "when.earliest"),
            text(entry, "when.latest"),
            day(entry, "when"),
            text(entry, "kind"),
            text(entry, "dossier.slug"),
            text(entry, "dossier.title"),
            text(entry, "summary"),
            joined(entry, "parties", "slug"),
            joined(entry, "topics", "slug"),
            text(entry, "evidence.credibility"),
            says(at(entry, "evidence")),
        ]
    });
    let titles = [
        "position",
        "edtf",
        "earliest",
        "latest",
        "when",
        "kind",
        "dossier",
        "title",
        "summary",
        "parties",
        "topics",
        "credibility",
        "says",
    ];
    Sheet::of(titles, rows)
}
