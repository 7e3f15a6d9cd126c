//! What lies ahead as a calendar file (iCalendar, RFC 5545).

use crate::show::{at, day, sentences, text, word};
use chrono::{DateTime, Days, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};
use serde_json::Value;

/// The file, and how many items are left out because their first or last possible day is not known. An event has whole days,
/// from the first possible to the last: no source's date gains precision. Its UID stays the same while its dossier's slug
/// does, and its SEQUENCE is the dossier's version.
///
/// # Errors
/// An item of the answer cannot be read.
pub(super) fn calendar(items: &[(&'static str, &Value)]) -> Result<(String, usize), String> {
    let mut calendar = Calendar::new().name("rapporteur: upcoming").done();
    let mut left_out = 0;
    for (sure, item) in items {
        match event(sure, item)? {
            Some(event) => {
                calendar.push(event);
            }
            None => left_out += 1,
        }
    }
    Ok((calendar.to_string(), left_out))
}

fn event(sure: &str, item: &Value) -> Result<Option<Event>, String> {
    let bound = |name: &str| text(at(item, "when"), name).parse::<NaiveDate>().ok();
    let (Some(first), Some(last)) = (bound("earliest"), bound("latest")) else {
        return Ok(None);
    };
    let after = last
        .checked_add_days(Days::new(1))
        .ok_or("no day comes after the last")?;
    let recorded = text(item, "entry.event.recordedAt");
    let recorded: DateTime<Utc> = recorded
        .parse()
        .map_err(|_| format!("`{recorded}` is no instant at which an entry was recorded"))?;
    let version = at(item, "dossier.version")
        .as_u64()
        .and_then(|version| u32::try_from(version).ok());
    let (slug, kind) = (text(item, "dossier.slug"), text(item, "kind"));
    let uid = match kind.as_str() {
        "MEETING" | "EXPECTATION" => format!("{}-{slug}@rapporteur", kind.to_lowercase()),
        _ => format!(
            "{}-{slug}-{}@rapporteur",
            kind.to_lowercase(),
            text(item, "entry.position")
        ),
    };
    let when = at(item, "when");
    let doubted = ["approximate", "uncertain", "openTail"]
        .iter()
        .any(|mark| when[*mark] == true);
    let exact = first == last && !doubted;
    let title = match kind.as_str() {
        "MEETING" => text(item, "dossier.title"),
        _ => format!("{}: {}", word(item, "kind"), text(item, "dossier.title")),
    };
    let mut event = Event::new();
    event
        .uid(&uid)
        .timestamp(recorded)
        .last_modified(recorded)
        .sequence(version.unwrap_or_default())
        .summary(&title)
        .description(&said(sure, item, exact, first, last))
        .starts(first)
        .ends(after)
        .add_property("TRANSP", "TRANSPARENT")
        .add_property("CATEGORIES", &kind)
        .status(if exact && sure == "certain" {
            EventStatus::Confirmed
        } else {
            EventStatus::Tentative
        });
    Ok(Some(event.done()))
}

/// What it is, and how exactly the day is known.
fn said(sure: &str, item: &Value, exact: bool, first: NaiveDate, last: NaiveDate) -> String {
    let when = at(item, "when");
    let window = at(when, "window");
    let hours = match window.is_null() {
        true => String::new(),
        false => format!(
            "Hours: {} to {} ({})",
            text(window, "from"),
            text(window, "until"),
            text(window, "zone")
        ),
    };
    let fuzzy = match exact {
        true => String::new(),
        false => {
            let days = if first == last {
                format!("{first}")
            } else {
                format!("from {first} to {last}")
            };
            format!("The day is not known exactly: the entry covers every possible day, {days}")
        }
    };
    let open = match when["openTail"] == true {
        true => "The source leaves the end open; the last day is ours".to_owned(),
        false => String::new(),
    };
    let doubt = if when["uncertain"] == true {
        "The source doubts the date"
    } else {
        ""
    };
    let window = if sure == "possible" {
        "It may fall outside the days that were asked for"
    } else {
        ""
    };
    sentences([
        text(item, "summary"),
        format!("When: {}", day(item, "when")),
        hours,
        fuzzy,
        open,
        doubt.to_owned(),
        window.to_owned(),
        format!("Dossier: {}", text(item, "dossier.slug")),
    ])
}
