//! Gross and net listings of the rounds against the raw ledger of vessels.

use crate::client::{Client, raw};
use serde_json::{Value, json};

/// The vessel listing of a round.
fn vessels(client: &Client, round: &str) -> Value {
    client.ask(&format!(
        r#"{{ round(slug: "{round}") {{ flags {{ nodes {{ rule }} }} listings(kind: "vessels") {{
            kind added removed net statedTotal totalBefore totalBeforeOf {{ slug }} runningTotal agrees reason
            counts {{ basis quantity {{ value }} }} }} }} }}"#
    ))["round"]
        .take()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

#[test]
fn the_running_total_of_vessels_is_the_stated_one_where_everything_is_recorded() {
    let client = Client::with_everything();
    let ledger = raw("eu-rounds-1-18.json");
    let rows = ledger["vessel_ledger"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    let mut before: Option<(String, f64)> = None;
    for row in rows {
        let round = row["act"].as_str().unwrap();
        let found = vessels(&client, round);
        let listing = &found["listings"][0];
        assert_eq!(listing["kind"], "vessels");
        assert_eq!(number(&listing["added"]), number(&row["official"]), "{round}");
        assert_eq!(number(&listing["statedTotal"]), number(&row["stated_total"]), "{round}");
        assert_eq!(number(&listing["removed"]), number(&row["implied_removals"]), "{round}");
        let (slug, total) = before.clone().unzip();
        assert_eq!(
            listing["totalBeforeOf"]["slug"].as_str().map(str::to_owned),
            slug,
            "{round}"
        );
        assert_eq!(number(&listing["totalBefore"]), total, "{round}");
        let removed = row["implied_removals"].as_f64().unwrap_or(0.0);
        let running = total.map(|total| total + row["official"].as_f64().unwrap() - removed);
        assert_eq!(number(&listing["runningTotal"]), running, "{round}");
        let agrees = running
            .zip(row["stated_total"].as_f64())
            .map(|(sum, stated)| sum == stated);
        assert_eq!(listing["agrees"].as_bool(), agrees, "{round}");
        assert_eq!(listing["reason"].is_null(), agrees == Some(true), "{round}");
        if let Some(total) = row["stated_total"].as_f64() {
            before = Some((round.to_owned(), total));
        }
    }
    let last = vessels(&client, "eu-ru-18");
    assert_eq!(last["listings"][0]["net"], 102.0);
    assert_eq!(
        last["flags"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["rule"] == "NET_TOTAL_DOES_NOT_ADD_UP")
            .count(),
        0
    );
}

#[test]
fn what_is_not_recorded_leaves_the_total_open() {
    let client = Client::with_everything();
    let first = vessels(&client, "eu-ru-15")["listings"][0].take();
    assert_eq!(
        (&first["agrees"], &first["reason"], &first["net"]),
        (
            &Value::Null,
            &json!("no earlier total of vessels is recorded"),
            &Value::Null
        )
    );
    let roughly = client.ask(
        r#"{ round(slug: "eu-ru-12") { listings(kind: "persons-and-entities") { added statedTotal agrees reason } } }"#,
    );
    assert_eq!(
        roughly["round"]["listings"],
        json!([{ "added": null, "statedTotal": null, "agrees": null, "reason": "no total is stated" }])
    );
}

#[test]
fn only_rounds_of_senders_that_propose_are_flagged_for_want_of_a_proposal() {
    let client = Client::with_everything();
    let flags = client
        .ask("{ flags(where: { rules: [ADOPTED_WITHOUT_PROPOSAL] }, first: 200) { nodes { dossier { slug } } } }");
    let mut found: Vec<&str> = flags["flags"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["dossier"]["slug"].as_str().unwrap())
        .collect();
    found.sort_unstable();
    found.dedup();
    let file = raw("eu-rounds-1-18.json");
    let has = |round: &Value, stage: &str| {
        let stages = round["stages"].as_array().unwrap().iter();
        stages
            .clone()
            .any(|s| s["stage"] == stage && s["source"] != "unverified")
    };
    let packages = file["packages"].as_array().unwrap().iter();
    let expected: Vec<&str> = packages
        .filter(|p| has(p, "adopted") && !has(p, "proposed"))
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert!(expected.contains(&"eu-ru-02"));
    let ours: Vec<&str> = found.iter().copied().filter(|slug| *slug <= "eu-ru-18").collect();
    assert_eq!(ours, expected);
    assert!(found.iter().all(|slug| slug.starts_with("eu-ru-")), "{found:?}");
}

/// The total of the vessels that a round of a sender of its own states in these quantities.
fn stated(quantities: &[&str]) -> Value {
    let client = Client::with_everything();
    let mut lines = vec![
        r#"{"registerParty": {"slug": "sender", "kind": "STATE", "name": "Sender"}}"#.to_owned(),
        r#"{"openRound": {"slug": "r", "title": "R", "senders": ["sender"], "target": "ru"}}"#.to_owned(),
    ];
    lines.extend(quantities.iter().map(|quantity| {
        format!(
            r#"{{"recordCount": {{"round": "r", "of": "vessels", "basis": "STATED_TOTAL", "quantity": {{"what": "vessels", {quantity}}}, "evidence": {{"citations": [{{"source": "rferl-2026-01-06"}}]}}}}}}"#
        )
    }));
    client.record(&lines.join("\n"));
    let answer = client.ask(r#"{ round(slug: "r") { listings(kind: "vessels") { statedTotal reason } } }"#);
    answer["round"]["listings"][0].clone()
}

#[test]
fn an_exact_count_stands_only_where_no_rough_one_contradicts_it() {
    let exact = r#""value": 342"#;
    // "About 300" stands for all that round to it; "more than 340" and "several hundred" leave 342 as it is.
    for rough in [
        r#""value": 300, "approximate": true"#,
        r#""value": 340, "approximate": true"#,
        r#""min": 340, "minExclusive": true"#,
        r#""min": 300, "max": 342"#,
        r#""words": "several hundred""#,
    ] {
        let found = stated(&[exact, rough]);
        // The adoption is not recorded, so only the total itself is at stake.
        assert_eq!(found["statedTotal"], 342.0, "{rough}: {found}");
    }
    for (rough, told) in [
        (r#""value": 600, "approximate": true"#, "about 600"),
        (r#""value": 345, "approximate": true"#, "about 345"),
        (r#""min": 342, "minExclusive": true"#, "more than 342"),
        (r#""min": 400"#, "at least 400"),
        (r#""max": 300"#, "at most 300"),
        (r#""max": 342, "maxExclusive": true"#, "fewer than 342"),
        (r#""min": 100, "max": 200"#, "at least 100 and at most 200"),
    ] {
        let found = stated(&[rough, exact]);
        assert_eq!(found["statedTotal"], Value::Null, "{rough}: {found}");
        let reason = format!("the total is given as 342 and as {told}");
        assert_eq!(found["reason"], reason);
    }
}
