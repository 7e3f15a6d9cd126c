//! The lists of a dossier that grow: they come in pages, under its type and under the interface.

use crate::client::{Client, fixtures};
use crate::places::walk;
use rapporteur_log::{EventLog, MemoryLog};
use serde_json::{Value, json};
use std::sync::Arc;

/// A list of a dossier: its slug and type, the list's name, and how many items there are at least.
const LISTS: [(&str, &str, &str, usize); 8] = [
    ("us-plan", "Plan", "entries", 20),
    ("us-plan", "Plan", "links", 5),
    ("us-plan", "Plan", "claims", 2),
    ("znpp", "Issue", "positions", 3),
    ("eu-ru-19", "Round", "flags", 2),
    ("istanbul-direct-talks", "Series", "meetings", 3),
    ("eu-833-2014", "Act", "amendedBy", 10),
    ("paris-2026-01-06", "Meeting", "leads", 5),
];

/// The list of a dossier, as far as `args` and `fields` ask for it.
fn list(client: &Client, (slug, kind, list, _): (&str, &str, &str, usize), args: &str, fields: &str) -> Value {
    let document =
        format!("{{ it: dossier(slug: \"{slug}\") {{ ... on {kind} {{ list: {list}({args}) {{ {fields} }} }} }} }}");
    client.ask(&document)["it"]["list"].take()
}

fn positions(page: &Value) -> Vec<u64> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|n| n["position"].as_u64().unwrap()).collect()
}

/// Everything, and five leads that were settled into the meeting of Paris in the order e, d, c, b, a.
fn with_leads() -> Client {
    let client = Client::with_everything();
    for lead in ["e", "d", "c", "b", "a"] {
        client.record(&format!(
            "{{\"captureLead\": {{\"slug\": \"lead-{lead}\", \"text\": \"Seen {lead}.\"}}}}\n{{\"settleLead\": {{\"lead\": \"lead-{lead}\", \"into\": [\"paris-2026-01-06\", \"us-plan\"]}}}}"
        ));
    }
    client
}

#[test]
fn every_list_of_a_dossier_is_the_same_forwards_and_backwards_and_at_whatever_size() {
    let client = with_leads();
    for which in LISTS {
        let ask = |args: &str, fields: &str| list(&client, which, args, fields);
        let whole = walk(ask, 200, false);
        assert!(whole.len() >= which.3, "{which:?}: {}", whole.len());
        for (size, backwards) in [(200, true), (1, false), (1, true), (3, false), (3, true)] {
            assert_eq!(walk(ask, size, backwards), whole, "{which:?}, {size}");
        }
    }
    let leads = list(&client, LISTS[7], "first: 50", "nodes { slug }").to_string();
    assert_eq!(leads.matches("lead-").count(), 5);
    assert!(leads.find("lead-a") < leads.find("lead-e"), "by slug: {leads}");
}

