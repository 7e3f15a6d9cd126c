//! Rounds against one another, against what was planned, and against those of other senders.

use crate::client::Client;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

const CITED: &str = r#""evidence": {"citations": [{"source": "wire"}]}"#;

fn round(slug: &str, sender: &str) -> String {
    format!(r#"{{"openRound": {{"slug": "{slug}", "title": "{slug}", "senders": ["{sender}"], "target": "ru"}}}}"#)
}

fn stage(round: &str, stage: &str, on: &str) -> String {
    staged(round, stage, on, "")
}

fn staged(round: &str, stage: &str, on: &str, more: &str) -> String {
    format!(r#"{{"recordStage": {{"round": "{round}", "stage": "{stage}", "reachedOn": "{on}"{more}, {CITED}}}}}"#)
}

fn mirror(round: &str, of: &str, more: &str) -> String {
    format!(r#"{{"recordMirror": {{"round": "{round}", "of": ["{of}"]{more}, {CITED}}}}}"#)
}

/// A proposal and an adoption.
fn went(slug: &str, sender: &str, proposed: &str, adopted: &str) -> Vec<String> {
    let stages = [("PROPOSED", proposed), ("ADOPTED", adopted)];
    let stages = stages.into_iter().filter(|(_, on)| !on.is_empty());
    let mut lines = vec![round(slug, sender)];
    lines.extend(stages.map(|(name, on)| stage(slug, name, on)));
    lines
}

fn client(lines: &[Vec<String>]) -> Client {
    let client = Client::on(Arc::new(MemoryLog::default()));
    let registered = [
        r#"{"registerSource": {"slug": "wire", "publisher": "Wire", "publishedOn": "2025-01-01"}}"#,
        r#"{"registerParty": {"slug": "eu", "kind": "BLOC", "name": "EU"}}"#,
        r#"{"registerParty": {"slug": "ch", "kind": "STATE", "name": "Switzerland"}}"#,
        r#"{"registerParty": {"slug": "ru", "kind": "STATE", "name": "Russia"}}"#,
        r#"{"registerParty": {"slug": "hu", "kind": "STATE", "name": "Hungary"}}"#,
    ];
    client.record(&registered.join("\n"));
    client.record(&lines.concat().join("\n"));
    client
}

fn completed() -> Vec<Vec<String>> {
    vec![
        went("eu-1", "eu", "2025-01-01", "2025-01-11"),
        went("eu-2", "eu", "2025-02-01", "2025-02-21/2025-02-25"),
        went("eu-3", "eu", "2025-03-01", "2025-04-10"),
        went("eu-4", "eu", "2025-04-01", "2025-05-01?"),
        went("eu-5", "eu", "2025-06-01/2025-06-05", ""),
        went("ch-1", "ch", "2025-01-15", "2025-01-16"),
    ]
}

#[test]
fn rounds_are_ranked_with_their_median_and_doubted_ones_are_left_out() {
    let client = client(&completed());
    let found = client.ask(
        r#"{ it: roundComparison(from: PROPOSED, to: ADOPTED, where: { senders: ["eu"] }) { count least most median { least most } leftOut { slug }
             rows { round { slug } days { least most } place bestPlace worstPlace } }
             all: roundComparison(from: PROPOSED, to: ADOPTED) { count least }
             round(slug: "eu-2") { rank(from: PROPOSED, to: ADOPTED) { place of } } }"#,
    );
    let row = |slug: &str, least: i64, most: i64, place: u32| json!({ "round": { "slug": slug }, "days": { "least": least, "most": most }, "place": place, "bestPlace": place, "worstPlace": place });
    let wanted = json!({ "count": 3, "least": 10, "most": 40, "median": { "least": 20.0, "most": 24.0 }, "leftOut": [{ "slug": "eu-4" }],
        "rows": [row("eu-1", 10, 10, 1), row("eu-2", 20, 24, 2), row("eu-3", 40, 40, 3)] });
    assert_eq!(found["it"], wanted);
    assert_eq!(found["all"], json!({ "count": 4, "least": 1 }), "whoever sends them");
    assert_eq!(
        found["round"]["rank"],
        json!({ "place": 2, "of": 3 }),
        "the same place from either side"
    );
    let refused = client.refused("{ roundComparison(from: PROPOSED, to: ADOPTED) { rows(first: 201) { place } } }");
    assert_eq!(refused, "`first` is 201; a list has 0 to 200 items");
    let refused = client.refused("{ roundComparison(from: ADOPTED, to: PROPOSED) { count } }");
    assert!(refused.contains("swap `from` and `to`"), "{refused}");
    let refused =
        client.refused(r#"{ roundComparison(from: PROPOSED, to: ADOPTED, where: { senders: ["xx"] }) { count } }"#);
    assert!(refused.contains("no party `xx` is recorded"), "{refused}");
}

#[test]
fn places_overlap_where_fuzzy_days_do() {
    let client = client(&[
        went("eu-1", "eu", "2025-01-01", "2025-01-06/2025-01-16"),
        went("eu-2", "eu", "2025-02-01", "2025-02-11"),
        went("eu-3", "eu", "2025-03-01", "2025-03-11"),
    ]);
    let found = client
        .ask("{ roundComparison(from: PROPOSED, to: ADOPTED) { rows { round { slug } place bestPlace worstPlace } } }");
    let row = |slug: &str, place: Option<u32>, best: u32, worst: u32| json!({ "round": { "slug": slug }, "place": place, "bestPlace": best, "worstPlace": worst });
    let wanted = json!([
        row("eu-2", None, 1, 2),
        row("eu-3", None, 1, 2),
        row("eu-1", None, 1, 3)
    ]);
    assert_eq!(found["roundComparison"]["rows"], wanted, "equals share a place");
}

#[test]
fn an_open_round_has_the_range_of_those_that_went_all_the_way() {
    let client = client(&completed());
    let found = client.ask(
        r#"{ open: round(slug: "eu-5") { forecast(to: ADOPTED) { from to n least most median { least most } earliest medianEarliest medianLatest latest
               sample { rows { round { slug } } leftOut { slug } } }
               unheard: forecast(to: IN_FORCE) { n least earliest latest median { least } } }
             done: round(slug: "eu-1") { forecast(to: ADOPTED) { n } back: forecast(to: IN_FORCE, from: PROPOSED) { from n } }
             never: round(slug: "ch-1") { forecast(to: PUBLISHED, from: ANNOUNCED) { n } } }"#,
    );
    let wanted = json!({ "from": "PROPOSED", "to": "ADOPTED", "n": 3, "least": 10, "most": 40, "median": { "least": 20.0, "most": 24.0 },
        "earliest": "2025-06-11", "medianEarliest": "2025-06-21", "medianLatest": "2025-06-29", "latest": "2025-07-15",
        "sample": { "rows": [{ "round": { "slug": "eu-1" } }, { "round": { "slug": "eu-2" } }, { "round": { "slug": "eu-3" } }], "leftOut": [{ "slug": "eu-4" }] } });
    assert_eq!(found["open"]["forecast"], wanted);
    let nothing = json!({ "n": 0, "least": null, "earliest": null, "latest": null, "median": null });
    assert_eq!(found["open"]["unheard"], nothing, "no sample, no range");
    assert_eq!(found["done"]["forecast"], Value::Null, "it is there already");
    assert_eq!(found["done"]["back"], json!({ "from": "PROPOSED", "n": 0 }));
    assert_eq!(found["never"]["forecast"], Value::Null, "it never stood there");
}

