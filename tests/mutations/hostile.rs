//! What a hostile or tired user sends: strange texts, dates, references, documents, and the same thing many times.

use super::Desk;
use super::case::wire;
use crate::binary::{Server, run, told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::tempdir;

fn topic(slug: &str, label: &str) -> Value {
    json!({ "slug": slug, "label": label })
}

fn claim(slug: &str, on: &Value) -> Value {
    json!({ "slug": slug, "summary": "Said.", "claimedOn": on, "evidence": wire() })
}

/// The rule and the field of the only refusal in an answer.
#[track_caller]
fn refusal(answer: &Value) -> (&str, &str) {
    let refusals = answer["refusals"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(refusals.len(), 1, "{answer}");
    assert!(!refusals[0]["hint"].as_str().unwrap().is_empty());
    (
        refusals[0]["rule"].as_str().unwrap(),
        refusals[0]["field"].as_str().unwrap(),
    )
}

#[test]
fn texts_come_back_as_they_were_written_or_are_refused() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let kept = [
        "x".repeat(300),
        "😀".repeat(75),
        "שיחות שלום".to_owned(),
        "محادثات السلام".to_owned(),
        "a\u{200f}b".to_owned(),
        "👨\u{200d}👩\u{200d}👧".to_owned(),
        "می\u{200c}خواهم".to_owned(),
        format!("e{}", "\u{301}".repeat(100)),
        "\"; DROP TABLE events; --".to_owned(),
        "{{7*7}} ${x} <script>alert(1)</script>".to_owned(),
    ];
    for (n, label) in kept.iter().enumerate() {
        let slug = format!("kept-{n}");
        let answer = desk.send("registerTopic", &topic(&slug, label));
        assert_eq!(answer["alreadyThere"], false, "{label:?}: {answer}");
        let found = desk.ask(&format!("dossier(slug: \"{slug}\") {{ title }}"));
        assert_eq!(found["title"], json!(label));
    }
    let head = desk.head();
    let lost = [
        "x".repeat(301),
        "😀".repeat(76),
        String::new(),
        " \u{a0} ".to_owned(),
        "\u{200b}".to_owned(),
        "\u{feff}".to_owned(),
        "\u{3164}".to_owned(),
        "a\u{0}b".to_owned(),
        "a\u{1b}[2Jb".to_owned(),
        "a\u{202e}b".to_owned(),
        "a\u{2028}b".to_owned(),
        "a\nb".to_owned(),
        "a\u{85}b".to_owned(),
    ];
    for label in lost {
        let answer = desk.send("registerTopic", &topic("lost", &label));
        assert_eq!(refusal(&answer), ("INVALID_VALUE", "input.label"), "{label:?}");
    }
    for slug in [
        "",
        "UA",
        "Ua",
        "u\u{430}",
        "ua/28",
        "ua#x",
        "../etc",
        "__proto__",
        "a--b",
        "-",
        &"x".repeat(81),
    ] {
        let answer = desk.send("registerTopic", &topic(slug, "Label"));
        assert_eq!(refusal(&answer), ("INVALID_VALUE", "input.slug"), "{slug:?}");
    }
    for body in [
        r#"{"query": "mutation { registerTopic(input: {slug: \"lone\", label: \"\ud800\"}) { __typename } }"}"#,
        r#"{"query": "mutation { registerTopic(input: {slug: \"lone\", label: \"\\uD800\"}) { __typename } }"}"#,
        r#"{"query": "mutation($l: String!) { registerTopic(input: {slug: \"lone\", label: $l}) { __typename } }", "variables": {"l": "a\udfffb"}}"#,
    ] {
        let (_, text) = desk.client.post(body).unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(
            answer["data"].is_null() && answer["errors"][0]["extensions"]["code"].is_string(),
            "{text}"
        );
    }
    assert_eq!(desk.head(), head, "nothing of it was recorded");
}

#[test]
fn dates_at_the_edges_are_read_with_their_bounds_or_refused() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let read = [
        (json!("0000"), Some("0000-01-01"), Some("0000-12-31")),
        (json!("0004-02-29"), Some("0004-02-29"), Some("0004-02-29")),
        (json!("9999-12-31"), Some("9999-12-31"), Some("9999-12-31")),
        (json!("XXXX"), Some("0000-01-01"), Some("9999-12-31")),
        (json!("2026-XX"), Some("2026-01-01"), Some("2026-12-31")),
        (json!("../2026"), None, Some("2026-12-31")),
        (json!({ "phrase": "soon" }), None, None),
        (
            json!({ "edtf": "2026-03-29", "window": { "from": "02:30", "until": "03:00", "zone": "Europe/Berlin" } }),
            Some("2026-03-29"),
            Some("2026-03-29"),
        ),
    ];
    for (n, (on, earliest, latest)) in read.iter().enumerate() {
        let answer = desk.send("recordClaim", &claim(&format!("read-{n}"), on));
        assert_eq!(answer["__typename"], "Recorded", "{on}: {answer}");
        let found = desk.ask(&format!(
            "claim(slug: \"read-{n}\") {{ claimedOn {{ earliest latest }} }}"
        ));
        assert_eq!(
            found["claimedOn"],
            json!({ "earliest": earliest, "latest": latest }),
            "{on}"
        );
    }
    let head = desk.head();
    let refused = [
        json!(""),
        json!("  "),
        json!("-9999"),
        json!("-9999-12-31"),
        json!("Y170000002"),
        json!("10000"),
        json!("2026-02-30"),
        json!("1900-02-29"),
        json!("2026-00-01"),
        json!("2026-13"),
        json!("2026-1-6"),
        json!("2026-01-06T18:00:00Z"),
        json!(".."),
        json!("../.."),
        json!("2026/2025"),
        json!("[]"),
        json!("[2026-01-03,2026-01-04"),
        json!("2026-01-06\u{0}"),
        json!("２０２６"),
        json!("6 January 2026"),
        json!("9".repeat(5_000)),
        json!("[".repeat(90)),
        json!(20_260_106),
        json!(true),
        json!([]),
        json!({}),
        json!({ "edtf": "" }),
        json!({ "phrase": "" }),
        json!({ "edtf": "2026", "qualifier": "EARLY" }),
        json!({ "edtf": "2026-01-06", "window": { "from": "25:00", "until": "26:00", "zone": "Europe/Kyiv" } }),
        json!({ "edtf": "2026-01-06", "window": { "from": "18:00", "until": "24:00", "zone": "Mars/Base" } }),
        json!({ "edtf": "2026-01-06", "day": 6 }),
    ];
    for on in refused {
        let answer = desk.send("recordClaim", &claim("refused", &on));
        assert_eq!(refusal(&answer), ("INVALID_DATE", "input.claimedOn"), "{on}");
    }
    assert_eq!(desk.head(), head, "nothing of it was recorded");
}

