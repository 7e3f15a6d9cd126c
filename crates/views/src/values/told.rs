//! The values that any dossier has: its title, what its records tell, the numbers in them, the positions on it, its links.

use super::behind::{Behind, Part, weighed};
use super::{Found, Subject, Value, ValueField, word};
use crate::Views;
use crate::matrix::apart;
use crate::rough;
use crate::told::Told;
use rapporteur_domain::common::Quantity;
use rapporteur_domain::event::Event;
use rapporteur_domain::fact::{Fact, Home};
use rapporteur_domain::id::{RecordRef, Slug};
use rapporteur_domain::issue::TakePosition;
use std::collections::BTreeMap;

pub(super) fn find(views: &Views, slug: &Slug, found: &mut Found) {
    let is_retitled = views.names.titles(slug.as_str()).next().is_some();
    for entry in views.timeline.of_dossier(slug.as_str()) {
        let (Some(event), Some(fact)) = (entry.event(), entry.fact()) else {
            continue;
        };
        if is_told_as_such(event) && (is_retitled || !only_its_title(fact)) {
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

/// Whether what opens a dossier says no more than its title, and perhaps its date, which the title bears then.
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

/// The positions that stand, several of a party side by side; those that others surely came after are outweighed by them.
fn positions(views: &Views, slug: &Slug, found: &mut Found) {
    let mut held: BTreeMap<(&Slug, &RecordRef), Vec<&Told<TakePosition>>> = BTreeMap::new();
    for told in views.issues.positions_on(slug.as_str()) {
        for party in &told.fact.by {
            held.entry((party, &told.fact.on)).or_default().push(told);
        }
    }
    let own = RecordRef::to_dossier(slug);
    for ((party, on), held) in held {
        let (earlier, standing) = apart(held.into_iter());
        let earlier = earlier.iter().map(|told| Behind {
            position: told.position,
            part: Part::Outweighed,
        });
        let earlier: Vec<Behind> = earlier.collect();
        let subject = match *on == own {
            true => Subject::Party(party.clone()),
            false => Subject::PartyOn(party.clone(), on.clone()),
        };
        let first = found.values.len();
        for told in standing {
            let position = told.fact.as_ref();
            let text = match position.stance {
                Some(stance) => format!("{}: {}", word(&stance), position.summary),
                None => position.summary.to_string(),
            };
            let value = Value::of(ValueField::Position, text, Vec::new())
                .on(subject.clone())
                .dated(Some(&position.taken_on));
            found.tell(value, told.position);
        }
        for value in found.values.iter_mut().skip(first) {
            value.behind.extend_from_slice(&earlier);
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
    let positions = views.timeline.positions_of(slug.as_str()).into_iter().flatten();
    let entries = positions.filter_map(|at| views.timeline.entry(*at));
    let openings = entries.filter_map(|entry| {
        let (event, fact) = (entry.event()?, entry.fact()?);
        match fact.home() {
            Home::Opens(_, _, title) | Home::OpensOrTells(_, _, Some(title), None, _) => {
                let on = fact.when().filter(|_| is_told_as_such(event) && only_its_title(fact));
                Some((entry.recorded.place, (entry.position(), title.to_string()), on))
            }
            _ => None,
        }
    });
    // Of what was merged the first opened stays.
    let opened = openings.min_by_key(|(place, ..)| *place);
    let on = opened.as_ref().and_then(|(.., on)| *on).filter(|_| given.is_empty());
    let opened = opened.map(|(_, opened, _)| opened);
    let told: Vec<(u64, String)> = opened.into_iter().chain(given.iter().cloned()).collect();
    let (decides, text) = given.last().or(told.first())?.clone();
    Some(Value::of(ValueField::Title, text, weighed(Some(decides), told)).dated(on))
}
