//! What lies ahead, and who stands where on a day.

use super::at::At;
use super::date::DateOut;
use super::day::Day;
use super::entry::Entry;
use super::filter::recorded;
use super::issue::Position;
use super::party::Party;
use super::reference::Dossier;
use super::seen::Seen;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{Days, NaiveDate};
use rapporteur_domain::id::DossierKind;
use rapporteur_domain::id::Slug;
use rapporteur_views::Views;
use rapporteur_views::ahead::{Ahead, AheadKind, within};
use rapporteur_views::matrix::{CellState, cell, holders};
use std::sync::Arc;

/// The most days that can be looked ahead.
const DAYS_MOST: i32 = 366;
/// The most items of a list.
const ITEMS_MOST: i32 = 200;
/// The most rows and the most columns of a matrix.
const SIDE_MOST: usize = 50;

/// Questions about days.
#[derive(Default)]
pub(super) struct Diary(pub(super) At);

/// What lies ahead in a window of days.
pub(super) struct Upcoming {
    views: Arc<Views>,
    from: NaiveDate,
    until: NaiveDate,
    certain: Vec<Arc<Ahead>>,
    possible: Vec<Arc<Ahead>>,
}

impl Upcoming {
    fn some(&self, all: &[Arc<Ahead>], first: i32) -> Result<Vec<UpcomingItem>> {
        let most = usize::try_from(first).ok().filter(|_| first <= ITEMS_MOST);
        let most = most.ok_or_else(|| bad(format!("`first` is {first}; a list has 0 to {ITEMS_MOST} items")))?;
        let item = |ahead: &Arc<Ahead>| UpcomingItem {
            views: Arc::clone(&self.views),
            ahead: Arc::clone(ahead),
        };
        Ok(all.iter().take(most).map(item).collect())
    }
}

/// What lies ahead in a window of days: planned meetings that were neither held nor called off, expectations that nothing
/// settles, deadlines, and days from or until which acts and measures apply.
#[Object]
impl Upcoming {
    /// The first day of the window.
    async fn from(&self) -> Day {
        Day(self.from)
    }
    /// The last day of the window.
    async fn until(&self) -> Day {
        Day(self.until)
    }
    /// What falls into the window whatever the dates mean, the first that may come first.
    async fn certain(
        &self,
        #[graphql(default = 50, desc = "The most to give: 50 if left out, at most 200.")] first: i32,
    ) -> Result<Vec<UpcomingItem>> {
        self.some(&self.certain, first)
    }
    /// What may fall into the window, and may not, the first that may come first.
    async fn possible(
        &self,
        #[graphql(default = 50, desc = "The most to give: 50 if left out, at most 200.")] first: i32,
    ) -> Result<Vec<UpcomingItem>> {
        self.some(&self.possible, first)
    }
    /// How many fall into the window for certain.
    async fn certain_count(&self) -> usize {
        self.certain.len()
    }
    /// How many may fall into it, and may not.
    async fn possible_count(&self) -> usize {
        self.possible.len()
    }
}

/// One thing that lies ahead.
pub(super) struct UpcomingItem {
    views: Arc<Views>,
    ahead: Arc<Ahead>,
}

/// One thing that lies ahead.
#[Object]
impl UpcomingItem {
    /// What kind of thing it is.
    async fn kind(&self) -> Word<AheadKind> {
        Word(self.ahead.kind)
    }
    /// When.
    async fn when(&self) -> DateOut {
        DateOut::new(&self.ahead.on)
    }
    /// What the record that says so says, in our words.
    async fn summary(&self) -> String {
        let line = self.views.timeline.entry(self.ahead.position);
        let fact = line.and_then(|line| line.fact());
        fact.map_or_else(String::new, |fact| fact.summary().into_owned())
    }
    /// The dossier it belongs to.
    async fn dossier(&self) -> Option<Dossier> {
        Dossier::of(Seen::new(&self.views, self.ahead.dossier.as_str()))
    }
    /// The entry that says so.
    async fn entry(&self) -> Option<Entry> {
        let line = self.views.timeline.entry(self.ahead.position)?;
        Some(Entry::new(&self.views, line))
    }
}

/// Who stands where on a day.
#[derive(SimpleObject)]
pub(super) struct PositionMatrix {
    /// The day.
    day: Day,
    /// The parties, in the order of the cells of each row.
    parties: Vec<Party>,
    /// One row for each issue.
    rows: Vec<MatrixRow>,
}

