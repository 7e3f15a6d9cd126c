//! One version of a plan against another, of the same plan or of another, point by point.
//!
//! What is recorded wins. What is not recorded is worked out only where nothing else is possible; all the rest is
//! unknown, and says why. Changes along a chain of versions are not added up: two changes may undo each other. A number
//! or a topic that two points share is no reason to pair them: texts are renumbered.

use crate::plans::Version;
use crate::told::Told;
use rapporteur_domain::change::{PointChange, RecordPointChange};
use rapporteur_domain::id::RecordRef;
use rapporteur_domain::plan::RecordPoint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What became of a point from one version to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PointFate {
    /// It stands as before.
    Kept,
    /// It says something else.
    Changed,
    /// It is gone.
    Dropped,
    /// It is new.
    Added,
    /// Nobody knows: no comparison is recorded, and none can be made for sure.
    Unknown,
}

impl From<PointChange> for PointFate {
    fn from(change: PointChange) -> Self {
        match change {
            PointChange::Kept => Self::Kept,
            PointChange::Changed => Self::Changed,
            PointChange::Dropped => Self::Dropped,
            PointChange::Added => Self::Added,
        }
    }
}

/// On what ground a comparison of two versions says what became of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiffBasis {
    /// A recorded change of the later version says so. One that says that a point is new names no version that it is new
    /// against: it counts where all recorded changes of its version are against one and the same other version.
    Recorded,
    /// A recorded change says so the other way round: it compares the same two versions in the opposite order.
    RecordedBackwards,
    /// Our words for both points, their conditions and who leads are the same, and no third point has them. The wording of
    /// the texts themselves may still differ.
    SameSummary,
    /// The other version is completely known, each of its points goes with another point, and no recorded change leaves a
    /// place open that may be this one. Points that belong under another are never told so: the stated number of points
    /// does not count them.
    CompleteText,
    /// Not comparable: nothing is recorded of it, and nothing follows from what is. That two points have the same number
    /// or topic does not make them the same.
    NotRecorded,
}

/// What became of one point.
#[derive(Debug, Clone)]
pub struct Compared {
    /// What became of it.
    pub fate: PointFate,
    /// On what ground.
    pub basis: DiffBasis,
    /// The point before; none where it is new, or where its text was not seen.
    pub before: Option<Told<RecordPoint>>,
    /// The point after; none where it is gone, or where its text was not seen.
    pub after: Option<Told<RecordPoint>>,
    /// The recorded changes that say so, the first recorded first.
    pub records: Vec<Told<RecordPointChange>>,
    /// Another recorded change says something else of the same point.
    pub disputed: bool,
    /// Why no more is known, in plain words; none where everything is.
    pub reason: Option<String>,
}

/// A place in a version that a recorded change can name.
#[derive(Debug, Clone, PartialEq)]
enum Spot {
    /// The point at this index.
    Point(usize),
    /// What has this key is recorded as a gap: no text of it was seen.
    Gap(String),
    /// No place is named.
    Nowhere,
}

/// A row while it is put together.
struct Row {
    fate: PointFate,
    basis: DiffBasis,
    before: Spot,
    after: Spot,
    records: Vec<Told<RecordPointChange>>,
    reason: Option<String>,
}

/// What became of each point of `from` in `to`, then the points of `to` that go with none; each in the order of its
/// version's recording.
#[must_use]
pub fn compare(from: &Version, to: &Version) -> Vec<Compared> {
    let mut rows = recorded(from, to);
    same_summary(from, to, &mut rows);
    rest(from, to, &mut rows);
    rows.sort_by_key(|row| (place(&row.before), place(&row.after)));
    let disputed: Vec<bool> = rows
        .iter()
        .map(|row| rows.iter().any(|other| contradicts(row, other)))
        .collect();
    let point = |version: &Version, spot: &Spot| match spot {
        Spot::Point(index) => version.points.get(*index).cloned(),
        Spot::Gap(_) | Spot::Nowhere => None,
    };
    let finished = rows.into_iter().zip(disputed);
    finished
        .map(|(row, disputed)| Compared {
            fate: row.fate,
            basis: row.basis,
            before: point(from, &row.before),
            after: point(to, &row.after),
            records: row.records,
            disputed,
            reason: row.reason,
        })
        .collect()
}