#[test]
fn plans_are_measured_against_what_came() {
    let deadline = r#", "deadline": "2025-03-05""#;
    let expected = format!(
        r#"{{"recordExpectation": {{"slug": "soon", "summary": "Soon.", "of": "eu-1", "stage": "PROPOSED", "expectedIn": "2025-02-10/2025-02-20", "claimedOn": "2025-02-01", {CITED}}}}}"#
    );
    let client = client(&[vec![
        round("eu-1", "eu"),
        expected,
        stage("eu-1", "PROPOSED", "2025-02-07"),
        staged("eu-1", "PROCEDURE_OPENED", "2025-03-03", deadline),
        staged("eu-1", "PROCEDURE_OPENED", "2025-03-04", deadline),
        stage("eu-1", "ADOPTED", "2025-03-08"),
        round("eu-2", "eu"),
        staged("eu-2", "AGREED", "2025-03-03", deadline),
    ]]);
    let found = client.ask(
        r#"{ one: round(slug: "eu-1") { planned { kind stage plannedFor { edtf } saidOn { edtf } state slip { least most } came { when { edtf } } } }
             two: round(slug: "eu-2") { planned { kind stage state slip { least } came { position } } } }"#,
    );
    let wanted = json!([
        { "kind": "EXPECTATION", "stage": "PROPOSED", "plannedFor": { "edtf": "2025-02-10/2025-02-20" }, "saidOn": { "edtf": "2025-02-01" },
          "state": "MET", "slip": { "least": -3, "most": -3 }, "came": [{ "when": { "edtf": "2025-02-07" } }] },
        { "kind": "DEADLINE", "stage": "ADOPTED", "plannedFor": { "edtf": "2025-03-05" }, "saidOn": { "edtf": "2025-03-03" },
          "state": "MISSED", "slip": { "least": 3, "most": 3 }, "came": [{ "when": { "edtf": "2025-03-08" } }] },
    ]);
    assert_eq!(found["one"]["planned"], wanted, "a deadline told twice is one");
    let open = json!([{ "kind": "DEADLINE", "stage": "ADOPTED", "state": "OPEN", "slip": null, "came": [] }]);
    assert_eq!(found["two"]["planned"], open);
}

