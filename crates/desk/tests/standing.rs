//! What stands when things are told late, twice, or differently: given, when, then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "given/dsl.rs"]
mod dsl;

use dsl::cited;
use rapporteur_domain::date::Within;
use rapporteur_views::Views;
use rapporteur_views::claims::{Claim, outcome};
use rapporteur_views::timeline::Filter;
use serde_json::{Value, json};
use std::sync::Arc;

fn with(name: &str, mut input: Value) -> Value {
    let evidence = input["evidence"].is_null().then(cited);
    if let Some(evidence) = evidence {
        input["evidence"] = evidence;
    }
    json!({ name: input })
}

/// The views after a few parties, a topic, a source and these commands.
fn given(commands: impl IntoIterator<Item = Value>) -> Arc<Views> {
    let ground = ["fr", "de", "us", "ua", "ru"]
        .map(|slug| json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": slug } }))
        .into_iter()
        .chain([
            json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "T", "publisher": "P", "publishedOn": "2026-01-06" } }),
            json!({ "registerTopic": { "slug": "sanctions", "label": "Sanctions" } }),
            json!({ "openRound": { "slug": "r", "title": "Round", "senders": ["fr"], "target": "ru" } }),
            with("openIssue", json!({ "slug": "i", "title": "Issue", "openOn": "2025-12-01", "summary": "Open." })),
        ]);
    dsl::given(ground.chain(commands)).views()
}

