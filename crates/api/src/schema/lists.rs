//! The lists of the query root. The arguments of a page are written once, for all of them.

use super::act::Act;
use super::amendment::{Amendment, CorrectionFilter, corrections};
use super::at::At;
use super::claim::{Claim, Happening};
use super::commitment::Commitment;
use super::entry::Entry;
use super::filter::{
    ClaimFilter, CommitmentFilter, FlagFilter, IssueFilter, MeetingFilter, RoundFilter, TimelineFilter, known, one_of,
};
use super::flag::Flag;
use super::issue::Issue;
use super::lead::Lead;
use super::meeting::Meeting;
use super::page::{Asked, Ordered, Page, Total, page};
use super::party::{Party, Source};
use super::place::{Dated, Logged};
use super::plan::Plan;
use super::round::Round;
use super::seen::Seen;
use super::vocabulary::{Series, Topic};
use crate::http::ApiError;
use async_graphql::{Context, Object, OutputType, Result, SchemaBuilder};
use imbl::OrdMap;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_domain::round::Stage;
use rapporteur_views::Views;
use rapporteur_views::claims::Claim as KeptClaim;
use rapporteur_views::commitments::Commitment as KeptCommitment;
use rapporteur_views::entry::Entry as Line;
use rapporteur_views::flags::{Flag as KeptFlag, FlagRule, Flags};
use rapporteur_views::issues::Issue as KeptIssue;
use rapporteur_views::meetings::Meeting as KeptMeeting;
use rapporteur_views::rounds::Round as KeptRound;
use rapporteur_views::timeline::Filter;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

/// The lists of the query root.
#[derive(Default)]
pub(super) struct Lists(pub(super) At);

