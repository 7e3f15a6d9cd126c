//! What changed between two moments: the values of the earlier one with the changes are those of the later one.

use crate::{differing, facts, given, histories};
use proptest::prelude::*;
use rapporteur_desk::dossier_history::{Bearing, Walk};
use rapporteur_desk::history::History;
use rapporteur_domain::id::Slug;
use rapporteur_domain::moved::Moved;
use rapporteur_views::Views;
use rapporteur_views::changes::{Change, ChangeKind, DossierChanges, between};
use rapporteur_views::claims::Claim;
use rapporteur_views::expectations::settled;
use rapporteur_views::moment::{Moment, Published};
use rapporteur_views::permalink::{Broken, Permalink, Why};
use rapporteur_views::values::{Value, ValueField, of_dossier};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Told = BTreeSet<String>;

/// What a value says, as a text.
fn said(value: &Value) -> String {
    let subject = value.subject.as_ref().map(ToString::to_string).unwrap_or_default();
    format!(
        "{:?} {subject}: {} {:?} {:?}",
        value.field, value.text, value.names, value.date
    )
}

/// What the values of each dossier say, in these names.
fn all(views: &Views, moved: &Moved) -> BTreeMap<Slug, Told> {
    let mut found: BTreeMap<Slug, Told> = BTreeMap::new();
    for (slug, _) in views.timeline.dossiers() {
        let now = moved.slug(slug.as_str()).unwrap_or(slug).clone();
        let values = of_dossier(views, slug.as_str()).into_iter();
        found
            .entry(now)
            .or_default()
            .extend(values.map(|value| said(&value.renamed(moved))));
    }
    found.retain(|_, told| !told.is_empty());
    found
}

fn changed(mut known: BTreeMap<Slug, Told>, changes: &[DossierChanges]) -> BTreeMap<Slug, Told> {
    for of_dossier in changes {
        let told = known.entry(of_dossier.dossier.clone()).or_default();
        for Change { before, after, .. } in &of_dossier.changes {
            told.retain(|known| before.iter().all(|value| said(value) != *known));
            told.extend(after.iter().map(said));
        }
    }
    known.retain(|_, told| !told.is_empty());
    known
}

/// The values at one moment with the changes up to another are those of the other.
fn accounts(old: &Views, new: &Views) -> Result<Vec<DossierChanges>, TestCaseError> {
    let moved = new.names.moved();
    let changes = between(old, new);
    prop_assert_eq!(changed(all(old, moved), &changes), all(new, moved));
    let was_there = all(old, moved);
    for of_dossier in &changes {
        prop_assert!(!of_dossier.changes.is_empty());
        prop_assert!(!of_dossier.is_new || !was_there.contains_key(&of_dossier.dossier));
    }
    Ok(changes)
}