fn stage(stage: &str, on: Value, mut more: Value) -> Value {
    (more["round"], more["stage"], more["reachedOn"]) = (json!("r"), json!(stage), on);
    with("recordStage", more)
}
fn held(on: &str, more: Value) -> Value {
    let mut input = json!({ "slug": "m", "title": "Meeting", "heldOn": on });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with("holdMeeting", input)
}
fn scheduled(more: Value) -> Value {
    let mut input = json!({ "slug": "m", "title": "Meeting", "plannedFor": "2026-02-03" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with("scheduleMeeting", input)
}
fn flags(views: &Views, dossier: &str) -> Vec<String> {
    views.flags.of(dossier).map(|f| format!("{:?}", f.rule)).collect()
}
fn state(views: &Views) -> String {
    format!("{:?}", views.meetings.get("m").unwrap().state)
}
fn round_stage(views: &Views) -> String {
    format!("{:?}", views.rounds.get("r").unwrap().stage().unwrap())
}

#[test]
fn a_round_stands_where_it_came_last_and_undated_stages_do_not_count_as_last() {
    let views = given([
        stage("ADOPTED", json!("2026-01-20"), json!({})),
        stage("PROPOSED", json!("2026-01-10"), json!({})),
        stage("FLOATED", json!({ "phrase": "some time ago" }), json!({})),
    ]);
    assert_eq!(round_stage(&views), "Adopted");
    let views = given([stage("FLOATED", json!({ "phrase": "some time ago" }), json!({}))]);
    assert_eq!(round_stage(&views), "Floated");
    let views = given([
        stage("AGREED", json!("2026-01"), json!({ "body": "Coreper" })),
        stage("PROPOSED", json!("2026-01-10"), json!({})),
    ]);
    assert_eq!(
        round_stage(&views),
        "Agreed",
        "of two that may be either way round, the one further along"
    );
}

#[test]
fn records_of_one_stage_stand_together_only_where_they_say_the_same() {
    let views = given([
        stage(
            "BLOCKED",
            json!("2026-01-20"),
            json!({ "by": ["fr"], "reason": "energy prices" }),
        ),
        stage(
            "BLOCKED",
            json!("2026-01-20"),
            json!({ "by": ["de"], "reason": "shipping" }),
        ),
        stage("AGREED", json!("2026-02-01"), json!({ "body": "Coreper" })),
        stage("AGREED", json!("2026-02-01"), json!({ "body": "European Council" })),
        stage(
            "AGREED",
            json!("2026-02-01"),
            json!({ "body": "Coreper", "summary": "Again." }),
        ),
        stage(
            "PROPOSED",
            json!({ "edtf": "2026-01", "qualifier": "EARLY" }),
            json!({}),
        ),
        stage("PROPOSED", json!({ "edtf": "2026-01", "qualifier": "LATE" }), json!({})),
    ]);
    let told: Vec<usize> = views
        .rounds
        .get("r")
        .unwrap()
        .stages
        .iter()
        .map(|s| s.told.len())
        .collect();
    assert_eq!(told, [1, 1, 2, 1, 1, 1]);
    assert_eq!(flags(&views, "r"), ["RivalStageDates"], "early and late January");
}

#[test]
fn dates_that_may_be_one_are_no_rivals() {
    let views = given([
        stage("PROPOSED", json!("2026-01-06"), json!({})),
        stage("PROPOSED", json!("2026-01"), json!({})),
        stage("PUBLISHED", json!("2026-02-01"), json!({})),
        stage("ADOPTED", json!("2026-02-10"), json!({})),
    ]);
    assert_eq!(flags(&views, "r"), ["PublishedBeforeAdopted"]);
}

#[test]
fn a_flag_goes_when_its_cause_does() {
    let adopted = stage("ADOPTED", json!("2026-02-01"), json!({}));
    let [open, proposed] = another_proposed(&["fr"]);
    let without = [open, proposed, adopted];
    assert_eq!(flags(&given(without.clone()), "r"), ["AdoptedWithoutProposal"]);
    let proposed = stage("PROPOSED", json!("2026-01-06"), json!({}));
    let views = given(without.into_iter().chain([proposed]));
    assert!(flags(&views, "r").is_empty());
}

/// Another round, by these senders, that was proposed.
fn another_proposed(senders: &[&str]) -> [Value; 2] {
    let open = json!({ "openRound": { "slug": "q", "title": "Another", "senders": senders, "target": "ru" } });
    let proposed = json!({ "round": "q", "stage": "PROPOSED", "reachedOn": "2025-05-01" });
    [open, with("recordStage", proposed)]
}

#[test]
fn adoption_without_a_proposal_is_odd_only_for_senders_that_propose() {
    let adopted = || stage("ADOPTED", json!("2026-02-01"), json!({}));
    assert!(
        flags(&given([adopted()]), "r").is_empty(),
        "no proposal of this sender is recorded"
    );
    let [open, proposed] = another_proposed(&["us", "fr"]);
    assert!(
        flags(&given([open, proposed, adopted()]), "r").is_empty(),
        "a joint round is another procedure"
    );
    let [open, proposed] = another_proposed(&["fr"]);
    let views = given([adopted(), open.clone(), proposed.clone(), adopted()]);
    let odd: Vec<u64> = views.flags.of("r").map(|f| f.position).collect();
    let first_proposal = views.timeline.of_record("q#proposed")[0].position();
    assert_eq!(odd, [first_proposal], "the same adoption again is recorded once");
    let views = given([
        adopted(),
        stage("PROPOSED", json!("2026-01-06"), json!({})),
        open,
        proposed,
    ]);
    assert!(flags(&views, "r").is_empty());
}

/// A round of France that was adopted on a day.
fn round(slug: &str, adopted: &str) -> [Value; 2] {
    let open = json!({ "openRound": { "slug": slug, "title": slug, "senders": ["fr"], "target": "ru" } });
    let stage = json!({ "round": slug, "stage": "ADOPTED", "reachedOn": adopted });
    [open, with("recordStage", stage)]
}

fn count(round: &str, basis: &str, quantity: &Value) -> Value {
    let mut quantity = quantity.clone();
    quantity["what"] = json!("vessels");
    with(
        "recordCount",
        json!({ "round": round, "of": "vessels", "basis": basis, "quantity": quantity }),
    )
}

fn number(round: &str, basis: &str, value: u32) -> Value {
    count(round, basis, &json!({ "value": value }))
}

/// Whether the total of round `b` agrees, and why not.
fn total(views: &Views) -> (Option<bool>, Option<String>) {
    let found = rapporteur_views::listings::of_round(&views.rounds, "b");
    assert_eq!(found.len(), 1, "{found:?}");
    let listing = &found[0];
    (listing.agrees, listing.reason.clone())
}

#[test]
fn a_total_that_the_recorded_numbers_do_not_make_is_flagged_until_they_do() {
    let ground = [round("a", "2025-01-10"), round("b", "2025-05-10")].concat();
    let short = [
        number("a", "STATED_TOTAL", 342),
        number("b", "ADDED", 105),
        number("b", "STATED_TOTAL", 444),
    ];
    let views = given([ground.clone(), short.to_vec()].concat());
    let why = "the recorded numbers make 447; 3 taken off would explain it, and not all removals are recorded";
    assert_eq!(total(&views), (None, Some(why.to_owned())));
    let odd: Vec<_> = views.flags.of("b").collect();
    assert_eq!(odd.len(), 1);
    assert_eq!(odd[0].message, format!("vessels: 444 are stated; {why}"));
    assert_eq!(odd[0].position, views.position(), "the stated total caused it");

    let removed = number("b", "REMOVED", 3);
    let views = given([ground.clone(), short.to_vec(), vec![removed]].concat());
    assert_eq!((total(&views), flags(&views, "b")), ((Some(true), None), Vec::new()));

    let removed = number("b", "REMOVED", 2);
    let views = given([ground.clone(), short.to_vec(), vec![removed]].concat());
    assert_eq!(
        total(&views),
        (Some(false), Some("the recorded numbers make 445".to_owned()))
    );
    assert_eq!(flags(&views, "b"), ["NetTotalDoesNotAddUp"]);

    let over = [
        number("a", "STATED_TOTAL", 342),
        number("b", "ADDED", 100),
        number("b", "STATED_TOTAL", 444),
    ];
    let views = given([ground, over.to_vec()].concat());
    assert_eq!(
        total(&views),
        (Some(false), Some("the recorded numbers make 442".to_owned())),
        "nothing taken off makes it more"
    );
}

#[test]
fn a_total_with_an_unknown_part_is_open_and_no_flag() {
    let ground = [
        round("a", "2025-01-10"),
        round("between", "2025-03-10"),
        round("b", "2025-05-10"),
    ]
    .concat();
    let (before, total_after) = (number("a", "STATED_TOTAL", 342), number("b", "STATED_TOTAL", 444));
    let roughly = count("b", "ADDED", &json!({ "min": 100, "minExclusive": true }));
    for (told, why) in [
        (vec![], "no earlier total of vessels is recorded"),
        (vec![before.clone()], "how many `between` added is not recorded"),
        (
            vec![before.clone(), number("between", "ADDED", 2)],
            "how many `b` added is not recorded",
        ),
        (
            vec![before.clone(), number("between", "ADDED", 2), roughly],
            "how many `b` added is given only roughly",
        ),
        (
            vec![
                before.clone(),
                number("between", "ADDED", 2),
                number("b", "ADDED", 99),
                number("b", "ADDED", 98),
            ],
            "how many `b` added is given as 98 and as 99",
        ),
        (
            vec![
                before.clone(),
                number("a", "STATED_TOTAL", 343),
                number("between", "ADDED", 2),
            ],
            "the total of `a` is given as 342 and as 343",
        ),
    ] {
        let views = given([ground.clone(), told, vec![total_after.clone()]].concat());
        assert_eq!(total(&views), (None, Some(why.to_owned())));
        assert!(flags(&views, "b").is_empty(), "{why}");
    }
    let known = [
        before,
        number("between", "ADDED", 2),
        number("b", "ADDED", 100),
        total_after,
    ];
    let views = given([ground, known.to_vec()].concat());
    assert_eq!(total(&views), (Some(true), None));
}

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
            Claim::Expected(told) => format!("{:?}", outcome(&told.fact, &views.rounds)),
            Claim::Asserted(_) => String::new(),
        }
    };
    assert_eq!(became("2026-01", "2026-01-20"), "Met");
    assert_eq!(became("2026-01", "2026-01-20?"), "Open");
    assert_eq!(became("2026-01", "2026-02-20"), "Missed { days: 20 }");
    assert_eq!(became("2026-01?", "2026-02-20"), "Open");
    assert_eq!(became("2026-01", "[2026-01-20,2026-02-20]"), "Open");
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

