//! Versions of plans against one another, point by point.

use super::data::Data;
use super::plan::{PlanVersion, Point};
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Object, SimpleObject};
use rapporteur_domain::change::RecordPointChange;
use rapporteur_domain::id::RecordRef;
use rapporteur_domain::plan::RecordPoint;
use rapporteur_views::Views;
use rapporteur_views::diff::{Compared, DiffBasis, PointFate, compare};
use rapporteur_views::plans::{Plan, Version};
use rapporteur_views::told::Told;
use std::sync::Arc;

/// One version against another.
pub(super) struct PlanDiff {
    views: Arc<Views>,
    from: Arc<Version>,
    to: Arc<Version>,
    points: Vec<Compared>,
}

impl PlanDiff {
    /// Compares the versions that `from` and `to` name.
    ///
    /// # Errors
    /// A reference names no recorded version, or both name the same.
    pub(super) fn between(views: &Arc<Views>, from: &str, to: &str) -> Result<Self, ApiError> {
        let (from, to) = (version(views, "from", from)?, version(views, "to", to)?);
        if from.told.position == to.told.position {
            let message = format!("`from` and `to` are both `{}`; name two versions", from.reference());
            return Err(ApiError::new(ErrorCode::BadUserInput, message));
        }
        let points = compare(&from, &to);
        Ok(Self {
            views: Arc::clone(views),
            from,
            to,
            points,
        })
    }

    /// What to say where a plan was asked for, and `written` names a version of one.
    pub(super) fn not_a_plan(views: &Views, written: &str) -> ApiError {
        match version(views, "slug", written) {
            Err(error) => error,
            Ok(version) => {
                let (plan, name) = (&version.told.fact.plan, &version.told.fact.version);
                let message = format!(
                    "`slug`: `{}` is a version; ask for plan `{plan}` and its `planVersion(version: \"{name}\")`",
                    version.reference()
                );
                ApiError::new(ErrorCode::BadUserInput, message)
            }
        }
    }

    fn count(&self, fate: PointFate) -> usize {
        self.points.iter().filter(|p| p.fate == fate).count()
    }
}

/// The version that the argument `name` points at.
fn version(views: &Views, name: &str, written: &str) -> Result<Arc<Version>, ApiError> {
    let shown: String = written.chars().take(80).collect();
    let bad = |message: String| ApiError::new(ErrorCode::BadUserInput, format!("`{name}`: {message}"));
    let reference = RecordRef::parse(written).map_err(|invalid| {
        bad(format!(
            "`{shown}`: {}; write plan and version, such as `us-plan/28`",
            invalid.message
        ))
    })?;
    let today = views.names.moved().reference(written);
    let reference = today
        .and_then(|today| RecordRef::parse(&today).ok())
        .unwrap_or(reference);
    let slug = reference.dossier();
    let Some(plan) = views.plans.get(slug) else {
        return Err(bad(format!("no plan `{slug}` is recorded")));
    };
    let there = recorded(plan);
    match (reference.version(), reference.key()) {
        (None, _) => Err(bad(format!("`{shown}` names no version; {there}"))),
        (Some(version), Some(_)) => Err(bad(format!(
            "`{shown}` names a point; name its version, `{slug}/{version}`"
        ))),
        (Some(version), None) => plan
            .version(version)
            .cloned()
            .ok_or_else(|| bad(format!("`{slug}` has no version `{version}`; {there}"))),
    }
}

/// The versions of a plan that there are, in words.
pub(super) fn recorded(plan: &Plan) -> String {
    let versions: Vec<String> = plan.versions.iter().map(|v| format!("`{}`", v.reference())).collect();
    match versions.as_slice() {
        [] => "none is recorded".to_owned(),
        some => format!("recorded: {}", some.join(", ")),
    }
}

/// How many points became what. Sub-points count like points.
#[derive(SimpleObject)]
struct PlanDiffCounts {
    /// Points that stand as before.
    kept: usize,
    /// Points that say something else.
    changed: usize,
    /// Points that are gone.
    dropped: usize,
    /// Points that are new.
    added: usize,
    /// Points of either version of which nobody knows what became, or where they come from.
    unknown: usize,
}

/// One version of a plan against another, of the same plan or of another. What is recorded wins; what is not recorded is
/// not guessed.
#[Object]
impl PlanDiff {
    /// The version compared from.
    async fn from(&self) -> PlanVersion {
        PlanVersion::new(&self.views, &self.from)
    }
    /// The version compared to.
    async fn to(&self) -> PlanVersion {
        PlanVersion::new(&self.views, &self.to)
    }
    /// How many points became what.
    async fn counts(&self) -> PlanDiffCounts {
        PlanDiffCounts {
            kept: self.count(PointFate::Kept),
            changed: self.count(PointFate::Changed),
            dropped: self.count(PointFate::Dropped),
            added: self.count(PointFate::Added),
            unknown: self.count(PointFate::Unknown),
        }
    }
    /// What became of each point: those of `from` in their order, then those of `to` that go with none of them.
    async fn points(&self) -> Vec<PlanDiffPoint> {
        let points = self.points.iter().cloned();
        points
            .map(|kept| PlanDiffPoint {
                views: Arc::clone(&self.views),
                from: Arc::clone(&self.from),
                to: Arc::clone(&self.to),
                kept,
            })
            .collect()
    }
}

/// What became of one point.
pub(super) struct PlanDiffPoint {
    views: Arc<Views>,
    from: Arc<Version>,
    to: Arc<Version>,
    kept: Compared,
}

impl PlanDiffPoint {
    fn point(&self, version: &Arc<Version>, told: Option<&Told<RecordPoint>>) -> Option<Point> {
        Some(Point::new(&self.views, version, told?))
    }
}

/// What became of one point from one version to another.
#[Object]
impl PlanDiffPoint {
    /// What became of it.
    async fn change(&self) -> Word<PointFate> {
        Word(self.kept.fate)
    }
    /// On what ground that is said.
    async fn basis(&self) -> Word<DiffBasis> {
        Word(self.kept.basis)
    }
    /// Why no more is known; null where nothing is open.
    async fn reason(&self) -> Option<&str> {
        self.kept.reason.as_deref()
    }
    /// The point before; null where it is new, or where its text was not seen.
    async fn before(&self) -> Option<Point> {
        self.point(&self.from, self.kept.before.as_ref())
    }
    /// The point after; null where it is gone, or where its text was not seen.
    async fn after(&self) -> Option<Point> {
        self.point(&self.to, self.kept.after.as_ref())
    }
    /// The recorded changes that say so, with their evidence, the first recorded first; none where nothing is recorded.
    async fn records(&self) -> Vec<Data<RecordPointChange>> {
        let records = self.kept.records.iter();
        records.map(|told| Data::new(&self.views, told.fact.as_ref())).collect()
    }
    /// Whether another recorded change says something else of the same point; both are shown.
    async fn disputed(&self) -> bool {
        self.kept.disputed
    }
}
