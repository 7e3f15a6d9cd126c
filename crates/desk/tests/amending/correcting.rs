//! What is right stands in the place of what was wrong.

use crate::desk::*;
use rapporteur_desk::Outcome;
use rapporteur_domain::refusal::Rule;
use rapporteur_views::Views;
use rapporteur_views::meetings::MeetingState;
use rapporteur_views::timeline::Filter;
use serde_json::json;

fn summary(views: &Views, claim: &str) -> Option<String> {
    let position = views.claims.get(claim)?.position();
    Some(views.timeline.entry(position)?.fact()?.summary().into_owned())
}

#[test]
fn a_corrected_claim_shows_the_right_summary_and_the_old_one_as_of_before() {
    let given = given(&[source(), claim("c", "Ten brigades."), claim("d", "Other.")]);
    let receipt = given.records(correcting(2, claim("c", "Two brigades.")));
    assert_eq!(
        (receipt.position, receipt.version, receipt.already_there),
        (5, 3, false)
    );
    let views = given.desk.views();
    assert_eq!(summary(&views, "c").as_deref(), Some("Two brigades."));
    assert_eq!(summary(&given.at(3), "c").as_deref(), Some("Ten brigades."));
    assert_eq!(
        summary(&given.at(4), "c").as_deref(),
        Some("Ten brigades."),
        "told, and not yet what is right"
    );
    assert_eq!(summary(&given.at(5), "c").as_deref(), Some("Two brigades."));
    let wrong = views.timeline.recorded(2).unwrap();
    assert!(wrong.event.is_none() && wrong.as_written().is_some());
    let corrected = wrong.amended.as_ref().unwrap().corrected.unwrap();
    assert_eq!((corrected.by, corrected.after), (4, 5));
    assert_eq!(views.amendments.corrects(5), Some(2));
    assert_eq!(views.timeline.recorded(5).unwrap().header.cause, Some(4));
    let dated = views.timeline.matching(&Filter::default()).count();
    assert_eq!(dated, 3, "the source and two claims");
    given.holds();
}

#[test]
fn a_correction_stands_where_the_wrong_record_stood_and_not_at_the_end() {
    let given = given(&[source(), meeting("2026-01-20"), rescheduled("2026-01-25")]);
    given.records(correcting(2, meeting("2026-01-21")));
    let views = given.desk.views();
    let talks = views.meetings.get("talks").unwrap();
    assert_eq!(talks.state, MeetingState::Rescheduled);
    let days: Vec<String> = talks
        .moves
        .iter()
        .map(|m| m.planned_for.as_ref().unwrap().label())
        .collect();
    assert_eq!(days, ["21 January 2026", "25 January 2026"]);
    given.holds();
}

#[test]
fn what_opened_a_dossier_can_be_corrected_and_keeps_everything_in_it() {
    let given = given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Rond"),
        stage("PROPOSED", "2026-01-02"),
    ]);
    given.records(correcting(4, round("Round")));
    let views = given.desk.views();
    let round = views.rounds.get("round").unwrap();
    assert_eq!(round.opened.fact.title.as_str(), "Round");
    assert_eq!(views.timeline.of_record("round#proposed").len(), 1);
    assert_eq!(views.timeline.dossier("round").unwrap().1.version, 4);
    let next = given.records(stage("ADOPTED", "2026-01-03"));
    assert_eq!((next.position, next.version), (8, 5));
    given.holds();
}

#[test]
fn a_correction_can_be_corrected_and_the_last_one_stands() {
    let given = given(&[source(), claim("c", "Ten."), correcting(2, claim("c", "Nine."))]);
    let refused = given.refuses(correcting(2, claim("c", "Two.")));
    assert_eq!(refused.rule, Rule::NotStanding);
    assert!(refused.message.contains("position 4 stands"), "{}", refused.message);
    let receipt = given.records(correcting(4, claim("c", "Two.")));
    assert_eq!(receipt.position, 6);
    let told: Vec<_> = (2..=6).map(|at| summary(&given.at(at), "c").unwrap()).collect();
    assert_eq!(told, ["Ten.", "Ten.", "Nine.", "Nine.", "Two."]);
    assert_eq!(given.desk.views().amendments.stands(2), Some(6));
    given.holds();
}

#[test]
fn the_same_correction_is_recorded_once() {
    let given = given(&[source(), claim("c", "Ten.")]);
    let keyed = with(correcting(2, claim("c", "Two.")), "idempotencyKey", json!("k"));
    let first = given.records(keyed.clone());
    for again in [keyed.clone(), correcting(2, claim("c", "Two."))] {
        let receipt = given.records(again);
        assert_eq!((receipt.position, receipt.already_there), (first.position, true));
    }
    let same = given.records(correcting(4, claim("c", "Two.")));
    assert_eq!((same.position, same.already_there), (4, true), "it says that already");
    let refused = given.refuses(with(claim("c", "Two."), "idempotencyKey", json!("k")));
    assert_eq!(
        refused.rule,
        Rule::IdempotencyKeyReused,
        "the same content as no correction is another command"
    );
}