fn index(at: prop::sample::Index, views: &Views) -> u64 {
    at.index(usize::try_from(views.position()).unwrap() + 1) as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_shown_with_what_changed_is_what_is_shown(steps in histories(), one: prop::sample::Index, other: prop::sample::Index) {
        let (_, desk) = given(&steps);
        let (present, history) = (desk.views(), History::stepping(3));
        let (one, other) = (index(one, &present), index(other, &present));
        let (from, to) = (one.min(other), one.max(other));
        let at = |position| history.as_of(&present, Moment::recorded(position)).unwrap();
        let (old, new) = (at(from), at(to));
        let changes = accounts(&old, &new)?;
        for change in changes.iter().flat_map(|found| &found.changes) {
            prop_assert!(!change.by.is_empty(), "{:?}", change);
        }
        let by = changes.iter().flat_map(|found| &found.changes).flat_map(|change| &change.by);
        for position in by.collect::<BTreeSet<_>>() {
            prop_assert!(*position > from && *position <= to, "{} is not between {} and {}", position, from, to);
        }
        prop_assert!(between(&new, &new).is_empty());
        for position in from.max(1)..to {
            accounts(&at(position - 1), &at(position))?;
        }
    }

    #[test]
    fn what_was_public_with_what_became_public_is_what_is_public(steps in histories(), first in 0_u64..40, more in 0_u64..40, possibly: bool, assumed: bool) {
        let (_, desk) = given(&steps);
        let (present, history) = (desk.views(), History::default());
        let at = |days| {
            let by = crate::day("2025-12-20") + chrono::Days::new(days);
            history.as_of(&present, Moment::published(Published { by, possibly, assumed })).unwrap()
        };
        let (old, new) = (at(first), at(first + more));
        let amended = accounts(&old, &new)?.into_iter().flat_map(|found| found.changes).find(|change| {
            matches!(change.kind, ChangeKind::Corrected | ChangeKind::Retracted | ChangeKind::Redacted)
        });
        prop_assert!(amended.is_none(), "the desk erred, not the public: {:?}", amended);
        accounts(&new, &present)?;
    }

    #[test]
    fn a_step_of_a_dossiers_history_is_what_that_event_changed_of_it(steps in histories(), which: prop::sample::Index) {
        let (_, desk) = given(&steps);
        let (present, history) = (desk.views(), History::stepping(3));
        let slugs: Vec<Slug> = present.timeline.dossiers().map(|(slug, _)| slug.clone()).collect();
        let slug = which.get(&slugs).as_str();
        let bearing = Bearing::on(&present, slug);
        let mut walk = Walk::along(&present, slug, &bearing);
        let today = |slug: &Slug| present.names.moved().slug(slug.as_str()).unwrap_or(slug).clone();
        let at = |position| history.as_of(&present, Moment::recorded(position)).unwrap();
        for position in 1..=present.position() {
            let whole = between(&at(position - 1), &at(position)).into_iter();
            let whole: Vec<String> = whole.filter(|found| today(&found.dossier).as_str() == slug).flat_map(|found| own(&found.changes)).collect();
            let step = if bearing.steps.contains(&position) { own(&walk.step(position).changes) } else { Vec::new() };
            let event = present.timeline.recorded(position).unwrap();
            prop_assert_eq!(step, whole, "{} at {}: {} {:?}", slug, position, event.header.kind, event.as_written());
        }
    }

    #[test]
    fn permalinks_hold_whatever_is_recorded_since(steps in histories(), more in histories(), at: prop::sample::Index, days in 0_u64..60) {
        let (_, desk) = given(&steps);
        let (present, history) = (desk.views(), History::default());
        let recorded = Moment::recorded(index(at, &present));
        let published = Published::by(crate::day("2025-12-20") + chrono::Days::new(days));
        let moments = [Moment::default(), recorded, Moment::published(published), Moment { published: Some(published), ..recorded }];
        let links: Vec<Permalink> = moments.iter().flat_map(|moment| {
            links(&history.as_of(&present, *moment).unwrap())
        }).collect();
        for each in more {
            crate::record(&desk, crate::step(&desk, each));
        }
        let (later, anew) = (desk.views(), History::default());
        for link in links {
            let link: Permalink = link.to_string().parse().unwrap();
            prop_assert_eq!(link.belongs(&later), Ok(()));
            let then = anew.as_of(&later, link.moment()).unwrap();
            match link.rebuilt(&then, &later) {
                Ok(values) => prop_assert!(!values.is_empty()),
                Err(Broken::Otherwise(Why::Redacted(_) | Why::ReadOtherwise(Some(_)))) => {}
                Err(broken) => prop_assert!(false, "{}: {}", link, broken),
            }
        }
    }
}

