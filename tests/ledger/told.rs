//! What the desk says about each fact: one JSON value for each, made of GraphQL answers.

use super::desk::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The prefix of the idempotency keys of the report's commands; the fact's id follows.
pub(super) const REPORT: &str = "paris-report-2026-01-06/";
/// The prefix of the keys of the events that the report points at.
pub(super) const BACKGROUND: &str = "diplomacy-2025/";

const FRAGMENTS: [(&str, &str); 6] = [
    ("D", "on Date { edtf phrase basis precision }"),
    (
        "P",
        "on Participant { party { slug name } role of { slug } mode hedge }",
    ),
    (
        "Q",
        "on Quantity { what value min max minExclusive maxExclusive unit approximate note }",
    ),
    (
        "A",
        "on Attribution { speaker party { slug name } anonymous count note }",
    ),
    (
        "E",
        "on Evidence { hedge hedgeWords note citations { source { slug publisher } locator paragraphs wording attribution { ...A } } }",
    ),
    ("L", "on Link { position from { ref } link to { ref } likelihood note }"),
];

/// What is asked about an event.
const EVENT: &str = "{ event(position: $at) { position idempotencyKey kind dossier { slug }
    entry { when { ...D } record { ref version } evidence { ...E } quantities { ...Q } }
    fact { __typename
      ... on OfficeRecorded { title party { slug name } attestedOn { ...D } }
      ... on AgendaItemAdded { issue { slug } meeting { slug agenda { position issue { slug } } } } } } }";

/// What is asked about a dossier: the event's type, the root field, its selection, and the list in which the record is
/// found by its event's position (none where the record is the dossier).
const DOSSIERS: [(&str, &str, &str, Option<&str>); 15] = [
    (
        "SourceRegistered",
        "source",
        "publisher authors sourcing summary publishedOn { ...D }",
        None,
    ),
    ("MeetingScheduled", "meeting", MEETING, None),
    ("MeetingStarted", "meeting", MEETING, None),
    ("MeetingHeld", "meeting", MEETING, None),
    (
        "ParticipationRecorded",
        "meeting",
        "participants { party { slug name } role of { slug } mode hedge entries { position summary } }",
        Some("participants"),
    ),
    ("PositionTaken", "dossier", POSITIONS, Some("nodes")),
    (
        "OfficeRecorded",
        "party",
        "offices { position title of { ref } summary attestedOn { ...D } }",
        Some("offices"),
    ),
    ("PlanVersionRecorded", "plan", VERSIONS, Some("versions")),
    (
        "PointRecorded",
        "plan",
        "versions { points { position ref { ref } number parent { ref { ref } } summary lead { slug name } condition datedOn { ...D } } }",
        Some("points"),
    ),
    (
        "PlanGapRecorded",
        "plan",
        "versions { gaps { position number summary datedOn { ...D } } }",
        Some("gaps"),
    ),
    (
        "CommitmentRecorded",
        "commitment",
        "what by { slug name } status statusOn { ...D } summary",
        None,
    ),
    ("IssueOpened", "issue", "state openOn { ...D } summary", None),
    ("ClaimRecorded", "claim", CLAIM, None),
    ("ExpectationRecorded", "claim", CLAIM, None),
    (
        "StageRecorded",
        "round",
        "number path { stage reachedOn { ...D } summary entries { position } }",
        Some("path"),
    ),
];
const HAPPENING: (&str, &str, &str, Option<&str>) = (
    "HappeningRecorded",
    "happening",
    "happeningKind summary happenedOn { ...D } participants { ...P } recurring about { ref dossier { ... on Party { partyKind } } }",
    None,
);
const MEETING: &str = "state plannedFor { ...D } heldOn { ...D } summary places { name country } quantities { ...Q }
    participants { party { slug name } role of { slug } mode hedge }";
const POSITIONS: &str =
    "... on Issue { positions(first: 200) { nodes { ...X } } } ... on Plan { positions(first: 200) { nodes { ...X } } }
    ... on Meeting { positions(first: 200) { nodes { ...X } } }";
const POSITION: &str = "on Position { position on { ref } by { slug name } summary alternatives takenOn { ...D } }";
/// A version with the status that the fact itself gave it; later facts tell of others.
const VERSIONS: &str =
    "versions { position version status: firstStatus statusWords summary datedOn { ...D } authors { slug name }
    participants { ...P } seenBy { slug name } quantities { ...Q } }";
const CLAIM: &str =
    "summary claimedOn { ...D } expectedIn { ...D } stage trend recurring quantities { ...Q } places { name country }
    about { ref dossier { ... on Round { number } } }";

/// What the desk says.
pub(super) struct Told {
    by_key: BTreeMap<String, Value>,
    prefix: &'static str,
}

impl Told {
    /// What was asked already, by idempotency key; the facts' keys have this prefix.
    pub(super) fn by_key(by_key: BTreeMap<String, Value>, prefix: &'static str) -> Self {
        Self { by_key, prefix }
    }

