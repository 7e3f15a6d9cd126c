//! Cursors are places: they hold while items come and go around them.

use crate::client::{Client, fixtures};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rapporteur_log::{EventLog, MemoryLog};
use serde_json::Value;
use std::sync::Arc;

const EVIDENCE: &str = r#""evidence": {"citations": [{"source": "rferl-2026-01-06"}]}"#;

fn slugs(page: &Value) -> Vec<&str> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|n| n["slug"].as_str().unwrap()).collect()
}

fn positions(page: &Value) -> Vec<u64> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|n| n["position"].as_u64().unwrap()).collect()
}

fn happening(slug: &str, on: &str) -> String {
    format!(
        r#"{{"recordHappening": {{"slug": "{slug}", "kind": "BACKGROUND", "summary": "S.", "happenedOn": {on}, {EVIDENCE}}}}}"#
    )
}

#[test]
fn a_list_goes_on_after_an_item_that_has_left_it() {
    let client = Client::with_fixtures();
    let open = |args: &str| {
        let list = format!("issues(where: {{ states: [OPEN] }}, {args})");
        client.ask(&format!(
            "{{ it: {list} {{ nodes {{ slug }} pageInfo {{ endCursor }} }} }}"
        ))["it"]
            .take()
    };
    let all = open("first: 200");
    let page = open("first: 2");
    let last = slugs(&page)[1];
    client.record(&format!(
        r#"{{"resolveIssue": {{"slug": "{last}", "changedOn": "2026-01-06", "summary": "Settled.", {EVIDENCE}}}}}"#
    ));
    let rest = open(&format!("after: {}", page["pageInfo"]["endCursor"]));
    assert_eq!(slugs(&rest), slugs(&all)[2..]);
    assert!(!slugs(&rest).is_empty());
}

#[test]
fn a_place_where_nothing_stands_divides_the_list_all_the_same() {
    let client = Client::with_fixtures();
    let all = client.ask("{ it: topics(first: 200) { nodes { slug } } }")["it"].take();
    let all = slugs(&all);
    let place = URL_SAFE_NO_PAD.encode(format!("slug:{}-0", all[3]));
    for (args, expected) in [
        (format!("before: \"{place}\""), &all[..4]),
        (format!("last: 2, before: \"{place}\""), &all[2..4]),
        (format!("after: \"{place}\""), &all[4..]),
    ] {
        let page = client.ask(&format!("{{ it: topics({args}) {{ nodes {{ slug }} }} }}"))["it"].take();
        assert_eq!(slugs(&page), expected, "{args}");
    }
}

#[test]
fn the_timeline_goes_on_at_a_cursor_whatever_arrives_around_it() {
    let client = Client::with_fixtures();
    let ask = |args: &str| {
        let document = format!("{{ it: timeline({args}) {{ nodes {{ position }} edges {{ cursor }} }} }}");
        client.ask(&document)["it"].take()
    };
    let all = ask("first: 200");
    let before: Vec<u64> = positions(&all);
    for index in 0..before.len() {
        let rest = ask(&format!("first: 200, after: {}", all["edges"][index]["cursor"]));
        assert_eq!(positions(&rest), before[index + 1..], "after {index}");
    }
    let middle = &all["edges"][before.len() / 2]["cursor"];
    let dates = ["\"1990\"", "\"2026-01-06\"", "\"2030\"", "{\"phrase\": \"some day\"}"];
    let lines: Vec<String> = (0..)
        .zip(dates)
        .map(|(n, on)| happening(&format!("new-{n}"), on))
        .collect();
    client.record(&lines.join("\n"));
    let (early, late) = (
        positions(&ask(&format!("last: 200, before: {middle}"))),
        positions(&ask(&format!("first: 200, after: {middle}"))),
    );
    let known = |found: &[u64]| -> Vec<u64> { found.iter().copied().filter(|p| before.contains(p)).collect() };
    assert_eq!(known(&early), before[..before.len() / 2]);
    assert_eq!(known(&late), before[before.len() / 2 + 1..]);
    assert_eq!(early.len() + late.len() + 1, before.len() + dates.len());
    assert_eq!(early.len(), before.len() / 2 + 1, "only 1990 lies before the middle");
}

#[test]
fn the_timeline_goes_on_after_an_entry_that_was_redacted() {
    let log = Arc::new(MemoryLog::default());
    let client = Client::on(log.clone());
    client.record(&fixtures());
    let all = client.ask("{ it: timeline(first: 200) { nodes { position } edges { cursor } } }")["it"].take();
    let positions_before = positions(&all);
    log.redact(positions_before[4]).unwrap();
    let client = Client::on(log);
    let document = format!(
        "{{ it: timeline(first: 200, after: {}) {{ nodes {{ position }} }} }}",
        all["edges"][4]["cursor"]
    );
    assert_eq!(positions(&client.ask(&document)["it"]), positions_before[5..]);
}

