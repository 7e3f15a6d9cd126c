//! `why`: the values that are shown of a dossier, and the events and citations behind one.

use super::near::nothing;
use super::pages;
use super::timeline::Pages;
use super::words::words;
use crate::Done;
use crate::ask::{Asker, Look, Purpose};
use crate::out::{aside, line};
use crate::show::{ListOutput, Page, PageOutput, Sheet, at, day, each, json, text, word};
use clap::Args;
use rapporteur_views::values::ValueField;
use serde_json::{Value, json as given};

const WHY: &str = include_str!("../../documents/why.graphql");
const VALUES: &str = include_str!("../../documents/values.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur why eu-ru-18 stage-date ADOPTED
  rapporteur why eu-ru-20 stage --as-of published:2026-01-06
  rapporteur values eu-ru-18";

pub(crate) const VALUES_EXAMPLES: &str = "Examples:
  rapporteur values eu-ru-18
  rapporteur values us-plan --all --format csv";

/// A field and one value of it.
#[derive(Args)]
pub(crate) struct Options {
    /// The dossier's slug.
    slug: String,
    /// What the value is of; `values` lists what there is.
    #[arg(ignore_case = true, value_parser = words::<ValueField>())]
    field: String,
    /// Which one of several: a stage, a kind and basis of a count, a reference, a party. Left out: all.
    subject: Option<String>,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: PageOutput,
}

/// A list of a dossier.
#[derive(Args)]
pub(crate) struct OfDossier {
    /// The dossier's slug.
    pub(super) slug: String,
    #[command(flatten)]
    pub(super) page: Pages,
    #[command(flatten)]
    pub(super) at: Look,
    #[command(flatten)]
    pub(super) output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let variables = given!({ "slug": options.slug, "field": options.field, "subject": options.subject });
    let data = asker.ask(WHY, variables)?;
    let dossier = at(&data, "dossier");
    if dossier.is_null() {
        return Err(nothing(&asker, &options.slug));
    }
    if options.output.is_json() {
        return json(&data);
    }
    if each(dossier, "why").len() == 0 {
        aside(format_args!(
            "nothing of that is recorded of `{}`",
            text(dossier, "slug")
        ));
        return Ok(());
    }
    for value in each(dossier, "why") {
        options.output.show(&data, || page(dossier, value))?;
        // On a line of its own, whole, so that it can be copied.
        line(format_args!("\nPermalink\n{}", text(value, "permalink")))?;
    }
    Ok(())
}

/// A value and what is behind it.
fn page(dossier: &Value, value: &Value) -> Page {
    let of = format!("{} {}", word(value, "field"), text(value, "subject"));
    let title = format!("{}, {}: {}", text(dossier, "slug"), of.trim_end(), text(value, "value"));
    Page::titled(title)
        .fields([("date", day(value, "date"))])
        .sheet("Events behind it", behind(value))
        .sheet("Citations", citations(value))
}

fn behind(value: &Value) -> Sheet {
    let rows = each(value, "behind").map(|behind| {
        [
            text(behind, "position"),
            word(behind, "part"),
            text(behind, "event.recordedAt")
                .chars()
                .take("2026-01-06".len())
                .collect(),
            text(behind, "event.recorder"),
            word(behind, "entry.evidence.credibility"),
            text(behind, "entry.summary"),
        ]
    });
    Sheet::of(["position", "part", "recorded", "by", "report", "what it says"], rows)
}

fn citations(value: &Value) -> Sheet {
    let rows = each(value, "citations").map(|citation| {
        let speaker = text(citation, "attribution.speaker");
        let anonymous = at(citation, "attribution.anonymous").as_bool() == Some(true);
        [
            text(citation, "source.slug"),
            text(citation, "source.publisher"),
            day(citation, "source.publishedOn"),
            text(citation, "source.reliability"),
            if anonymous {
                format!("{speaker} (anonymous)")
            } else {
                speaker
            },
            word(citation, "wording"),
            text(citation, "locator"),
        ]
    });
    Sheet::of(
        [
            "source",
            "publisher",
            "published",
            "grade",
            "said by",
            "wording",
            "where",
        ],
        rows,
    )
}

pub(crate) fn values(options: &OfDossier) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let variables = given!({ "slug": options.slug, "after": options.page.after() });
    let data = of_dossier(&asker, VALUES, variables, "values", &options.page, &options.slug)?;
    let list = at(&data, "dossier.values");
    options.output.show(&data, || {
        let rows = each(list, "nodes").map(|value| {
            let decide = each(value, "behind").filter(|behind| text(behind, "part") == "DECIDES");
            let decide: Vec<String> = decide.map(|behind| text(behind, "position")).collect();
            [
                word(value, "field"),
                text(value, "subject"),
                text(value, "value"),
                day(value, "date"),
                decide.join(", "),
            ]
        });
        Sheet::of(["field", "of", "value", "date", "decided at"], rows)
    })?;
    options.page.say_rest(list);
    Ok(())
}

/// The pages of a list of one dossier.
///
/// # Errors
/// There is no such dossier; else as [`Asker::ask`].
pub(super) fn of_dossier(
    asker: &Asker,
    document: &str,
    variables: Value,
    list: &str,
    page: &Pages,
    slug: &str,
) -> Result<Value, crate::exit::Failure> {
    let data = pages::follow_in(asker, document, variables, &["dossier", list], page.most())?;
    if at(&data, "dossier").is_null() {
        return Err(nothing(asker, slug));
    }
    Ok(data)
}