#[test]
fn a_slug_or_a_key_that_is_left_out_is_that_of_the_wrong_record() {
    let unnamed = |text: &str| json!({ "captureLead": { "text": text } });
    let before = [
        unnamed("Ten."),
        person("eu"),
        person("ru"),
        round("Round"),
        stage("BLOCKED", "2026-01-02"),
    ];
    let given = given(&[&[source()], &before[..]].concat());
    let first = given.records(stage("BLOCKED", "2026-01-04"));
    let slug = given.desk.views().timeline.recorded(2).unwrap().dossier.slug.clone();
    let right = given.records(correcting(2, unnamed("Two.")));
    assert_eq!(right.dossier.slug, slug);
    assert_eq!(given.desk.views().leads.by_slug().len(), 1);
    given.records(correcting(first.position, stage("BLOCKED", "2026-01-05")));
    let views = given.desk.views();
    let second = views.timeline.of_record("round#blocked-2");
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].fact().unwrap().when().unwrap().label(), "5 January 2026");
    given.holds();
}

#[test]
fn the_wrong_content_can_be_recorded_again_and_the_old_key_still_gives_the_old_answer() {
    let keyed = with(stage("PROPOSED", "2026-01-02"), "idempotencyKey", json!("line-5"));
    let given = given(&[source(), person("eu"), person("ru"), round("Round"), keyed.clone()]);
    given.records(correcting(5, stage("PROPOSED", "2026-01-03")));
    let resent = given.records(keyed);
    assert_eq!((resent.position, resent.already_there), (5, true));
    let again = given.records(stage("PROPOSED", "2026-01-02"));
    assert!(!again.already_there, "it does not stand any more");
    let right = given.records(stage("PROPOSED", "2026-01-03"));
    assert_eq!((right.position, right.already_there), (7, true));
    given.holds();
}

#[test]
fn a_correction_may_bring_a_source_of_its_own() {
    let given = given(&[source(), claim("c", "Ten.")]);
    let right = json!({ "recordClaim": { "slug": "c", "summary": "Two.", "claimedOn": "2026-01-05",
        "evidence": { "citations": [{ "source": "letter" }] },
        "create": { "sources": [{ "slug": "letter", "publisher": "Ministry", "publishedOn": "2026-01-04" }] } } });
    let receipt = given.records(correcting(2, right));
    assert_eq!(receipt.position, 5);
    let views = given.desk.views();
    let since = views.public.of(5).unwrap().since;
    assert_eq!(
        since.surely.unwrap().to_string(),
        "2026-01-04",
        "the source is known where the correction stands"
    );
    given.holds();
}

#[test]
fn a_record_that_was_moved_or_renamed_is_corrected_where_it_is() {
    let stage_of = |round: &str, day: &str| json!({ "recordStage": { "round": round, "stage": "PROPOSED", "reachedOn": day, "evidence": cited() } });
    let second = json!({ "openRound": { "slug": "second", "title": "Second", "senders": ["eu"], "target": "ru" } });
    let given = given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Round"),
        stage_of("round", "2026-01-02"),
        second,
    ]);
    given.records(json!({ "moveRecords": { "from": "round", "into": "second", "records": ["round#proposed"] } }));
    given.records(json!({ "renameDossier": { "dossier": "second", "slug": "later" } }));
    let receipt = given.records(correcting(5, stage_of("second", "2026-01-03")));
    assert_eq!(
        receipt.dossier.slug.as_str(),
        "second",
        "the stream keeps its first slug"
    );
    let views = given.desk.views();
    let entries = views.timeline.of_record("later#proposed");
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].position(), receipt.position);
    assert!(views.timeline.of_record("round#proposed").is_empty());
    given.holds();
}

#[test]
fn a_batch_ends_with_a_correction() {
    let given = given(&[source(), claim("c", "Ten.")]);
    let batch = [correcting(2, claim("c", "Two.")), claim("d", "Other.")];
    match given.when(&batch) {
        Outcome::Refused(refusals) => assert_eq!(refusals[0].rule, Rule::BatchGoesOn),
        other => panic!("{other:?}"),
    }
    assert_eq!(given.head(), 2);
}

#[test]
fn what_opened_a_meeting_is_corrected_by_the_same_command_with_its_key() {
    let held = |on: &str| json!({ "holdMeeting": { "slug": "talks", "key": "k", "title": "Talks", "heldOn": on, "evidence": cited() } });
    let given = given(&[source(), held("2026-01-05")]);
    given.records(correcting(2, held("2026-01-06")));
    let views = given.desk.views();
    let talks = views.meetings.get("talks").unwrap();
    assert_eq!(talks.held_on().unwrap().label(), "6 January 2026");
    given.holds();
}
