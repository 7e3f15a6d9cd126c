//! Whatever is amended whenever: every fold comes out the same, what does not stand is nowhere, and what is shown is what a
//! store shows in which everything was recorded rightly at once.

use crate::desk::{Given, given};
use proptest::collection::vec;
use proptest::prelude::*;
use rapporteur_desk::Outcome;
use rapporteur_domain::event::{Event, commands};
use rapporteur_domain::id::DossierKind;
use rapporteur_log::{InPlace, Reading, Recorded};
use rapporteur_testkit::histories::{Step, amendment, command, ground};
use rapporteur_views::Views;
use rapporteur_views::flags::Flag;
use serde_json::{Value, json};

fn histories() -> impl Strategy<Value = Vec<Step>> {
    vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..70)
}

/// A random step: one in three amends what is recorded, if anything of the steps is.
fn step(given: &Given, step: Step) -> Value {
    let views = given.desk.views();
    let dated: Vec<_> = views
        .timeline
        .latest()
        .filter(|entry| !is_ground(entry.position()))
        .collect();
    let entry = dated.get(usize::from(step.3) % dated.len().max(1));
    match entry.and_then(|entry| Some((entry.event()?, entry.position()))) {
        Some((event, position)) if step.0.is_multiple_of(3) => amendment(event, position, step),
        _ => command(step),
    }
}

/// A random step: as [`step`], or one in eight renames a dossier, merges two, moves a record, redacts one, or says what is
/// right in the place of what was redacted, as far as there is any.
fn step_with_names(given: &Given, each: Step) -> Value {
    let views = given.desk.views();
    let odd = match each.0 % 8 {
        1 => renaming(&views, each),
        2 => merging(&views, each),
        3 => moving(&views, each),
        4 => redacting(&views, each),
        5 => refilling(&views, each),
        _ => None,
    };
    odd.unwrap_or_else(|| step(given, each))
}

/// The dossiers of a history: not those of its ground.
fn dossiers(views: &Views) -> Vec<&str> {
    let all = views.timeline.dossiers().filter(|(_, mark)| !is_ground(mark.first));
    all.map(|(slug, _)| slug.as_str()).collect()
}

fn one_of<T: Copy>(of: &[T], which: u8) -> Option<T> {
    of.get(usize::from(which) % of.len().max(1)).copied()
}

/// Another dossier of the same kind.
fn beside<'a>(views: &'a Views, slug: &str, which: u8) -> Option<&'a str> {
    let kind = views.timeline.dossier(slug)?.1.kind;
    let mut others = dossiers(views);
    others.retain(|other| *other != slug && views.timeline.dossier(other).is_some_and(|(_, mark)| mark.kind == kind));
    one_of(&others, which)
}

fn renaming(views: &Views, (_, which, _, to): Step) -> Option<Value> {
    let slug = one_of(&dossiers(views), which)?;
    let kind = slug.split('-').next()?;
    Some(json!({ "renameDossier": { "dossier": slug, "slug": format!("{kind}-{}", to % 5) } }))
}

fn merging(views: &Views, (_, which, other, _): Step) -> Option<Value> {
    let slug = one_of(&dossiers(views), which)?;
    Some(json!({ "mergeDossiers": { "dossier": slug, "into": beside(views, slug, other)? } }))
}

/// A move of a record to another dossier of its kind.
fn moving(views: &Views, (_, which, other, _): Step) -> Option<Value> {
    let entries = views.timeline.latest();
    let records: Vec<_> = entries.filter(|entry| entry.record.as_str().contains('#')).collect();
    let entry = one_of(&records, which)?;
    let from = entry.recorded.dossier.slug.as_str();
    let into = beside(views, from, other)?;
    Some(json!({ "moveRecords": { "from": from, "into": into, "records": [entry.record.as_str()] } }))
}

fn redacting(views: &Views, (_, _, _, which): Step) -> Option<Value> {
    let entries: Vec<_> = views
        .timeline
        .latest()
        .filter(|entry| !is_ground(entry.position()))
        .collect();
    let entry = one_of(&entries, which)?;
    Some(crate::desk::redact(
        entry.recorded.dossier.slug.as_str(),
        entry.position(),
    ))
}

/// A command of the same kind and record as something redacted, in its place.
fn refilling(views: &Views, (_, _, choice, which): Step) -> Option<Value> {
    let gone: Vec<_> = fallen(views)
        .into_iter()
        .filter_map(|at| views.timeline.recorded(at).filter(|told| told.as_written().is_none()))
        .collect();
    let gone = one_of(&gone, which)?;
    let record = gone.amended.as_ref()?.record.as_ref()?;
    let shape = commands().iter().find(|shape| shape.event_kind == &*gone.header.kind)?;
    let mut fitting = (0..20).map(|what| command((what, 0, choice, which)));
    let mut right = fitting.find(|tried| tried.get(shape.name).is_some())?;
    right[shape.name][&shape.input.fields.first()?.name] = json!(record.dossier());
    if let Some(key) = record.key() {
        right[shape.name]["key"] = json!(key);
    }
    if let Some(version) = record.version() {
        right[shape.name]["version"] = json!(version);
    }
    Some(crate::desk::correcting(gone.header.position, right))
}

