//! What changes and histories tell of corrections, retractions, redactions and moves.

use crate::client::Client;
use crate::recording::{NEWS, claim, corrects, head, made, pairs, record, since};
use serde_json::{Value, json};

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
fn what_is_shown_at_neither_moment_is_not_new() {
    let client = Client::with_fixtures();
    let before = head(&client);
    let opened = record(&client, &claim("tanks", r#"title: "Tanks","#, ""));
    record(
        &client,
        &format!(r#"retractRecord(input: {{ dossier: "tanks", position: {opened}, reason: "Never said." }})"#),
    );
    let answer = client.ask(&format!(
        r#"{{ changes(from: {{ recorded: "{before}" }}) {{ nodes {{ slug isNew }} }} }}"#
    ));
    assert_eq!(answer["changes"]["nodes"], json!([{ "slug": "tanks", "isNew": false }]));
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
