//! Rules, given and refused: each test reads aloud.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use rapporteur_desk::{Desk, Outcome};
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::{Refusal, Rule};
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

struct Given(Desk);

fn given(commands: impl IntoIterator<Item = Value>) -> Given {
    let now: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let desk = Desk::open(Arc::new(MemoryLog::default()), Arc::new(move || now), &mut |_| {}).unwrap();
    let given = Given(desk);
    for command in commands {
        let outcome = given.when([command.clone()]);
        assert!(
            matches!(outcome, Ok(Outcome::Recorded(_))),
            "given {command}: {outcome:?}"
        );
    }
    given
}

impl Given {
    /// Records a batch; what its parts are refused for before they reach the desk is an error here.
    fn when(&self, batch: impl IntoIterator<Item = Value>) -> Result<Outcome, Vec<Refusal>> {
        let commands: Result<Vec<Command>, _> = batch.into_iter().map(Command::parse).collect();
        Ok(self.0.send_batch(commands?, "test").unwrap().wait().unwrap())
    }

    #[track_caller]
    fn refuses(&self, command: Value, expected: &[(Rule, &str)]) {
        let before = self.0.views().position();
        let refusals = match self.when([command]) {
            Err(refusals) | Ok(Outcome::Refused(refusals)) => refusals,
            other => panic!("expected a refusal, got {other:?}"),
        };
        let found: Vec<(Rule, &str)> = refusals.iter().map(|r| (r.rule, last(&r.field))).collect();
        assert_eq!(found, expected, "{refusals:?}");
        assert_eq!(self.0.views().position(), before, "a refused command changes nothing");
    }

    #[track_caller]
    fn records(&self, command: Value) -> u64 {
        match self.when([command]) {
            Ok(Outcome::Recorded(receipts)) => receipts[0].position,
            other => panic!("expected a record, got {other:?}"),
        }
    }
}

/// A field without the command before it.
fn last(field: &str) -> &str {
    field.strip_prefix("commands[0]").map_or_else(
        || field.split_once('.').map_or(field, |(_, rest)| rest),
        |rest| rest.trim_start_matches('.'),
    )
}

fn topic(slug: &str) -> Value {
    json!({ "registerTopic": { "slug": slug, "label": "Label" } })
}
fn party(slug: &str) -> Value {
    json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": "Name" } })
}
fn source() -> Value {
    json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "Title", "publisher": "Publisher", "publishedOn": "2026-01-06" } })
}
fn cited() -> Value {
    json!({ "citations": [{ "source": "wire" }] })
}
fn claim(slug: &str, more: Value) -> Value {
    let mut input = json!({ "slug": slug, "summary": "Said.", "claimedOn": "2026-01-06", "evidence": cited() });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "recordClaim": input })
}
fn plan() -> [Value; 3] {
    [
        source(),
        json!({ "openPlan": { "slug": "us-plan", "kind": "PLAN", "title": "Plan" } }),
        json!({ "recordPlanVersion": { "plan": "us-plan", "version": "28", "status": "PROPOSED", "datedOn": "2025-11", "summary": "28 points.", "evidence": cited() } }),
    ]
}
fn point(key: &str, parent: Option<&str>) -> Value {
    json!({ "recordPoint": { "plan": "us-plan", "version": "28", "key": key, "parent": parent, "summary": "Text.", "datedOn": "2025-11", "evidence": cited() } })
}

#[test]
fn everything_wrong_with_a_command_is_told_at_once() {
    given([]).refuses(
        json!({ "recordClaim": { "slug": "No Slug", "claimedOn": "6.1.2026", "colour": "red", "trend": "UP", "recurring": "yes", "evidence": { "citations": [{}] } } }),
        &[
            (Rule::InvalidValue, "slug"),
            (Rule::InvalidDate, "claimedOn"),
            (Rule::UnknownField, "colour"),
            (Rule::InvalidValue, "trend"),
            (Rule::WrongType, "recurring"),
            (Rule::MissingField, "evidence.citations[0].source"),
            (Rule::MissingField, "summary"),
        ],
    );
}

