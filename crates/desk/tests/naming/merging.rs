//! Dossiers of every kind merged: what the one that goes says is not lost, and is not told twice.

use crate::desk::*;
use rapporteur_domain::commitment::CommitmentStatus;
use rapporteur_views::ahead::within;
use rapporteur_views::flags::FlagRule;
use rapporteur_views::issues::IssueState;
use serde_json::{Value, json};

fn issue(slug: &str, on: &str, part_of: Option<&str>) -> Value {
    let mut command = json!({ "openIssue": { "slug": slug, "title": format!("Issue {slug}"), "openOn": on, "summary": "Open.",
        "evidence": cited() } });
    if let Some(wider) = part_of {
        command["openIssue"]["partOf"] = json!(wider);
    }
    command
}
fn resolved(issue: &str, on: &str) -> Value {
    json!({ "resolveIssue": { "slug": issue, "changedOn": on, "summary": "Settled.", "evidence": cited() } })
}
fn commitment(slug: &str, status: &str, on: &str) -> Value {
    json!({ "recordCommitment": { "slug": slug, "what": format!("Help {slug}"), "by": ["a"], "status": status, "statusOn": on,
        "summary": "Help.", "evidence": cited() } })
}
fn rung(slug: &str, status: &str, on: &str) -> Value {
    json!({ "changeCommitment": { "slug": slug, "status": status, "statusOn": on, "summary": "More.", "evidence": cited() } })
}
fn anonymous() -> Value {
    json!({ "citations": [{ "source": "wire", "attribution": { "speaker": "an official", "anonymous": true } }] })
}
fn claim(slug: &str, about: &str) -> Value {
    json!({ "recordClaim": { "slug": slug, "summary": format!("Said as {slug}."), "about": [about], "claimedOn": "2026-01-05",
        "evidence": anonymous() } })
}
fn expected(slug: &str, of: &str, window: &str) -> Value {
    json!({ "recordExpectation": { "slug": slug, "summary": "It will come.", "of": of, "expectedIn": window,
        "claimedOn": "2026-01-05", "evidence": cited() } })
}
fn round(slug: &str) -> Value {
    json!({ "openRound": { "slug": slug, "title": format!("Round {slug}"), "senders": ["a"], "target": "b" } })
}
fn stage(round: &str, locator: &str) -> Value {
    json!({ "recordStage": { "round": round, "stage": "PROCEDURE_OPENED", "reachedOn": "2026-01-05", "deadline": "2026-01-12",
        "summary": format!("Opened, {locator}."), "evidence": cited() } })
}
fn act(slug: &str, rounds: &[&str], amends: &[&str]) -> Value {
    json!({ "recordAct": { "slug": slug, "title": format!("Act {slug}"), "rounds": rounds, "amends": amends,
        "appliesFrom": "2026-01-20", "evidence": cited() } })
}
fn began() -> Vec<Value> {
    vec![source(), person("a", "A"), person("b", "B")]
}
fn after(commands: &[Value]) -> Given {
    given(&[began(), commands.to_vec()].concat())
}

impl Given {
    /// What lies ahead in January: its dossier and the day.
    fn ahead(&self) -> Vec<String> {
        let day = |text: &str| text.parse().unwrap();
        let (certain, possible) = within(&self.desk.views(), day("2026-01-01"), day("2026-01-31"));
        let all = certain.iter().chain(&possible);
        all.map(|ahead| format!("{} {}", ahead.dossier, ahead.on.edtf().unwrap()))
            .collect()
    }

    fn about(&self, dossier: &str) -> Vec<String> {
        let views = self.desk.views();
        views.claims.about(dossier).map(|(slug, _)| slug.to_string()).collect()
    }
}

