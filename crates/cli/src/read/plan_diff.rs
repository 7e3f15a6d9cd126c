//! `plan diff`: one version of a plan against another, point by point.

use super::{Kind, near};
use crate::Done;
use crate::ask::{Asker, Purpose, Trouble, Where, failure};
use crate::exit::Failure;
use crate::out::{aside, line};
use crate::show::{ListFormat, ListOutput, Page, Sheet, at, day, each, joined, text, word};
use clap::Args;
use serde_json::{Value, json};

const UNKNOWN: &str = "UNKNOWN";
const DOCUMENT: &str = include_str!("../../documents/plan-diff.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur plan diff us-plan/28 us-plan/20
  rapporteur plan diff us-plan/28 us-plan/20 --format csv";

#[derive(Args)]
pub(crate) struct Options {
    /// The version compared from: PLAN/VERSION.
    from: String,
    /// The version compared to, of the same plan or of another.
    to: String,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let data = match asker.try_ask(DOCUMENT, json!({ "from": options.from, "to": options.to }))? {
        Ok(data) => data,
        Err(troubles) => return Err(explained(&asker, &[&options.from, &options.to], &troubles)),
    };
    let diff = at(&data, "planDiff");
    if options.output.format() != ListFormat::Table {
        return options.output.show(&data, || sheet(diff, |_| true));
    }
    line(format_args!(
        "{}",
        page(diff).render(options.output.columns()).trim_end()
    ))?;
    for side in ["from", "to"] {
        let version = at(diff, side);
        for doubt in each(version, "known.doubts") {
            let (name, doubt) = (text(version, "ref.ref"), doubt.as_str().unwrap_or_default());
            aside(format_args!("note: {name} is not completely known: {doubt}"));
        }
    }
    Ok(())
}

/// Not found (3) where a plan or its version is not recorded; otherwise what the answer says.
fn explained(asker: &Asker, written: &[&str], troubles: &[Trouble]) -> Failure {
    for reference in written {
        let Some((plan, version)) = reference.split_once('/') else {
            continue;
        };
        let document = "query Versions($slug: String!) { plan(slug: $slug) { versions { version } } }";
        let Ok(answer) = asker.ask(document, json!({ "slug": plan })) else {
            break;
        };
        if at(&answer, "plan").is_null() {
            return near(asker, Kind::of("plan"), plan);
        }
        if !each(&answer, "plan.versions").any(|known| known["version"] == version) {
            let known = joined(&answer, "plan.versions", "version");
            return Failure::not_found(format!("plan `{plan}` has no version `{version}`; it has: {known}"));
        }
    }
    failure(troubles)
}

fn page(diff: &Value) -> Page {
    let named = |side| {
        let version = at(diff, side);
        let label = [text(version, "label"), day(version, "datedOn")];
        let label: Vec<String> = label.into_iter().filter(|text| !text.is_empty()).collect();
        format!("{} ({})", text(version, "ref.ref"), label.join(", "))
    };
    let counts = ["kept", "changed", "dropped", "added", "unknown"]
        .map(|fate| format!("{} {fate}", text(diff, &format!("counts.{fate}"))));
    Page::titled(format!(
        "{} to {}",
        text(diff, "from.ref.ref"),
        text(diff, "to.ref.ref")
    ))
    .fields([
        ("from", named("from")),
        ("to", named("to")),
        ("points", counts.join(", ")),
    ])
    .sheet("Points", sheet(diff))
}

/// The points of which this became.
fn sheet(diff: &Value, wanted: impl Fn(&Value) -> bool) -> Sheet {
    let points = each(diff, "points").filter(|point| wanted(at(point, "change")));
    let rows = points.map(|point| {
        let name = |side: &str| {
            let (number, key) = (
                text(point, &format!("{side}.number")),
                text(point, &format!("{side}.key")),
            );
            if number.is_empty() { key } else { number }
        };
        let disputed = at(point, "disputed").as_bool() == Some(true);
        let fate = word(point, "change");
        [
            if disputed { format!("{fate}, disputed") } else { fate },
            name("before"),
            text(point, "before.summary"),
            name("after"),
            text(point, "after.summary"),
            why.into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
            word(point, "basis"),
        ]
    });
    Sheet::of(["change", "from", "said", "to", "says", "why", "ground"], rows)
}
