//! Answers of mutations, selected together.

use crate::client::Client;
use serde_json::json;

const ANSWERS: &str =
    "{ __typename ... on Recorded { dossier { slug } } ... on Conflict { dossier { slug } slug expected actual } }";

#[test]
fn a_conflict_and_a_record_show_their_dossiers_in_one_document() {
    let client = Client::with_fixtures();
    let ask = |slug: &str, expected: u32| {
        let input = format!(r#"{{ slug: "{slug}", label: "L", expectedVersion: {expected} }}"#);
        client.ask(&format!("mutation {{ it: registerTopic(input: {input}) {ANSWERS} }}"))["it"].take()
    };
    assert_eq!(
        ask("new", 3),
        json!({ "__typename": "Conflict", "dossier": null, "slug": "new", "expected": 3, "actual": 0 })
    );
    assert_eq!(
        ask("new", 0),
        json!({ "__typename": "Recorded", "dossier": { "slug": "new" } })
    );
    let moved =
        json!({ "__typename": "Conflict", "dossier": { "slug": "new" }, "slug": "new", "expected": 3, "actual": 1 });
    assert_eq!(ask("new", 3), moved);
    let commands = r#"[{ registerTopic: { slug: "new", label: "L", expectedVersion: 3 } }]"#;
    let document = format!(
        "mutation {{ it: record(commands: {commands}) {} }}",
        ANSWERS.replace(
            "Recorded { dossier { slug } }",
            "RecordedBatch { records { dossier { slug } } }"
        )
    );
    assert_eq!(client.ask(&document)["it"], moved);
}

#[test]
fn a_new_title_shows_wherever_the_dossier_does() {
    let desk = Client::with_fixtures();
    desk.record(r#"{"retitleDossier": {"dossier": "eu-ru-20", "title": "The twentieth package"}}"#);
    let found = desk.ask("{ round(slug: \"eu-ru-20\") { title } dossier(slug: \"eu-ru-20\") { title } }");
    let title = "The twentieth package";
    assert_eq!(
        found,
        json!({ "round": { "title": title }, "dossier": { "title": title } })
    );
}

#[test]
fn a_changed_point_is_shown_with_the_points_before_and_after() {
    let desk = Client::with_fixtures();
    let point = |version: &str| {
        format!(
            r#"{{"recordPoint": {{"plan": "us-plan", "version": "{version}", "key": "army", "summary": "A cap.",
            "datedOn": "2025-12", "evidence": {{"citations": [{{"source": "rferl-2026-01-06"}}]}}}}}}"#
        )
        .replace('\n', " ")
    };
    let change = r#"{"recordPointChange": {"plan": "us-plan", "version": "20", "change": "CHANGED", "before": "us-plan/28#army", "after": "us-plan/20#army", "summary": "600,000 to 800,000.", "evidence": {"citations": [{"source": "rferl-2026-01-06"}]}}}"#;
    desk.record(&[point("28"), point("20"), change.to_owned()].join("\n"));
    let found = desk.ask(
        "{ plan(slug: \"us-plan\") { planVersion(version: \"20\") { changes { change before { ref } after { ref } } } } }",
    );
    let changed =
        json!({ "change": "CHANGED", "before": { "ref": "us-plan/28#army" }, "after": { "ref": "us-plan/20#army" } });
    assert_eq!(found["plan"]["planVersion"]["changes"], json!([changed]));
}
