//! `plan diff`: one version of a plan against another, point by point.

use super::{Kind, near};
use crate::Done;
use crate::ask::{Asker, Look, Purpose, Trouble, failure};
use crate::exit::Failure;
use crate::out::{aside, line};
use crate::show::{ListFormat, ListOutput, Page, Sheet, at, day, each, joined, sentences, text, word};
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
    at: Look,
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
        return options.output.show(&data, || sheet(diff));
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
        if let Some(failure) = no_version(&answer, plan, version) {
            return failure;
        }
    }
    failure(troubles)
}

/// Not found (3) where the plan of an answer has no such version; it says which there are.
pub(super) fn no_version(answer: &Value, plan: &str, version: &str) -> Option<Failure> {
    let known = each(answer, "plan.versions").any(|known| known["version"] == version);
    let there = joined(answer, "plan.versions", "version");
    let there = if there.is_empty() { "none".to_owned() } else { there };
    let text = format!("plan `{plan}` has no version `{version}`; it has: {there}");
    (!known).then(|| Failure::not_found(text))
}

fn page(diff: &Value) -> Page {
    let named = |side| {
        let version = at(diff, side);
        let label = [text(version, "label"), day(version, "datedOn")];
        let label: Vec<String> = label.into_iter().filter(|text| !text.is_empty()).collect();
        format!("{} ({})", text(version, "ref.ref"), label.join(", "))
    };
    let counts = ["kept", "changed", "dropped", "added", "unknown"];
    let counts = counts.map(|fate| format!("{} {fate}", text(diff, &format!("counts.{fate}"))));
    let mut reasons: Vec<String> = Vec::new();
    for reason in each(diff, "points").map(|point| text(point, "reason")) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let of = |known: bool| {
        let points = each(diff, "points").filter(|point| (point["change"] != UNKNOWN) == known);
        Sheet::of(TITLES, points.map(|point| row(point, known)))
    };
    Page::titled(format!(
        "{} to {}",
        text(diff, "from.ref.ref"),
        text(diff, "to.ref.ref")
    ))
    .fields([
        ("from", named("from")),
        ("to", named("to")),
        ("points", counts.join(", ")),
        ("unknown as", sentences(reasons)),
    ])
    .sheet("What became of points", of(true))
    .sheet("Unknown", of(false))
}

fn sheet(diff: &Value) -> Sheet {
    Sheet::of(TITLES, each(diff, "points").map(|point| row(point, true)))
}

const TITLES: [&str; 7] = ["change", "from", "said", "to", "says", "why", "ground"];

/// A point's row; `whole` with what says so, or why nothing does.
fn row(point: &Value, whole: bool) -> [String; 7] {
    let name = |side: &str| {
        let (number, key) = (
            text(point, &format!("{side}.number")),
            text(point, &format!("{side}.key")),
        );
        if number.is_empty() { key } else { number }
    };
    let disputed = at(point, "disputed").as_bool() == Some(true);
    let fate = word(point, "change");
    let why = [joined(point, "records", "summary"), text(point, "reason")];
    let why: Vec<String> = why.into_iter().filter(|text| whole && !text.is_empty()).collect();
    [
        if disputed { format!("{fate}, disputed") } else { fate },
        name("before"),
        text(point, "before.summary"),
        name("after"),
        text(point, "after.summary"),
        why.join("; "),
        if whole { word(point, "basis") } else { String::new() },
    ]
}
