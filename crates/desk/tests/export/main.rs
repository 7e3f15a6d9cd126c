//! Exports and restores, on logs in memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod changes;
mod form;
mod roundtrip;

use chrono::{DateTime, Utc};
use rapporteur_desk::export::Export;
use rapporteur_desk::restore::{RestoreError, Restored, restore};
use rapporteur_desk::{Desk, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_log::{EventLog, MemoryLog};
use serde_json::{Value, json};
use std::sync::Arc;

fn desk(log: &Arc<MemoryLog>) -> Desk {
    let now: DateTime<Utc> = "2026-01-06T18:00:00.25Z".parse().unwrap();
    Desk::open(Arc::clone(log) as _, Arc::new(move || now), &mut |_| {}).unwrap()
}

/// Records a batch.
fn record(desk: &Desk, commands: &[Value]) -> Outcome {
    let commands = commands.iter().cloned().map(Command::parse).collect();
    desk.send_batch(commands, "test").unwrap().wait().unwrap()
}

fn topic(slug: &str) -> Value {
    json!({ "registerTopic": { "slug": slug, "label": format!("The topic \u{201e}{slug}\u{201c}") } })
}

/// Five events: one alone, a batch of three, one with a key and two citations. The second is redacted.
fn small() -> Arc<MemoryLog> {
    let log = Arc::default();
    let desk = desk(&log);
    let source =
        json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "Зеленський", "publisher": "P" } });
    let claim = json!({ "recordClaim": {
        "slug": "c", "summary": "15.5 \"thousand\"", "claimedOn": "2026-01", "idempotencyKey": "mine",
        "quantities": [{ "what": "troops", "value": 15.5 }],
        "evidence": { "citations": [{ "source": "wire" }, { "source": "wire", "attribution": { "speaker": "s" } }] } } });
    for batch in [&[source][..], &[topic("a"), topic("b"), topic("c-d")], &[claim]] {
        let outcome = record(&desk, batch);
        assert!(matches!(outcome, Outcome::Recorded(_)), "{outcome:?}");
    }
    log.redact(2).unwrap();
    log
}

fn export(log: &Arc<MemoryLog>) -> Vec<u8> {
    let pages = Export::begin(Arc::clone(log) as _).unwrap();
    pages.map(Result::unwrap).collect::<Vec<_>>().concat()
}

fn lines(export: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(export).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn file(lines: &[String]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\n"].concat())
        .collect()
}

fn restored(file: &[u8]) -> Result<(Restored, Arc<MemoryLog>), RestoreError> {
    let log = Arc::new(MemoryLog::default());
    restore(file, None, &*log, &mut |_| {}).map(|restored| (restored, log))
}

/// The line that was refused, and why.
#[track_caller]
fn refused(file: &[u8]) -> (u64, String) {
    match restored(file) {
        Err(RestoreError::Refused { line, what }) => (line, what),
        Err(other) => panic!("not refused by line: {other}"),
        Ok((restored, _)) => panic!("restored: {restored:?}"),
    }
}

#[track_caller]
fn refused_saying(file: &[u8], line: u64, words: &str) {
    let (at, what) = refused(file);
    assert!(at == line && what.contains(words), "line {at}: {what}");
}
