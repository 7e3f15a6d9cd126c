//! The server as its clients see it: reads after writes, bad input, stopping and starting again.

use crate::binary::{REGISTER, Server, run, told};
use serde_json::{Value, json};
use tempfile::tempdir;

const STORE: &str = "{ store { position hash views { name digest } } }";

#[test]
fn what_was_recorded_is_there_at_once_and_after_a_restart_and_rebuilds_the_same() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut client = server.connect();
    assert_eq!(client.get("/livez").unwrap(), (200, "ok".to_owned()));
    let facts =
        std::fs::read_to_string(crate::binary::root().join("fixtures/commands/01-paris-report.ndjson")).unwrap();
    let commands: Vec<Value> = facts.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let batch = "mutation($c: [CommandInput!]!) { record(commands: $c) { __typename ... on RecordedBatch { records { position } }
        ... on Refused { refusals { rule field message } } } }";
    let answer = client.data(batch, &json!({ "c": commands })).unwrap();
    assert_eq!(answer["record"]["__typename"], "RecordedBatch", "{answer}");
    let meeting = client
        .data(
            "{ meeting(slug: \"paris-2026-01-06\") { absent { party { name } } } }",
            &json!({}),
        )
        .unwrap();
    assert_eq!(meeting["meeting"]["absent"][0]["party"]["name"], "Marco Rubio");
    let rebuilt = client
        .data("mutation { rebuildViews { position same } }", &json!({}))
        .unwrap();
    assert_eq!(
        rebuilt["rebuildViews"],
        json!({ "position": commands.len(), "same": true })
    );
    let before = client.data(STORE, &json!({})).unwrap();
    assert_eq!(server.stop(), 0);

    let (code, out, err) = told(&run(
        &["rebuild", "--json", "--data", dir.path().to_str().unwrap()],
        b"",
    ));
    assert_eq!(code, 0, "{err}");
    let rebuilt: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        rebuilt["views"], before["store"]["views"],
        "rebuilt from the log, the digests are those served live"
    );

    let server = Server::start(dir.path(), &[]);
    assert_eq!(server.connect().data(STORE, &json!({})).unwrap(), before);
}

#[test]
fn bad_input_is_answered_clearly_and_the_log_does_not_change() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut client = server.connect();
    client.data(REGISTER, &json!({ "slug": "first" })).unwrap();
    let before = client.data(STORE, &json!({})).unwrap();

    let (status, text) = client.post("{\"query\": ").unwrap();
    assert!(status == 400 && text.contains("JSON"), "{status} {text}");

    let refused = "... on Refused { refusals { rule field value hint } }";
    let claim = format!(
        "mutation($e: EvidenceInput!, $d: DateInput!) {{ recordClaim(input: {{ slug: \"c\", summary: \"s\", claimedOn: $d, evidence: $e }}) {{ __typename {refused} }} }}"
    );
    let cite = json!({ "citations": [{ "source": "nowhere" }] });
    let answer = client.data(&claim, &json!({ "e": cite, "d": "6.1.2026" })).unwrap();
    let first = &answer["recordClaim"]["refusals"][0];
    assert_eq!(
        (&first["rule"], &first["field"], &first["value"]),
        (&json!("INVALID_DATE"), &json!("input.claimedOn"), &json!("6.1.2026"))
    );
    let answer = client.data(&claim, &json!({ "e": cite, "d": "2026-01-06" })).unwrap();
    let first = &answer["recordClaim"]["refusals"][0];
    assert_eq!(
        (&first["rule"], &first["field"]),
        (
            &json!("UNKNOWN_REFERENCE"),
            &json!("input.evidence.citations[0].source")
        )
    );

    let note = "x".repeat(7_900);
    let quantities: Vec<Value> = (0..9)
        .map(|n| json!({ "what": "n", "value": n, "note": note }))
        .collect();
    let large = format!(
        "mutation($q: [QuantityInput!]!) {{ record(commands: [{{ registerSource: {{ slug: \"s\", kind: WIRE, title: \"T\", publisher: \"P\" }} }},
          {{ recordClaim: {{ slug: \"c\", summary: \"s\", claimedOn: \"2026\", quantities: $q, evidence: {{ citations: [{{ source: \"s\" }}] }} }} }}])
          {{ __typename {refused} }} }}"
    );
    let answer = client.data(&large, &json!({ "q": quantities })).unwrap();
    assert_eq!(answer["record"]["refusals"][0]["rule"], "EVENT_TOO_LARGE", "{answer}");
    assert_eq!(answer["record"]["refusals"][0]["field"], "commands[1].recordClaim");

    let many: Vec<Value> = (0..10_000)
        .map(|n| json!({ "registerTopic": { "slug": format!("t{n}"), "label": "T" } }))
        .collect();
    let batch = format!("mutation($c: [CommandInput!]!) {{ record(commands: $c) {{ __typename {refused} }} }}");
    let (status, text) = client
        .post(&json!({ "query": batch, "variables": { "c": many } }).to_string())
        .unwrap();
    let said = (status == 200 && text.contains("TOO_MANY") && text.contains("rapporteur import"))
        || (status == 413 && text.contains("import"));
    assert!(said, "{status} {}", &text[..text.len().min(400)]);

    assert_eq!(
        server.connect().data(STORE, &json!({})).unwrap(),
        before,
        "nothing was recorded"
    );
}
