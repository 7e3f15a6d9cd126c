//! Two desks on one log, and a log that fails: whoever loses a race decides again, and nobody is told what is not so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::desk::chain;
use rapporteur_desk::{Desk, DeskError, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::Rule;
use rapporteur_log::{AppendError, EventLog, Head, MemoryLog, ReadError, RedactError, Stored};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

fn open(log: Arc<dyn EventLog>) -> Desk {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    Desk::open(log, Arc::new(move || now), &mut |_| {}).unwrap()
}

fn topic(slug: &str, label: &str) -> Value {
    json!({ "registerTopic": { "slug": slug, "label": label } })
}

fn record(desk: &Desk, command: Value) -> Result<Outcome, DeskError> {
    desk.send_batch(vec![Command::parse(command)], "test").unwrap().wait()
}

#[test]
fn two_desks_on_one_log_give_every_position_once_and_see_each_others_records() {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let desks = [open(Arc::clone(&log)), open(Arc::clone(&log))];
    let positions: Vec<u64> = scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let desk = &desks[writer % 2];
                scope.spawn(move || {
                    let each = |n: usize| loop {
                        match record(desk, topic(&format!("w{writer}-{n}"), "T")) {
                            Ok(Outcome::Recorded(receipts)) => return receipts[0].position,
                            Err(DeskError::Raced) => {}
                            other => panic!("{other:?}"),
                        }
                    };
                    (0..50).map(each).collect::<Vec<u64>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let mut sorted = positions;
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(1..=400));
    let taken = topic("w0-0", "Other");
    for desk in &desks {
        match record(desk, taken.clone()).unwrap() {
            Outcome::Refused(refusals) => assert_eq!(refusals[0].rule, Rule::SlugTaken),
            other => panic!("{other:?}"),
        }
        record(desk, topic("last", "T")).unwrap();
        assert!(desk.rebuild(&mut |_| {}).unwrap().same());
    }
    assert_eq!(log.head().unwrap().position, 401);
}

#[test]
fn a_slug_that_another_desk_took_first_is_refused_after_the_race() {
    let log: Arc<dyn EventLog> = Arc::new(MemoryLog::default());
    let (one, two) = (open(Arc::clone(&log)), open(log));
    record(&one, topic("ceasefire", "One")).unwrap();
    match record(&two, topic("ceasefire", "Two")).unwrap() {
        Outcome::Refused(refusals) => assert_eq!(refusals[0].rule, Rule::SlugTaken),
        other => panic!("{other:?}"),
    }
    match record(&two, topic("ceasefire", "One")).unwrap() {
        Outcome::Recorded(receipts) => assert!(receipts[0].already_there),
        other => panic!("{other:?}"),
    }
}

/// A log whose disk fills up when it is told to.
struct Filling {
    log: MemoryLog,
    full: AtomicBool,
}

impl EventLog for Filling {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        if self.full.load(Ordering::SeqCst) {
            let error = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Err(AppendError::Storage(Box::new(error)));
        }
        self.log.append(after, batch)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.log.read(after, limit)
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

#[test]
fn when_the_disk_is_full_new_records_fail_and_everything_else_is_answered() {
    let log = Arc::new(Filling {
        log: MemoryLog::default(),
        full: AtomicBool::new(false),
    });
    let desk = open(Arc::clone(&log) as Arc<dyn EventLog>);
    record(&desk, topic("there", "T")).unwrap();
    let before = desk.views().digests();
    log.full.store(true, Ordering::SeqCst);
    let sent: Vec<_> = [topic("new", "T"), topic("there", "T"), topic("there", "Other")]
        .into_iter()
        .map(|command| desk.send_batch(vec![Command::parse(command)], "test").unwrap())
        .collect();
    let answers: Vec<_> = sent.into_iter().map(|pending| pending.wait()).collect();
    let Err(error @ DeskError::Shared(_)) = &answers[0] else {
        panic!("{:?}", answers[0]);
    };
    assert!(error.append().is_some_and(AppendError::is_disk_full), "{error:?}");
    assert_eq!(
        chain(error),
        "the log could not write; it takes no more writes until it is opened again: no storage space"
    );
    assert!(matches!(&answers[1], Ok(Outcome::Recorded(r)) if r[0].already_there));
    assert!(matches!(&answers[2], Ok(Outcome::Refused(r)) if r[0].rule == Rule::SlugTaken));
    assert_eq!(desk.views().digests(), before, "what was not written is not shown");
    log.full.store(false, Ordering::SeqCst);
    record(&desk, topic("new", "T")).unwrap();
    assert_eq!(log.head().unwrap().position, 2);
}