#[test]
fn a_cursor_tells_no_words_of_a_source() {
    let client = Client::with_fixtures();
    client.record(&happening(
        "late",
        r#"{"edtf": "2026-01", "phrase": "in the new year"}"#,
    ));
    let all = client.ask("{ it: timeline(first: 200) { edges { cursor } } }")["it"].take();
    for edge in all["edges"].as_array().unwrap() {
        let text = URL_SAFE_NO_PAD.decode(edge["cursor"].as_str().unwrap()).unwrap();
        assert!(!String::from_utf8(text).unwrap().contains("new year"));
    }
}

/// Every item's cursor of a list of the query root, over as many pages as it takes, `size` at a time.
fn walked(client: &Client, list: &str, filter: &str, size: usize, backwards: bool) -> Vec<String> {
    let ask = |page: &str, fields: &str| {
        let document = format!("{{ it: {list}({filter}, {page}) {{ {fields} }} }}");
        client.ask(&document)["it"].take()
    };
    walk(ask, size, backwards)
}

/// Every item's cursor of the list that `ask` asks for with the arguments of a page and a selection, over as many pages as
/// it takes, `size` at a time. What the pages say of themselves is held to what is found.
pub(crate) fn walk(ask: impl Fn(&str, &str) -> Value, size: usize, backwards: bool) -> Vec<String> {
    let (count, edge) = if backwards {
        ("last", "before")
    } else {
        ("first", "after")
    };
    let (mut found, mut at) = (Vec::new(), String::new());
    loop {
        let args = format!("{count}: {size}{at}");
        let page = ask(
            &args,
            "totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage }",
        );
        let edges = page["edges"].as_array().unwrap().iter();
        let cursors: Vec<String> = edges.map(|e| e["cursor"].as_str().unwrap().to_owned()).collect();
        let (behind, ahead) = if backwards {
            ("hasNextPage", "hasPreviousPage")
        } else {
            ("hasPreviousPage", "hasNextPage")
        };
        assert_eq!(page["pageInfo"][behind], !found.is_empty(), "{args}: {page}");
        let next = if backwards { cursors.first() } else { cursors.last() };
        at = next.map_or(String::new(), |cursor| format!(", {edge}: \"{cursor}\""));
        if backwards {
            found.splice(0..0, cursors);
        } else {
            found.extend(cursors);
        }
        if page["pageInfo"][ahead] == false {
            assert_eq!(page["totalCount"], found.len(), "{args}: {page}");
            return found;
        }
    }
}

#[test]
fn every_list_is_the_same_forwards_and_backwards_and_at_whatever_size() {
    let client = Client::with_everything();
    for (list, filter, least) in [
        ("timeline", r#"where: { parties: ["ua", "us"] }"#, 100),
        (
            "timeline",
            r#"where: { topics: ["security-guarantees", "sanctions"], kinds: [CLAIM, ROUND] }"#,
            10,
        ),
        ("timeline", r#"where: { within: "2025-11", match: SURELY }"#, 50),
        (
            "flags",
            "where: { rules: [UNDATED_CITATION, ADOPTED_WITHOUT_PROPOSAL] }",
            10,
        ),
        ("timeline", "where: {}", 500),
        ("timeline", r#"where: { topics: ["sanctions"] }"#, 10),
        ("timeline", "where: { kinds: [CLAIM, ROUND] }", 100),
        ("timeline", "where: { kinds: [ROUND, ROUND] }", 50),
        ("timeline", r#"where: { dossiers: ["us-plan", "eu-ru-18"] }"#, 20),
        ("flags", "where: {}", 20),
        ("meetings", "where: {}", 50),
        ("meetings", "where: { states: [HELD] }", 30),
        ("claims", r#"where: { about: "eu-ru-18" }"#, 2),
        ("claims", "where: { withQuantities: true }", 5),
    ] {
        let whole = walked(&client, list, filter, 200, false);
        assert!(whole.len() >= least, "{list} {filter}: {}", whole.len());
        assert_eq!(walked(&client, list, filter, 200, true), whole, "{list} {filter}");
        assert_eq!(walked(&client, list, filter, 37, false), whole, "{list} {filter}");
        assert_eq!(walked(&client, list, filter, 37, true), whole, "{list} {filter}");
    }
}

#[test]
fn the_flags_of_one_event_are_told_apart_by_their_cursors() {
    let client = Client::with_everything();
    let cursors = walked(&client, "flags", "where: {}", 1, false);
    let places: std::collections::BTreeSet<&String> = cursors.iter().collect();
    assert_eq!(places.len(), cursors.len());
    assert_eq!(walked(&client, "flags", "where: {}", 1, true), cursors);
}

#[test]
fn timeline_filters_over_several_parties_are_what_the_single_ones_come_to() {
    let client = Client::with_everything();
    let of = |parties: &str| {
        walked(
            &client,
            "timeline",
            &format!("where: {{ parties: [{parties}] }}"),
            200,
            false,
        )
    };
    let (one, other) = (of(r#""ua""#), of(r#""us""#));
    let both = of(r#""ua", "us", "ua""#);
    let expected: std::collections::BTreeSet<&String> = one.iter().chain(&other).collect();
    assert_eq!(both.iter().collect::<std::collections::BTreeSet<_>>(), expected);
    assert_eq!(both.len(), expected.len(), "each once");
}
