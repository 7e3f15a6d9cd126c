//! Issues against parties: who stands where, and where nothing is known.

use super::filter::known;
use super::issue::{Issue, Position};
use super::party::Party;
use super::reference::Seen;
use super::words::Word;
use crate::http::{ApiError, ErrorCode};
use async_graphql::Object;
use chrono::NaiveDate;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_views::Views;
use rapporteur_views::issues::CellState;
use std::sync::Arc;

/// The most issues, and the most parties, of one matrix.
const MOST: usize = 50;

/// One issue of a matrix.
pub(super) struct MatrixRow {
    views: Arc<Views>,
    issue: Slug,
    parties: Arc<Vec<Slug>>,
    on: Option<NaiveDate>,
}

/// The rows of these issues, in the order asked for, with a cell for each of the parties.
///
/// # Errors
/// A slug is not recorded, or there are more than 50 of a kind.
pub(super) fn matrix(
    views: &Arc<Views>,
    issues: &[String],
    parties: &[String],
    on: Option<NaiveDate>,
) -> Result<Vec<MatrixRow>, ApiError> {
    for (asked, what) in [(issues.len(), "issues"), (parties.len(), "parties")] {
        if asked > MOST {
            let message = format!("{asked} {what}; at most {MOST} at once: ask for fewer, or several times");
            return Err(ApiError::new(ErrorCode::BadUserInput, message));
        }
    }
    let parties = Arc::new(known(views, Some(DossierKind::Party), parties, "parties")?);
    let issues = known(views, Some(DossierKind::Issue), issues, "issues")?;
    let row = |issue| MatrixRow {
        views: Arc::clone(views),
        issue,
        parties: Arc::clone(&parties),
        on,
    };
    Ok(issues.into_iter().map(row).collect())
}

/// One issue, and where each of the parties stands on it.
#[Object]
impl MatrixRow {
    /// The issue.
    async fn issue(&self) -> Option<Issue> {
        Issue::of(Seen::new(&self.views, self.issue.as_str()))
    }
    /// One cell for each party asked for, in that order.
    async fn cells(&self) -> Vec<MatrixCell> {
        let cell = |party: &Slug| {
            let kept = self.views.issues.cell(self.issue.as_str(), party, self.on);
            MatrixCell {
                party: Seen::new(&self.views, party.as_str()),
                state: kept.state,
                positions: Position::told(&Seen::new(&self.views, self.issue.as_str()), kept.positions),
            }
        };
        self.parties.iter().map(cell).collect()
    }
}

/// One party on one issue.
pub(super) struct MatrixCell {
    party: Seen,
    state: CellState,
    positions: Vec<Position>,
}

/// Where one party stands on one issue.
#[Object]
impl MatrixCell {
    /// The party.
    async fn party(&self) -> Option<Party> {
        Party::of(self.party.clone())
    }
    /// What is known: a position, that none was found, or nothing.
    async fn state(&self) -> Word<CellState> {
        Word(self.state)
    }
    /// Its positions by then, the latest day last; none where none is recorded.
    async fn positions(&self) -> &[Position] {
        &self.positions
    }
}
