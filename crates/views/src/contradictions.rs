//! Contradictions as sets: all values that compete for one thing, side by side, each with those who say so. Values are
//! never merged and none is preferred.

use crate::Views;
use crate::flags::may_recur;
use crate::links::is_contradiction;
use crate::rough;
use crate::rounds::{Reached, Round};
use crate::told::Told;
use rapporteur_domain::act::{CountBasis, RecordCount};
use rapporteur_domain::claim::LinkRecords;
use rapporteur_domain::common::Quantity;
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::evidence::Citation;
use rapporteur_domain::id::{Key, RecordRef, Slug};
use rapporteur_domain::rival::RecordRivalValues;
use rapporteur_domain::round::Stage;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What makes values compete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContradictionKind {
    /// The desk recorded that sources give different values for one thing.
    RivalValues,
    /// Dates of one stage of a round that cannot all be right.
    StageDates,
    /// Counts of one thing, of one round, that cannot all be right.
    Counts,
    /// Records that are linked as contradicting one another, directly or through others.
    Linked,
}

/// One of several values that compete.
#[derive(Debug, Clone)]
pub struct Competing {
    /// The value, as it is given; for a record: what it says, in our words.
    pub value: String,
    /// The date that it is, or that the record bears.
    pub date: Option<FuzzyDate>,
    /// The numbers in it.
    pub quantities: Vec<Quantity>,
    /// The record that gives it, where that is one of its own.
    pub record: Option<RecordRef>,
    /// The events that give it, in the order of recording.
    pub positions: Vec<u64>,
    /// Where it is said.
    pub citations: Vec<Citation>,
}

/// Values that compete.
#[derive(Debug, Clone)]
pub struct Contradiction {
    /// A text by which it is found again, as long as nothing is added to it.
    pub key: String,
    /// What makes them compete.
    pub kind: ContradictionKind,
    /// What they are about: a record or dossier; several where records of several are linked.
    pub about: Vec<RecordRef>,
    /// What of it is in question: "number", "adopted", "vessels added"; none between linked records.
    pub what: Option<String>,
    /// The values, in the order of recording.
    pub values: Vec<Competing>,
    /// How the desk reads them.
    pub resolution: Option<String>,
    /// The links between them, in the order of recording.
    pub links: Vec<Told<LinkRecords>>,
}

impl Contradiction {
    /// Every citation of every value.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.values.iter().flat_map(|value| &value.citations)
    }

    /// Whether it is about this record, or about a record in this dossier, or one of its values is.
    #[must_use]
    pub fn concerns(&self, reference: &str) -> bool {
        let is = |record: &RecordRef| record.as_str() == reference || record.dossier() == reference;
        self.about.iter().any(is) || self.values.iter().filter_map(|value| value.record.as_ref()).any(is)
    }
}

/// The contradictions of a dossier or of records in it, and those of the claims about it; by kind, then by key.
#[must_use]
pub fn of_dossier(views: &Views, slug: &str) -> Vec<Contradiction> {
    let mut found = made_in(views, slug);
    let claims = views.claims.about(slug).map(|(claim, _)| claim.as_str());
    let links = claims.flat_map(|claim| views.links.of_dossier(claim).into_iter().flatten());
    let keys: BTreeSet<String> = found.iter().map(|one| one.key.clone()).collect();
    found.extend(linked(views, links).into_iter().filter(|one| !keys.contains(&one.key)));
    sorted(found)
}

/// Those that events of a dossier make, by kind.
#[must_use]
pub fn made_in(views: &Views, slug: &str) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = rivals(views, views.rivals.about(slug)).collect();
    if let Some((slug, round)) = views.rounds.by_slug().get_key_value(slug) {
        found.extend(of_round(slug, round));
    }
    found.extend(linked(views, views.links.of_dossier(slug).into_iter().flatten()));
    found
}

/// All contradictions, by kind, then by key.
#[must_use]
pub fn all(views: &Views) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = rivals(views, views.rivals.all()).collect();
    found.extend(views.rounds.all().flat_map(|(slug, round)| of_round(slug, round)));
    found.extend(linked(views, views.links.all()));
    sorted(found)
}

fn sorted(mut found: Vec<Contradiction>) -> Vec<Contradiction> {
    found.sort_by(|one, other| (one.kind, &one.key).cmp(&(other.kind, &other.key)));
    found
}

fn rivals<'a>(
    views: &'a Views,
    told: impl Iterator<Item = &'a Told<RecordRivalValues>>,
) -> impl Iterator<Item = Contradiction> {
    told.map(|told| {
        let values = told.fact.values.iter().map(|rival| Competing {
            value: rival.value.to_string(),
            date: rival.date.clone(),
            quantities: Vec::new(),
            record: None,
            positions: vec![told.position],
            citations: rival.citations.clone(),
        });
        let record = views
            .timeline
            .entry(told.position)
            .map(|entry| entry.record.to_string());
        Contradiction {
            key: record.unwrap_or_else(|| format!("{}@{}", told.fact.about, told.position)),
            kind: ContradictionKind::RivalValues,
            about: vec![told.fact.about.clone()],
            what: Some(told.fact.field.to_string()),
            values: values.collect(),
            resolution: told.fact.resolution.as_ref().map(ToString::to_string),
            links: Vec::new(),
        }
    })
}

