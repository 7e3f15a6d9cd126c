//! Planned against actual: what was expected of a round, and until when procedures ran, against when it came.

use crate::Views;
use crate::ahead::AheadKind;
use crate::claims::Claim;
use crate::expectations::{ExpectationState, Settled, Slip, settled};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::round::Stage;

/// A date that was named beforehand.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Whether somebody expected it, or a procedure ran until then.
    pub kind: AheadKind,
    /// The stage that was to be reached; none where an expectation names none.
    pub stage: Option<Stage>,
    /// The date or window.
    pub planned_for: FuzzyDate,
    /// When that was said.
    pub said_on: FuzzyDate,
    /// What became of it.
    pub settled: Settled,
    /// The event that says so.
    pub position: u64,
}

/// What was planned of a round, in the order of recording. A deadline that runs before adoption is one for adoption; of
/// several records of one deadline the first counts.
#[must_use]
pub fn of_round(views: &Views, slug: &str) -> Vec<Planned> {
    let Some(round) = views.rounds.get(slug) else {
        return Vec::new();
    };
    let mut found: Vec<Planned> = Vec::new();
    let told = views
        .claims
        .about(slug)
        .flat_map(|(claim, _)| views.claims.told(claim.as_str()));
    for claim in told {
        let Claim::Expected(told) = claim else { continue };
        if told.fact.of.dossier() == slug {
            found.push(Planned {
                kind: AheadKind::Expectation,
                stage: told.fact.stage,
                planned_for: told.fact.expected_in.clone(),
                said_on: told.fact.claimed_on.clone(),
                settled: settled(views, &told.fact),
                position: told.position,
            });
        }
    }
    let running = round.stages.iter().filter(|reached| before_adoption(reached.stage));
    for told in running.flat_map(|reached| &reached.told) {
        let Some(deadline) = &told.fact.deadline else { continue };
        let known =
            |planned: &Planned| planned.kind == AheadKind::Deadline && planned.planned_for.says_the_same(deadline);
        if !found.iter().any(known) {
            found.push(Planned {
                kind: AheadKind::Deadline,
                stage: Some(Stage::Adopted),
                planned_for: deadline.clone(),
                said_on: told.fact.reached_on.clone(),
                settled: adoption(round, deadline),
                position: told.position,
            });
        }
    }
    found.sort_by_key(|planned| planned.position);
    found
}

fn before_adoption(stage: Stage) -> bool {
    stage.precedes(Stage::Adopted)
}

/// What a round's adoption makes of a deadline.
fn adoption(round: &crate::rounds::Round, deadline: &FuzzyDate) -> Settled {
    let adopted = || round.stages.iter().filter(|reached| reached.stage == Stage::Adopted);
    let slip = Slip::nearest(deadline, adopted().map(|reached| &reached.reached_on));
    let mut by: Vec<u64> = adopted()
        .flat_map(|reached| &reached.told)
        .map(|told| told.position)
        .collect();
    by.sort_unstable();
    Settled {
        state: slip.map_or(ExpectationState::Open, Slip::state),
        slip,
        called_off: false,
        by,
    }
}
