//! The values of a meeting: where it stands, when and where it is planned for or was held, and who took part.

use super::behind::{Behind, Part, deciding, in_order, weighed};
use super::{Subject, Value, ValueField, word};
use crate::Views;
use crate::meetings::{Attendance, Meeting, MeetingState};
use rapporteur_domain::common::Place;
use rapporteur_domain::event::Event;
use rapporteur_domain::meeting::{ReportMeeting, ScheduleMeeting};
use rapporteur_domain::text::Line;

pub(super) fn of(views: &Views, meeting: &Meeting) -> Vec<Value> {
    let mut found = vec![state(meeting)];
    found.extend(planned(meeting));
    found.extend(shown(views, meeting));
    found.extend(meeting.attendance.iter().map(attendance));
    found
}

fn state(meeting: &Meeting) -> Value {
    let reports = meeting.reports.iter().map(|(state, told)| (told.position, *state));
    let told: Vec<(u64, MeetingState)> = meeting
        .moves
        .iter()
        .map(|m| (m.position, m.state))
        .chain(reports)
        .collect();
    let behind = told.iter().map(|(position, state)| Behind {
        position: *position,
        part: part(*state == meeting.state, Some(*position) == meeting.decided()),
    });
    Value::of(ValueField::State, word(&meeting.state), in_order(behind))
}

fn part(same: bool, decides: bool) -> Part {
    match (same, decides) {
        (_, true) => Part::Decides,
        (true, false) => Part::Agrees,
        (false, false) => Part::Outweighed,
    }
}

fn planned(meeting: &Meeting) -> Option<Value> {
    let planned = meeting.planned()?;
    let on = planned.planned_for.as_ref()?;
    let told = meeting
        .moves
        .iter()
        .filter_map(|m| Some((m.position, m.planned_for.as_ref()?)));
    let behind = told.map(|(position, other)| Behind {
        position,
        part: part(other.says_the_same(on), position == planned.position),
    });
    Some(Value::of(ValueField::PlannedFor, on.label(), in_order(behind)).dated(Some(on)))
}

/// What opens or reports a meeting.
enum Account<'a> {
    Plan(&'a ScheduleMeeting),
    Report(&'a ReportMeeting),
}

fn shown(views: &Views, meeting: &Meeting) -> Vec<Value> {
    let entries = views.timeline.of_dossier(meeting.slug.as_str());
    let accounts: Vec<(u64, Account<'_>)> = entries
        .iter()
        .filter_map(|entry| {
            let account = match entry.event()? {
                Event::MeetingScheduled(told) => Account::Plan(told),
                Event::MeetingStarted(told) | Event::MeetingHeld(told) => Account::Report(told),
                _ => return None,
            };
            Some((entry.position(), account))
        })
        .collect();
    let told = |of: &dyn Fn(&Account<'_>) -> Option<String>| -> Vec<(u64, String)> {
        let told = accounts.iter();
        told.filter_map(|(position, account)| Some((*position, of(account)?)))
            .collect()
    };
    let by = meeting.deciding();
    let mut found = Vec::new();
    if let Some(on) = meeting.held_on() {
        let reports = meeting.reports.iter().map(|(_, told)| Behind {
            position: told.position,
            part: part(told.fact.held_on.says_the_same(on), Some(told.position) == by.held_on),
        });
        found.push(Value::of(ValueField::HeldOn, on.label(), in_order(reports)).dated(Some(on)));
    }
    if !meeting.places().is_empty() {
        let of = |account: &Account<'_>| match account {
            Account::Plan(plan) => places(&plan.places),
            Account::Report(report) => places(&report.places),
        };
        let text = places(meeting.places()).unwrap_or_default();
        found.push(Value::of(ValueField::Places, text, weighed(by.places, told(&of))));
    }
    if let Some(series) = meeting.series() {
        let of = |account: &Account<'_>| match account {
            Account::Plan(plan) => plan.series.as_ref().map(ToString::to_string),
            Account::Report(report) => report.series.as_ref().map(ToString::to_string),
        };
        let behind = weighed(by.series, told(&of));
        found.push(Value::of(ValueField::Series, "", behind).naming([series]));
    }
    if let Some(number) = meeting.number() {
        let of = |account: &Account<'_>| match account {
            Account::Plan(plan) => plan.number.as_ref().map(ToString::to_string),
            Account::Report(report) => report.number.as_ref().map(ToString::to_string),
        };
        found.push(Value::of(
            ValueField::Number,
            number.to_string(),
            weighed(by.number, told(&of)),
        ));
    }
    if let Some(summary) = meeting.summary() {
        let of = |account: &Account<'_>| match account {
            Account::Plan(plan) => plan.summary.as_ref().map(ToString::to_string),
            Account::Report(report) => report.summary.as_ref().map(ToString::to_string),
        };
        let behind = weighed(by.summary, told(&of));
        found.push(Value::of(ValueField::Summary, summary.as_str(), behind));
    }
    if views.names.titles(meeting.slug.as_str()).next().is_none() && !meeting.title().is_empty() {
        let of = |account: &Account<'_>| match account {
            Account::Plan(plan) => Some(plan.title.to_string()),
            Account::Report(report) => report.title.as_ref().map(Line::to_string),
        };
        found.push(Value::of(
            ValueField::Title,
            meeting.title(),
            weighed(by.title, told(&of)),
        ));
    }
    found
}

fn places(places: &[Place]) -> Option<String> {
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join("; "))
}

/// What several events say of a party is read together, so all of them decide.
fn attendance(attendance: &Attendance) -> Value {
    let who = &attendance.participant;
    let mode = who.mode.map(|mode| word(&mode));
    let mode = mode.map(|mode| match who.hedge {
        Some(hedge) => format!("{mode} ({})", word(&hedge)),
        None => mode,
    });
    let planned = attendance.only_planned.then(|| "only planned".to_owned());
    let role = who.role.as_ref().map(ToString::to_string);
    let said: Vec<String> = [mode, role, planned].into_iter().flatten().collect();
    let text = if said.is_empty() {
        "named".to_owned()
    } else {
        said.join(", ")
    };
    Value::of(
        ValueField::Attendance,
        text,
        deciding(attendance.positions.iter().copied()),
    )
    .on(Subject::Party(who.party.clone()))
    .naming(&who.of)
}
