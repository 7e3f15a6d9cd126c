//! Claims, expectations and doubted dates.

use super::*;
use rapporteur_views::expectations::ExpectationState::{Met, Missed, Open};

#[test]
fn what_is_only_expected_contradicts_nothing_and_replaces_nothing() {
    let says = |mode: &str, hedge: Value| {
        let evidence = json!({ "citations": [{ "source": "wire" }], "hedge": hedge });
        json!({ "recordParticipation": { "meeting": "m", "party": "us", "mode": mode, "saidFor": "2026-02-03", "evidence": evidence } })
    };
    let views = given([
        held("2026-02-03", json!({})),
        says("IN_PERSON", Value::Null),
        says("ABSENT", json!("EXPECTED")),
    ]);
    let mode = views.meetings.get("m").unwrap().attendance[0].participant.mode;
    assert_eq!(
        (format!("{mode:?}"), flags(&views, "m")),
        ("Some(InPerson)".to_owned(), Vec::new())
    );
    let views = given([
        held("2026-02-03", json!({})),
        says("IN_PERSON", Value::Null),
        says("ABSENT", Value::Null),
    ]);
    assert_eq!(flags(&views, "m"), ["RivalAttendance"]);
}

#[test]
fn nothing_about_a_doubted_date_is_sure() {
    let office = |more: Value| {
        let mut input = json!({ "party": "us", "title": "Envoy" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let views = given([with("recordOffice", input)]);
        let day = "2025-05-16".parse().unwrap();
        let held: Vec<String> = views
            .parties
            .get("us")
            .unwrap()
            .offices_on(day)
            .iter()
            .map(|(_, c)| format!("{c:?}"))
            .collect();
        held.join(",")
    };
    assert_eq!(office(json!({ "from": "2020-01-01", "until": "2030-01-01" })), "Surely");
    assert_eq!(
        office(json!({ "from": "2020-01-01?", "until": "2030-01-01?" })),
        "Possibly"
    );
    assert_eq!(office(json!({ "from": "2020-01-01" })), "Possibly");
    assert_eq!(office(json!({ "from": "2025-06" })), "");
    assert_eq!(office(json!({ "until": "2025-05-15" })), "");
    assert_eq!(office(json!({ "attestedOn": "{2025-05-15..2025-05-17}" })), "Surely");
    assert_eq!(office(json!({ "attestedOn": "[2025-05-15..2025-05-17]" })), "Possibly");
    assert_eq!(office(json!({ "attestedOn": "2025-05-15/2025-05-17" })), "Surely");
    assert_eq!(office(json!({ "attestedOn": "2025-05-16~" })), "Possibly");
}

#[test]
fn an_expectation_is_settled_by_sure_dates_only() {
    let became = |window: &str, reached: &str| {
        let views = given([
            with(
                "recordExpectation",
                json!({ "slug": "e", "summary": "Soon.", "of": "r", "stage": "PROPOSED", "expectedIn": window, "claimedOn": "2026-01-01" }),
            ),
            stage("PROPOSED", json!(reached), json!({})),
        ]);
        match views.claims.get("e").unwrap() {
            Claim::Expected(told) => {
                let settled = settled(&views, &told.fact);
                (settled.state, settled.slip.and_then(|slip| slip.least))
            }
            Claim::Asserted(_) => panic!("an expectation was recorded"),
        }
    };
    assert_eq!(became("2026-01", "2026-01-20"), (Met, Some(0)));
    assert_eq!(became("2026-01", "2026-01-20?"), (Open, None));
    assert_eq!(became("2026-01", "2026-02-20"), (Missed, Some(20)));
    assert_eq!(became("2026-01?", "2026-02-20"), (Open, None));
    assert_eq!(became("2026-01", "[2026-01-20,2026-02-20]"), (Open, Some(0)));
}

#[test]
fn a_weekday_is_compared_with_every_date_of_an_event() {
    let monday = json!({ "edtf": "2026-02-02", "phrase": "on Friday" });
    let moved = with(
        "rescheduleMeeting",
        json!({ "slug": "m", "plannedFor": monday, "announcedOn": "2026-01-20" }),
    );
    assert_eq!(flags(&given([scheduled(json!({})), moved]), "m"), ["WeekdayMismatch"]);
}
