//! Every mutation over HTTP: recorded, sent again, refused, in conflict, under a used key, and in a batch.

mod amending;
mod case;
mod claims;
mod hostile;
mod issues;
mod meetings;
mod names;
mod plans;
mod renaming;
mod rounds;

use crate::binary::{Client, Server};
use case::{Case, ground};
use rapporteur_domain::event::{CommandShape, commands};
use rapporteur_domain::shape::Shape;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::tempdir;

const ANSWER: &str = "__typename
    ... on Recorded { position version hash alreadyThere dossier { slug } }
    ... on Refused { refusals { rule field value message hint } }
    ... on Conflict { slug expected actual command }";
const BATCH: &str = "mutation($commands: [CommandInput!]!) { record(commands: $commands) { __typename
    ... on RecordedBatch { records { position version alreadyThere dossier { slug } } }
    ... on Refused { refusals { rule field value } }
    ... on Conflict { slug expected actual command } } }";
/// The mutations that are not one command each, or that end a batch; they have tests of their own.
const OTHERS: [&str; 8] = [
    "rebuildViews",
    "verifyStore",
    "record",
    "renameDossier",
    "mergeDossiers",
    "moveRecords",
    "retractRecord",
    "redactRecord",
];

/// The cases of all themes, in an order in which they can be recorded.
fn cases() -> Vec<Case> {
    let themes = [
        names::cases(),
        plans::cases(),
        meetings::cases(),
        rounds::cases(),
        issues::cases(),
        claims::cases(),
        names::renaming(),
    ];
    themes.into_iter().flatten().collect()
}

/// The mutations that the server offers, with the type of their input.
fn offered(client: &mut Client) -> BTreeMap<String, String> {
    let document = "{ __schema { mutationType { fields { name args { type { ofType { name } } } } } } }";
    let data = client.data(document, &json!({})).unwrap();
    let fields = data["__schema"]["mutationType"]["fields"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    fields
        .iter()
        .map(|f| (text(&f["name"]), text(&f["args"][0]["type"]["ofType"]["name"])))
        .collect()
}

struct Desk {
    client: Client,
    inputs: BTreeMap<String, String>,
}

impl Desk {
    fn with_ground(server: &Server) -> Self {
        let mut client = server.connect();
        let inputs = offered(&mut client);
        let mut desk = Self { client, inputs };
        assert_eq!(desk.batch(&ground())["__typename"], "RecordedBatch");
        desk
    }

    /// The answer to a mutation with this input.
    fn send(&mut self, mutation: &str, input: &Value) -> Value {
        let of = &self.inputs[mutation];
        let document = format!("mutation($input: {of}!) {{ it: {mutation}(input: $input) {{ {ANSWER} }} }}");
        self.client.data(&document, &json!({ "input": input })).unwrap()["it"].clone()
    }

    fn batch(&mut self, commands: &Value) -> Value {
        self.client.data(BATCH, &json!({ "commands": commands })).unwrap()["record"].clone()
    }

    fn ask(&mut self, field: &str) -> Value {
        self.client.data(&format!("{{ it: {field} }}"), &json!({})).unwrap()["it"].clone()
    }

    /// The position and the hash of the log's head.
    fn head(&mut self) -> (u64, Value) {
        let store = self.ask("store { position hash }");
        (store["position"].as_u64().unwrap(), store["hash"].clone())
    }

    fn version(&mut self, slug: &str) -> u64 {
        let found = self.ask(&format!("dossier(slug: \"{slug}\") {{ version }}"));
        found["version"].as_u64().unwrap_or(0)
    }

    /// Asserts that `send` writes nothing, and gives its answer.
    #[track_caller]
    fn without_a_trace(&mut self, case: &Case, input: &Value) -> Value {
        let before = self.head();
        let answer = self.send(case.mutation, input);
        assert_eq!(self.head(), before, "{} wrote something: {answer}", case.mutation);
        answer
    }
}

fn shape(case: &Case) -> &'static CommandShape {
    commands().iter().find(|c| c.name == case.mutation).unwrap()
}

/// A field of the input that holds a text or a key, for changing what is said.
fn wording(case: &Case) -> &'static str {
    let fields = &shape(case).input.fields;
    let of = |name: &str| {
        fields
            .iter()
            .find(|f| matches!(&f.shape, Shape::Scalar(rule) if rule.name == name))
    };
    &["Prose", "Line", "Key"].into_iter().find_map(of).unwrap().name
}

#[test]
fn every_mutation_that_is_offered_has_one_case() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let offered: BTreeSet<String> = offered(&mut server.connect()).into_keys().collect();
    let mut tried: Vec<String> = cases().iter().map(|c| c.mutation.to_owned()).collect();
    tried.extend(OTHERS.map(str::to_owned));
    assert_eq!(tried.iter().cloned().collect::<BTreeSet<_>>(), offered);
    assert_eq!(tried.len(), offered.len(), "a mutation has two cases");
}

