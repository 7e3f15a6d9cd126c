//! The fixtures are recorded whole: every line, once, and the log tells the same story from its start.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::import::{Report, import};
use rapporteur_desk::rehearsal::Rehearsal;
use rapporteur_desk::{Clock, Desk};
use rapporteur_domain::id::Key;
use rapporteur_log::{EventLog, MemoryLog};
use rapporteur_testkit::facts::files;
use rapporteur_testkit::long;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path)
}

fn desk(log: Arc<dyn EventLog>) -> Desk {
    let morning: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let clock: Clock = Arc::new(move || morning);
    Desk::open(log, clock, &mut |_| {}).unwrap()
}

/// Imports one fixture; shows every refusal and fails if there is one.
fn load(desk: &Desk, (name, text): &(String, String)) -> Report {
    let report = import(desk, text.as_bytes(), "desk", &mut |_| {}).unwrap();
    for refused in &report.lines {
        for refusal in &refused.refusals {
            eprintln!("{name} line {}: {refusal:?}", refused.line);
        }
    }
    assert_eq!(report.refused, 0, "{name}: lines refused");
    report
}

#[test]
fn every_line_is_recorded_once_and_the_rebuilt_views_are_the_same() {
    let desk = desk(Arc::new(MemoryLog::default()));
    let mut events = 0;
    for file in &files() {
        let (name, text) = file;
        let lines = text.lines().count() as u64;
        let first = load(&desk, file);
        events += lines;
        println!("{name}: {} recorded", first.recorded);
        assert_eq!(
            (first.recorded, first.already_there, desk.views().position()),
            (lines, 0, events)
        );
    }
    for file in &files() {
        let again = load(&desk, file);
        assert_eq!(
            (again.recorded, again.already_there),
            (0, file.1.lines().count() as u64),
            "{} again",
            file.0
        );
    }
    let rebuilt = desk.rebuild(&mut |_| {}).unwrap();
    assert_eq!(rebuilt.position, events);
    assert!(rebuilt.same(), "rebuilt views differ");
}

#[test]
fn a_log_that_is_long_enough_for_several_threads_is_folded_the_same() {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let one = desk(Arc::clone(&log));
    load(&one, &("long".to_owned(), long::lines(5_000)));
    assert!(log.head().unwrap().position >= 5_000);
    let mut told = 0;
    let again = {
        let clock: Clock = Arc::new(DateTime::<Utc>::default);
        Desk::open(Arc::clone(&log), clock, &mut |progress| told = progress.done).unwrap()
    };
    assert_eq!(told, log.head().unwrap().position);
    assert_eq!(again.views().digests(), one.views().digests());
    assert!(one.rebuild(&mut |_| {}).unwrap().same(), "rebuilt views differ");
}

#[test]
fn a_rehearsal_says_what_would_be_recorded_and_writes_nothing() {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let files = files();
    load(&desk(Arc::clone(&log)), &files[0]);
    let before = log.head().unwrap();
    let lines = files[1].1.lines().count() as u64;
    let rehearsal = Arc::new(Rehearsal::on(Arc::clone(&log)).unwrap());
    let tried = desk(rehearsal.clone());
    let report = load(&tried, &files[1]);
    assert_eq!((report.recorded, report.already_there), (lines, 0));
    assert_eq!(load(&tried, &files[0]).already_there, before.position);
    assert!(tried.rebuild(&mut |_| {}).unwrap().same());
    assert_eq!(rehearsal.head().unwrap().position, before.position + lines);
    assert_eq!(log.head().unwrap(), before);
}

