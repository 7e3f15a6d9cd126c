//! Meetings: planned, held, reported.

use super::*;

#[test]
fn a_meeting_that_was_held_stays_held_whatever_was_planned_before() {
    let moved = with(
        "rescheduleMeeting",
        json!({ "slug": "m", "plannedFor": "2026-02-03", "announcedOn": "2026-01-20" }),
    );
    let views = given([scheduled(json!({})), held("2026-02-03", json!({})), moved]);
    assert_eq!((state(&views), flags(&views, "m")), ("Held".to_owned(), Vec::new()));
    let cancelled = with("cancelMeeting", json!({ "slug": "m", "announcedOn": "2026-02-04" }));
    let views = given([held("2026-02-03", json!({})), cancelled.clone()]);
    assert_eq!(
        (state(&views), flags(&views, "m")),
        ("Held".to_owned(), vec!["HeldAndCalledOff".to_owned()])
    );
    let views = given([scheduled(json!({})), cancelled.clone(), held("2026-02-03", json!({}))]);
    assert_eq!(
        (state(&views), flags(&views, "m")),
        ("Held".to_owned(), vec!["HeldAndCalledOff".to_owned()])
    );
    let late = with(
        "rescheduleMeeting",
        json!({ "slug": "m", "plannedFor": "2026-02-09", "announcedOn": "2026-01-02" }),
    );
    assert_eq!(
        state(&given([scheduled(json!({})), cancelled, late])),
        "Cancelled",
        "the move was announced before"
    );
}

#[test]
fn a_meetings_reports_stand_side_by_side() {
    let views = given([
        held("2026-02-03", json!({ "participants": [{ "party": "fr" }] })),
        held("2026-02-05", json!({ "title": "Renamed" })),
        held("2026-02", json!({})),
    ]);
    let meeting = views.meetings.get("m").unwrap();
    let dates: Vec<_> = meeting.reports.iter().map(|(_, r)| r.fact.held_on.edtf()).collect();
    assert_eq!(dates, [Some("2026-02-03"), Some("2026-02-05"), Some("2026-02")]);
    assert_eq!(flags(&views, "m"), ["RivalMeetingDates"]);
}

#[test]
fn nobody_is_present_at_what_was_only_planned_nor_by_the_plan_alone() {
    let present = |views: &Views| -> Vec<String> {
        let meeting = views.meetings.get("m").unwrap();
        meeting.present().map(|a| a.participant.party.to_string()).collect()
    };
    let comes = |party: &str| json!({ "party": party, "mode": "IN_PERSON" });
    let planned = || scheduled(json!({ "participants": [comes("us"), comes("ru")] }));
    let none: [&str; 0] = [];
    assert_eq!(present(&given([planned()])), none, "only planned");
    let off = with("cancelMeeting", json!({ "slug": "m", "announcedOn": "2026-02-01" }));
    assert_eq!(present(&given([planned(), off])), none, "called off");
    let came = json!({ "participants": [{ "party": "us", "mode": "IN_PERSON" }, { "party": "ua", "mode": "ABSENT" }, { "party": "fr" }] });
    let views = given([planned(), held("2026-02-03", came)]);
    assert_eq!(
        present(&views),
        ["us", "fr"],
        "the announcer did not come, by any report"
    );
}

#[test]
fn a_reason_goes_with_the_mode_that_it_was_given_for() {
    let ill = json!({ "party": "us", "mode": "ABSENT", "reason": "ill" });
    let told = |second: serde_json::Value| {
        let views = given([
            held("2026-02-03", json!({ "participants": [ill] })),
            held("2026-02-03", json!({ "summary": "More.", "participants": [second] })),
        ]);
        let who = &views.meetings.get("m").unwrap().attendance[0].participant;
        (
            who.mode.map(|mode| format!("{mode:?}")),
            who.reason.as_ref().map(ToString::to_string),
        )
    };
    let of = |mode: &str, reason: Option<&str>| (Some(mode.to_owned()), reason.map(str::to_owned));
    assert_eq!(
        told(json!({ "party": "us", "mode": "IN_PERSON" })),
        of("InPerson", None)
    );
    assert_eq!(
        told(json!({ "party": "us", "mode": "ABSENT" })),
        of("Absent", Some("ill"))
    );
    assert_eq!(
        told(json!({ "party": "us", "role": "host" })),
        of("Absent", Some("ill"))
    );
}

#[test]
fn the_history_of_a_meeting_says_when_it_was_announced() {
    let announced = scheduled(json!({ "announcedOn": "2026-01-20" }));
    let views = given([announced]);
    let moves = &views.meetings.get("m").unwrap().moves;
    let on: Vec<_> = moves
        .iter()
        .map(|m| m.announced_on.as_ref().map(|d| d.label()))
        .collect();
    assert_eq!(on, [Some("20 January 2026".to_owned())]);
}

#[test]
fn whoever_stays_away_from_what_is_called_off_is_absent_until_a_report_says_otherwise() {
    let modes = |views: &Views| -> Vec<(String, String)> {
        let meeting = views.meetings.get("m").unwrap();
        let all = meeting.attendance.iter();
        all.map(|a| (a.participant.party.to_string(), format!("{:?}", a.participant.mode)))
            .collect()
    };
    let says = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = pairs
            .iter()
            .map(|(party, mode)| ((*party).to_owned(), format!("Some({mode})")));
        owned.collect()
    };
    let invited = scheduled(
        json!({ "participants": [{ "party": "us", "mode": "INVITED" }, { "party": "fr", "mode": "INVITED" }] }),
    );
    let off = with(
        "postponeMeeting",
        json!({ "slug": "m", "announcedOn": "2026-02-01", "participants": [{ "party": "us", "mode": "ABSENT" }, { "party": "de", "mode": "IN_PERSON" }] }),
    );
    let views = given([invited.clone(), off.clone()]);
    assert_eq!(
        modes(&views),
        says(&[("us", "Absent"), ("fr", "Invited"), ("de", "InPerson")])
    );
    assert_eq!(views.meetings.get("m").unwrap().present().count(), 0, "it was not held");
    let came = held(
        "2026-02-09",
        json!({ "participants": [{ "party": "us", "mode": "IN_PERSON" }] }),
    );
    let views = given([invited, off, came]);
    assert_eq!(
        modes(&views),
        says(&[("us", "InPerson"), ("fr", "Invited"), ("de", "InPerson")])
    );
    let there: Vec<String> = views
        .meetings
        .get("m")
        .unwrap()
        .present()
        .map(|a| a.participant.party.to_string())
        .collect();
    assert_eq!(there, ["us"], "de was only to come to what was called off");
}