#[test]
fn days_between_stages_are_as_fuzzy_as_their_dates_and_places_as_open() {
    use rapporteur_domain::round::Stage::{Adopted, Proposed};
    use rapporteur_views::days::{Days, between, rank};
    let proposed = |slug: &str, on: &str| {
        with(
            "recordStage",
            json!({ "round": slug, "stage": "PROPOSED", "reachedOn": on }),
        )
    };
    let views = given(
        [
            round("short", "2025-01-10").to_vec(),
            round("month", "2025-02-28").to_vec(),
            round("long", "2025-03-31").to_vec(),
            round("doubted", "2025-04-30").to_vec(),
            round("open", "2025-05-30").to_vec(),
            round("unproposed", "2025-06-30").to_vec(),
            vec![
                proposed("short", "2025-01-05"),
                proposed("month", "2025-02"),
                proposed("long", "2025-03-01"),
                proposed("long", "2025-03-11"),
                proposed("doubted", "2025-04-01?"),
                proposed("open", "[..2025-05-01]"),
            ],
        ]
        .concat(),
    );
    let days = |slug: &str| between(views.rounds.get(slug).unwrap(), Proposed, Adopted);
    let sure = |least, most| {
        Some(Days {
            least,
            most,
            doubted: false,
        })
    };
    assert_eq!(days("short"), sure(Some(5), Some(5)));
    assert_eq!(days("month"), sure(Some(0), Some(27)));
    assert_eq!(days("long"), sure(Some(20), Some(30)), "rival dates are all counted");
    assert_eq!(days("open"), sure(Some(29), None));
    assert!(days("doubted").unwrap().doubted);
    assert_eq!(days("unproposed"), None);
    let places = |slug: &str| {
        let rank = rank(&views.rounds, slug, Proposed, Adopted).unwrap();
        assert_eq!((rank.of, rank.median), (3, Some((5.0, 27.0))));
        assert_eq!(
            rank.left_out.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["doubted", "open"]
        );
        rank.best.zip(rank.worst)
    };
    assert_eq!(places("short"), Some((1, 2)));
    assert_eq!(places("month"), Some((1, 3)));
    assert_eq!(places("long"), Some((2, 3)));
    assert_eq!(places("doubted"), None);
}

#[test]
fn what_lifts_a_block_comes_after_it_and_concerns_the_same_party() {
    let views = given([
        stage("BLOCKED", json!("2026-01-10"), json!({ "by": ["fr"] })),
        stage("BLOCKED", json!("2026-01-20"), json!({ "by": ["de"] })),
        stage("UNBLOCKED", json!("2026-01-15"), json!({ "by": ["fr"] })),
        stage("UNBLOCKED", json!("2026-01-05"), json!({})),
        stage("UNBLOCKED", json!("2026-01"), json!({})),
    ]);
    let stages = &views.rounds.get("r").unwrap().stages;
    let lifting = |block: usize| -> Vec<_> {
        let found = stages.iter().filter(|other| stages[block].may_be_lifted_by(other));
        found.map(|s| s.reached_on.edtf().unwrap()).collect()
    };
    assert_eq!(lifting(0), ["2026-01-15", "2026-01"]);
    assert_eq!(lifting(1), ["2026-01"]);
    assert!(lifting(2).is_empty(), "what lifts is not lifted");
}
