//! What changed between two moments, why a value is shown, and links that go on holding.

use crate::client::Client;
use serde_json::{Value, json};

const NEWS: &str = r#"citations: [{ source: "rferl-2026-01-06" }]"#;

/// Records a command of GraphQL, and gives its position.
fn record(client: &Client, command: &str) -> u64 {
    let answer = client.ask(&format!(
        "mutation {{ it: {command} {{ __typename ... on Recorded {{ position }} ... on Refused {{ refusals {{ message }} }} }} }}"
    ));
    assert_eq!(answer["it"]["__typename"], "Recorded", "{answer}");
    answer["it"]["position"].as_u64().unwrap()
}

/// The changes of a dossier since a position, as pairs of kind and summary.
fn since(client: &Client, position: u64, slug: &str) -> Vec<(String, String)> {
    let answer = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{position}" }}, where: {{ dossiers: ["{slug}"] }}) {{
            nodes {{ changes {{ nodes {{ kind summary }} }} }} }} }}"#
    ));
    let nodes = answer["changes"]["nodes"].as_array().unwrap().iter();
    let changes = nodes.flat_map(|node| node["changes"]["nodes"].as_array().unwrap());
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    changes
        .map(|change| (text(change, "kind"), text(change, "summary")))
        .collect()
}

fn head(client: &Client) -> u64 {
    client.ask("{ store { position } }")["store"]["position"]
        .as_u64()
        .unwrap()
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(kind, summary): &(&str, &str)| ((*kind).to_owned(), (*summary).to_owned());
    wanted.iter().map(owned).collect()
}

#[test]
fn a_stage_changes_its_round_and_what_was_expected_of_it() {
    let client = Client::with_fixtures();
    let before = head(&client);
    record(
        &client,
        &format!(
            r#"recordStage(input: {{ round: "eu-ru-20", stage: PROPOSED, reachedOn: "2026-01-20", evidence: {{ {NEWS} }} }})"#
        ),
    );
    let wanted = [
        (
            "CHANGED",
            "STAGE: PROPOSED [20 January 2026] (before: IN_PREPARATION [6 January 2026])",
        ),
        ("BECAME_KNOWN", "STAGE_DATE PROPOSED: 20 January 2026"),
    ];
    assert_eq!(since(&client, before, "eu-ru-20"), pairs(&wanted));
    let settled = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{before}" }}, where: {{ changes: [RESOLVED] }}) {{ totalCount nodes {{
            dossier {{ __typename }} isNew changes {{ nodes {{ field before {{ value }} after {{ value }} by {{ position }} }} }} }} }} }}"#
    ));
    assert_eq!(
        settled["changes"],
        json!({ "totalCount": 1, "nodes": [{ "dossier": { "__typename": "Claim" }, "isNew": false, "changes": { "nodes": [{
            "field": "OUTCOME", "before": [{ "value": "OPEN" }], "after": [{ "value": "MET" }],
            "by": [{ "position": before + 1 }] }] } }] })
    );
}

#[test]
fn a_second_source_confirms_and_a_rival_date_contradicts() {
    let client = Client::with_fixtures();
    let stage = |day: &str, source: &str| {
        format!(
            r#"recordStage(input: {{ round: "eu-ru-20", stage: PROPOSED, reachedOn: "{day}", evidence: {{ citations: [{{ source: "{source}" }}] }} }})"#
        )
    };
    record(
        &client,
        r#"registerSource(input: { slug: "other", title: "Other", publisher: "Other" })"#,
    );
    record(&client, &stage("2026-01-20", "rferl-2026-01-06"));
    let first = head(&client);
    record(&client, &stage("2026-01-20", "other"));
    let wanted = [
        ("CONFIRMED", "STAGE: PROPOSED [20 January 2026], said by more"),
        ("CONFIRMED", "STAGE_DATE PROPOSED: 20 January 2026, said by more"),
    ];
    assert_eq!(since(&client, first, "eu-ru-20"), pairs(&wanted));
    let second = head(&client);
    record(&client, &stage("2026-01-22", "other"));
    let found = since(&client, second, "eu-ru-20");
    let rival = "STAGE_DATE PROPOSED: 22 January 2026 (beside: 20 January 2026)";
    assert!(
        found.contains(&("BECAME_KNOWN".to_owned(), rival.to_owned())),
        "{found:#?}"
    );
    assert!(found.iter().any(|(kind, _)| kind == "CONTRADICTED"), "{found:#?}");
}