fn of_round(slug: &Slug, round: &Round) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let mut stages: BTreeMap<Stage, Vec<&Reached>> = BTreeMap::new();
    for reached in round.stages.iter().filter(|reached| !may_recur(reached.stage)) {
        stages.entry(reached.stage).or_default().push(reached);
    }
    for (stage, reached) in stages {
        let mut values: Vec<Competing> = Vec::new();
        let rival = |one: &Reached| reached.iter().any(|other| !one.reached_on.may_be(&other.reached_on));
        for one in reached.iter().filter(|one| rival(one)) {
            let same = values
                .iter()
                .position(|value| value.date.as_ref().is_some_and(|on| on.says_the_same(&one.reached_on)));
            let told = one
                .told
                .iter()
                .map(|told| (told.position, &told.fact.evidence.citations));
            match same.and_then(|at| values.get_mut(at)) {
                Some(value) => told.for_each(|(position, citations)| value.hear(position, citations)),
                None => values.push(competing(one.reached_on.label(), Some(&one.reached_on), &[], told)),
            }
        }
        let what = stage.word();
        found.extend(set(slug, ContradictionKind::StageDates, what.to_owned(), values));
    }
    let mut counts: BTreeMap<(&Key, CountBasis), Vec<&Told<RecordCount>>> = BTreeMap::new();
    for told in round.counts.iter().filter(|told| told.fact.basis != CountBasis::Part) {
        counts.entry((&told.fact.of, told.fact.basis)).or_default().push(told);
    }
    for ((of, basis), told) in counts {
        let rival = |one: &Told<RecordCount>| told.iter().any(|other| differ(&one.fact, &other.fact));
        let values = told.iter().filter(|one| rival(one)).map(|one| {
            let quantity = &one.fact.quantity;
            let told = std::iter::once((one.position, &one.fact.evidence.citations));
            competing(
                rough::words(quantity),
                one.fact.counted_on.as_ref(),
                std::slice::from_ref(quantity),
                told,
            )
        });
        let what = format!("{of} {}", basis_word(basis));
        found.extend(set(slug, ContradictionKind::Counts, what, values.collect()));
    }
    found
}

fn set(slug: &Slug, kind: ContradictionKind, what: String, values: Vec<Competing>) -> Option<Contradiction> {
    (values.len() > 1).then(|| Contradiction {
        key: format!("{slug} {what}"),
        kind,
        about: vec![RecordRef::to_dossier(slug)],
        what: Some(what),
        values,
        resolution: None,
        links: Vec::new(),
    })
}

fn competing<'a>(
    value: String,
    date: Option<&FuzzyDate>,
    quantities: &[Quantity],
    told: impl Iterator<Item = (u64, &'a Vec<Citation>)>,
) -> Competing {
    let mut value = Competing {
        value,
        date: date.cloned(),
        quantities: quantities.to_vec(),
        record: None,
        positions: Vec::new(),
        citations: Vec::new(),
    };
    told.for_each(|(position, citations)| value.hear(position, citations));
    value
}

impl Competing {
    fn hear<'a>(&mut self, position: u64, citations: impl IntoIterator<Item = &'a Citation>) {
        self.positions.push(position);
        for citation in citations {
            if !self.citations.contains(citation) {
                self.citations.push(citation.clone());
            }
        }
    }
}

/// Whether two counts cannot both be right: they are of one stage and day as far as both say so, in one unit, and neither
/// number leaves room for the other.
fn differ(one: &RecordCount, other: &RecordCount) -> bool {
    let apart = one.stage.zip(other.stage).is_some_and(|(one, other)| one != other)
        || one
            .counted_on
            .as_ref()
            .zip(other.counted_on.as_ref())
            .is_some_and(|(one, other)| !one.may_be(other))
        || one.quantity.unit != other.quantity.unit;
    let leaves_room = |one: &Quantity, other: &Quantity| match (one.value, other.value) {
        (Some(one), Some(_)) if other.approximate => rough::admits(other, one),
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        (Some(one), None) => rough::admits(other, one),
        _ => false,
    };
    let vague = one.quantity.value.is_none() && other.quantity.value.is_none();
    !apart && !vague && !leaves_room(&one.quantity, &other.quantity) && !leaves_room(&other.quantity, &one.quantity)
}

fn basis_word(basis: CountBasis) -> &'static str {
    match basis {
        CountBasis::Added => "added",
        CountBasis::Removed => "removed",
        CountBasis::StatedTotal => "in total",
        CountBasis::Announced => "announced",
        CountBasis::Independent => "counted independently",
        CountBasis::Part => "in part",
        CountBasis::Mirrored => "mirrored",
    }
}