/// A link to each value.
fn links(views: &Arc<Views>) -> Vec<Permalink> {
    let slugs: Vec<&Slug> = views.timeline.dossiers().map(|(slug, _)| slug).collect();
    let links = slugs.into_iter().flat_map(|slug| {
        let all = of_dossier(views, slug.as_str());
        let link = |value: &Value| {
            let own: Vec<Value> = all.iter().filter(|other| other.key() == value.key()).cloned().collect();
            let subject = value.subject.as_ref().map(ToString::to_string);
            Permalink::to_these(views, slug.as_str(), &own, subject.as_deref()).unwrap()
        };
        all.iter().map(link).collect::<Vec<_>>()
    });
    links.collect()
}

/// Changes of values, as texts.
fn own(changes: &[Change]) -> Vec<String> {
    let told = changes
        .iter()
        .filter(|change| change.field.is_some() || change.kind == ChangeKind::Contradicted);
    told.map(|change| {
        let told = |values: &[Value]| values.iter().map(said).collect::<Vec<_>>();
        format!(
            "{:?} {:?} -> {:?}",
            change.kind,
            told(&change.before),
            told(&change.after)
        )
    })
    .collect()
}

#[test]
fn the_facts_with_what_changed_are_the_facts_all_along() {
    let (_, desk) = facts();
    let (present, history) = (desk.views(), History::default());
    let positions = (0..=present.position()).step_by(211).chain([present.position()]);
    let moments: Vec<Arc<Views>> = positions
        .map(|position| history.as_of(&present, Moment::recorded(position)).unwrap())
        .collect();
    for pair in moments.windows(2) {
        accounts(&pair[0], &pair[1]).unwrap();
    }
    let days = [
        "2014-07-31",
        "2022-06-30",
        "2025-06-30",
        "2025-11-26",
        "2025-11-27",
        "2026-01-06",
    ];
    let days: Vec<Arc<Views>> = days
        .map(|by| {
            history
                .as_of(&present, Moment::published(Published::by(crate::day(by))))
                .unwrap()
        })
        .into();
    for pair in days.windows(2) {
        accounts(&pair[0], &pair[1]).unwrap();
    }
    assert!(differing(&moments[0], &Views::default()).is_empty());
}

#[test]
fn what_settles_an_expectation_changes_it_though_it_is_recorded_elsewhere() {
    let (_, desk) = facts();
    let (present, history) = (desk.views(), History::default());
    let at = |position| history.as_of(&present, Moment::recorded(position)).unwrap();
    let mut resolved = 0;
    for (slug, claim) in present.claims.all() {
        let Claim::Expected(told) = claim else { continue };
        let by = settled(&present, &told.fact).by;
        for position in by.into_iter().filter(|by| *by > told.position) {
            let changes = accounts(&at(position - 1), &at(position)).unwrap();
            let own = changes.iter().find(|found| found.dossier == *slug);
            let kinds = own
                .into_iter()
                .flat_map(|found| &found.changes)
                .map(|change| change.kind);
            resolved += kinds.filter(|kind| *kind == ChangeKind::Resolved).count();
        }
    }
    assert!(
        resolved > 1,
        "{resolved} expectations were settled by what was recorded later"
    );
}

#[test]
fn every_dossier_has_a_title_and_every_value_an_event_that_decides() {
    let (_, desk) = facts();
    let views = desk.views();
    for (slug, _) in views.timeline.dossiers() {
        let values = of_dossier(&views, slug.as_str());
        let titles = values.iter().filter(|value| value.field == ValueField::Title);
        assert_eq!(titles.count(), 1, "{slug}");
        for value in &values {
            let decide = value
                .behind
                .iter()
                .filter(|b| b.part == rapporteur_views::values::Part::Decides);
            assert!(decide.count() > 0, "{slug}: {}", said(value));
            assert!(
                value.behind.iter().all(|b| views.timeline.entry(b.position).is_some()),
                "{slug}"
            );
            let subject = value.subject.as_ref().map(ToString::to_string);
            let found = rapporteur_views::values::of_field(&views, slug.as_str(), value.field, subject.as_deref());
            assert!(found.contains(value), "{slug}: {}", said(value));
        }
    }
}
