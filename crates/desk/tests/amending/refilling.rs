//! What was redacted gets what is right in its place, and until then nothing is recorded where nobody would see it.

use crate::desk::*;
use rapporteur_domain::refusal::Rule;
use rapporteur_views::Views;
use serde_json::{Value, json};

fn held(title: Option<&str>, on: &str) -> Value {
    json!({ "holdMeeting": { "slug": "talks", "title": title, "heldOn": on, "evidence": cited() } })
}

fn alias(dossier: &str) -> Value {
    json!({ "recordAlias": { "dossier": dossier, "name": "Name", "evidence": cited() } })
}

fn stages(views: &Views) -> Option<usize> {
    Some(views.rounds.get("round")?.stages.len())
}

fn a_round() -> Given {
    given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Of a private person"),
        stage("PROPOSED", "2026-01-02"),
        stage("AGREED", "2026-01-03"),
    ])
}

#[test]
fn what_opened_a_dossier_is_said_again_in_its_place_with_all_that_was_recorded_in_it() {
    let given = a_round();
    given.records(redact("round", 4));
    assert_eq!(stages(&given.desk.views()), None);
    let right = correcting(4, round("Round"));
    let receipt = given.records(right.clone());
    assert_eq!((receipt.position, receipt.version), (9, 6));
    assert_eq!(stages(&given.desk.views()), Some(2));
    assert_eq!((stages(&given.at(8)), stages(&given.at(9))), (None, Some(2)));
    let again = given.records(right);
    assert_eq!((again.position, again.already_there), (9, true));
    given.records(stage("ADOPTED", "2026-01-04"));
    assert_eq!(stages(&given.desk.views()), Some(3));
    given.holds();
    let refused = given.refuses(correcting(4, round("Another")));
    assert_eq!(refused.rule, Rule::NotStanding);
    assert!(refused.message.contains("position 9 stands"), "{}", refused.message);
    let there = given.records(redact("round", 4));
    assert_eq!((there.position, there.already_there), (7, true), "it is gone already");
}

#[test]
fn nothing_is_recorded_in_a_dossier_that_nobody_sees() {
    let given = a_round();
    given.records(redact("round", 4));
    for (command, rule) in [
        (round("Round"), Rule::SlugTaken),
        (stage("ADOPTED", "2026-01-04"), Rule::UnknownReference),
        (alias("round"), Rule::UnknownReference),
        (correcting(5, stage("PROPOSED", "2026-01-01")), Rule::UnknownReference),
        (
            json!({ "renameDossier": { "dossier": "round", "slug": "other" } }),
            Rule::UnknownReference,
        ),
        (
            json!({ "renameDossier": { "dossier": "eu", "slug": "round" } }),
            Rule::SlugTaken,
        ),
        (
            json!({ "registerTopic": { "slug": "round", "label": "Round" } }),
            Rule::SlugTaken,
        ),
    ] {
        let refused = given.refuses(command.clone());
        assert_eq!(refused.rule, rule, "{command}: {refused}");
        assert!(refused.message.contains("redacted"), "{command}: {refused}");
        let tells_what_to_do = refused.hint.contains("position: 4") || refused.hint.contains("another slug");
        assert!(tells_what_to_do, "{command}: {refused}");
    }
    given.all(&[retract("round", 5), redact("round", 6)]);
    given.holds();
    given.records(correcting(4, round("Round")));
    assert_eq!(stages(&given.desk.views()), Some(0));
    given.holds();
}

#[test]
fn what_fills_a_redacted_place_is_of_the_same_kind_and_the_same_dossier() {
    let given = a_round();
    given.all(&[
        claim("c", "Ten."),
        claim("d", "Nine."),
        redact("round", 4),
        redact("c", 7),
    ]);
    for (command, rule, field) in [
        (correcting(4, claim("d", "Ten.")), Rule::OtherRecord, "position"),
        (
            correcting(7, claim("d", "Nine, and more.")),
            Rule::OtherRecord,
            "position",
        ),
        (correcting(7, claim("e", "Ten.")), Rule::OtherRecord, "position"),
    ] {
        let refused = given.refuses(command.clone());
        assert_eq!(refused.rule, rule, "{command}: {refused}");
        assert!(refused.field.ends_with(field), "{command}: {refused}");
    }
    given.records(correcting(7, claim("c", "Two.")));
    assert!(given.desk.views().claims.get("c").is_some());
    given.holds();
}

