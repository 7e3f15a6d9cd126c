//! Questions the desk asks in the present tense; what the facts say is worked out here from the raw files.

use crate::client::{Client, raw};
use chrono::{Days, Months, NaiveDate};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The first and the last day that simple EDTF allows, and whether it is doubted: days and months, alone or in a set.
pub(crate) fn hull(edtf: &str) -> (NaiveDate, NaiveDate, bool) {
    let members = edtf
        .split(|c: char| !c.is_ascii_digit() && c != '-')
        .filter(|member| !member.is_empty());
    let days = members.map(|member| {
        if member.len() == 10 {
            return (member.parse().unwrap(), member.parse().unwrap());
        }
        assert_eq!(member.len(), 7, "{edtf}");
        let first: NaiveDate = format!("{member}-01").parse().unwrap();
        (first, first + Months::new(1) - Days::new(1))
    });
    let days: Vec<(NaiveDate, NaiveDate)> = days.collect();
    let (first, last) = (
        days.iter().map(|d| d.0).min().unwrap(),
        days.iter().map(|d| d.1).max().unwrap(),
    );
    (first, last, edtf.contains('?'))
}

/// A month narrowed to its early, mid or late days.
pub(crate) fn qualified(
    (first, last, doubted): (NaiveDate, NaiveDate, bool),
    qualifier: &Value,
) -> (NaiveDate, NaiveDate, bool) {
    match qualifier.as_str() {
        None => (first, last, doubted),
        Some("early") => (first, first + Days::new(9), doubted),
        Some("mid") => (first + Days::new(10), first + Days::new(19), doubted),
        Some(other) => {
            assert_eq!(other, "late");
            (first + Days::new(20), last, doubted)
        }
    }
}

/// Days from proposal to adoption of a raw package.
fn days(package: &Value) -> Option<(i64, i64, bool)> {
    let of = |stage: &str| -> Vec<(NaiveDate, NaiveDate, bool)> {
        let stages = package["stages"].as_array().unwrap().iter();
        let verified = stages.filter(|s| s["stage"] == stage && s["source"] != "unverified");
        verified
            .map(|s| qualified(hull(s["edtf"].as_str().unwrap()), &s["qualifier"]))
            .collect()
    };
    let (from, to) = (of("proposed"), of("adopted"));
    let least = to.iter().map(|d| d.0).min()? - from.iter().map(|d| d.1).max()?;
    let most = to.iter().map(|d| d.1).max()? - from.iter().map(|d| d.0).min()?;
    let doubted = from.iter().chain(&to).any(|d| d.2);
    Some((least.num_days(), most.num_days(), doubted))
}

