//! The lists of the query root. The arguments of a page are written once, for all of them.

use super::act::Act;
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
use super::page::{Asked, Page, Total, page};
use super::party::{Party, Source};
use super::place::{Dated, Logged};
use super::plan::Plan;
use super::query::views;
use super::reference::Seen;
use super::round::Round;
use super::vocabulary::{Series, Topic};
use crate::http::ApiError;
use async_graphql::{Context, Object, OutputType, Result, SchemaBuilder};
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_domain::round::Stage;
use rapporteur_views::Views;
use rapporteur_views::meetings::Meeting as KeptMeeting;
use rapporteur_views::rounds::{Reached as KeptReached, Round as KeptRound};
use std::sync::Arc;

/// The lists of the query root.
#[derive(Default)]
pub(super) struct Lists;

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
                    found(ctx, filter, &asked, $find)
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
    parties -> Party: |views, (), asked| by_slug(views, views.parties.all(), |_| true, asked, Party::of);

    /// Sources by slug.
    sources -> Source: |views, (), asked| by_slug(views, views.sources.all(), |_| true, asked, Source::of);

    /// Plans by slug.
    plans -> Plan: |views, (), asked| by_slug(views, views.plans.all(), |_| true, asked, Plan::of);

    /// Meetings by slug.
    meetings(MeetingFilter, "Which meetings to show; all where nothing is given.") -> Meeting: meetings;

    /// Sanctions rounds by slug.
    rounds(RoundFilter, "Which rounds to show; all where nothing is given.") -> Round: rounds;

    /// Issues by slug.
    issues(IssueFilter, "Which issues to show; all where nothing is given.") -> Issue: |views, filter, asked| {
        let wanted = |i: &Arc<rapporteur_views::issues::Issue>| {
            one_of(filter.states.as_deref(), i.state) && !(filter.widest && i.opened.fact.part_of.is_some())
        };
        by_slug(views, views.issues.all(), wanted, asked, Issue::of)
    };

    /// Commitments by slug.
    commitments(CommitmentFilter, "Which commitments to show; all where nothing is given.") -> Commitment: commitments;

    /// Claims and expectations by slug.
    claims(ClaimFilter, "Which claims to show; all where nothing is given.") -> Claim: claims;

    /// Happenings by slug.
    happenings -> Happening: |views, (), asked| {
        by_slug(views, views.claims.happenings(), |_| true, asked, Happening::of)
    };

    /// Legal acts by slug.
    acts -> Act: |views, (), asked| by_slug(views, views.acts.all(), |_| true, asked, Act::of);

    /// Leads by slug, those that are worked out included.
    leads -> Lead: |views, (), asked| by_slug(views, views.leads.all(), |_| true, asked, Lead::of);

    /// Registered topics by slug.
    topics -> Topic: |views, (), asked| by_slug(views, views.vocabulary.topics.iter(), |_| true, asked, Topic::of);

    /// Registered series of meetings by slug.
    series -> Series: |views, (), asked| by_slug(views, views.vocabulary.series.iter(), |_| true, asked, Series::of);

    /// What is odd and kept all the same, the first recorded first.
    flags(FlagFilter, "Which flags to show; all where nothing is given.") -> Flag: flags;
}

fn found<F, N: OutputType>(
    ctx: &Context<'_>,
    filter: F,
    asked: &Asked,
    find: impl FnOnce(&Arc<Views>, F, &Asked) -> Result<Page<N>, ApiError>,
) -> Result<Page<N>> {
    Ok(find(views(ctx)?, filter, asked)?)
}

/// A page of the dossiers that are wanted; `all` are in the order of their slugs.
fn by_slug<'a, T: 'a, N: OutputType>(
    views: &Arc<Views>,
    all: impl Iterator<Item = (&'a Slug, &'a T)>,
    wanted: impl Fn(&T) -> bool,
    asked: &Asked,
    of: impl Fn(Seen) -> Option<N>,
) -> Result<Page<N>, ApiError> {
    let wanted = all.filter(|(_, item)| wanted(item));
    let found: Vec<(Slug, N)> = wanted
        .filter_map(|(slug, _)| Some((slug.clone(), of(Seen::new(views, slug.as_str()))?)))
        .collect();
    let total = Total::Known(found.len());
    page(found.into_iter(), total, asked, |it| it)
}

fn timeline(views: &Arc<Views>, filter: TimelineFilter, asked: &Asked) -> Result<Page<Entry>, ApiError> {
    let filter = filter.read(views)?;
    let total = Total::Timeline(Arc::clone(views), filter.clone());
    let lines = views.timeline.matching(&filter);
    let placed = lines.filter_map(|line| Some((Dated::of(line)?, line)));
    page(placed, total, asked, |line| Entry::new(views, line))
}