/// Who stands where on one issue.
#[derive(SimpleObject)]
struct MatrixRow {
    /// The issue, or the plan or meeting that was asked for.
    on: Option<Dossier>,
    /// One cell for each party.
    cells: Vec<MatrixCell>,
}

/// Where one party stands on one issue.
#[derive(SimpleObject)]
struct MatrixCell {
    /// The party.
    party: Option<Party>,
    /// What is known of its position.
    state: Word<CellState>,
    /// The positions that stand: taken on the day or before, and no other of the party's surely later. Several may stand
    /// side by side.
    positions: Vec<Position>,
    /// Those that others surely came after, the first recorded first.
    earlier: Vec<Position>,
}

/// What lies ahead, and who stands where on a day.
#[Object]
impl Diary {
    /// What is expected in the days from a day on: what certainly falls there, and what possibly does.
    async fn upcoming(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many days to look ahead after the first: 0 to 366.")] days: i32,
        #[graphql(desc = "The first day. Default: today, in the desk's time zone.")] from: Option<Day>,
    ) -> Result<Upcoming> {
        let views = self.0.views(ctx)?;
        let from = self.0.day(ctx, from)?;
        let ahead = u64::try_from(days).ok().filter(|_| days <= DAYS_MOST);
        let ahead = ahead.ok_or_else(|| bad(format!("`days` is {days}; look 0 to {DAYS_MOST} days ahead")))?;
        let until = from.checked_add_days(Days::new(ahead));
        let until = until.ok_or_else(|| bad(format!("`from`: no calendar goes {days} days beyond {from}")))?;
        let (certain, possible) = within(views, from, until);
        Ok(Upcoming {
            views: Arc::clone(views),
            from,
            until,
            certain,
            possible,
        })
    }

    /// Who stands where on a day: positions taken then or before, and cells in which nothing is known.
    async fn position_matrix(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The rows: slugs of issues; plans and meetings have positions too. 1 to 50; one named again is one row."
        )]
        issues: Vec<String>,
        #[graphql(
            desc = "The columns: slugs of parties, 1 to 50; one named again is one column. Default: everybody who has taken a position on one of the rows."
        )]
        parties: Option<Vec<String>>,
        #[graphql(desc = "The day. Default: today, in the desk's time zone.")] on: Option<Day>,
    ) -> Result<PositionMatrix> {
        if issues.is_empty() {
            let message = format!("`issues` is empty; name 1 to {SIDE_MOST}, such as `[\"znpp\"]`");
            return Err(bad(message).into());
        }
        if parties.as_ref().is_some_and(Vec::is_empty) {
            let message = format!(
                "`parties` is empty; name 1 to {SIDE_MOST}, or leave it out for everybody who has taken a position"
            );
            return Err(bad(message).into());
        }
        let views = self.0.views(ctx)?;
        let day = self.0.day(ctx, on)?;
        let rows = recorded(views, None, &issues, "issues")?;
        let columns: Vec<Slug> = match parties {
            Some(parties) => recorded(views, Some(DossierKind::Party), &parties, "parties")?,
            None => holders(views, &rows).into_iter().cloned().collect(),
        };
        for (name, count) in [("issues", rows.len()), ("parties", columns.len())] {
            if count > SIDE_MOST {
                return Err(bad(format!(
                    "`{name}`: {count}; a matrix has at most {SIDE_MOST}, name fewer"
                ))
                .into());
            }
        }
        let row = |on: &Slug| {
            let seen = Seen::new(views, on.as_str());
            let cells = columns.iter().map(|party| {
                let found = cell(views, on.as_str(), party, day);
                let shown = |told: &Vec<_>| told.iter().map(|told| Position::new(&seen, told)).collect();
                MatrixCell {
                    party: Party::of(Seen::new(views, party.as_str())),
                    state: Word(found.state),
                    positions: shown(&found.standing),
                    earlier: shown(&found.earlier),
                }
            });
            MatrixRow {
                cells: cells.collect(),
                on: Dossier::of(seen.clone()),
            }
        };
        Ok(PositionMatrix {
            day: Day(day),
            parties: columns
                .iter()
                .filter_map(|slug| Party::of(Seen::new(views, slug.as_str())))
                .collect(),
            rows: rows.iter().map(row).collect(),
        })
    }
}

fn bad(message: String) -> ApiError {
    ApiError::new(ErrorCode::BadUserInput, message)
}
