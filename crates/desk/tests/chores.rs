//! Long work beside the recording: one of a kind at a time, its progress told, and its end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use rapporteur_desk::check::check_events;
use rapporteur_desk::chores::{Chore, Chores};
use rapporteur_desk::{Desk, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_log::{AppendError, EventLog, Head, MemoryLog, ReadError, RedactError, Stored};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A log that answers reads only up to a position, until it is told otherwise; it counts those that wait.
#[derive(Default)]
struct Slow {
    log: MemoryLog,
    up_to: AtomicU64,
    waiting: AtomicU64,
}

impl EventLog for Slow {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        self.log.append(after, batch)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        while after >= self.up_to.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.log.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.log.head()
    }
    fn unwritable(&self) -> Option<String> {
        None
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        self.log.redact(position)
    }
}

fn desk(events: usize) -> (Arc<Slow>, Desk) {
    let log = Arc::new(Slow::default());
    let clock = Arc::new(|| "2026-01-06T18:00:00Z".parse().unwrap());
    let desk = Desk::open(Arc::clone(&log) as Arc<dyn EventLog>, clock, &mut |_| {}).unwrap();
    for n in 0..events {
        let topic = json!({ "registerTopic": { "slug": format!("t{n}"), "label": "A topic" } });
        let sent = desk.send_batch(vec![Command::parse(topic)], "test").unwrap().wait();
        assert!(matches!(sent, Ok(Outcome::Recorded(_))), "{sent:?}");
    }
    (log, desk)
}

#[track_caller]
fn wait_for(what: impl Fn() -> bool) {
    let began = Instant::now();
    while !what() {
        assert!(began.elapsed() < Duration::from_secs(30), "it does not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn ended<T: Send + Sync + 'static>(chores: &Chores<T>) -> Chore<T> {
    wait_for(|| chores.last().is_some_and(|chore| chore.ended.is_some()));
    chores.last().unwrap()
}

#[test]
fn a_rebuild_that_is_begun_again_is_the_same_one_and_tells_how_far_it_is() {
    let (log, desk) = desk(2_500);
    assert!(desk.rebuilds().last().is_none());
    log.up_to.store(2_000, Ordering::SeqCst);
    desk.begin_rebuild().unwrap();
    wait_for(|| log.waiting.load(Ordering::SeqCst) == 3);
    let running = desk.rebuilds().last().unwrap();
    assert!(running.ended.is_none() && running.result.is_none());
    assert_eq!((running.progress.done, running.progress.total), (2_000, 2_500));
    desk.begin_rebuild().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(log.waiting.load(Ordering::SeqCst), 3, "a second one reads");
    log.up_to.store(u64::MAX, Ordering::SeqCst);
    let chore = ended(desk.rebuilds());
    let rebuilt = chore.result.unwrap();
    let rebuilt = rebuilt.as_ref().as_ref().unwrap();
    assert!(rebuilt.same() && rebuilt.taken_over);
    assert_eq!(rebuilt.position, 2_500);
    assert_eq!((chore.progress.done, chore.progress.total), (2_500, 2_500));
    desk.begin_rebuild().unwrap();
    assert!(ended(desk.rebuilds()).result.unwrap().is_ok(), "another one after it");
}

#[test]
fn a_check_goes_on_while_events_are_recorded_and_counts_each_event_twice() {
    let (log, desk) = desk(1_500);
    log.up_to.store(1_000, Ordering::SeqCst);
    desk.begin_check().unwrap();
    wait_for(|| log.waiting.load(Ordering::SeqCst) == 2);
    let topic = json!({ "registerTopic": { "slug": "meanwhile", "label": "A topic" } });
    let sent = desk.send_batch(vec![Command::parse(topic)], "test").unwrap().wait();
    assert!(matches!(sent, Ok(Outcome::Recorded(_))), "{sent:?}");
    assert_eq!(desk.checks().last().unwrap().progress.done, 1_000);
    log.up_to.store(u64::MAX, Ordering::SeqCst);
    let chore = ended(desk.checks());
    let found = chore.result.unwrap();
    let found = found.as_ref().as_ref().unwrap();
    assert!(found.is_whole(), "{found:?}");
    assert_eq!(found.report.head.position, 1_500);
    assert_eq!(chore.progress.total, 3_000);
}

/// A log that was one event shorter when it was first asked where it ends.
struct Grown {
    log: Arc<Slow>,
    asked: AtomicU64,
}

impl EventLog for Grown {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        self.log.append(after, batch)
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.log.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        let head = self.log.head()?;
        if self.asked.fetch_add(1, Ordering::SeqCst) > 0 {
            return Ok(head);
        }
        Ok(self.log.read(head.position - 2, 1)?.remove(0).header.head())
    }
    fn unwritable(&self) -> Option<String> {
        None
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        self.log.redact(position)
    }
}

#[test]
fn what_is_redacted_while_a_check_goes_on_is_lawful() {
    let (log, desk) = desk(3);
    log.up_to.store(u64::MAX, Ordering::SeqCst);
    let redact = json!({ "redactRecord": { "dossier": "t1", "position": 2, "reason": "A home address." } });
    let sent = desk.send_batch(vec![Command::parse(redact)], "test").unwrap().wait();
    assert!(matches!(sent, Ok(Outcome::Recorded(_))), "{sent:?}");
    let asked = AtomicU64::new(0);
    let grown = Grown { log, asked };
    let found = check_events(&grown, &mut |_| {}).unwrap();
    assert_eq!(found.head.position, 3);
    assert!(found.unlawful.is_empty() && found.owed.is_empty(), "{found:?}");
    assert_eq!(found.redacted.into_iter().collect::<Vec<_>>(), [(2, 4)]);
}

#[test]
fn a_chore_that_fails_or_panics_says_so_and_another_can_be_begun() {
    let (log, desk) = desk(1);
    log.up_to.store(u64::MAX, Ordering::SeqCst);
    let chores = Chores::<u8>::default();
    let clock = || Arc::new(|| "2026-01-06T18:00:00Z".parse().unwrap());
    chores
        .begin("fails", clock(), |_| Err(rapporteur_desk::DeskError::Raced))
        .unwrap();
    let failed = ended(&chores).result.unwrap();
    assert!(failed.as_ref().as_ref().unwrap_err().contains("other writers"));
    chores.begin("panics", clock(), |_| panic!("as it should")).unwrap();
    wait_for(|| chores.last().unwrap().result.is_some());
    let panicked = ended(&chores).result.unwrap();
    assert!(panicked.as_ref().as_ref().unwrap_err().contains("it panicked"));
    chores.begin("ends", clock(), |_| Ok(7)).unwrap();
    wait_for(|| chores.last().unwrap().result.is_some());
    assert_eq!(ended(&chores).result.unwrap().as_ref().as_ref().unwrap(), &7);
    desk.begin_check().unwrap();
    assert!(ended(desk.checks()).result.unwrap().is_ok());
}
