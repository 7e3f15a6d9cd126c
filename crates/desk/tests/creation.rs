//! What a command names first is registered with it: all of it or nothing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::{Desk, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::Rule;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

fn empty() -> Desk {
    let now: DateTime<Utc> = "2026-01-06T23:00:00Z".parse().unwrap();
    Desk::open(Arc::new(MemoryLog::default()), Arc::new(move || now), &mut |_| {}).unwrap()
}

fn record(desk: &Desk, commands: &[Value]) -> Outcome {
    let commands = commands.iter().cloned().map(Command::parse).collect();
    desk.send_batch(commands, "test").unwrap().wait().unwrap()
}

#[track_caller]
fn refusals(outcome: Outcome) -> Vec<(Rule, String)> {
    match outcome {
        Outcome::Refused(refusals) => refusals.into_iter().map(|r| (r.rule, r.field)).collect(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// A meeting with somebody new, told by a source that is new as well.
fn meeting() -> Value {
    json!({ "scheduleMeeting": {
        "slug": "kyiv-2026-01-07", "title": "Advisers in Kyiv", "plannedFor": "2026-01-07", "topics": ["truce"],
        "participants": [{ "party": "jane-doe" }],
        "evidence": { "citations": [{ "source": "wire-1" }] },
        "create": {
            "parties": [{ "slug": "jane-doe", "kind": "PERSON", "name": "Jane Doe",
                "evidence": { "citations": [{ "source": "wire-1" }] } }],
            "sources": [{ "slug": "wire-1", "publisher": "A wire" }],
            "topics": [{ "slug": "truce", "label": "Truce" }],
        },
    } })
}

#[test]
fn what_a_command_names_first_is_registered_before_it_in_one_batch() {
    // Given nothing.
    let desk = empty();
    // When a meeting brings its source, its topic and its participant along.
    let outcome = record(&desk, &[meeting()]);
    // Then there is one receipt, for the meeting, and four events in one batch, the source first.
    let Outcome::Recorded(receipts) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((receipts.len(), receipts[0].position), (1, 4));
    let views = desk.views();
    let kinds: Vec<_> = (1..=4)
        .map(|at| views.timeline.recorded(at).unwrap().header.clone())
        .collect();
    let told: Vec<(&str, u64)> = kinds.iter().map(|h| (&*h.kind, h.batch)).collect();
    assert_eq!(
        told,
        [
            ("source.registered", 1),
            ("topic.registered", 1),
            ("party.registered", 1),
            ("meeting.scheduled", 1)
        ]
    );
    // And sent again, nothing is.
    let Outcome::Recorded(again) = record(&desk, &[meeting()]) else {
        panic!()
    };
    assert!(again[0].already_there && again[0].position == 4 && desk.views().position() == 4);
}

#[test]
fn what_is_there_with_the_same_content_is_left_and_other_content_is_refused() {
    // Given the source, registered on its own.
    let desk = empty();
    record(
        &desk,
        &[json!({ "registerSource": { "slug": "wire-1", "publisher": "A wire" } })],
    );
    // When the meeting brings it along once more, then only the rest is new.
    record(&desk, &[meeting()]);
    assert_eq!(desk.views().position(), 4);
    // When somebody else is called by the slug of the participant, then the whole command is refused.
    let mut other = meeting();
    other["scheduleMeeting"]["slug"] = json!("kyiv-2026-01-08");
    other["scheduleMeeting"]["create"]["parties"][0]["name"] = json!("Jane Roe");
    assert_eq!(
        refusals(record(&desk, &[other])),
        [(
            Rule::SlugTaken,
            "commands[0].scheduleMeeting.create.parties[0].slug".to_owned()
        )]
    );
    assert_eq!(desk.views().position(), 4);
}

#[test]
fn a_refused_command_creates_nothing_and_a_refused_creation_is_told_by_its_place() {
    let desk = empty();
    // When the meeting names a topic that nobody registers, then nothing is kept.
    let mut lacking = meeting();
    lacking["scheduleMeeting"]["create"]
        .as_object_mut()
        .unwrap()
        .remove("topics");
    assert_eq!(
        refusals(record(&desk, &[lacking.clone()])),
        [(
            Rule::UnknownReference,
            "commands[0].scheduleMeeting.topics[0]".to_owned()
        )]
    );
    // When the creations are badly written as well, then everything is told at once.
    let create = &mut lacking["scheduleMeeting"]["create"];
    create["parties"][0]["kind"] = json!("GHOST");
    create["sources"][0]["slug"] = json!("Wire 1");
    create["acts"] = json!([]);
    create["parties"][0]["idempotencyKey"] = json!("x");
    let mut told = refusals(record(&desk, &[lacking]));
    told.sort_by(|a, b| a.1.cmp(&b.1));
    let at = |field: &str| format!("commands[0].scheduleMeeting.{field}");
    assert_eq!(
        told,
        [
            (Rule::UnknownField, at("create.acts")),
            (
                Rule::UnknownReference,
                at("create.parties[0].evidence.citations[0].source")
            ),
            (Rule::UnknownField, at("create.parties[0].idempotencyKey")),
            (Rule::InvalidValue, at("create.parties[0].kind")),
            (Rule::InvalidValue, at("create.sources[0].slug")),
            (Rule::UnknownReference, at("evidence.citations[0].source")),
            (Rule::UnknownReference, at("topics[0]")),
        ]
    );
    assert_eq!(desk.views().position(), 0);
}

#[test]
fn later_commands_of_a_batch_may_name_what_an_earlier_one_created() {
    let desk = empty();
    let claim = json!({ "recordClaim": { "slug": "c", "summary": "Said.", "claimedOn": "2026-01-07",
        "evidence": { "citations": [{ "source": "wire-1", "attribution": { "speaker": "Jane Doe", "party": "jane-doe" } }] } } });
    let outcome = record(&desk, &[meeting(), claim.clone()]);
    assert!(
        matches!(&outcome, Outcome::Recorded(receipts) if receipts.len() == 2),
        "{outcome:?}"
    );
    // The same key with creations is answered as before, whatever has become of what it created.
    let keyed = json!({ "recordClaim": { "slug": "d", "summary": "Said again.", "claimedOn": "2026-01-07",
        "evidence": { "citations": [{ "source": "wire-2" }] }, "idempotencyKey": "k",
        "create": { "sources": [{ "slug": "wire-2", "publisher": "Another" }] } } });
    record(&desk, std::slice::from_ref(&keyed));
    let position = desk.views().position();
    let Outcome::Recorded(again) = record(&desk, &[keyed]) else {
        panic!()
    };
    assert!(again[0].already_there);
    assert_eq!(desk.views().position(), position);
}
