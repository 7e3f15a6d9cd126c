//! The hand-over between callers, sequencer and readers under many schedules of their threads, each of which can be run again:
//! shuttle prints the schedule of a failure. Runs with the feature `shuttle` alone.
//!
//! `HANDOVERS=20000 cargo test -p rapporteur-desk --features shuttle --test handover`

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use rapporteur_desk::{Desk, DeskError, Outcome, Receipt};
use rapporteur_domain::command::Command;
use rapporteur_log::{AppendError, EventLog, Head, MemoryLog, ReadError, RedactError, Stored};
use serde_json::{Value, json};
use shuttle::future::block_on;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, Runner, thread};
use std::sync::Arc;

/// How many steps of a schedule PCT makes against the order of priorities.
const DEPTH: usize = 4;
/// What a thread of a desk needs: decoding and deciding go deep.
const STACK_BYTES: usize = 4 << 20;

fn schedules() -> usize {
    std::env::var("HANDOVERS").map_or(200, |n| n.parse().unwrap())
}

/// Runs a scenario under random schedules, then under those of PCT, which finds what takes few and rare steps.
fn under_many_schedules(scenario: fn()) {
    let config = || {
        let mut config = Config::new();
        config.stack_size = STACK_BYTES;
        config
    };
    Runner::new(RandomScheduler::new(schedules()), config()).run(scenario);
    Runner::new(PctScheduler::new(DEPTH, schedules()), config()).run(scenario);
}

/// A log on which other threads may go on before and after an append, as on a disk.
#[derive(Default)]
struct Yielding(MemoryLog);

impl EventLog for Yielding {
    fn append(&self, after: &Head, batch: &[Stored]) -> Result<Head, AppendError> {
        thread::yield_now();
        let head = self.0.append(after, batch);
        thread::yield_now();
        head
    }
    fn read(&self, after: u64, limit: usize) -> Result<Vec<Stored>, ReadError> {
        thread::yield_now();
        self.0.read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.0.head()
    }
    fn unwritable(&self) -> Option<String> {
        None
    }
    fn redact(&self, position: u64) -> Result<(), RedactError> {
        self.0.redact(position)
    }
}

fn log() -> Arc<dyn EventLog> {
    Arc::new(Yielding::default())
}

fn open(log: &Arc<dyn EventLog>) -> Desk {
    let clock = Arc::new(|| "2026-01-06T18:00:00Z".parse().unwrap());
    Desk::open(Arc::clone(log), clock, &mut |_| {}).unwrap()
}

fn topic(slug: &str) -> Value {
    json!({ "registerTopic": { "slug": slug, "label": "A topic" } })
}

fn record(desk: &Desk, command: &Value) -> Result<Vec<Receipt>, DeskError> {
    match block_on(desk.record(vec![Command::parse(command.clone())], "test"))? {
        Outcome::Recorded(receipts) => Ok(receipts),
        other => panic!("{command}: {other:?}"),
    }
}

/// Records a topic, and looks for it in the views.
fn recorded(desk: &Desk, slug: &str) -> u64 {
    let receipts = record(desk, &topic(slug)).unwrap();
    let position = receipts.first().unwrap().position;
    let views = desk.views();
    assert!(views.position() >= position, "acknowledged and not in the views");
    assert!(views.timeline.recorded(position).is_some());
    position
}

/// What a desk shows in the end is what its log holds, each event once.
fn check(desk: &Desk, log: &Arc<dyn EventLog>, events: u64) {
    assert_eq!(log.head().unwrap().position, events);
    let (shown, anew) = (desk.views(), open(log).views());
    assert_eq!(shown.position(), events);
    assert_eq!(shown.digests(), anew.digests());
}

#[test]
fn what_is_acknowledged_is_in_the_views_and_each_has_its_position() {
    under_many_schedules(|| {
        let log = log();
        let desk = open(&log);
        let clients: Vec<_> = (0..3)
            .map(|client| {
                let desk = desk.clone();
                thread::spawn(move || {
                    let first = recorded(&desk, &format!("t{client}-a"));
                    let second = recorded(&desk, &format!("t{client}-b"));
                    assert!(first < second, "the later one comes first");
                    [first, second]
                })
            })
            .collect();
        let mut positions: Vec<u64> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        positions.sort_unstable();
        assert_eq!(positions, (1..=6).collect::<Vec<_>>());
        check(&desk, &log, 6);
    });
}

