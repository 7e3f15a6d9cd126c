//! A field that names a dossier of one kind never shows one of another.

use crate::client::{Client, fixtures};
use rapporteur_domain::command::Command;
use rapporteur_domain::id::{DossierKind, Slug};
use rapporteur_log::{DossierId, Draft, EventLog, MemoryLog};
use rapporteur_testkit::drafts::{append, draft_of};
use rapporteur_testkit::rng::Rng;
use serde_json::json;
use std::sync::Arc;

const CITED: &str =
    "{ claim(slug: \"own-source\") { slug evidence { citations { locator source { slug publisher } } } }
    timeline(first: 200) { nodes { evidence { citations { source { __typename } } } } } }";

#[test]
fn a_claim_registered_as_its_own_source_is_shown_without_one() {
    let log = MemoryLog::default();
    let event = Command::parse_input(
        "recordClaim",
        json!({ "slug": "own-source", "summary": "S.", "claimedOn": "2026-01-06",
            "evidence": { "citations": [{ "source": "own-source", "locator": "p. 1" }] } }),
        None,
    );
    let event = event.unwrap().action.into_event();
    let draft = Draft {
        dossier: DossierId {
            kind: DossierKind::Claim,
            slug: Slug::parse("own-source").unwrap(),
        },
        version: 1,
        kind: event.kind().into(),
        schema_version: event.version(),
        idempotency: None,
        payload: event.encode().unwrap().into(),
        ..draft_of(1, &mut Rng::new(1))
    };
    append(&log, vec![draft]);
    let told = Client::on(Arc::new(log)).ask(CITED);
    let citations = json!([{ "locator": "p. 1", "source": null }]);
    assert_eq!(
        told["claim"],
        json!({ "slug": "own-source", "evidence": { "citations": citations } })
    );
}

#[test]
fn a_source_whose_registration_was_redacted_is_null() {
    let log = Arc::new(MemoryLog::default());
    let client = Client::on(log.clone());
    client.record(&fixtures());
    let source = client.ask("{ source(slug: \"rferl-2026-01-06\") { entries { nodes { position } } } }");
    let position = source["source"]["entries"]["nodes"][0]["position"].as_u64().unwrap();
    log.redact(position).unwrap();
    let told = Client::on(log).ask("{ claims(first: 1) { nodes { evidence { citations { source { slug } } } } } }");
    assert_eq!(
        told["claims"]["nodes"][0]["evidence"]["citations"][0],
        json!({ "source": null })
    );
}
