//! Any history of meetings under changing names reads as if they had had one name from the start.

use crate::desk::*;
use crate::histories::{counts_up, is_sound};
use chrono::NaiveDate;
use proptest::prelude::*;
use rapporteur_desk::Outcome;
use rapporteur_views::Views;
use rapporteur_views::ahead::{AheadKind, within};
use rapporteur_views::meetings::{Meeting, MeetingState};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A step in a random history of meetings and of people who come to them.
#[derive(Debug, Clone)]
enum Step {
    Schedule(usize, u32),
    Report(&'static str, usize, u32, usize, Option<&'static str>),
    Reschedule(usize, u32, Option<u32>),
    CallOff(&'static str, usize, Option<u32>),
    Comes(usize, usize, &'static str),
    Agenda(usize),
    Rename(bool, usize, usize),
    Merge(bool, usize, usize),
    Move(usize, usize, usize),
}

const MEETINGS: [&str; 5] = ["m", "n", "o", "p", "q"];
const PEOPLE: [&str; 4] = ["a", "b", "c", "d"];

fn step() -> impl Strategy<Value = Step> {
    let meeting = || 0..MEETINGS.len();
    let person = || 0..PEOPLE.len();
    let mode = || prop_oneof![Just("IN_PERSON"), Just("ABSENT"), Just("EXPECTED")];
    let day = || 1..5_u32;
    prop_oneof![
        4 => (meeting(), day()).prop_map(|(m, d)| Step::Schedule(m, d)),
        5 => (prop_oneof![Just("holdMeeting"), Just("startMeeting")], meeting(), day(), person(), prop::option::of(mode()))
            .prop_map(|(how, m, d, p, mode)| Step::Report(how, m, d, p, mode)),
        3 => (meeting(), day(), prop::option::of(day())).prop_map(|(m, d, a)| Step::Reschedule(m, d, a)),
        1 => (prop_oneof![Just("postponeMeeting"), Just("cancelMeeting"), Just("reportMeetingNotHeld")], meeting(), prop::option::of(day()))
            .prop_map(|(how, m, a)| Step::CallOff(how, m, a)),
        3 => (meeting(), person(), mode()).prop_map(|(m, p, mode)| Step::Comes(m, p, mode)),
        1 => meeting().prop_map(Step::Agenda),
        3 => (any::<bool>(), 0..5_usize, 0..5_usize).prop_map(|(who, a, b)| Step::Rename(who, a, b)),
        8 => (prop::bool::weighted(0.3), 0..5_usize, 0..5_usize).prop_map(|(who, a, b)| Step::Merge(who, a, b)),
        4 => (meeting(), meeting(), 0..8_usize).prop_map(|(a, b, record)| Step::Move(a, b, record)),
    ]
}

/// Two slugs of people or of meetings.
fn two(people: bool, a: usize, b: usize) -> (&'static str, &'static str) {
    let slugs: &[&str] = if people { &PEOPLE } else { &MEETINGS };
    (slugs[a % slugs.len()], slugs[b % slugs.len()])
}

fn on(day: u32) -> String {
    format!("2026-01-1{day}")
}

impl Step {
    /// The command; its number makes it say something else than any other.
    fn command(&self, number: usize, views: &Views) -> Value {
        let summary = format!("Told {number}.");
        match self {
            Self::Schedule(m, day) => {
                json!({ "scheduleMeeting": { "slug": MEETINGS[*m], "title": format!("Plan {number}"),
                "plannedFor": on(*day), "summary": summary, "evidence": cited() } })
            }
            Self::Report(how, m, day, who, mode) => {
                json!({ *how: { "slug": MEETINGS[*m], "title": format!("Report {number}"),
                "heldOn": on(*day), "summary": summary, "places": [{ "name": format!("Place {number}") }],
                "participants": [{ "party": PEOPLE[*who], "mode": mode }], "evidence": cited() } })
            }
            Self::Reschedule(m, day, announced) => {
                json!({ "rescheduleMeeting": { "slug": MEETINGS[*m], "plannedFor": on(*day),
                "announcedOn": announced.map(on), "reason": summary, "evidence": cited() } })
            }
            Self::CallOff(how, m, announced) => json!({ *how: { "slug": MEETINGS[*m], "announcedOn": announced.map(on),
                "reason": summary, "evidence": cited() } }),
            Self::Comes(m, who, mode) => {
                json!({ "recordParticipation": { "meeting": MEETINGS[*m], "party": PEOPLE[*who],
                "mode": mode, "saidFor": "2026-01-07", "summary": summary, "evidence": cited() } })
            }
            Self::Agenda(m) => {
                json!({ "addAgendaItem": { "meeting": MEETINGS[*m], "summary": summary, "evidence": cited() } })
            }
            Self::Rename(people, a, b) => {
                let (from, to) = two(*people, *a, *b);
                rename(from, to)
            }
            Self::Merge(people, a, b) => {
                let (from, into) = two(*people, *a, *b);
                merge(from, into)
            }
            Self::Move(a, b, record) => {
                let from = views
                    .names
                    .moved()
                    .slug(MEETINGS[*a])
                    .map_or(MEETINGS[*a], |now| now.as_str());
                let told = views.timeline.of_dossier(from);
                let inside: Vec<&str> = told
                    .iter()
                    .map(|entry| entry.record.as_str())
                    .filter(|r| r.contains('#'))
                    .collect();
                let record = inside.get(record % inside.len().max(1)).copied().unwrap_or("m#report");
                move_to(from, MEETINGS[*b], &[record])
            }
        }
    }
}

fn without_nulls(mut command: Value) -> Value {
    for input in command.as_object_mut().unwrap().values_mut() {
        input.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        for participant in input
            .get_mut("participants")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            participant.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        }
    }
    command
}

/// A command that was recorded, and the stream that holds it.
type Recorded = (Value, String);

/// A desk on which random steps were recorded, and what was recorded in order.
fn recorded(steps: &[Step], splits: bool) -> (Given, Vec<Recorded>) {
    let given = given(&[source()]);
    PEOPLE[..3].iter().for_each(|who| {
        given.records(person(who, who));
    });
    let mut recorded = Vec::new();
    let wanted = steps.iter().filter(|step| splits || !matches!(step, Step::Move(..)));
    for (number, step) in wanted.enumerate() {
        let command = without_nulls(step.command(number, &given.desk.views()));
        if let Outcome::Recorded(receipts) = given.when(std::slice::from_ref(&command))
            && !receipts[0].already_there
        {
            recorded.push((command, receipts[0].dossier.slug.to_string()));
        }
    }
    (given, recorded)
}

/// The command in the names of today; what opens a meeting that is open moves it. `None` for what only changes names.
fn under_one_name(command: &Value, views: &Views, is_open: impl Fn(&str) -> bool) -> Option<Value> {
    let today = |slug: &mut Value| {
        if let Some(now) = slug.as_str().and_then(|was| views.names.moved().slug(was)) {
            *slug = json!(now);
        }
    };
    let (name, mut input) = command
        .as_object()?
        .iter()
        .next()
        .map(|(name, input)| (name.clone(), input.clone()))?;
    if ["renameDossier", "mergeDossiers"].contains(&name.as_str()) {
        return None;
    }
    for field in ["slug", "meeting", "party"] {
        input.get_mut(field).into_iter().for_each(today);
    }
    for participant in input
        .get_mut("participants")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        participant.get_mut("party").into_iter().for_each(today);
    }
    if name == "scheduleMeeting" && is_open(input["slug"].as_str()?) {
        return Some(
            json!({ "rescheduleMeeting": { "slug": input["slug"], "plannedFor": input["plannedFor"],
            "reason": input["summary"], "evidence": cited() } }),
        );
    }
    Some(json!({ name: input }))
}

