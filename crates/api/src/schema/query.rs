//! The query root.

use super::claim::{Claim, Happening};
use super::commitment::Commitment;
use super::entry::{Entry, Event};
use super::flag::Flag;
use super::issue::Issue;
use super::meeting::Meeting;
use super::node::{Node, node};
use super::page::{Asked, Page, Total, page};
use super::party::{Party, Source};
use super::plan::Plan;
use super::reference::{Dossier, Seen};
use super::round::Round;
use super::search::{SearchHit, search};
use super::vocabulary::{Series, Topic};
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Enum, ID, InputObject, Object, OutputType, Result, SimpleObject};
use rapporteur_domain::commitment::CommitmentStatus;
use rapporteur_domain::date::Within;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_views::Views;
use rapporteur_views::flags::FlagRule;
use rapporteur_views::issues::IssueState;
use rapporteur_views::meetings::MeetingState;
use rapporteur_views::timeline::Filter;
use std::sync::Arc;

/// Everything there is to ask, as known now. One query sees one moment: no event comes in between.
pub(super) struct Query;

/// Whether a date must lie in a window for sure.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// Some possible day lies in the window.
    Possibly,
    /// Every possible day lies in the window.
    Surely,
}

/// Which entries to show. What is left out, or empty, does not filter; filters combine with "and", the values of one with "or".
#[derive(InputObject, Default)]
pub(super) struct TimelineFilter {
    /// Slugs of parties that have a part in it, attributed speakers included.
    #[graphql(default)]
    parties: Vec<String>,
    /// Slugs of topics.
    #[graphql(default)]
    topics: Vec<String>,
    /// Slugs of dossiers.
    #[graphql(default)]
    dossiers: Vec<String>,
    /// Kinds of dossier.
    #[graphql(default)]
    kinds: Vec<Word<DossierKind>>,
    /// Only dates in this window, as EDTF: `2025-11/2026-01`, `2026-01`, `2026-01-06`, `2026/..`.
    within: Option<String>,
    /// Whether dates must lie in the window for sure. Default: possibly.
    r#match: Option<Match>,
    /// Whether entries without a usable date pass the window too. Default: no.
    #[graphql(default)]
    undated: bool,
}

/// Which meetings to show; what is left out does not filter.
#[derive(InputObject, Default)]
struct MeetingFilter {
    /// Meetings that stand so.
    states: Option<Vec<Word<MeetingState>>>,
    /// Meetings of this series, by slug.
    series: Option<String>,
}

/// Which issues to show; what is left out does not filter.
#[derive(InputObject, Default)]
struct IssueFilter {
    /// Issues that stand so.
    states: Option<Vec<Word<IssueState>>>,
    /// Only issues that are not part of a wider one. Default: all.
    #[graphql(default)]
    widest: bool,
}

/// Which commitments to show; what is left out does not filter.
#[derive(InputObject, Default)]
struct CommitmentFilter {
    /// Commitments by this party, by slug.
    by: Option<String>,
    /// Commitments on these rungs, as last told.
    status: Option<Vec<Word<CommitmentStatus>>>,
    /// Only commitments that rest on anonymous speakers alone. Default: all.
    #[graphql(default)]
    only_anonymous: bool,
}

/// Which claims to show; what is left out does not filter.
#[derive(InputObject, Default)]
struct ClaimFilter {
    /// Claims about this dossier or a record in it, by slug.
    about: Option<String>,
    /// Only claims that give a number. Default: all.
    #[graphql(default)]
    with_quantities: bool,
    /// Only expectations. Default: claims and expectations.
    #[graphql(default)]
    expectations: bool,
}

/// Which flags to show; what is left out does not filter.
#[derive(InputObject, Default)]
struct FlagFilter {
    /// These oddities.
    rules: Option<Vec<Word<FlagRule>>>,
}

/// A view and its digest.
#[derive(SimpleObject)]
struct ViewState {
    /// The view's name.
    name: String,
    /// BLAKE3 over every visible field. Rebuilding from the log must give the same.
    digest: String,
}

/// The store: how far the log goes, and what the views made of it.
struct Store(Arc<Views>);