#[test]
fn a_line_is_read_strictly_and_what_is_wrong_with_it_is_told_by_character() {
    let desk = desk(Arc::new(MemoryLog::default()));
    let topic = |slug: &str| format!(r#"{{"registerTopic": {{"slug": "{slug}", "label": "T"}}}}"#);
    let lines = [
        format!("\u{feff}{}", topic("first")),
        r#"{"registerTopic": {"slug": "a", "label": "T", "slug": "b"}}"#.to_owned(),
        r#"{"registerTopic": {"slug": "a", "label": "T"}, "registerTopic": {"slug": "b", "label": "T"}}"#.to_owned(),
        r#"{"registerTopic": {"slug": "#.to_owned(),
        r#"{"registerTopic" "x"}"#.to_owned(),
        r#"{"openRound": {"slug": "r", "title": "R", "number": 20.5, "senders": [], "target": "ru"}}"#.to_owned(),
        topic("first"),
        topic("last"),
    ];
    let report = import(&desk, lines.join("\n").as_bytes(), "desk", &mut |_| {}).unwrap();
    assert_eq!((report.recorded, report.already_there, report.refused), (2, 1, 5));
    let told: Vec<String> = report
        .lines
        .iter()
        .map(|l| format!("{} {} {}", l.line, l.refusals[0].field, l.refusals[0].message))
        .collect();
    for (told, wanted) in told.iter().zip([
        "2  the line is not JSON: the member `slug` stands twice",
        "3  the line is not JSON: the member `registerTopic` stands twice",
        "4  the line ends before its JSON does",
        "5  the line is not JSON: expected `:`, at character 18",
        "6 openRound.number expected a whole number",
    ]) {
        assert!(told.starts_with(wanted), "{told}");
    }
}

#[test]
fn equal_lines_of_one_file_are_lines_of_their_own_and_the_file_can_be_run_again() {
    let desk = desk(Arc::new(MemoryLog::default()));
    let evidence = r#""evidence": {"citations": [{"source": "s"}]}"#;
    let moved = |to: &str| format!(r#"{{"rescheduleMeeting": {{"slug": "m", "plannedFor": "{to}", {evidence}}}}}"#);
    let lines = [
        r#"{"registerSource": {"slug": "s", "kind": "WIRE", "title": "T", "publisher": "P"}}"#.to_owned(),
        format!(r#"{{"scheduleMeeting": {{"slug": "m", "title": "M", "plannedFor": "2026-01-06", {evidence}}}}}"#),
        moved("2026-01-08"),
        moved("2026-01-06"),
        moved("2026-01-08"),
    ]
    .join("\n");
    let report = import(&desk, lines.as_bytes(), "desk", &mut |_| {}).unwrap();
    assert_eq!((report.recorded, report.already_there), (5, 0));
    let views = desk.views();
    let planned = views
        .meetings
        .get("m")
        .and_then(|m| m.planned_for())
        .and_then(|d| d.edtf().map(str::to_owned));
    assert_eq!(planned.as_deref(), Some("2026-01-08"));
    let again = import(&desk, lines.as_bytes(), "desk", &mut |_| {}).unwrap();
    assert_eq!((again.recorded, again.already_there), (0, 5));
}

/// The idempotency keys of all fixtures.
fn keys() -> Vec<String> {
    let files = files();
    let lines = files
        .iter()
        .flat_map(|(_, text)| text.lines())
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let key = |line: serde_json::Value| {
        Some(
            line.as_object()?.values().next()?["idempotencyKey"]
                .as_str()?
                .to_owned(),
        )
    };
    lines.filter_map(key).collect()
}

/// The ids of the facts in one list of a file of facts.
fn ids(file: &str, list: &str) -> Vec<String> {
    let facts: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(fixture("facts").join(file)).unwrap()).unwrap();
    let facts = facts[list].as_array().unwrap();
    facts
        .iter()
        .map(|fact| fact["id"].as_str().unwrap().to_owned())
        .collect()
}

/// What follows `prefix` in every key that has it.
fn after<'a>(keys: &'a [String], prefix: &str) -> Vec<&'a str> {
    keys.iter().filter_map(|key| key.strip_prefix(prefix)).collect()
}

/// Each id is one key; every other key is an id and what `further` knows.
fn assert_reasons(keys: &[&str], ids: &[String], further: fn(&str) -> bool) {
    for id in ids {
        assert_eq!(
            keys.iter().filter(|key| *key == id).count(),
            1,
            "commands with the key {id}"
        );
    }
    for key in keys {
        let of = |id: &String| {
            key.strip_prefix(id.as_str())
                .is_some_and(|rest| rest.is_empty() || further(rest))
        };
        assert!(ids.iter().any(of), "the key {key} names no fact");
    }
}

/// `/2`, `/link-0`, `/vessels`: one more command for the same fact.
fn is_further(rest: &str) -> bool {
    rest.strip_prefix('/').is_some_and(|part| Key::parse(part).is_ok())
}

#[test]
fn every_fact_of_the_report_is_the_reason_of_a_command() {
    let ids = ids("paris-report-2026-01-06.json", "facts");
    assert_eq!(ids.len(), 74);
    assert_reasons(&after(&keys(), "paris-report-2026-01-06/"), &ids, is_further);
}

#[test]
fn every_event_and_document_of_the_year_is_the_reason_of_a_command() {
    let keys = keys();
    let (events, documents) = (
        ids("diplomacy-2025.json", "events"),
        ids("diplomacy-2025.json", "documents"),
    );
    assert_eq!((events.len(), documents.len()), (169, 5));
    let of_document = |key: &str| documents.iter().any(|document| key.starts_with(document.as_str()));
    let (documented, mut rest): (Vec<&str>, Vec<&str>) = after(&keys, "diplomacy-2025/")
        .into_iter()
        .partition(|key| of_document(key));
    for document in &documents {
        assert!(
            documented.iter().any(|key| key.starts_with(document.as_str())),
            "{document}"
        );
    }
    rest.retain(|key| !key.starts_with("sources/"));
    assert_reasons(&rest, &events, is_further);
}
