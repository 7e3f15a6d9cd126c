//! The views as of another moment: what was recorded by then, what the public could know by then, or both.
//!
//! Nothing is read from disk: the views of the present hold every event. A moment is folded once and kept; the views are
//! persistent maps, so those kept share what they have in common.

use crate::replay::{Fold, as_stored, registrations};
use rapporteur_domain::fact::Home;
use rapporteur_log::{Amended, InPlace, Reading, Recorded};
use rapporteur_views::Views;
use rapporteur_views::moment::{Asked, Moment, Published, Recording};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many steps there are on the way to a moment: views kept in between, so that others start nearby.
const STEPS: u64 = 16;
/// The fewest events between two steps.
const STEP_MIN: u64 = 512;
/// How many views of what was recorded by some position are kept.
const RUNGS_MAX: usize = 48;
/// How many views of what the public could know are kept.
const PUBLIC_MAX: usize = 24;

/// A moment that lies beyond the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`recorded` is {asked}, and the log ends at {head}; ask as of a position up to that")]
pub struct BeyondHead {
    /// The position asked for.
    pub asked: u64,
    /// The log's last position.
    pub head: u64,
}

/// What was folded of the past.
pub struct History {
    kept: Mutex<Kept>,
    step_min: u64,
}

impl Default for History {
    fn default() -> Self {
        Self::stepping(STEP_MIN)
    }
}

#[derive(Default)]
struct Kept {
    /// Nothing is kept that was folded from views which end before: they hold what was redacted since.
    since: u64,
    rungs: BTreeMap<u64, Arc<Views>>,
    public: VecDeque<Arc<Views>>,
}

/// The moment that is asked for in these views of the present.
#[must_use]
pub fn moment(present: &Views, asked: &Asked) -> Moment {
    let recorded = asked.recorded.map(|recording| match recording {
        Recording::Position(position) => position,
        Recording::Instant(instant) => present.timeline.position_at(instant),
    });
    Moment {
        recorded,
        published: asked.published,
        supposed: None,
    }
}

impl History {
    /// The views as of a moment, given those of the present. Blocks while a moment is folded that was not asked for
    /// lately.
    ///
    /// # Errors
    /// The log does not go so far.
    pub fn as_of(&self, present: &Arc<Views>, moment: Moment) -> Result<Arc<Views>, BeyondHead> {
        let head = present.position();
        let base = match moment.recorded {
            Some(asked) if asked > head => return Err(BeyondHead { asked, head }),
            Some(position) => self.recorded(present, position),
            None => Arc::clone(present),
        };
        Ok(match moment.published {
            Some(published) => self.published(present, &base, moment, &published),
            None => base,
        })
    }

    /// The views as of a moment, where they are kept: nothing is folded, and nothing blocks for long.
    #[must_use]
    pub fn at_hand(&self, present: &Views, moment: Moment) -> Option<Arc<Views>> {
        let position = moment.recorded.unwrap_or(present.position());
        let mut kept = self.kept();
        if moment.published.is_none() {
            let rung = kept.rungs.get(&position).map(Arc::clone);
            return rung.filter(|rung| rung.moment() == moment);
        }
        let is_it = |views: &Arc<Views>| views.moment() == moment && views.position() == position;
        let at = kept.public.iter().position(is_it)?;
        let found = kept.public.remove(at)?;
        kept.public.push_front(Arc::clone(&found));
        Some(found)
    }

    /// A history that keeps views on the way to a moment at least so many events apart.
    #[must_use]
    pub fn stepping(step_min: u64) -> Self {
        Self {
            kept: Mutex::default(),
            step_min: step_min.max(1),
        }
    }

    /// Forgets everything, and keeps nothing that is folded from views which end before a position: what was redacted there
    /// must not be answered from here, and a reader may still look at views that hold it.
    pub fn forget(&self, since: u64) {
        let mut kept = self.kept();
        let since = since.max(kept.since);
        *kept = Kept {
            since,
            ..Kept::default()
        };
    }

