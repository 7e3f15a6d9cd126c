//! `changes`: what became known, was corrected, contradicted, confirmed or resolved between two moments.

use super::pages;
use super::timeline::Pages;
use super::words::words;
use crate::Done;
use crate::ask::{Purpose, Where, moment};
use crate::out::aside;
use crate::show::{ListOutput, Sheet, at, each, joined, text, word};
use clap::Args;
use rapporteur_domain::id::DossierKind;
use rapporteur_views::changes::ChangeKind;
use rapporteur_views::moment::{Asked, Recording};
use serde_json::{Map, Value, json};

const DOCUMENT: &str = include_str!("../../documents/changes.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur changes --from published:2025-11-26 --to published:2025-11-27
  rapporteur changes --from recorded:700 --kind round --change contradicted
  rapporteur changes --from published:2025-12-01 --party ua --all --format csv";

#[derive(Args)]
pub(crate) struct Options {
    /// The earlier moment: recorded:1042, recorded:2026-01-05T18:00:00Z, published:2026-01-05, or both clocks with a comma
    /// between them.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    from: Asked,
    /// The later moment, on the same clocks. Left out: the present.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    to: Option<Asked>,
    /// Only changes of this dossier; again for another.
    #[arg(long, value_name = "SLUG")]
    dossier: Vec<String>,
    /// Only changes of dossiers of this kind; again for another.
    #[arg(long, value_name = "KIND", ignore_case = true, value_parser = words::<DossierKind>())]
    kind: Vec<String>,
    /// Only changes of this kind; again for another.
    #[arg(long, value_name = "KIND", ignore_case = true, value_parser = words::<ChangeKind>())]
    change: Vec<String>,
    /// Only changes made by what this party has a part in; again for another.
    #[arg(long, value_name = "SLUG")]
    party: Vec<String>,
    /// Only changes made by what is about this topic; again for another.
    #[arg(long, value_name = "SLUG")]
    topic: Vec<String>,
    #[command(flatten)]
    page: Pages,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    output: ListOutput,
}

/// The GraphQL input of a moment.
fn input(asked: &Asked) -> Value {
    let mut input = Map::new();
    if let Some(recording) = asked.recorded {
        let text = match recording {
            Recording::Position(position) => position.to_string(),
            Recording::Instant(instant) => instant.to_rfc3339(),
        };
        input.insert("recorded".to_owned(), json!(text));
    }
    if let Some(published) = asked.published {
        input.insert("published".to_owned(), json!(published.by.to_string()));
        if published.possibly {
            input.insert("match".to_owned(), json!("POSSIBLY"));
        }
        if !published.assumed {
            input.insert("onlyDated".to_owned(), json!(true));
        }
    }
    Value::Object(input)
}

impl Options {
    /// The GraphQL filter.
    fn variable(&self) -> Value {
        json!({
            "dossiers": self.dossier,
            "kinds": self.kind,
            "changes": self.change,
            "parties": self.party,
            "topics": self.topic,
        })
    }
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let variables = json!({
        "from": input(&options.from),
        "to": options.to.as_ref().map(input),
        "where": options.variable(),
        "after": options.page.after(),
    });
    let data = pages::follow(&asker, DOCUMENT, variables, "changes", options.page.most())?;
    options.output.show(&data, || sheet(&data))?;
    let list = at(&data, "changes");
    if at(list, "totalCount").as_u64() == Some(0) {
        aside(format_args!("nothing of that changed"));
    }
    for cut in each(list, "nodes").filter(|node| at(node, "changes.totalCount").as_u64() > Some(200)) {
        aside(format_args!(
            "of `{}` the first 200 of {} changes are shown; narrow them with --change",
            text(cut, "slug"),
            text(cut, "changes.totalCount")
        ));
    }
    options.page.say_rest(list);
    Ok(())
}

fn sheet(data: &Value) -> Sheet {
    let mut sheet = Sheet::new(&["dossier", "kind", "how", "what", "at"]);
    for dossier in each(data, "changes.nodes") {
        for change in each(dossier, "changes.nodes") {
            sheet.row(vec![
                text(dossier, "slug"),
                word(dossier, "dossier.kind"),
                word(change, "kind"),
                text(change, "summary"),
                joined(change, "by", "position"),
            ]);
        }
    }
    sheet
}
