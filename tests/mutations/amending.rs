//! Corrections, retractions and redactions over HTTP: what they answer, what is shown now and as of before, and the feed.

use super::Desk;
use super::case::wire;
use crate::binary::{Server, run, told};
use serde_json::{Value, json};
use tempfile::tempdir;

fn claim(summary: &str) -> Value {
    json!({ "slug": "brigades", "summary": summary, "claimedOn": "2026-02-03", "participants": [{ "party": "ua" }],
        "topics": ["energy"], "evidence": wire() })
}

fn with(mut input: Value, field: &str, value: Value) -> Value {
    input[field] = value;
    input
}

const FEED: &str = "totalCount nodes { kind reason position recorder record { ref } before { position summary } \
    after { position summary } afterStands changed { field before after } citations { source { slug } } }";

#[test]
fn a_corrected_claim_shows_what_is_right_what_was_wrong_as_of_before_and_stands_in_the_feed() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let first = desk.send("recordClaim", &claim("Ten brigades."))["position"]
        .as_u64()
        .unwrap();

    // When the summary is corrected,
    let corrects = json!({ "position": first, "reason": "Misread: the report says two." });
    let correction = with(claim("Two brigades."), "corrects", corrects);
    let answer = desk.send("recordClaim", &correction);
    assert_eq!(
        (&answer["position"], &answer["version"], &answer["dossier"]["slug"]),
        (&json!(first + 2), &json!(3), &json!("brigades"))
    );

    // then the right one is shown, wherever it is asked, and the wrong one as of before;
    assert_eq!(
        desk.ask("claim(slug: \"brigades\") { summary }"),
        json!({ "summary": "Two brigades." })
    );
    let before = desk.ask(&format!(
        "asOf(recorded: \"{}\") {{ claim(slug: \"brigades\") {{ summary }} }}",
        first + 1
    ));
    assert_eq!(before["claim"]["summary"], "Ten brigades.");
    for (words, count) in [("Ten brigades", 0), ("Two brigades", 2)] {
        let found = desk.ask(&format!("search(text: \"{words}\") {{ totalCount }}"));
        let total = found["totalCount"].as_u64().unwrap();
        assert!(if count == 0 { total == 0 } else { total > 0 }, "{words}: {found}");
    }
    let earlier = desk.ask(&format!(
        "asOf(recorded: \"{first}\") {{ search(text: \"Ten brigades\") {{ totalCount }} }}"
    ));
    assert!(earlier["search"]["totalCount"].as_u64().unwrap() > 0, "{earlier}");

    // the events say what became of them;
    let wrong = desk.ask(&format!(
        "event(position: {first}) {{ redacted summary entry {{ position }} fact {{ ... on ClaimRecorded {{ summary }} }} \
         amended {{ kind reason by {{ position kind }} after {{ position }} }} corrects {{ position }} }}"
    ));
    assert_eq!(
        wrong,
        json!({ "redacted": false, "summary": "Ten brigades.", "entry": null, "fact": { "summary": "Ten brigades." },
            "amended": [{ "kind": "CORRECTED", "reason": "Misread: the report says two.",
                "by": { "position": first + 1, "kind": "dossier.record-corrected" }, "after": { "position": first + 2 } }],
            "corrects": null })
    );
    let right = desk.ask(&format!(
        "entry(position: {}) {{ summary corrects {{ before {{ position }} }} event {{ cause amended {{ kind }} }} }}",
        first + 2
    ));
    assert_eq!(
        right,
        json!({ "summary": "Two brigades.", "corrects": { "before": { "position": first } },
            "event": { "cause": first + 1, "amended": [] } })
    );

    // and the feed tells it to whoever cites the source, the party, the topic or the dossier.
    let told = json!({ "totalCount": 1, "nodes": [{ "kind": "CORRECTED", "reason": "Misread: the report says two.",
        "position": first + 1, "recorder": "desk", "record": { "ref": "brigades" },
        "before": { "position": first, "summary": "Ten brigades." },
        "after": { "position": first + 2, "summary": "Two brigades." }, "afterStands": true,
        "changed": [{ "field": "summary", "before": "Ten brigades.", "after": "Two brigades." }],
        "citations": [{ "source": { "slug": "wire-2026-02-03" } }] }] });
    for filter in [
        "source: \"wire-2026-02-03\"",
        "dossier: \"brigades\"",
        "party: \"ua\", topic: \"energy\"",
        "kinds: [CORRECTED], recordedAfter: \"2020-01-01T00:00:00Z\"",
    ] {
        assert_eq!(
            desk.ask(&format!("corrections(where: {{ {filter} }}) {{ {FEED} }}")),
            told,
            "{filter}"
        );
    }
    for filter in [
        "party: \"ru\"",
        "kinds: [REDACTED]",
        "recordedBefore: \"2020-01-01T00:00:00Z\"",
        "dossier: \"geneva-text\"",
    ] {
        let none = desk.ask(&format!("corrections(where: {{ {filter} }}) {{ totalCount }}"));
        assert_eq!(none["totalCount"], 0, "{filter}");
    }
    let own = desk.ask(&format!("claim(slug: \"brigades\") {{ corrections {{ {FEED} }} }}"));
    assert_eq!(own["corrections"], told);

    // Sent again, nothing is written; refusals say where; a restart reads the same.
    let head = desk.head();
    assert_eq!(desk.send("recordClaim", &correction)["alreadyThere"], true);
    let refused = desk.send(
        "recordClaim",
        &with(
            claim("Three."),
            "corrects",
            json!({ "position": first, "reason": "Again." }),
        ),
    );
    let refusal = &refused["refusals"][0];
    assert_eq!(
        (&refusal["rule"], &refusal["field"], &refusal["value"]),
        (
            &json!("NOT_STANDING"),
            &json!("input.corrects.position"),
            &json!(first.to_string())
        )
    );
    assert_eq!(desk.head(), head);
    assert_eq!(server.stop(), 0);
    let server = Server::start(dir.path(), &[]);
    let data = server
        .connect()
        .data("mutation { rebuildViews { position same } }", &json!({}))
        .unwrap();
    assert_eq!(data["rebuildViews"], json!({ "position": head.0, "same": true }));
}

