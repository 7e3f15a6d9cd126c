//! What is odd and kept: one test or more for each flag.

use crate::dsl::*;
use rapporteur_domain::shape::set_of;
use rapporteur_views::flags::FlagRule;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TESTS: &[fn()] = &[
    a_round_adopted_with_no_proposal_recorded,
    a_round_agreed_without_a_body,
    rival_dates_for_one_stage,
    a_net_total_that_does_not_add_up,
    a_round_published_before_it_was_adopted,
    a_weekday_that_does_not_match_the_date,
    a_claim_whose_only_citation_is_anonymous,
    a_citation_without_a_date,
    somebody_said_to_be_there_and_absent,
    a_meeting_held_on_two_days,
    a_meeting_held_and_called_off,
];

#[test]
fn every_flag_is_met_by_a_test() {
    let all: BTreeSet<String> = set_of::<FlagRule>()
        .values
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    assert_eq!(met_by(TESTS), all);
}

fn round(slug: &str) -> Value {
    json!({ "openRound": { "slug": slug, "title": "A package", "senders": ["eu"], "target": "ru" } })
}
fn stage(round: &str, stage: &str, on: &str, more: Value) -> Value {
    let told = json!({ "recordStage": { "round": round, "stage": stage, "reachedOn": on, "evidence": cited() } });
    with(told, more)
}
/// Two rounds of the EU, the first of which was proposed.
fn rounds() -> Given {
    let first = stage("eu-ru-19", "PROPOSED", "2025-09-19", json!({}));
    given([
        source(),
        party("eu"),
        party("ru"),
        round("eu-ru-19"),
        round("eu-ru-20"),
        first,
    ])
}

#[test]
fn a_round_adopted_with_no_proposal_recorded() {
    rounds()
        .when(stage("eu-ru-20", "ADOPTED", "2026-02-23", json!({})))
        .then_flagged(FlagRule::AdoptedWithoutProposal, "adopted, with no proposal recorded")
        .still_after(stage("eu-ru-20", "PUBLISHED", "2026-02-24", json!({})))
        .until(stage("eu-ru-20", "PROPOSED", "2026-02-06", json!({})));
}

#[test]
fn a_round_agreed_without_a_body() {
    let agreed = |on: &str, more: Value| stage("eu-ru-20", "AGREED", on, more);
    let by = |body: &str| json!({ "body": body });
    rounds()
        .when(agreed("2026-02-20", json!({})))
        .then_flagged(
            FlagRule::AgreedWithoutBody,
            "agreed, and the source does not say by which body",
        )
        .still_after(agreed("2026-01-30", by("European Council")))
        .until(agreed("2026-02-20", by("Coreper")));
    rounds()
        .and([agreed("2026-02-20", by("Coreper"))])
        .when(agreed("2026-02-20", json!({})))
        .then_not_flagged();
}

#[test]
fn rival_dates_for_one_stage() {
    let adopted = |on: &str| stage("eu-ru-19", "ADOPTED", on, json!({}));
    let desk = rounds().and([adopted("2025-10-23")]);
    desk.when(adopted("2025-10")).then_not_flagged();
    desk.when(adopted("2025-10-22"))
        .then_flagged(
            FlagRule::RivalStageDates,
            "adopted on 22 October 2025 here, on 23 October 2025 elsewhere",
        )
        .still_after(stage("eu-ru-19", "PUBLISHED", "2025-10-23", json!({})));
}

#[test]
fn a_net_total_that_does_not_add_up() {
    let vessels = |round: &str, basis: &str, value: u32| {
        json!({ "recordCount": { "round": round, "of": "vessels", "basis": basis,
            "quantity": { "what": "vessels", "value": value }, "evidence": cited() } })
    };
    rounds()
        .and([
            stage("eu-ru-19", "ADOPTED", "2025-10-23", json!({})),
            stage("eu-ru-20", "PROPOSED", "2026-02-06", json!({})),
            stage("eu-ru-20", "ADOPTED", "2026-02-23", json!({})),
            vessels("eu-ru-19", "STATED_TOTAL", 558),
            vessels("eu-ru-20", "ADDED", 40),
        ])
        .when(vessels("eu-ru-20", "STATED_TOTAL", 595))
        .then_flagged(
            FlagRule::NetTotalDoesNotAddUp,
            "vessels: 595 are stated; the recorded numbers make 598; 3 taken off would explain it, and not all removals are recorded",
        )
        .until(vessels("eu-ru-20", "REMOVED", 3));
}

