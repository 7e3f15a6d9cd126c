//! What the desk says about each unit: the event of its key, and the rounds.

use super::units::{Leaf, Unit};
use crate::ledger::desk::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The prefix of the idempotency keys of the file's commands.
const PREFIX: &str = "eu-rounds/";

/// What is asked about an event. Members of one name and two types have names of their own here.
const EVENT: &str = "query Event($at: Int!) { event(position: $at) { idempotencyKey
    entry { flags { rule } evidence { confidence note citations { source { slug } locator } } }
    fact { __typename
      ... on SourceRegistered { sourceKind: kind kindWords publisher citing url reliability }
      ... on RoundOpened { slug title senders { slug } roundNumber: number trigger numbering order }
      ... on AliasRecorded { dossier { ref } name }
      ... on StageRecorded { round { slug } stage reachedOn { ...D } body by { slug } reason concerns { slug } reservations { slug } }
      ... on MeasureRecorded { round { slug } sector { slug } summary appliesFrom { ...D } appliesUntil { ...D } }
      ... on ExpectationRecorded { of { ref } expectedStage: stage expectedIn { ...D } }
      ... on CountRecorded { round { slug } counted: of basis quantity { what value min minExclusive note } }
      ... on ActRecorded { slug actKind: kind number actTitle: title celex eli identifiersBasis amends { number slug } amendsWords
          rounds { slug } adoptedOn { ...D } }
      ... on RivalValuesRecorded { about { ref } field values { value date { ...D } citations { source { slug } locator } } resolution }
      ... on HappeningRecorded { happeningKind: kind summary happenedOn { ...D } }
    } } }
    fragment D on Date { edtf phrase precision qualifier openTail approximate uncertain earliest latest }";

/// What is asked about a round.
const ROUND: &str = "query Round($slug: String!) { round(slug: $slug) {
    path { stage reachedOn { ...D } }
    counts { of basis quantity { value } }
    mirrors { of { slug } extent coordinated lagDays rule dueDays } } }
    fragment D on Date { edtf phrase precision qualifier openTail approximate uncertain earliest latest }";

/// What the desk says.
pub(super) struct Told {
    events: BTreeMap<String, Value>,
    rounds: BTreeMap<String, Value>,
}

impl Told {
    /// Asks for every event, and for every round that the file's events opened.
    pub(super) fn ask(client: &Client) -> Self {
        let last = client.ask("{ store { position } }", json!({}))["store"]["position"]
            .as_u64()
            .unwrap();
        let mut events = BTreeMap::new();
        for at in 1..=last {
            let event = client.ask(EVENT, json!({ "at": at }))["event"].take();
            let key = event["idempotencyKey"]
                .as_str()
                .and_then(|key| key.strip_prefix(PREFIX));
            if let Some(key) = key {
                events.insert(key.to_owned(), event);
            }
        }
        let opened = events.values().filter(|e| e["fact"]["__typename"] == "RoundOpened");
        let slugs = opened.map(|e| e["fact"]["slug"].as_str().unwrap().to_owned());
        let rounds = slugs.map(|slug| {
            let round = client.ask(ROUND, json!({ "slug": slug }))["round"].take();
            (slug, round)
        });
        Self {
            rounds: rounds.collect(),
            events,
        }
    }

    /// The event recorded under a key.
    pub(super) fn event(&self, key: &str) -> Option<&Value> {
        self.events.get(key)
    }

    /// The events whose keys begin so.
    pub(super) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events
            .iter()
            .filter(move |(key, _)| key.starts_with(prefix))
            .map(|(_, event)| event)
    }

    /// The keys of all events.
    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        self.events.keys()
    }

    /// The round of this slug.
    pub(super) fn round(&self, slug: &str) -> &Value {
        self.rounds.get(slug).unwrap_or(&Value::Null)
    }

    /// Whether the value at a leaf is among the rival values of its unit.
    pub(super) fn holds_value(&self, unit: &Unit, leaf: &Leaf) -> bool {
        let values = self.event(&unit.key).and_then(|e| e["fact"]["values"].as_array());
        values.is_some_and(|all| all.iter().any(|v| v["value"] == leaf.value))
    }
}

/// Whether a key names a part of a unit, or what is registered for the file without being a unit of it: the base acts
/// that others amend, the repository file that two phrases come from.
pub(super) fn is_part(key: &str) -> bool {
    let mut parts = key.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("other"), Some(_), Some(_)) | (Some("base"), Some(_), None) => true,
        (Some("source"), Some(id), None) => id == "opensanctions-journal",
        _ => false,
    }
}
