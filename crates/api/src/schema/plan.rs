//! Plans, versions, points and gaps.

use super::data::Data;
use super::date::DateOut;
use super::party::Party;
use super::reference::{Reference, dossier, those};
use super::seen::Seen;
use super::vocabulary::Topic;
use super::words::Word;
use async_graphql::{Object, SimpleObject};
use rapporteur_domain::change::{ChangeVersion, RecordPointChange};
use rapporteur_domain::common::{Participant, Place, Quantity};
use rapporteur_domain::evidence::Evidence;
use rapporteur_domain::plan::{PlanKind, RecordPlanGap, RecordPoint, VersionStatus};
use rapporteur_views::Views;
use rapporteur_views::plans::{Plan as Kept, Version as KeptVersion};
use rapporteur_views::told::Told;
use std::sync::Arc;

/// A plan.
pub(super) struct Plan {
    seen: Seen,
    kept: Arc<Kept>,
}

impl Plan {
    /// The plan that was seen.
    pub(super) fn of(seen: Seen) -> Option<Self> {
        let kept = Arc::clone(seen.views.plans.get(&seen.slug)?);
        Some(Self { seen, kept })
    }

    fn version_of(&self, version: &Arc<KeptVersion>) -> PlanVersion {
        PlanVersion {
            seen: self.seen.clone(),
            kept: Arc::clone(version),
        }
    }
}

dossier! {
    /// A negotiated text in all its versions: a plan, a counter-proposal, a statement, an agreement.
    Plan, Plan, {
        /// Its title.
        pub(super) async fn title(&self) -> String {
            self.seen.titled(|| self.kept.opened.fact.title.to_string())
        }
        /// What kind of text it is.
        async fn plan_kind(&self) -> Word<PlanKind> {
            Word(self.kept.opened.fact.kind)
        }
        /// Other names it goes by.
        async fn aliases(&self) -> Vec<String> {
            self.kept.opened.fact.aliases.iter().map(ToString::to_string).collect()
        }
        /// What it is, in our words.
        async fn summary(&self) -> Option<&str> {
            self.kept.opened.fact.summary.as_ref().map(|s| s.as_str())
        }
        /// Its topics.
        async fn topics(&self) -> Vec<Topic> {
            those(&self.seen.views, &self.kept.opened.fact.topics, Topic::of)
        }
        /// Why we believe that there is such a text.
        async fn evidence(&self) -> Option<Data<Evidence>> {
            self.kept.opened.fact.evidence.as_ref().map(|e| Data::new(&self.seen.views, e))
        }
        /// Its versions, the first recorded first.
        async fn versions(&self) -> Vec<PlanVersion> {
            self.kept.versions.iter().map(|v| self.version_of(v)).collect()
        }
        /// One of its versions; null means: no record.
        async fn plan_version(
            &self,
            #[graphql(desc = "The version's name, e.g. `28`.")] version: String,
        ) -> Option<PlanVersion> {
            self.kept.version(&version).map(|found| self.version_of(found))
        }
    }
}

/// A version of a plan.
pub(super) struct PlanVersion {
    seen: Seen,
    kept: Arc<KeptVersion>,
}

impl PlanVersion {
    /// This version, as of `views`.
    pub(super) fn new(views: &Arc<Views>, kept: &Arc<KeptVersion>) -> Self {
        Self {
            seen: Seen::new(views, kept.told.fact.plan.as_str()),
            kept: Arc::clone(kept),
        }
    }
}

/// How much of a version is known.
#[derive(SimpleObject)]
struct KnownText {
    /// Whether every point of it is recorded: their number is stated and nobody states another, so many are recorded, and
    /// there is no gap.
    completely: bool,
    /// Why it is not completely known, each reason in plain words; empty where it is.
    doubts: Vec<String>,
    /// The numbers of points that somebody states, ascending, each once.
    points_stated: Vec<f64>,
    /// How many points are recorded, those that belong under another left out.
    points_recorded: usize,
}

