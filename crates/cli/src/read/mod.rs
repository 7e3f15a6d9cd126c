//! The commands that look: each asks one GraphQL document of `documents` and shows the answer.

mod filters;
mod missing;
mod near;
mod pages;

pub(crate) mod meeting;
pub(crate) mod party;
pub(crate) mod plan;
pub(crate) mod plan_diff;
pub(crate) mod round;
pub(crate) mod rounds;
pub(crate) mod search;
pub(crate) mod timeline;

pub(crate) use near::{Kind, near};

use crate::show::{Page, Sheet, day, each, joined, text, word};
use serde_json::Value;

/// What sources give differently, side by side.
fn rivals(page: Page, dossier: &Value) -> Page {
    let values = |rival: &Value| {
        let said = each(rival, "values").map(|value| {
            let from = joined(value, "citations", "source.publisher");
            let date = day(value, "date");
            let told = text(value, "value");
            let told = if date.is_empty() || date == told {
                told
            } else {
                format!("{told} [{date}]")
            };
            if from.is_empty() {
                told
            } else {
                format!("{told} ({from})")
            }
        });
        said.collect::<Vec<_>>().join("; ")
    };
    let rows =
        each(dossier, "rivalValues").map(|rival| [text(rival, "field"), values(rival), text(rival, "resolution")]);
    page.sheet("Sources differ", Sheet::of(["on", "they say", "the desk reads"], rows))
}

/// What is odd about it.
fn flags(page: Page, dossier: &Value) -> Page {
    let rows = each(dossier, "flags").map(|flag| [word(flag, "rule"), text(flag, "message")]);
    page.sheet("Flags", Sheet::of(["flag", "what is odd"], rows))
}

/// Who says it: publishers, and speakers where they are named.
fn says(evidence: &Value) -> String {
    let publishers = joined(evidence, "citations", "source.publisher");
    let speakers = joined(evidence, "citations", "attribution.speaker");
    let hedge = word(evidence, "hedge");
    let mut said = publishers;
    for more in [speakers, hedge].into_iter().filter(|more| !more.is_empty()) {
        said = format!("{said}; {more}");
    }
    said
}
