//! The values of a meeting: where it stands, when and where it is planned for or was held, and who took part.

use super::behind::{Behind, Part, in_order, weighed};
use super::{Subject, Value, ValueField, word};
use crate::Views;
use crate::entry::Entry;
use crate::meetings::{Attendance, Meeting, MeetingState};
use rapporteur_domain::common::Place;
use rapporteur_domain::event::Event;
use rapporteur_domain::meeting::{ReportMeeting, ScheduleMeeting};
use std::sync::Arc;

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

/// What plans and reports say of a meeting, by the positions of their events.
struct Accounts<'a>(Vec<(u64, Account<'a>)>);

impl<'a> Accounts<'a> {
    fn of(entries: &'a [&Arc<Entry>]) -> Self {
        let told = entries.iter().filter_map(|entry| {
            let account = match entry.event()? {
                Event::MeetingScheduled(told) => Account::Plan(told),
                Event::MeetingStarted(told) | Event::MeetingHeld(told) => Account::Report(told),
                _ => return None,
            };
            Some((entry.position(), account))
        });
        Self(told.collect())
    }

    /// The events behind what is shown: those that say anything of it, by what a plan and what a report say.
    fn behind(
        &self,
        decides: Option<u64>,
        plan: fn(&ScheduleMeeting) -> Option<String>,
        report: fn(&ReportMeeting) -> Option<String>,
    ) -> Vec<Behind> {
        let told = self.0.iter().filter_map(|(position, account)| {
            let says = match account {
                Account::Plan(told) => plan(told),
                Account::Report(told) => report(told),
            };
            Some((*position, says?))
        });
        weighed(decides, told)
    }
}

fn shown(views: &Views, meeting: &Meeting) -> Vec<Value> {
    let entries = views.timeline.of_dossier(meeting.slug.as_str());
    let (accounts, by) = (Accounts::of(&entries), meeting.deciding());
    let mut found = Vec::new();
    if let Some(on) = meeting.held_on() {
        let reports = meeting.reports.iter().map(|(_, told)| Behind {
            position: told.position,
            part: part(told.fact.held_on.says_the_same(on), Some(told.position) == by.held_on),
        });
        found.push(Value::of(ValueField::HeldOn, on.label(), in_order(reports)).dated(Some(on)));
    }
    if let Some(text) = places(meeting.places()) {
        let behind = accounts.behind(by.places, |plan| places(&plan.places), |report| places(&report.places));
        found.push(Value::of(ValueField::Places, text, behind));
    }
    if let Some(series) = meeting.series() {
        let behind = accounts.behind(by.series, |plan| text(&plan.series), |report| text(&report.series));
        found.push(Value::of(ValueField::Series, "", behind).naming([series]));
    }
    if let Some(number) = meeting.number() {
        let behind = accounts.behind(by.number, |plan| text(&plan.number), |report| text(&report.number));
        found.push(Value::of(ValueField::Number, number.to_string(), behind));
    }
    if let Some(summary) = meeting.summary() {
        let behind = accounts.behind(by.summary, |plan| text(&plan.summary), |report| text(&report.summary));
        found.push(Value::of(ValueField::Summary, summary.as_str(), behind));
    }
    let is_retitled = views.names.titles(meeting.slug.as_str()).next().is_some();
    if !is_retitled && !meeting.title().is_empty() {
        let behind = accounts.behind(
            by.title,
            |plan| Some(plan.title.to_string()),
            |report| text(&report.title),
        );
        found.push(Value::of(ValueField::Title, meeting.title(), behind));
    }
    found
}

fn text(told: &Option<impl ToString>) -> Option<String> {
    told.as_ref().map(ToString::to_string)
}

fn places(places: &[Place]) -> Option<String> {
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join("; "))
}

/// What several events say of a party is read together, so all of them decide, but for those that say another mode.
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
    let behind = attendance.told().map(|(position, mode)| Behind {
        position,
        part: match mode.is_none_or(|mode| Some(mode) == who.mode) {
            true => Part::Decides,
            false => Part::Outweighed,
        },
    });
    Value::of(ValueField::Attendance, text, in_order(behind))
        .on(Subject::Party(who.party.clone()))
        .naming(&who.of)
}
