//! Filters: what the lists of the query root can be narrowed to, and how that is read.

use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Enum, InputObject};
use rapporteur_domain::commitment::CommitmentStatus;
use rapporteur_domain::common::Mode;
use rapporteur_domain::date::{FuzzyDate, Within};
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_domain::round::Stage;
use rapporteur_domain::text::Country;
use rapporteur_views::Views;
use rapporteur_views::flags::FlagRule;
use rapporteur_views::issues::IssueState;
use rapporteur_views::meetings::{MeetingState, With};
use rapporteur_views::timeline::Filter;

/// Whether a date must lie in a window for sure.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
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
    /// Whether dates must lie in the window for sure; goes with `within`. Default: possibly.
    r#match: Option<Match>,
    /// Whether entries without a usable date pass the window too; goes with `within`. Default: no.
    #[graphql(default)]
    undated: bool,
    /// Only entries that rest on anonymous speakers alone. Default: all.
    #[graphql(default)]
    only_anonymous: bool,
}

/// Which meetings to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default, PartialEq)]
pub(super) struct MeetingFilter {
    /// Meetings that stand so.
    pub(super) states: Option<Vec<Word<MeetingState>>>,
    /// Meetings of this series, by slug.
    pub(super) series: Option<String>,
    /// Meetings at which all of these parties were, by slug. Whoever is only invited, expected or absent was not there, and
    /// nobody was at a meeting that did not take place; `modes` says otherwise.
    #[graphql(default)]
    pub(super) parties: Vec<String>,
    /// Only parties that take part in one of these ways, such as `IN_PERSON`; goes with `parties`. A meeting that was called
    /// off or is only planned has nobody in it, but those who are `INVITED`, `EXPECTED` or `ABSENT`.
    #[graphql(default)]
    pub(super) modes: Vec<Word<Mode>>,
    /// Whether people count for the state or body on whose behalf they take part; goes with `parties`. Default: no.
    #[graphql(default)]
    pub(super) on_behalf: bool,
    /// Meetings at a place in this country, as ISO 3166-1 alpha-2: `TR`. Any of its reports may say so.
    pub(super) country: Option<String>,
    /// Only meetings held, or else planned, in this window, as EDTF: `2025-11/2026-01`, `2026-01-06`. Where reports of one
    /// meeting give several days, any of them.
    within: Option<String>,
    /// Whether dates must lie in the window for sure; goes with `within`. Default: possibly.
    r#match: Option<Match>,
}

/// Which rounds to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default, PartialEq)]
pub(super) struct RoundFilter {
    /// Rounds of which all of these are senders, by slug.
    #[graphql(default)]
    pub(super) senders: Vec<String>,
    /// Rounds that reached any of these stages at some time, such as `BLOCKED`.
    pub(super) reached: Option<Vec<Word<Stage>>>,
    /// Rounds that this party blocked, or on which it reserved its position, by slug.
    pub(super) held_up_by: Option<String>,
}

/// Which issues to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default, PartialEq)]
pub(super) struct IssueFilter {
    /// Issues that stand so.
    pub(super) states: Option<Vec<Word<IssueState>>>,
    /// Only issues that are not part of a wider one. Default: all.
    #[graphql(default)]
    pub(super) widest: bool,
}

/// Which commitments to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default, PartialEq)]
pub(super) struct CommitmentFilter {
    /// Commitments by this party, by slug.
    pub(super) by: Option<String>,
    /// Commitments on these rungs, as last told.
    pub(super) status: Option<Vec<Word<CommitmentStatus>>>,
    /// Only commitments that rest on anonymous speakers alone. Default: all.
    #[graphql(default)]
    pub(super) only_anonymous: bool,
}

/// Which claims to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default, PartialEq)]
pub(super) struct ClaimFilter {
    /// Claims about this dossier or a record in it, by slug.
    pub(super) about: Option<String>,
    /// Only claims that give a number. Default: all.
    #[graphql(default)]
    pub(super) with_quantities: bool,
    /// Only expectations. Default: claims and expectations.
    #[graphql(default)]
    pub(super) expectations: bool,
    /// Only claims that rest on anonymous speakers alone. Default: all.
    #[graphql(default)]
    pub(super) only_anonymous: bool,
}

/// Which flags to show; what is left out, or empty, does not filter.
#[derive(InputObject, Default)]
pub(super) struct FlagFilter {
    /// These oddities.
    pub(super) rules: Option<Vec<Word<FlagRule>>>,
}