/// The sets of records that hang together by links of contradiction, from these links on.
fn linked<'a>(views: &'a Views, from: impl Iterator<Item = &'a Told<LinkRecords>>) -> Vec<Contradiction> {
    let mut seen: BTreeSet<&RecordRef> = BTreeSet::new();
    let mut found = Vec::new();
    for link in from.filter(|link| is_contradiction(link)) {
        if seen.contains(&link.fact.from) {
            continue;
        }
        let mut open = vec![&link.fact.from];
        let mut records: BTreeSet<&RecordRef> = BTreeSet::new();
        let mut links: BTreeMap<u64, &Told<LinkRecords>> = BTreeMap::new();
        while let Some(record) = open.pop() {
            if !records.insert(record) {
                continue;
            }
            let (out, into) = (views.links.from(record.as_str()), views.links.to(record.as_str()));
            for link in out.chain(into).filter(|link| is_contradiction(link)) {
                links.insert(link.position, link);
                open.extend([&link.fact.from, &link.fact.to]);
            }
        }
        seen.extend(&records);
        // What was linked may be one thing by now.
        if records.len() < 2 {
            continue;
        }
        found.push(hanging_together(
            views,
            &records,
            links.into_values().cloned().collect(),
        ));
    }
    found
}

fn hanging_together(views: &Views, records: &BTreeSet<&RecordRef>, links: Vec<Told<LinkRecords>>) -> Contradiction {
    let mut values: Vec<Competing> = records.iter().map(|record| of_record(views, record)).collect();
    values.sort_by_key(|value| value.positions.first().copied());
    Contradiction {
        key: records.first().map(ToString::to_string).unwrap_or_default(),
        kind: ContradictionKind::Linked,
        about: records.iter().map(|record| (*record).clone()).collect(),
        what: None,
        values,
        resolution: None,
        links,
    }
}

/// A record as a value: what the first event that tells of it says. Where it is a dossier that no event tells of alone, what
/// opened it.
fn of_record(views: &Views, record: &RecordRef) -> Competing {
    let mut entries = views.timeline.of_record(record.as_str());
    if entries.is_empty() && record.dossier() == record.as_str() {
        entries = views.timeline.of_dossier(record.as_str()).into_iter().take(1).collect();
    }
    let first = entries.first().and_then(|entry| entry.fact());
    let mut value = Competing {
        value: first.map_or_else(|| record.to_string(), |fact| fact.summary().into_owned()),
        date: first.and_then(|fact| fact.when()).cloned(),
        quantities: first.map(|fact| fact.quantities().to_vec()).unwrap_or_default(),
        record: Some(record.clone()),
        positions: Vec::new(),
        citations: Vec::new(),
    };
    for entry in entries {
        let citations = entry.fact().map(|fact| fact.citations()).unwrap_or_default();
        value.hear(entry.position(), citations);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn count(quantity: serde_json::Value, more: &serde_json::Value) -> RecordCount {
        let mut count = json!({ "round": "eu-ru-18", "of": "vessels", "basis": "ADDED", "quantity": { "what": "vessels" },
            "evidence": { "citations": [{ "source": "a" }] } });
        let into = |to: &mut serde_json::Value, from: &serde_json::Value| {
            for (name, value) in from.as_object().unwrap() {
                to[name] = value.clone();
            }
        };
        into(&mut count["quantity"], &quantity);
        into(&mut count, more);
        serde_json::from_value(count).unwrap()
    }

    #[test]
    fn counts_compete_only_where_they_cannot_both_be_right() {
        let plain = json!({});
        let exact = |n: u32| count(json!({ "value": n }), &plain);
        let about = |n: u32| count(json!({ "value": n, "approximate": true }), &plain);
        assert!(differ(&exact(105), &exact(104)));
        assert!(!differ(&exact(105), &exact(105)));
        assert!(!differ(&exact(105), &about(100)), "105 is about 100");
        assert!(!differ(&about(100), &exact(105)), "whichever comes first");
        assert!(differ(&exact(170), &about(100)));
        let over = count(json!({ "min": 100, "minExclusive": true }), &plain);
        assert!(!differ(&exact(105), &over));
        assert!(differ(&exact(100), &over));
        assert!(!differ(&over, &over), "what is vague leaves room");
        let draft = count(json!({ "value": 70 }), &json!({ "stage": "PROPOSED" }));
        let adopted = count(json!({ "value": 105 }), &json!({ "stage": "ADOPTED" }));
        assert!(!differ(&draft, &adopted), "of two stages");
        let early = count(json!({ "value": 70 }), &json!({ "countedOn": "2025-06-10" }));
        let late = count(json!({ "value": 105 }), &json!({ "countedOn": "2025-07-18" }));
        assert!(!differ(&early, &late), "of two days");
    }
}
