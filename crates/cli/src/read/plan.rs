//! `plan`: a negotiated text in all its versions.

use super::{Kind, flags, near, plan_diff, rivals};
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::exit::Failure;
use crate::show::{Page, PageOutput, Sheet, at, counted, day, each, joined, sentences, text, word};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/plan.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur plan us-plan
  rapporteur plan us-plan --json";

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true
)]
pub(crate) struct Options {
    /// The plan's slug; with a version, such as us-plan/20, only that one.
    #[arg(required = true)]
    slug: Option<String>,
    #[command(subcommand)]
    task: Option<Task>,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: PageOutput,
}

#[derive(Subcommand)]
enum Task {
    /// Compare two versions, of one plan or of two, point by point.
    #[command(after_help = plan_diff::EXAMPLES)]
    Diff(plan_diff::Options),
}

pub(crate) fn run(options: &Options) -> Done {
    if let Some(Task::Diff(options)) = &options.task {
        return plan_diff::run(options);
    }
    let slug = options.slug.as_deref().ok_or_else(|| Failure::usage("name a plan"))?;
    let asker = options.at.open(Purpose::Read)?;
    let (slug, version) = match slug.split_once('/') {
        Some((slug, version)) => (slug, Some(version)),
        None => (slug, None),
    };
    let mut data = asker.ask(DOCUMENT, json!({ "slug": slug }))?;
    let plan = at(&data, "plan");
    if plan.is_null() {
        return Err(near(&asker, Kind::of("plan"), slug));
    }
    if let Some(version) = version {
        if let Some(failure) = plan_diff::no_version(&data, slug, version) {
            return Err(failure);
        }
        if let Some(all) = data.pointer_mut("/plan/versions").and_then(Value::as_array_mut) {
            all.retain(|one| one["version"] == version);
        }
    }
    options.output.show(&data, || page(at(&data, "plan")))
}

fn page(plan: &Value) -> Page {
    let page = Page::titled(format!("{}: {}", text(plan, "slug"), text(plan, "title"))).fields([
        ("kind", word(plan, "planKind")),
        ("also called", joined(plan, "aliases", "")),
        ("what", text(plan, "summary")),
    ]);
    let mut page = page.sheet("Versions", versions(plan));
    for version in each(plan, "versions") {
        page = page
            .sheet(format!("Points of {}", text(version, "ref.ref")), points(version))
            .sheet(format!("Missing from {}", text(version, "ref.ref")), gaps(version));
    }
    flags(rivals(page, plan), plan)
}

fn versions(plan: &Value) -> Sheet {
    let rows = each(plan, "versions").map(|version| {
        let counts = each(version, "quantities").map(counted);
        let steps = each(version, "steps").map(|step| format!("{} {}", word(step, "status"), day(step, "statusOn")));
        let mut status = vec![word(version, "status")];
        status.extend(steps);
        let contested = text(version, "contested");
        let contested = if contested.is_empty() {
            contested
        } else {
            format!("disputed: {contested}")
        };
        [
            text(version, "ref.ref"),
            day(version, "datedOn"),
            status.join("; "),
            joined(version, "authors", "slug"),
            counts.collect::<Vec<_>>().join("; "),
            sentences([text(version, "summary"), contested]),
        ]
    });
    Sheet::of(["version", "dated", "status", "by", "counts", "what"], rows)
}

fn points(version: &Value) -> Sheet {
    let rows = each(version, "points").map(|point| {
        [
            text(point, "number"),
            text(point, "key"),
            text(point, "summary"),
            text(point, "condition"),
        ]
    });
    Sheet::of(["no.", "point", "what it says", "condition"], rows)
}

fn gaps(version: &Value) -> Sheet {
    let rows = each(version, "gaps").map(|gap| [text(gap, "number"), text(gap, "summary")]);
    Sheet::of(["no.", "what is missing"], rows)
}
