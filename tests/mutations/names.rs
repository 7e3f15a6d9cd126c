//! Parties, offices, sources, topics, series; other names and new titles.

use super::case::{Case, when, wire};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        when(
            "registerParty",
            json!({ "slug": "kaja-kallas", "kind": "PERSON", "name": "Kaja Kallas", "aliases": ["Кая Каллас"], "country": "EE" }),
        )
        .then(
            r#"party(slug: "kaja-kallas") { name aliases country partyKind }"#,
            json!({ "name": "Kaja Kallas", "aliases": ["Кая Каллас"], "country": "EE", "partyKind": "PERSON" }),
        )
        .but(json!({ "country": "UK" }), "INVALID_VALUE", "input.country", json!("UK")),
        when(
            "recordOffice",
            json!({ "party": "kaja-kallas", "title": "High Representative", "of": "eu", "from": "2024-12-01", "evidence": wire() }),
        )
        .then(
            r#"party(slug: "kaja-kallas") { role(on: "2026-01-06") { title certainty of { ref } } }"#,
            json!({ "role": [{ "title": "High Representative", "certainty": "POSSIBLY", "of": { "ref": "eu" } }] }),
        )
        .but(json!({ "until": "2024-11-30" }), "END_BEFORE_START", "input.until", json!("2024-11-30")),
        when(
            "registerSource",
            json!({ "slug": "council-2026-02-03", "kind": "PRESS_RELEASE", "title": "Ministers on the next package",
                "publisher": "Council of the EU", "publishedOn": "2026-02-03", "url": "https://example.org/ministers", "language": "en" }),
        )
        .then(
            r#"source(slug: "council-2026-02-03") { title publisher url publishedOn { edtf } cited }"#,
            json!({ "title": "Ministers on the next package", "publisher": "Council of the EU",
                "url": "https://example.org/ministers", "publishedOn": { "edtf": "2026-02-03" }, "cited": 0 }),
        )
        .but(json!({ "url": "www.example.org" }), "INVALID_VALUE", "input.url", json!("www.example.org")),
        when("registerTopic", json!({ "slug": "prisoners", "label": "Prisoners", "summary": "Exchanges and returns." }))
            .then(
                r#"dossier(slug: "prisoners") { title kind version }"#,
                json!({ "title": "Prisoners", "kind": "TOPIC", "version": 1 }),
            )
            .but(json!({ "slug": "ru" }), "SLUG_TAKEN", "input.slug", json!("ru")),
        when("registerSeries", json!({ "slug": "istanbul-talks", "label": "Istanbul talks" }))
            .then(
                r#"dossier(slug: "istanbul-talks") { title kind ... on Series { meetings { totalCount nodes { slug } } } }"#,
                json!({ "title": "Istanbul talks", "kind": "SERIES", "meetings": { "totalCount": 0, "nodes": [] } }),
            )
            .but(json!({ "label": "  " }), "INVALID_VALUE", "input.label", json!("  ")),
    ]
}

/// Names of dossiers that other cases recorded.
pub(crate) fn renaming() -> Vec<Case> {
    vec![
        when("recordAlias", json!({ "dossier": "eu-ru-20", "name": "the spring package", "evidence": wire() }))
            .then(
                r#"round(slug: "eu-ru-20") { otherNames { name } }"#,
                json!({ "otherNames": [{ "name": "the spring package" }] }),
            )
            .but(json!({ "dossier": "eu-ru-99" }), "UNKNOWN_REFERENCE", "input.dossier", json!("eu-ru-99")),
        when(
            "retitleDossier",
            json!({ "dossier": "istanbul-talks", "title": "Direct talks in Istanbul", "reason": "Other talks are held there too." }),
        )
        .then(r#"dossier(slug: "istanbul-talks") { title }"#, json!({ "title": "Direct talks in Istanbul" }))
        .but(json!({ "title": "Talks\u{202e}" }), "INVALID_VALUE", "input.title", json!("Talks\u{202e}")),
    ]
}
