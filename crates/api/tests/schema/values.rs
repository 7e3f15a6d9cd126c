//! Why a value is shown, and links that go on holding.

use crate::client::Client;
use crate::recording::{NEWS, claim, corrects, pairs, record, since};
use serde_json::json;

#[test]
fn why_shows_the_chain_with_what_decides_and_what_is_outweighed() {
    let client = Client::with_fixtures();
    let early = record(
        &client,
        &format!(
            r#"recordStage(input: {{ round: "eu-ru-20", stage: ANNOUNCED, reachedOn: "2026-01", evidence: {{ {NEWS} }} }})"#
        ),
    );
    let answer = client.ask(r#"{ round(slug: "eu-ru-20") { stage why(field: STAGE) { value subject behind { position part event { kind } entry { summary } } citations { source { slug } } } } }"#);
    let why = &answer["round"]["why"][0];
    assert_eq!(why["value"], answer["round"]["stage"]);
    let parts: Vec<(u64, &str)> = why["behind"]
        .as_array()
        .unwrap()
        .iter()
        .map(|behind| (behind["position"].as_u64().unwrap(), behind["part"].as_str().unwrap()))
        .collect();
    assert_eq!(parts.iter().filter(|(_, part)| *part == "DECIDES").count(), 1, "{why}");
    assert!(parts.contains(&(early, "DECIDES")), "{why}");
    assert_eq!(why["citations"][0]["source"]["slug"], "rferl-2026-01-06");
    let any_case =
        client.ask(r#"{ round(slug: "eu-ru-20") { why(field: STAGE_DATE, subject: "announced") { value } } }"#);
    assert_eq!(any_case["round"]["why"], json!([{ "value": "January 2026" }]));
    let none = client.ask(r#"{ round(slug: "eu-ru-20") { why(field: STAGE_DATE, subject: "ADOPTED") { value } } }"#);
    assert_eq!(none["round"]["why"], json!([]), "no record is said by an empty list");
}

#[test]
fn a_permalink_holds_after_more_is_recorded_and_in_no_other_store() {
    let client = Client::with_fixtures();
    let link = |document: &str, at: &str| client.ask(document).pointer(at).unwrap().as_str().unwrap().to_owned();
    let value = link(
        r#"{ round(slug: "eu-ru-20") { why(field: STAGE) { permalink } } }"#,
        "/round/why/0/permalink",
    );
    let then = link(
        r#"{ asOf(recorded: "60") { dossier(slug: "rferl-2026-01-06") { why(field: TITLE) { permalink } } } }"#,
        "/asOf/dossier/why/0/permalink",
    );
    let event = link("{ event(position: 7) { permalink } }", "/event/permalink");
    let stage = format!(
        r#"recordStage(input: {{ round: "eu-ru-20", stage: PROPOSED, reachedOn: "2026-01-20", evidence: {{ {NEWS} }} }})"#
    );
    record(&client, &stage);
    let asked = |client: &Client, link: &str| {
        let answer = client.ask(&format!(
            r#"{{ permalink(link: "{link}") {{ holds reason values {{ value }} event {{ position }} }} }}"#
        ));
        answer["permalink"].clone()
    };
    assert_eq!(
        asked(&client, &value)["values"],
        json!([{ "value": "IN_PREPARATION" }]),
        "as it was"
    );
    assert_eq!(asked(&client, &then)["holds"], true);
    let found = asked(&client, &format!("http://127.0.0.1:8417{event}"));
    assert_eq!(
        (&found["holds"], &found["event"]["position"]),
        (&json!(true), &json!(7))
    );
    for (link, reason) in [
        (
            value
                .replace("shows=", "shows=0")
                .get(..value.len())
                .unwrap()
                .to_owned(),
            "reads it otherwise",
        ),
        (value.replace("/STAGE?", "/STAGE/ADOPTED?"), "nothing is shown"),
        (event.replace("/7/", "/8/"), "another store"),
        (event.replace("/7/", "/99999/"), "the log ends at"),
    ] {
        let found = asked(&client, &link);
        assert_eq!(found["holds"], false, "{link}");
        assert!(found["reason"].as_str().unwrap().contains(reason), "{link}: {found}");
    }
    let message = client.refused(r#"{ permalink(link: "/somewhere") { holds } }"#);
    assert!(message.contains("`/somewhere` is no permalink"), "{message}");
    let other = Client::with_fixtures();
    assert_eq!(asked(&other, &value)["holds"], false, "salts differ");
    let supposed = client.ask(
        r#"{ whatIf(commands: [{ registerTopic: { slug: "t", label: "T" } }]) { then { dossier(slug: "t") { why(field: TITLE) { value permalink } } } } }"#,
    );
    assert_eq!(
        supposed["whatIf"]["then"]["dossier"]["why"],
        json!([{ "value": "T", "permalink": null }])
    );
}

#[test]
fn quantities_that_differ_in_case_have_links_of_their_own() {
    let client = Client::with_fixtures();
    let claim = format!(
        r#"recordClaim(input: {{ slug: "ships", title: "Ships", summary: "Ships.", claimedOn: "2026-01-06",
            quantities: [{{ what: "Vessels", value: 5 }}, {{ what: "vessels", value: 7 }}], evidence: {{ {NEWS} }} }})"#
    );
    record(&client, &claim);
    let of = |subject: &str| {
        let asked = format!(r#"{{ claim(slug: "ships") {{ why(field: QUANTITY{subject}) {{ value permalink }} }} }}"#);
        client.ask(&asked)["claim"]["why"].as_array().unwrap().clone()
    };
    let values = of("");
    assert_eq!(values.len(), 2);
    for value in &values {
        let link = value["permalink"].as_str().unwrap();
        let found = client.ask(&format!(
            r#"{{ permalink(link: "{link}") {{ holds reason values {{ value }} }} }}"#
        ));
        let own = json!({ "holds": true, "reason": null, "values": [{ "value": value["value"] }] });
        assert_eq!(found["permalink"], own, "{link}");
    }
    assert_eq!(of(r#", subject: "Vessels""#).len(), 1);
    assert_eq!(of(r#", subject: "VESSELS""#).len(), 2, "written like neither");
}

#[test]
fn of_a_partys_positions_the_last_decides() {
    let client = Client::with_fixtures();
    record(
        &client,
        r#"registerParty(input: { slug: "turkey", kind: STATE, name: "Turkey" })"#,
    );
    let take = |summary: &str, on: &str| {
        format!(
            r#"takePosition(input: {{ on: "territory", by: ["turkey"], summary: "{summary}", takenOn: "{on}", evidence: {{ {NEWS} }} }})"#
        )
    };
    let first = record(&client, &take("No talks.", "2025-01-06"));
    let last = record(&client, &take("Talks.", "2026-01-07"));
    let why = client.ask(r#"{ dossier(slug: "territory") { why(field: POSITION, subject: "turkey") { value behind { position part } } } }"#);
    let behind = json!([{ "position": first, "part": "OUTWEIGHED" }, { "position": last, "part": "DECIDES" }]);
    assert_eq!(why["dossier"]["why"], json!([{ "value": "Talks.", "behind": behind }]));
    let changed = "POSITION turkey: Talks. [7 January 2026] (before: No talks. [6 January 2025])";
    let told = "RECORD territory#position-2: Talks. [7 January 2026]";
    let both = |position| since(&client, position, "territory");
    assert_eq!(both(first), pairs(&[("BECAME_KNOWN", told), ("CHANGED", changed)]));
    let late = record(&client, &take("Told late.", "2025-01-01"));
    let told = "RECORD territory#position-3: Told late. [1 January 2025]";
    assert_eq!(both(late - 1), pairs(&[("BECAME_KNOWN", told)]));
}

#[test]
fn a_merged_dossier_has_the_title_of_the_first_though_that_was_corrected() {
    let client = Client::with_fixtures();
    let first = record(&client, &claim("one", r#"title: "One","#, ""));
    record(&client, &claim("two", r#"title: "Two","#, ""));
    record(&client, &claim("one", r#"title: "One, rightly","#, &corrects(first)));
    record(&client, r#"mergeDossiers(input: { dossier: "two", into: "one" })"#);
    let found = client.ask(r#"{ dossier(slug: "one") { title why(field: TITLE) { value } } }"#);
    assert_eq!(
        found["dossier"],
        json!({ "title": "One, rightly", "why": [{ "value": "One, rightly" }] })
    );
}

#[test]
fn who_says_another_mode_is_outweighed() {
    let client = Client::with_fixtures();
    let talks = format!(
        r#"holdMeeting(input: {{ slug: "talks-y", title: "Talks", heldOn: "2026-01-06", evidence: {{ {NEWS} }} }})"#
    );
    record(&client, &talks);
    let who = |mode: &str| {
        format!(
            r#"recordParticipation(input: {{ meeting: "talks-y", party: "ua", mode: {mode}, saidFor: "2026-01-06", evidence: {{ {NEWS} }} }})"#
        )
    };
    let (first, last) = (record(&client, &who("IN_PERSON")), record(&client, &who("ABSENT")));
    let why = client.ask(
        r#"{ dossier(slug: "talks-y") { why(field: ATTENDANCE, subject: "ua") { value behind { position part } } } }"#,
    );
    let behind = json!([{ "position": first, "part": "OUTWEIGHED" }, { "position": last, "part": "DECIDES" }]);
    assert_eq!(why["dossier"]["why"], json!([{ "value": "ABSENT", "behind": behind }]));
}
