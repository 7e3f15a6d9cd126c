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
