//! What made a change: the events that say what is shown now, and those that amend what was shown before.

use super::is_new;
use crate::Views;
use crate::amendments::Amendment;
use crate::values::Value;
use rapporteur_domain::id::Slug;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The amendments of an event, of what came in its place, and so on.
pub(super) fn amendments_of(amended: &[Arc<Amendment>], mut position: u64) -> Vec<&Arc<Amendment>> {
    let mut found = Vec::new();
    while let Some(amendment) = amended.iter().rev().find(|amendment| amendment.target == position) {
        found.push(amendment);
        match amendment.after {
            Some(after) if after > position => position = after,
            _ => break,
        }
    }
    found
}

/// What was told of a dossier between two moments.
pub(super) struct Told<'a> {
    before: &'a Views,
    amended: &'a [Arc<Amendment>],
    /// What moved records out of it or into it, and what merged another into it.
    moves: Vec<u64>,
    /// The events of it that were not known.
    events: Vec<u64>,
}

impl<'a> Told<'a> {
    /// What was told of a dossier between two moments, of which these amendments came to count.
    pub(super) fn between(before: &'a Views, after: &Views, dossier: &Slug, amended: &'a [Arc<Amendment>]) -> Self {
        let moves = after.names.moves(dossier.as_str()).map(|told| told.position);
        let merges = after.names.merged_into(dossier.as_str()).map(|merged| merged.position);
        let moves = moves.chain(merges);
        let events = after
            .timeline
            .positions_of(dossier.as_str())
            .into_iter()
            .flatten()
            .copied();
        let is_unknown = |at: &u64| before.timeline.entry(*at).is_none() && after.timeline.entry(*at).is_some();
        Self {
            before,
            amended,
            moves: moves.filter(|at| is_new(before, after, *at)).collect(),
            events: events.filter(is_unknown).collect(),
        }
    }

    /// What made a change: the events that say the values after and were not known before, and the amendments of those behind
    /// the values before. Where there are none, what moved records or merged, or else whatever was told of the dossier.
    pub(super) fn made(&self, old: &[Value], new: &[Value]) -> Vec<u64> {
        let behind = old.iter().flat_map(|value| &value.behind);
        let behind: BTreeSet<u64> = behind.map(|behind| behind.position).collect();
        let come = new.iter().flat_map(Value::told_by);
        let come = come.filter(|at| !behind.contains(at) && self.before.timeline.entry(*at).is_none());
        let amending = behind.iter().flat_map(|at| amendments_of(self.amended, *at));
        // A moment may lie between the two events of a correction.
        let amending = amending.filter_map(|amendment| {
            let mut told = std::iter::once(amendment.by).chain(amendment.after);
            told.find(|at| *at > self.before.position())
        });
        let by: BTreeSet<u64> = come.chain(amending).collect();
        let now = new.iter().flat_map(|value| &value.behind).map(|behind| behind.position);
        if !by.is_empty() {
            return by.into_iter().collect();
        }
        let is_other = old.len() != new.len() || now.collect::<BTreeSet<u64>>() != behind;
        match self.moves.is_empty() && is_other {
            true => self.events.clone(),
            false => self.moves.clone(),
        }
    }
}
