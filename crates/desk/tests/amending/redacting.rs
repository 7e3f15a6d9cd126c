//! What an event says can be taken out for good: header and chain stay.

use crate::desk::*;
use rapporteur_desk::check::check_events;
use rapporteur_log::{Payload, Stored};
use rapporteur_views::moment::{Moment, Published};
use serde_json::json;

fn stored(given: &Given, position: u64) -> Stored {
    given.log.read(position - 1, 1).unwrap().remove(0)
}

#[test]
fn a_redaction_takes_the_payload_and_leaves_the_chain() {
    let given = given(&[source(), claim("c", "Lives in Harbour Street."), claim("d", "Other.")]);
    let hash = stored(&given, 2).header.hash;
    assert!(given.at(2).claims.get("c").is_some());
    let receipt = given.records(redact("c", 2));
    assert_eq!((receipt.position, receipt.version), (4, 2));
    assert_eq!(stored(&given, 2).payload, Payload::Redacted);
    assert_eq!(stored(&given, 2).header.hash, hash);
    let views = given.desk.views();
    assert!(views.claims.get("c").is_none() && views.claims.get("d").is_some());
    assert!(given.at(2).claims.get("c").is_none(), "as of before, too");
    let event = views.timeline.recorded(2).unwrap();
    assert!(event.as_written().is_none());
    assert_eq!(event.amended.as_ref().unwrap().redacted, Some(4));
    let checked = check_events(&*given.log, &mut |_| {}).unwrap();
    assert_eq!(checked.redacted.into_iter().collect::<Vec<_>>(), [(2, 4)]);
    assert!(checked.unlawful.is_empty() && checked.owed.is_empty());
    given.holds();
}

#[test]
fn a_payload_that_is_gone_without_a_record_is_told() {
    let given = given(&[source(), claim("c", "Ten."), claim("d", "Other.")]);
    given.log.redact(2).unwrap();
    let checked = check_events(&*given.log, &mut |_| {}).unwrap();
    assert_eq!(checked.unlawful.into_iter().collect::<Vec<_>>(), [2]);
    let opened = Given {
        desk: open(&given.log),
        log: given.log,
    };
    opened.records(redact("c", 2));
    let checked = check_events(&*opened.log, &mut |_| {}).unwrap();
    assert!(checked.unlawful.is_empty(), "a record makes it lawful");
    assert_eq!(checked.redacted.into_iter().collect::<Vec<_>>(), [(2, 4)]);
}

#[test]
fn exactly_the_position_named_is_redacted() {
    let given = given(&[source(), claim("c", "Ten."), correcting(2, claim("c", "Two."))]);
    given.records(redact("c", 2));
    let gone = |position| stored(&given, position).payload == Payload::Redacted;
    assert_eq!([2, 3, 4].map(gone), [true, false, false]);
    assert!(given.desk.views().claims.get("c").is_some(), "what is right stands");
    given.holds();
    given.records(redact("c", 4));
    assert!(gone(4));
    assert!(given.desk.views().claims.get("c").is_none());
    given.holds();
}

#[test]
fn what_was_retracted_can_be_redacted_and_a_redaction_is_recorded_once() {
    let given = given(&[source(), claim("c", "Ten."), retract("c", 2)]);
    let first = given.records(redact("c", 2));
    let again = given.records(redact("c", 2));
    assert_eq!((again.position, again.already_there), (first.position, true));
    assert_eq!(stored(&given, 2).payload, Payload::Redacted);
    given.holds();
}

#[test]
fn opening_a_store_finishes_a_redaction_that_is_recorded() {
    let given = given(&[source(), claim("c", "Ten.")]);
    // A log that ends right after the record of the redaction, the payload still there: the process ended in between.
    let kept = stored(&given, 2);
    given.records(redact("c", 2));
    let mut events = given.log.read(0, 100).unwrap();
    events[1] = kept;
    let log: std::sync::Arc<dyn rapporteur_log::EventLog> = std::sync::Arc::new(rapporteur_log::MemoryLog::default());
    log.append(&rapporteur_log::Head::EMPTY, &events).unwrap();
    assert_eq!(
        check_events(&*log, &mut |_| {})
            .unwrap()
            .owed
            .into_iter()
            .collect::<Vec<_>>(),
        [2]
    );
    let desk = open(&log);
    assert!(desk.views().claims.get("c").is_none());
    assert!(desk.views().timeline.recorded(2).unwrap().as_written().is_none());
    assert_eq!(log.read(1, 1).unwrap()[0].payload, Payload::Redacted);
    assert!(check_events(&*log, &mut |_| {}).unwrap().owed.is_empty());
}

#[test]
fn a_rehearsal_of_a_redaction_leaves_the_log_as_it_is() {
    let given = given(&[source(), claim("c", "Ten.")]);
    let rehearsal = rapporteur_desk::rehearsal::Rehearsal::on(std::sync::Arc::clone(&given.log)).unwrap();
    let log: std::sync::Arc<dyn rapporteur_log::EventLog> = std::sync::Arc::new(rehearsal);
    let tried = Given { desk: open(&log), log };
    tried.records(redact("c", 2));
    assert!(tried.desk.views().claims.get("c").is_none());
    assert_eq!(stored(&tried, 2).payload, Payload::Redacted);
    tried.holds();
    assert_ne!(stored(&given, 2).payload, Payload::Redacted);
    assert_eq!(given.head(), 2);
}

#[test]
fn a_reason_may_not_be_left_out() {
    let given = given(&[source(), claim("c", "Ten.")]);
    for name in ["redactRecord", "retractRecord"] {
        let refused = given.refuses(json!({ name: { "dossier": "c", "position": 2 } }));
        assert!(refused.field.ends_with("reason"), "{}", refused.field);
    }
}

/// A reader may have taken its snapshot before the redaction, and ask of the past after it.
#[test]
fn what_a_late_reader_folds_is_kept_for_nobody() {
    let given = given(&[source(), claim("c", "Lives in Harbour Street."), claim("d", "Other.")]);
    let before = given.desk.views();
    given.records(redact("c", 2));
    let published = Moment::published(Published::by("2026-01-20".parse().unwrap()));
    for moment in [Moment::recorded(2), Moment::recorded(3), published] {
        given.desk.views_as_of(&before, moment).unwrap();
        assert!(
            given.desk.views_at_hand(&given.desk.views(), moment).is_none(),
            "{moment}"
        );
        let now = given.desk.views_as_of(&given.desk.views(), moment).unwrap();
        assert!(now.claims.get("c").is_none(), "{moment}");
        let told = now.timeline.recorded(2).and_then(|told| told.as_written().cloned());
        assert!(told.is_none(), "{moment}");
    }
}