fn is_ground(position: u64) -> bool {
    position <= ground().len() as u64
}

fn recorded(steps: &[Step]) -> Given {
    recorded_by(steps, step)
}

fn recorded_by(steps: &[Step], step: fn(&Given, Step) -> Value) -> Given {
    let given = given(&ground());
    for each in steps {
        given.when(&[step(&given, *each)]);
    }
    given
}

/// The dossiers that are open and not shown among those of their kind.
fn not_shown(views: &Views) -> Vec<&str> {
    let shown = |slug: &str, kind: DossierKind| match kind {
        DossierKind::Claim => views.claims.get(slug).is_some(),
        DossierKind::Round => views.rounds.get(slug).is_some(),
        DossierKind::Issue => views.issues.get(slug).is_some(),
        DossierKind::Meeting => views.meetings.get(slug).is_some(),
        DossierKind::Commitment => views.commitments.get(slug).is_some(),
        DossierKind::Plan => views.plans.get(slug).is_some(),
        DossierKind::Party => views.parties.get(slug).is_some(),
        _ => true,
    };
    let open = views.timeline.dossiers().filter(|(_, mark)| !mark.gone);
    let slugs = open.filter(|(slug, mark)| !shown(slug.as_str(), mark.kind));
    slugs.map(|(slug, _)| slug.as_str()).collect()
}

/// The positions of events that do not stand.
fn fallen(views: &Views) -> Vec<u64> {
    (1..=views.position())
        .filter(|at| views.timeline.recorded(*at).unwrap().amended.is_some())
        .collect()
}

/// Every position that any view shows something of.
fn shown(views: &Views) -> Vec<u64> {
    let mut positions: Vec<u64> = views.timeline.latest().map(|entry| entry.position()).collect();
    positions.extend(
        views
            .timeline
            .matching(&rapporteur_views::timeline::Filter::default())
            .map(|e| e.position()),
    );
    for (slug, _) in views.timeline.dossiers() {
        positions.extend(views.timeline.of_dossier(slug.as_str()).iter().map(|e| e.position()));
        positions.extend(
            views
                .links
                .of_dossier(slug.as_str())
                .into_iter()
                .flatten()
                .map(|link| link.position),
        );
        positions.extend(views.issues.positions_on(slug.as_str()).map(|told| told.position));
    }
    for (_, meeting) in views.meetings.all() {
        positions.extend(meeting.moves.iter().map(|step| step.position));
        positions.extend(meeting.reports.iter().map(|(_, told)| told.position));
        positions.extend(meeting.attendance.iter().flat_map(|a| a.positions.clone()));
    }
    for (_, round) in views.rounds.all() {
        positions.extend(
            round
                .stages
                .iter()
                .flat_map(|reached| reached.told.iter().map(|told| told.position)),
        );
    }
    for (_, commitment) in views.commitments.all() {
        positions.extend(commitment.rungs().iter().map(|rung| rung.position));
    }
    positions.extend(views.claims.all().map(|(_, claim)| claim.position()));
    positions.extend(flags(views).map(|flag| flag.position));
    positions.extend((1..=views.position()).filter(|at| views.public.of(*at).is_some()));
    positions
}

fn flags(views: &Views) -> impl Iterator<Item = &Flag> {
    (1..=views.position()).flat_map(|at| views.flags.at(at))
}

/// What stands, as commands, in the order in which it is told.
fn as_if_right_at_once(views: &Views) -> Vec<Value> {
    let mut reading = Reading::default();
    let stored = |at: u64| {
        let recorded = views.timeline.recorded(at).unwrap();
        Recorded::new(recorded.header.clone(), recorded.as_written().cloned())
    };
    let registrations = |source: &rapporteur_domain::id::Slug| {
        let told = views.timeline.positions_of(source.as_str()).into_iter().flatten();
        let told = told.map(|at| stored(*at)).filter(|told| told.header.cause.is_none());
        told.filter(|told| &*told.header.kind == "source.registered").collect()
    };
    for at in 1..=views.position() {
        reading.learn(&stored(at), &registrations);
    }
    let mut told: Vec<Event> = Vec::new();
    for place in (1..=views.position()).filter(|at| !reading.is_early(*at)) {
        let sources = reading.before(place).map(|source| source.header.position);
        for at in sources.chain([place]) {
            match reading.in_place(at) {
                InPlace::Itself => told.extend(stored(at).event),
                InPlace::Other(right) => told.extend(right.event.clone()),
                InPlace::Nothing => {}
            }
        }
    }
    let told = told.into_iter().filter(|event| !event.amends());
    told.map(|event| json!({ event.command_name(): event.to_json().unwrap() }))
        .collect()
}

