//! Each way in which an amendment is refused: rule, field, and what to do.

use crate::desk::*;
use rapporteur_domain::refusal::Rule;
use serde_json::{Value, json};

#[track_caller]
fn refused(given: &Given, command: Value, rule: Rule, field: &str, says: &str) {
    let refusal = given.refuses(command);
    let place = refusal
        .field
        .split_once("].")
        .unwrap()
        .1
        .split_once('.')
        .map_or("", |(_, field)| field);
    assert_eq!((refusal.rule, place), (rule, field), "{refusal}");
    assert!(refusal.message.contains(says), "{refusal}");
    assert!(!refusal.hint.is_empty());
}

fn ground() -> Given {
    given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Round"),
        stage("PROPOSED", "2026-01-02"),
        claim("c", "Ten."),
        claim("d", "Nine."),
    ])
}

#[test]
fn positions_are_those_of_the_log_and_of_the_dossier() {
    let given = ground();
    refused(
        &given,
        correcting(99, claim("c", "Two.")),
        Rule::UnknownPosition,
        "corrects.position",
        "ends at 7",
    );
    refused(
        &given,
        correcting(0, claim("c", "Two.")),
        Rule::UnknownPosition,
        "corrects.position",
        "position 0",
    );
    refused(&given, retract("c", 99), Rule::UnknownPosition, "position", "ends at 7");
    refused(&given, retract("c", 7), Rule::UnknownPosition, "position", "one of `d`");
    refused(&given, redact("c", 7), Rule::UnknownPosition, "position", "one of `d`");
    refused(
        &given,
        retract("nobody", 6),
        Rule::UnknownReference,
        "dossier",
        "nobody",
    );
}

#[test]
fn a_correction_is_of_the_same_kind_and_the_same_record() {
    let given = ground();
    refused(
        &given,
        correcting(5, claim("c", "Two.")),
        Rule::OtherRecord,
        "corrects.position",
        "recordStage",
    );
    refused(
        &given,
        correcting(6, claim("d", "Two.")),
        Rule::OtherRecord,
        "corrects.position",
        "`c`",
    );
    let other_key = with(stage("PROPOSED", "2026-01-03"), "key", json!("other"));
    refused(
        &given,
        correcting(5, other_key),
        Rule::OtherRecord,
        "corrects.position",
        "round#proposed",
    );
}

#[test]
fn what_does_not_stand_is_not_amended_again() {
    let given = ground();
    given.all(&[correcting(6, claim("c", "Two.")), retract("d", 7)]);
    refused(
        &given,
        correcting(6, claim("c", "Three.")),
        Rule::NotStanding,
        "corrects.position",
        "position 9 stands",
    );
    refused(
        &given,
        retract("c", 6),
        Rule::NotStanding,
        "position",
        "position 9 stands",
    );
    refused(
        &given,
        correcting(7, claim("d", "Three.")),
        Rule::NotStanding,
        "corrects.position",
        "retracted by the event at position 10",
    );
    given.records(redact("c", 9));
    refused(&given, retract("c", 9), Rule::NotStanding, "position", "redacted");
}

#[test]
fn names_and_amendments_are_not_amended() {
    let given = ground();
    given.all(&[
        json!({ "renameDossier": { "dossier": "c", "slug": "c2" } }),
        retract("d", 7),
    ]);
    refused(&given, retract("c2", 8), Rule::NotAmendable, "position", "renames");
    refused(&given, redact("c2", 8), Rule::NotAmendable, "position", "renames");
    given.records(claim("d", "Again."));
    refused(&given, retract("d", 9), Rule::NotAmendable, "position", "says itself");
    let again = with(retract("d", 9), "corrects", json!({ "position": 9, "reason": "No." }));
    refused(&given, again, Rule::NotAmendable, "corrects.position", "says itself");
}

#[test]
fn what_opened_a_merged_dossier_is_not_amended_and_former_names_lead_to_what_is() {
    let given = ground();
    given.records(json!({ "mergeDossiers": { "into": "c", "dossier": "d" } }));
    refused(
        &given,
        retract("c", 7),
        Rule::NotAmendable,
        "position",
        "merged into another",
    );
    given.records(json!({ "renameDossier": { "dossier": "round", "slug": "eu-20" } }));
    let receipt = given.records(retract("round", 5));
    assert_eq!(receipt.dossier.slug.as_str(), "round", "its stream");
    assert!(given.desk.views().timeline.of_record("eu-20#proposed").is_empty());
    given.holds();
}

#[test]
fn the_slug_of_a_retracted_dossier_is_that_of_its_kind_and_of_nothing_else() {
    let given = ground();
    given.records(retract("c", 6));
    let rename = json!({ "renameDossier": { "dossier": "d", "slug": "c" } });
    refused(&given, rename, Rule::SlugTaken, "slug", "retracted");
    let topic = json!({ "registerTopic": { "slug": "c", "label": "C" } });
    refused(&given, topic, Rule::SlugTaken, "slug", "a claim that was retracted");
    given.records(claim("c", "Again."));
    given.holds();
}

