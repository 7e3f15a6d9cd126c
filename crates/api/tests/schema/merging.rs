//! Meetings that turned out to be one: what both say stands side by side, and either way of asking finds it.

use crate::client::Client;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

const CITED: &str = r#""evidence": {"citations": [{"source": "wire"}]}"#;

fn held(slug: &str, on: &str, country: &str, who: &str) -> String {
    format!(
        r#"{{"holdMeeting": {{"slug": "{slug}", "title": "Report {slug}", "heldOn": "{on}", "series": "reports", "number": 2,
            "summary": "Held as {slug}.", "places": [{{"name": "There", "country": "{country}"}}],
            "participants": [{{"party": "{who}", "mode": "IN_PERSON"}}], {CITED}}}}}"#
    )
    .replace('\n', " ")
}

fn planned(slug: &str, on: &str) -> String {
    format!(
        r#"{{"scheduleMeeting": {{"slug": "{slug}", "title": "Plan {slug}", "plannedFor": "{on}", "series": "plans", "number": 1,
            "summary": "Planned as {slug}.", "places": [{{"name": "Budapest", "country": "HU"}}], {CITED}}}}}"#
    )
    .replace('\n', " ")
}

fn moved(slug: &str, to: &str) -> String {
    format!(r#"{{"rescheduleMeeting": {{"slug": "{slug}", "plannedFor": "{to}", {CITED}}}}}"#)
}

fn merge(from: &str, into: &str) -> String {
    format!(r#"{{"mergeDossiers": {{"dossier": "{from}", "into": "{into}"}}}}"#)
}

fn client(lines: &[String]) -> Client {
    let client = Client::on(Arc::new(MemoryLog::default()));
    let registered = [
        r#"{"registerSource": {"slug": "wire", "publisher": "Wire", "publishedOn": "2026-01-06"}}"#,
        r#"{"registerSeries": {"slug": "plans", "label": "Plans"}}"#,
        r#"{"registerSeries": {"slug": "reports", "label": "Reports"}}"#,
        r#"{"registerParty": {"slug": "a", "kind": "PERSON", "name": "A"}}"#,
        r#"{"registerParty": {"slug": "b", "kind": "PERSON", "name": "B"}}"#,
    ];
    client.record(&registered.join("\n"));
    lines.iter().for_each(|line| client.record(line));
    client
}

/// What is shown of a meeting.
fn shown(client: &Client, slug: &str) -> Value {
    let document = format!(
        r#"{{ it: meeting(slug: "{slug}") {{ title state summary number series {{ slug }} heldOn {{ edtf }} plannedFor {{ edtf }}
            places {{ country }} merged {{ slug title }} reports {{ title heldOn {{ edtf }} }} present {{ party {{ slug }} }} }} }}"#
    );
    client.ask(&document)["it"].take()
}

