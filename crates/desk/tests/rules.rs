//! Rules, given and refused: each test reads aloud.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "given/dsl.rs"]
mod dsl;

use dsl::*;
use rapporteur_desk::Outcome;
use rapporteur_domain::command::Command;
use rapporteur_domain::refusal::Rule;
use serde_json::{Value, json};

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
    let two = json!({ "registerTopic": {}, "openPlan": {} });
    for command in [json!({}), json!({ "fly": {} }), two] {
        assert_eq!(empty.refusals([command])[0].0, Rule::UnknownCommand);
    }
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
    assert!(matches!(desk.sends([at(3)]), Outcome::Conflict(c) if (c.expected, c.actual) == (3, 0)));
    desk.records(at(0));
}

#[test]
fn a_batch_is_all_or_nothing_and_its_parts_see_each_other() {
    let desk = given([]);
    let refusals = desk.refusals([
        source(),
        claim("a", json!({})),
        claim("b", json!({ "about": ["nowhere"] })),
    ]);
    let field = "commands[2].recordClaim.about[0]".to_owned();
    assert_eq!(refusals, [(Rule::UnknownReference, field)]);
    assert_eq!(desk.0.views().position(), 0);
    let outcome = desk.sends([source(), claim("a", json!({})), claim("b", json!({ "about": ["a"] }))]);
    assert!(matches!(outcome, Outcome::Recorded(r) if r.len() == 3));
    assert!(desk.0.rebuild(&mut |_| {}).unwrap().same());
    let many = (0..1_001).map(|n| topic(&format!("t{n}")));
    assert_eq!(desk.refusals(many)[0].0, Rule::TooMany);
}

#[test]
fn everything_wrong_is_told_at_once_whether_in_the_writing_or_in_the_record() {
    let desk = given([source()]);
    let evidence = json!({ "citations": [{ "source": "no-such-source" }] });
    desk.refuses(
        claim(
            "a",
            json!({ "claimedOn": "7 January", "evidence": evidence, "topics": ["peace"] }),
        ),
        &[
            (Rule::InvalidDate, "claimedOn"),
            (Rule::UnknownReference, "evidence.citations[0].source"),
            (Rule::UnknownReference, "topics[0]"),
        ],
    );
}

#[test]
fn a_batch_tells_causes_and_not_what_follows_from_them() {
    let open = json!({ "openPlan": { "slug": "bp", "kind": "PLAN", "title": "Plan", "topics": ["nope"] } });
    let version = json!({ "recordPlanVersion": { "plan": "bp", "version": "1", "status": "DRAFT", "datedOn": "2026", "summary": "Text.", "evidence": cited(), "expectedVersion": 1 } });
    let malformed = json!({ "openIssue": { "slug": "i", "title": "Issue", "openOn": "soon", "summary": "Open." } });
    let about = claim("a", json!({ "about": ["bp/1", "i"] }));
    let refusals = given([source()]).refusals([open, version, malformed, about]);
    let refusals: Vec<(Rule, &str)> = refusals.iter().map(|(rule, field)| (*rule, field.as_str())).collect();
    assert_eq!(
        refusals,
        [
            (Rule::UnknownReference, "commands[0].openPlan.topics[0]"),
            (Rule::InvalidDate, "commands[2].openIssue.openOn"),
            (Rule::MissingField, "commands[2].openIssue.evidence"),
        ]
    );
}

#[test]
fn only_a_source_may_name_itself() {
    let desk = given([source(), party("ru")]);
    let itself = json!({ "citations": [{ "source": "poison" }] });
    desk.refuses(
        claim("poison", json!({ "topics": ["poison"], "evidence": itself })),
        &[
            (Rule::UnknownReference, "evidence.citations[0].source"),
            (Rule::UnknownReference, "topics[0]"),
        ],
    );
    desk.refuses(
        json!({ "openRound": { "slug": "r", "title": "Round", "senders": ["r"], "target": "ru" } }),
        &[(Rule::UnknownReference, "senders[0]")],
    );
    desk.refuses(
        json!({ "openIssue": { "slug": "i", "title": "Issue", "openOn": "2026", "summary": "Open.", "partOf": "i", "evidence": cited() } }),
        &[(Rule::UnknownReference, "partOf")],
    );
    let own = json!({ "citations": [{ "source": "own" }] });
    desk.records(json!({ "registerSource": { "slug": "own", "kind": "POST", "title": "Post", "publisher": "P", "evidence": own } }));
}

fn issue() -> [Value; 3] {
    [
        source(),
        party("ua"),
        json!({ "openIssue": { "slug": "znpp", "title": "Plant", "openOn": "2026-01-06", "summary": "Open.", "evidence": cited() } }),
    ]
}
fn position(more: Value) -> Value {
    let mut input =
        json!({ "on": "znpp", "by": ["ua"], "summary": "Ours.", "takenOn": "2026-01-06", "evidence": cited() });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "takePosition": input })
}

#[test]
fn the_same_content_is_recorded_once_whoever_asks_and_whenever() {
    let desk = given(issue());
    let first = desk.records(position(json!({})));
    assert_eq!(desk.records(position(json!({}))), first);
    let both = desk.sends([position(json!({ "key": "own" })), position(json!({}))]);
    assert!(
        matches!(both, Outcome::Recorded(r) if r[0].position == first + 1 && r[1].position == first),
        "a key of its own makes a record of its own"
    );
    let link = json!({ "linkRecords": { "from": "znpp", "link": "PART_OF", "to": "znpp#position" } });
    let linked = desk.records(link.clone());
    assert_eq!(desk.records(link), linked);
    assert_eq!(desk.records(position(json!({ "summary": "Other." }))), linked + 1);
    assert!(desk.0.views().timeline.of_record("znpp#position-2").len() == 1);
}