/// The store: how far the log goes, and what the views made of it.
#[Object]
impl Store {
    /// The last event's position; 0 while the log is empty.
    async fn position(&self) -> u64 {
        self.0.position()
    }
    /// The last event's hash; null while the log is empty.
    async fn hash(&self) -> Option<String> {
        Some(self.0.timeline.recorded(self.0.position())?.header.hash.to_string())
    }
    /// Every view with its digest. Costs a pass over all of it.
    async fn views(&self) -> Vec<ViewState> {
        let digests = self.0.digests().into_iter();
        digests
            .map(|(name, digest)| ViewState {
                name: name.to_owned(),
                digest: digest.to_string(),
            })
            .collect()
    }
}

/// The snapshot that this operation sees.
pub(super) fn views<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Views>> {
    ctx.data::<Arc<Views>>()
}

/// A page of dossiers that are found by slug.
fn dossiers<N: OutputType>(
    ctx: &Context<'_>,
    slugs: Vec<Slug>,
    asked: &Asked,
    of: impl Fn(Seen) -> Option<N>,
) -> Result<Page<N>> {
    let views = views(ctx)?;
    let found: Vec<(String, N)> = slugs
        .into_iter()
        .filter_map(|slug| Some((slug.to_string(), of(Seen::new(views, slug.as_str()))?)))
        .collect();
    let total = Total::Known(found.len());
    Ok(page(
        found.into_iter(),
        total,
        |(slug, _)| slug.clone(),
        asked,
        |(_, it)| it,
    )?)
}

fn slugs<'a, T: 'a>(all: impl Iterator<Item = (&'a Slug, &'a T)>, keep: impl Fn(&T) -> bool) -> Vec<Slug> {
    all.filter(|(_, item)| keep(item))
        .map(|(slug, _)| slug.clone())
        .collect()
}

/// Whether a word is among those asked for; nothing asked for does not filter.
fn one_of<T: Copy + PartialEq>(asked: Option<&[Word<T>]>, word: T) -> bool {
    asked.is_none_or(|asked| asked.iter().any(|a| a.0 == word))
}

fn known(views: &Views, kind: Option<DossierKind>, written: &[String], field: &str) -> Result<Vec<Slug>, ApiError> {
    let find = |slug: &String| match views.timeline.dossier(slug) {
        Some((slug, mark)) if kind.is_none_or(|k| k == mark.kind) => Ok(slug.clone()),
        _ => {
            let what = kind.map_or("dossier".to_owned(), |k| format!("{k:?}").to_lowercase());
            let shown: String = slug.chars().take(80).collect();
            Err(ApiError::new(
                ErrorCode::BadUserInput,
                format!("where.{field}: no {what} `{shown}` is recorded"),
            ))
        }
    };
    written.iter().map(find).collect()
}

impl TimelineFilter {
    /// The filter, or what in it names nothing.
    pub(super) fn read(self, views: &Views) -> Result<Filter, ApiError> {
        let within = self.within.map(|text| {
            Within::parse(&text).map_err(|e| ApiError::new(ErrorCode::BadUserInput, format!("where.within: {e}")))
        });
        Ok(Filter {
            parties: known(views, Some(DossierKind::Party), &self.parties, "parties")?,
            topics: known(views, Some(DossierKind::Topic), &self.topics, "topics")?,
            dossiers: known(views, None, &self.dossiers, "dossiers")?,
            kinds: self.kinds.into_iter().map(|k| k.0).collect(),
            within: within.transpose()?,
            surely: self.r#match == Some(Match::Surely),
            undated: self.undated,
        })
    }
}