#[test]
fn a_round_published_before_it_was_adopted() {
    rounds()
        .and([stage("eu-ru-19", "ADOPTED", "2025-10-23", json!({}))])
        .when(stage("eu-ru-19", "PUBLISHED", "2025-10-22", json!({})))
        .then_flagged(
            FlagRule::PublishedBeforeAdopted,
            "published on 22 October 2025, and the other of adoption and publication on 23 October 2025",
        );
}

#[test]
fn a_weekday_that_does_not_match_the_date() {
    let on = |phrase: &str| json!({ "claimedOn": { "edtf": "2026-01-06", "phrase": phrase } });
    let desk = given([source()]);
    desk.when(claim("a", on("on Monday"))).then_flagged(
        FlagRule::WeekdayMismatch,
        "the source says Monday, the date is a Tuesday",
    );
    desk.when(claim("b", on("on Tuesday"))).then_not_flagged();
}

#[test]
fn a_claim_whose_only_citation_is_anonymous() {
    let official = json!({ "source": "wire", "attribution": { "speaker": "an official", "anonymous": true } });
    let minister = json!({ "source": "wire", "attribution": { "speaker": "a minister" } });
    let desk = given([source()]);
    let says = |slug: &str, citations: &[&Value]| claim(slug, json!({ "evidence": { "citations": citations } }));
    desk.when(says("a", &[&official]))
        .then_flagged(FlagRule::OnlyAnonymous, "rests only on speakers who are not named");
    desk.when(says("b", &[&official, &minister])).then_not_flagged();
}

#[test]
fn a_citation_without_a_date() {
    let page = json!({ "registerSource": { "slug": "page", "publisher": "A blog" } });
    let desk = given([source(), page]);
    desk.when(claim(
        "a",
        json!({ "evidence": { "citations": [{ "source": "page" }] } }),
    ))
    .then_flagged(FlagRule::UndatedCitation, "the source `page` has no date");
    desk.when(claim("b", json!({}))).then_not_flagged();
}

fn held(on: &str) -> Value {
    json!({ "holdMeeting": { "slug": "talks", "title": "Talks", "heldOn": on, "evidence": cited() } })
}
fn moved(to: &str, announced: &str) -> Value {
    json!({ "rescheduleMeeting": { "slug": "talks", "plannedFor": to, "announcedOn": announced, "evidence": cited() } })
}
fn cancelled() -> Value {
    json!({ "cancelMeeting": { "slug": "talks", "announcedOn": "2026-02-01", "evidence": cited() } })
}
fn scheduled() -> [Value; 2] {
    let meeting = json!({ "scheduleMeeting": { "slug": "talks", "title": "Talks", "plannedFor": "2026-02-03", "evidence": cited() } });
    [source(), meeting]
}

#[test]
fn somebody_said_to_be_there_and_absent() {
    let takes_part = |mode: &str| json!({ "recordParticipation": { "meeting": "talks", "party": "us", "mode": mode, "saidFor": "2026-02-03", "evidence": cited() } });
    let desk = given(scheduled()).and([party("us"), takes_part("IN_PERSON")]);
    desk.when(takes_part("ABSENT"))
        .then_flagged(FlagRule::RivalAttendance, "us: absent here, there in person before");
}

#[test]
fn a_meeting_held_on_two_days() {
    given(scheduled())
        .and([held("2026-02-03")])
        .when(held("2026-02-04"))
        .then_flagged(
            FlagRule::RivalMeetingDates,
            "held on 4 February 2026 here, on 3 February 2026 elsewhere",
        );
}

#[test]
fn a_meeting_held_and_called_off() {
    let after = "held, and called off according to an earlier record";
    given(scheduled())
        .and([held("2026-02-03")])
        .when(cancelled())
        .then_flagged(
            FlagRule::HeldAndCalledOff,
            "called off, and held according to an earlier record",
        );
    given(scheduled())
        .and([cancelled()])
        .when(held("2026-02-03"))
        .then_flagged(FlagRule::HeldAndCalledOff, after)
        .still_after(moved("2026-02-03", "2026-01-20"))
        .until(moved("2026-02-03", "2026-02-02"));
    given(scheduled())
        .and([cancelled(), moved("2026-02-09", "2026-02-02")])
        .when(held("2026-02-09"))
        .then_not_flagged();
}
