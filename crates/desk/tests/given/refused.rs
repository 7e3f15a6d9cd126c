//! What is refused: one test or more for each rule.

use crate::dsl::*;
use rapporteur_domain::refusal::Rule;
use rapporteur_domain::shape::set_of;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TESTS: &[fn()] = &[
    a_command_that_nobody_knows,
    a_field_that_a_command_does_not_have,
    a_field_that_is_missing,
    a_value_of_another_type,
    a_value_that_breaks_its_types_rule,
    a_date_that_is_not_edtf,
    a_list_that_is_too_long,
    a_reference_to_what_is_not_recorded,
    a_reference_to_a_dossier_of_another_kind,
    a_factual_record_without_a_citation,
    a_point_that_the_version_lacks,
    a_slug_taken_by_other_content,
    a_key_taken_by_another_record,
    an_act_published_surely_before_it_was_adopted,
    an_end_surely_before_its_start,
    a_quantity_that_cannot_be,
    an_event_that_is_too_large,
    an_idempotency_key_with_other_content,
    two_dossiers_that_cannot_be_one,
    a_record_that_cannot_be_moved,
    a_batch_that_goes_on_after_a_rename,
];

const CORRECT_DATES: &str = "correct one of the two dates";
const RECORD_FIRST: &str = "record it first, or correct the slug";

#[test]
fn every_rule_is_met_by_a_test() {
    let all: BTreeSet<String> = set_of::<Rule>().values.iter().map(|(name, _)| name.clone()).collect();
    let mut met = met_by(TESTS);
    met.extend(met_by(&crate::amended::TESTS));
    assert_eq!(met, all);
}

#[test]
fn two_dossiers_that_cannot_be_one() {
    given([party("ua"), topic("truce"), party("ukraine")])
        .when(json!({ "mergeDossiers": { "into": "ukraine", "dossier": "ua" } }))
        .then_refused(
            Rule::NotMergeable,
            "commands[0].mergeDossiers.dossier",
            "ua",
            "merge them the other way round; renameDossier and retitleDossier give the one that stays the slug and the title that you want",
        );
    given([party("ua"), topic("truce")])
        .when(json!({ "mergeDossiers": { "into": "ua", "dossier": "truce" } }))
        .then_refused(
            Rule::NotMergeable,
            "commands[0].mergeDossiers.dossier",
            "truce",
            "only dossiers of one kind can be one; link the two instead",
        );
}

#[test]
fn a_record_that_cannot_be_moved() {
    given([party("ua"), party("ukraine")])
        .when(json!({ "moveRecords": { "into": "ukraine", "from": "ua", "records": ["ua"] } }))
        .then_refused(
            Rule::NotMovable,
            "commands[0].moveRecords.records[0]",
            "ua",
            "name records in it; where both are the same thing, use mergeDossiers",
        );
    given([party("ua")])
        .when(json!({ "moveRecords": { "into": "ua", "from": "ua", "records": ["ua"] } }))
        .then_refused(
            Rule::NotMovable,
            "commands[0].moveRecords.into",
            "ua",
            "open the other dossier with its own command, and name it",
        );
}

#[test]
fn a_batch_that_goes_on_after_a_rename() {
    given([party("ua")])
        .when_all([
            json!({ "renameDossier": { "dossier": "ua", "slug": "ukraine" } }),
            topic("truce"),
        ])
        .then_refused(
            Rule::BatchGoesOn,
            "commands[1].registerTopic",
            "",
            "end the batch there, and send the rest when it is answered",
        );
}

#[test]
fn a_command_that_nobody_knows() {
    given([])
        .when(json!({ "registerTopic": { "slug": "a", "label": "A" }, "registerParty": {} }))
        .then_refused(
            Rule::UnknownCommand,
            "commands[0].registerParty",
            "",
            "write one object with one key, such as {\"registerTopic\": {…}}",
        );
}

#[test]
fn a_field_that_a_command_does_not_have() {
    given([])
        .when(json!({ "registerTopic": { "slug": "ceasefire", "label": "Ceasefire", "colour": "red" } }))
        .then_refused(
            Rule::UnknownField,
            "commands[0].registerTopic.colour",
            "",
            "its fields are slug, label, summary",
        );
}

#[test]
fn a_field_that_is_missing() {
    given([])
        .when(json!({ "registerTopic": { "slug": "ceasefire" } }))
        .then_refused(
            Rule::MissingField,
            "commands[0].registerTopic.label",
            "",
            "give it: The label people read.",
        );
}

#[test]
fn a_value_of_another_type() {
    given([source()])
        .when(claim("a", json!({ "recurring": "yes" })))
        .then_refused(
            Rule::WrongType,
            "commands[0].recordClaim.recurring",
            "yes",
            "write `true` or `false`",
        );
}

#[test]
fn a_value_that_breaks_its_types_rule() {
    given([])
        .when(json!({ "registerTopic": { "slug": "Cease Fire", "label": "Ceasefire" } }))
        .then_refused(
            Rule::InvalidValue,
            "commands[0].registerTopic.slug",
            "Cease Fire",
            "use lower-case letters a-z, digits and single hyphens, such as `eu-ru-18`",
        );
}

#[test]
fn a_date_that_is_not_edtf() {
    given([source()])
        .when(claim("a", json!({ "claimedOn": "2026-02-30" })))
        .then_refused(
            Rule::InvalidDate,
            "commands[0].recordClaim.claimedOn",
            "2026-02-30",
            "its last day is `2026-02-28`",
        );
}

