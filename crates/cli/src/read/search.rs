//! `search`: what a few words find.

use super::filters::Filters;
use super::timeline::Pages;
use super::{missing, pages};
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::show::{ListOutput, Sheet, at, day, each, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/search.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur search Zelensky --kind party
  rapporteur search Зеленський --first 3
  rapporteur search \"price cap\" --kind round --json";

#[derive(Args)]
pub(crate) struct Options {
    /// The words; every one has to be there, the last one may go on. Any script and spelling.
    #[arg(required = true, num_args = 1.., value_name = "TEXT")]
    words: Vec<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    page: Pages,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let words = options.words.join(" ");
    let asker = options.at.open(Purpose::Read)?;
    let variables = json!({ "text": words, "where": options.filters.variable(), "after": options.page.after() });
    let data = pages::try_follow(&asker, DOCUMENT, variables, "search", options.page.most())?
        .map_err(|troubles| missing::explained(&asker, &options.filters, &troubles))?;
    options.output.show(&data, || sheet(&data))?;
    let list = at(&data, "search");
    if at(list, "totalCount").as_u64() == Some(0) {
        options
            .filters
            .say_empty(&asker, "search", &[("text", "String!", json!(words))])?;
    }
    options.page.say_rest(list);
    Ok(())
}

fn sheet(data: &Value) -> Sheet {
    let rows = each(data, "search.nodes").map(|hit| {
        let entry = at(hit, "entry");
        let shown = match text(hit, "matched.text") {
            text if text == self::text(hit, "dossier.title") => String::new(),
            text => text,
        };
        [
            word(hit, "dossier.kind"),
            text(hit, "dossier.slug"),
            text(hit, "dossier.title"),
            day(entry, "when"),
            word(hit, "matched.field"),
            shown,
        ]
    });
    Sheet::of(["kind", "slug", "title", "when", "found in", "text"], rows)
}
