//! `meeting`: one meeting or call.

use super::{Kind, flags, near, rivals, says};
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::show::{Page, PageOutput, Sheet, at, counted, day, each, joined, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/meeting.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur meeting paris-2026-01-06
  rapporteur meeting paris-2026-01-06 --json";

#[derive(Args)]
pub(crate) struct Options {
    /// The meeting's slug.
    slug: String,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: PageOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let data = asker.ask(DOCUMENT, json!({ "slug": options.slug }))?;
    let meeting = at(&data, "meeting");
    if meeting.is_null() {
        return Err(near(&asker, Kind::of("meeting"), &options.slug));
    }
    options.output.show(&data, || page(meeting))
}

fn page(meeting: &Value) -> Page {
    let counts: Vec<String> = each(meeting, "quantities").map(counted).collect();
    let number = text(meeting, "number");
    let series = text(meeting, "series.label");
    let page = Page::titled(format!("{}: {}", text(meeting, "slug"), text(meeting, "title"))).fields([
        ("state", word(meeting, "state")),
        ("planned for", day(meeting, "plannedFor")),
        ("held", day(meeting, "heldOn")),
        ("where", joined(meeting, "places", "name")),
        (
            "series",
            if number.is_empty() {
                series
            } else {
                format!("{series}, number {number}")
            },
        ),
        ("what", text(meeting, "summary")),
        ("counts", counts.join("; ")),
        ("topics", joined(meeting, "topics", "label")),
    ]);
    let page = page
        .sheet("Planning", moves(meeting))
        .sheet("Who", who(meeting))
        .sheet("Agenda", said(meeting, "agenda"))
        .sheet("Outcomes", said(meeting, "outcomes"))
        .sheet("Reports", reports(meeting));
    flags(rivals(page, meeting), meeting)
}

fn moves(meeting: &Value) -> Sheet {
    let rows = each(meeting, "moves").map(|step| {
        [
            word(step, "state"),
            day(step, "plannedFor"),
            day(step, "announcedOn"),
            text(step, "reason"),
        ]
    });
    Sheet::of(["step", "planned for", "announced", "why"], rows)
}

/// Present, absent, and those of whom neither is said.
fn who(meeting: &Value) -> Sheet {
    let named = |list| each(meeting, list).collect::<Vec<_>>();
    let (present, absent) = (named("present"), named("absent"));
    let of = |wanted: &str| -> Vec<&Value> {
        match wanted {
            "present" => present.clone(),
            "absent" => absent.clone(),
            _ => each(meeting, "participants")
                .filter(|who| !present.contains(who) && !absent.contains(who))
                .collect(),
        }
    };
    let mut sheet = Sheet::new(&["there", "who", "role", "for", "how", "why"]);
    for there in ["present", "absent", "not known"] {
        for who in of(there) {
            let how = [word(who, "mode"), word(who, "hedge")];
            let how = how.into_iter().filter(|word| !word.is_empty() && word != "unknown");
            sheet.row(vec![
                there.to_owned(),
                text(who, "party.name"),
                text(who, "role"),
                text(who, "of.name"),
                how.collect::<Vec<_>>().join(", "),
                text(who, "reason"),
            ]);
        }
    }
    sheet
}

fn said(meeting: &Value, list: &str) -> Sheet {
    let rows = each(meeting, list).map(|item| {
        [
            text(item, "summary"),
            text(item, "issue.slug"),
            day(item, "saidOn"),
            says(at(item, "evidence")),
        ]
    });
    Sheet::of(["what", "issue", "when", "who says so"], rows)
}

fn reports(meeting: &Value) -> Sheet {
    let rows = each(meeting, "reports").map(|report| {
        [
            word(report, "state"),
            day(report, "heldOn"),
            text(report, "title"),
            text(report, "summary"),
            says(at(report, "evidence")),
        ]
    });
    Sheet::of(["state", "when", "title", "what", "who says so"], rows)
}
