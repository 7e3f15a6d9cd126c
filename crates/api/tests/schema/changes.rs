//! What changed between two moments.

use crate::client::Client;
use crate::recording::{NEWS, claim, head, made, pairs, record, since};
use serde_json::{Value, json};

#[test]
fn what_is_recorded_in_a_lead_or_links_one_is_never_public() {
    let client = Client::with_fixtures();
    let lead = record(
        &client,
        r#"captureLead(input: { slug: "tip", text: "Said in confidence." })"#,
    );
    record(&client, &claim("tanks", r#"title: "Tanks","#, ""));
    let ends = [("tip", "tanks"), ("tanks", "tip")];
    for (from, to) in ends {
        let link = format!(
            r#"linkRecords(input: {{ from: "{from}", to: "{to}", link: CONTRADICTS, evidence: {{ {NEWS} }} }})"#
        );
        record(&client, &link);
    }
    let answer = client.ask(&format!(
        r#"{{ asOf(published: "2026-11-01") {{ dossier(slug: "tip") {{ title }} leads(first: 4) {{ nodes {{ title }} }}
            search(text: "confidence") {{ totalCount }} contradictions(first: 50) {{ nodes {{ about {{ ref }} }} }} }}
            entry(position: {lead}) {{ publicSince {{ ground }} }}
            changes(from: {{ published: "2025-01-01" }}, to: {{ published: "2026-11-01" }}) {{ nodes {{ slug }} }} }}"#
    ));
    let then = &answer["asOf"];
    assert_eq!(then["dossier"], Value::Null);
    assert_eq!(then["leads"]["nodes"], json!([]));
    assert_eq!(then["search"]["totalCount"], 0);
    assert!(!then["contradictions"].to_string().contains("tip"), "{then}");
    assert_eq!(answer["entry"]["publicSince"]["ground"], "DESK");
    assert!(!answer["changes"].to_string().contains("tip"), "{answer}");
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