#[test]
fn a_command_is_named_by_one_key() {
    let empty = given([]);
    assert_eq!(empty.when([json!({})]).unwrap_err()[0].rule, Rule::UnknownCommand);
    assert_eq!(
        empty.when([json!({ "fly": {} })]).unwrap_err()[0].rule,
        Rule::UnknownCommand
    );
    let two = json!({ "registerTopic": {}, "openPlan": {} });
    assert_eq!(empty.when([two]).unwrap_err()[0].rule, Rule::UnknownCommand);
}

#[test]
fn references_must_name_what_is_recorded_and_of_the_right_kind() {
    let desk = given([source(), topic("ceasefire")]);
    desk.refuses(
        claim("a", json!({ "topics": ["peace"] })),
        &[(Rule::UnknownReference, "topics[0]")],
    );
    desk.refuses(
        claim("a", json!({ "topics": ["wire"] })),
        &[(Rule::WrongKind, "topics[0]")],
    );
    desk.refuses(
        claim("a", json!({ "about": ["a-plan/28"] })),
        &[(Rule::UnknownReference, "about[0]")],
    );
    desk.records(claim("a", json!({ "topics": ["ceasefire"], "about": ["ceasefire"] })));
}

#[test]
fn versions_and_points_must_be_there() {
    let desk = given(plan());
    desk.refuses(
        claim("a", json!({ "about": ["us-plan/20"] })),
        &[(Rule::UnknownReference, "about[0]")],
    );
    desk.refuses(
        claim("a", json!({ "about": ["us-plan/28#nato"] })),
        &[(Rule::UnknownPoint, "about[0]")],
    );
    desk.refuses(point("article-5", Some("nato")), &[(Rule::UnknownPoint, "parent")]);
    desk.records(point("nato", None));
    desk.records(point("article-5", Some("nato")));
    desk.records(claim("a", json!({ "about": ["us-plan/28#nato"] })));
}

#[test]
fn a_factual_record_cites_something() {
    let desk = given([source()]);
    desk.refuses(
        claim("a", json!({ "evidence": { "citations": [] } })),
        &[(Rule::NoCitation, "evidence.citations")],
    );
}

#[test]
fn a_slug_names_one_content() {
    let desk = given([topic("ceasefire")]);
    assert_eq!(desk.records(topic("ceasefire")), 1, "the same content is already there");
    let other = json!({ "registerTopic": { "slug": "ceasefire", "label": "Other" } });
    desk.refuses(other, &[(Rule::SlugTaken, "slug")]);
    desk.refuses(party("ceasefire"), &[(Rule::SlugTaken, "slug")]);
}

#[test]
fn a_key_names_one_record() {
    let desk = given(plan());
    let first = desk.records(point("nato", None));
    assert_eq!(desk.records(point("nato", None)), first);
    let mut other = point("nato", None);
    other["recordPoint"]["summary"] = json!("Another text.");
    desk.refuses(other, &[(Rule::KeyTaken, "key")]);
}

#[test]
fn an_end_surely_before_its_start_is_refused_and_a_possible_one_is_not() {
    let desk = given([source(), party("ua")]);
    let office = |from: &str, until: &str| json!({ "recordOffice": { "party": "ua", "title": "Chair", "from": from, "until": until, "evidence": cited() } });
    desk.refuses(office("2026-02", "2026-01-31"), &[(Rule::EndBeforeStart, "until")]);
    desk.records(office("2026-01", "2026-01-05"));
}

#[test]
fn quantities_say_something_possible() {
    let desk = given([source()]);
    desk.refuses(
        claim("a", json!({ "quantities": [{ "what": "troops" }] })),
        &[(Rule::ImpossibleQuantity, "quantities[0]")],
    );
    let turned = json!({ "quantities": [{ "what": "troops", "min": 20000, "max": 15000 }] });
    desk.refuses(claim("a", turned), &[(Rule::ImpossibleQuantity, "quantities[0]")]);
    desk.records(claim(
        "a",
        json!({ "quantities": [{ "what": "troops", "words": "several thousand" }] }),
    ));
}