#[test]
fn an_issue_opened_after_another_was_settled_opens_that_one_again() {
    let wide = issue("wide", "2025-01", None);
    let given = after(&[
        wide,
        issue("i", "2025-01", None),
        resolved("i", "2025-06"),
        issue("j", "2025-12", Some("wide")),
    ]);
    let state = || given.desk.views().issues.get("i").unwrap().state;
    assert_eq!(state(), IssueState::Resolved);
    given.records(merge("j", "i"));
    assert_eq!(state(), IssueState::Open, "open in December, says the one that went");
    let parts = || {
        given
            .desk
            .views()
            .issues
            .parts("wide")
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(parts(), ["i"], "it is part of what the one that went was part of");
    given.records(resolved("j", "2026-01"));
    assert_eq!(state(), IssueState::Resolved);
    // What it is part of is merged into it in turn: nothing is part of itself.
    given.records(merge("i", "wide"));
    assert_eq!(given.desk.views().issues.parts("wide").count(), 0);
    given.holds();
}

#[test]
fn no_issue_becomes_part_of_its_own_part() {
    let given = after(&[
        issue("i", "2025", None),
        issue("j", "2025", Some("i")),
        issue("k", "2025", Some("j")),
    ]);
    given.records(merge("k", "i"));
    let views = given.desk.views();
    assert_eq!(
        (views.issues.parts("i").count(), views.issues.parts("j").count()),
        (1, 0)
    );
    given.holds();
}

#[test]
fn a_commitment_stands_on_the_rung_told_last_by_either() {
    let given = after(&[
        commitment("c", "HOPED", "2025-10"),
        commitment("d", "PLEDGED", "2025-12"),
        commitment("e", "INDICATED", "2025-11"),
    ]);
    let status = || given.desk.views().commitments.get("c").unwrap().status().0;
    given.records(merge("d", "c"));
    assert_eq!(status(), CommitmentStatus::Pledged);
    given.records(merge("e", "c"));
    assert_eq!(status(), CommitmentStatus::Pledged, "surely of before");
    given.records(rung("d", "CONFIRMED", "2026-01"));
    assert_eq!(status(), CommitmentStatus::Confirmed);
    given.holds();
}

#[test]
fn a_merged_claim_is_about_what_either_is_about_and_stays_flagged() {
    let given = after(&[
        meeting("m", "a"),
        meeting("n", "a"),
        claim("c", "m"),
        claim("between", "n"),
        claim("d", "n"),
        claim("e", "m"),
    ]);
    given.records(merge("d", "c"));
    given.records(merge("e", "c"));
    assert_eq!(
        given.about("n"),
        ["c", "between"],
        "in the order in which they were opened"
    );
    assert_eq!(given.about("m"), ["c"], "once");
    let views = given.desk.views();
    assert_eq!(
        views
            .flags
            .of("c")
            .filter(|f| f.rule == FlagRule::OnlyAnonymous)
            .count(),
        3
    );
    assert_eq!(views.sources.get("wire").unwrap().cited, 6, "two plans, four claims");
    given.holds();
}

#[test]
fn one_expectation_told_twice_lies_ahead_once_and_another_window_beside_it() {
    let given = after(&[
        meeting("m", "a"),
        expected("x", "m", "2026-01-10/2026-01-20"),
        expected("y", "m", "2026-01-10/2026-01-20"),
        expected("z", "m", "2026-01-25"),
    ]);
    given.records(merge("y", "x"));
    given.records(merge("z", "x"));
    let ahead: Vec<String> = given.ahead().into_iter().filter(|line| line.starts_with('x')).collect();
    assert_eq!(ahead, ["x 2026-01-10/2026-01-20", "x 2026-01-25"]);
    assert_eq!(given.about("m"), ["x"]);
    given.holds();
}

#[test]
fn a_deadline_that_two_sources_give_lies_ahead_once() {
    let given = after(&[round("r"), stage("r", "p. 1"), stage("r", "p. 2")]);
    assert_eq!(given.ahead(), ["r 2026-01-12"]);
}

#[test]
fn a_merged_act_belongs_to_the_rounds_and_amends_the_acts_that_either_names() {
    let given = after(&[
        round("r"),
        round("s"),
        act("base", &[], &[]),
        act("x", &["r"], &[]),
        act("between", &["s"], &["base"]),
        act("y", &["s", "r"], &["base"]),
    ]);
    given.records(merge("y", "x"));
    let views = given.desk.views();
    let of = |round: &str| views.acts.of_round(round).map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        (of("r"), of("s")),
        (vec!["x".to_owned()], vec!["x".to_owned(), "between".to_owned()])
    );
    let amending: Vec<_> = views
        .acts
        .amending("base")
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(amending, ["x", "between"]);
    assert_eq!(given.ahead().iter().filter(|line| line.starts_with("x ")).count(), 1);
    given.holds();
}