/// What is recorded names only what is there; what stands in an earlier place could name what rests on it.
#[test]
fn nothing_rests_on_itself() {
    let given = ground();
    let about = |slug: &str, about: &str| with(claim(slug, "Of another."), "about", json!([about]));
    let part_of = |slug: &str, wider: &str| {
        let issue = json!({ "openIssue": { "slug": slug, "title": "Issue", "summary": "Open.", "openOn": "2026-01-05", "evidence": cited() } });
        match wider {
            "" => issue,
            _ => with(issue, "partOf", json!(wider)),
        }
    };
    let office = json!({ "recordAlias": { "dossier": "c", "name": "See", "evidence": cited() } });
    given.all(&[
        about("e", "d"),
        about("f", "e"),
        office,
        part_of("wide", ""),
        part_of("narrow", "wide"),
    ]);
    for (wrong, command, field) in [
        (6, about("c", "c"), "about[0]"),
        (7, about("d", "d"), "about[0]"),
        (7, about("d", "e"), "about[0]"),
        (7, about("d", "f"), "about[0]"),
        (6, about("c", "c#alias"), "about[0]"),
        (11, part_of("wide", "narrow"), "partOf"),
    ] {
        refused(
            &given,
            correcting(wrong, command),
            Rule::RestsOnItself,
            field,
            "rest on itself",
        );
    }
    given.records(correcting(6, about("c", "f")));
    refused(
        &given,
        correcting(7, about("d", "c")),
        Rule::RestsOnItself,
        "about[0]",
        "rest on itself",
    );
    let cites_itself = json!({ "registerSource": { "slug": "wire", "publisher": "Wire", "title": "Of itself",
        "publishedOn": "2026-01-06" } });
    given.records(correcting(1, cites_itself));
    given.holds();
}

#[test]
fn points_are_not_corrected_into_a_circle() {
    let point = |key: &str, parent: Option<&str>| {
        json!({ "recordPoint": { "plan": "plan", "version": "1", "key": key, "parent": parent, "summary": "Text.",
            "datedOn": "2025-11", "evidence": cited() } })
    };
    let given = given(&[
        source(),
        json!({ "openPlan": { "slug": "plan", "kind": "PLAN", "title": "Plan" } }),
        json!({ "recordPlanVersion": { "plan": "plan", "version": "1", "status": "PROPOSED", "datedOn": "2025-11",
            "summary": "Points.", "evidence": cited() } }),
        point("a", None),
        point("b", Some("a")),
    ]);
    for parent in ["a", "b"] {
        let refusal = given.refuses(correcting(4, point("a", Some(parent))));
        assert_eq!(refusal.rule, Rule::RestsOnItself, "{refusal}");
    }
}

/// Merges may make a circle of what was no circle when it was told; what names it already may be corrected and go on naming it.
#[test]
fn a_circle_that_a_merge_made_forbids_no_correction_that_leaves_it() {
    let issue = |slug: &str, wider: Option<&str>, summary: &str| {
        json!({ "openIssue": { "slug": slug, "title": "Issue", "summary": summary, "openOn": "2026-01-05", "partOf": wider,
            "evidence": cited() } })
    };
    let given = given(&[
        source(),
        issue("a", None, "Open."),
        issue("b", Some("a"), "Open."),
        issue("c", Some("b"), "Open."),
        json!({ "mergeDossiers": { "dossier": "c", "into": "a" } }),
    ]);
    given.records(correcting(3, issue("b", Some("a"), "Wide open.")));
    given.holds();
}

/// A merge may make a part of what it is part of, when that was corrected to be part of something younger.
#[test]
fn an_issue_that_is_merged_into_its_part_is_part_of_nothing() {
    let issue = |slug: &str, wider: Option<&str>| {
        json!({ "openIssue": { "slug": slug, "title": "Issue", "summary": "Open.", "openOn": "2026-01-05", "partOf": wider,
            "evidence": cited() } })
    };
    let given = given(&[
        source(),
        issue("old", None),
        issue("young", None),
        issue("third", Some("young")),
    ]);
    given.all(&[
        correcting(2, issue("old", Some("young"))),
        json!({ "mergeDossiers": { "dossier": "young", "into": "old" } }),
        json!({ "mergeDossiers": { "dossier": "third", "into": "old" } }),
    ]);
    let views = given.desk.views();
    assert_eq!(views.issues.get("old").unwrap().part_of, None);
    assert_eq!(views.issues.parts("old").count(), 0);
    given.holds();
}

#[test]
fn a_correction_is_written_well() {
    let given = ground();
    let of = |corrects: Value| with(claim("c", "Two."), "corrects", corrects);
    refused(
        &given,
        of(json!({ "position": 6 })),
        Rule::MissingField,
        "corrects.reason",
        "missing",
    );
    refused(
        &given,
        of(json!({ "reason": "Misread." })),
        Rule::MissingField,
        "corrects.position",
        "missing",
    );
    refused(
        &given,
        of(json!({ "position": "6", "reason": "Misread." })),
        Rule::WrongType,
        "corrects.position",
        "whole number",
    );
    refused(
        &given,
        of(json!({ "position": 6, "reason": " " })),
        Rule::InvalidValue,
        "corrects.reason",
        "empty",
    );
    refused(
        &given,
        of(json!({ "position": 6, "reason": "Misread.", "by": 7 })),
        Rule::UnknownField,
        "corrects.by",
        "no field",
    );
    refused(&given, of(json!(6)), Rule::WrongType, "corrects", "object");
    refused(
        &given,
        correcting(6, with(claim("c", "Two."), "evidence", json!({ "citations": [] }))),
        Rule::NoCitation,
        "evidence.citations",
        "citation",
    );
    let own = json!({ "correctRecord": { "dossier": "c", "position": 6, "reason": "Misread." } });
    let refusal = given.refuses(own);
    assert_eq!(refusal.rule, Rule::UnknownCommand);
    assert!(!refusal.hint.contains("correctRecord"), "{}", refusal.hint);
}