#[test]
fn a_list_that_is_too_long() {
    let aliases = vec!["alias"; 201];
    given([])
        .when(json!({ "registerParty": { "slug": "ua", "kind": "STATE", "name": "Ukraine", "aliases": aliases } }))
        .then_refused(
            Rule::TooMany,
            "commands[0].registerParty.aliases",
            "",
            "split the record",
        );
    given([])
        .when_all((0..1_001).map(|n| topic(&format!("t{n}"))))
        .then_refused(
            Rule::TooMany,
            "commands",
            "",
            "split the batch, or use `rapporteur import`, which takes files of any length",
        );
}

#[test]
fn a_reference_to_what_is_not_recorded() {
    given([source()])
        .when(claim("a", json!({ "topics": ["peace"] })))
        .then_refused(
            Rule::UnknownReference,
            "commands[0].recordClaim.topics[0]",
            "peace",
            RECORD_FIRST,
        );
}

#[test]
fn a_reference_to_a_dossier_of_another_kind() {
    given([source()])
        .when(claim("a", json!({ "topics": ["wire"] })))
        .then_refused(
            Rule::WrongKind,
            "commands[0].recordClaim.topics[0]",
            "wire",
            "name a dossier of the right kind",
        );
}

#[test]
fn a_factual_record_without_a_citation() {
    given([source()])
        .when(claim("a", json!({ "evidence": { "citations": [] } })))
        .then_refused(
            Rule::NoCitation,
            "commands[0].recordClaim.evidence.citations",
            "",
            "cite the source that says it; register the source first",
        );
}

#[test]
fn a_point_that_the_version_lacks() {
    let plan = given(plan()).and([point("nato", None)]);
    plan.when(claim("a", json!({ "about": ["us-plan/28#army"] })))
        .then_refused(
            Rule::UnknownPoint,
            "commands[0].recordClaim.about[0]",
            "us-plan/28#army",
            "record it first, or correct the reference",
        );
    plan.when(point("article-5", Some("army"))).then_refused(
        Rule::UnknownPoint,
        "commands[0].recordPoint.parent",
        "army",
        "record the parent point first, or correct its key",
    );
    plan.records(claim("a", json!({ "about": ["us-plan/28#nato"] })));
}

#[test]
fn a_slug_taken_by_other_content() {
    let desk = given([topic("ceasefire")]);
    desk.when(json!({ "registerTopic": { "slug": "ceasefire", "label": "Armistice" } }))
        .then_refused(
            Rule::SlugTaken,
            "commands[0].registerTopic.slug",
            "ceasefire",
            "choose another slug, or record what is new about that dossier",
        );
    assert_eq!(desk.records(topic("ceasefire")), 1, "the same content is there already");
}

#[test]
fn a_key_taken_by_another_record() {
    given(plan())
        .and([point("nato", None)])
        .when(with(point("nato", None), json!({ "summary": "Another text." })))
        .then_refused(
            Rule::KeyTaken,
            "commands[0].recordPoint.key",
            "nato",
            "choose another key",
        );
}

#[test]
fn an_act_published_surely_before_it_was_adopted() {
    let act = |published: &str| json!({ "recordAct": { "slug": "eu-2025-1494", "adoptedOn": "2025-07-18", "publishedOn": published } });
    let desk = given([]);
    desk.when(act("2025-07-17")).then_refused(
        Rule::EndBeforeStart,
        "commands[0].recordAct.publishedOn",
        "2025-07-17",
        CORRECT_DATES,
    );
    desk.records(act("2025-07"));
}

#[test]
fn an_end_surely_before_its_start() {
    let office = |until: &str| json!({ "recordOffice": { "party": "ua", "title": "Chair", "from": "2026-02", "until": until, "evidence": cited() } });
    let desk = given([source(), party("ua")]);
    desk.when(office("2026-01-31")).then_refused(
        Rule::EndBeforeStart,
        "commands[0].recordOffice.until",
        "2026-01-31",
        CORRECT_DATES,
    );
    desk.records(office("2026-02-01"));
}

#[test]
fn a_quantity_that_cannot_be() {
    let desk = given([source()]);
    let about = |quantity: Value| claim("a", json!({ "quantities": [quantity] }));
    let field = "commands[0].recordClaim.quantities[0]";
    desk.when(about(json!({ "what": "troops" }))).then_refused(
        Rule::ImpossibleQuantity,
        field,
        "",
        "give `value`, `min`, `max`, or the source's `words` where it gives no number",
    );
    desk.when(about(json!({ "what": "troops", "min": 20000, "max": 15000 })))
        .then_refused(
            Rule::ImpossibleQuantity,
            field,
            "20000 to 15000",
            "swap `min` and `max`",
        );
    desk.records(about(json!({ "what": "troops", "words": "several thousand" })));
}

#[test]
fn an_event_that_is_too_large() {
    let note = "x".repeat(7_900);
    let quantities: Vec<Value> = (0..9)
        .map(|n| json!({ "what": "n", "value": n, "note": note }))
        .collect();
    given([source()])
        .when(claim("a", json!({ "quantities": quantities })))
        .then_refused(
            Rule::EventTooLarge,
            "commands[0].recordClaim",
            "",
            "shorten its texts or split it into several records",
        );
}

#[test]
fn an_idempotency_key_with_other_content() {
    let keyed = |label: &str| json!({ "registerTopic": { "slug": "t", "label": label, "idempotencyKey": "desk-1" } });
    given([keyed("One")]).when(keyed("Two")).then_refused(
        Rule::IdempotencyKeyReused,
        "commands[0].registerTopic.idempotencyKey",
        "desk-1",
        "use a new key for new content",
    );
}