#[test]
fn a_source_that_is_published_later_confirms_what_was_public() {
    let client = Client::with_fixtures();
    for (slug, day) in [("first", "2026-01-08"), ("second", "2026-01-20")] {
        let source = format!(
            r#"registerSource(input: {{ slug: "{slug}", title: "{slug}", publisher: "{slug}", publishedOn: "{day}" }})"#
        );
        record(&client, &source);
    }
    record(
        &client,
        r#"recordClaim(input: { slug: "told-twice", title: "Told", summary: "Told.", claimedOn: "2026-01-07",
            evidence: { citations: [{ source: "first" }, { source: "second" }] } })"#,
    );
    let changes = |from: &str, to: &str| {
        let answer = client.ask(&format!(
            r#"{{ changes(from: {{ published: "{from}" }}, to: {{ published: "{to}" }}, where: {{ kinds: [CLAIM] }}) {{
                nodes {{ slug changes {{ nodes {{ kind field by {{ position }} after {{ citations {{ source {{ slug }} }} }} }} }} }} }} }}"#
        ));
        let nodes = answer["changes"]["nodes"].as_array().unwrap();
        let own = nodes.iter().find(|node| node["slug"] == "told-twice");
        own.map(|node| node["changes"]["nodes"].clone()).unwrap_or_default()
    };
    assert_eq!(changes("2026-01-08", "2026-01-19"), Value::Null);
    let confirmed = changes("2026-01-08", "2026-01-20");
    let record = confirmed
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["field"] == "RECORD");
    let both = json!([{ "source": { "slug": "first" } }, { "source": { "slug": "second" } }]);
    assert_eq!(record.unwrap()["kind"], "CONFIRMED");
    assert_eq!(record.unwrap()["after"][0]["citations"], both);
    assert_eq!(record.unwrap()["by"], json!([]), "no event made it");
}

#[test]
fn a_correction_is_one_and_a_retraction_takes_the_value_away() {
    let client = Client::with_fixtures();
    let claim = |summary: &str, corrects: &str| {
        format!(
            r#"recordClaim(input: {{ slug: "brigades", title: "Brigades", summary: "{summary}", claimedOn: "2026-01-06",
                evidence: {{ {NEWS} }}{corrects} }})"#
        )
    };
    let wrong = record(&client, &claim("Ten brigades.", ""));
    let right = record(
        &client,
        &claim(
            "Two brigades.",
            &format!(r#" corrects: {{ position: {wrong}, reason: "Misread." }}"#),
        ),
    );
    let wanted = "RECORD brigades: Two brigades. [6 January 2026] (before: Ten brigades. [6 January 2026])";
    assert_eq!(since(&client, wrong, "brigades"), pairs(&[("CORRECTED", wanted)]));
    let history = client.ask(r#"{ dossier(slug: "brigades") { history { nodes { changes { kind summary } } } } }"#);
    let steps = history["dossier"]["history"]["nodes"].as_array().unwrap().iter();
    let told: Vec<String> = steps
        .flat_map(|step| step["changes"].as_array().unwrap())
        .map(|change| {
            format!(
                "{} {}",
                change["kind"].as_str().unwrap(),
                change["summary"].as_str().unwrap()
            )
        })
        .collect();
    let corrected = ["CORRECTED brigades: Misread.".to_owned(), format!("CORRECTED {wanted}")];
    assert_eq!(told[told.len() - 2..], corrected, "{told:#?}");
    record(
        &client,
        &format!(r#"retractRecord(input: {{ dossier: "brigades", position: {right}, reason: "Never said." }})"#),
    );
    let gone = since(&client, right, "brigades");
    let kinds: Vec<&str> = gone.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["RETRACTED", "RETRACTED"], "{gone:#?}");
    let untouched = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{wrong}" }}, to: {{ recorded: "{wrong}" }}) {{ totalCount }} }}"#
    ));
    assert_eq!(untouched["changes"]["totalCount"], 0);
}

