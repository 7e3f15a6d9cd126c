//! What stands when things are told late, twice, or differently: given, when, then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod claims;
#[path = "../given/dsl.rs"]
mod dsl;
mod issues;
mod meetings;
mod stages;
mod totals;

use dsl::cited;
use rapporteur_domain::date::Within;
use rapporteur_views::Views;
use rapporteur_views::claims::Claim;
use rapporteur_views::expectations::settled;
use rapporteur_views::timeline::Filter;
use serde_json::{Value, json};
use std::sync::Arc;

fn with(name: &str, mut input: Value) -> Value {
    let evidence = input["evidence"].is_null().then(cited);
    if let Some(evidence) = evidence {
        input["evidence"] = evidence;
    }
    json!({ name: input })
}

/// The views after a few parties, a topic, a source and these commands.
fn given(commands: impl IntoIterator<Item = Value>) -> Arc<Views> {
    let ground = ["fr", "de", "us", "ua", "ru"]
        .map(|slug| json!({ "registerParty": { "slug": slug, "kind": "STATE", "name": slug } }))
        .into_iter()
        .chain([
            json!({ "registerSource": { "slug": "wire", "kind": "WIRE", "title": "T", "publisher": "P", "publishedOn": "2026-01-06" } }),
            json!({ "registerTopic": { "slug": "sanctions", "label": "Sanctions" } }),
            json!({ "openRound": { "slug": "r", "title": "Round", "senders": ["fr"], "target": "ru" } }),
            with("openIssue", json!({ "slug": "i", "title": "Issue", "openOn": "2025-12-01", "summary": "Open." })),
        ]);
    dsl::given(ground.chain(commands)).views()
}

fn stage(stage: &str, on: Value, mut more: Value) -> Value {
    (more["round"], more["stage"], more["reachedOn"]) = (json!("r"), json!(stage), on);
    with("recordStage", more)
}
fn held(on: &str, more: Value) -> Value {
    let mut input = json!({ "slug": "m", "title": "Meeting", "heldOn": on });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with("holdMeeting", input)
}
fn scheduled(more: Value) -> Value {
    let mut input = json!({ "slug": "m", "title": "Meeting", "plannedFor": "2026-02-03" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    with("scheduleMeeting", input)
}
fn flags(views: &Views, dossier: &str) -> Vec<String> {
    views.flags.of(dossier).map(|f| format!("{:?}", f.rule)).collect()
}
fn state(views: &Views) -> String {
    format!("{:?}", views.meetings.get("m").unwrap().state)
}
fn round_stage(views: &Views) -> String {
    format!("{:?}", views.rounds.get("r").unwrap().stage().unwrap())
}
fn round(slug: &str, adopted: &str) -> [Value; 2] {
    let open = json!({ "openRound": { "slug": slug, "title": slug, "senders": ["fr"], "target": "ru" } });
    let stage = json!({ "round": slug, "stage": "ADOPTED", "reachedOn": adopted });
    [open, with("recordStage", stage)]
}