/// Whether a word is among those asked for; nothing asked for, or an empty list, does not filter.
pub(super) fn one_of<T: Copy + PartialEq>(asked: Option<&[Word<T>]>, word: T) -> bool {
    asked.is_none_or(|asked| asked.is_empty() || asked.iter().any(|a| a.0 == word))
}

/// The slugs written in `where.{field}`, each of a recorded dossier of `kind`.
///
/// # Errors
/// There is none.
pub(super) fn known(
    views: &Views,
    kind: Option<DossierKind>,
    written: &[String],
    field: &str,
) -> Result<Vec<Slug>, ApiError> {
    recorded(views, kind, written, &format!("where.{field}"))
}

/// The slugs written in `field`, each of a recorded dossier of `kind`, by their names of today and each once.
///
/// # Errors
/// There is none.
pub(super) fn recorded(
    views: &Views,
    kind: Option<DossierKind>,
    written: &[String],
    field: &str,
) -> Result<Vec<Slug>, ApiError> {
    let today = |slug: &str| views.names.moved().slug(slug).map(ToString::to_string);
    let find = |slug: &String| match views.timeline.dossier(today(slug).as_deref().unwrap_or(slug)) {
        Some((slug, mark)) if kind.is_none_or(|k| k == mark.kind) => Ok(slug.clone()),
        _ => {
            let what = kind.map_or("dossier".to_owned(), |k| format!("{k:?}").to_lowercase());
            let shown: String = slug.chars().take(80).collect();
            Err(ApiError::new(
                ErrorCode::BadUserInput,
                format!("{field}: no {what} `{shown}` is recorded"),
            ))
        }
    };
    let mut found: Vec<Slug> = Vec::new();
    for slug in written {
        let slug = find(slug)?;
        if !found.contains(&slug) {
            found.push(slug);
        }
    }
    Ok(found)
}

/// A window asked for, and whether dates must lie in it for sure.
pub(super) struct Window {
    within: Option<Within>,
    surely: bool,
}

impl Window {
    /// Whether any of these dates lies in it; what has no date lies in no window.
    pub(super) fn holds_any(&self, dates: &[&FuzzyDate]) -> bool {
        let lies = |within: &Within, date: &FuzzyDate| match self.surely {
            true => date.surely_within(within),
            false => date.possibly_within(within),
        };
        let within = self.within.as_ref();
        within.is_none_or(|within| dates.iter().any(|date| lies(within, date)))
    }
}

impl MeetingFilter {
    /// Who has to be there, and the window.
    ///
    /// # Errors
    /// A slug is not recorded, the window is no window, or something is asked without what it goes with.
    pub(super) fn read(&self, views: &Views) -> Result<(With, Window), ApiError> {
        let bad = |message: String| ApiError::new(ErrorCode::BadUserInput, message);
        let lonely = |field: &str, with: &str| {
            bad(format!(
                "where.{field}: goes with `{with}`; give that too, or leave it out"
            ))
        };
        if self.parties.is_empty() && !self.modes.is_empty() {
            return Err(lonely("modes", "parties"));
        }
        if self.parties.is_empty() && self.on_behalf {
            return Err(lonely("onBehalf", "parties"));
        }
        if self.within.is_none() && self.r#match.is_some() {
            return Err(lonely("match", "within"));
        }
        if let Some(country) = &self.country {
            Country::parse(country).map_err(|e| bad(format!("where.country: {e}")))?;
        }
        let within = self.within.as_deref().map(Within::parse).transpose();
        let with = With {
            parties: known(views, Some(DossierKind::Party), &self.parties, "parties")?,
            modes: self.modes.iter().map(|mode| mode.0).collect(),
            on_behalf: self.on_behalf,
        };
        let window = Window {
            within: within.map_err(|e| bad(format!("where.within: {e}")))?,
            surely: self.r#match == Some(Match::Surely),
        };
        Ok((with, window))
    }
}

impl TimelineFilter {
    /// The filter of the view.
    ///
    /// # Errors
    /// A slug is not recorded, the window is no window, or a question about the window is asked without one.
    pub(super) fn read(self, views: &Views) -> Result<Filter, ApiError> {
        let idle = [("match", self.r#match.is_some()), ("undated", self.undated)];
        if let (None, Some((field, _))) = (&self.within, idle.iter().find(|(_, given)| *given)) {
            let message = format!("where.{field}: goes with `within`; write a window there, or leave it out");
            return Err(ApiError::new(ErrorCode::BadUserInput, message));
        }
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
            only_anonymous: self.only_anonymous,
        })
    }
}