#[test]
fn days_from_proposal_to_adoption_and_their_rank_are_those_of_the_raw_stages() {
    let client = Client::with_everything();
    let answer = client.ask(
        r#"{ rounds(where: { senders: ["eu"] }, first: 200) { nodes { slug days(from: PROPOSED, to: ADOPTED) { least most doubted }
            rank(from: PROPOSED, to: ADOPTED) { place bestPlace worstPlace of median { least most } leftOut { slug } } } } }"#,
    );
    let rounds = answer["rounds"]["nodes"].as_array().unwrap();
    let file = raw("eu-rounds-1-18.json");
    let packages = file["packages"].as_array().unwrap();
    let round = |slug: &Value| rounds.iter().find(|r| r["slug"] == *slug).unwrap();
    let mut told = Vec::new();
    for package in packages {
        let found = &round(&package["id"])["days"];
        let expected =
            days(package).map(|(least, most, doubted)| json!({"least": least, "most": most, "doubted": doubted}));
        assert_eq!(*found, json!(expected), "{}", package["id"]);
    }
    // What the year 2025 adds to the rounds is in `days` of the rounds that the raw file of rounds does not have.
    for found in rounds {
        let days = &found["days"];
        if let (Some(least), Some(most), Some(false)) =
            (days["least"].as_i64(), days["most"].as_i64(), days["doubted"].as_bool())
        {
            told.push((found["slug"].as_str().unwrap(), least, most));
        }
    }
    assert!(told.len() > 8, "{told:?}");
    let middle = |mut days: Vec<i64>| {
        days.sort_unstable();
        let half = days.len() / 2;
        let upper = days[half] as f64;
        if days.len() % 2 == 1 {
            upper
        } else {
            (days[half - 1] as f64 + upper) / 2.0
        }
    };
    for (slug, least, most) in &told {
        let rank = &round(&json!(slug))["rank"];
        let others = || told.iter().filter(|other| other.0 != *slug);
        let best = 1 + others().filter(|other| other.2 < *least).count();
        let worst = 1 + others().filter(|other| other.1 < *most).count();
        assert_eq!(
            (&rank["bestPlace"], &rank["worstPlace"]),
            (&json!(best), &json!(worst)),
            "{slug}"
        );
        assert_eq!(
            rank["place"],
            if best == worst { json!(best) } else { Value::Null },
            "{slug}"
        );
        assert_eq!(rank["of"], told.len());
        let median = (
            middle(told.iter().map(|d| d.1).collect()),
            middle(told.iter().map(|d| d.2).collect()),
        );
        assert_eq!(rank["median"], json!({"least": median.0, "most": median.1}));
    }
    let unproposed = round(&json!("eu-ru-15"));
    assert_eq!(unproposed["days"], Value::Null, "no proposal of it is recorded");
    assert_eq!(
        (&unproposed["rank"]["place"], &unproposed["rank"]["bestPlace"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn who_held_up_which_round_why_and_what_lifted_it() {
    let client = Client::with_everything();
    let answer = client.ask(
        r#"{ rounds(where: { heldUpBy: "sk" }) { totalCount nodes { slug path(stages: [BLOCKED, RESERVED]) {
            stage by { slug } reason reachedOn { edtf } liftedBy { stage reachedOn { edtf } by { slug } } } } } }"#,
    );
    let found: Vec<&str> = answer["rounds"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["slug"].as_str().unwrap())
        .collect();
    assert_eq!(found, ["eu-ru-18", "eu-ru-19"]);
    let file = raw("eu-rounds-1-18.json");
    let eighteenth = file["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["id"] == "eu-ru-18")
        .unwrap();
    let stages = eighteenth["stages"].as_array().unwrap();
    let blocked: BTreeSet<&str> = stages
        .iter()
        .filter(|s| s["stage"] == "blocked")
        .map(|s| s["edtf"].as_str().unwrap())
        .collect();
    let lifted = stages.iter().find(|s| s["stage"] == "veto_lifted").unwrap();
    let path = answer["rounds"]["nodes"][0]["path"].as_array().unwrap();
    let shown: BTreeSet<&str> = path.iter().map(|s| s["reachedOn"]["edtf"].as_str().unwrap()).collect();
    assert_eq!(shown, blocked);
    for stage in path {
        assert_eq!(stage["stage"], "BLOCKED");
        assert_eq!(stage["liftedBy"].as_array().unwrap().len(), 1, "{stage}");
        assert_eq!(stage["liftedBy"][0]["reachedOn"]["edtf"], lifted["edtf"]);
    }
    let year = raw("diplomacy-2025.json");
    let mut events = year["events"].as_array().unwrap().iter();
    let lifting = events
        .find(|e| e["id"] == "2025-10-22-eu19-slovakia-lifts-veto")
        .unwrap();
    let nineteenth = &answer["rounds"]["nodes"][1]["path"][0];
    assert_eq!(nineteenth["liftedBy"][0]["reachedOn"]["edtf"], lifting["date"]);
    let others = client.ask(
        r#"{ rounds(where: { heldUpBy: "hu" }) { nodes { slug path(stages: [BLOCKED]) { liftedBy { stage } } } } }"#,
    );
    let nodes = others["rounds"]["nodes"].as_array().unwrap();
    let slugs: Vec<&str> = nodes.iter().map(|r| r["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["eu-ru-06", "eu-ru-11", "eu-ru-13", "eu-ru-18"]);
    let eleventh = nodes[1]["path"].as_array().unwrap();
    assert!(
        !eleventh.is_empty() && eleventh.iter().all(|block| block["liftedBy"] == json!([])),
        "no record of what lifted it: {eleventh:?}"
    );
}

/// The raw events of these kinds at which somebody of each of these countries is said to be there.
fn raw_meetings(countries: &[&str], ways: &[&str]) -> BTreeSet<String> {
    let file = raw("diplomacy-2025.json");
    let events = file["events"].as_array().unwrap().iter();
    let held = events.filter(|e| e["kind"] == "meeting_held" || e["kind"] == "call_held");
    let there = |event: &Value, country: &str| {
        event["participants"].as_array().is_some_and(|all| {
            all.iter()
                .any(|p| p["party"] == country && p["mode"].as_str().is_none_or(|mode| ways.contains(&mode)))
        })
    };
    held.filter(|e| countries.iter().all(|country| there(e, country)))
        .map(|e| format!("diplomacy-2025/{}", e["id"].as_str().unwrap()))
        .collect()
}

/// The keys of the commands behind the meetings that pass a filter, meeting by meeting.
fn keys(client: &Client, filter: &str) -> Vec<BTreeSet<String>> {
    let answer = client.ask(&format!(
        "{{ meetings(where: {{ {filter} }}, first: 200) {{ totalCount nodes {{ entries(first: 200) {{ nodes {{ event {{ idempotencyKey }} }} }} }} }} \
         summary: meetingSummary(where: {{ {filter} }}) {{ count }} }}"
    ));
    let nodes = answer["meetings"]["nodes"].as_array().unwrap();
    assert_eq!(answer["meetings"]["totalCount"], nodes.len());
    assert_eq!(answer["summary"]["count"], nodes.len());
    let keys = nodes.iter().map(|m| {
        let entries = m["entries"]["nodes"].as_array().unwrap().iter();
        entries
            .filter_map(|e| e["event"]["idempotencyKey"].as_str().map(str::to_owned))
            .collect()
    });
    keys.collect()
}

#[test]
fn meetings_with_two_parties_are_those_where_both_were() {
    let client = Client::with_everything();
    let whatever = ["in_person", "online", "phone", "unknown"];
    for (pair, filter, ways) in [
        (
            ["UA", "US"],
            r#"parties: ["ua", "us"], onBehalf: true, within: "2025""#,
            &whatever[..],
        ),
        (
            ["RU", "US"],
            r#"parties: ["ru", "us"], onBehalf: true, within: "2025""#,
            &whatever[..],
        ),
        (
            ["RU", "US"],
            r#"parties: ["ru", "us"], onBehalf: true, modes: [IN_PERSON], states: [HELD], within: "2025""#,
            &["in_person"],
        ),
    ] {
        let expected = raw_meetings(&pair, ways);
        assert!(expected.len() > 3, "{expected:?}");
        let found = keys(&client, filter);
        for key in &expected {
            assert!(
                found.iter().any(|meeting| meeting.contains(key)),
                "{filter}: {key} is missing"
            );
        }
        for meeting in &found {
            assert!(
                meeting.iter().any(|key| expected.contains(key)),
                "{filter}: {meeting:?} is too much"
            );
        }
    }
    let absent = keys(&client, r#"parties: ["ua"], country: "SA", within: "2025-02""#);
    assert!(absent.is_empty(), "Ukraine was absent in Riyadh: {absent:?}");
}

#[test]
fn what_was_held_in_a_country_and_which_was_the_first() {
    let client = Client::with_everything();
    let answer = client.ask(
        r#"{ meetings(where: { country: "TR", states: [HELD] }) { nodes { heldOn { edtf } number } }
            meetingSummary(where: { country: "TR", states: [HELD] }) { count earliest latest first { slug heldOn { edtf } } last { heldOn { edtf } } }
            none: meetingSummary(where: { country: "TR", states: [HELD], within: "1999" }) { count earliest first { slug } } }"#,
    );
    let file = raw("diplomacy-2025.json");
    let held = file["events"].as_array().unwrap().iter();
    let held = held.filter(|e| e["kind"] == "meeting_held" && e["place"]["country"] == "TR");
    let days: BTreeSet<&str> = held.map(|e| e["date"].as_str().unwrap()).collect();
    assert_eq!(days.len(), 3);
    let found: BTreeSet<&str> = answer["meetings"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["heldOn"]["edtf"].as_str().unwrap())
        .collect();
    assert_eq!(found, days);
    let summary = &answer["meetingSummary"];
    assert_eq!(
        (&summary["count"], &summary["earliest"], &summary["latest"]),
        (&json!(3), &json!(days.first()), &json!(days.last()))
    );
    assert_eq!(summary["first"].as_array().unwrap().len(), 1);
    assert_eq!(summary["first"][0]["heldOn"]["edtf"], json!(days.first()));
    assert_eq!(summary["last"][0]["heldOn"]["edtf"], json!(days.last()));
    assert_eq!(answer["none"], json!({"count": 0, "earliest": null, "first": []}));
}

#[test]
fn a_filter_that_asks_without_what_it_goes_with_is_refused() {
    let client = Client::with_fixtures();
    for (filter, message) in [
        (
            "modes: [IN_PERSON]",
            "where.modes: goes with `parties`; give that too, or leave it out",
        ),
        (
            "onBehalf: true",
            "where.onBehalf: goes with `parties`; give that too, or leave it out",
        ),
        (
            "match: SURELY",
            "where.match: goes with `within`; give that too, or leave it out",
        ),
        (r#"parties: ["nobody"]"#, "where.parties: no party `nobody` is recorded"),
    ] {
        for field in ["meetings", "meetingSummary"] {
            let inner = if field == "meetings" { "totalCount" } else { "count" };
            assert_eq!(
                client.refused(&format!("{{ {field}(where: {{ {filter} }}) {{ {inner} }} }}")),
                message
            );
        }
    }
    assert!(
        client
            .refused(r#"{ meetings(where: { country: "UK" }) { totalCount } }"#)
            .starts_with("where.country: ")
    );
}
