//! Merging what was amended: the dossier that was opened first stays, whoever was corrected or taken back.

use crate::desk::*;
use rapporteur_domain::refusal::Rule;
use serde_json::{Value, json};

fn merge(dossier: &str, into: &str) -> Value {
    json!({ "mergeDossiers": { "dossier": dossier, "into": into } })
}

fn retitled(title: &str) -> Value {
    json!({ "retitleDossier": { "dossier": "b", "title": title } })
}

/// Versions go on by one, every fold is the same, and an export of the log restores.
fn goes_on(given: &Given, slug: &str) {
    let version = || given.desk.views().timeline.dossier(slug).unwrap().1.version;
    for title in ["One", "Two", "Three"] {
        let before = version();
        let told = json!({ "retitleDossier": { "dossier": slug, "title": title } });
        let receipt = given.records(told);
        assert_eq!(receipt.version, before + 1, "{title}");
        assert_eq!(
            (version(), receipt.dossier.slug.as_str()),
            (before + 1, slug),
            "{title}"
        );
    }
    given.holds();
    given.restores();
}

#[test]
fn a_corrected_opening_stays_as_old_as_what_it_stands_for() {
    let older = || {
        let given = given(&[source(), claim("a", "One."), claim("b", "Two.")]);
        given.records(correcting(2, claim("a", "Corrected.")));
        given
    };
    let given = older();
    assert_eq!(given.refuses(merge("a", "b")).rule, Rule::NotMergeable);
    given.records(merge("b", "a"));
    goes_on(&given, "a");
    let given = older();
    given.records(retitled("Apart"));
    goes_on(&given, "b");
}

#[test]
fn what_was_taken_back_and_recorded_again_is_as_old_as_its_second_opening() {
    let given = given(&[source(), claim("a", "One."), claim("b", "Two.")]);
    given.records(retract("a", 2));
    given.records(claim("a", "Again."));
    assert_eq!(given.refuses(merge("b", "a")).rule, Rule::NotMergeable);
    given.records(merge("a", "b"));
    goes_on(&given, "b");
}

#[test]
fn a_survivor_whose_opening_was_corrected_takes_in_what_is_younger() {
    let given = given(&[source(), claim("b", "One."), claim("a", "Two.")]);
    given.records(correcting(2, claim("b", "Corrected.")));
    given.records(merge("a", "b"));
    goes_on(&given, "b");
}
