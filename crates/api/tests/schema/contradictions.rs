//! Values that compete, as sets.

use crate::client::Client;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

fn cited(sources: &[&str]) -> String {
    let citations: Vec<String> = sources.iter().map(|s| format!(r#"{{"source": "{s}"}}"#)).collect();
    format!(r#""evidence": {{"citations": [{}]}}"#, citations.join(", "))
}

fn stage(stage: &str, on: &str, sources: &[&str]) -> String {
    let cited = cited(sources);
    format!(r#"{{"recordStage": {{"round": "eu-ru-30", "stage": "{stage}", "reachedOn": "{on}", {cited}}}}}"#)
}

fn count(quantity: &str, sources: &[&str]) -> String {
    let cited = cited(sources);
    format!(
        r#"{{"recordCount": {{"round": "eu-ru-30", "of": "vessels", "basis": "ADDED", "quantity": {{"what": "vessels", {quantity}}}, {cited}}}}}"#
    )
}

fn claim(slug: &str, about: &str, source: &str) -> String {
    let cited = cited(&[source]);
    format!(
        r#"{{"recordClaim": {{"slug": "{slug}", "summary": "Said {slug}.", "about": ["{about}"], "claimedOn": "2025-06-01", {cited}}}}}"#
    )
}

fn link(from: &str, to: &str, more: &str) -> String {
    format!(r#"{{"linkRecords": {{"from": "{from}", "link": "CONTRADICTS", "to": "{to}"{more}}}}}"#)
}

fn client(lines: &[String]) -> Client {
    let client = Client::on(Arc::new(MemoryLog::default()));
    let registered = [
        r#"{"registerSource": {"slug": "wire", "publisher": "Wire", "publishedOn": "2025-06-01"}}"#,
        r#"{"registerSource": {"slug": "wire-2", "publisher": "the wire", "publishedOn": "2025-06-02"}}"#,
        r#"{"registerSource": {"slug": "mirror", "publisher": "Mirror", "citing": ["WIRE"], "publishedOn": "2025-06-03"}}"#,
        r#"{"registerSource": {"slug": "paper", "publisher": "Paper", "publishedOn": "2025-06-04"}}"#,
        r#"{"registerParty": {"slug": "eu", "kind": "BLOC", "name": "EU"}}"#,
        r#"{"registerParty": {"slug": "ru", "kind": "STATE", "name": "Russia"}}"#,
        r#"{"openRound": {"slug": "eu-ru-30", "title": "Thirtieth", "senders": ["eu"], "target": "ru"}}"#,
    ];
    client.record(&registered.join("\n"));
    client.record(&lines.join("\n"));
    client
}

/// The contradictions that pass a filter.
fn found(client: &Client, filter: &str) -> Vec<Value> {
    let document = format!(
        r#"{{ it: contradictions(where: {{ {filter} }}) {{ totalCount nodes {{ kind what independentOrigins links {{ note }} about {{ ref }}
            values {{ value dated {{ edtf }} origins independentOrigins claimants {{ kind name }} entries {{ position }} }} }} }} }}"#
    );
    let mut answer = client.ask(&document);
    let nodes = answer["it"]["nodes"].take();
    let nodes: Vec<Value> = serde_json::from_value(nodes).unwrap();
    assert_eq!(answer["it"]["totalCount"], nodes.len());
    nodes
}

/// What a list holds under a name.
fn each(list: &Value, name: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| item[name].clone()).collect()
}