#[test]
fn a_block_is_held_to_the_first_lifting_of_the_same_party() {
    let client = client(&[vec![
        round("eu-1", "eu"),
        staged("eu-1", "BLOCKED", "2025-02-01/2025-02-03", r#", "by": ["hu"]"#),
        staged("eu-1", "UNBLOCKED", "2025-02-05", r#", "by": ["ch"]"#),
        staged("eu-1", "UNBLOCKED", "2025-02-10", r#", "by": ["hu"]"#),
        staged("eu-1", "UNBLOCKED", "2025-02-20", r#", "by": ["hu"]"#),
        staged("eu-1", "RESERVED", "2025-02-12", r#", "by": ["ch"]"#),
    ]]);
    let found = client.ask(r#"{ round(slug: "eu-1") { path { stage heldFor { least most } } } }"#);
    let held = |stage: &str| {
        let path = found["round"]["path"].as_array().unwrap().iter();
        path.filter(|s| s["stage"] == stage)
            .map(|s| s["heldFor"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(held("BLOCKED"), [json!({ "least": 7, "most": 9 })]);
    assert_eq!(held("RESERVED"), [Value::Null], "nothing recorded lifts it");
    assert_eq!(held("UNBLOCKED"), [Value::Null, Value::Null, Value::Null]);
}

#[test]
fn alignment_is_counted_from_adoption_to_adoption_each_pair_once() {
    let mut lines = completed();
    lines.push(went("ch-2", "ch", "", "2025-02-28"));
    lines.push(vec![
        mirror("ch-1", "eu-1", r#", "lagDays": 6"#),
        mirror("ch-2", "eu-2", r#", "lagDays": 5"#),
        mirror("ch-2", "eu-2", ""),
        mirror("ch-2", "eu-4", ""),
        round("ch-3", "ch"),
        mirror("ch-3", "eu-3", r#", "mirroredOn": "2025-04-15""#),
    ]);
    let client = client(&lines);
    let found = client.ask(
        r#"{ it: alignmentLag(sender: "ch", behind: "eu") { n least most median { least most }
               alignments { round { slug } of { slug } days { least most doubted } toMirroring statedDays agrees } }
             none: alignmentLag(sender: "eu", behind: "ch") { n least median { least } alignments { statedDays } }
             round(slug: "ch-1") { alignments { days { least } } } }"#,
    );
    let row = |round: &str, of: &str, days: Value, to: bool, stated: Option<u32>, agrees: Option<bool>| json!({ "round": { "slug": round }, "of": { "slug": of }, "days": days, "toMirroring": to, "statedDays": stated, "agrees": agrees });
    let days = |least: i64, most: i64, doubted: bool| json!({ "least": least, "most": most, "doubted": doubted });
    let wanted = json!({ "n": 3, "least": 3, "most": 7, "median": { "least": 5.0, "most": 5.0 }, "alignments": [
        row("ch-1", "eu-1", days(5, 5, false), false, Some(6), Some(false)),
        row("ch-2", "eu-2", days(3, 7, false), false, Some(5), Some(true)),
        row("ch-2", "eu-2", days(3, 7, false), false, None, None),
        row("ch-2", "eu-4", days(-62, -62, true), false, None, None),
        row("ch-3", "eu-3", days(5, 5, false), true, None, None),
    ] });
    assert_eq!(found["it"], wanted);
    assert_eq!(
        found["none"],
        json!({ "n": 0, "least": null, "median": null, "alignments": [] })
    );
    assert_eq!(found["round"]["alignments"], json!([{ "days": { "least": 5 } }]));
    let refused = client.refused(r#"{ alignmentLag(sender: "ch", behind: "xx") { n } }"#);
    assert_eq!(refused, "behind: no party `xx` is recorded");
}