    /// Asks for every event, and for the dossier of each fact of the report.
    pub(super) fn ask(client: &Client) -> Self {
        let last = client.ask("{ store { position } }", json!({}))["store"]["position"]
            .as_u64()
            .unwrap();
        let document = complete(EVENT).replacen('{', "query Event($at: Int!) {", 1);
        let events: Vec<Value> = (1..=last)
            .map(|at| client.ask(&document, json!({ "at": at }))["event"].take())
            .collect();
        let keyed = events
            .iter()
            .filter_map(|event| Some((event["idempotencyKey"].as_str()?.to_owned(), event)));
        let by_key = keyed.map(|(key, event)| {
            let further: Vec<&Value> = events.iter().filter(|e| is_further(e, &key)).collect();
            let answer = if key.starts_with(REPORT) {
                about(client, event, &further)
            } else {
                event.clone()
            };
            (key, answer)
        });
        Self::by_key(by_key.collect(), REPORT)
    }

    /// Everything about the fact of this id: `event`, `entry`, `record`, `dossier`, `told`, `links`.
    pub(super) fn of(&self, id: &str) -> Option<&Value> {
        self.by_key.get(&format!("{}{id}", self.prefix))
    }

    /// The reference to the record that was made of a fact, in this report or before it.
    pub(super) fn reference(&self, id: &str) -> Option<&str> {
        let record = self.of(id).or_else(|| self.by_key.get(&format!("{BACKGROUND}{id}")))?;
        record["entry"]["record"]["ref"].as_str()
    }
}

/// Whether the event was recorded for the same fact as `key`, in addition.
pub(super) fn is_further(event: &Value, key: &str) -> bool {
    let rest = event["idempotencyKey"]
        .as_str()
        .and_then(|k| k.strip_prefix(key))
        .and_then(|k| k.strip_prefix('/'));
    rest.is_some_and(|number| number.parse::<u32>().is_ok())
}

fn about(client: &Client, event: &Value, further: &[&Value]) -> Value {
    let kind = event["fact"]["__typename"].as_str().unwrap();
    let Some((_, root, selection, list)) = DOSSIERS.iter().chain([&HAPPENING]).find(|(k, ..)| *k == kind) else {
        return event.clone();
    };
    let document = format!(
        "query Dossier($slug: String!) {{ it: {root}(slug: $slug) {{ slug links(first: 200) {{ nodes {{ ...L }} }} {selection} }} }}"
    );
    let mut dossier = client.ask(&complete(&document), json!({ "slug": event["dossier"]["slug"] }))["it"].take();
    let positions: Vec<&Value> = [event]
        .into_iter()
        .chain(further.iter().copied())
        .map(|e| &e["position"])
        .collect();
    let links = dossier["links"]["nodes"].take().as_array().unwrap().clone();
    let links: Vec<Value> = links
        .into_iter()
        .filter(|link| positions.contains(&&link["position"]))
        .collect();
    let record = match list {
        Some(list) => find(&dossier, list, &event["position"]).unwrap_or_else(|| panic!("no {list} made by {event}")),
        None => dossier.clone(),
    };
    let mut same_kind = further.to_vec();
    same_kind.retain(|e| e["fact"]["__typename"] == kind);
    let also: Vec<&Value> = further
        .iter()
        .filter(|e| !same_kind.contains(e))
        .map(|e| &e["fact"])
        .collect();
    let told: Vec<&Value> = [event].into_iter().chain(same_kind).map(|e| &e["fact"]).collect();
    json!({ "event": event, "entry": event["entry"], "dossier": dossier, "record": record, "told": told, "also": also, "links": links })
}

/// The document with the fragments that it uses, directly or through others.
fn complete(document: &str) -> String {
    let mut whole = document.to_owned();
    let position = ("X", POSITION);
    for _ in 0..3 {
        for (name, body) in FRAGMENTS.iter().chain([&position]) {
            let definition = format!("fragment {name} ");
            if whole.contains(&format!("...{name} ")) && !whole.contains(&definition) {
                whole = format!("{whole}\n{definition}{body}");
            }
        }
    }
    whole
}

/// The item of a list called `list`, anywhere inside, that the event at `position` made or is told by.
fn find(value: &Value, list: &str, position: &Value) -> Option<Value> {
    let made = |item: &Value| {
        item["position"] == *position
            || item["entries"]
                .as_array()
                .is_some_and(|told| told.iter().any(|e| e["position"] == *position))
    };
    match value {
        Value::Object(members) => members.iter().find_map(|(name, member)| match member {
            Value::Array(items) if name == list => items
                .iter()
                .find(|item| made(item))
                .cloned()
                .or_else(|| find(member, list, position)),
            other => find(other, list, position),
        }),
        Value::Array(items) => items.iter().find_map(|item| find(item, list, position)),
        _ => None,
    }
}
