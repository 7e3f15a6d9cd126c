//! Views are folds: catching up in any cut equals rebuilding, and every event shows in a digest.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::Desk;
use rapporteur_desk::import::import;
use rapporteur_log::{EventLog, MemoryLog, Recorded};
use rapporteur_views::{View, Views};
use std::path::Path;
use std::sync::Arc;

/// The facts of the Paris report, as recorded events.
fn history() -> Vec<Arc<Recorded>> {
    let log: Arc<MemoryLog> = Arc::default();
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let desk = Desk::open(
        Arc::clone(&log) as Arc<dyn EventLog>,
        Arc::new(move || now),
        &mut |_| {},
    )
    .unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/commands/01-paris-report.ndjson");
    let report = import(&desk, std::fs::read(path).unwrap().as_slice(), "test", &mut |_| {}).unwrap();
    assert_eq!(report.refused, 0);
    let stored = log.read(0, 10_000).unwrap();
    stored.iter().map(|s| Arc::new(Recorded::decode(s).unwrap())).collect()
}

fn fold(mut views: Views, events: &[Arc<Recorded>]) -> Views {
    events.iter().for_each(|event| views.apply(event));
    views
}

#[test]
fn catching_up_from_any_cut_equals_rebuilding_and_leaves_the_snapshot_as_it_was() {
    let history = history();
    let whole = fold(Views::default(), &history).digests();
    for cut in 0..=history.len() {
        let (old, new) = history.split_at(cut);
        let snapshot = fold(Views::default(), old);
        let before = snapshot.digests();
        assert_eq!(fold(snapshot.clone(), new).digests(), whole, "cut at {cut}");
        assert_eq!(
            snapshot.digests(),
            before,
            "a reader's snapshot does not change under it"
        );
    }
}

#[test]
fn every_event_changes_the_timelines_digest_and_a_redacted_one_shows() {
    let history = history();
    let mut views = Views::default();
    let mut last = views.timeline.digest();
    for event in &history {
        views.apply(event);
        let now = views.timeline.digest();
        assert_ne!(now, last, "position {}", event.header.position);
        last = now;
    }
    let mut redacted: Vec<Arc<Recorded>> = history.clone();
    let header = redacted[40].header.clone();
    redacted[40] = Arc::new(Recorded::new(header, None));
    assert_ne!(fold(Views::default(), &redacted).timeline.digest(), last);
}
