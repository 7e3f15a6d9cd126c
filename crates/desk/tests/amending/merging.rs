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

#[test]
fn a_source_that_was_renamed_is_brought_forward_by_every_fold() {
    let named =
        |slug: &str, on: &str| json!({ "registerSource": { "slug": slug, "publisher": slug, "publishedOn": on } });
    let renamed = |slug: &str, to: &str| json!({ "renameDossier": { "dossier": slug, "slug": to } });
    let right = |cited: &str| {
        let cites = json!({ "citations": [{ "source": cited }] });
        correcting(2, with(claim("a", "Right."), "evidence", cites))
    };
    let known = |given: &Given| given.desk.views().public.since(2).map(|(since, _)| since);
    let given = given(&[
        source(),
        claim("a", "One."),
        named("g", "2025-03-01"),
        renamed("g", "gr"),
    ]);
    given.records(right("g"));
    given.holds();
    given.restores();
    assert_eq!(known(&given), None, "what was wrong is public no more");
    let since = given.desk.views().public.since(6).unwrap().0.surely;
    assert_eq!(since, Some("2025-03-01".parse().unwrap()));
    let given = crate::desk::given(&[
        source(),
        claim("a", "One."),
        named("f", "2025-02-02"),
        named("g", "2025-05-05"),
        renamed("f", "f2"),
    ]);
    given.all(&[right("g"), merge("g", "f2")]);
    let publisher = given
        .desk
        .views()
        .sources
        .get("f2")
        .unwrap()
        .registered
        .fact
        .publisher
        .to_string();
    assert_eq!(publisher, "f");
    given.holds();
    given.restores();
}

/// A slug that a dossier had in between is none of its stream.
#[test]
fn a_survivor_that_was_renamed_and_back_goes_on_in_its_own_stream() {
    let renamed = |slug: &str, to: &str| json!({ "renameDossier": { "dossier": slug, "slug": to } });
    let given = given(&[
        source(),
        claim("a", "One."),
        claim("b", "Two."),
        renamed("b", "c"),
        renamed("c", "b"),
    ]);
    given.records(retract("a", 2));
    given.records(claim("a", "Again."));
    given.records(merge("a", "b"));
    goes_on(&given, "b");
}