/// Everything there is to ask, as known now. One query sees one moment: no event comes in between.
#[Object]
impl Query {
    /// Dated facts in the order of the world: by earliest possible day, undated ones last.
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which entries to show; all where nothing is given.")] filter: Option<
            TimelineFilter,
        >,
        #[graphql(desc = "The most entries to give, from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most entries to give, up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Entry>> {
        let views = views(ctx)?;
        let filter = filter.unwrap_or_default().read(views)?;
        let total = Total::Timeline(Arc::clone(views), filter.clone());
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let key = |line: &&Arc<_>| rapporteur_views::entry::Entry::position(line).to_string();
        Ok(page(views.timeline.matching(&filter), total, key, &asked, |line| {
            Entry::new(views, line)
        })?)
    }

    /// What these words find in names and aliases, titles, original words, summaries and sources, best first: every word
    /// has to be there, the last one may go on. Case, diacritics and the script of a name make no difference: `Zelensky`,
    /// `Zelenskyy` and `Зеленський` are the same word. At most 1,000 hits can be paged through; `totalCount` counts all.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words, or the beginning of what is being typed: at most 200 bytes.")] text: String,
        #[graphql(
            name = "where",
            desc = "Which entries to look in, as on the timeline; a dossier is found where any of its entries passes."
        )]
        filter: Option<TimelineFilter>,
        #[graphql(desc = "The most hits to give, from the best or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> Result<Page<SearchHit>> {
        search(ctx, text, filter, first, after).await
    }

    /// The dossier of this slug, of whatever kind; null means: no record.
    async fn dossier(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Dossier>> {
        Ok(Dossier::of(Seen::new(views(ctx)?, &slug)))
    }

    /// The party of this slug; null means: no record.
    async fn party(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Party>> {
        Ok(Party::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Parties by slug.
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Party>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(ctx, slugs(views(ctx)?.parties.all(), |_| true), &asked, Party::of)
    }

    /// The source of this slug; null means: no record.
    async fn source(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Source>> {
        Ok(Source::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Sources by slug.
    async fn sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Source>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(ctx, slugs(views(ctx)?.sources.all(), |_| true), &asked, Source::of)
    }

    /// The plan of this slug; null means: no record.
    async fn plan(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Plan>> {
        Ok(Plan::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Plans by slug.
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Plan>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(ctx, slugs(views(ctx)?.plans.all(), |_| true), &asked, Plan::of)
    }

    /// The meeting of this slug; null means: no record.
    async fn meeting(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Meeting>> {
        Ok(Meeting::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Meetings by slug.
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which meetings to show; all where nothing is given.")] filter: Option<
            MeetingFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Meeting>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let (filter, seen) = (filter.unwrap_or_default(), views(ctx)?);
        let series = filter
            .series
            .map(|s| known(seen, Some(DossierKind::Series), &[s], "series"))
            .transpose()?;
        let slugs = slugs(views(ctx)?.meetings.all(), |m| {
            one_of(filter.states.as_deref(), m.state)
                && series
                    .as_ref()
                    .is_none_or(|series| m.series.as_ref().is_some_and(|s| series.contains(s)))
        });
        dossiers(ctx, slugs, &asked, Meeting::of)
    }

    /// The sanctions round of this slug; null means: no record.
    async fn round(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Round>> {
        Ok(Round::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Sanctions rounds by slug.
    async fn rounds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Round>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(ctx, slugs(views(ctx)?.rounds.all(), |_| true), &asked, Round::of)
    }

    /// The issue of this slug; null means: no record.
    async fn issue(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Issue>> {
        Ok(Issue::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Issues by slug.
    async fn issues(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which issues to show; all where nothing is given.")] filter: Option<
            IssueFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Issue>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let filter = filter.unwrap_or_default();
        let slugs = slugs(views(ctx)?.issues.all(), |i| {
            one_of(filter.states.as_deref(), i.state) && !(filter.widest && i.opened.fact.part_of.is_some())
        });
        dossiers(ctx, slugs, &asked, Issue::of)
    }

    /// The commitment of this slug; null means: no record.
    async fn commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug.")] slug: String,
    ) -> Result<Option<Commitment>> {
        Ok(Commitment::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Commitments by slug.
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which commitments to show; all where nothing is given.")] filter: Option<
            CommitmentFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Commitment>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let (filter, seen) = (filter.unwrap_or_default(), views(ctx)?);
        let by = filter
            .by
            .map(|by| known(seen, Some(DossierKind::Party), &[by], "by"))
            .transpose()?;
        let slugs = slugs(views(ctx)?.commitments.all(), |c| {
            let evidence = std::iter::once(&c.recorded.fact.evidence).chain(c.changes.iter().map(|c| &c.fact.evidence));
            by.as_ref()
                .is_none_or(|by| c.recorded.fact.by.iter().any(|p| by.contains(p)))
                && one_of(filter.status.as_deref(), c.status().0)
                && (!filter.only_anonymous || evidence.into_iter().all(|e| e.only_anonymous()))
        });
        dossiers(ctx, slugs, &asked, Commitment::of)
    }

    /// The claim or expectation of this slug; null means: no record.
    async fn claim(&self, ctx: &Context<'_>, #[graphql(desc = "Its slug.")] slug: String) -> Result<Option<Claim>> {
        Ok(Claim::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Claims and expectations by slug.
    async fn claims(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which claims to show; all where nothing is given.")] filter: Option<
            ClaimFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Claim>> {
        use rapporteur_views::claims::Claim as Kept;
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let claims = &views(ctx)?.claims;
        let counted = |c: &Kept| matches!(c, Kept::Asserted(told) if !told.fact.quantities.is_empty());
        let (filter, seen) = (filter.unwrap_or_default(), views(ctx)?);
        let keep = |c: &Kept| {
            (!filter.with_quantities || counted(c)) && (!filter.expectations || matches!(c, Kept::Expected(_)))
        };
        let mut slugs = match filter
            .about
            .map(|about| known(seen, None, &[about], "about"))
            .transpose()?
        {
            Some(about) => about
                .first()
                .map(|dossier| slugs(claims.about(dossier.as_str()), keep))
                .unwrap_or_default(),
            None => slugs(claims.all(), keep),
        };
        slugs.sort();
        dossiers(ctx, slugs, &asked, Claim::of)
    }

    /// The happening of this slug; null means: no record.
    async fn happening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its slug.")] slug: String,
    ) -> Result<Option<Happening>> {
        Ok(Happening::of(Seen::new(views(ctx)?, &slug)))
    }
    /// Happenings by slug.
    async fn happenings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Happening>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(
            ctx,
            slugs(views(ctx)?.claims.happenings(), |_| true),
            &asked,
            Happening::of,
        )
    }

    /// Registered topics by slug.
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Topic>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(
            ctx,
            slugs(views(ctx)?.vocabulary.topics.iter(), |_| true),
            &asked,
            Topic::of,
        )
    }

    /// Registered series of meetings by slug.
    async fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Series>> {
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        dossiers(
            ctx,
            slugs(views(ctx)?.vocabulary.series.iter(), |_| true),
            &asked,
            Series::of,
        )
    }

    /// What is odd and kept all the same, the first recorded first.
    async fn flags(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which flags to show; all where nothing is given.")] filter: Option<
            FlagFilter,
        >,
        #[graphql(desc = "The most to give from the first or from `after`: 50 if left out, at most 200.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The most to give up to the last or to `before`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Page<Flag>> {
        let views = views(ctx)?;
        let asked = Asked {
            first,
            after,
            last,
            before,
        };
        let rules = filter.unwrap_or_default().rules;
        let found: Vec<_> = views
            .flags
            .all()
            .enumerate()
            .filter(|(_, f)| one_of(rules.as_deref(), f.rule))
            .collect();
        let total = Total::Known(found.len());
        Ok(page(
            found.into_iter(),
            total,
            |(n, _)| n.to_string(),
            &asked,
            |(_, flag)| Flag::new(views, flag),
        )?)
    }

    /// The entry made from the event at this position; null means: no record, or redacted.
    async fn entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event's position.")] position: u64,
    ) -> Result<Option<Entry>> {
        let views = views(ctx)?;
        Ok(views.timeline.entry(position).map(|line| Entry::new(views, line)))
    }

    /// The event at this position of the log, as recorded; null means: the log does not go so far.
    async fn event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event's position.")] position: u64,
    ) -> Result<Option<Event>> {
        let views = views(ctx)?;
        Ok(views
            .timeline
            .recorded(position)
            .map(|recorded| Event::new(views, recorded)))
    }

    /// Relay: the thing with this global id; null if there is none.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id from an `id` field.")] id: ID,
    ) -> Result<Option<Node>> {
        Ok(node(views(ctx)?, &id))
    }

    /// Relay: the things with these global ids, in order; null where there is none. At most 200.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids from `id` fields.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > 200 {
            return Err(ApiError::new(
                ErrorCode::BadUserInput,
                format!("{} ids; at most 200 are looked up at once", ids.len()),
            )
            .into());
        }
        let views = views(ctx)?;
        Ok(ids.iter().map(|id| node(views, id)).collect())
    }

    /// How far the log goes, and the views' digests.
    async fn store(&self, ctx: &Context<'_>) -> Result<Store> {
        Ok(Store(Arc::clone(views(ctx)?)))
    }
}
