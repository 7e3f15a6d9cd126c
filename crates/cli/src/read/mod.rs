//! The commands that look: each asks one GraphQL document of `documents` and shows the answer.

mod calendar;
mod filters;
mod missing;
mod near;
mod pages;
mod words;

pub(crate) mod changes;
pub(crate) mod corrections;
pub(crate) mod history;
pub(crate) mod meeting;
pub(crate) mod party;
pub(crate) mod plan;
pub(crate) mod plan_diff;
pub(crate) mod round;
pub(crate) mod rounds;
pub(crate) mod search;
pub(crate) mod timeline;
pub(crate) mod upcoming;
pub(crate) mod why;

pub(crate) use near::{Kind, near};

use crate::show::{Page, Sheet, at, day, each, joined, text, word};
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

/// The title of a sheet with the first page of a list; where there is more, it says so.
fn titled(title: &str, dossier: &Value, list: &str) -> String {
    let list = at(dossier, list);
    let shown = each(list, "nodes").len();
    match at(list, "totalCount").as_u64() {
        Some(all) if usize::try_from(all) != Ok(shown) => format!("{title}, the first {shown} of {all}"),
        _ => title.to_owned(),
    }
}

/// What is odd about it; what is odd in the same way several times stands once, with how often.
fn flags(page: Page, dossier: &Value) -> Page {
    let mut told: Vec<([String; 2], usize)> = Vec::new();
    for flag in each(dossier, "flags.nodes") {
        let said = [word(flag, "rule"), text(flag, "message")];
        match told.iter_mut().find(|(earlier, _)| *earlier == said) {
            Some((_, times)) => *times += 1,
            None => told.push((said, 1)),
        }
    }
    let times = |times: usize| if times > 1 { times.to_string() } else { String::new() };
    let rows = told.into_iter().map(|([rule, message], n)| [rule, message, times(n)]);
    page.sheet(
        titled("Flags", dossier, "flags"),
        Sheet::of(["flag", "what is odd", "times"], rows),
    )
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