#[test]
fn a_meeting_that_is_moved_is_rescheduled_and_its_history_tells_each_step() {
    let client = Client::with_fixtures();
    let meeting = |command: &str, day: &str, more: &str| {
        format!(r#"{command}(input: {{ slug: "talks-x", plannedFor: "{day}", evidence: {{ {NEWS} }}{more} }})"#)
    };
    let first = record(&client, &meeting("scheduleMeeting", "2026-02-01", r#" title: "Talks""#));
    let second = record(&client, &meeting("rescheduleMeeting", "2026-02-08", ""));
    let changes = since(&client, first, "talks-x");
    let moved = "PLANNED_FOR: 8 February 2026 (before: 1 February 2026)";
    assert!(
        changes.contains(&("RESCHEDULED".to_owned(), moved.to_owned())),
        "{changes:#?}"
    );
    let history = client.ask(
        r#"{ dossier(slug: "talks-x") { history { totalCount nodes { position recorder event { kind }
            changes { kind field before { value } after { value } } } } } }"#,
    );
    let history = &history["dossier"]["history"];
    assert_eq!(history["totalCount"], 2);
    assert_eq!(history["nodes"][0]["position"], first);
    assert_eq!(history["nodes"][1]["position"], second);
    assert_eq!(history["nodes"][1]["event"]["kind"], "meeting.rescheduled");
    let of = |field: &str| {
        let changes = history["nodes"][1]["changes"].as_array().unwrap().iter();
        changes
            .filter(|change| change["field"] == field)
            .cloned()
            .collect::<Vec<Value>>()
    };
    let planned = json!([{ "kind": "RESCHEDULED", "field": "PLANNED_FOR", "before": [{ "value": "1 February 2026" }],
        "after": [{ "value": "8 February 2026" }] }]);
    assert_eq!(Value::from(of("PLANNED_FOR")), planned);
    assert_eq!(of("STATE")[0]["after"][0]["value"], "RESCHEDULED");
}

