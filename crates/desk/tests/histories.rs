//! Whatever is recorded in whatever order: views caught up in any cuts are those rebuilt, and nothing is recorded twice.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use rapporteur_desk::{Desk, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_log::{EventLog, MemoryLog, Recorded};
use rapporteur_testkit::histories::{Step, command, ground};
use rapporteur_views::Views;
use serde_json::Value;
use std::sync::Arc;

fn open(log: &Arc<MemoryLog>) -> Desk {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let log: Arc<dyn EventLog> = Arc::clone(log) as _;
    Desk::open(log, Arc::new(move || now), &mut |_| {}).unwrap()
}

fn record(desk: &Desk, command: Value) -> Outcome {
    desk.send_batch(vec![Command::parse(command)], "test")
        .unwrap()
        .wait()
        .unwrap()
}

/// A desk that recorded the ground and these steps, as far as they can be recorded.
fn given(steps: &[Step]) -> (Arc<MemoryLog>, Desk) {
    let log = Arc::default();
    let desk = open(&log);
    for command in ground().into_iter().chain(steps.iter().copied().map(command)) {
        record(&desk, command);
    }
    (log, desk)
}

fn fold(mut views: Views, events: &[Arc<Recorded>]) -> Views {
    events.iter().for_each(|event| views.apply(event));
    views
}

fn histories() -> impl Strategy<Value = Vec<Step>> {
    vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn catching_up_in_any_cuts_equals_rebuilding(steps in histories(), mut cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        let (log, desk) = given(&steps);
        let stored = log.read(0, 10_000).unwrap();
        let events: Vec<Arc<Recorded>> = stored.iter().map(|s| Arc::new(Recorded::decode(s).unwrap())).collect();
        let whole = fold(Views::default(), &events).digests();
        prop_assert_eq!(&desk.views().digests(), &whole, "served live");
        let mut at: Vec<usize> = cuts.drain(..).map(|cut| cut.index(events.len() + 1)).collect();
        at.sort_unstable();
        let (mut views, mut from) = (Views::default(), 0);
        for cut in at.into_iter().chain([events.len()]) {
            let snapshot = views.clone();
            let before = snapshot.digests();
            views = fold(views, &events[from..cut]);
            prop_assert_eq!(snapshot.digests(), before, "a snapshot changed under its reader");
            from = cut;
        }
        prop_assert_eq!(views.digests(), whole);
    }

    #[test]
    fn a_desk_opened_again_decides_as_the_one_before(steps in histories(), more in histories()) {
        let (log, live) = given(&steps);
        let copy = Arc::new(MemoryLog::default());
        copy.append(&rapporteur_log::Head::EMPTY, &log.read(0, 10_000).unwrap()).unwrap();
        let opened = open(&copy);
        for step in more.into_iter().chain(steps) {
            let told = |outcome| match outcome {
                Outcome::Recorded(receipts) => {
                    let seen = receipts.into_iter().map(|r| (r.position, r.version, r.already_there)).collect::<Vec<_>>();
                    format!("{seen:?}")
                }
                other => format!("{other:?}"),
            };
            prop_assert_eq!(told(record(&live, command(step))), told(record(&opened, command(step))));
        }
        let rebuilt = live.rebuild(&mut |_| {}).unwrap().same();
        prop_assert!(rebuilt);
    }

    #[test]
    fn said_again_at_once_it_is_there_already(steps in histories()) {
        let (_, desk) = given(&[]);
        for step in steps {
            if let Outcome::Recorded(first) = record(&desk, command(step)) {
                match record(&desk, command(step)) {
                    Outcome::Recorded(again) => {
                        prop_assert_eq!(again[0].position, first[0].position);
                        prop_assert!(again[0].already_there);
                    }
                    other => prop_assert!(false, "{:?} after {:?}", other, first),
                }
            }
        }
    }
}