/// Writes [`Lists`]: for each list its description, name, filter if it has one, type of item, and how the page is found.
macro_rules! lists {
    ($($(#[doc = $about:literal])+ $name:ident $(($filter:ident, $which:tt))? -> $node:ident: $find:expr;)+) => {
        /// The lists of the query root.
        #[Object]
        impl Lists {
            $(
                $(#[doc = $about])+
                async fn $name(
                    &self,
                    ctx: &Context<'_>,
                    $(#[graphql(name = "where", desc = $which)] filter: Option<$filter>,)?
                    #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
                    first: Option<i32>,
                    #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
                    #[graphql(desc = "The most to give up to the last or to `before`; at most 200.")]
                    last: Option<i32>,
                    #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
                ) -> Result<Page<$node>> {
                    let asked = Asked { first, after, last, before };
                    let filter = ($({ let filter: Option<$filter> = filter; filter.unwrap_or_default() })?);
                    found(self.0.views(ctx)?, filter, &asked, $find)
                }
            )+
        }

        impl Lists {
            /// Describes the connection types, for which the library has no words.
            pub(super) fn describe<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S> {
                builder$(.override_output_type_description::<Page<$node>>(concat!(
                    "A page of a list; each of its nodes is of type ", stringify!($node), "."
                )))+
            }
        }
    };
}

lists! {
    /// Dated facts in the order of the world: by earliest possible day, undated ones last.
    timeline(TimelineFilter, "Which entries to show; all where nothing is given.") -> Entry: timeline;

    /// Parties by slug.
    parties -> Party: |views, (), asked| by_slug(views, |v| v.parties.by_slug(), None, asked, Party::of);

    /// Sources by slug.
    sources -> Source: |views, (), asked| by_slug(views, |v| v.sources.by_slug(), None, asked, Source::of);

    /// Plans by slug.
    plans -> Plan: |views, (), asked| by_slug(views, |v| v.plans.by_slug(), None, asked, Plan::of);

    /// Meetings by slug.
    meetings(MeetingFilter, "Which meetings to show; all where nothing is given.") -> Meeting: meetings;

    /// Sanctions rounds by slug.
    rounds(RoundFilter, "Which rounds to show; all where nothing is given.") -> Round: rounds;

    /// Issues by slug.
    issues(IssueFilter, "Which issues to show; all where nothing is given.") -> Issue: issues;

    /// Commitments by slug.
    commitments(CommitmentFilter, "Which commitments to show; all where nothing is given.") -> Commitment: commitments;

    /// Claims and expectations by slug.
    claims(ClaimFilter, "Which claims to show; all where nothing is given.") -> Claim: claims;

    /// Happenings by slug.
    happenings -> Happening: |views, (), asked| {
        by_slug(views, |v| v.claims.happenings_by_slug(), None, asked, Happening::of)
    };

    /// The feed of corrections: every record of the desk's own that was corrected, taken back or taken out, the first recorded
    /// first. Who cited a record looks here whether it still stands.
    corrections(CorrectionFilter, "Which amendments to show; all where nothing is given.") -> Amendment: corrections;

    /// Legal acts by slug.
    acts -> Act: |views, (), asked| by_slug(views, |v| v.acts.by_slug(), None, asked, Act::of);

    /// Leads by slug, those that are worked out included.
    leads -> Lead: |views, (), asked| by_slug(views, |v| v.leads.by_slug(), None, asked, Lead::of);

    /// Registered topics by slug.
    topics -> Topic: |views, (), asked| by_slug(views, |v| &v.vocabulary.topics, None, asked, Topic::of);

    /// Registered series of meetings by slug.
    series -> Series: |views, (), asked| by_slug(views, |v| &v.vocabulary.series, None, asked, Series::of);

    /// What is odd and kept all the same, the first recorded first.
    flags(FlagFilter, "Which flags to show; all where nothing is given.") -> Flag: flags;
}

fn found<F, N: OutputType>(
    views: &Arc<Views>,
    filter: F,
    asked: &Asked,
    find: impl FnOnce(&Arc<Views>, F, &Asked) -> Result<Page<N>, ApiError>,
) -> Result<Page<N>> {
    Ok(find(views, filter, asked)?)
}

/// Whether an item is wanted. Kept for as long as an answer may ask for the count.
type Wanted<V> = Arc<dyn Fn(&V) -> bool + Send + Sync>;

/// The dossiers of a view that are wanted, in the order of their slugs.
struct Dossiers<'a, V, N> {
    views: &'a Arc<Views>,
    map: &'a OrdMap<Slug, V>,
    wanted: Option<&'a Wanted<V>>,
    of: fn(Seen) -> Option<N>,
}

impl<V, N> Dossiers<'_, V, N> {
    fn shown(&self, (slug, item): (&Slug, &V)) -> Option<(Slug, N)> {
        let wanted = self.wanted.is_none_or(|wanted| wanted(item));
        let shown = wanted
            .then(|| (self.of)(Seen::new(self.views, slug.as_str())))
            .flatten();
        Some((slug.clone(), shown?))
    }
}

impl<V: Clone, N> Ordered<Slug, N> for Dossiers<'_, V, N> {
    fn ascending(&self, from: Bound<&Slug>) -> impl Iterator<Item = (Slug, N)> {
        let found = self
            .map
            .range::<(Bound<&Slug>, Bound<&Slug>), Slug>((from, Bound::Unbounded));
        found.filter_map(|item| self.shown(item))
    }
    fn descending(&self, from: Bound<&Slug>) -> impl Iterator<Item = (Slug, N)> {
        let found = self
            .map
            .range::<(Bound<&Slug>, Bound<&Slug>), Slug>((Bound::Unbounded, from))
            .rev();
        found.filter_map(|item| self.shown(item))
    }
}

/// Whether a filter is left out or empty: nothing has to be looked at for it, and the count is known.
fn idle<F: Default + PartialEq>(filter: &F) -> bool {
    *filter == F::default()
}

/// A page of the dossiers in a view's map, of those that are wanted where not all are.
fn by_slug<V: Clone + 'static, N: OutputType>(
    views: &Arc<Views>,
    map: fn(&Views) -> &OrdMap<Slug, V>,
    wanted: Option<Wanted<V>>,
    asked: &Asked,
    of: fn(Seen) -> Option<N>,
) -> Result<Page<N>, ApiError> {
    let total = match wanted.clone() {
        None => Total::Known(map(views).len()),
        Some(wanted) => {
            let views = Arc::clone(views);
            Total::counted(move || map(&views).values().filter(|item| wanted(item)).count())
        }
    };
    let dossiers = Dossiers {
        views,
        map: map(views),
        wanted: wanted.as_ref(),
        of,
    };
    page(&dossiers, total, asked, |it| it)
}

/// The entries that pass a filter, in the order of the world.
struct Lines<'a> {
    views: &'a Arc<Views>,
    filter: &'a Filter,
}

fn placed(line: &Arc<Line>) -> Option<(Dated, &Arc<Line>)> {
    Some((Dated::of(line)?, line))
}

impl<'a> Ordered<Dated, &'a Arc<Line>> for Lines<'a> {
    fn ascending(&self, from: Bound<&Dated>) -> impl Iterator<Item = (Dated, &'a Arc<Line>)> {
        let lines = self.views.timeline.ascending(self.filter, from.map(Dated::place));
        lines.filter_map(placed)
    }
    fn descending(&self, from: Bound<&Dated>) -> impl Iterator<Item = (Dated, &'a Arc<Line>)> {
        let lines = self.views.timeline.descending(self.filter, from.map(Dated::place));
        lines.filter_map(placed)
    }
}