/// The rows that recorded changes make: those of `to` against `from`, and those of `from` against `to`, read backwards.
fn recorded(from: &Version, to: &Version) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |fate, basis, before: Spot, after: Spot, told: &Told<RecordPointChange>| {
        let same = |row: &&mut Row| row.fate == fate && row.before == before && row.after == after;
        match rows.iter_mut().find(same) {
            Some(row) => row.records.push(told.clone()),
            None => rows.push(Row {
                fate,
                basis,
                reason: unseen(from, &before)
                    .or_else(|| unseen(to, &after))
                    .or_else(|| untold(fate, &before, &after)),
                before,
                after,
                records: vec![told.clone()],
            }),
        }
    };
    for (told, before, after) in against(to, from) {
        add(told.fact.change.into(), DiffBasis::Recorded, before, after, told);
    }
    for (told, before, after) in against(from, to) {
        let fate = match told.fact.change {
            PointChange::Kept => PointFate::Kept,
            PointChange::Changed => PointFate::Changed,
            PointChange::Dropped => PointFate::Added,
            PointChange::Added => PointFate::Dropped,
        };
        add(fate, DiffBasis::RecordedBackwards, after, before, told);
    }
    rows
}

/// The recorded changes of `later` against `earlier` that are about points, with the places they name in each.
fn against<'a>(
    later: &'a Version,
    earlier: &'a Version,
) -> impl Iterator<Item = (&'a Told<RecordPointChange>, Spot, Spot)> {
    let base = earlier.reference();
    let bases: BTreeSet<(&str, Option<&str>)> = later
        .changes
        .iter()
        .filter_map(|told| told.fact.before.as_ref())
        .map(whole)
        .collect();
    let only_base = bases.len() == 1 && bases.contains(&whole(&base));
    let own = later.reference();
    later.changes.iter().filter_map(move |told| {
        let before = match &told.fact.before {
            None if told.fact.change == PointChange::Added && only_base => Spot::Nowhere,
            Some(before) if whole(before) == whole(&base) => spot(earlier, before)?,
            _ => return None,
        };
        let after = match &told.fact.after {
            None => Spot::Nowhere,
            Some(after) if whole(after) == whole(&own) => spot(later, after)?,
            Some(_) => return None,
        };
        Some((told, before, after))
    })
}

/// The dossier and the version that a reference points into.
fn whole(reference: &RecordRef) -> (&str, Option<&str>) {
    (reference.dossier(), reference.version())
}

/// The place in `version` that a reference names; none where it is no place of a point.
fn spot(version: &Version, reference: &RecordRef) -> Option<Spot> {
    let key = reference.key()?;
    if let Some(index) = version.points.iter().position(|p| p.fact.key.as_str() == key) {
        return Some(Spot::Point(index));
    }
    let gap = version.gaps.iter().any(|g| g.fact.key.as_str() == key);
    gap.then(|| Spot::Gap(key.to_owned()))
}

/// Pairs points of which nothing is recorded, and for which the desk has the same words.
fn same_summary(from: &Version, to: &Version, rows: &mut Vec<Row>) {
    let says = |one: &RecordPoint, other: &RecordPoint| {
        one.summary == other.summary && one.condition == other.condition && one.lead == other.lead
    };
    let same = |points: &[Told<RecordPoint>], point: &RecordPoint| -> Vec<usize> {
        let those = points.iter().enumerate().filter(|(_, p)| says(&p.fact, point));
        those.map(|(index, _)| index).collect()
    };
    for (index, point) in from.points.iter().enumerate() {
        let pair = (same(&from.points, &point.fact), same(&to.points, &point.fact));
        if let ([_], [twin]) = (pair.0.as_slice(), pair.1.as_slice())
            && !rows
                .iter()
                .any(|r| r.before == Spot::Point(index) || r.after == Spot::Point(*twin))
        {
            rows.push(Row {
                fate: PointFate::Kept,
                basis: DiffBasis::SameSummary,
                before: Spot::Point(index),
                after: Spot::Point(*twin),
                records: Vec::new(),
                reason: None,
            });
        }
    }
}

