//! Plans: their versions with points and gaps, and how much of a version is known.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::standing::standing;
use crate::told::Told;
use imbl::OrdMap;
use rapporteur_domain::change::{ChangeVersion, RecordPointChange};
use rapporteur_domain::common::Quantity;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::event::Event;
use rapporteur_domain::id::{Key, RecordRef, Slug};
use rapporteur_domain::plan::{OpenPlan, RecordPlanGap, RecordPlanVersion, RecordPoint, VersionStatus};
use rapporteur_log::Recorded;
use serde::Serialize;
use std::sync::Arc;

/// A negotiated text in all its versions.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// How it was opened.
    pub opened: Told<OpenPlan>,
    /// Its versions, in the order of recording.
    pub versions: Vec<Arc<Version>>,
}

/// A version of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct Version {
    /// How it was recorded.
    pub told: Told<RecordPlanVersion>,
    /// Its points, in the order of recording.
    pub points: Vec<Told<RecordPoint>>,
    /// What it lacks, or nobody has seen.
    pub gaps: Vec<Told<RecordPlanGap>>,
    /// What it makes of the points of earlier texts.
    pub changes: Vec<Told<RecordPointChange>>,
    /// How far it has come since it was recorded.
    pub steps: Vec<Told<ChangeVersion>>,
}

impl Plan {
    /// The version of this name.
    #[must_use]
    pub fn version(&self, key: &str) -> Option<&Arc<Version>> {
        self.versions.iter().find(|v| v.told.fact.version.as_str() == key)
    }
}

impl Version {
    /// How far it has come: as last told, but for what is surely of before.
    #[must_use]
    pub fn status(&self) -> VersionStatus {
        self.rung().1
    }

    /// The position of the event that says how far it has come, and since when it has.
    #[must_use]
    pub fn stands(&self) -> (u64, &FuzzyDate) {
        let (position, _, on) = self.rung();
        (position, on)
    }

    fn rung(&self) -> (u64, VersionStatus, &FuzzyDate) {
        let first = (self.told.position, self.told.fact.status, &self.told.fact.dated_on);
        let steps = self
            .steps
            .iter()
            .map(|s| (s.position, s.fact.status, &s.fact.status_on));
        let rungs = std::iter::once(first).chain(steps);
        standing(rungs.map(|rung| (Some(rung.2), rung))).unwrap_or(first)
    }

    /// Its reference: `us-plan/28`.
    #[must_use]
    pub fn reference(&self) -> RecordRef {
        RecordRef::to_version(&self.told.fact.plan, &self.told.fact.version)
    }

    /// How much of it is known.
    #[must_use]
    pub fn known(&self) -> Known {
        let steps = self.steps.iter().flat_map(|s| &s.fact.quantities);
        let counts = self.told.fact.quantities.iter().chain(steps);
        let counts: Vec<&Quantity> = counts.filter(|q| is_of_points(q)).collect();
        let exact = counts.iter().filter(|q| !q.approximate).filter_map(|q| q.value);
        let mut stated: Vec<f64> = exact.collect();
        stated.sort_by(f64::total_cmp);
        stated.dedup();
        Known {
            stated,
            inexact: counts.iter().any(|q| q.value.is_none() || q.approximate),
            disputed: self.told.fact.contested.is_some(),
            recorded: self.points.iter().filter(|p| p.fact.parent.is_none()).count(),
            gaps: self.gaps.len(),
        }
    }

    /// The point of this key.
    #[must_use]
    pub fn point(&self, key: &str) -> Option<&Told<RecordPoint>> {
        self.points.iter().find(|p| p.fact.key.as_str() == key)
    }
}

/// How much of a version is known: what is said of its number of points against what is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The numbers of points that somebody states, ascending, each once.
    pub stated: Vec<f64>,
    /// Somebody states the number only roughly, as a range or in words.
    pub inexact: bool,
    /// Something about the version is disputed.
    pub disputed: bool,
    /// The points recorded, those that belong under another left out.
    pub recorded: usize,
    /// What it is recorded to lack, and what nobody has seen.
    pub gaps: usize,
}