#[test]
fn records_name_neither_themselves_nor_what_they_cannot_and_circles_do_no_harm() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let version = |version: &str| json!({ "plan": "plan", "version": version, "status": "DRAFT", "datedOn": "2026", "summary": version, "evidence": wire() });
    let point = |version: &str| json!({ "plan": "plan", "version": version, "key": "army", "summary": "A cap.", "datedOn": "2026", "evidence": wire() });
    let link = |from: &str, to: &str| json!({ "from": from, "link": "PART_OF", "to": to });
    let recorded = [
        ("openPlan", json!({ "slug": "plan", "kind": "PLAN", "title": "Plan" })),
        ("recordPlanVersion", version("1")),
        ("recordPlanVersion", version("2")),
        ("recordPoint", point("1")),
        ("recordPoint", point("2")),
        (
            "openRound",
            json!({ "slug": "round", "title": "Round", "senders": ["eu"], "target": "ru" }),
        ),
        ("captureLead", json!({ "slug": "lead", "text": "A post." })),
        ("linkRecords", link("plan", "round")),
        ("linkRecords", link("round", "plan")),
        ("linkRecords", link("plan/1", "plan/2")),
        (
            "recordOffice",
            json!({ "party": "ua", "title": "Chair", "of": "ua", "from": "2026", "evidence": wire() }),
        ),
    ];
    for (mutation, input) in recorded {
        let answer = desk.send(mutation, &input);
        assert_eq!(answer["alreadyThere"], false, "{mutation}: {answer}");
    }
    let circle =
        desk.ask(r#"dossier(slug: "plan") { links { nodes { to { dossier { slug links { nodes { to { dossier { slug } } } } } } } } }"#);
    assert_eq!(
        circle["links"]["nodes"][0]["to"]["dossier"]["links"]["nodes"][0]["to"]["dossier"]["slug"], "round",
        "{circle}"
    );

    let head = desk.head();
    let change = |change: &str, before: Value, after: Value| json!({ "plan": "plan", "version": "2", "change": change, "before": before, "after": after, "summary": "Changed.", "evidence": wire() });
    let expects = |of: &str| json!({ "slug": "e", "summary": "Soon.", "of": of, "stage": "ADOPTED", "expectedIn": "2026", "claimedOn": "2026", "evidence": wire() });
    let refused = [
        (
            "linkRecords",
            link("plan/1#army", "plan/1#army"),
            ("INVALID_VALUE", "input.to"),
        ),
        (
            "recordMirror",
            json!({ "round": "round", "of": ["round"], "evidence": wire() }),
            ("INVALID_VALUE", "input.of[0]"),
        ),
        (
            "settleLead",
            json!({ "lead": "lead", "into": ["plan", "lead"] }),
            ("INVALID_VALUE", "input.into[1]"),
        ),
        (
            "recordAct",
            json!({ "slug": "act", "amends": ["act"] }),
            ("UNKNOWN_REFERENCE", "input.amends[0]"),
        ),
        (
            "openIssue",
            json!({ "slug": "issue", "title": "I", "partOf": "issue", "openOn": "2026", "summary": "Open.", "evidence": wire() }),
            ("UNKNOWN_REFERENCE", "input.partOf"),
        ),
        (
            "recordPoint",
            json!({ "plan": "plan", "version": "1", "key": "navy", "parent": "navy", "summary": "S.", "datedOn": "2026", "evidence": wire() }),
            ("UNKNOWN_POINT", "input.parent"),
        ),
        (
            "recordPointChange",
            change("CHANGED", json!("plan/2#army"), json!("plan/2#army")),
            ("INVALID_VALUE", "input.before"),
        ),
        (
            "recordPointChange",
            change("ADDED", json!(null), json!("plan/1#army")),
            ("INVALID_VALUE", "input.after"),
        ),
        (
            "recordPointChange",
            change("DROPPED", json!("plan"), json!(null)),
            ("UNKNOWN_POINT", "input.before"),
        ),
        (
            "recordPointChange",
            change("DROPPED", json!("plan/1"), json!(null)),
            ("UNKNOWN_POINT", "input.before"),
        ),
        (
            "recordPointChange",
            change("DROPPED", json!("plan#link"), json!(null)),
            ("UNKNOWN_POINT", "input.before"),
        ),
        ("recordExpectation", expects("plan"), ("INVALID_VALUE", "input.stage")),
        (
            "recordOffice",
            json!({ "party": "round", "title": "Chair", "from": "2026", "evidence": wire() }),
            ("WRONG_KIND", "input.party"),
        ),
        (
            "openRound",
            json!({ "slug": "other", "title": "R", "senders": ["energy"], "target": "ru" }),
            ("WRONG_KIND", "input.senders[0]"),
        ),
        (
            "captureLead",
            json!({ "text": "A post.", "url": "https:///" }),
            ("INVALID_VALUE", "input.url"),
        ),
    ];
    for (mutation, input, expected) in refused {
        let answer = desk.send(mutation, &input);
        assert_eq!(refusal(&answer), expected, "{mutation} {input}");
    }
    assert_eq!(desk.head(), head, "nothing of it was recorded");
    let moved = desk.send(
        "recordPointChange",
        &change("CHANGED", json!("plan/1#army"), json!("plan/2#army")),
    );
    assert_eq!(moved["__typename"], "Recorded", "{moved}");
    assert_eq!(
        desk.send("recordExpectation", &expects("round"))["__typename"],
        "Recorded"
    );
}

