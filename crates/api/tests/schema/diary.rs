//! What lies ahead, and who stands where on a day.

use crate::client::{Client, raw};
use serde_json::{Value, json};

fn ahead(client: &Client, days: u32, from: &str) -> Value {
    client.ask(&format!(
        r#"{{ it: upcoming(days: {days}, from: "{from}") {{ from until certainCount possibleCount
            certain {{ kind when {{ edtf }} summary dossier {{ slug }} entry {{ position }} }} possible {{ kind when {{ edtf }} dossier {{ slug }} }} }} }}"#
    ))["it"]
        .take()
}

/// The kinds and slugs of a list.
fn short(list: &Value) -> Vec<(&str, &str)> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|i| (i["kind"].as_str().unwrap(), i["dossier"]["slug"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_longer_look_ahead_makes_certain_what_was_possible() {
    let client = Client::with_everything();
    let expected = ("EXPECTATION", "eu-ru-20-presented-january");
    let (short_look, long_look) = (ahead(&client, 14, "2026-01-06"), ahead(&client, 30, "2026-01-06"));
    assert_eq!(
        (&short_look["from"], &short_look["until"]),
        (&json!("2026-01-06"), &json!("2026-01-20"))
    );
    assert!(short(&short_look["possible"]).contains(&expected), "7 to 31 January");
    assert!(!short(&short_look["certain"]).contains(&expected));
    assert!(short(&long_look["certain"]).contains(&expected));
    assert!(!short(&long_look["possible"]).contains(&expected));
    for look in [&short_look, &long_look] {
        for (list, count) in [("certain", "certainCount"), ("possible", "possibleCount")] {
            assert_eq!(look[count], look[list].as_array().unwrap().len());
        }
    }
    let from_act = raw("eu-rounds-1-18.json");
    let packages = from_act["packages"].as_array().unwrap().iter();
    let eighteenth = packages.clone().find(|p| p["id"] == "eu-ru-18").unwrap();
    let applies = |s: &&Value| s["stage"] == "applies_from" && s["edtf"] == "2026-01-21";
    assert_eq!(
        eighteenth["stages"].as_array().unwrap().iter().filter(applies).count(),
        1
    );
    assert!(
        short(&long_look["certain"]).contains(&("APPLIES_FROM", "eu-ru-18")),
        "on the fifteenth day"
    );
    assert!(!short(&short_look["certain"]).contains(&("APPLIES_FROM", "eu-ru-18")));
}

#[test]
fn what_was_called_off_or_held_does_not_lie_ahead_and_deadlines_do() {
    let client = Client::with_everything();
    let file = raw("diplomacy-2025.json");
    let events = file["events"].as_array().unwrap();
    let deadline = |id: &str| events.iter().find(|e| e["id"] == id).unwrap()["deadline"].clone();
    let may = ahead(&client, 10, "2025-05-09");
    let kyiv = may["certain"]
        .as_array()
        .unwrap()
        .iter()
        .find(|i| i["kind"] == "DEADLINE")
        .unwrap();
    assert_eq!(kyiv["when"]["edtf"], deadline("2025-05-10-kyiv-leaders"));
    assert!(
        short(&may["certain"]).iter().all(|(kind, _)| *kind != "MEETING"),
        "Istanbul was held: {may}"
    );
    let october = ahead(&client, 14, "2025-10-16");
    for list in ["certain", "possible"] {
        assert!(
            short(&october[list]).iter().all(|(_, slug)| !slug.contains("budapest")),
            "the Budapest summit was cancelled: {october}"
        );
    }
}

#[test]
fn the_look_ahead_begins_today_and_has_bounds() {
    let client = Client::with_fixtures();
    let today = client.ask("{ upcoming(days: 0) { from until } positionMatrix(issues: [\"znpp\"]) { day } }");
    assert_eq!(today["upcoming"], json!({"from": "2026-01-06", "until": "2026-01-06"}));
    assert_eq!(today["positionMatrix"]["day"], "2026-01-06");
    for (document, message) in [
        (
            "{ upcoming(days: -1) { from } }",
            "`days` is -1; look 0 to 366 days ahead",
        ),
        (
            "{ upcoming(days: 367) { from } }",
            "`days` is 367; look 0 to 366 days ahead",
        ),
        (
            "{ upcoming(days: 1) { certain(first: 201) { kind } } }",
            "`first` is 201; a list has 0 to 200 items",
        ),
        (
            "{ positionMatrix(issues: [\"nothing\"]) { day } }",
            "issues: no dossier `nothing` is recorded",
        ),
        (
            "{ positionMatrix(issues: [\"znpp\"], parties: [\"znpp\"]) { day } }",
            "parties: no party `znpp` is recorded",
        ),
        (
            "{ positionMatrix(issues: []) { day } }",
            "`issues` is empty; name 1 to 50, such as `[\"znpp\"]`",
        ),
        (
            "{ positionMatrix(issues: [\"znpp\"], parties: []) { day } }",
            "`parties` is empty; name 1 to 50, or leave it out for everybody who has taken a position",
        ),
    ] {
        assert_eq!(client.refused(document), message);
    }
}

/// The cells of one issue on a day: party, state, positions that stand, earlier ones.
fn cells(client: &Client, issue: &str, parties: &str, on: &str) -> Vec<String> {
    let answer = client.ask(&format!(
        r#"{{ positionMatrix(issues: ["{issue}"], on: "{on}"{parties}) {{ parties {{ slug }}
            rows {{ on {{ slug }} cells {{ party {{ slug }} state positions {{ key }} earlier {{ key }} }} }} }} }}"#
    ));
    let row = &answer["positionMatrix"]["rows"][0];
    assert_eq!(row["on"]["slug"], issue);
    let keys = |list: &Value| -> String {
        let keys = list.as_array().unwrap().iter().map(|p| p["key"].as_str().unwrap());
        keys.collect::<Vec<_>>().join("+")
    };
    let cells = row["cells"].as_array().unwrap().iter();
    cells
        .map(|c| {
            let (party, state) = (c["party"]["slug"].as_str().unwrap(), c["state"].as_str().unwrap());
            format!(
                "{party} {state} {} before: {}",
                keys(&c["positions"]),
                keys(&c["earlier"])
            )
        })
        .collect()
}