#[test]
fn moments_in_the_wrong_order_are_refused_with_what_to_do() {
    let client = Client::with_fixtures();
    for (from, to, wanted) in [
        (r#"{ recorded: "9" }"#, r#"{ recorded: "4" }"#, "swap them"),
        (
            r#"{ published: "2026-01-06" }"#,
            r#"{ published: "2026-01-05" }"#,
            "swap them",
        ),
        (
            r#"{ recorded: "4" }"#,
            r#"{ published: "2026-01-05" }"#,
            "leave it out of both",
        ),
        ("{ }", r#"{ recorded: "4" }"#, "give `recorded`, `published` or both"),
        (
            r#"{ published: "2026-01-04", match: POSSIBLY }"#,
            r#"{ published: "2026-01-05" }"#,
            "must be the same",
        ),
        (r#"{ recorded: "9999" }"#, r#"{ recorded: "9999" }"#, "the log ends at"),
        (r#"{ recorded: "9999" }"#, r#"{ recorded: "4" }"#, "the log ends at"),
        (
            r#"{ published: "2026-01-05" }"#,
            r#"{ recorded: "4" }"#,
            "give `recorded` to both",
        ),
    ] {
        let message = client.refused(&format!("{{ changes(from: {from}, to: {to}) {{ totalCount }} }}"));
        assert!(message.contains(wanted), "{from} {to}: {message}");
    }
}

#[test]
fn what_is_narrowed_is_a_part_of_the_whole() {
    let client = Client::with_everything();
    let kinds = |filter: &str| {
        let answer = client.ask(&format!(
            r#"{{ changes(from: {{ published: "2025-11-01" }}, to: {{ published: "2025-12-31" }}, where: {{ {filter} }}, first: 200) {{
                totalCount nodes {{ slug dossier {{ kind }} changes(first: 200) {{ nodes {{ kind field by {{ position }} }} }} }} }} }}"#
        ));
        answer["changes"]["nodes"].as_array().unwrap().clone()
    };
    let all = kinds("");
    assert!(all.len() > 50);
    let meetings = kinds("kinds: [MEETING]");
    assert!(!meetings.is_empty() && meetings.len() < all.len());
    assert!(meetings.iter().all(|node| node["dossier"]["kind"] == "MEETING"));
    let stated = kinds("fields: [STATE], changes: [BECAME_KNOWN]");
    let changes = stated
        .iter()
        .flat_map(|node| node["changes"]["nodes"].as_array().unwrap());
    assert!(changes.clone().count() > 5);
    assert!(
        changes
            .clone()
            .all(|change| change["field"] == "STATE" && change["kind"] == "BECAME_KNOWN")
    );
    let witkoff = kinds(r#"parties: ["steve-witkoff"]"#);
    assert!(!witkoff.is_empty() && witkoff.len() < all.len());
    let unknown = client
        .refused(r#"{ changes(from: { published: "2025-11-01" }, where: { parties: ["nobody"] }) { totalCount } }"#);
    assert!(unknown.contains("nobody"), "{unknown}");
}

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
fn a_rename_of_a_linked_record_and_a_link_taken_back_contradict_nothing() {
    let client = Client::with_fixtures();
    for slug in ["aa", "bb", "cc"] {
        let claim = format!(
            r#"recordClaim(input: {{ slug: "{slug}", title: "{slug}", summary: "Says {slug}.", claimedOn: "2026-01-06", evidence: {{ {NEWS} }} }})"#
        );
        record(&client, &claim);
    }
    let link = |from: &str, to: &str| {
        record(
            &client,
            &format!(r#"linkRecords(input: {{ from: "{from}", link: CONTRADICTS, to: "{to}" }})"#),
        )
    };
    let contradicted = |since: u64| {
        let asked = format!(
            r#"{{ changes(from: {{ recorded: "{since}" }}, where: {{ changes: [CONTRADICTED] }}) {{ totalCount }} }}"#
        );
        client.ask(&asked)["changes"]["totalCount"].as_u64().unwrap()
    };
    let before = head(&client);
    link("bb", "cc");
    let first = link("aa", "bb");
    assert_eq!(contradicted(before), 3);
    record(&client, r#"renameDossier(input: { dossier: "aa", slug: "zz" })"#);
    assert_eq!(contradicted(first), 0, "a rename");
    let renamed = head(&client);
    let retract = format!(r#"retractRecord(input: {{ dossier: "zz", position: {first}, reason: "No." }})"#);
    record(&client, &retract);
    assert_eq!(contradicted(renamed), 0, "what is left was known");
}

fn claim(slug: &str, title: &str, more: &str) -> String {
    format!(
        r#"recordClaim(input: {{ slug: "{slug}", {title} summary: "Ten tanks.", claimedOn: "2026-01-06", evidence: {{ {NEWS} }}{more} }})"#
    )
}

fn corrects(position: u64) -> String {
    format!(r#" corrects: {{ position: {position}, reason: "Misread." }}"#)
}

/// The changes since a position: kind, summary, and the positions of the events that made each.
fn made(client: &Client, since: u64, slug: &str) -> Vec<(String, String, Vec<u64>)> {
    let answer = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{since}" }}, where: {{ dossiers: ["{slug}"] }}) {{
            nodes {{ changes {{ nodes {{ kind summary by {{ position }} }} }} }} }} }}"#
    ));
    let nodes = answer["changes"]["nodes"].as_array().unwrap().iter();
    let changes = nodes.flat_map(|node| node["changes"]["nodes"].as_array().unwrap());
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    let by = |change: &Value| {
        let by = change["by"].as_array().unwrap().iter();
        by.map(|event| event["position"].as_u64().unwrap()).collect()
    };
    changes
        .map(|change| (text(change, "kind"), text(change, "summary"), by(change)))
        .collect()
}

#[test]
fn a_correction_that_only_cites_more_is_one() {
    let client = Client::with_fixtures();
    let wrong = record(&client, &claim("tanks", r#"title: "Tanks","#, ""));
    let other = r#"registerSource(input: { slug: "other", publisher: "Other", publishedOn: "2026-01-06" })"#;
    record(&client, other);
    let more = corrects(wrong);
    record(
        &client,
        &format!(
            r#"recordClaim(input: {{ slug: "tanks", title: "Tanks", summary: "Ten tanks.", claimedOn: "2026-01-06",
                evidence: {{ {} }}{more} }})"#,
            NEWS.replace("}]", "}, { source: \"other\" }]")
        ),
    );
    let kinds: Vec<String> = since(&client, wrong, "tanks")
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, ["CORRECTED", "CORRECTED"], "title and record");
}