#[test]
fn a_thousand_commands_are_all_there_or_none_is() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let head = desk.head();
    let topics = |n: usize| (0..n).map(|n| json!({ "registerTopic": topic(&format!("t{n}"), "Label") }));
    let taken = json!({ "registerTopic": topic("ru", "Russia") });
    let refused = desk.batch(&json!(topics(999).chain([taken]).collect::<Vec<_>>()));
    assert_eq!(
        refusal_of_batch(&refused),
        ("SLUG_TAKEN", "commands[999].registerTopic.slug")
    );
    let many = desk.batch(&json!(topics(1_001).collect::<Vec<_>>()));
    assert_eq!(refusal_of_batch(&many), ("TOO_MANY", "commands"));
    assert_eq!(desk.head(), head);
    let whole = desk.batch(&json!(topics(1_000).collect::<Vec<_>>()));
    assert_eq!(whole["records"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(desk.head().0, head.0 + 1_000);
}

fn refusal_of_batch(answer: &Value) -> (&str, &str) {
    let first = &answer["refusals"][0];
    (
        first["rule"].as_str().unwrap_or_else(|| panic!("{answer}")),
        first["field"].as_str().unwrap(),
    )
}

#[test]
fn the_same_command_from_many_at_once_is_recorded_once() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    for (slug, conditions) in [
        ("plain", json!({})),
        ("keyed", json!({ "idempotencyKey": "one" })),
        ("first", json!({ "expectedVersion": 0 })),
    ] {
        let mut input = topic(slug, "Label");
        input
            .as_object_mut()
            .unwrap()
            .extend(conditions.as_object().unwrap().clone());
        let answers: Vec<Value> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..24)
                .map(|_| {
                    let mut client = server.connect();
                    let input = input.clone();
                    let document =
                        "mutation($input: RegisterTopicInput!) { it: registerTopic(input: $input) { __typename
                        ... on Recorded { position alreadyThere } ... on Conflict { expected actual } } }";
                    scope.spawn(move || client.data(document, &json!({ "input": input })).unwrap()["it"].clone())
                })
                .collect();
            all.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        let new = answers.iter().filter(|a| a["alreadyThere"] == json!(false)).count();
        assert_eq!(new, 1, "{slug}: {answers:?}");
        let rest: BTreeSet<String> = answers
            .iter()
            .filter(|a| a["alreadyThere"] != json!(false))
            .map(Value::to_string)
            .collect();
        assert_eq!(rest.len(), 1, "{slug}: {rest:?}");
        let kind = if slug == "first" {
            "\"Conflict\""
        } else {
            "\"alreadyThere\":true"
        };
        assert!(rest.iter().all(|answer| answer.contains(kind)), "{slug}: {rest:?}");
    }
    let mut client = server.connect();
    let store = client.data("{ store { position } }", &json!({})).unwrap();
    assert_eq!(store["store"]["position"], 3);
}