impl Known {
    /// Whether every point of it is recorded: their number is stated and nobody states another, so many are recorded, and
    /// there is no gap.
    #[must_use]
    pub fn completely(&self) -> bool {
        self.doubts().is_empty()
    }

    /// Why it is not completely known, each reason in plain words.
    #[must_use]
    pub fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        match (self.stated.as_slice(), self.inexact) {
            ([], false) => doubts.push("how many points it has is not stated".to_owned()),
            ([_, ..], false) => {}
            (_, true) => doubts.push("how many points it has is stated only roughly".to_owned()),
        }
        match self.stated.as_slice() {
            [] => {}
            [stated] => {
                if (*stated - count(self.recorded)).abs() >= 0.5 {
                    doubts.push(format!("{} of {stated} points are recorded", self.recorded));
                }
            }
            several => {
                let numbers: Vec<String> = several.iter().map(ToString::to_string).collect();
                doubts.push(format!("its number of points is given as {}", numbers.join(" and as ")));
            }
        }
        match self.gaps {
            0 => {}
            1 => doubts.push("1 gap is recorded".to_owned()),
            gaps => doubts.push(format!("{gaps} gaps are recorded")),
        }
        if self.disputed {
            doubts.push("the version is disputed".to_owned());
        }
        doubts
    }
}

/// Whether a quantity counts a version's points.
fn is_of_points(quantity: &Quantity) -> bool {
    quantity.what.as_str().eq_ignore_ascii_case("points")
}

fn count(points: usize) -> f64 {
    f64::from(u32::try_from(points).unwrap_or(u32::MAX))
}

/// All plans by slug.
#[derive(Clone, Default)]
pub struct Plans(OrdMap<Slug, Arc<Plan>>);

impl Plans {
    /// The plan of this slug.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<&Arc<Plan>> {
        self.0.get(slug)
    }

    /// The map of all plans by slug, for a look at a part of it.
    #[must_use]
    pub fn by_slug(&self) -> &OrdMap<Slug, Arc<Plan>> {
        &self.0
    }

    /// All plans, by slug.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Slug, &Arc<Plan>)> + ExactSizeIterator {
        self.0.iter()
    }

    fn change(&mut self, plan: &Slug, version: &Key, change: impl FnOnce(&mut Version)) {
        let Some(plan) = self.0.get_mut(plan) else { return };
        let found = Arc::make_mut(plan)
            .versions
            .iter_mut()
            .find(|v| v.told.fact.version == *version);
        if let Some(found) = found {
            change(Arc::make_mut(found));
        }
    }
}

impl View for Plans {
    const NAME: &'static str = "plans";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Arc<Recorded>, event: &Event) {
        match event {
            Event::PlanOpened(plan) => {
                let opened = Told::new(recorded, plan);
                self.0.insert(
                    plan.slug.clone(),
                    Arc::new(Plan {
                        opened,
                        versions: Vec::new(),
                    }),
                );
            }
            Event::PlanVersionRecorded(version) => {
                if let Some(plan) = self.0.get_mut(&version.plan) {
                    let told = Told::new(recorded, version);
                    Arc::make_mut(plan).versions.push(Arc::new(Version {
                        told,
                        points: Vec::new(),
                        gaps: Vec::new(),
                        changes: Vec::new(),
                        steps: Vec::new(),
                    }));
                }
            }
            Event::PointRecorded(point) => {
                self.change(&point.plan, &point.version, |v| {
                    v.points.push(Told::new(recorded, point))
                });
            }
            Event::PlanGapRecorded(gap) => {
                self.change(&gap.plan, &gap.version, |v| v.gaps.push(Told::new(recorded, gap)));
            }
            Event::PointChangeRecorded(told) => {
                self.change(&told.plan, &told.version, |v| v.changes.push(Told::new(recorded, told)));
            }
            Event::PlanVersionChanged(told) => {
                self.change(&told.plan, &told.version, |v| v.steps.push(Told::new(recorded, told)));
            }
            _ => {}
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = Digester::new(Self::NAME, Self::VERSION);
        self.0.iter().for_each(|item| digest.add(&item));
        digest.finish()
    }
}