#[test]
fn a_meeting_moved_and_moved_back_is_moved_again() {
    let meeting = json!({ "scheduleMeeting": { "slug": "m", "title": "Meeting", "plannedFor": "2026-01-06", "evidence": cited() } });
    let desk = given([source(), meeting]);
    let moved = |to: &str| json!({ "rescheduleMeeting": { "slug": "m", "plannedFor": to, "evidence": cited() } });
    let first = desk.records(moved("2026-01-08"));
    assert_eq!(desk.records(moved("2026-01-08")), first, "twice in a row is once");
    desk.records(moved("2026-01-06"));
    assert_eq!(desk.records(moved("2026-01-08")), first + 2);
}

#[test]
fn references_can_always_be_written_and_never_collide() {
    let desk = given(plan().into_iter().chain([party("ua")]));
    desk.records(point("nato", None));
    let on = |key: &str| json!({ "takePosition": { "on": "us-plan/28#nato", "key": key, "by": ["ua"], "summary": "No.", "takenOn": "2026", "evidence": cited() } });
    desk.records(on("x"));
    desk.refuses(point("nato.x", None), &[(Rule::InvalidValue, "key")]);
    desk.refuses(point("sub", Some("x")), &[(Rule::UnknownPoint, "parent")]);
    let gap = json!({ "recordPlanGap": { "plan": "us-plan", "version": "28", "key": "gap", "summary": "Not seen.", "datedOn": "2025-11", "evidence": cited() } });
    desk.records(gap);
    desk.refuses(point("sub", Some("gap")), &[(Rule::UnknownPoint, "parent")]);
    let long = "k".repeat(80);
    desk.records(point(&long, None));
    let deep = json!({ "takePosition": { "on": format!("us-plan/28#{long}"), "key": long, "by": ["ua"], "summary": "Yes.", "takenOn": "2026", "evidence": cited() } });
    desk.records(deep);
    desk.records(claim("a", json!({ "about": [format!("us-plan/28#{long}.{long}")] })));
}

#[test]
fn ends_before_starts_are_refused_wherever_they_stand() {
    let round = json!({ "openRound": { "slug": "r", "title": "Round", "senders": ["ua"], "target": "ua" } });
    let desk = given(issue().into_iter().chain([round]));
    desk.refuses(
        position(json!({ "since": "2027" })),
        &[(Rule::EndBeforeStart, "takenOn")],
    );
    desk.refuses(
        json!({ "recordStage": { "round": "r", "stage": "PROCEDURE_OPENED", "reachedOn": "2026-02-10", "deadline": "2026-01-10", "evidence": cited() } }),
        &[(Rule::EndBeforeStart, "deadline")],
    );
    desk.refuses(
        json!({ "recordExpectation": { "slug": "e", "summary": "Soon.", "of": "r", "expectedIn": "2025-01", "claimedOn": "2026-03-01", "evidence": cited() } }),
        &[(Rule::EndBeforeStart, "expectedIn")],
    );
    let office = json!({ "recordOffice": { "party": "ua", "title": "Chair", "attestedOn": "2025-05-16", "until": "2020-01-01", "evidence": cited() } });
    desk.refuses(office, &[(Rule::EndBeforeStart, "until")]);
}

#[test]
fn what_nobody_does_or_says_is_refused() {
    let desk = given(issue());
    let nobody = json!({ "recordCommitment": { "slug": "c", "what": "Troops", "status": "PLEDGED", "statusOn": "2026", "summary": "Troops.", "evidence": cited() } });
    desk.refuses(nobody, &[(Rule::MissingField, "by")]);
    desk.refuses(position(json!({ "on": "ua" })), &[(Rule::WrongKind, "on")]);
    let link = json!({ "linkRecords": { "from": "znpp", "link": "CONTRADICTS", "to": "znpp" } });
    desk.refuses(link, &[(Rule::InvalidValue, "to")]);
    desk.refuses(
        claim(
            "a",
            json!({ "quantities": [{ "what": "troops", "value": 50, "min": 100, "max": 200 }] }),
        ),
        &[(Rule::ImpossibleQuantity, "quantities[0]")],
    );
    desk.refuses(
        claim(
            "a",
            json!({ "quantities": [{ "what": "troops", "min": 5, "max": 5, "minExclusive": true }] }),
        ),
        &[(Rule::ImpossibleQuantity, "quantities[0]")],
    );
    desk.refuses(
        claim("a", json!({ "title": "a\u{202e}b" })),
        &[(Rule::InvalidValue, "title")],
    );
    desk.records(claim(
        "a",
        json!({ "quantities": [{ "what": "troops", "min": 5.0, "max": 5 }] }),
    ));
}

#[test]
fn stages_add_citations_and_keep_rival_dates() {
    let round = json!({ "openRound": { "slug": "eu-ru-20", "title": "Twentieth", "senders": ["eu"], "target": "ru" } });
    let desk = given([source(), party("eu"), party("ru"), round]);
    let stage = |on: &str, body: &str| json!({ "recordStage": { "round": "eu-ru-20", "stage": "ADOPTED", "reachedOn": on, "body": body, "evidence": cited() } });
    desk.records(stage("2026-02-01", "Council"));
    let mut again = stage("2026-02-01", "Council");
    again["recordStage"]["summary"] = json!("Another source.");
    desk.records(again);
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
        ["RivalStageDates"],
        "of these senders no proposal is recorded, so that its absence is not odd"
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
                            match desk.send_batch(vec![Ok(command)], "test").unwrap().wait().unwrap() {
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