/// The slugs of the meetings that pass a filter.
fn passing(client: &Client, filter: &str) -> Vec<String> {
    let answer = client.ask(&format!(
        "{{ meetings(where: {{ {filter} }}) {{ edges {{ node {{ slug }} }} }} }}"
    ));
    let found = answer["meetings"]["edges"].as_array().unwrap().iter();
    found.map(|e| e["node"]["slug"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_meeting_merged_in_by_its_report_is_told_beside_the_one_that_stays_and_takes_nothing_over() {
    // Given two meetings, each opened by its report; when they turn out to be one,
    let client = client(&[held("m", "2025-08-15", "US", "a"), held("n", "2025-11-24", "AE", "b")]);
    client.record(&merge("n", "m"));
    // then what is shown of it is what the one that stays says, and the other's title is another name.
    assert_eq!(
        shown(&client, "m"),
        json!({ "title": "Report m", "state": "HELD", "summary": "Held as m.", "number": 2, "series": { "slug": "reports" },
            "heldOn": { "edtf": "2025-08-15" }, "plannedFor": null, "places": [{ "country": "US" }],
            "merged": [{ "slug": "n", "title": "Report n" }],
            "reports": [{ "title": "Report m", "heldOn": { "edtf": "2025-08-15" } }, { "title": "Report n", "heldOn": { "edtf": "2025-11-24" } }],
            "present": [{ "party": { "slug": "a" } }, { "party": { "slug": "b" } }] })
    );
    // Either report's day and country find it, for sure too.
    for filter in [
        "within: \"2025-08\"",
        "within: \"2025-11-24\", match: SURELY",
        "country: \"AE\"",
        "country: \"US\"",
    ] {
        assert_eq!(passing(&client, filter), ["m"], "{filter}");
    }
    assert_eq!(passing(&client, "within: \"2025-09\""), [""; 0]);
    assert_eq!(passing(&client, "country: \"TR\""), [""; 0]);
    let span = client.ask("{ meetingSummary { count earliest latest first { slug } last { slug } } }");
    assert_eq!(
        span["meetingSummary"],
        json!({ "count": 1, "earliest": "2025-08-15", "latest": "2025-11-24", "first": [{ "slug": "m" }], "last": [{ "slug": "m" }] })
    );
    // Two days that cannot both be right are flagged, and the source is cited twice.
    let flags = client.ask("{ flags { edges { node { rule } } } source(slug: \"wire\") { cited } }");
    assert_eq!(flags["flags"]["edges"][0]["node"]["rule"], "RIVAL_MEETING_DATES");
    assert_eq!(flags["source"]["cited"], 2);
    // What is told of it from now on, by either slug, is as last told.
    client.record(&held("n", "2025-11-25", "TR", "b"));
    let after = shown(&client, "m");
    assert_eq!(
        (&after["title"], &after["heldOn"]["edtf"]),
        (&json!("Report n"), &json!("2025-11-25"))
    );
}

#[test]
fn a_plan_and_a_report_merged_either_way_make_one_meeting_under_the_title_that_stays() {
    let both = json!({ "state": "HELD", "summary": "Held as n.", "heldOn": { "edtf": "2025-11-24" },
        "plannedFor": { "edtf": "2025-11-20" }, "places": [{ "country": "AE" }],
        "reports": [{ "title": "Report n", "heldOn": { "edtf": "2025-11-24" } }], "present": [{ "party": { "slug": "b" } }] });
    let (plan, report) = (planned("m", "2025-11-20"), held("n", "2025-11-24", "AE", "b"));
    let cases = [
        (["m", "n"], [&plan, &report], "Plan m", "Report n", json!([1, "plans"])),
        (
            ["n", "m"],
            [&report, &plan],
            "Report n",
            "Plan m",
            json!([2, "reports"]),
        ),
    ];
    for ([stays, goes], lines, title, other, numbered) in cases {
        let client = client(&lines.map(Clone::clone));
        client.record(&merge(goes, stays));
        let mut is = shown(&client, stays);
        assert_eq!(is["title"].take(), title);
        assert_eq!(is["merged"].take(), json!([{ "slug": goes, "title": other }]));
        assert_eq!(json!([is["number"].take(), is["series"]["slug"].take()]), numbered);
        is.as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null() && *value != json!({ "slug": null }));
        assert_eq!(is, both, "{stays} stays");
        // Held where and when the report says, whatever was planned.
        assert_eq!(passing(&client, "within: \"2025-11-24\", country: \"AE\""), [stays]);
        assert_eq!(passing(&client, "within: \"2025-11-20\""), [""; 0]);
        assert_eq!(passing(&client, "country: \"HU\""), [""; 0]);
        // The series that it shows has it.
        let series = numbered[1].as_str().unwrap();
        assert_eq!(passing(&client, &format!("series: \"{series}\"")), [stays]);
    }
}

#[test]
fn what_the_one_that_stays_does_not_say_is_shown_from_the_one_that_was_merged_in() {
    let bare =
        format!(r#"{{"scheduleMeeting": {{"slug": "m", "title": "Plan m", "plannedFor": "2025-11-20", {CITED}}}}}"#);
    let later = held("n", "2025-11-25", "TR", "b").replace("Held as n", "Told again of n");
    let client = client(&[bare, held("n", "2025-11-24", "AE", "b"), later]);
    client.record(&merge("n", "m"));
    let is = shown(&client, "m");
    assert_eq!(
        json!([
            is["title"],
            is["number"],
            is["series"]["slug"],
            is["summary"],
            is["heldOn"]["edtf"],
            is["places"]
        ]),
        json!(["Plan m", 2, "reports", "Told again of n.", "2025-11-25", [{ "country": "TR" }]]),
        "as last told of what was merged in"
    );
    assert_eq!(passing(&client, "within: \"2025-11-24\""), ["m"]);
}

fn ahead(client: &Client) -> Value {
    let answer = client.ask("{ it: upcoming(days: 30, from: \"2026-01-06\") { certain { when { edtf } dossier { slug } entry { position } } } }");
    answer["it"]["certain"].clone()
}

#[test]
fn a_meeting_moved_away_and_back_lies_ahead_once() {
    let client = client(&[
        planned("m", "2026-01-10"),
        moved("m", "2026-01-12"),
        moved("m", "2026-01-10"),
    ]);
    assert_eq!(
        ahead(&client),
        json!([{ "when": { "edtf": "2026-01-10" }, "dossier": { "slug": "m" }, "entry": { "position": 8 } }])
    );
}

#[test]
fn two_plans_of_one_date_merged_lie_ahead_once() {
    let client = client(&[planned("m", "2026-01-10"), planned("n", "2026-01-10")]);
    client.record(&merge("n", "m"));
    assert_eq!(
        ahead(&client),
        json!([{ "when": { "edtf": "2026-01-10" }, "dossier": { "slug": "m" }, "entry": { "position": 7 } }])
    );
    let source = client.ask("{ source(slug: \"wire\") { cited } }");
    assert_eq!(source["source"]["cited"], 2, "both plans cite it");
}
