//! A log that cannot be read just after a rename: it is acknowledged, and nothing is decided in former names.

use crate::desk::*;
use chrono::{DateTime, Utc};
use rapporteur_desk::desk::chain;
use rapporteur_desk::{Desk, DeskError, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::Rule;
use rapporteur_log::{AppendError, EventLog, Head, MemoryLog, ReadError, RedactError, Stored};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A log that cannot be read beyond a position when it is told so.
struct Unreadable {
    log: MemoryLog,
    from: AtomicU64,
}

impl Unreadable {
    fn beyond(&self, position: u64) {
        self.from.store(position, Ordering::SeqCst);
    }
}

impl EventLog for Unreadable {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        self.log.append(after, batch)
    }
    /// One event at a time, so that a reader meets the fault after it has read something.
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        if after >= self.from.load(Ordering::SeqCst) {
            return Err(ReadError::Storage(Box::new(std::io::Error::other("no cable"))));
        }
        self.log.read(after, limit.min(1))
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.log.head()
    }
    fn unwritable(&self) -> Option<String> {
        self.log.unwritable()
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        self.log.redact(position)
    }
}

struct Broken {
    log: Arc<Unreadable>,
    desk: Desk,
}

fn open(log: &Arc<Unreadable>) -> Desk {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    Desk::open(Arc::clone(log) as Arc<dyn EventLog>, Arc::new(move || now), &mut |_| {}).unwrap()
}

fn given(commands: &[Value]) -> Broken {
    let log = Arc::new(Unreadable {
        log: MemoryLog::default(),
        from: AtomicU64::new(u64::MAX),
    });
    let desk = open(&log);
    commands.iter().for_each(|command| recorded(&desk, command));
    Broken { log, desk }
}

fn send(desk: &Desk, command: &Value) -> Result<Outcome, DeskError> {
    let sent = desk.send_batch(vec![Command::parse(command.clone())], "test");
    sent.unwrap().wait()
}

#[track_caller]
fn recorded(desk: &Desk, command: &Value) {
    let answer = send(desk, command);
    assert!(matches!(answer, Ok(Outcome::Recorded(_))), "{command}: {answer:?}");
}

#[track_caller]
fn refused(desk: &Desk, command: &Value, rule: Rule) {
    match send(desk, command) {
        Ok(Outcome::Refused(refusals)) => assert_eq!(refusals[0].rule, rule, "{command}: {refusals:?}"),
        other => panic!("{command}: {other:?}"),
    }
}

#[track_caller]
fn behind(desk: &Desk, command: &Value) {
    match send(desk, command) {
        Err(error @ DeskError::Behind(_)) => assert_eq!(
            chain(&error),
            "the log could not be read to follow what was recorded last; nothing was written, try again in a moment: \
             the log could not be read: no cable"
        ),
        other => panic!("{command}: {other:?}"),
    }
}

#[track_caller]
fn whole(broken: &Broken) {
    let again = open(&broken.log).views().digests();
    assert_eq!(broken.desk.views().digests(), again, "opened again");
}

#[test]
fn after_a_rename_that_could_not_be_followed_nothing_is_decided_in_former_names() {
    let broken = given(&[source(), person("jd", "Jane Doe"), person("x", "X")]);
    for (change, new_slug) in [(rename("jd", "jane-doe"), "jane-doe"), (merge("x", "jane-doe"), "x")] {
        let before = (broken.desk.views().position(), broken.desk.views().digests());
        // Given a log that fails while what was renamed or merged is followed,
        broken.log.beyond(2);
        match send(&broken.desk, &change) {
            // then what is durable is acknowledged with its place in the log,
            Ok(Outcome::Recorded(receipts)) => {
                assert_eq!((receipts[0].position, receipts[0].already_there), (before.0 + 1, false));
                assert_eq!(receipts[0].hash, broken.log.head().unwrap().hash);
            }
            other => panic!("{change}: {other:?}"),
        }
        // readers see one moment, that of before,
        assert_eq!((broken.desk.views().position(), broken.desk.views().digests()), before);
        // and nothing is decided,
        behind(&broken.desk, &person(new_slug, "John Dee"));
        behind(&broken.desk, &office("jd", "Envoy"));
        assert_eq!(broken.log.head().unwrap().position, before.0 + 1);
        // until the log can be read: then it is decided in the names of today.
        broken.log.beyond(u64::MAX);
        refused(&broken.desk, &person(new_slug, "John Dee"), Rule::SlugTaken);
        match send(&broken.desk, &change) {
            Ok(Outcome::Recorded(receipts)) => assert!(receipts[0].already_there),
            other => panic!("{change}: {other:?}"),
        }
        whole(&broken);
    }
    recorded(&broken.desk, &office("jd", "Envoy"));
    whole(&broken);
}

#[test]
fn what_another_desk_renamed_is_followed_whole_after_a_read_failed_midway() {
    let broken = given(&[source(), person("jd", "Jane Doe")]);
    let other = open(&broken.log);
    recorded(&other, &rename("jd", "jane-doe"));
    recorded(&other, &office("jane-doe", "Envoy"));
    // The rename is read and the office is not: what was learned must not be lost.
    broken.log.beyond(3);
    behind(&broken.desk, &person("jane-doe", "John Dee"));
    broken.log.beyond(u64::MAX);
    refused(&broken.desk, &person("jane-doe", "John Dee"), Rule::SlugTaken);
    recorded(&broken.desk, &office("jd", "Chief negotiator"));
    let views = broken.desk.views();
    assert_eq!(views.timeline.of_dossier("jane-doe").len(), 4);
    whole(&broken);
}

#[test]
fn a_desk_with_nothing_to_do_follows_as_soon_as_the_log_can_be_read() {
    let broken = given(&[source(), person("jd", "Jane Doe")]);
    broken.log.beyond(0);
    recorded(&broken.desk, &rename("jd", "jane-doe"));
    broken.log.beyond(u64::MAX);
    let until = Instant::now() + Duration::from_secs(20);
    while broken.desk.views().parties.get("jane-doe").is_none() {
        assert!(Instant::now() < until, "never followed");
        std::thread::sleep(Duration::from_millis(20));
    }
    whole(&broken);
}