#[test]
fn who_listens_hears_of_every_event_and_of_none_that_is_not_in_the_log() {
    under_many_schedules(|| {
        let log = log();
        let desk = open(&log);
        let (heard, stored) = (desk.clone(), Arc::clone(&log));
        let listener = thread::spawn(move || {
            let mut last = 0;
            while last < 4 {
                let grown = heard.grown();
                let position = heard.views().position();
                assert!(position >= last, "the views went back");
                assert!(position <= stored.head().unwrap().position, "shown before it is stored");
                if position == last {
                    block_on(grown);
                }
                last = position;
            }
        });
        let writers: Vec<_> = (0..2)
            .map(|client| {
                let desk = desk.clone();
                thread::spawn(move || {
                    recorded(&desk, &format!("t{client}-a"));
                    recorded(&desk, &format!("t{client}-b"));
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        listener.join().unwrap();
        check(&desk, &log, 4);
    });
}

#[test]
fn the_same_key_sent_twice_at_once_is_recorded_once() {
    under_many_schedules(|| {
        let log = log();
        let desk = open(&log);
        let command = || json!({ "registerTopic": { "slug": "t", "label": "A topic", "idempotencyKey": "k" } });
        let clients: Vec<_> = (0..3)
            .map(|_| {
                let desk = desk.clone();
                thread::spawn(move || {
                    let receipts = record(&desk, &command()).unwrap();
                    let receipt = receipts.first().unwrap();
                    (receipt.position, receipt.already_there)
                })
            })
            .collect();
        let answers: Vec<_> = clients.into_iter().map(|client| client.join().unwrap()).collect();
        assert!(answers.iter().all(|(position, _)| *position == 1), "{answers:?}");
        assert_eq!(answers.iter().filter(|(_, there)| !there).count(), 1, "{answers:?}");
        check(&desk, &log, 1);
    });
}

#[test]
fn a_desk_that_is_let_go_answers_everything_it_was_given() {
    under_many_schedules(|| {
        let log = log();
        let desk = open(&log);
        let clients: Vec<_> = (0..3)
            .map(|client| {
                let sent = desk.send_batch(vec![Command::parse(topic(&format!("t{client}")))], "test");
                thread::spawn(move || sent.unwrap().wait())
            })
            .collect();
        drop(desk);
        for client in clients {
            let answer = client.join().unwrap();
            assert!(matches!(answer, Ok(Outcome::Recorded(_))), "{answer:?}");
        }
        check(&open(&log), &log, 3);
    });
}

#[test]
fn a_rebuild_taken_over_while_others_record_loses_nothing() {
    under_many_schedules(|| {
        let log = log();
        let desk = open(&log);
        recorded(&desk, "before");
        let (writer, rebuilder) = (desk.clone(), desk.clone());
        let writer = thread::spawn(move || {
            recorded(&writer, "during-a");
            recorded(&writer, "during-b");
        });
        let rebuilder = thread::spawn(move || {
            let rebuilt = rebuilder.rebuild(&mut |_| {}).unwrap();
            assert!(rebuilt.same() && rebuilt.taken_over);
        });
        writer.join().unwrap();
        rebuilder.join().unwrap();
        check(&desk, &log, 3);
    });
}

#[test]
fn a_rename_beside_records_and_a_rebuild_is_shown_in_todays_names() {
    under_many_schedules(|| {
        let log = log();
        let desk = open(&log);
        recorded(&desk, "was");
        let (writer, renamer, rebuilder) = (desk.clone(), desk.clone(), desk.clone());
        let writer = thread::spawn(move || {
            recorded(&writer, "other");
        });
        let renamer = thread::spawn(move || {
            let rename = json!({ "renameDossier": { "dossier": "was", "slug": "is" } });
            record(&renamer, &rename).unwrap();
            assert!(
                renamer.views().timeline.dossier("is").is_some(),
                "acknowledged and not shown"
            );
        });
        let rebuilder = thread::spawn(move || {
            // Where all was folded anew meanwhile, that was a rebuild too.
            rebuilder.rebuild(&mut |_| {}).unwrap();
        });
        writer.join().unwrap();
        renamer.join().unwrap();
        rebuilder.join().unwrap();
        assert!(desk.views().timeline.dossier("was").is_none());
        check(&desk, &log, 3);
    });
}

#[test]
fn two_desks_on_one_log_decide_again_and_miss_nothing() {
    under_many_schedules(|| {
        let log = log();
        let desks = [open(&log), open(&log)];
        let clients: Vec<_> = desks
            .iter()
            .enumerate()
            .map(|(n, desk)| {
                let desk = desk.clone();
                thread::spawn(move || {
                    recorded(&desk, &format!("t{n}-a"));
                    recorded(&desk, &format!("t{n}-b"));
                })
            })
            .collect();
        clients.into_iter().for_each(|client| client.join().unwrap());
        recorded(&desks[0], "last-a");
        recorded(&desks[1], "last-b");
        check(&desks[1], &log, 6);
    });
}