#[test]
fn rival_dates_of_a_stage_are_one_set_and_outlets_that_repeat_one_are_one_origin() {
    let client = client(&[
        stage("ADOPTED", "2025-06-20", &["wire"]),
        stage("ADOPTED", "2025-06-20", &["wire-2", "mirror"]),
        stage("ADOPTED", "2025-06-23", &["paper"]),
        stage("AGREED", "2025-06-10", &["wire"]),
        stage("AGREED", "2025-06-18", &["paper"]),
    ]);
    let [set] = <[Value; 1]>::try_from(found(&client, "")).unwrap();
    assert_eq!(
        (&set["kind"], &set["what"]),
        (&json!("STAGE_DATES"), &json!("adopted")),
        "agreeing may recur"
    );
    assert_eq!(
        each(&set["values"], "dated"),
        [json!({ "edtf": "2025-06-20" }), json!({ "edtf": "2025-06-23" })]
    );
    assert_eq!(each(&set["values"], "origins"), [json!(["Wire"]), json!(["Paper"])]);
    assert_eq!(
        set["values"][0]["entries"].as_array().unwrap().len(),
        2,
        "both records stand behind it"
    );
    assert_eq!(set["independentOrigins"], 2);
    let whole = found(&client, r#"about: "eu-ru-30""#);
    assert_eq!(whole, [set], "the dossier has it too");
    assert!(found(&client, "kinds: [COUNTS]").is_empty());
}

#[test]
fn dates_that_may_be_one_do_not_compete() {
    let client = client(&[
        stage("ADOPTED", "2025-06", &["wire"]),
        stage("ADOPTED", "2025-06-23", &["paper"]),
    ]);
    assert!(found(&client, "").is_empty());
}

#[test]
fn counts_that_leave_no_room_for_one_another_compete() {
    let client = client(&[
        count(r#""value": 105"#, &["wire"]),
        count(r#""value": 112"#, &["paper"]),
        count(r#""min": 100, "minExclusive": true"#, &["mirror"]),
    ]);
    let [set] = <[Value; 1]>::try_from(found(&client, "")).unwrap();
    assert_eq!(
        (&set["kind"], &set["what"]),
        (&json!("COUNTS"), &json!("vessels added"))
    );
    assert_eq!(
        each(&set["values"], "value"),
        [json!("105"), json!("112")],
        "more than 100 leaves room for both"
    );
}

#[test]
fn linked_records_are_one_set_however_they_hang_together() {
    let client = client(&[
        claim("a", "eu-ru-30", "wire"),
        claim("b", "eu", "paper"),
        claim("c", "eu", "mirror"),
        claim("d", "eu", "paper"),
        claim("e", "eu", "paper"),
        link("a", "b", r#", "note": "first""#),
        link("c", "b", r#", "note": "second""#),
        link("d", "e", r#", "likelihood": "UNLIKELY""#),
    ]);
    let [set] = <[Value; 1]>::try_from(found(&client, "")).unwrap();
    assert_eq!(each(&set["values"], "value"), ["Said a.", "Said b.", "Said c."]);
    assert_eq!(each(&set["links"], "note"), ["first", "second"]);
    assert_eq!(set["independentOrigins"], 2, "Mirror repeats Wire");
    assert_eq!(
        set["values"][2]["claimants"],
        json!([{ "kind": "OUTLET", "name": "WIRE" }])
    );
    for about in ["a", "b", "c", "eu-ru-30"] {
        assert_eq!(
            found(&client, &format!(r#"about: "{about}""#)),
            std::slice::from_ref(&set),
            "{about}"
        );
    }
    assert!(found(&client, r#"about: "d""#).is_empty());
    let of_round = client.ask(r#"{ dossier(slug: "eu-ru-30") { contradictions { totalCount } } }"#);
    assert_eq!(of_round["dossier"]["contradictions"]["totalCount"], 1);
}

#[test]
fn what_was_not_public_yet_does_not_compete_at_another_moment() {
    let client = client(&[
        stage("ADOPTED", "2025-05-20", &["wire"]),
        stage("ADOPTED", "2025-05-23", &["paper"]),
    ]);
    let count = |day: &str| {
        let document = format!(r#"{{ asOf(published: "{day}") {{ contradictions {{ totalCount }} }} }}"#);
        client.ask(&document)["asOf"]["contradictions"]["totalCount"].take()
    };
    assert_eq!([count("2025-06-03"), count("2025-06-04")], [0, 1]);
}

#[test]
fn pages_are_entered_by_cursor_and_what_is_not_recorded_is_refused() {
    let client = Client::with_everything();
    let whole = client.ask("{ contradictions(first: 200) { totalCount nodes { kind what about { ref } } } }");
    let total = whole["contradictions"]["totalCount"].as_u64().unwrap();
    assert!(total > 50);
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.ask(&format!(
            "{{ contradictions(first: 7, after: {after}) {{ nodes {{ kind what about {{ ref }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        ));
        let page = &page["contradictions"];
        nodes.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(Value::Array(nodes), whole["contradictions"]["nodes"]);
    let refused = client.refused(r#"{ contradictions(where: { about: "nowhere" }) { totalCount } }"#);
    assert_eq!(refused, "where.about: no dossier or record `nowhere` is recorded");
}
