//! As of another moment: the same as a store that holds no more, and the same as a fold of what was public then.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod reference;
mod supposed;

use crate::reference::Reference;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use rapporteur_desk::history::History;
use rapporteur_desk::import::import;
use rapporteur_desk::{Clock, Desk, Outcome, replay};
use rapporteur_domain::command::Command;
use rapporteur_domain::event::Event;
use rapporteur_log::{Hash, MemoryLog};
use rapporteur_testkit::facts::files;
use rapporteur_testkit::histories::{Step, amendment, command, ground};
use rapporteur_views::Views;
use rapporteur_views::moment::{Asked, Moment, Published, Recording};
use rapporteur_views::public::Ground;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A desk whose clock goes on by a minute at each look.
fn desk(log: &Arc<MemoryLog>) -> Desk {
    let start: DateTime<Utc> = "2026-01-06T18:00:00Z".parse().unwrap();
    let minutes = AtomicI64::new(0);
    let clock: Clock = Arc::new(move || start + Duration::minutes(minutes.fetch_add(1, Ordering::Relaxed)));
    Desk::open(Arc::clone(log) as _, clock, &mut |_| {}).unwrap()
}

fn record(desk: &Desk, command: Value) -> Outcome {
    let pending = desk.send_batch(vec![Command::parse(command)], "test").unwrap();
    pending.wait().unwrap()
}

/// A random step; some rename and merge, some amend what is recorded.
fn step(desk: &Desk, step: Step) -> Value {
    let (what, which, choice, when) = step;
    let views = desk.views();
    if what >= 208
        && let Some(entry) = views.timeline.latest().nth(usize::from(when) % views.timeline.len())
        && let Some(event) = entry.event()
    {
        return amendment(event, entry.position(), step);
    }
    let kind = ["meeting", "round", "issue", "claim"][usize::from(choice % 4)];
    let slug = |number: u8| format!("{kind}-{}", number % 3);
    match what % 26 {
        24 | 25 => {
            let name = |source: u8| ["wire", "undated", "later", "vague"][usize::from(source % 4)];
            let cited = |source: u8| json!([{ "source": name(source) }]);
            let more = [
                json!({ "value": "one", "citations": cited(when) }),
                json!({ "value": "two", "citations": cited(when / 4) }),
                json!({ "value": "three", "citations": cited(when / 16) }),
            ];
            json!({ "recordRivalValues": { "about": slug(which), "field": "number", "values": more[..1 + usize::from(when / 64 % 3)] } })
        }
        20 | 21 => json!({ "renameDossier": { "dossier": slug(which), "slug": format!("{}-again", slug(which)) } }),
        23 => {
            let (from, into) = (format!("meeting-{}", which % 3), format!("meeting-{}", choice % 3));
            let record = ["report", "rescheduled", "called-off"][usize::from(choice / 4 % 3)];
            json!({ "moveRecords": { "from": from, "into": into, "records": [format!("{from}#{record}")] } })
        }
        22 => json!({ "mergeDossiers": { "into": slug(which), "dossier": slug(which.wrapping_add(1)) } }),
        what => command((what, step.1, step.2, step.3)),
    }
}

fn given(steps: &[Step]) -> (Arc<MemoryLog>, Desk) {
    let log = Arc::default();
    let desk = desk(&log);
    ground().into_iter().for_each(|command| drop(record(&desk, command)));
    for each in steps {
        record(&desk, step(&desk, *each));
    }
    (log, desk)
}

fn facts() -> (Arc<MemoryLog>, Desk) {
    let log = Arc::default();
    let desk = desk(&log);
    for (name, text) in files() {
        let report = import(&desk, text.as_bytes(), "desk", &mut |_| {}).unwrap();
        assert_eq!(report.refused, 0, "{name}");
    }
    (log, desk)
}

fn histories() -> impl Strategy<Value = Vec<Step>> {
    vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..60)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn shown(views: &Views) -> BTreeSet<u64> {
    views.timeline.latest().map(|entry| entry.position()).collect()
}

/// The sources that an event cites, wherever in it.
fn sources(event: &Event) -> Vec<String> {
    let json = event.to_json().unwrap();
    let values = json["values"].as_array().into_iter().flatten();
    let lists = values
        .map(|value| &value["citations"])
        .chain([&json["evidence"]["citations"]]);
    let citations = lists.filter_map(Value::as_array).flatten();
    citations
        .map(|citation| citation["source"].as_str().unwrap().to_owned())
        .collect()
}

