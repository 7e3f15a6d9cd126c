//! "Today" is the day that it is where the desk is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::import::import;
use rapporteur_desk::{Clock, Desk};
use rapporteur_log::MemoryLog;
use serde_json::json;
use std::sync::Arc;

/// A desk at half past eleven in the evening of 6 January 2026, UTC.
fn at_night() -> Desk {
    let night: DateTime<Utc> = "2026-01-06T23:30:00Z".parse().unwrap();
    let clock: Clock = Arc::new(move || night);
    Desk::open(Arc::new(MemoryLog::default()), clock, &mut |_| {}).unwrap()
}

/// The date that a claim was given, by the word that somebody wrote for it.
fn claimed_on(desk: &Desk, written: serde_json::Value) -> Result<String, String> {
    let lines = [
        json!({ "registerSource": { "slug": "wire", "publisher": "Wire" } }),
        json!({ "recordClaim": { "slug": "c", "summary": "Said.", "claimedOn": written, "evidence": { "citations": [{ "source": "wire" }] } } }),
    ];
    let report = import(
        desk,
        lines.map(|l| l.to_string()).join("\n").as_bytes(),
        "desk",
        &mut |_| {},
    )
    .unwrap();
    match report.lines.first() {
        Some(refused) => Err(refused.refusals[0].message.clone()),
        None => {
            let views = desk.views();
            let entry = views.timeline.entry(2).unwrap();
            Ok(serde_json::to_string(entry.fact().unwrap().when().unwrap()).unwrap())
        }
    }
}

#[test]
fn the_zone_decides_what_day_it_is() {
    for (zone, written, day) in [
        (chrono_tz::UTC, json!("today"), "2026-01-06"),
        (chrono_tz::Europe::Brussels, json!("today"), "2026-01-07"),
        (chrono_tz::Europe::Brussels, json!(" Yesterday "), "2026-01-06"),
        (chrono_tz::Europe::Brussels, json!("tomorrow"), "2026-01-08"),
        (chrono_tz::America::New_York, json!("today"), "2026-01-06"),
        (chrono_tz::Pacific::Kiritimati, json!("today"), "2026-01-07"),
    ] {
        let told = claimed_on(&at_night().in_zone(zone), written.clone()).unwrap();
        assert_eq!(told, json!({ "edtf": day }).to_string(), "{written} in {zone}");
    }
}

#[test]
fn the_word_may_be_part_of_a_date_and_other_words_are_refused() {
    let hours = json!({ "edtf": "today", "window": { "from": "18:00", "until": "24:00", "zone": "Europe/Kyiv" } });
    let told = claimed_on(&at_night().in_zone(chrono_tz::Europe::Kyiv), hours).unwrap();
    assert!(told.starts_with(r#"{"edtf":"2026-01-07","window":"#), "{told}");
    for other in ["someday", "todayish", "on Tuesday"] {
        assert!(claimed_on(&at_night(), json!(other)).is_err(), "{other}");
    }
    let phrase = claimed_on(&at_night(), json!({ "phrase": "today" })).unwrap();
    assert_eq!(phrase, r#"{"phrase":"today"}"#, "the source's own words stay");
}