fn timeline(views: &Arc<Views>, filter: TimelineFilter, asked: &Asked) -> Result<Page<Entry>, ApiError> {
    let filter = filter.read(views)?;
    let (moment, counted) = (Arc::clone(views), filter.clone());
    let total = Total::counted(move || moment.timeline.count(&counted));
    let lines = Lines { views, filter: &filter };
    page(&lines, total, asked, |line| Entry::new(views, line))
}

fn issues(views: &Arc<Views>, filter: IssueFilter, asked: &Asked) -> Result<Page<Issue>, ApiError> {
    let idle = idle(&filter);
    let wanted =
        move |i: &Arc<KeptIssue>| one_of(filter.states.as_deref(), i.state) && !(filter.widest && i.part_of.is_some());
    let wanted: Wanted<_> = Arc::new(wanted);
    by_slug(
        views,
        |v| v.issues.by_slug(),
        (!idle).then_some(wanted),
        asked,
        Issue::of,
    )
}

/// Which meetings pass a filter.
///
/// # Errors
/// The filter names what is not recorded, or is none.
pub(super) fn passing(views: &Views, filter: MeetingFilter) -> Result<Wanted<Arc<KeptMeeting>>, ApiError> {
    let series = filter
        .series
        .as_ref()
        .map(|series| known(views, Some(DossierKind::Series), std::slice::from_ref(series), "series"))
        .transpose()?;
    let (with, window) = filter.read(views)?;
    Ok(Arc::new(move |m: &Arc<KeptMeeting>| {
        let in_series = |series: &Vec<Slug>| m.series().is_some_and(|s| series.contains(s));
        let there = |country: &String| {
            let mut countries = m.everywhere().filter_map(|place| place.country.as_ref());
            countries.any(|c| c.as_str() == country)
        };
        one_of(filter.states.as_deref(), m.state)
            && series.as_ref().is_none_or(in_series)
            && filter.country.as_ref().is_none_or(there)
            && window.holds_any(&m.days())
            && m.brings_together(&with)
    }))
}

fn meetings(views: &Arc<Views>, filter: MeetingFilter, asked: &Asked) -> Result<Page<Meeting>, ApiError> {
    let wanted = match idle(&filter) {
        true => None,
        false => Some(passing(views, filter)?),
    };
    by_slug(views, |v| v.meetings.by_slug(), wanted, asked, Meeting::of)
}

/// Which rounds pass a filter.
///
/// # Errors
/// The filter names what is not recorded.
pub(super) fn rounds_passing(views: &Views, filter: RoundFilter) -> Result<Wanted<Arc<KeptRound>>, ApiError> {
    let party = |written: &[String], field| known(views, Some(DossierKind::Party), written, field);
    let senders = party(&filter.senders, "senders")?;
    let holder = filter.held_up_by.map(|by| party(&[by], "heldUpBy")).transpose()?;
    let reached = filter.reached.unwrap_or_default();
    Ok(Arc::new(move |round: &Arc<KeptRound>| {
        let own = round.senders();
        let held_up = |by: &Vec<Slug>| {
            let mut holding = round
                .stages
                .iter()
                .filter(|s| matches!(s.stage, Stage::Blocked | Stage::Reserved));
            let mut told = round.stages.iter().flat_map(|s| &s.told);
            holding.any(|stage| stage.by().into_iter().any(|party| by.contains(party)))
                || told.any(|t| t.fact.reservations.iter().any(|party| by.contains(party)))
        };
        senders.iter().all(|sender| own.contains(sender))
            && (reached.is_empty()
                || round
                    .stages
                    .iter()
                    .any(|s| reached.iter().any(|word| word.0 == s.stage)))
            && holder.as_ref().is_none_or(held_up)
    }))
}

fn rounds(views: &Arc<Views>, filter: RoundFilter, asked: &Asked) -> Result<Page<Round>, ApiError> {
    let wanted = match idle(&filter) {
        true => None,
        false => Some(rounds_passing(views, filter)?),
    };
    by_slug(views, |v| v.rounds.by_slug(), wanted, asked, Round::of)
}