#[test]
fn a_meeting_is_opened_again_by_what_stands_for_its_first_report() {
    let given = given(&[source(), held(Some("Talks"), "2026-01-08"), held(None, "2026-01-09")]);
    given.records(redact("talks", 2));
    assert!(given.desk.views().meetings.get("talks").is_none());
    let refused = given.refuses(correcting(2, held(None, "2026-01-08")));
    assert_eq!(refused.rule, Rule::MissingField);
    let refused = given.refuses(held(Some("Talks"), "2026-01-08"));
    assert!(refused.message.contains("redacted"), "{refused}");
    given.records(correcting(2, held(Some("The talks"), "2026-01-08")));
    let views = given.desk.views();
    let talks = views.meetings.get("talks").unwrap();
    assert_eq!(talks.reports.len(), 2, "both reports");
    given.holds();
    given.records(redact("talks", 3));
    given.records(correcting(3, held(None, "2026-01-10")));
    assert_eq!(given.desk.views().meetings.get("talks").unwrap().reports.len(), 2);
    given.holds();
}

#[test]
fn a_version_said_again_has_the_points_that_it_had() {
    let given = given(&[
        source(),
        plan("p"),
        version("p", "1"),
        point("p", "1", "a"),
        point("p", "1", "b"),
        plan("q"),
        redact("p", 3),
    ]);
    for inside in [
        point("p", "1", "x"),
        json!({ "moveRecords": { "from": "p", "into": "q", "records": ["p/1"] } }),
    ] {
        let refused = given.refuses(inside);
        assert_eq!(refused.message, "what made `p/1`, at position 3, was redacted");
        assert!(refused.hint.contains("position: 3"), "{}", refused.hint);
    }
    let refused = given.refuses(version("p", "1"));
    assert_eq!(
        (refused.rule, refused.field.ends_with("version")),
        (Rule::KeyTaken, true)
    );
    given.records(correcting(3, version("p", "1")));
    assert_eq!(points(&given, "p", "1"), 2);
    given.holds();
}

fn plan(slug: &str) -> Value {
    json!({ "openPlan": { "slug": slug, "kind": "PLAN", "title": "Plan" } })
}
fn version(plan: &str, version: &str) -> Value {
    json!({ "recordPlanVersion": { "plan": plan, "version": version, "status": "PROPOSED", "datedOn": "2025-11",
        "summary": "Points.", "evidence": cited() } })
}
fn point(plan: &str, version: &str, key: &str) -> Value {
    json!({ "recordPoint": { "plan": plan, "version": version, "key": key, "summary": "Text.", "datedOn": "2025-11",
        "evidence": cited() } })
}
fn points(given: &Given, plan: &str, version: &str) -> usize {
    let views = given.desk.views();
    views.plans.get(plan).unwrap().version(version).unwrap().points.len()
}

/// What lies inside it and what was recorded after it go by its name.
#[test]
fn what_fills_a_redacted_place_has_the_same_name() {
    let given = given(&[
        source(),
        plan("p"),
        version("p", "1"),
        point("p", "1", "a"),
        version("p", "2"),
        redact("p", 4),
    ]);
    for other in [point("p", "2", "a"), point("p", "1", "b")] {
        assert_eq!(given.refuses(correcting(4, other)).rule, Rule::OtherRecord);
    }
    given.records(redact("p", 3));
    assert_eq!(given.refuses(correcting(3, version("p", "3"))).rule, Rule::OtherRecord);
    given.records(correcting(3, version("p", "1")));
    assert_eq!(points(&given, "p", "1"), 0);
    given.records(correcting(4, point("p", "1", "a")));
    assert_eq!((points(&given, "p", "1"), points(&given, "p", "2")), (1, 0));
    given.holds();
    let told = given
        .desk
        .views()
        .amendments
        .all()
        .filter_map(|told| told.record.clone())
        .collect::<Vec<_>>();
    assert_eq!(
        told.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["p/1#a", "p/1"]
    );
}

#[test]
fn what_was_redacted_after_it_moved_is_filled_where_it_is_now() {
    let moved = json!({ "moveRecords": { "from": "p", "records": ["p/1"], "into": "q", "reason": "Of that one." } });
    let given = given(&[
        source(),
        plan("p"),
        version("p", "1"),
        point("p", "1", "a"),
        plan("q"),
        moved,
        redact("q", 3),
    ]);
    let refused = given.refuses(version("q", "1"));
    assert_eq!(refused.rule, Rule::KeyTaken);
    given.holds();
    given.records(correcting(3, version("q", "1")));
    assert_eq!(points(&given, "q", "1"), 1);
    given.holds();
    given.records(point("q", "1", "b"));
    assert_eq!(points(&given, "q", "1"), 2);
    given.records(plan("r"));
    given.holds();
    given.restores();
}

