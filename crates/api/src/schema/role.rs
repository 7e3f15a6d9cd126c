//! How sources name a party's role, day by day: not as an office that is recorded, but beside its name.

use super::entry::Entry;
use super::party::Party;
use super::seen::Seen;
use super::words::Word;
use async_graphql::Object;
use chrono::NaiveDate;
use rapporteur_domain::common::Participant;
use rapporteur_domain::date::{FuzzyDate, Within};
use rapporteur_domain::id::Slug;
use rapporteur_views::entry::Entry as Line;
use rapporteur_views::timeline::Filter;
use serde::Serialize;
use std::sync::Arc;

/// Where the day of a named role lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Nearness {
    /// Possibly on the day asked for.
    OnTheDay,
    /// The nearest before it.
    Before,
    /// The nearest after it.
    After,
}

/// A role beside a name.
pub(super) struct NamedRole {
    seen: Seen,
    line: Arc<Line>,
    participant: Participant,
    nearness: Nearness,
}

impl NamedRole {
    /// The roles in which the party `seen` is named on `day`; where there is none, the nearest before and after.
    pub(super) fn on(seen: &Seen, day: NaiveDate) -> Vec<Self> {
        let Ok(party) = Slug::parse(&seen.slug) else {
            return Vec::new();
        };
        let filter = Filter {
            parties: vec![party.clone()],
            ..Filter::default()
        };
        let (that_day, window) = (
            FuzzyDate::day(day),
            Within {
                from: Some(day),
                until: Some(day),
            },
        );
        let (mut on, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for line in seen.views.timeline.matching(&filter) {
            let Some((participant, when)) = named(line, &party) else {
                continue;
            };
            let (nearness, found) = if when.surely_before(&that_day) {
                (Nearness::Before, &mut before)
            } else if that_day.surely_before(&when) {
                (Nearness::After, &mut after)
            } else if when.possibly_within(&window) {
                (Nearness::OnTheDay, &mut on)
            } else {
                continue;
            };
            let role = Self {
                seen: seen.clone(),
                line: Arc::clone(line),
                participant,
                nearness,
            };
            found.push((when, role));
        }
        if !on.is_empty() {
            return on.into_iter().map(|(_, role)| role).collect();
        }
        let last = before.iter().filter_map(|(when, _)| when.latest()).max();
        let first = after.iter().filter_map(|(when, _)| when.earliest()).min();
        before.retain(|(when, _)| when.latest() == last);
        after.retain(|(when, _)| when.earliest() == first);
        before.into_iter().chain(after).map(|(_, role)| role).collect()
    }
}

/// How an entry names the party, and when; none where it gives no role, or speaks of what is only planned.
fn named(line: &Arc<Line>, party: &Slug) -> Option<(Participant, FuzzyDate)> {
    if &*line.recorded.header.kind == "meeting.scheduled" {
        return None;
    }
    let fact = line.fact()?;
    let mut named = fact.participants().iter();
    let participant = named.find(|p| p.party == *party && p.role.is_some())?;
    Some((participant.clone(), fact.when()?.clone()))
}

/// A role in which a source names a party: in a meeting, a claim, a statement.
#[Object]
impl NamedRole {
    /// The role, as the source has it: "Defence Minister, head of delegation".
    async fn role(&self) -> Option<&str> {
        self.participant.role.as_ref().map(|r| r.as_str())
    }
    /// On whose behalf.
    async fn of(&self) -> Option<Party> {
        Party::of(Seen::new(&self.seen.views, self.participant.of.as_ref()?.as_str()))
    }
    /// Whether it is named so on the day, or nearest before or after it.
    async fn nearness(&self) -> Word<Nearness> {
        Word(self.nearness)
    }
    /// The entry that names it so; its date is the role's.
    async fn entry(&self) -> Entry {
        Entry::new(&self.seen.views, &self.line)
    }
}