#[test]
fn every_mutation_records_once_shows_what_it_recorded_and_refuses_what_it_cannot() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    for case in cases() {
        let name = case.mutation;
        let slug = case.dossier().unwrap();
        let (position, before) = (desk.head().0, desk.version(slug));

        let (instead, rule, field, value) = &case.spoilt;
        let answer = desk.without_a_trace(&case, &case.with(instead));
        let refusals = answer["refusals"]
            .as_array()
            .unwrap_or_else(|| panic!("{name}: {answer}"));
        let found = (&refusals[0]["rule"], &refusals[0]["field"], &refusals[0]["value"]);
        assert_eq!(found, (&json!(rule), &json!(field), value), "{name}: {answer}");
        assert_eq!(refusals.len(), 1, "{name}: {answer}");
        for told in ["message", "hint"] {
            assert!(refusals[0][told].as_str().unwrap().len() > 8, "{name}: {answer}");
        }

        let stale = case.with(&json!({ "expectedVersion": before + 7 }));
        let answer = desk.without_a_trace(&case, &stale);
        let conflict =
            json!({ "__typename": "Conflict", "slug": slug, "expected": before + 7, "actual": before, "command": 0 });
        assert_eq!(answer, conflict, "{name}");

        let key = format!("case of {name}");
        let input = case.with(&json!({ "idempotencyKey": key, "expectedVersion": before }));
        let answer = desk.send(name, &input);
        let hash = desk.head().1;
        let recorded = |already_there: bool| {
            json!({ "__typename": "Recorded", "position": position + 1, "version": before + 1, "hash": hash,
                "alreadyThere": already_there, "dossier": { "slug": slug } })
        };
        assert_eq!(answer, recorded(false), "{name}");
        let event = desk.ask(&format!(
            "event(position: {}) {{ kind schemaVersion idempotencyKey hash }}",
            position + 1
        ));
        let (kind, schema_version) = (shape(&case).event_kind, shape(&case).event_version);
        let stored = json!({ "kind": kind, "schemaVersion": schema_version, "idempotencyKey": key, "hash": hash });
        assert_eq!(event, stored, "{name}");
        assert_eq!(desk.ask(case.asks), case.shows, "{name}");

        assert_eq!(
            desk.without_a_trace(&case, &input),
            recorded(true),
            "{name}: the key again"
        );
        assert_eq!(
            desk.without_a_trace(&case, &case.input),
            recorded(true),
            "{name}: the content again"
        );

        let other = case.with(&json!({ wording(&case): "other-words", "idempotencyKey": key }));
        let answer = desk.without_a_trace(&case, &other);
        let refusal = &answer["refusals"][0];
        let found = (&refusal["rule"], &refusal["field"], &refusal["value"]);
        let reused = (
            &json!("IDEMPOTENCY_KEY_REUSED"),
            &json!("input.idempotencyKey"),
            &json!(key),
        );
        assert_eq!(found, reused, "{name}: {answer}");
    }
    let head = desk.head();
    let rebuilt = desk
        .client
        .data("mutation { rebuildViews { position same } }", &json!({}))
        .unwrap();
    assert_eq!(rebuilt["rebuildViews"], json!({ "position": head.0, "same": true }));
    assert_eq!(server.stop(), 0);
    let server = Server::start(dir.path(), &[]);
    let mut client = server.connect();
    let store = client.data("{ store { position hash } }", &json!({})).unwrap();
    assert_eq!(
        store["store"],
        json!({ "position": head.0, "hash": head.1 }),
        "after a restart"
    );
}

#[test]
fn a_batch_of_all_mutations_is_recorded_whole_or_not_at_all() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let before = desk.head();
    let cases = cases();
    let all: Vec<Value> = cases.iter().map(|case| json!({ case.mutation: case.input })).collect();
    let last = all.len();
    let with = |more: Value| json!(all.iter().cloned().chain([more]).collect::<Vec<_>>());

    let refused = desk.batch(&with(json!({ "registerTopic": { "slug": "ru", "label": "Russia" } })));
    let field = format!("commands[{last}].registerTopic.slug");
    let refusal = json!({ "rule": "SLUG_TAKEN", "field": field, "value": "ru" });
    assert_eq!(refused, json!({ "__typename": "Refused", "refusals": [refusal] }));
    assert_eq!(desk.head(), before);

    let stale = desk.batch(&with(
        json!({ "registerTopic": { "slug": "new", "label": "New", "expectedVersion": 3 } }),
    ));
    let conflict = json!({ "__typename": "Conflict", "slug": "new", "expected": 3, "actual": 0, "command": last });
    assert_eq!(stale, conflict);
    assert_eq!(desk.head(), before);

    let again = json!({ "registerTopic": { "slug": "energy", "label": "Energy" } });
    let answer = desk.batch(&with(again));
    let records = answer["records"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(desk.head().0, before.0 + last as u64);
    for (index, (record, case)) in records.iter().zip(&cases).enumerate() {
        let told = (&record["position"], &record["alreadyThere"], &record["dossier"]["slug"]);
        let position = json!(before.0 + 1 + index as u64);
        assert_eq!(
            told,
            (&position, &json!(false), &json!(case.dossier())),
            "{}",
            case.mutation
        );
    }
    assert_eq!(
        (&records[last]["position"], &records[last]["alreadyThere"]),
        (&json!(6), &json!(true))
    );
    for case in cases.iter().skip(last - 2) {
        assert_eq!(desk.ask(case.asks), case.shows, "{}", case.mutation);
    }
}