#[test]
fn an_idempotency_key_records_once_and_keeps_its_content() {
    let desk = given([]);
    let keyed = |label: &str| json!({ "registerTopic": { "slug": "t", "label": label, "idempotencyKey": "k" } });
    assert_eq!((desk.records(keyed("One")), desk.records(keyed("One"))), (1, 1));
    desk.refuses(keyed("Two"), &[(Rule::IdempotencyKeyReused, "idempotencyKey")]);
}

#[test]
fn an_expected_version_that_moved_is_a_conflict() {
    let desk = given([topic("t")]);
    let at = |version: u32| json!({ "registerTopic": { "slug": "u", "label": "U", "expectedVersion": version } });
    assert!(matches!(desk.when([at(3)]), Ok(Outcome::Conflict(c)) if (c.expected, c.actual) == (3, 0)));
    desk.records(at(0));
}

#[test]
fn a_batch_is_all_or_nothing_and_its_parts_see_each_other() {
    let desk = given([]);
    let outcome = desk.when([
        source(),
        claim("a", json!({})),
        claim("b", json!({ "about": ["nowhere"] })),
    ]);
    assert!(matches!(outcome, Ok(Outcome::Refused(r)) if r.len() == 1 && r[0].field == "commands[2].about[0]"));
    assert_eq!(desk.0.views().position(), 0);
    let outcome = desk.when([source(), claim("a", json!({})), claim("b", json!({ "about": ["a"] }))]);
    assert!(matches!(outcome, Ok(Outcome::Recorded(r)) if r.len() == 3));
    assert!(desk.0.rebuild(&mut |_| {}).unwrap().same());
    let many = (0..1_001).map(|n| topic(&format!("t{n}")));
    assert!(matches!(desk.when(many), Ok(Outcome::Refused(r)) if r[0].rule == Rule::TooMany));
}

#[test]
fn stages_add_citations_and_keep_rival_dates() {
    let round = json!({ "openRound": { "slug": "eu-ru-20", "title": "Twentieth", "senders": ["eu"], "target": "ru" } });
    let desk = given([source(), party("eu"), party("ru"), round]);
    let stage = |on: &str, body: &str| json!({ "recordStage": { "round": "eu-ru-20", "stage": "ADOPTED", "reachedOn": on, "body": body, "evidence": cited() } });
    desk.records(stage("2026-02-01", "Council"));
    desk.records(stage("2026-02-01", "Foreign Affairs Council"));
    desk.records(stage("2026-02-02", "Council"));
    let views = desk.0.views();
    let stages: Vec<usize> = views
        .rounds
        .get("eu-ru-20")
        .unwrap()
        .stages
        .iter()
        .map(|s| s.told.len())
        .collect();
    assert_eq!(stages, [2, 1]);
    let rules: Vec<String> = views.flags.of("eu-ru-20").map(|f| format!("{:?}", f.rule)).collect();
    assert_eq!(
        rules,
        [
            "AdoptedWithoutProposal",
            "AdoptedWithoutProposal",
            "RivalStageDates",
            "AdoptedWithoutProposal"
        ]
    );
}

#[test]
fn many_threads_get_gapless_positions_and_read_what_they_wrote() {
    let desk = given([]).0;
    let mut positions: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|t| {
                let desk = desk.clone();
                scope.spawn(move || {
                    (0..20)
                        .map(|n| {
                            let command = Command::parse(topic(&format!("t{t}-{n}"))).unwrap();
                            match desk.send_batch(vec![command], "test").unwrap().wait().unwrap() {
                                Outcome::Recorded(receipts) => {
                                    let position = receipts[0].position;
                                    assert!(desk.views().timeline.recorded(position).is_some());
                                    position
                                }
                                other => panic!("{other:?}"),
                            }
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    positions.sort_unstable();
    assert!(positions.into_iter().eq(1..=64 * 20));
    assert!(desk.rebuild(&mut |_| {}).unwrap().same());
}
