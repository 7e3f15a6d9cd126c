//! What became of expectations, and who was right.

use crate::client::Client;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

fn cited(source: &str) -> String {
    format!(r#""evidence": {{"citations": [{{"source": "{source}"}}]}}"#)
}

fn said_by(party: &str) -> String {
    format!(
        r#""evidence": {{"citations": [{{"source": "wire", "attribution": {{"speaker": "{party}", "party": "{party}"}}}}]}}"#
    )
}

fn expects(slug: &str, of: &str, window: &str, evidence: &str) -> String {
    format!(
        r#"{{"recordExpectation": {{"slug": "{slug}", "summary": "It comes.", "of": "{of}", "expectedIn": "{window}", "claimedOn": "2025-06-01", {evidence}}}}}"#
    )
}

fn happens(slug: &str, on: &str) -> String {
    let cited = cited("wire");
    format!(
        r#"{{"recordHappening": {{"slug": "{slug}", "kind": "OTHER", "summary": "It came.", "happenedOn": "{on}", {cited}}}}}"#
    )
}

fn link(from: &str, link: &str, to: &str, more: &str) -> String {
    format!(r#"{{"linkRecords": {{"from": "{from}", "link": "{link}", "to": "{to}"{more}}}}}"#)
}

fn client(lines: &[String]) -> Client {
    let client = Client::on(Arc::new(MemoryLog::default()));
    let registered = [
        r#"{"registerSource": {"slug": "wire", "publisher": "Wire", "publishedOn": "2025-06-01"}}"#,
        r#"{"registerSource": {"slug": "mirror", "publisher": "Mirror", "citing": ["The Wire"], "publishedOn": "2025-06-02"}}"#,
        r#"{"registerParty": {"slug": "a", "kind": "PERSON", "name": "A"}}"#,
        r#"{"registerParty": {"slug": "eu", "kind": "BLOC", "name": "EU"}}"#,
        r#"{"registerParty": {"slug": "ru", "kind": "STATE", "name": "Russia"}}"#,
        r#"{"openIssue": {"slug": "talks", "title": "Talks", "summary": "Talks.", "openOn": "2025-06-01", "evidence": {"citations": [{"source": "wire"}]}}}"#,
        r#"{"openRound": {"slug": "eu-ru-30", "title": "Thirtieth", "senders": ["eu"], "target": "ru"}}"#,
    ];
    client.record(&registered.join("\n"));
    client.record(&lines.join("\n"));
    client
}

/// What became of an expectation by a day.
fn outcome(client: &Client, slug: &str, on: &str) -> Value {
    let document = format!(
        r#"{{ it: claim(slug: "{slug}") {{ outcome(on: "{on}") {{ state slip {{ least most }} missedByDays daysOverdue calledOff settledBy {{ position }} }} }} }}"#
    );
    client.ask(&document)["it"]["outcome"].take()
}

#[test]
fn a_link_settles_what_has_no_stage_by_the_nearest_end_of_the_window() {
    let window = "2025-06-10/2025-06-20";
    for (on, state, slip) in [
        ("2025-06-15", "MET", json!({ "least": 0, "most": 0 })),
        ("2025-06-07", "MET", json!({ "least": -3, "most": -3 })),
        ("2025-06-25", "MISSED", json!({ "least": 5, "most": 5 })),
        ("2025-07", "MISSED", json!({ "least": 11, "most": 41 })),
        ("2025-06", "OPEN", json!({ "least": -9, "most": 10 })),
    ] {
        let client = client(&[
            expects("soon", "talks", window, &said_by("a")),
            happens("came", on),
            link("came", "FULFILS", "soon", ""),
        ]);
        let found = outcome(&client, "soon", "2026-01-06");
        assert_eq!((&found["state"], &found["slip"]), (&json!(state), &slip), "{on}");
        assert_eq!(found["daysOverdue"], Value::Null, "what came is not overdue: {on}");
        assert_eq!(found["settledBy"].as_array().unwrap().len(), 1, "{on}");
    }
}

#[test]
fn what_is_only_likely_doubted_or_of_before_settles_nothing() {
    for (on, more) in [
        ("2025-06-15", r#", "likelihood": "POSSIBLE""#),
        ("2025-06-15?", ""),
        ("2025-05-20", ""),
    ] {
        let client = client(&[
            expects("soon", "talks", "2025-06", &said_by("a")),
            happens("came", on),
            link("came", "FULFILS", "soon", more),
        ]);
        let found = outcome(&client, "soon", "2025-07-10");
        assert_eq!(
            (&found["state"], &found["slip"]),
            (&json!("OPEN"), &Value::Null),
            "{on} {more}"
        );
    }
}

#[test]
fn an_open_one_is_overdue_from_the_day_after_its_window_on() {
    let client = client(&[
        expects("soon", "talks", "2025-06", &said_by("a")),
        expects("some-day", "talks", "[2025-06-01..]", &said_by("a")),
        expects("perhaps", "talks", "2025-06?", &said_by("a")),
    ]);
    let overdue = |slug, on| outcome(&client, slug, on)["daysOverdue"].take();
    assert_eq!(overdue("soon", "2025-06-30"), Value::Null);
    assert_eq!(overdue("soon", "2025-07-01"), 1);
    assert_eq!(overdue("soon", "2026-01-06"), 190);
    assert_eq!(overdue("some-day", "2030-01-01"), Value::Null, "it names no end");
    assert_eq!(overdue("perhaps", "2026-01-06"), Value::Null, "the window is doubted");
    let today = client.ask(r#"{ claim(slug: "soon") { outcome { daysOverdue } } }"#);
    assert_eq!(
        today["claim"]["outcome"]["daysOverdue"], 190,
        "today is the day by default"
    );
    let then = client.ask(r#"{ asOf(published: "2025-07-05") { claim(slug: "soon") { outcome { daysOverdue } } } }"#);
    assert_eq!(
        then["asOf"]["claim"]["outcome"]["daysOverdue"], 5,
        "another moment has its own day"
    );
}

#[test]
fn what_is_called_off_was_missed_unless_it_came_all_the_same() {
    let off = || link("off", "CANCELS", "soon", "");
    let mut lines = vec![
        expects("soon", "talks", "2025-06", &said_by("a")),
        happens("off", "2025-06-11"),
        off(),
    ];
    let found = outcome(&client(&lines), "soon", "2026-01-06");
    assert_eq!((&found["state"], &found["calledOff"]), (&json!("MISSED"), &json!(true)));
    assert_eq!((&found["slip"], &found["missedByDays"]), (&Value::Null, &Value::Null));
    lines.extend([happens("came", "2025-06-20"), link("came", "FULFILS", "soon", "")]);
    let found = outcome(&client(&lines), "soon", "2026-01-06");
    assert_eq!((&found["state"], &found["calledOff"]), (&json!("MET"), &json!(false)));
}

#[test]
fn a_planned_meeting_fulfils_nothing_before_it_is_held() {
    let cited = cited("wire");
    let mut lines = vec![
        expects("soon", "talks", "2025-06", &said_by("a")),
        format!(
            r#"{{"scheduleMeeting": {{"slug": "geneva", "title": "Geneva", "plannedFor": "2025-06-15", {cited}}}}}"#
        ),
        link("geneva", "FULFILS", "soon", ""),
    ];
    assert_eq!(outcome(&client(&lines), "soon", "2025-06-16")["state"], "OPEN");
    lines.push(format!(
        r#"{{"holdMeeting": {{"slug": "geneva", "heldOn": "2025-07-02", {cited}}}}}"#
    ));
    let held = outcome(&client(&lines), "soon", "2025-08-01");
    assert_eq!((&held["state"], &held["missedByDays"]), (&json!("MISSED"), &json!(2)));
}

#[test]
fn track_records_count_for_speakers_and_for_the_outlets_that_speak_themselves() {
    let client = client(&[
        expects("one", "talks", "2025-06", &said_by("a")),
        expects("two", "talks", "2025-07", &said_by("a")),
        expects("three", "talks", "2025-08", &said_by("a")),
        expects("four", "talks", "2025-06", &cited("mirror")),
        happens("came", "2025-07-10"),
        link("came", "FULFILS", "one", ""),
        link("came", "FULFILS", "two", ""),
        link("came", "FULFILS", "four", ""),
    ]);
    let found = client.ask(
        r#"{ trackRecords(on: "2025-10-01") { totalCount nodes { claimant { kind name party { slug } } met missed open overdue
             medianSlip { least most } worstSlip { least most } expectations { nodes { slug } } } }
             before: trackRecords(on: "2025-08-31") { nodes { open overdue } }
             party(slug: "a") { trackRecord(on: "2025-10-01") { met missed open overdue } } }"#,
    );
    let [a, outlet] = [0, 1].map(|at| &found["trackRecords"]["nodes"][at]);
    assert_eq!(found["trackRecords"]["totalCount"], 2);
    assert_eq!(
        a["claimant"],
        json!({ "kind": "PARTY", "name": "A", "party": { "slug": "a" } })
    );
    assert_eq!([&a["met"], &a["missed"], &a["open"], &a["overdue"]], [1, 1, 1, 1]);
    assert_eq!(
        a["medianSlip"],
        json!({ "least": 5.0, "most": 5.0 }),
        "0 in the window, 10 days late"
    );
    assert_eq!(a["worstSlip"], json!({ "least": 10, "most": 10 }));
    let slugs = json!([{ "slug": "one" }, { "slug": "three" }, { "slug": "two" }]);
    assert_eq!(a["expectations"]["nodes"], slugs);
    assert_eq!(
        outlet["claimant"],
        json!({ "kind": "OUTLET", "name": "The Wire", "party": null }),
        "Mirror repeats it"
    );
    assert_eq!(outlet["missed"], 1);
    assert_eq!(
        found["before"]["nodes"][0],
        json!({ "open": 1, "overdue": 0 }),
        "its window is open to its last day"
    );
    assert_eq!(
        found["party"]["trackRecord"],
        json!({ "met": 1, "missed": 1, "open": 1, "overdue": 1 })
    );
    let nobody =
        client.ask(r#"{ party(slug: "eu") { trackRecord { met missed open overdue medianSlip { least } } } }"#);
    let none = json!({ "met": 0, "missed": 0, "open": 0, "overdue": 0, "medianSlip": null });
    assert_eq!(nobody["party"]["trackRecord"], none);
}

#[test]
fn a_stage_reached_before_it_was_expected_again_settles_nothing() {
    let cited = cited("wire");
    let stage = |on: &str| {
        format!(r#"{{"recordStage": {{"round": "eu-ru-30", "stage": "AGREED", "reachedOn": "{on}", {cited}}}}}"#)
    };
    let expected = format!(
        r#"{{"recordExpectation": {{"slug": "soon", "summary": "Again.", "of": "eu-ru-30", "stage": "AGREED", "expectedIn": "2025-06", "claimedOn": "2025-06-01", {cited}}}}}"#
    );
    let early = client(&[stage("2025-05-30"), expected.clone()]);
    assert_eq!(outcome(&early, "soon", "2025-06-10")["state"], "OPEN");
    let again = client(&[stage("2025-05-30"), expected, stage("2025-07-04")]);
    let found = outcome(&again, "soon", "2025-08-01");
    assert_eq!((&found["state"], &found["missedByDays"]), (&json!("MISSED"), &json!(4)));
}