    /// Whether it forgot everything after this position: views of a present that ends there may hold what was redacted since.
    #[must_use]
    pub fn forgot_since(&self, position: u64) -> bool {
        self.kept().since > position
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recorded(&self, present: &Arc<Views>, position: u64) -> Arc<Views> {
        let below = {
            let kept = self.kept();
            kept.rungs
                .range(..=position)
                .next_back()
                .map(|(_, views)| Arc::clone(views))
        };
        if let Some(found) = below.as_ref().filter(|views| views.position() == position) {
            return Arc::clone(found);
        }
        let (reading, last_learned) = reading_at(present, position);
        let below = below.filter(|views| views.position() >= last_learned);
        let mut views = below.map_or_else(Views::default, |views| (*views).clone());
        let start = views.position();
        let step = (position - start).div_ceil(STEPS).max(self.step_min);
        let mut from = start;
        while from < position {
            // What was moved waits for its dossier, and what corrects stands elsewhere: one fold must hold both.
            let until = (from + step).max(last_learned).min(position);
            fold(present, &mut views, &reading, from, until);
            let moment = Moment::recorded(until);
            self.keep(present, until, Arc::new(views.clone().shown_as_of(moment)));
            from = until;
        }
        Arc::new(views.shown_as_of(Moment::recorded(position)))
    }

    fn keep(&self, present: &Views, position: u64, views: Arc<Views>) {
        let mut kept = self.kept();
        if present.position() < kept.since {
            return;
        }
        kept.rungs.insert(position, views);
        if kept.rungs.len() > RUNGS_MAX {
            let nearest = nearest(&kept.rungs, position);
            kept.rungs.remove(&nearest);
        }
    }

    fn published(&self, present: &Views, base: &Arc<Views>, moment: Moment, published: &Published) -> Arc<Views> {
        let known = {
            let mut kept = self.kept();
            let at = kept.public.iter().position(|views| views.moment() == moment);
            at.and_then(|at| kept.public.remove(at))
        };
        let grown = known.and_then(|known| grown(base, &known, published));
        let views = grown.unwrap_or_else(|| Arc::new(visible(base, published).shown_as_of(moment)));
        let mut kept = self.kept();
        if present.position() >= kept.since {
            kept.public.push_front(Arc::clone(&views));
            kept.public.truncate(PUBLIC_MAX);
        }
        views
    }
}

/// The rung whose neighbours lie nearest to one another, but for the one at `but`: the one that is missed least.
fn nearest(rungs: &BTreeMap<u64, Arc<Views>>, but: u64) -> u64 {
    let positions: Vec<u64> = rungs.keys().copied().collect();
    let gaps = positions.windows(2).filter_map(|pair| match pair {
        [below, at] if *at != but => Some((at - below, *at)),
        _ => None,
    });
    gaps.min().map_or(but, |(_, at)| at)
}

/// How events were read at a position, and the last event until then that changed it.
pub(crate) fn reading_at(present: &Views, position: u64) -> (Reading, u64) {
    let (mut reading, mut last) = (Reading::default(), 0);
    let namings = present.names.namings().chain(present.amendments.told());
    let positions: BTreeSet<u64> = namings.copied().filter(|at| *at <= position).collect();
    for at in positions {
        if let Some(recorded) = present.timeline.recorded(at)
            && reading.learn(&as_stored(recorded), &|source| registrations(present, source))
        {
            last = at;
        }
    }
    (reading, last)
}

/// Folds what was recorded after `from` up to `until`, as it was read then.
fn fold(present: &Views, views: &mut Views, reading: &Reading, from: u64, until: u64) {
    let mut fold = Fold::new(None, views);
    for recorded in (from + 1..=until).filter_map(|position| present.timeline.recorded(position)) {
        fold.take(as_stored(recorded), reading);
    }
    fold.end();
}

/// Of what these views hold, what was public. A correction puts right what the desk got wrong, so it counts for every day.
fn visible(base: &Views, published: &Published) -> Views {
    let mut views = Views::default();
    let mut fold = Fold::new(None, &mut views);
    for position in fold_order(base) {
        let recorded = shown(base, position, published);
        if let Some(recorded) = recorded.or_else(|| gone_opening(base, position, published)) {
            fold.put(recorded);
        }
    }
    fold.end();
    if let Some((position, hash)) = base.head() {
        views.pass(position, *hash);
    }
    views
}

/// The positions of what these views hold, in the order in which it was folded.
fn fold_order(base: &Views) -> Vec<u64> {
    let (reading, _) = reading_at(base, base.position());
    let mut order = Vec::new();
    for position in (1..=base.position()).filter(|position| !reading.is_early(*position)) {
        let sources = reading.before(position).map(|source| source.header.position);
        for at in sources.chain([position]) {
            match reading.in_place(at) {
                InPlace::Itself => order.push(at),
                InPlace::Other(right) => order.push(right.header.position),
                InPlace::Nothing => {
                    order.extend(reading.amended(at).filter(|amended| amended.keeps_open()).map(|_| at))
                }
            }
        }
    }
    order
}

/// What is left of an event that opened a dossier which was public: what is told of the dossier finds it open.
fn gone_opening(base: &Views, position: u64, published: &Published) -> Option<Recorded> {
    let recorded = base.timeline.recorded(position)?;
    let keeps_open = recorded.amended.as_ref().is_none_or(Amended::keeps_open);
    let is_left = recorded.as_written().is_none() && keeps_open && base.public.knows(&recorded.dossier.slug, published);
    is_left.then(|| Recorded::clone(recorded))
}

/// The event at a position with the citations that were public, if it was.
fn shown(base: &Views, position: u64, published: &Published) -> Option<Recorded> {
    let public = &base.public;
    let recorded = base
        .timeline
        .entry(position)
        .filter(|_| public.admits(position, published))?;
    let mut recorded = Recorded::clone(&recorded.recorded);
    let cited = recorded
        .event
        .as_ref()?
        .citing(|citation| public.cites(citation, published));
    if cited.is_some() {
        recorded.event = cited;
    }
    Some(recorded)
}

/// Views that were folded before the base grew, with what was recorded since; `None` where what was recorded since makes
/// public what was not.
fn grown(base: &Views, known: &Arc<Views>, published: &Published) -> Option<Arc<Views>> {
    let (from, until) = (known.position(), base.position());
    if from == until {
        return Some(Arc::clone(known));
    }
    let read_anew = |last: Option<&u64>| last.is_some_and(|at| *at > from);
    let learned = read_anew(base.names.namings().next_back()) || read_anew(base.amendments.told().next_back());
    // What nothing dates is possibly public until something does.
    if from > until || published.possibly || learned {
        return None;
    }
    let mut views = Views::clone(known);
    for position in from + 1..=until {
        let Some(recorded) = shown(base, position, published) else {
            if let Some(left_out) = base.timeline.recorded(position) {
                views.pass(position, left_out.header.hash);
            }
            continue;
        };
        let slug = recorded.dossier.slug.as_str();
        // What is known of a dossier before it is opened becomes public with it: what tells that it was taken back.
        let opened = base.timeline.positions_of(slug).and_then(|told| told.front().copied());
        let is_first = views.timeline.dossier(slug).is_none() && opened != Some(position);
        if is_first || base.links.of_dossier(slug).is_some() || tells_of_unknown_version(&views, &recorded) {
            return None;
        }
        views.apply(&Arc::new(recorded));
    }
    Some(Arc::new(views))
}

/// Whether an event tells of a version of a plan that is not shown: it becomes public with it.
fn tells_of_unknown_version(views: &Views, recorded: &Recorded) -> bool {
    let home = recorded.event.as_ref().map(|event| event.fact().home());
    let Some(Home::InVersion(plan, version, _) | Home::OfVersion(plan, version, ..)) = home else {
        return false;
    };
    let plan = views.plans.get(plan.as_str());
    plan.is_none_or(|plan| plan.version(version.as_str()).is_none())
}
