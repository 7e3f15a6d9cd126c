//! What is taken back is gone from everything that is shown, and still there as of before.

use crate::desk::*;
use rapporteur_domain::refusal::Rule;
use rapporteur_views::timeline::Filter;
use serde_json::json;

#[test]
fn a_retracted_record_is_in_no_view_and_still_shows_as_of_before() {
    let given = given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Round"),
        stage("PROPOSED", "2026-01-02"),
    ]);
    let receipt = given.records(retract("round", 5));
    assert_eq!((receipt.position, receipt.version), (6, 3));
    let views = given.desk.views();
    assert!(views.rounds.get("round").unwrap().stages.is_empty());
    assert!(views.timeline.of_record("round#proposed").is_empty());
    assert_eq!(views.timeline.matching(&Filter::default()).count(), 1, "the source");
    let before = given.at(5);
    assert_eq!(before.timeline.of_record("round#proposed").len(), 1);
    assert_eq!(
        views.timeline.recorded(5).unwrap().amended.as_ref().unwrap().retracted,
        Some(6)
    );
    assert_eq!(
        views.timeline.count_of("round"),
        2,
        "what opened it, and the retraction"
    );
    let again = given.records(retract("round", 5));
    assert_eq!((again.position, again.already_there), (6, true));
    let anew = given.records(stage("PROPOSED", "2026-01-02"));
    assert_eq!((anew.position, anew.version, anew.already_there), (7, 4, false));
    given.holds();
}

#[test]
fn a_dossier_is_retracted_with_what_opened_it_and_can_be_opened_again() {
    let given = given(&[source(), claim("c", "Ten.")]);
    given.records(retract("c", 2));
    let views = given.desk.views();
    assert!(views.claims.get("c").is_none());
    assert!(views.timeline.dossier("c").is_none());
    assert!(given.at(2).claims.get("c").is_some());
    let unknown = given.refuses(json!({ "recordAlias": { "dossier": "c", "name": "C", "evidence": cited() } }));
    assert_eq!(unknown.rule, Rule::UnknownReference);
    let opened = given.records(claim("c", "Ten."));
    assert_eq!((opened.position, opened.version, opened.already_there), (4, 3, false));
    assert!(given.desk.views().claims.get("c").is_some());
    given.holds();
}

#[test]
fn what_others_stand_on_is_taken_back_after_them() {
    let link = json!({ "linkRecords": { "from": "c", "to": "round#proposed", "link": "CONFIRMS" } });
    let given = given(&[
        source(),
        person("eu"),
        person("ru"),
        round("Round"),
        stage("PROPOSED", "2026-01-02"),
        claim("c", "Ten."),
        link,
    ]);
    let refused = given.refuses(retract("round", 4));
    assert_eq!(refused.rule, Rule::StillReferredTo);
    assert!(refused.message.contains("2 standing records"), "{}", refused.message);
    assert!(refused.message.contains("(position 5, 7)"), "{}", refused.message);
    let refused = given.refuses(retract("eu", 2));
    assert_eq!(refused.rule, Rule::StillReferredTo, "{}", refused.message);
    given.all(&[
        retract("c", 7),
        retract("round", 5),
        retract("round", 4),
        retract("eu", 2),
    ]);
    let views = given.desk.views();
    assert!(views.rounds.get("round").is_none() && views.parties.get("eu").is_none());
    assert!(views.links.of_dossier("c").is_none_or(|links| links.is_empty()));
    given.holds();
}

#[test]
fn what_is_pending_beside_a_retraction_counts() {
    let given = given(&[source(), person("eu"), person("ru"), round("Round")]);
    let batch = [stage("PROPOSED", "2026-01-02"), retract("round", 4)];
    match given.when(&batch) {
        rapporteur_desk::Outcome::Refused(refusals) => {
            assert_eq!(refusals[0].rule, Rule::StillReferredTo);
            assert!(refusals[0].message.contains("position 5"), "{}", refusals[0].message);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_correction_can_be_taken_back_and_nothing_comes_back() {
    let given = given(&[source(), claim("c", "Ten."), correcting(2, claim("c", "Two."))]);
    given.records(retract("c", 4));
    assert!(given.desk.views().claims.get("c").is_none());
    assert!(given.at(4).claims.get("c").is_some());
    assert_eq!(given.desk.views().amendments.stands(2), None);
    let refused = given.refuses(correcting(2, claim("c", "Three.")));
    assert_eq!(refused.rule, Rule::NotStanding);
    given.holds();
}
