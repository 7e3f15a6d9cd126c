//! Plans: their versions with points and gaps.

use crate::View;
use crate::digest::{Digest, Digester};
use crate::standing::standing;
use crate::told::Told;
use imbl::OrdMap;
use rapporteur_domain::change::{ChangeVersion, RecordPointChange};
use rapporteur_domain::event::Event;
use rapporteur_domain::id::{Key, Slug};
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
        let first = (Some(&self.told.fact.dated_on), self.told.fact.status);
        let steps = self.steps.iter().map(|s| (Some(&s.fact.status_on), s.fact.status));
        standing(std::iter::once(first).chain(steps)).unwrap_or(first.1)
    }

    /// The point of this key.
    #[must_use]
    pub fn point(&self, key: &str) -> Option<&Told<RecordPoint>> {
        self.points.iter().find(|p| p.fact.key.as_str() == key)
    }
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
