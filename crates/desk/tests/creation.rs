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

fn topic(slug: &str) -> Value {
    json!({ "registerTopic": { "slug": slug, "label": slug } })
}

/// A record about somebody whom only [`meeting`] would have registered, and about the meeting.
fn after_the_meeting() -> [Value; 2] {
    let cited = json!({ "citations": [{ "source": "wire-1" }] });
    let office = json!({ "recordOffice": { "party": "jane-doe", "title": "Envoy", "attestedOn": "2026-01-06",
        "evidence": cited } });
    let attends = json!({ "recordParticipation": { "meeting": "kyiv-2026-01-07", "party": "jane-doe", "mode": "IN_PERSON",
        "saidFor": "2026-01-07", "evidence": cited } });
    [office, attends]
}

#[test]
fn what_a_stale_command_would_have_created_is_not_missed_by_later_ones() {
    let desk = empty();
    record(&desk, &[topic("truce")]);
    let mut stale = meeting();
    stale["scheduleMeeting"]["expectedVersion"] = json!(7);
    let [office, attends] = after_the_meeting();
    // The conflict is the whole of the news: what follows from it is not told as a refusal.
    match record(&desk, &[stale, office, attends]) {
        Outcome::Conflict(conflict) => assert_eq!((conflict.command, conflict.actual), (0, 0)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_malformed_command_would_have_created_is_not_missed_by_later_ones() {
    let desk = empty();
    let mut bad = meeting();
    bad["scheduleMeeting"]["plannedFor"] = json!("soon");
    let [office, attends] = after_the_meeting();
    let told = refusals(record(&desk, &[bad.clone(), office.clone(), attends]));
    assert_eq!(
        told,
        [(Rule::InvalidDate, "commands[0].scheduleMeeting.plannedFor".into())]
    );
    // A registration that is malformed itself is not missed either,
    let mut bad = meeting();
    bad["scheduleMeeting"]["create"]["parties"][0]["kind"] = json!("GHOST");
    let told = refusals(record(&desk, &[bad, office.clone()]));
    let field = "commands[0].scheduleMeeting.create.parties[0].kind";
    assert_eq!(told, [(Rule::InvalidValue, field.into())]);
    // and what nobody would have created is.
    let bad_topic = json!({ "registerTopic": { "slug": "a b", "label": "A" } });
    let mut stranger = office;
    stranger["recordOffice"]["party"] = json!("nobody");
    let told = refusals(record(&desk, &[bad_topic, stranger]));
    assert_eq!(told[1].0, Rule::UnknownReference);
}

#[test]
fn what_comes_after_a_rename_in_a_batch_is_told_to_wait_with_all_that_hangs_on_it() {
    let desk = empty();
    record(&desk, &[topic("old")]);
    let rename = json!({ "renameDossier": { "dossier": "old", "slug": "new" } });
    let mut bad = after_the_meeting()[0].clone();
    bad["recordOffice"]["title"] = json!("");
    let told = refusals(record(&desk, &[rename, meeting(), bad]));
    let told: Vec<(Rule, &str)> = told.iter().map(|(rule, field)| (*rule, field.as_str())).collect();
    assert_eq!(
        told,
        [
            (Rule::BatchGoesOn, "commands[1].scheduleMeeting"),
            (Rule::InvalidValue, "commands[2].recordOffice.title")
        ]
    );
}

#[test]
fn what_a_malformed_command_would_have_told_is_not_missed_and_its_own_dossier_is() {
    let desk = empty();
    let cited = json!({ "citations": [{ "source": "wire-1" }] });
    let source = json!({ "registerSource": { "slug": "wire-1", "publisher": "A wire" } });
    let plan = json!({ "openPlan": { "slug": "plan", "title": "Plan", "kind": "PLAN" } });
    record(&desk, &[source, plan]);
    let version = json!({ "recordPlanVersion": { "plan": "plan", "version": "1", "label": "First", "datedOn": "soon",
        "status": "DRAFT", "summary": "Text.", "evidence": cited } });
    let point = json!({ "recordPoint": { "plan": "plan", "version": "1", "key": "p", "summary": "A point.",
        "datedOn": "2026", "evidence": cited } });
    let told = refusals(record(&desk, &[version, point.clone()]));
    assert_eq!(
        told,
        [(Rule::InvalidDate, "commands[0].recordPlanVersion.datedOn".into())]
    );
    let mut elsewhere = point;
    elsewhere["recordPoint"]["plan"] = json!("nowhere");
    elsewhere["recordPoint"]["idempotencyKey"] = json!("");
    let told = refusals(record(&desk, &[elsewhere]));
    let rules: Vec<Rule> = told.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, [Rule::InvalidValue, Rule::UnknownReference], "{told:?}");
}
