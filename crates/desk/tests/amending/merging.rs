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

/// What is right may cite a source that was registered later than the place where it stands, and that source be merged into
/// another since.
#[test]
fn a_source_that_was_brought_forward_is_what_it_was_merged_into() {
    let named = |slug: &str, publisher: &str, on: &str| json!({ "registerSource": { "slug": slug, "publisher": publisher, "publishedOn": on } });
    let cites = json!({ "citations": [{ "source": "g" }] });
    let given = given(&[
        source(),
        claim("a", "One."),
        named("f", "Older", "2026-01-10"),
        named("g", "Younger", "2026-01-20"),
        correcting(2, with(claim("a", "Right."), "evidence", cites)),
        merge("g", "f"),
    ]);
    let publisher = |given: &Given| {
        let views = given.desk.views();
        let kept = views.sources.get("f").unwrap();
        kept.registered.fact.publisher.to_string()
    };
    assert_eq!(publisher(&given), "Older");
    given.holds();
    given.records(correcting(3, named("f", "Oldest", "2026-01-11")));
    assert_eq!(publisher(&given), "Oldest");
    given.holds();
    let day = |on: &str| {
        let moment = rapporteur_views::moment::Published::by(on.parse().unwrap());
        let then = given
            .desk
            .views_as_of(&given.desk.views(), rapporteur_views::moment::Moment::published(moment));
        then.unwrap().claims.get("a").is_some()
    };
    assert_eq!((day("2026-01-10"), day("2026-01-11")), (false, true));
    given.restores();
}