#[test]
fn documents_with_fragments_aliases_directives_and_single_literals_do_as_they_say() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let head = desk.head().0;
    let document = r#"mutation($skip: Boolean!, $again: String!) { ...All }
        fragment All on Mutation {
            a: registerTopic(input: { slug: "one", label: "One" }) { ...Answer }
            b: registerTopic(input: { slug: "one", label: $again }) { ...Answer }
            c: registerTopic(input: { slug: "one", label: "Other" }) { ...Answer }
            d: registerTopic(input: { slug: "two", label: "Two" }) @skip(if: $skip) { ...Answer }
            e: registerParty(input: { slug: "three", kind: STATE, name: "Three", aliases: "Drei" }) { ...Answer }
            g: registerTopic(input: { slug: "five", label: "Five", create: { parties: { slug: "six", kind: STATE, name: "Six", aliases: "Sechs" } } }) { __typename }
            f: record(commands: { registerParty: { slug: "four", kind: STATE, name: "Four", aliases: "Vier" } }) { __typename }
        }
        fragment Answer on RecordResult { ... on Recorded { position alreadyThere } ... on Refused { refusals { rule field } } }"#;
    let found = desk
        .client
        .data(document, &json!({ "skip": true, "again": "One" }))
        .unwrap();
    let expected = json!({
        "a": { "position": head + 1, "alreadyThere": false },
        "b": { "position": head + 1, "alreadyThere": true },
        "c": { "refusals": [{ "rule": "SLUG_TAKEN", "field": "input.slug" }] },
        "e": { "position": head + 2, "alreadyThere": false },
        "f": { "__typename": "RecordedBatch" },
        "g": { "__typename": "Recorded" },
    });
    assert_eq!(found, expected);
    assert_eq!(
        desk.ask(r#"party(slug: "three") { aliases }"#),
        json!({ "aliases": ["Drei"] })
    );
    assert_eq!(
        desk.ask(r#"party(slug: "four") { aliases }"#),
        json!({ "aliases": ["Vier"] })
    );

    let head = desk.head();
    let document = "mutation($input: RegisterTopicInput!) { registerTopic(input: $input) { __typename } }";
    let wrong = [
        json!(null),
        json!(1),
        json!("x"),
        json!([]),
        json!({}),
        json!({ "slug": "x" }),
        json!({ "slug": 1, "label": "L" }),
        json!({ "slug": "x", "label": null }),
        json!({ "slug": "x", "label": ["L"] }),
        json!({ "slug": "x", "label": "L", "colour": 1 }),
        json!({ "slug": "x", "label": "L", "expectedVersion": "0" }),
        json!({ "slug": "x", "label": "L", "expectedVersion": 4_294_967_296_u64 }),
        json!({ "slug": "x", "label": "L", "idempotencyKey": 5 }),
    ];
    for input in wrong {
        let body = json!({ "query": document, "variables": { "input": input } }).to_string();
        let (_, answer) = desk.client.post(&body).unwrap();
        assert!(answer.contains("BAD_USER_INPUT"), "{input}: {answer}");
    }
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let (status, answer) = desk
        .client
        .post(&format!(
            r#"{{"query": "{{ store {{ position }} }}", "variables": {{ "c": {deep} }} }}"#
        ))
        .unwrap();
    assert!(status == 400 && answer.contains("BAD_REQUEST"), "{status} {answer}");
    assert_eq!(desk.head(), head, "nothing of it was recorded");
}

#[test]
fn a_hostile_file_is_refused_line_by_line_and_does_not_control_the_terminal() {
    let dir = tempdir().unwrap();
    let store = dir.path().join("store");
    let good = [
        "\u{feff}{\"registerTopic\": {\"slug\": \"marked\", \"label\": \"L\"}}".to_owned(),
        "{\"registerTopic\": {\"slug\": \"returned\", \"label\": \"L\"}}\r".to_owned(),
    ];
    let bad = [
        "{\"registerTopic\": {\"slug\": \"nul\", \"label\": \"a\\u0000b\"}}".to_owned(),
        "{\"registerTopic\": {\"slug\": \"esc\", \"label\": \"a\\u001b[2Jb\"}}".to_owned(),
        "{\"registerTopic\": {\"slug\": \"lone\", \"label\": \"a\\ud800b\"}}".to_owned(),
        "{\"registerTopic\": {\"slug\": \"twice\", \"slug\": \"other\", \"label\": \"L\"}}".to_owned(),
        "{\"registerTopic\": {\"slug\": \"field\", \"label\": \"L\", \"a\\u001b]0;b\\u0007\": 1}}".to_owned(),
        format!("{}{}", "[".repeat(300), "]".repeat(300)),
        "null".to_owned(),
        "{\"RegisterTopic\": {\"slug\": \"a\", \"label\": \"b\"}}".to_owned(),
        format!(
            "{{\"registerTopic\": {{\"slug\": \"big\", \"label\": \"{}\"}}}}",
            "x".repeat(1_100_000)
        ),
        "{\"registerTopic\": {\"slug\": \"more\", \"label\": \"L\"}} and more".to_owned(),
    ];
    let file = dir.path().join("hostile.ndjson");
    let lines: Vec<String> = good.iter().chain(&bad).cloned().collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let args = ["import", file.to_str().unwrap(), "--data", store.to_str().unwrap()];
    let (code, out, err) = told(&run(&args, b""));
    assert_ne!(code, 0);
    let all = format!("{out}{err}");
    assert!(all.contains("2 recorded") && all.contains("10 refused"), "{all}");
    for line in 3..=12 {
        assert!(
            all.contains(&format!("line {line}: ")),
            "line {line} is not told of: {all}"
        );
    }
    let control = all.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(control, None, "{all:?}");
}
