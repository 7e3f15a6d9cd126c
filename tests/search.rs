//! Search as its clients see it: after a mutation, page by page, filtered, and asked wrongly.

use crate::binary::{Server, root, run, told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::tempdir;

const SEARCH: &str = "query($text: String!, $where: TimelineFilter, $first: Int, $after: String) {
    search(text: $text, where: $where, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { score matched { field text } entry { position } dossier { __typename slug title } } } }";

#[test]
fn a_name_is_found_in_any_script_right_after_it_was_recorded() {
    let dir = tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    for file in ["01-paris-report.ndjson", "07-names-2025.ndjson"] {
        let file = root().join("fixtures/commands").join(file);
        let (code, _, err) = told(&run(&["import", "--data", data, file.to_str().unwrap()], b""));
        assert_eq!(code, 0, "{err}");
    }
    let server = Server::start(dir.path(), &[]);
    let mut client = server.connect();
    let mut ask = |variables: Value| client.data(SEARCH, &variables).unwrap()["search"].clone();

    for text in ["zelen", "Zelenskij", "Зеленский"] {
        let best = &ask(json!({ "text": text }))["nodes"][0];
        assert_eq!(best["dossier"]["slug"], "volodymyr-zelenskyy", "{text}: {best}");
        assert_eq!(
            (&best["matched"]["field"], &best["entry"]),
            (&json!("NAME"), &Value::Null)
        );
    }
    assert_eq!(ask(json!({ "text": "zzzqqq" }))["nodes"], json!([]));

    let all = ask(json!({ "text": "s", "first": 200 }));
    let (mut seen, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let page = ask(json!({ "text": "s", "first": 7, "after": after }));
        for hit in page["nodes"].as_array().unwrap() {
            seen.insert(format!("{} {}", hit["dossier"]["slug"], hit["entry"]));
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(json!(seen.len()), all["totalCount"], "every hit on one page, once");

    let meetings = ask(json!({ "text": "security", "where": { "kinds": ["MEETING"] } }));
    let meetings = meetings["nodes"].as_array().unwrap();
    assert!(!meetings.is_empty() && meetings.iter().all(|hit| hit["dossier"]["__typename"] == "Meeting"));

    let register = "mutation($input: RegisterPartyInput!) { registerParty(input: $input) { __typename } }";
    let party =
        json!({ "input": { "slug": "xi-jinping", "kind": "PERSON", "name": "Xi Jinping", "aliases": ["习近平"] } });
    assert_eq!(
        client.data(register, &party).unwrap()["registerParty"]["__typename"],
        "Recorded"
    );
    let found = client.data(SEARCH, &json!({ "text": "近平" })).unwrap();
    assert_eq!(
        found["search"]["nodes"][0]["matched"],
        json!({ "field": "NAME", "text": "习近平" })
    );

    for wrong in [
        json!({ "text": " " }),
        json!({ "text": "x".repeat(201) }),
        json!({ "text": "x", "where": { "parties": ["nobody"] } }),
        json!({ "text": "x", "first": 201 }),
        json!({ "text": "paris", "after": "bm93aGVyZQ" }),
    ] {
        let body = json!({ "query": SEARCH, "variables": wrong }).to_string();
        let (_, answer) = client.post(&body).unwrap();
        assert!(answer.contains("BAD_USER_INPUT"), "{wrong}: {answer}");
    }
}
