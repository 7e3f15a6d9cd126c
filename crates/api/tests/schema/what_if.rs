//! What would be: the fields of the root as if commands were recorded.

use crate::client::Client;
use serde_json::{Value, json};

const STAGE: &str = r#"{ recordStage: { round: "eu-ru-20", stage: PROPOSED, reachedOn: "2026-02-06", by: ["european-commission"],
    evidence: { citations: [{ source: "rferl-2026-01-06" }] }, idempotencyKey: "supposed" } }"#;
const ASKED: &str = r#"{ round(slug: "eu-ru-20") { stage version path { stage reachedOn { edtf } } entries { totalCount } }
    timeline(last: 2) { totalCount nodes { position kind summary } } contradictions { totalCount } }"#;

fn ask(commands: &str, fields: &str) -> String {
    format!(
        "{{ whatIf(commands: [{commands}]) {{ result {{ __typename
        ... on RecordedBatch {{ records {{ position version alreadyThere dossier {{ slug }} }} }}
        ... on Refused {{ refusals {{ rule field value }} }}
        ... on Conflict {{ slug expected actual }} }} then {fields} }} }}"
    )
}

#[test]
fn the_root_answers_as_if_the_commands_were_recorded_and_nothing_is() {
    let client = Client::with_everything();
    let before = client.ask(ASKED);
    let supposed = client.ask(&ask(STAGE, ASKED))["whatIf"].take();
    assert_eq!(before, client.ask(ASKED), "nothing is recorded");
    assert_eq!(supposed["then"]["round"]["stage"], "PROPOSED");
    let recorded = client.ask(&format!(
        "mutation {{ record(commands: [{STAGE}]) {{ __typename ... on RecordedBatch {{ records {{ position version alreadyThere dossier {{ slug }} }} }} }} }}"
    ));
    assert_eq!(supposed["result"], recorded["record"]);
    assert_eq!(supposed["then"], client.ask(ASKED));
    let again = client.ask(&ask(STAGE, ASKED));
    assert_eq!(again["whatIf"]["result"]["records"][0]["alreadyThere"], true);
    assert_eq!(again["whatIf"]["then"], client.ask(ASKED));
}

#[test]
fn what_would_not_be_recorded_has_no_answer_beyond_why() {
    let client = Client::with_everything();
    let nobody = STAGE.replace("european-commission", "nobody");
    let supposed = client.ask(&ask(&nobody, ASKED))["whatIf"].take();
    assert_eq!(
        supposed,
        json!({ "then": null, "result": { "__typename": "Refused", "refusals": [
            { "rule": "UNKNOWN_REFERENCE", "field": "commands[0].recordStage.by[0]", "value": "nobody" }] } })
    );
    let late = STAGE.replace("idempotencyKey: \"supposed\"", "expectedVersion: 99");
    let supposed = client.ask(&ask(&late, ASKED))["whatIf"].take();
    assert_eq!(
        (&supposed["then"], &supposed["result"]["__typename"]),
        (&Value::Null, &json!("Conflict"))
    );
}

#[test]
fn a_rename_that_is_only_supposed_leads_from_both_names() {
    let client = Client::with_everything();
    let rename = r#"{ renameDossier: { dossier: "eu-ru-18", slug: "eu-ru-xviii" } }"#;
    let fields = r#"{ now: round(slug: "eu-ru-xviii") { slug stage } then: round(slug: "eu-ru-18") { slug } rounds(first: 200) { totalCount } }"#;
    let supposed = client.ask(&ask(rename, fields))["whatIf"]["then"].take();
    assert_eq!(supposed["now"]["slug"], "eu-ru-xviii");
    assert_eq!(supposed["then"]["slug"], "eu-ru-xviii");
    assert_eq!(
        supposed["rounds"],
        client.ask("{ rounds(first: 200) { totalCount } }")["rounds"]
    );
    assert_eq!(
        client.ask(r#"{ round(slug: "eu-ru-18") { slug } }"#)["round"]["slug"],
        "eu-ru-18"
    );
}

#[test]
fn ids_of_what_is_supposed_mix_with_no_others_and_lead_nowhere() {
    let client = Client::with_everything();
    let fields = r#"{ moment round(slug: "eu-ru-20") { id } }"#;
    let supposed = client.ask(&ask(STAGE, fields))["whatIf"]["then"].take();
    assert!(supposed["moment"].as_str().unwrap().starts_with("supposed:"));
    let id = supposed["round"]["id"].as_str().unwrap();
    assert_ne!(id, client.ask(r#"{ round(slug: "eu-ru-20") { id } }"#)["round"]["id"]);
    let said = client.refused(&format!(r#"{{ node(id: "{id}") {{ id }} }}"#));
    assert!(said.contains("`whatIf`"), "{said}");
}

#[test]
fn an_operation_looks_at_a_bounded_number_of_moments() {
    let client = Client::with_fixtures();
    let looks = |n: usize| -> (Value, Vec<Value>) {
        let looks: Vec<String> = (1..=n)
            .map(|n| format!(r#"m{n}: asOf(recorded: "{n}") {{ position }}"#))
            .collect();
        client.answer(&format!("{{ {} }}", looks.join(" ")))
    };
    let (data, errors) = looks(24);
    assert_eq!((errors.len(), &data["m24"]["position"]), (0, &json!(24)));
    let (_, errors) = looks(25);
    assert!(!errors.is_empty());
    for error in errors {
        assert_eq!(error["extensions"]["code"], "LIMIT_EXCEEDED", "{error}");
    }
}