/// What of a meeting does not depend on the names under which it was told. A plan that was merged in is a move, and so it
/// stands as one.
fn told(meeting: &Meeting) -> Value {
    let state = |state: MeetingState| match state {
        MeetingState::Rescheduled => MeetingState::Scheduled,
        state => state,
    };
    let moves = meeting
        .moves
        .iter()
        .map(|m| json!([state(m.state), m.planned_for, m.announced_on]));
    let reports = meeting
        .reports
        .iter()
        .map(|(state, told)| json!([state, told.fact.held_on, told.fact.summary]));
    let attendance = meeting
        .attendance
        .iter()
        .map(|a| json!([a.participant, a.positions.len(), a.only_planned]));
    json!({ "state": state(meeting.state), "planned": meeting.planned_for(), "moves": moves.collect::<Vec<_>>(),
        "reports": reports.collect::<Vec<_>>(), "days": meeting.days(), "attendance": attendance.collect::<Vec<_>>(),
        "agenda": meeting.agenda.iter().map(|told| &told.fact.summary).collect::<Vec<_>>(),
        "everywhere": meeting.everywhere().map(|place| &place.name).collect::<std::collections::BTreeSet<_>>() })
}

/// What is shown of a meeting, from the commands alone: its title as last told of the one that stays; its day as last told
/// of that one where it was reported, and otherwise of those merged into it.
fn shown(told: &[&Recorded]) -> (Value, Value) {
    let field = |own: bool, field: &str| {
        let stays = told[0].1.as_str();
        let said = told.iter().rev().filter(|(_, stream)| (stream == stays) == own);
        let mut inputs = said.flat_map(|(command, _)| command.as_object().unwrap().values());
        inputs.find_map(|input| input.get(field).cloned())
    };
    (
        field(true, "title").unwrap_or_default(),
        field(true, "heldOn")
            .or_else(|| field(false, "heldOn"))
            .unwrap_or_default(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn what_was_told_under_several_names_reads_as_told_under_one(steps in prop::collection::vec(step(), 1..40)) {
        let (split, recorded) = recorded(&steps, false);
        split.holds();
        let views = split.desk.views();
        is_sound(&views)?;
        counts_up(&views)?;
        // Told in the names of today from the start,
        let one = given(&[source()]);
        let people = views.parties.all().map(|(slug, _)| person(slug.as_str(), slug.as_str()));
        people.for_each(|person| { one.records(person); });
        let mut of_meeting: BTreeMap<String, Vec<&Recorded>> = BTreeMap::new();
        for told in &recorded {
            let is_open = |slug: &str| one.desk.views().meetings.get(slug).is_some();
            if let Some(command) = under_one_name(&told.0, &views, is_open) {
                one.records(command.clone());
                let input = command.as_object().unwrap().values().next().unwrap();
                let slug = input.get("slug").or(input.get("meeting")).unwrap().as_str().unwrap();
                of_meeting.entry(slug.to_owned()).or_default().push(told);
            }
        }
        one.holds();
        let all = |views: &Views| -> Vec<(String, Value)> {
            views.meetings.all().map(|(slug, meeting)| (slug.to_string(), told(meeting))).collect()
        };
        prop_assert_eq!(all(&views), all(&one.desk.views()));
        // and shown as the one that stays is told.
        for (slug, commands) in of_meeting {
            let meeting = views.meetings.get(&slug).unwrap();
            let is = (json!(meeting.title()), json!(meeting.held_on().and_then(|on| on.edtf())));
            let expected = shown(&commands);
            prop_assert_eq!(is, expected, "{}", slug);
        }
    }

    #[test]
    fn meetings_that_are_merged_and_split_read_the_same_again_and_lie_ahead_once(steps in prop::collection::vec(step(), 1..40)) {
        let (given, recorded) = recorded(&steps, true);
        given.holds();
        let views = given.desk.views();
        is_sound(&views)?;
        counts_up(&views)?;
        // Every report is one of the meeting that it belongs to now, and its day is one of that meeting's.
        let reports = recorded.iter().filter(|(c, _)| c.get("holdMeeting").or(c.get("startMeeting")).is_some()).count();
        prop_assert_eq!(views.meetings.all().map(|(_, m)| m.reports.len()).sum::<usize>(), reports);
        for (slug, meeting) in views.meetings.all() {
            prop_assert!(meeting.reports.is_sorted_by_key(|(_, told)| told.position), "{}", slug);
            prop_assert!(meeting.moves.is_sorted_by_key(|step| step.position), "{}", slug);
            let held: Vec<_> = meeting.reports.iter().map(|(_, told)| &told.fact.held_on).collect();
            prop_assert!(held.iter().all(|on| meeting.days().contains(on)), "{}", slug);
        }
        // What is planned lies ahead once, and nothing else does.
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (certain, possible) = within(&views, day("2026-01-01"), day("2026-01-31"));
        let mut ahead: Vec<String> = certain.iter().chain(&possible).filter(|a| a.kind == AheadKind::Meeting).map(|a| a.dossier.to_string()).collect();
        ahead.sort();
        let planned = views.meetings.all().filter(|(_, m)| matches!(m.state, MeetingState::Scheduled | MeetingState::Rescheduled));
        let planned: Vec<String> = planned.map(|(slug, _)| slug.to_string()).collect();
        prop_assert_eq!(ahead, planned);
    }
}
