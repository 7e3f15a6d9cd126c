//! The values that any dossier has: its title, what its records tell, the numbers in them, the positions on it, its links.

use super::behind::weighed;
use super::{Found, Subject, Value, ValueField, word};
use crate::Views;
use crate::rough;
use rapporteur_domain::common::Quantity;
use rapporteur_domain::event::Event;
use rapporteur_domain::fact::{Fact, Home};
use rapporteur_domain::id::{RecordRef, Slug};

pub(super) fn find(views: &Views, slug: &Slug, found: &mut Found) {
    for entry in views.timeline.of_dossier(slug.as_str()) {
        let (Some(event), Some(fact)) = (entry.event(), entry.fact()) else {
            continue;
        };
        if is_told_as_such(event) && !only_its_title(fact) {
            let value = Value::of(ValueField::Record, fact.summary(), Vec::new())
                .on(Subject::Record(entry.record.clone()))
                .dated(fact.when());
            found.tell(value, entry.position());
        }
        if !matches!(event, Event::CountRecorded(_)) {
            for quantity in fact.quantities() {
                let value = Value::of(ValueField::Quantity, number(quantity), Vec::new())
                    .on(Subject::What(quantity.what.to_string()));
                found.tell(value, entry.position());
            }
        }
    }
    positions(views, slug, found);
    links(views, slug, found);
    title(views, slug).into_iter().for_each(|value| found.add(value));
}

/// Whether what an event says is a value of its own: what is shown as a stage, a count, a date or a position is that.
fn is_told_as_such(event: &Event) -> bool {
    !matches!(
        event,
        Event::StageRecorded(_)
            | Event::CountRecorded(_)
            | Event::PositionTaken(_)
            | Event::PositionUnknown(_)
            | Event::MeetingScheduled(_)
            | Event::MeetingRescheduled(_)
            | Event::MeetingPostponed(_)
            | Event::MeetingCancelled(_)
            | Event::MeetingNotHeld(_)
            | Event::MeetingStarted(_)
            | Event::MeetingHeld(_)
            | Event::ParticipationRecorded(_)
            | Event::RecordsLinked(_)
            | Event::DossierRetitled(_)
            | Event::PartyRegistered(_)
            | Event::SourceRegistered(_)
            | Event::TopicRegistered(_)
            | Event::SeriesRegistered(_)
    ) && !event.amends()
        && !event.names()
}

/// Whether what opens a dossier says no more than its title.
fn only_its_title(fact: &dyn Fact) -> bool {
    match fact.home() {
        Home::Opens(_, _, title) => title == fact.summary(),
        _ => false,
    }
}

/// `about 300 troops`, or the source's words.
fn number(quantity: &Quantity) -> String {
    let said = rough::words(quantity);
    match &quantity.unit {
        Some(unit) => format!("{said} {unit}"),
        None => said,
    }
}

fn positions(views: &Views, slug: &Slug, found: &mut Found) {
    let own = RecordRef::to_dossier(slug);
    for told in views.issues.positions_on(slug.as_str()) {
        let position = told.fact.as_ref();
        let text = match position.stance {
            Some(stance) => format!("{}: {}", word(&stance), position.summary),
            None => position.summary.to_string(),
        };
        for party in &position.by {
            let subject = match position.on == own {
                true => Subject::Party(party.clone()),
                false => Subject::PartyOn(party.clone(), position.on.clone()),
            };
            let value = Value::of(ValueField::Position, text.clone(), Vec::new())
                .on(subject)
                .dated(Some(&position.taken_on));
            found.tell(value, told.position);
        }
    }
}

fn links(views: &Views, slug: &Slug, found: &mut Found) {
    let links = views.links.of_dossier(slug.as_str()).into_iter().flatten();
    for told in links.filter(|told| told.fact.from.dossier() == slug.as_str()) {
        let link = told.fact.as_ref();
        let text = match link.likelihood {
            Some(likelihood) => format!("{} ({})", word(&link.link), word(&likelihood)),
            None => word(&link.link),
        };
        let value = Value::of(ValueField::Link, text, Vec::new()).on(Subject::Record(link.to.clone()));
        found.tell(value, told.position);
    }
}

/// The title that stands, but for a meeting's own, which its accounts decide.
fn title(views: &Views, slug: &Slug) -> Option<Value> {
    let given: Vec<(u64, String)> = views
        .names
        .titles(slug.as_str())
        .map(|told| (told.position, told.fact.title.to_string()))
        .collect();
    if given.is_empty() && views.meetings.get(slug.as_str()).is_some() {
        return None;
    }
    let entries = views.timeline.of_dossier(slug.as_str());
    let opened = entries.iter().find_map(|entry| match entry.fact()?.home() {
        Home::Opens(_, _, title) | Home::OpensOrTells(_, _, Some(title), None, _) => {
            Some((entry.position(), title.to_string()))
        }
        _ => None,
    });
    let told: Vec<(u64, String)> = opened.into_iter().chain(given.iter().cloned()).collect();
    let (decides, text) = given.last().or(told.first())?.clone();
    Some(Value::of(ValueField::Title, text, weighed(Some(decides), told)))
}