fn commitments(views: &Arc<Views>, filter: CommitmentFilter, asked: &Asked) -> Result<Page<Commitment>, ApiError> {
    let idle = idle(&filter);
    let by = filter
        .by
        .map(|by| known(views, Some(DossierKind::Party), &[by], "by"))
        .transpose()?;
    let (status, only_anonymous) = (filter.status, filter.only_anonymous);
    let wanted = move |c: &Arc<KeptCommitment>| {
        let mut parties = c.openings().flat_map(|told| &told.fact.by);
        by.as_ref().is_none_or(|by| parties.any(|p| by.contains(p)))
            && one_of(status.as_deref(), c.status().0)
            && (!only_anonymous || c.rungs().iter().all(|rung| rung.evidence.only_anonymous()))
    };
    let wanted: Wanted<_> = Arc::new(wanted);
    let wanted = (!idle).then_some(wanted);
    by_slug(views, |v| v.commitments.by_slug(), wanted, asked, Commitment::of)
}

fn claims(views: &Arc<Views>, filter: ClaimFilter, asked: &Asked) -> Result<Page<Claim>, ApiError> {
    let idle = idle(&filter);
    let (with_quantities, expectations, only_anonymous) =
        (filter.with_quantities, filter.expectations, filter.only_anonymous);
    let moment = Arc::clone(views);
    let wanted = move |c: &KeptClaim| {
        let counted = matches!(c, KeptClaim::Asserted(told) if !told.fact.quantities.is_empty());
        let anonymous = || {
            moment
                .claims
                .told(c.slug().as_str())
                .all(|told| told.evidence().only_anonymous())
        };
        (!with_quantities || counted)
            && (!expectations || matches!(c, KeptClaim::Expected(_)))
            && (!only_anonymous || anonymous())
    };
    let Some(about) = filter.about else {
        let wanted: Wanted<_> = Arc::new(wanted);
        return by_slug(
            views,
            |v| v.claims.by_slug(),
            (!idle).then_some(wanted),
            asked,
            Claim::of,
        );
    };
    let about = known(views, None, &[about], "about")?;
    let told = about.iter().flat_map(|dossier| views.claims.about(dossier.as_str()));
    let mut slugs: Vec<(Slug, ())> = told
        .filter(|(_, claim)| wanted(claim))
        .map(|(slug, _)| (slug.clone(), ()))
        .collect();
    slugs.sort();
    slugs.dedup();
    let total = Total::Known(slugs.len());
    let found = Named { slugs, views };
    page(&found, total, asked, |claim| claim)
}

/// Claims of these slugs, in their order.
struct Named<'a> {
    slugs: Vec<(Slug, ())>,
    views: &'a Arc<Views>,
}

impl Named<'_> {
    fn shown(&self, slug: Slug) -> Option<(Slug, Claim)> {
        let claim = Claim::of(Seen::new(self.views, slug.as_str()))?;
        Some((slug, claim))
    }
}

impl Ordered<Slug, Claim> for Named<'_> {
    fn ascending(&self, from: Bound<&Slug>) -> impl Iterator<Item = (Slug, Claim)> {
        self.slugs.ascending(from).filter_map(|(slug, ())| self.shown(slug))
    }
    fn descending(&self, from: Bound<&Slug>) -> impl Iterator<Item = (Slug, Claim)> {
        self.slugs.descending(from).filter_map(|(slug, ())| self.shown(slug))
    }
}

/// The flags of some rules, in the order of recording.
struct Raised<'a> {
    flags: &'a Flags,
    rules: &'a BTreeSet<FlagRule>,
}

/// A place in the view's own order.
fn at(place: &Logged) -> rapporteur_views::flags::Place {
    (place.position(), place.number())
}

impl<'a> Ordered<Logged, &'a KeptFlag> for Raised<'a> {
    fn ascending(&self, from: Bound<&Logged>) -> impl Iterator<Item = (Logged, &'a KeptFlag)> {
        let flags = self.flags.ascending(self.rules, from.map(at));
        flags.map(|((position, number), flag)| (Logged::numbered(position, number), flag))
    }
    fn descending(&self, from: Bound<&Logged>) -> impl Iterator<Item = (Logged, &'a KeptFlag)> {
        let flags = self.flags.descending(self.rules, from.map(at));
        flags.map(|((position, number), flag)| (Logged::numbered(position, number), flag))
    }
}

fn flags(views: &Arc<Views>, filter: FlagFilter, asked: &Asked) -> Result<Page<Flag>, ApiError> {
    let rules: BTreeSet<FlagRule> = filter
        .rules
        .unwrap_or_default()
        .into_iter()
        .map(|word| word.0)
        .collect();
    let raised = Raised {
        flags: &views.flags,
        rules: &rules,
    };
    let total = Total::Known(views.flags.count(&rules));
    page(&raised, total, asked, |flag| Flag::new(views, flag))
}
