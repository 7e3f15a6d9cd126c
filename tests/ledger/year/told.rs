//! What the desk says about each event and document of the year.

use super::super::desk::Client;
use super::super::told::{BACKGROUND, Told, is_further};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is asked about an event: all that the facts of the year may stand in.
const EVENT: &str = "query Event($at: Int!) { event(position: $at) { position idempotencyKey
    entry { record { ref } summary }
    fact { __typename
      ... on MeetingHeld { slug series { slug } number heldOn { ...D } form deadline { ...D }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on MeetingScheduled { slug plannedFor { ...D } announcedOn { ...D }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on MeetingPostponed { meeting: slug { slug } announcedOn { ...D }
        places { ...W } participants { ...P } topics { slug } evidence { ...E } }
      ... on MeetingCancelled { meeting: slug { slug } announcedOn { ...D }
        places { ...W } participants { ...P } topics { slug } evidence { ...E } }
      ... on ClaimRecorded { slug about { ref dossier { ...N } } claimedOn { ...D }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on ExpectationRecorded { slug expected: of { ref dossier { ...N } } expectedIn { ...D } claimedOn { ...D }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on HappeningRecorded { slug happening: kind about { ref } happenedOn { ...D } speaksOf { ...D }
        allegations { by { slug } against { slug } }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on PositionTaken { on { ref } by { slug name } conditions takenOn { ...D }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on CommitmentRecorded { slug what by { slug name } given: to { slug name } commitment: status statusOn { ...D } condition
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on StageRecorded { round { slug number senders { slug } } stage reachedOn { ...D } by { slug name }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on PlanVersionRecorded { plan { slug } version label reached: status statusWords datedOn { ...D } deadline { ...D }
        authors { slug name } places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on PlanVersionChanged { plan { slug } version reached: status statusWords statusOn { ...D } embargoedUntil { ...D }
        places { ...W } participants { ...P } quantities { ...Q } topics { slug } evidence { ...E } }
      ... on PointRecorded { plan { slug } version point: key number condition summary evidence { ...E } }
      ... on PlanGapRecorded { plan { slug } version point: key number summary evidence { ...E } }
      ... on PointChangeRecorded { plan { slug } version change pointBefore: before { ref } pointAfter: after { ref } summary evidence { ...E } }
      ... on RecordsLinked { from { ref } link to { ref } note } } } }
fragment D on Date { edtf phrase basis window { opensAt closesAt } }
fragment W on Place { name country }
fragment N on Round { number }
fragment P on Participant { party { slug name aliases partyKind country } role of { slug } mode }
fragment Q on Quantity { what value min max minExclusive unit approximate claimant note }
fragment E on Evidence { confidence hedgeWords note citations {
    source { publisher citing url language publishedOn { edtf basis } }
    anonymousSourcing attribution { speaker anonymous } } }";

/// What is asked about a document.
const PLAN: &str = "query Plan($slug: String!) { plan(slug: $slug) { slug title
    versions { version label statusWords contested datedOn { edtf } ref { ref } authors { slug name } } } }";

/// Which field is the date of a record, the first that there is; of an expectation the day on which it was voiced.
const DATES: [&str; 7] = [
    "heldOn",
    "announcedOn",
    "claimedOn",
    "happenedOn",
    "takenOn",
    "reachedOn",
    "statusOn",
];

/// Asks for every event, and for every plan that a command opened or told of.
pub(in super::super) fn told(client: &Client) -> Told {
    let last = client.ask("{ store { position } }", json!({}))["store"]["position"]
        .as_u64()
        .unwrap();
    let events: Vec<Value> = (1..=last)
        .map(|at| client.ask(EVENT, json!({ "at": at }))["event"].take())
        .filter(|event| key(event).is_some())
        .collect();
    let mut by_key: BTreeMap<String, Value> = events
        .iter()
        .filter_map(|event| Some((format!("{BACKGROUND}{}", key(event)?), about(event, &events))))
        .collect();
    for slug in super::super::facts::of_the_year()
        .into_iter()
        .filter(|f| f.kind == "document")
        .map(|f| f.id)
    {
        let plan = client.ask(PLAN, json!({ "slug": slug }))["plan"].take();
        by_key.insert(format!("{BACKGROUND}{slug}"), document(&plan, &events));
    }
    Told::by_key(by_key, BACKGROUND)
}

/// The event's key without the prefix of the year.
fn key(event: &Value) -> Option<&str> {
    event["idempotencyKey"].as_str()?.strip_prefix(BACKGROUND)
}

fn of_key<'a>(events: &'a [Value], wanted: &str) -> Option<&'a Value> {
    events.iter().find(|event| key(event) == Some(wanted))
}

fn about(event: &Value, events: &[Value]) -> Value {
    let whole = event["idempotencyKey"].as_str().unwrap_or_default();
    let links = numbered(events, &format!("{}/link-", key(event).unwrap_or_default()));
    let further: Vec<&Value> = events
        .iter()
        .filter(|e| is_further(e, whole))
        .map(|e| &e["fact"])
        .collect();
    let record = &event["fact"];
    let when = DATES.iter().map(|date| &record[*date]).find(|date| !date.is_null());
    let when = when.unwrap_or(&record["datedOn"]);
    json!({ "event": event, "entry": event["entry"], "record": record, "when": when, "further": further, "links": links })
}

/// The facts of the events whose keys begin so and end in a number, in the order of their numbers.
fn numbered(events: &[Value], prefix: &str) -> Vec<Value> {
    let number = |event: &Value| key(event)?.strip_prefix(prefix)?.parse::<usize>().ok();
    let found: BTreeMap<usize, Value> = events
        .iter()
        .filter_map(|event| Some((number(event)?, event["fact"].clone())))
        .collect();
    found.into_values().collect()
}

/// A document: its plan, each version in the order of their dates with what was recorded to describe it, and what became of points.
fn document(plan: &Value, events: &[Value]) -> Value {
    let slug = plan["slug"].as_str().unwrap_or_default();
    let versions = plan["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut versions: Vec<Value> = versions
        .iter()
        .map(|version| {
            let id = version["ref"]["ref"].as_str().unwrap_or_default();
            let described = of_key(events, id).map_or(&Value::Null, |event| &event["fact"]);
            let dated = [&described["statusOn"], &version["datedOn"]];
            let dated = dated.into_iter().find(|date| !date.is_null());
            json!({
                "version": version, "told": described, "dated": dated, "points": numbered(events, &format!("{id}#")),
                "statusWords": if described["statusWords"].is_null() { &version["statusWords"] } else { &described["statusWords"] },
            })
        })
        .collect();
    versions.sort_by_key(|version| version["dated"]["edtf"].as_str().map(str::to_owned));
    json!({ "plan": plan, "versions": versions, "changes": numbered(events, &format!("{slug}/change-")) })
}