/// What refers to it would speak of another.
#[test]
fn the_name_of_what_was_redacted_is_given_to_nothing_else() {
    let given = a_round();
    given.all(&[redact("round", 5), stage("PROPOSED", "2026-01-01")]);
    let keys = |given: &Given| -> Vec<String> {
        let views = given.desk.views();
        let entries = views.timeline.of_dossier("round").into_iter();
        let stages = entries.filter(|entry| entry.record.as_str().contains("proposed"));
        stages.map(|entry| entry.record.to_string()).collect()
    };
    assert_eq!(keys(&given), ["round#proposed-2"]);
    let refused = given.refuses(with(stage("PROPOSED", "2026-01-04"), "key", json!("proposed")));
    assert_eq!(refused.rule, Rule::KeyTaken);
    assert!(refused.hint.contains("position: 5"), "{refused}");
    given.records(correcting(5, stage("PROPOSED", "2026-01-04")));
    assert_eq!(keys(&given), ["round#proposed-2", "round#proposed"]);
    given.holds();
}

#[test]
fn what_filled_a_redacted_place_can_be_corrected_redacted_and_filled_again() {
    let given = a_round();
    given.all(&[
        redact("round", 4),
        correcting(4, round("One")),
        correcting(9, round("Two")),
        redact("round", 11),
    ]);
    assert_eq!(stages(&given.desk.views()), None);
    given.holds();
    let refused = given.refuses(round("Three"));
    assert!(refused.hint.contains("position: 11"), "{refused}");
    given.records(correcting(11, round("Three")));
    assert_eq!(stages(&given.desk.views()), Some(2));
    given.holds();
}

#[test]
fn what_was_merged_in_opens_nothing_once_it_is_redacted() {
    let given = given(&[source(), claim("a", "One."), claim("b", "Two.")]);
    given.all(&[
        json!({ "mergeDossiers": { "dossier": "b", "into": "a" } }),
        redact("a", 3),
    ]);
    assert!(given.desk.views().claims.get("a").is_some());
    let refused = given.refuses(correcting(3, claim("b", "Three.")));
    assert_eq!(refused.rule, Rule::NotAmendable);
    given.records(retract("a", 2));
    assert!(given.desk.views().claims.get("a").is_none());
    given.records(claim("a", "Four."));
    assert!(given.desk.views().claims.get("a").is_some());
    given.holds();
}

#[test]
fn what_was_merged_in_shows_where_what_it_was_merged_into_is_redacted() {
    let given = given(&[source(), claim("a", "One."), claim("b", "Two.")]);
    given.all(&[
        json!({ "mergeDossiers": { "dossier": "b", "into": "a" } }),
        redact("a", 2),
    ]);
    assert_eq!(given.desk.views().claims.get("a").unwrap().position(), 3);
    given.records(alias("a"));
    given.holds();
    given.records(correcting(2, claim("a", "Right.")));
    assert_eq!(given.desk.views().claims.get("a").unwrap().position(), 8);
    given.holds();
}

#[test]
fn a_dossier_that_was_renamed_can_be_opened_again_once_it_is_retracted() {
    for slug in ["a", "b"] {
        let given = given(&[source(), claim("a", "One.")]);
        given.all(&[
            json!({ "renameDossier": { "dossier": "a", "slug": "b" } }),
            retract("b", 2),
        ]);
        given.records(claim(slug, "Again."));
        let views = given.desk.views();
        assert!(views.claims.get("b").is_some(), "opened as {slug}");
        assert_eq!(views.timeline.dossier("b").unwrap().1.version, 4);
        given.records(alias("b"));
        given.holds();
    }
}

#[test]
fn a_dossier_that_had_records_moved_can_be_opened_again_once_it_is_retracted() {
    let other = json!({ "openRound": { "slug": "other", "title": "Other", "senders": ["eu"], "target": "ru" } });
    let moving = |from: &str, record: &str, into: &str| json!({ "moveRecords": { "from": from, "records": [record], "into": into, "reason": "Of that one." } });
    let given = given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Round"),
        other,
        stage("PROPOSED", "2026-01-02"),
        moving("round", "round#proposed", "other"),
        retract("round", 4),
        round("Again"),
    ]);
    let views = given.desk.views();
    assert_eq!(views.rounds.get("round").unwrap().opened.fact.title.as_str(), "Again");
    assert_eq!(views.rounds.get("other").unwrap().stages.len(), 1);
    given.holds();
}

fn other_round(slug: &str) -> Value {
    json!({ "openRound": { "slug": slug, "title": "Other", "senders": ["eu"], "target": "ru" } })
}
fn stage_of(round: &str, stage: &str, on: &str) -> Value {
    json!({ "recordStage": { "round": round, "key": "s", "stage": stage, "reachedOn": on, "evidence": cited() } })
}
fn merge(dossier: &str, into: &str) -> Value {
    json!({ "mergeDossiers": { "dossier": dossier, "into": into } })
}
fn of_record(given: &Given, record: &str) -> usize {
    given.desk.views().timeline.of_record(record).len()
}

