//! Offices, issues, positions and commitments.

use super::*;

#[test]
fn an_office_told_twice_is_sure_where_one_record_makes_it_so() {
    let office = |title: &str, more: Value| {
        let mut input = json!({ "party": "ua", "title": title });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        with("recordOffice", input)
    };
    let views = given([
        office("Chief negotiator", json!({ "from": "2025-11-28" })),
        office("chief negotiator", json!({ "attestedOn": "2026-01-06" })),
        office("secretary", json!({ "from": "2025-07-18" })),
    ]);
    let on = |day: &str| -> Vec<String> {
        let held = views.parties.get("ua").unwrap().offices_on(day.parse().unwrap());
        held.into_iter()
            .map(|(told, sure)| format!("{} {sure:?}", told.fact.title))
            .collect()
    };
    assert_eq!(
        on("2026-01-06"),
        [
            "Chief negotiator Surely",
            "chief negotiator Surely",
            "secretary Possibly"
        ]
    );
    assert_eq!(on("2025-12-24"), ["Chief negotiator Possibly", "secretary Possibly"]);
}

#[test]
fn history_recorded_late_does_not_rewrite_commitments_and_issues() {
    let views = given([
        with(
            "recordCommitment",
            json!({ "slug": "c", "what": "Troops", "by": ["fr"], "status": "FULFILLED", "statusOn": "2026-03-01", "summary": "Done." }),
        ),
        with(
            "changeCommitment",
            json!({ "slug": "c", "status": "HOPED", "statusOn": "2025-01-01", "summary": "Hoped." }),
        ),
        with(
            "resolveIssue",
            json!({ "slug": "i", "changedOn": "2026-03-01", "summary": "Settled." }),
        ),
        with(
            "narrowIssue",
            json!({ "slug": "i", "changedOn": "2026-02-01", "summary": "Less." }),
        ),
    ]);
    assert_eq!(
        format!("{:?}", views.commitments.get("c").unwrap().status().0),
        "Fulfilled"
    );
    assert_eq!(format!("{:?}", views.issues.get("i").unwrap().state), "Resolved");
}

#[test]
fn a_position_is_unknown_until_it_is_taken() {
    let unknown = |on: &str| {
        with(
            "noteUnknownPosition",
            json!({ "issue": "i", "party": "us", "notedOn": on }),
        )
    };
    let taken = |on: &str| {
        with(
            "takePosition",
            json!({ "on": "i", "by": ["us"], "summary": "Ours.", "takenOn": on }),
        )
    };
    let named = |views: &Views| views.issues.unknown("i").len();
    assert_eq!(named(&given([unknown("2026-01-06"), unknown("2026-01-07")])), 1);
    assert_eq!(named(&given([unknown("2026-01-06"), taken("2026-01-08")])), 0);
    assert_eq!(
        named(&given([taken("2025-06-01"), unknown("2026-01-06")])),
        1,
        "of old it was known"
    );
}

#[test]
fn what_moves_a_dossier_concerns_whom_and_what_the_dossier_does() {
    let views = given([
        scheduled(json!({ "topics": ["sanctions"], "participants": [{ "party": "fr" }] })),
        with("cancelMeeting", json!({ "slug": "m" })),
    ]);
    let kinds = |filter: Filter| -> Vec<&str> {
        views
            .timeline
            .matching(&filter)
            .filter_map(|e| e.event().map(|e| e.kind()))
            .collect()
    };
    let both = ["meeting.scheduled", "meeting.cancelled"];
    let of = |text: &str| vec![rapporteur_domain::id::Slug::parse(text).unwrap()];
    assert_eq!(
        kinds(Filter {
            topics: of("sanctions"),
            ..Filter::default()
        }),
        both
    );
    assert_eq!(
        kinds(Filter {
            parties: of("fr"),
            dossiers: of("m"),
            ..Filter::default()
        }),
        both
    );
    let within = Some(Within::parse("2026-02").unwrap());
    let dossiers = of("m");
    assert_eq!(
        kinds(Filter {
            dossiers: dossiers.clone(),
            within,
            ..Filter::default()
        }),
        ["meeting.scheduled"]
    );
    assert_eq!(
        kinds(Filter {
            dossiers,
            within,
            undated: true,
            ..Filter::default()
        }),
        both
    );
}