/// What is shown, without positions.
fn told(views: &Views) -> Vec<String> {
    let label = |date: &rapporteur_domain::date::FuzzyDate| date.label();
    let mut lines: Vec<String> = Vec::new();
    for entry in views.timeline.latest() {
        let fact = entry.fact().unwrap();
        if !entry.event().unwrap().amends() {
            lines.push(format!(
                "entry {} {} {:?}",
                entry.record,
                fact.summary(),
                fact.when().map(label)
            ));
        }
    }
    for (slug, meeting) in views.meetings.all() {
        let moves = meeting
            .moves
            .iter()
            .map(|step| (step.state, step.planned_for.as_ref().map(label)));
        let who = meeting
            .attendance
            .iter()
            .map(|a| (a.participant.party.to_string(), a.participant.mode, a.only_planned));
        let who = who.collect::<std::collections::BTreeSet<_>>();
        lines.push(format!(
            "meeting {slug} {:?} {:?} {who:?}",
            meeting.state,
            moves.collect::<Vec<_>>()
        ));
    }
    for (slug, commitment) in views.commitments.all() {
        let rungs = commitment
            .rungs()
            .into_iter()
            .map(|rung| (rung.status, label(rung.status_on)))
            .collect::<Vec<_>>();
        lines.push(format!("commitment {slug} {rungs:?}"));
    }
    for (slug, issue) in views.issues.all() {
        lines.push(format!("issue {slug} {:?}", issue.state));
    }
    for (slug, round) in views.rounds.all() {
        let stages = round
            .stages
            .iter()
            .map(|reached| format!("{:?} {}", reached.stage, label(&reached.reached_on)));
        lines.push(format!(
            "round {slug} {:?}",
            stages.collect::<std::collections::BTreeSet<_>>()
        ));
    }
    lines.extend(flags(views).map(|flag| format!("flag {:?} {} {}", flag.rule, flag.dossier, flag.message)));
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn whatever_is_amended_every_fold_is_the_same_and_what_does_not_stand_is_nowhere(steps in histories()) {
        let given = recorded(&steps);
        given.holds();
        let views = given.desk.views();
        let (fallen, shown) = (fallen(&views), shown(&views));
        prop_assert!(fallen.iter().all(|at| !shown.contains(at)), "{:?} of {:?}", fallen, shown);
        for (at, version) in versions(&views) {
            prop_assert!(version, "the version at {} goes on from the one before", at);
        }
    }

    #[test]
    fn with_other_names_and_places_filled_again_nothing_open_is_hidden_and_the_log_restores(steps in histories()) {
        let given = recorded_by(&steps, step_with_names);
        given.holds();
        given.restores();
        let views = given.desk.views();
        prop_assert_eq!(not_shown(&views), Vec::<&str>::new());
        let (fallen, shown) = (fallen(&views), shown(&views));
        prop_assert!(fallen.iter().all(|at| !shown.contains(at)), "{:?} of {:?}", fallen, shown);
        for at in (1..=views.position()).step_by(7) {
            let then = given.at(at);
            prop_assert_eq!(not_shown(&then), Vec::<&str>::new(), "as of {}", at);
        }
    }

    #[test]
    fn what_is_shown_is_what_was_recorded_rightly_at_once(steps in histories()) {
        let views = recorded(&steps).desk.views();
        let clean = given(&[]);
        for command in as_if_right_at_once(&views) {
            match clean.when(std::slice::from_ref(&command)) {
                Outcome::Recorded(receipts) => prop_assert!(!receipts[0].already_there, "{}", command),
                // What a redaction left without its dossier has no place in a store without it.
                refused => prop_assert!(views.timeline.gone() > 0, "{}: {:?}", command, refused),
            }
        }
        if views.timeline.gone() == 0 {
            prop_assert_eq!(told(&views), told(&clean.desk.views()));
        }
    }

    #[test]
    fn a_desk_opened_again_decides_as_the_one_before(steps in histories(), more in histories()) {
        let live = recorded(&steps);
        let log: std::sync::Arc<dyn rapporteur_log::EventLog> = std::sync::Arc::new(rapporteur_log::MemoryLog::default());
        log.append(&rapporteur_log::Head::EMPTY, &live.log.read(0, 10_000).unwrap()).unwrap();
        let opened = Given { desk: crate::desk::open(&log), log };
        for each in more {
            let command = [step(&live, each)];
            let outcome = |given: &Given| match given.when(&command) {
                Outcome::Recorded(told) => format!("{:?}", told.iter().map(|r| (r.position, r.version)).collect::<Vec<_>>()),
                other => format!("{other:?}"),
            };
            prop_assert_eq!(outcome(&live), outcome(&opened));
        }
        live.holds();
    }
}

/// For each event, whether the version of its stream goes on from the one before.
fn versions(views: &Views) -> Vec<(u64, bool)> {
    let mut last = std::collections::BTreeMap::new();
    let next = |at: u64| {
        let header = &views.timeline.recorded(at).unwrap().header;
        let before = last.insert(header.dossier.slug.clone(), header.version).unwrap_or(0);
        (at, header.version == before + 1)
    };
    (1..=views.position()).map(next).collect()
}