/// A published moment holds what the reference says, cites nothing later, and holds its own views' rules.
fn agrees(present: &Arc<Views>, history: &History, asked: Published) -> Result<(), TestCaseError> {
    let then = history.as_of(present, Moment::published(asked)).unwrap();
    let reference = Reference::of(present);
    prop_assert_eq!(shown(&then), reference.visible(present, &asked), "{:?}", asked);
    prop_assert_eq!(then.position(), present.position());
    for entry in then.timeline.latest() {
        let cited = sources(entry.event().unwrap());
        let known = |source: &&str| reference.dates_of(source);
        let public = |source: &&str| known(source) == (None, None) || Reference::within(known(source), &asked);
        let all = sources(present.timeline.entry(entry.position()).unwrap().event().unwrap());
        let expected: Vec<String> = all.into_iter().filter(|source| public(&source.as_str())).collect();
        prop_assert_eq!(cited, expected, "citations of {}", entry.position());
    }
    Ok(())
}

/// The views that came out differently.
fn differing(one: &Views, other: &Views) -> Vec<&'static str> {
    let pairs = one.digests().into_iter().zip(other.digests());
    pairs
        .filter(|(one, other)| one != other)
        .map(|((name, _), _)| name)
        .collect()
}

fn published(by: &str, possibly: bool, assumed: bool) -> Published {
    Published {
        by: day(by),
        possibly,
        assumed,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn as_of_a_position_is_what_a_store_of_that_prefix_shows(steps in histories(), asked in vec(any::<prop::sample::Index>(), 1..12)) {
        let (log, desk) = given(&steps);
        let (present, history) = (desk.views(), History::stepping(3));
        for at in asked {
            let position = at.index(usize::try_from(present.position()).unwrap() + 1) as u64;
            let then = history.as_of(&present, Moment::recorded(position)).unwrap();
            let prefix = replay::rebuild(&*log, position, &mut |_| {}).unwrap();
            prop_assert_eq!(then.position(), position);
            prop_assert_eq!(differing(&then, &prefix), [""; 0], "as of {}", position);
        }
    }

    #[test]
    fn whatever_is_renamed_and_amended_every_fold_is_the_same(steps in histories()) {
        let (log, desk) = given(&steps);
        let present = desk.views();
        let rebuilt = replay::rebuild(&*log, present.position(), &mut |_| {}).unwrap();
        prop_assert_eq!(differing(&present, &rebuilt), [""; 0], "rebuilt");
        let opened = self::desk(&log).views();
        prop_assert_eq!(differing(&present, &opened), [""; 0], "opened again");
    }

    #[test]
    fn as_of_a_day_is_a_fold_of_what_was_public(steps in histories(), days in 0_u64..60, possibly: bool, assumed: bool) {
        let (_, desk) = given(&steps);
        let by = day("2025-12-20") + chrono::Days::new(days);
        agrees(&desk.views(), &History::default(), Published { by, possibly, assumed })?;
    }

    #[test]
    fn a_day_that_is_kept_grows_as_if_folded_anew(steps in histories(), more in histories(), days in 0_u64..60, possibly: bool, assumed: bool) {
        let (_, desk) = given(&steps);
        let by = day("2025-12-20") + chrono::Days::new(days);
        let moment = Moment::published(Published { by, possibly, assumed });
        let kept = History::default();
        kept.as_of(&desk.views(), moment).unwrap();
        for each in more {
            record(&desk, step(&desk, each));
            let present = desk.views();
            let grown = kept.as_of(&present, moment).unwrap();
            let anew = History::default().as_of(&present, moment).unwrap();
            prop_assert_eq!(differing(&grown, &anew), [""; 0]);
            prop_assert_eq!(grown.position(), present.position());
            let at_hand = kept.at_hand(&present, moment).unwrap();
            prop_assert!(Arc::ptr_eq(&at_hand, &grown));
        }
    }

    #[test]
    fn both_clocks_together_are_the_day_in_the_store_of_then(steps in histories(), at: prop::sample::Index, days in 0_u64..60) {
        let (log, desk) = given(&steps);
        let present = desk.views();
        let position = at.index(usize::try_from(present.position()).unwrap() + 1) as u64;
        let asked = Published::by(day("2025-12-20") + chrono::Days::new(days));
        let both = Moment { recorded: Some(position), published: Some(asked), ..Moment::default() };
        let then = History::default().as_of(&present, both).unwrap();
        let prefix = Arc::new(replay::rebuild(&*log, position, &mut |_| {}).unwrap());
        let alone = History::default().as_of(&prefix, Moment::published(asked)).unwrap();
        prop_assert_eq!(differing(&then, &alone), [""; 0]);
    }
}

#[test]
fn the_facts_as_of_positions_all_along_are_what_a_store_of_that_prefix_shows() {
    let (log, desk) = facts();
    let (present, history) = (desk.views(), History::default());
    let mut positions: Vec<u64> = (0..=present.position())
        .step_by(97)
        .chain([present.position()])
        .collect();
    positions.reverse();
    positions.extend([5, 1_000, 700, 1_001]);
    for position in positions {
        let then = history.as_of(&present, Moment::recorded(position)).unwrap();
        let prefix = replay::rebuild(&*log, position, &mut |_| {}).unwrap();
        assert_eq!(then.digests(), prefix.digests(), "as of {position}");
    }
}

#[test]
fn the_facts_as_of_days_all_along_are_a_fold_of_what_was_public() {
    let (_, desk) = facts();
    let (present, history) = (desk.views(), History::default());
    for by in [
        "1990-01-01",
        "2022-06-30",
        "2024-02-29",
        "2025-08-16",
        "2025-12-31",
        "2026-01-05",
        "2026-01-06",
        "2026-07-01",
    ] {
        for (possibly, assumed) in [(false, true), (true, true), (false, false), (true, false)] {
            agrees(&present, &history, published(by, possibly, assumed)).unwrap();
        }
    }
}

/// Each event that says since when it surely was public is admitted from that day on and not before.
fn since_when(views: &Views) {
    let mut told = 0;
    for entry in views.timeline.latest() {
        let Some((since, Ground::Citation | Ground::OwnDate)) = views.public.since(entry.position()) else {
            continue;
        };
        let Some(day) = since.surely else { continue };
        let on = |by| views.public.admits(entry.position(), &Published::by(by));
        assert!(on(day) && !on(day.pred_opt().unwrap()), "{} since {day}", entry.record);
        told += 1;
    }
    assert!(told > 5, "{told}");
}

#[test]
fn the_facts_are_admitted_from_the_day_that_is_told_on() {
    let (_, desk) = facts();
    since_when(&desk.views());
}

#[test]
fn what_is_kept_of_one_moment_is_not_given_for_another() {
    let (_, desk) = facts();
    let (present, history) = (desk.views(), History::default());
    let ask = |moment| history.as_of(&present, moment).unwrap();
    let first = ask(Moment::published(published("2026-01-05", false, true)));
    let dated = ask(Moment::published(published("2026-01-05", false, false)));
    let maybe = ask(Moment::published(published("2026-01-05", true, true)));
    assert!(shown(&dated).is_subset(&shown(&first)) && shown(&first).is_subset(&shown(&maybe)));
    assert!(shown(&dated).len() < shown(&first).len() && shown(&first).len() < shown(&maybe).len());
    let again = ask(Moment::published(published("2026-01-05", false, true)));
    assert!(
        Arc::ptr_eq(&first, &again),
        "a moment asked for again is not folded again"
    );
}

#[test]
fn an_instant_is_the_last_position_recorded_by_then() {
    let (_, desk) = given(&[]);
    let present = desk.views();
    let at = |position: u64| present.timeline.recorded(position).unwrap().header.recorded_at;
    let ask = |instant| {
        let recorded = Some(Recording::Instant(instant));
        desk.moment(&Asked {
            recorded,
            published: None,
        })
        .recorded
    };
    assert_eq!(ask(at(3)), Some(3));
    assert_eq!(ask(at(4) - Duration::microseconds(1)), Some(3));
    assert_eq!(ask(at(1) - Duration::seconds(1)), Some(0));
    assert_eq!(
        ask(at(present.position()) + Duration::days(1)),
        Some(present.position())
    );
}

#[test]
fn a_position_beyond_the_record_is_refused_with_where_the_log_ends() {
    let (_, desk) = given(&[]);
    let head = desk.views().position();
    let error = desk
        .views_as_of(&desk.views(), Moment::recorded(head + 1))
        .err()
        .unwrap();
    assert_eq!((error.asked, error.head), (head + 1, head));
    assert!(desk.views_as_of(&desk.views(), Moment::recorded(head)).is_ok());
}