#[test]
fn a_retracted_record_is_gone_and_one_that_others_refer_to_is_not() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let first = desk.send("recordClaim", &claim("Ten brigades."))["position"]
        .as_u64()
        .unwrap();
    let link = json!({ "from": "brigades", "to": "geneva-text/19", "link": "CONFIRMS", "evidence": wire() });
    let linked = desk.send("linkRecords", &link)["position"].as_u64().unwrap();

    let retraction = json!({ "dossier": "brigades", "position": first, "reason": "Never said." });
    let refused = desk.send("retractRecord", &retraction);
    assert_eq!(refused["refusals"][0]["rule"], "STILL_REFERRED_TO", "{refused}");
    for position in [linked, first] {
        let answer = desk.send("retractRecord", &with(retraction.clone(), "position", json!(position)));
        assert_eq!(answer["__typename"], "Recorded", "{answer}");
    }
    assert_eq!(desk.ask("claim(slug: \"brigades\") { summary }"), Value::Null);
    assert_eq!(
        desk.ask("timeline(where: { kinds: [CLAIM] }) { totalCount }"),
        json!({ "totalCount": 0 })
    );
    let feed = desk.ask("corrections(where: { dossier: \"brigades\" }) { nodes { kind dossier { slug } record { ref } before { summary } after { position } afterStands changed { field } } }");
    assert_eq!(
        feed["nodes"][1],
        json!({ "kind": "RETRACTED", "dossier": null, "record": { "ref": "brigades" },
            "before": { "summary": "Ten brigades." }, "after": null, "afterStands": false, "changed": [] })
    );
    let event = desk.ask(&format!(
        "event(position: {first}) {{ redacted amended {{ kind }} dossier {{ slug }} }}"
    ));
    assert_eq!(
        event,
        json!({ "redacted": false, "amended": [{ "kind": "RETRACTED" }], "dossier": null })
    );
    let again = desk.send("recordClaim", &claim("Ten brigades."));
    assert_eq!((&again["alreadyThere"], &again["version"]), (&json!(false), &json!(5)));
}

#[test]
fn a_redacted_payload_is_gone_from_every_answer_and_verify_calls_it_lawful() {
    let dir = tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Server::start(&data, &[]);
    let mut desk = Desk::with_ground(&server);
    let secret = "Lives in Harbour Street.";
    let first = desk.send("recordClaim", &claim(secret))["position"].as_u64().unwrap();
    let hash = desk.ask(&format!("event(position: {first}) {{ hash payloadHash }}"));
    assert_eq!(
        desk.ask("search(text: \"Harbour\") { totalCount }")["totalCount"]
            .as_u64()
            .map(|n| n > 0),
        Some(true)
    );

    let redaction = json!({ "dossier": "brigades", "position": first, "reason": "A private address." });
    let answer = desk.send("redactRecord", &redaction);
    assert_eq!(
        (&answer["position"], &answer["version"]),
        (&json!(first + 1), &json!(2))
    );
    let event = format!(
        "event(position: {first}) {{ redacted summary fact {{ __typename }} amended {{ kind reason }} hash payloadHash }}"
    );
    let shown = desk.ask(&event);
    assert_eq!(
        shown,
        json!({ "redacted": true, "summary": null, "fact": null, "hash": hash["hash"], "payloadHash": hash["payloadHash"],
            "amended": [{ "kind": "REDACTED", "reason": "A private address." }] })
    );
    assert_eq!(
        desk.ask("search(text: \"Harbour\") { totalCount }"),
        json!({ "totalCount": 0 })
    );
    let before = desk.ask(&format!(
        "asOf(recorded: \"{first}\") {{ claim(slug: \"brigades\") {{ summary }} search(text: \"Harbour\") {{ totalCount }} event(position: {first}) {{ summary }} }}"
    ));
    assert_eq!(
        before,
        json!({ "claim": null, "search": { "totalCount": 0 }, "event": { "summary": null } })
    );
    assert_eq!(server.stop(), 0);

    // verify calls it lawful; an export and what is restored from it keep hashes and redaction.
    let store = data.to_str().unwrap();
    let (code, out, err) = told(&run(&["verify", "--data", store], b""));
    assert_eq!(code, 0, "{out}{err}");
    assert!(
        out.contains(&format!(
            "redacted: the event at position {first}, by the one at {}",
            first + 1
        )),
        "{out}"
    );
    assert!(out.contains("1 of them lawfully redacted"), "{out}");
    let (file, again) = (dir.path().join("all.ndjson"), dir.path().join("again"));
    let (file, again) = (file.to_str().unwrap(), again.to_str().unwrap());
    assert_eq!(told(&run(&["export", "--data", store, "--out", file], b"")).0, 0);
    assert!(!std::fs::read_to_string(file).unwrap().contains(secret));
    assert_eq!(told(&run(&["restore", file, "--data", again], b"")).0, 0);
    let (code, out, err) = told(&run(&["verify", "--data", again], b""));
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("1 of them lawfully redacted"), "{out}");
    let server = Server::start(std::path::Path::new(again), &[]);
    let mut client = server.connect();
    let restored = client.data(&format!("{{ it: {event} }}"), &json!({})).unwrap();
    assert_eq!(restored["it"], shown);
}