/// A version of a plan.
#[Object]
impl PlanVersion {
    /// Names the version inside the plan: `28`.
    async fn version(&self) -> &str {
        self.kept.told.fact.version.as_str()
    }
    /// Points at the version: `us-plan/28`.
    async fn r#ref(&self) -> Reference {
        Reference::new(
            &self.seen.views,
            &format!("{}/{}", self.seen.slug, self.kept.told.fact.version),
        )
    }
    /// The label people read.
    async fn label(&self) -> Option<&str> {
        self.kept.told.fact.label.as_ref().map(|l| l.as_str())
    }
    /// The plan.
    async fn plan(&self) -> Option<Plan> {
        Plan::of(self.seen.clone())
    }
    /// How far this version has come, as last told.
    async fn status(&self) -> Word<VersionStatus> {
        Word(self.kept.status())
    }
    /// How far it had come when it was recorded.
    async fn first_status(&self) -> Word<VersionStatus> {
        Word(self.kept.told.fact.status)
    }
    /// How far it has come since, step by step, the first recorded first.
    async fn steps(&self) -> Vec<Data<ChangeVersion>> {
        self.kept
            .steps
            .iter()
            .map(|told| Data::new(&self.seen.views, told.fact.as_ref()))
            .collect()
    }
    /// What it makes of the points of earlier texts, of this plan or of others.
    async fn changes(&self) -> Vec<Data<RecordPointChange>> {
        self.kept
            .changes
            .iter()
            .map(|told| Data::new(&self.seen.views, told.fact.as_ref()))
            .collect()
    }
    /// What about it is disputed.
    async fn contested(&self) -> Option<&str> {
        self.kept.told.fact.contested.as_ref().map(|c| c.as_str())
    }
    /// Until when an answer or a step is asked for.
    async fn deadline(&self) -> Option<DateOut> {
        self.kept.told.fact.deadline.as_ref().map(DateOut::new)
    }
    /// Where it was put forward.
    async fn places(&self) -> Vec<Data<Place>> {
        Data::all(&self.seen.views, &self.kept.told.fact.places)
    }
    /// The source's words for its status.
    async fn status_words(&self) -> Option<&str> {
        self.kept.told.fact.status_words.as_ref().map(|l| l.as_str())
    }
    /// The version's own date.
    async fn dated_on(&self) -> DateOut {
        DateOut::new(&self.kept.told.fact.dated_on)
    }
    /// Who wrote it.
    async fn authors(&self) -> Vec<Party> {
        those(&self.seen.views, &self.kept.told.fact.authors, Party::of)
    }
    /// Who else had a part in it, and which.
    async fn participants(&self) -> Vec<Data<Participant>> {
        Data::all(&self.seen.views, &self.kept.told.fact.participants)
    }
    /// Who has seen the text.
    async fn seen_by(&self) -> Vec<Party> {
        those(&self.seen.views, &self.kept.told.fact.seen_by, Party::of)
    }
    /// Counts: how many points it has, and who says so.
    async fn quantities(&self) -> Vec<Data<Quantity>> {
        Data::all(&self.seen.views, &self.kept.told.fact.quantities)
    }
    /// What it is, in our words.
    async fn summary(&self) -> &str {
        self.kept.told.fact.summary.as_str()
    }
    /// Its topics.
    async fn topics(&self) -> Vec<Topic> {
        those(&self.seen.views, &self.kept.told.fact.topics, Topic::of)
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.kept.told.fact.evidence)
    }
    /// Its points that are known, the first recorded first.
    async fn points(&self) -> Vec<Point> {
        let points = self.kept.points.iter();
        points
            .map(|told| Point {
                seen: self.seen.clone(),
                version: Arc::clone(&self.kept),
                told: told.clone(),
            })
            .collect()
    }
    /// How much of it is known: what is said of its number of points against what is recorded.
    async fn known(&self) -> KnownText {
        let known = self.kept.known();
        KnownText {
            completely: known.completely(),
            doubts: known.doubts(),
            points_stated: known.stated,
            points_recorded: known.recorded,
        }
    }
    /// What it lacks, or nobody has seen.
    async fn gaps(&self) -> Vec<Gap> {
        self.kept
            .gaps
            .iter()
            .map(|told| Gap {
                seen: self.seen.clone(),
                told: told.clone(),
            })
            .collect()
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.kept.told.position
    }
}

/// A point of a version.
pub(super) struct Point {
    seen: Seen,
    version: Arc<KeptVersion>,
    told: Told<RecordPoint>,
}

impl Point {
    /// This point of `version`, as of `views`.
    pub(super) fn new(views: &Arc<Views>, version: &Arc<KeptVersion>, told: &Told<RecordPoint>) -> Self {
        Self {
            seen: Seen::new(views, version.told.fact.plan.as_str()),
            version: Arc::clone(version),
            told: told.clone(),
        }
    }
}

/// A point (provision, component) of a version.
#[Object]
impl Point {
    /// Names the point inside the version.
    async fn key(&self) -> &str {
        self.told.fact.key.as_str()
    }
    /// Points at it: `us-plan/28#nato`.
    async fn r#ref(&self) -> Reference {
        let fact = &self.told.fact;
        Reference::new(
            &self.seen.views,
            &format!("{}/{}#{}", self.seen.slug, fact.version, fact.key),
        )
    }
    /// Its number in the text, where it has one.
    async fn number(&self) -> Option<u32> {
        self.told.fact.number
    }
    /// What it says, in our words.
    async fn summary(&self) -> &str {
        self.told.fact.summary.as_str()
    }
    /// The point that it belongs under.
    async fn parent(&self) -> Option<Self> {
        let told = self.version.point(self.told.fact.parent.as_ref()?.as_str())?.clone();
        Some(Self {
            seen: self.seen.clone(),
            version: Arc::clone(&self.version),
            told,
        })
    }
    /// Who leads or carries it.
    async fn lead(&self) -> Vec<Party> {
        those(&self.seen.views, &self.told.fact.lead, Party::of)
    }
    /// On what condition it applies.
    async fn condition(&self) -> Option<&str> {
        self.told.fact.condition.as_ref().map(|c| c.as_str())
    }
    /// When it is said to stand so.
    async fn dated_on(&self) -> DateOut {
        DateOut::new(&self.told.fact.dated_on)
    }
    /// Its topics.
    async fn topics(&self) -> Vec<Topic> {
        those(&self.seen.views, &self.told.fact.topics, Topic::of)
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}

/// A gap of a version.
pub(super) struct Gap {
    seen: Seen,
    told: Told<RecordPlanGap>,
}

/// What a version lacks, or what of it nobody has seen.
#[Object]
impl Gap {
    /// Names the gap inside the version.
    async fn key(&self) -> &str {
        self.told.fact.key.as_str()
    }
    /// The number of the missing point, where it would have one.
    async fn number(&self) -> Option<u32> {
        self.told.fact.number
    }
    /// What is missing, in our words.
    async fn summary(&self) -> &str {
        self.told.fact.summary.as_str()
    }
    /// When it is said to be missing.
    async fn dated_on(&self) -> DateOut {
        DateOut::new(&self.told.fact.dated_on)
    }
    /// Why we believe it.
    async fn evidence(&self) -> Data<Evidence> {
        Data::new(&self.seen.views, &self.told.fact.evidence)
    }
    /// The event that recorded it.
    async fn position(&self) -> u64 {
        self.told.position
    }
}
