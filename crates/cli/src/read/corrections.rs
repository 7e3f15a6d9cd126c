//! `corrections`: the feed of what was corrected, taken back or taken out.

use super::pages;
use super::timeline::Pages;
use super::words::words;
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::out::aside;
use crate::show::{ListFormat, ListOutput, Sheet, at, each, joined, text, word};
use clap::Args;
use rapporteur_views::amendments::AmendmentKind;
use serde_json::{Map, Value, json};

const DOCUMENT: &str = include_str!("../../documents/corrections.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur corrections
  rapporteur corrections --source rferl-2026-01-06 --kind corrected
  rapporteur corrections --all --format csv";

#[derive(Args)]
pub(crate) struct Options {
    /// Only records of this dossier.
    #[arg(long, value_name = "SLUG")]
    dossier: Option<String>,
    /// Only records that cite this source, before or after.
    #[arg(long, value_name = "SLUG")]
    source: Option<String>,
    /// Only records in which this party has a part, before or after.
    #[arg(long, value_name = "SLUG")]
    party: Option<String>,
    /// Only records about this topic, before or after.
    #[arg(long, value_name = "SLUG")]
    topic: Option<String>,
    /// Only what was amended so; again for another.
    #[arg(long, value_name = "KIND", ignore_case = true, value_parser = words::<AmendmentKind>())]
    kind: Vec<String>,
    /// Only what was recorded after this instant: 2026-01-06T12:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    since: Option<String>,
    #[command(flatten)]
    page: Pages,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: ListOutput,
}

impl Options {
    /// The GraphQL filter.
    fn variable(&self) -> Value {
        let given = [
            ("dossier", &self.dossier),
            ("source", &self.source),
            ("party", &self.party),
            ("topic", &self.topic),
            ("recordedAfter", &self.since),
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))));
        let mut filter: Map<String, Value> = given.collect();
        if !self.kind.is_empty() {
            filter.insert("kinds".to_owned(), json!(self.kind));
        }
        Value::Object(filter)
    }
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let variables = json!({ "where": options.variable(), "after": options.page.after() });
    let data = pages::follow(&asker, DOCUMENT, variables, "corrections", options.page.most())?;
    let csv = options.output.format() == ListFormat::Csv;
    options
        .output
        .show(&data, || if csv { whole(&data) } else { sheet(&data) })?;
    let list = at(&data, "corrections");
    if at(list, "totalCount").as_u64() == Some(0) {
        aside(format_args!("nothing of that was corrected, retracted or redacted"));
    }
    options.page.say_rest(list);
    Ok(())
}

/// What was changed: for a correction the fields, otherwise what the record said.
fn changes(amendment: &Value) -> String {
    let fields = each(amendment, "changed").map(|changed| {
        let of = |side: &str| match at(changed, side) {
            Value::Null => "nothing".to_owned(),
            _ => text(changed, side),
        };
        format!("{}: {} -> {}", text(changed, "field"), of("before"), of("after"))
    });
    let fields: Vec<String> = fields.collect();
    match fields.is_empty() {
        true => text(amendment, "before.summary"),
        false => fields.join("; "),
    }
}

fn sheet(data: &Value) -> Sheet {
    let rows = each(data, "corrections.nodes").map(|amendment| {
        let recorded: String = text(amendment, "recordedAt").chars().take("2026-01-06".len()).collect();
        [
            text(amendment, "position"),
            recorded,
            word(amendment, "kind"),
            text(amendment, "record.ref"),
            changes(amendment),
            text(amendment, "reason"),
            joined(amendment, "citations", "source.slug"),
        ]
    });
    Sheet::of(["position", "recorded", "how", "record", "what", "why", "cited"], rows)
}

/// All that a row of a spreadsheet can hold.
fn whole(data: &Value) -> Sheet {
    let rows = each(data, "corrections.nodes").map(|amendment| {
        [
            text(amendment, "position"),
            text(amendment, "recordedAt"),
            text(amendment, "recorder"),
            text(amendment, "kind"),
            text(amendment, "record.ref"),
            text(amendment, "before.position"),
            text(amendment, "before.summary"),
            text(amendment, "after.position"),
            text(amendment, "after.summary"),
            changes(amendment),
            text(amendment, "reason"),
            joined(amendment, "citations", "source.slug"),
        ]
    });
    Sheet::of(
        [
            "position",
            "recordedAt",
            "recorder",
            "how",
            "record",
            "wrong at",
            "wrong",
            "right at",
            "right",
            "what",
            "why",
            "cited",
        ],
        rows,
    )
}
