//! Any history of names reads the same again, whenever something was told.

use crate::desk::*;
use proptest::prelude::*;
use rapporteur_desk::Outcome;
use rapporteur_domain::decide::record_suffix;
use rapporteur_domain::event::Event;
use rapporteur_views::Views;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A step in a random history of three people under changing names.
#[derive(Debug, Clone)]
enum Step {
    Office(usize, u8),
    Meeting(usize, u8),
    Link(usize, u8, usize),
    Rename(usize, usize),
    Merge(usize, usize),
    Move(usize, usize, Vec<(usize, u8)>),
}

const SLUGS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn step() -> impl Strategy<Value = Step> {
    let slug = || 0..SLUGS.len();
    prop_oneof![
        6 => (slug(), 0..4_u8).prop_map(|(s, n)| Step::Office(s, n)),
        2 => (slug(), 0..4_u8).prop_map(|(s, n)| Step::Meeting(s, n)),
        3 => (slug(), 1..4_u8, slug()).prop_map(|(s, n, t)| Step::Link(s, n, t)),
        2 => (slug(), slug()).prop_map(|(a, b)| Step::Rename(a, b)),
        1 => (slug(), slug()).prop_map(|(a, b)| Step::Merge(a, b)),
        6 => (slug(), slug(), prop::collection::vec((slug(), 1..4_u8), 0..2))
            .prop_map(|(a, b, more)| Step::Move(a, b, more)),
    ]
}

/// An office by the key that is made up for it.
fn made(slug: usize, number: u8) -> String {
    match number {
        1 => format!("{}#office", SLUGS[slug]),
        _ => format!("{}#office-{number}", SLUGS[slug]),
    }
}

impl Step {
    /// The command; a move takes an office that the dossier has now, and others that it may have.
    fn command(&self, views: &Views) -> Value {
        match self {
            Self::Office(s, n) => office(SLUGS[*s], &format!("Office {n}")),
            Self::Meeting(s, n) => meeting(&format!("m{n}"), SLUGS[*s]),
            Self::Link(s, n, t) => {
                json!({ "linkRecords": { "from": made(*s, *n), "to": SLUGS[*t], "link": "PART_OF" } })
            }
            Self::Rename(a, b) => rename(SLUGS[*a], SLUGS[*b]),
            Self::Merge(a, b) => merge(SLUGS[*a], SLUGS[*b]),
            Self::Move(a, b, more) => {
                let holders: Vec<_> = views.parties.all().filter(|(_, p)| !p.offices.is_empty()).collect();
                let all: Vec<_> = views.parties.all().map(|(slug, _)| slug.as_str()).collect();
                let first = holders.get(a % holders.len().max(1));
                let from = first.map_or(SLUGS[*a], |(slug, _)| slug.as_str());
                let key = first.and_then(|(_, p)| p.offices.last()?.fact.key.as_ref());
                let records = key.map(|key| format!("{from}#{key}")).into_iter();
                let records: Vec<String> = records.chain(more.iter().map(|(s, n)| made(*s, *n))).collect();
                let records: Vec<&str> = records.iter().map(String::as_str).collect();
                move_to(from, all[b % all.len()], &records)
            }
        }
    }
}

/// The reference of the record that an event made, in the names that were written.
fn written(event: &Event) -> String {
    let home = event.fact().home();
    format!("{}{}", home.dossier(), record_suffix(&home).unwrap_or_default())
}

/// Every record is found where its reference leads, no name of today leads elsewhere, and nothing refers to what is not there.
pub(crate) fn is_sound(views: &Views) -> Result<(), TestCaseError> {
    let moved = views.names.moved();
    for entry in views.timeline.latest() {
        let (record, position) = (entry.record.as_str(), entry.position());
        prop_assert_eq!(moved.reference(record), None, "{} at {}", record, position);
        let was = written(entry.recorded.as_written().unwrap());
        let now = moved.reference(&was).unwrap_or_else(|| was.clone());
        prop_assert_eq!(&now, record, "{} at {}", was, position);
        if record.contains('#') {
            let told = views.timeline.of_record(record);
            prop_assert_eq!(told.len(), 1, "{} is told by more than one event", record);
        }
        let dossier = entry.recorded.dossier.slug.as_str();
        prop_assert!(views.timeline.positions_of(dossier).unwrap().contains(&position));
    }
    for (slug, _) in views.timeline.dossiers() {
        let positions: Vec<u64> = views
            .timeline
            .positions_of(slug.as_str())
            .unwrap()
            .iter()
            .copied()
            .collect();
        prop_assert!(positions.is_sorted(), "{slug}: {positions:?}");
        let row: Vec<_> = views.links.of_dossier(slug.as_str()).into_iter().flatten().collect();
        prop_assert!(
            row.is_sorted_by_key(|told| told.position),
            "a page is entered by halving"
        );
        for link in row {
            for end in [&link.fact.from, &link.fact.to] {
                prop_assert!(
                    !views.timeline.of_record(end.as_str()).is_empty(),
                    "a link ends at {end}"
                );
            }
        }
    }
    Ok(())
}

/// Every stream goes on without a gap, and its dossier is at the version of its last event wherever that is now.
pub(crate) fn counts_up(views: &Views) -> Result<(), TestCaseError> {
    let mut streams = BTreeMap::new();
    for entry in views.timeline.latest() {
        let header = &entry.recorded.header;
        let versions: &mut Vec<u32> = streams.entry(header.dossier.slug.clone()).or_default();
        versions.push(header.version);
    }
    for (stream, mut versions) in streams {
        versions.sort_unstable();
        let last = u32::try_from(versions.len()).unwrap();
        prop_assert_eq!(&versions, &(1..=last).collect::<Vec<_>>(), "{}", stream);
        if views.names.moved().merged(stream.as_str()).is_none() {
            let today = views.names.moved().slug(stream.as_str()).unwrap_or(&stream);
            let mark = views.timeline.dossier(today.as_str()).unwrap().1;
            prop_assert_eq!(mark.version, last, "{}", stream);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_history_of_names_reads_the_same_again_and_refers_to_what_is_there(steps in prop::collection::vec(step(), 1..40)) {
        // Two people are known from the start, one is met on the way.
        let people: Vec<Value> = SLUGS[..3].iter().map(|s| person(s, &s.to_uppercase())).collect();
        let given = given(&[source(), people[0].clone(), people[1].clone()]);
        let mut recorded = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            if index == steps.len() / 2 {
                given.when(&people[2..]);
            }
            let command = step.command(&given.desk.views());
            if let Outcome::Recorded(receipts) = given.when(std::slice::from_ref(&command))
                && !receipts[0].already_there
            {
                recorded.push(command);
            }
        }
        given.holds();
        let views = given.desk.views();
        is_sound(&views)?;
        counts_up(&views)?;
        for meeting in views.meetings.all().map(|(slug, _)| slug.to_string()) {
            for party in given.attends(&meeting) {
                prop_assert!(views.parties.get(&party).is_some(), "{party} attends {meeting}");
            }
        }
        let offices: usize = views.parties.all().map(|(_, party)| party.offices.len()).sum();
        let told: Vec<&Value> = recorded.iter().filter(|c| c.get("recordOffice").is_some()).collect();
        prop_assert_eq!(offices, told.len());
        let position = views.position();
        for again in told {
            given.when(std::slice::from_ref(again));
        }
        prop_assert_eq!(given.desk.views().position(), position, "what was told of a party is there by any of its names");
    }
}