#[test]
fn who_stands_where_changes_with_the_day_and_unknown_cells_are_shown() {
    let client = Client::with_everything();
    let nothing = ["ua NOT_RECORDED  before: ", "us NOT_RECORDED  before: "];
    assert_eq!(cells(&client, "znpp", "", "2025-12-22"), nothing);
    assert_eq!(
        cells(&client, "znpp", "", "2025-12-23"),
        [
            "ua RECORDED ua-nuclear-plant before: ",
            "us RECORDED us-equal-shares before: "
        ]
    );
    assert_eq!(
        cells(&client, "znpp", r#", parties: ["us", "ua", "ru"]"#, "2026-01-06"),
        [
            "us RECORDED us-equal-shares before: ",
            "ua RECORDED ua-no-joint-operation+ua-us-sells-power before: ua-nuclear-plant",
            "ru NOT_RECORDED  before: "
        ]
    );
    client.record(
        r#"{"noteUnknownPosition": {"issue": "znpp", "party": "ru", "notedOn": "2026-01-06", "summary": "No statement found.", "evidence": {"citations": [{"source": "rferl-2026-01-06"}]}}}"#,
    );
    assert_eq!(
        cells(&client, "znpp", r#", parties: ["ru"]"#, "2026-01-06"),
        ["ru UNKNOWN  before: "]
    );
    assert_eq!(
        cells(&client, "znpp", r#", parties: ["ru"]"#, "2026-01-05"),
        ["ru NOT_RECORDED  before: "]
    );
}

#[test]
fn a_slug_that_is_named_twice_has_one_row_and_one_column() {
    let client = Client::with_fixtures();
    client.record(r#"{"renameDossier": {"dossier": "znpp", "slug": "zaporizhzhia-plant"}}"#);
    let many = (0..60).map(|_| "\"ua\"").collect::<Vec<_>>().join(", ");
    let answer = client.ask(&format!(
        r#"{{ positionMatrix(issues: ["znpp", "zaporizhzhia-plant", "znpp"], parties: ["us", {many}, "us"]) {{
            parties {{ slug }} rows {{ on {{ slug }} cells {{ party {{ slug }} }} }} }} }}"#
    ));
    let matrix = &answer["positionMatrix"];
    assert_eq!(matrix["parties"], json!([{ "slug": "us" }, { "slug": "ua" }]));
    assert_eq!(
        matrix["rows"],
        json!([{ "on": { "slug": "zaporizhzhia-plant" },
                 "cells": [{ "party": { "slug": "us" } }, { "party": { "slug": "ua" } }] }])
    );
}

#[test]
fn a_day_that_is_none_is_refused_with_what_is_wrong() {
    let client = Client::with_fixtures();
    for (day, message) in [
        ("\"today\"", "`today` is no day of the form YYYY-MM-DD"),
        ("\"2026-02-30\"", "`2026-02-30` is not in the calendar"),
        ("20260106", "write it as a text such as"),
    ] {
        let said = client.refused(&format!(
            "{{ party(slug: \"marco-rubio\") {{ role(on: {day}) {{ title }} }} }}"
        ));
        assert!(said.contains("LocalDate") && said.contains(message), "{day}: {said}");
    }
}