/// Adds the points that no row has yet: gone or new where the other version leaves no other way, else unknown.
fn rest(from: &Version, to: &Version, rows: &mut Vec<Row>) {
    let left = |version: &Version, side: fn(&Row) -> &Spot, rows: &[Row]| -> Vec<usize> {
        let free = |index: &usize| !rows.iter().any(|row| *side(row) == Spot::Point(*index));
        (0..version.points.len()).filter(free).collect()
    };
    let (gone, new) = (left(from, |r| &r.before, rows), left(to, |r| &r.after, rows));
    let (no_before, no_after) = (open(rows, |r| &r.before), open(rows, |r| &r.after));
    let dropped = Left {
        certain: PointFate::Dropped,
        own: from,
        other: to,
        free: new.len(),
        open: no_before,
    };
    let added = Left {
        certain: PointFate::Added,
        own: to,
        other: from,
        free: gone.len(),
        open: no_after,
    };
    let row = |left: &Left<'_>, index, before, after| {
        let reason = left.doubt(index);
        let (fate, basis) = match reason {
            None => (left.certain, DiffBasis::CompleteText),
            Some(_) => (PointFate::Unknown, DiffBasis::NotRecorded),
        };
        Row {
            fate,
            basis,
            before,
            after,
            records: Vec::new(),
            reason,
        }
    };
    let gone = gone
        .into_iter()
        .map(|index| row(&dropped, index, Spot::Point(index), Spot::Nowhere));
    let new = new
        .into_iter()
        .map(|index| row(&added, index, Spot::Nowhere, Spot::Point(index)));
    rows.extend(gone.chain(new));
}

/// How many recorded changes say that a point went on, and name no place of it in one of the versions.
fn open(rows: &[Row], side: fn(&Row) -> &Spot) -> usize {
    let went_on = |row: &&Row| matches!(row.fate, PointFate::Kept | PointFate::Changed);
    let open = rows.iter().filter(went_on).filter(|row| *side(row) == Spot::Nowhere);
    open.map(|row| row.records.len()).sum()
}

/// The points of a version that no row has.
struct Left<'a> {
    /// What they are where nothing else is possible.
    certain: PointFate,
    own: &'a Version,
    other: &'a Version,
    /// How many points of the other version no row has either.
    free: usize,
    /// How many recorded changes name no place in their own version.
    open: usize,
}

impl Left<'_> {
    /// Why nobody knows what became of the point at this index; none where that is certain.
    fn doubt(&self, index: usize) -> Option<String> {
        let (own, other) = (self.own.reference(), self.other.reference());
        let doubts = self.other.known().doubts();
        let is_below = self.own.points.get(index).is_some_and(|p| p.fact.parent.is_some());
        let why = if !doubts.is_empty() {
            format!("`{other}` is only partly known: {}", doubts.join(", "))
        } else if self.free > 0 {
            format!(
                "`{other}` has points that go with no other ({}), and this may be one of them",
                self.free
            )
        } else if self.open > 0 {
            format!(
                "recorded changes name no point of `{own}` ({}), and this may be one of theirs",
                self.open
            )
        } else if is_below {
            format!("it stands under another point, and whether all such points of `{other}` are recorded is not known")
        } else {
            return None;
        };
        Some(format!("no comparison of it is recorded; {why}"))
    }
}

/// Where a spot stands in its version; what is not seen comes after what is.
fn place(spot: &Spot) -> usize {
    match spot {
        Spot::Point(index) => *index,
        Spot::Gap(_) => usize::MAX - 1,
        Spot::Nowhere => usize::MAX,
    }
}

/// Whether two rows say of one point what cannot both be: gone and there, new and there before, as before and changed.
fn contradicts(one: &Row, other: &Row) -> bool {
    let shared = (one.before == other.before && one.before != Spot::Nowhere)
        || (one.after == other.after && one.after != Spot::Nowhere);
    shared && one.fate != other.fate
}

fn unseen(version: &Version, spot: &Spot) -> Option<String> {
    match spot {
        Spot::Gap(key) => Some(format!("no text of `{}#{key}` was seen", version.reference())),
        Spot::Point(_) | Spot::Nowhere => None,
    }
}

/// What a recorded change leaves open: a place that it does not name, though there is one.
fn untold(fate: PointFate, before: &Spot, after: &Spot) -> Option<String> {
    let version = match fate {
        PointFate::Kept | PointFate::Changed | PointFate::Added if *after == Spot::Nowhere => "later",
        PointFate::Kept | PointFate::Changed | PointFate::Dropped if *before == Spot::Nowhere => "earlier",
        _ => return None,
    };
    Some(format!(
        "the record names no point of the {version} version: its text was not seen"
    ))
}