/// Two rounds, each with a stage under the same key, and claims that say otherwise of both.
fn two_rounds() -> Given {
    let links = |from: &str, to: &str| json!({ "linkRecords": { "from": from, "to": to, "link": "CONTRADICTS" } });
    given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Round"),
        other_round("other"),
        stage_of("round", "PROPOSED", "2026-01-02"),
        stage_of("other", "AGREED", "2026-01-03"),
        claim("k", "Of the first."),
        claim("l", "Of the other."),
        links("k", "round#s"),
        links("l", "other#s"),
    ])
}

#[test]
fn what_was_recorded_in_a_merged_dossier_is_corrected_and_retracted_like_any_other() {
    let given = two_rounds();
    given.records(merge("other", "round"));
    assert_eq!(of_record(&given, "round#s-2"), 1);
    let mut right = stage_of("round", "ADOPTED", "2026-01-05");
    right["recordStage"]["key"] = json!("s-2");
    let receipt = given.records(correcting(7, right));
    assert_eq!(stages(&given.desk.views()), Some(2));
    given.holds();
    given.all(&[retract("l", 11), retract("round", receipt.position)]);
    assert_eq!(stages(&given.desk.views()), Some(1));
    given.holds();
    given.restores();
}

#[test]
fn what_was_redacted_in_a_merged_dossier_keeps_its_name_and_is_filled() {
    for redacted_first in [true, false] {
        let given = two_rounds();
        match redacted_first {
            true => given.all(&[redact("other", 7), merge("other", "round")]),
            false => given.all(&[merge("other", "round"), redact("round", 7)]),
        }
        given.holds();
        let mut right = stage_of("round", "AGREED", "2026-01-05");
        right["recordStage"]["key"] = json!("s-2");
        given.records(correcting(7, right));
        assert_eq!((of_record(&given, "round#s"), of_record(&given, "round#s-2")), (1, 1));
        let linked = given.desk.views().links.to("round#s-2").count();
        assert_eq!(linked, 1, "the link leads to what it led to");
        given.holds();
        given.restores();
    }
}

#[test]
fn no_move_or_merge_takes_the_name_of_what_was_redacted() {
    let moved = json!({ "moveRecords": { "from": "other", "records": ["other#s"], "into": "round", "reason": "Of that one." } });
    for (how, slug) in [(moved, "round"), (merge("other", "round"), "round")] {
        let given = two_rounds();
        given.all(&[redact("round", 6), how]);
        let linked = |record: &str| {
            given
                .desk
                .views()
                .links
                .to(record)
                .map(|told| told.fact.from.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (linked("round#s"), linked("round#s-2")),
            (vec!["k".to_owned()], vec!["l".to_owned()])
        );
        given.holds();
        given.records(correcting(6, stage_of(slug, "PROPOSED", "2026-01-04")));
        assert_eq!(stages(&given.desk.views()), Some(2));
        given.holds();
        given.restores();
    }
}

#[test]
fn where_what_was_right_was_redacted_its_position_is_told() {
    let given = a_round();
    given.all(&[correcting(5, stage("PROPOSED", "2026-01-04")), redact("round", 8)]);
    let refused = given.refuses(correcting(5, stage("PROPOSED", "2026-01-05")));
    assert_eq!(refused.rule, Rule::NotStanding);
    assert!(refused.message.contains("at position 8, was redacted"), "{refused}");
    assert!(refused.hint.contains("position: 8"), "{refused}");
    given.records(correcting(8, stage("PROPOSED", "2026-01-05")));
    given.holds();
}

/// What it lay in is another record now, which stands later.
#[test]
fn what_lay_in_what_was_taken_back_is_recorded_anew_and_not_filled() {
    let given = given(&[
        source(),
        plan("p"),
        version("p", "1"),
        point("p", "1", "a"),
        redact("p", 4),
        retract("p", 3),
    ]);
    assert_eq!(
        given.refuses(correcting(4, point("p", "1", "a"))).rule,
        Rule::UnknownReference
    );
    let batch = [version("p", "1"), correcting(4, point("p", "1", "a"))];
    assert!(matches!(given.when(&batch), rapporteur_desk::Outcome::Refused(_)));
    given.records(version("p", "1"));
    let refused = given.refuses(correcting(4, point("p", "1", "a")));
    assert_eq!(
        (refused.rule, refused.hint.contains("without `corrects`")),
        (Rule::NotStanding, true)
    );
    given.records(point("p", "1", "a"));
    assert_eq!(points(&given, "p", "1"), 1);
    given.holds();
    given.restores();
}