#[test]
fn a_list_goes_on_at_its_cursor_when_more_is_recorded() {
    let client = Client::with_everything();
    let which = LISTS[1];
    let first = list(
        &client,
        which,
        "first: 3",
        "nodes { position } totalCount pageInfo { endCursor }",
    );
    let rest = |fields: &str| {
        list(
            &client,
            which,
            &format!("after: {}", first["pageInfo"]["endCursor"]),
            fields,
        )
    };
    let before = positions(&rest("nodes { position }"));
    client.record(r#"{"linkRecords": {"from": "paris-statement", "link": "RESPONDS_TO", "to": "us-plan/28"}}"#);
    let after = rest("nodes { position } totalCount");
    assert_eq!(positions(&after)[..before.len()], before);
    assert_eq!(positions(&after).len(), before.len() + 1);
    assert_eq!(
        after["totalCount"].as_u64(),
        first["totalCount"].as_u64().map(|n| n + 1)
    );
}

#[test]
fn a_link_inside_a_dossier_comes_once() {
    let client = Client::with_everything();
    let count = || list(&client, LISTS[1], "first: 0", "totalCount")["totalCount"].as_u64();
    let before = count();
    client.record(r#"{"linkRecords": {"from": "us-plan/28", "link": "SUPERSEDES", "to": "us-plan"}}"#);
    assert_eq!(count(), before.map(|n| n + 1));
}

#[test]
fn a_meeting_that_a_report_puts_into_another_series_leaves_the_first() {
    let client = Client::with_fixtures();
    let evidence = r#""evidence": {"citations": [{"source": "rferl-2026-01-06"}]}"#;
    client.record(&format!(
        r#"{{"registerSeries": {{"slug": "one", "label": "One"}}}}
{{"registerSeries": {{"slug": "two", "label": "Two"}}}}
{{"scheduleMeeting": {{"slug": "m", "title": "M", "series": "one", "plannedFor": "2026-02-01", {evidence}}}}}"#
    ));
    let meetings = |series| {
        list(
            &client,
            (series, "Series", "meetings", 0),
            "first: 50",
            "totalCount nodes { slug }",
        )
        .to_string()
    };
    let (empty, of_m) = (
        r#"{"nodes":[],"totalCount":0}"#,
        r#"{"nodes":[{"slug":"m"}],"totalCount":1}"#,
    );
    let sorted = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    assert_eq!(sorted(meetings("one")), sorted(of_m.to_owned()));
    client.record(&format!(
        r#"{{"holdMeeting": {{"slug": "m", "series": "two", "heldOn": "2026-02-01", {evidence}}}}}"#
    ));
    assert_eq!(sorted(meetings("one")), sorted(empty.to_owned()));
    assert_eq!(sorted(meetings("two")), sorted(of_m.to_owned()));
}

#[test]
fn a_flag_that_is_taken_back_leaves_every_list() {
    let client = Client::with_fixtures();
    let evidence = r#""evidence": {"citations": [{"source": "rferl-2026-01-06"}]}"#;
    let stage = |round: &str, stage: &str, on: &str| {
        format!(r#"{{"recordStage": {{"round": "{round}", "stage": "{stage}", "reachedOn": "{on}", {evidence}}}}}"#)
    };
    let counted = || {
        let document = "{ dossier(slug: \"x\") { flags { totalCount nodes { rule } } } flags(where: { rules: [AGREED_WITHOUT_BODY] }) { totalCount nodes { dossier { slug } } } }";
        client.ask(document).to_string()
    };
    client.record(r#"{"openRound": {"slug": "x", "title": "X", "senders": ["eu"], "target": "ru"}}"#);
    let before = counted();
    client.record(&stage("x", "AGREED", "2026-02-01"));
    assert_ne!(counted(), before);
    client.record(&format!(
        r#"{{"recordStage": {{"round": "x", "stage": "AGREED", "reachedOn": "2026-02-01", "body": "Coreper", {evidence}}}}}"#
    ));
    assert_eq!(counted(), before);
}

#[test]
fn what_was_redacted_is_not_counted_among_the_events_of_a_dossier() {
    let log = Arc::new(MemoryLog::default());
    let client = Client::on(log.clone());
    client.record(&fixtures());
    let all = list(&client, LISTS[0], "first: 200", "nodes { position } totalCount");
    log.redact(positions(&all)[2]).unwrap();
    let client = Client::on(log);
    let left = list(&client, LISTS[0], "first: 200", "nodes { position } totalCount");
    assert_eq!(positions(&left).len(), positions(&all).len() - 1);
    assert_eq!(left["totalCount"], positions(&left).len());
}

#[test]
fn the_interface_gives_the_same_pages_as_the_type() {
    let client = Client::with_everything();
    let page = "(first: 2) { totalCount nodes { position } pageInfo { endCursor } }";
    let both = client.ask(&format!(
        "{{ dossier(slug: \"eu-ru-19\") {{ flags{page} links{page} ... on Round {{ own: flags{page} ownLinks: links{page} }} }} }}"
    ));
    let it = &both["dossier"];
    assert_eq!(it["flags"], it["own"]);
    assert_eq!(it["links"], it["ownLinks"]);
    let refused = client.refused("{ dossier(slug: \"eu-ru-19\") { flags(first: 201) { totalCount } } }");
    assert!(refused.contains("201") && refused.contains("0 to 200"), "{refused}");
}

#[test]
fn the_interface_gives_the_corrections_of_a_dossier_and_what_was_corrected_has_no_line() {
    let client = Client::with_fixtures();
    let claim = |slug: &str, summary: &str, corrects: &str| {
        let document = format!(
            r#"mutation {{ it: recordClaim(input: {{ slug: "{slug}", title: "Claim", summary: "{summary}",
                claimedOn: "2026-01-06", evidence: {{ citations: [{{ source: "rferl-2026-01-06" }}] }}{corrects} }})
                {{ ... on Recorded {{ position }} }} }}"#
        );
        client.ask(&document)["it"]["position"].as_u64().unwrap()
    };
    let corrects = |at: u64, reason: &str| format!(r#" corrects: {{ position: {at}, reason: "{reason}" }}"#);
    let other = claim("other", "Five.", "");
    claim("other", "Four.", &corrects(other, "Not hers."));
    let first = claim("brigades", "Ten.", "");
    let second = claim("brigades", "Three.", &corrects(first, "Misread."));
    let third = claim("brigades", "Two.", &corrects(second, "Misread again."));

    let fields = "{ totalCount nodes { kind reason before { position } after { position } afterStands } }";
    let it = client.ask(&format!(
        r#"{{ dossier(slug: "brigades") {{ corrections {fields} last: corrections(last: 1) {{ nodes {{ reason }} }}
            ... on Claim {{ own: corrections {fields} }} }} }}"#
    ));
    let it = &it["dossier"];
    let step = |reason: &str, before: u64, after: u64, stands: bool| {
        json!({ "kind": "CORRECTED", "reason": reason, "before": { "position": before },
            "after": { "position": after }, "afterStands": stands })
    };
    let both = [
        step("Misread.", first, second, false),
        step("Misread again.", second, third, true),
    ];
    assert_eq!(it["corrections"], json!({ "totalCount": 2, "nodes": both }));
    assert_eq!(it["corrections"], it["own"]);
    assert_eq!(it["last"], json!({ "nodes": [{ "reason": "Misread again." }] }));

    let lines = client.ask(&format!(
        "{{ first: entry(position: {first}) {{ summary }} second: entry(position: {second}) {{ summary }} \
         third: entry(position: {third}) {{ summary event {{ amended {{ kind }} }} }} }}"
    ));
    let stands = json!({ "summary": "Two.", "event": { "amended": [] } });
    assert_eq!(lines, json!({ "first": null, "second": null, "third": stands }));
}