/// The meetings that pass a filter, by slug.
///
/// # Errors
/// The filter names what is not recorded, or is none.
pub(super) fn passing<'a>(
    views: &'a Arc<Views>,
    filter: &'a MeetingFilter,
) -> Result<impl Iterator<Item = (&'a Slug, &'a Arc<KeptMeeting>)> + use<'a>, ApiError> {
    let series = filter
        .series
        .as_ref()
        .map(|series| known(views, Some(DossierKind::Series), std::slice::from_ref(series), "series"))
        .transpose()?;
    let (with, window) = filter.read(views)?;
    Ok(views.meetings.all().filter(move |(_, m)| {
        let in_series = |series: &Vec<Slug>| m.series.as_ref().is_some_and(|s| series.contains(s));
        let there = |country: &String| {
            let countries = m.places.iter().filter_map(|place| place.country.as_ref());
            countries.into_iter().any(|c| c.as_str() == country)
        };
        one_of(filter.states.as_deref(), m.state)
            && series.as_ref().is_none_or(in_series)
            && filter.country.as_ref().is_none_or(there)
            && window.holds(m.on())
            && m.brings_together(&with)
    }))
}

fn meetings(views: &Arc<Views>, filter: MeetingFilter, asked: &Asked) -> Result<Page<Meeting>, ApiError> {
    by_slug(views, passing(views, &filter)?, |_| true, asked, Meeting::of)
}

fn rounds(views: &Arc<Views>, filter: RoundFilter, asked: &Asked) -> Result<Page<Round>, ApiError> {
    let party = |written: &[String], field| known(views, Some(DossierKind::Party), written, field);
    let senders = party(&filter.senders, "senders")?;
    let holder = filter.held_up_by.map(|by| party(&[by], "heldUpBy")).transpose()?;
    let wanted = |round: &Arc<KeptRound>| {
        let own = round.senders();
        let reached = filter.reached.as_deref().unwrap_or_default();
        let held_up = |by: &Vec<Slug>| {
            let holding = round
                .stages
                .iter()
                .filter(|s| matches!(s.stage, Stage::Blocked | Stage::Reserved));
            let mut told = round.stages.iter().flat_map(|s| &s.told);
            holding.flat_map(KeptReached::by).any(|party| by.contains(party))
                || told.any(|t| t.fact.reservations.iter().any(|party| by.contains(party)))
        };
        senders.iter().all(|sender| own.contains(sender))
            && (reached.is_empty()
                || round
                    .stages
                    .iter()
                    .any(|s| reached.iter().any(|word| word.0 == s.stage)))
            && holder.as_ref().is_none_or(held_up)
    };
    by_slug(views, views.rounds.all(), wanted, asked, Round::of)
}

fn commitments(views: &Arc<Views>, filter: CommitmentFilter, asked: &Asked) -> Result<Page<Commitment>, ApiError> {
    let by = filter
        .by
        .map(|by| known(views, Some(DossierKind::Party), &[by], "by"))
        .transpose()?;
    let wanted = |c: &Arc<rapporteur_views::commitments::Commitment>| {
        let mut evidence = std::iter::once(&c.recorded.fact.evidence).chain(c.changes.iter().map(|c| &c.fact.evidence));
        by.as_ref()
            .is_none_or(|by| c.recorded.fact.by.iter().any(|p| by.contains(p)))
            && one_of(filter.status.as_deref(), c.status().0)
            && (!filter.only_anonymous || evidence.all(|e| e.only_anonymous()))
    };
    by_slug(views, views.commitments.all(), wanted, asked, Commitment::of)
}

fn claims(views: &Arc<Views>, filter: ClaimFilter, asked: &Asked) -> Result<Page<Claim>, ApiError> {
    use rapporteur_views::claims::Claim as Kept;
    let wanted = |c: &Kept| {
        let counted = matches!(c, Kept::Asserted(told) if !told.fact.quantities.is_empty());
        (!filter.with_quantities || counted) && (!filter.expectations || matches!(c, Kept::Expected(_)))
    };
    let Some(about) = filter.about else {
        return by_slug(views, views.claims.all(), wanted, asked, Claim::of);
    };
    let about = known(views, None, &[about], "about")?;
    let told = about.iter().flat_map(|dossier| views.claims.about(dossier.as_str()));
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|(slug, _)| *slug);
    told.dedup_by_key(|(slug, _)| *slug);
    by_slug(views, told.into_iter(), wanted, asked, Claim::of)
}

fn flags(views: &Arc<Views>, filter: FlagFilter, asked: &Asked) -> Result<Page<Flag>, ApiError> {
    let placed = views.flags.all().scan(None, |before: &mut Option<Logged>, flag| {
        let place = Logged::following(before.as_ref(), flag.position);
        *before = Some(place.clone());
        Some((place, flag))
    });
    let found: Vec<_> = placed
        .filter(|(_, flag)| one_of(filter.rules.as_deref(), flag.rule))
        .collect();
    let total = Total::Known(found.len());
    page(found.into_iter(), total, asked, |flag| Flag::new(views, flag))
}
