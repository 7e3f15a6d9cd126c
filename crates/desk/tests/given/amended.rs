//! What is refused of a correction, a retraction or a redaction.

use crate::dsl::*;
use rapporteur_domain::refusal::Rule;
use serde_json::{Value, json};

pub(crate) const TESTS: [fn(); 6] = [
    a_position_that_is_not_there_or_elsewhere,
    an_event_that_cannot_be_amended,
    an_event_that_does_not_stand,
    a_correction_of_another_record,
    a_correction_that_rests_on_itself,
    a_retraction_of_what_others_stand_on,
];

fn retract(dossier: &str, position: u64) -> Value {
    json!({ "retractRecord": { "dossier": dossier, "position": position, "reason": "Never said." } })
}

fn party_named(slug: &str, name: &str, corrects: u64) -> Value {
    json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": name,
        "corrects": { "position": corrects, "reason": "Misspelt." } } })
}

#[test]
fn a_position_that_is_not_there_or_elsewhere() {
    given([party("ua")]).when(party_named("ua", "Ukraine", 7)).then_refused(
        Rule::UnknownPosition,
        "commands[0].registerParty.corrects.position",
        "7",
        "write the position of the event that was wrong: an entry's `position` tells it",
    );
    given([party("ua"), party("ru")]).when(retract("ua", 2)).then_refused(
        Rule::UnknownPosition,
        "commands[0].retractRecord.position",
        "2",
        "correct the position or the dossier",
    );
}

#[test]
fn a_correction_that_rests_on_itself() {
    let about_itself = json!({ "about": ["c"], "corrects": { "position": 2, "reason": "Misread." } });
    given([source(), claim("c", json!({}))])
        .when(claim("c", about_itself))
        .then_refused(
            Rule::RestsOnItself,
            "commands[0].recordClaim.about[0]",
            "c",
            "name something else here, or correct the other record first",
        );
}

#[test]
fn an_event_that_cannot_be_amended() {
    given([
        party("ua"),
        json!({ "renameDossier": { "dossier": "ua", "slug": "ukraine" } }),
    ])
    .when(retract("ukraine", 2))
    .then_refused(
        Rule::NotAmendable,
        "commands[0].retractRecord.position",
        "2",
        "record what is right with a command of its own, such as renameDossier or moveRecords",
    );
}

#[test]
fn an_event_that_does_not_stand() {
    given([party("ua"), party_named("ua", "Ukraine", 1)])
        .when(party_named("ua", "The Ukraine", 1))
        .then_refused(
            Rule::NotStanding,
            "commands[0].registerParty.corrects.position",
            "1",
            "name the position that stands now",
        );
}

#[test]
fn a_correction_of_another_record() {
    given([party("ua"), party("ru")])
        .when(party_named("ru", "Russia", 1))
        .then_refused(
            Rule::OtherRecord,
            "commands[0].registerParty.corrects.position",
            "1",
            "leave the record as it is named; retractRecord and record anew what belongs elsewhere",
        );
    given([topic("truce"), party("ru")])
        .when(party_named("ru", "Russia", 1))
        .then_refused(
            Rule::OtherRecord,
            "commands[0].registerParty.corrects.position",
            "1",
            "send `registerTopic` with what is right, or retractRecord and then this command",
        );
}

#[test]
fn a_retraction_of_what_others_stand_on() {
    given([source(), claim("c", json!({}))])
        .when(retract("wire", 1))
        .then_refused(
            Rule::StillReferredTo,
            "commands[0].retractRecord.position",
            "1",
            "retract those first, or correct them so that they do not refer to it",
        );
}