#[test]
fn what_was_corrected_and_then_taken_back_is_retracted() {
    let client = Client::with_fixtures();
    let wrong = record(&client, &claim("tanks", r#"title: "Tanks","#, ""));
    let right = record(&client, &claim("tanks", r#"title: "Armour","#, &corrects(wrong)));
    let retract = format!(r#"retractRecord(input: {{ dossier: "tanks", position: {right}, reason: "No." }})"#);
    let retraction = record(&client, &retract);
    let found = made(&client, wrong, "tanks");
    let title = found.iter().find(|(_, summary, _)| summary.starts_with("TITLE"));
    let wanted = (
        "RETRACTED".to_owned(),
        "TITLE: none (before: Tanks)".to_owned(),
        vec![right - 1, retraction],
    );
    assert_eq!(title, Some(&wanted), "{found:#?}");
}

#[test]
fn a_value_that_goes_names_the_event_by_which_it_went() {
    let client = Client::with_fixtures();
    let noted = format!(
        r#"noteUnknownPosition(input: {{ issue: "territory", party: "turkey", notedOn: "2026-01-06", evidence: {{ {NEWS} }} }})"#
    );
    record(
        &client,
        r#"registerParty(input: { slug: "turkey", kind: STATE, name: "Turkey" })"#,
    );
    let noted = record(&client, &noted);
    let taken = format!(
        r#"takePosition(input: {{ on: "territory", by: ["turkey"], summary: "Talks.", takenOn: "2026-01-07", evidence: {{ {NEWS} }} }})"#
    );
    let taken = record(&client, &taken);
    let found = made(&client, noted, "territory");
    let gone = found.iter().find(|(kind, ..)| kind == "NO_LONGER_STANDS").unwrap();
    assert_eq!(
        (gone.1.as_str(), &gone.2),
        ("UNKNOWN_POSITION turkey: none (before: not known)", &vec![taken])
    );
}

#[test]
fn what_is_outweighed_makes_no_change() {
    let client = Client::with_fixtures();
    let commitment = |command: &str, status: &str, on: &str| {
        let what = if command == "recordCommitment" {
            r#"what: "Help", by: ["ua"],"#
        } else {
            ""
        };
        format!(
            r#"{command}(input: {{ slug: "help", {what} status: {status}, statusOn: "{on}", summary: "Help.", evidence: {{ {NEWS} }} }})"#
        )
    };
    let first = record(&client, &commitment("recordCommitment", "PLEDGED", "2025-03-01"));
    record(&client, &commitment("changeCommitment", "HOPED", "2025-02-01"));
    let last = record(&client, &commitment("changeCommitment", "WITHDRAWN", "2025-04-01"));
    let found = made(&client, first, "help");
    let status = found
        .iter()
        .find(|(_, summary, _)| summary.starts_with("STATUS"))
        .unwrap();
    assert_eq!(status.2, [last], "{found:#?}");
}

#[test]
fn a_claim_without_a_title_has_a_date_that_can_change() {
    let client = Client::with_fixtures();
    let wrong = record(&client, &claim("tanks", "", ""));
    let right =
        claim("tanks", "", &corrects(wrong)).replace(r#"claimedOn: "2026-01-06""#, r#"claimedOn: "2026-01-07""#);
    record(&client, &right);
    let wanted = "TITLE: Ten tanks. [7 January 2026] (before: Ten tanks. [6 January 2026])";
    let found = since(&client, wrong, "tanks");
    assert!(
        found.contains(&("CORRECTED".to_owned(), wanted.to_owned())),
        "{found:#?}"
    );
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
fn who_comes_in_is_told_where_the_words_are_the_same() {
    let client = Client::with_fixtures();
    let stage = |by: &str| {
        format!(
            r#"recordStage(input: {{ round: "eu-ru-20", stage: PROPOSED, reachedOn: "2026-01-20", by: [{by}], evidence: {{ {NEWS} }} }})"#
        )
    };
    let first = record(&client, &stage(r#""ua""#));
    record(&client, &stage(r#""us""#));
    let found = since(&client, first, "eu-ru-20");
    let wanted = "STAGE_DATE PROPOSED: 20 January 2026 (us) (beside: 20 January 2026 (ua))";
    assert!(
        found.contains(&("BECAME_KNOWN".to_owned(), wanted.to_owned())),
        "{found:#?}"
    );
}

#[test]
fn nothing_is_shown_of_a_dossier_whose_opening_was_redacted_until_it_is_filled() {
    let client = Client::with_fixtures();
    let issue = |more: &str| {
        format!(
            r#"openIssue(input: {{ slug: "gi", title: "Issue", summary: "Open.", openOn: "2026-01-05", evidence: {{ {NEWS} }}{more} }})"#
        )
    };
    let opened = record(&client, &issue(""));
    let narrowed = format!(
        r#"narrowIssue(input: {{ slug: "gi", changedOn: "2026-01-06", summary: "Narrowed.", evidence: {{ {NEWS} }} }})"#
    );
    record(&client, &narrowed);
    let redaction = record(
        &client,
        &format!(r#"redactRecord(input: {{ dossier: "gi", position: {opened}, reason: "It has to go." }})"#),
    );
    let shown = |to: u64| {
        client.ask(&format!(
            r#"{{ changes(from: {{ recorded: "{}" }}, to: {{ recorded: "{to}" }}, where: {{ fields: [RECORD, STATE] }}) {{ totalCount }} }}"#,
            opened - 1
        ))["changes"]["totalCount"].clone()
    };
    assert_eq!(shown(redaction), 0);
    let filled = record(&client, &issue(&corrects(opened)));
    assert_eq!(shown(filled), 1);
    let answer = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{redaction}" }}) {{ nodes {{ slug isNew changes {{ nodes {{ kind field by {{ position }} }} }} }} }} }}"#
    ));
    let own = answer["changes"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|node| node["slug"] == "gi")
        .unwrap();
    assert_eq!(own["isNew"], true);
    let changes = own["changes"]["nodes"].as_array().unwrap();
    assert_eq!(
        changes.iter().filter(|change| change["field"] == "RECORD").count(),
        2,
        "{changes:#?}"
    );
    assert!(
        changes
            .iter()
            .all(|change| !change["by"].as_array().unwrap().is_empty()),
        "{changes:#?}"
    );
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

/// What `changes` says of a dossier event by event, and what its history says.
#[test]
fn histories_tell_what_stands_in_another_place_and_what_was_moved_away() {
    let client = Client::with_fixtures();
    let start = head(&client);
    for command in [
        claim("z1", "", ""),
        claim("z2", "", ""),
        claim("z3", "", ""),
        r#"linkRecords(input: { from: "z1", link: CONTRADICTS, to: "z2" })"#.to_owned(),
        format!(
            r#"linkRecords(input: {{ from: "z1", link: CONTRADICTS, to: "z3"{} }})"#,
            corrects(start + 4)
        ),
        r#"openPlan(input: { slug: "pa", kind: PLAN, title: "A" })"#.to_owned(),
        r#"openPlan(input: { slug: "pb", kind: PLAN, title: "B" })"#.to_owned(),
        format!(
            r#"recordPlanVersion(input: {{ plan: "pa", version: "1", status: DRAFT, datedOn: "2026-01", summary: "Text.", evidence: {{ {NEWS} }} }})"#
        ),
        r#"moveRecords(input: { from: "pa", into: "pb", records: ["pa/1"], reason: "Of that one." })"#.to_owned(),
        r#"registerSource(input: { slug: "late", publisher: "Late", publishedOn: "2026-01-05" })"#.to_owned(),
    ] {
        record(&client, &command);
    }
    let cites_late = claim("z2", "", &corrects(start + 2)).replace(NEWS, r#"citations: [{ source: "late" }]"#);
    record(&client, &cites_late);
    record(
        &client,
        r#"retitleDossier(input: { dossier: "late", title: "Late wire" })"#,
    );
    for slug in ["z1", "z3", "pa", "pb", "late"] {
        let mut told = Vec::new();
        for at in start + 1..=head(&client) {
            let answer = client.ask(&format!(
                r#"{{ changes(from: {{ recorded: "{}" }}, to: {{ recorded: "{at}" }}) {{
                    nodes {{ slug changes {{ nodes {{ kind summary }} }} }} }} }}"#,
                at - 1
            ));
            let nodes = answer["changes"]["nodes"].as_array().unwrap().iter();
            let own = nodes.filter(|node| node["slug"] == slug);
            told.extend(own.flat_map(|node| node["changes"]["nodes"].as_array().unwrap().clone()));
        }
        let history = client.ask(&format!(
            r#"{{ dossier(slug: "{slug}") {{ history {{ nodes {{ changes {{ kind summary }} }} }} }} }}"#
        ));
        let steps = history["dossier"]["history"]["nodes"].as_array().unwrap().iter();
        let steps: Vec<Value> = steps
            .flat_map(|step| step["changes"].as_array().unwrap().clone())
            .collect();
        assert_eq!(steps, told, "{slug}");
        assert!(!steps.is_empty());
    }
}