fn planned(slug: &str, on: &str, announced: &str) -> Value {
    json!({ "scheduleMeeting": { "slug": slug, "title": format!("Plan {slug}"), "plannedFor": on, "announcedOn": announced,
        "participants": [{ "party": "a", "mode": "EXPECTED", "role": "Envoy" }, { "party": "b", "mode": "EXPECTED" }],
        "evidence": cited() } })
}
fn held(slug: &str, key: Option<&str>, on: &str, who: &str) -> Value {
    let mut command = json!({ "holdMeeting": { "slug": slug, "title": format!("Report {slug}"), "heldOn": on,
        "participants": [{ "party": who }], "evidence": cited() } });
    if let Some(key) = key {
        command["holdMeeting"]["key"] = json!(key);
    }
    command
}
fn cancelled(slug: &str, announced: &str) -> Value {
    json!({ "cancelMeeting": { "slug": slug, "announcedOn": announced, "evidence": cited() } })
}

#[test]
fn whoever_a_report_names_came_though_the_plan_only_expected_it() {
    let plan = planned("m", "2026-01-03", "2026-01-01");
    let given = after(&[plan, held("m", None, "2026-01-03", "a")]);
    let views = given.desk.views();
    let meeting = views.meetings.get("m").unwrap();
    let present: Vec<_> = meeting.present().map(|a| a.participant.party.as_str()).collect();
    assert_eq!(present, ["a"], "nobody says that b came");
    let a = meeting.attendance.first().unwrap();
    assert_eq!(
        (a.participant.mode, a.participant.role.as_ref().map(|r| r.as_str())),
        (None, Some("Envoy"))
    );
}

#[test]
fn a_meeting_called_off_and_planned_again_by_one_that_was_merged_in_may_be_held() {
    let given = after(&[
        planned("m", "2026-01-03", "2026-01-01"),
        cancelled("m", "2026-01-02"),
        planned("n", "2026-01-05", "2026-01-04"),
        held("n", None, "2026-01-05", "a"),
    ]);
    given.records(merge("n", "m"));
    let views = given.desk.views();
    let odd: Vec<_> = views.flags.of("m").map(|f| f.rule).collect();
    assert_eq!(odd, [], "called off, planned anew, held on that day");
    given.holds();
}

#[test]
fn a_report_that_was_moved_to_a_meeting_opened_later_takes_nothing_over() {
    let mut told = held("m", None, "2026-01-03", "b");
    told["holdMeeting"]["title"] = json!("Another title");
    let given = after(&[
        held("m", None, "2026-01-02", "a"),
        told,
        held("n", None, "2026-01-04", "a"),
    ]);
    given.records(move_to("m", "n", &["m#report"]));
    let views = given.desk.views();
    let meeting = views.meetings.get("n").unwrap();
    assert_eq!(
        meeting
            .reports
            .iter()
            .map(|(_, told)| told.position)
            .collect::<Vec<_>>(),
        [5, 6]
    );
    assert_eq!(
        (meeting.title(), meeting.held_on().unwrap().edtf()),
        ("Report n", Some("2026-01-04")),
        "as last told"
    );
    given.holds();
}

#[test]
fn what_opened_a_merged_meeting_is_there_already_whatever_key_it_was_sent_with() {
    let reports = [
        held("m", Some("one"), "2026-01-03", "a"),
        held("n", Some("two"), "2026-01-04", "b"),
    ];
    let given = after(&reports);
    given.records(merge("n", "m"));
    let position = given.desk.views().position();
    for again in &reports {
        assert!(given.records(again.clone()).already_there, "{again}");
    }
    assert_eq!(given.desk.views().position(), position);
    given.holds();
}
