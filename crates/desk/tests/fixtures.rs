//! The fixtures are recorded whole: every line, once, and the log tells the same story from its start.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::import::{Report, import};
use rapporteur_desk::{Clock, Desk};
use rapporteur_log::MemoryLog;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FILES: [&str; 2] = ["01-paris-report.ndjson", "02-background-2025-12.ndjson"];

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path)
}

fn text(file: &str) -> String {
    fs::read_to_string(fixture("commands").join(file)).unwrap()
}

fn desk() -> Desk {
    let morning: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let clock: Clock = Arc::new(move || morning);
    Desk::open(Arc::new(MemoryLog::default()), clock, &mut |_| {}).unwrap()
}

/// Imports one fixture; shows every refusal and fails if there is one.
fn load(desk: &Desk, file: &str, dry_run: bool) -> Report {
    let report = import(desk, text(file).as_bytes(), "desk", dry_run, &mut |_| {}).unwrap();
    for refused in &report.refused {
        for refusal in &refused.refusals {
            eprintln!("{file} line {}: {refusal:?}", refused.line);
        }
    }
    assert!(
        report.refused.is_empty(),
        "{file}: {} lines refused",
        report.refused.len()
    );
    report
}

#[test]
fn every_line_is_recorded_once_and_the_rebuilt_views_are_the_same() {
    let desk = desk();
    let mut events = 0;
    for file in FILES {
        let lines = text(file).lines().count() as u64;
        let first = load(&desk, file, false);
        events += lines;
        println!("{file}: {} recorded", first.recorded);
        assert_eq!(
            (first.recorded, first.already_there, desk.views().position()),
            (lines, 0, events)
        );
    }
    for file in FILES {
        let again = load(&desk, file, false);
        assert_eq!(
            (again.recorded, again.already_there),
            (0, text(file).lines().count() as u64),
            "{file} again"
        );
    }
    let rebuilt = desk.rebuild(&mut |_| {}).unwrap();
    assert_eq!(rebuilt.position, events);
    assert!(rebuilt.same(), "rebuilt views differ");
}

#[test]
fn a_dry_run_says_what_would_be_recorded_and_writes_nothing() {
    let desk = desk();
    load(&desk, FILES[0], false);
    let before = desk.views().position();
    let lines = text(FILES[1]).lines().count() as u64;
    let rehearsed = load(&desk, FILES[1], true);
    assert_eq!((rehearsed.recorded, rehearsed.already_there), (lines, 0));
    assert_eq!(desk.views().position(), before);
}

#[test]
fn every_fact_of_the_report_is_the_reason_of_a_command() {
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(fixture("facts/paris-report-2026-01-06.json")).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = FILES
        .map(text)
        .join("")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let keys: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.as_object()?.values().next()?["idempotencyKey"].as_str())
        .collect();
    let facts = report["facts"].as_array().unwrap();
    assert_eq!(facts.len(), 74);
    for fact in facts {
        let key = format!("paris-report-2026-01-06/{}", fact["id"].as_str().unwrap());
        assert_eq!(
            keys.iter().filter(|k| **k == key).count(),
            1,
            "commands with the key {key}"
        );
    }
    for key in keys {
        if key.starts_with("diplomacy-2025/") {
            continue;
        }
        let known = facts.iter().any(|fact| {
            let of_fact = key
                .strip_prefix("paris-report-2026-01-06/")
                .and_then(|k| k.strip_prefix(fact["id"].as_str()?));
            of_fact.is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix('/')
                        .is_some_and(|n| n.parse::<u8>().is_ok_and(|n| n > 1))
            })
        });
        assert!(known, "the key {key} names no fact");
    }
}
