//! Issues, positions on them, and commitments.

use super::case::{Case, when, wire};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    let change =
        |on: &str, summary: &str| json!({ "slug": "donbas", "changedOn": on, "summary": summary, "evidence": wire() });
    let state = r#"issue(slug: "donbas") { state changes { state } }"#;
    vec![
        when("openIssue", json!({ "slug": "donbas", "title": "Donbas", "openOn": "2026-01", "summary": "Who holds what is not agreed.", "evidence": wire() }))
            .then(
                r#"issue(slug: "donbas") { state openOn { edtf } summary }"#,
                json!({ "state": "OPEN", "openOn": { "edtf": "2026-01" }, "summary": "Who holds what is not agreed." }),
            )
            .but(json!({ "partOf": "donbas" }), "UNKNOWN_REFERENCE", "input.partOf", json!("donbas")),
        when("narrowIssue", change("2026-02-01", "Only the north is left."))
            .then(state, json!({ "state": "NARROWED", "changes": [{ "state": "NARROWED" }] }))
            .but(json!({ "summary": "a\u{0}b" }), "INVALID_VALUE", "input.summary", json!("a\u{0}b")),
        when("resolveIssue", change("2026-02-05", "Both sides sign off."))
            .then(state, json!({ "state": "RESOLVED", "changes": [{ "state": "NARROWED" }, { "state": "RESOLVED" }] }))
            .but(json!({ "changedOn": "soon" }), "INVALID_DATE", "input.changedOn", json!("soon")),
        when("reopenIssue", change("2026-02-09", "One side takes its word back."))
            .then(
                r#"issue(slug: "donbas") { state changes { summary } }"#,
                json!({ "state": "REOPENED", "changes": [{ "summary": "Only the north is left." },
                    { "summary": "Both sides sign off." }, { "summary": "One side takes its word back." }] }),
            )
            .but(json!({ "slug": "eu-ru-20" }), "WRONG_KIND", "input.slug", json!("eu-ru-20")),
        when(
            "takePosition",
            json!({ "on": "donbas", "by": ["ua"], "stance": "OPPOSES", "summary": "No withdrawal.", "takenOn": "2026-02-03", "since": "2022", "evidence": wire() }),
        )
        .then(
            r#"issue(slug: "donbas") { positions { totalCount nodes { key by { slug } stance since { edtf } } } }"#,
            json!({ "positions": { "totalCount": 1, "nodes": [{ "key": "position", "by": [{ "slug": "ua" }], "stance": "OPPOSES",
                "since": { "edtf": "2022" } }] } }),
        )
        .but(json!({ "on": "wire-2026-02-03" }), "WRONG_KIND", "input.on", json!("wire-2026-02-03")),
        when("noteUnknownPosition", json!({ "issue": "donbas", "party": "fr", "notedOn": "2026-02-03", "evidence": wire() }))
            .then(
                r#"issue(slug: "donbas") { unknownPositions { slug } }"#,
                json!({ "unknownPositions": [{ "slug": "fr" }] }),
            )
            .but(json!({ "party": "donbas" }), "WRONG_KIND", "input.party", json!("donbas")),
        when(
            "recordCommitment",
            json!({ "slug": "french-brigade", "what": "A brigade after a ceasefire", "by": ["fr"], "to": ["ua"], "status": "INDICATED",
                "statusOn": "2026-01-06", "quantities": [{ "what": "soldiers", "max": 6000 }], "summary": "Paris would send a brigade.", "evidence": wire() }),
        )
        .then(
            r#"commitment(slug: "french-brigade") { status by { slug } to { slug } quantities { max } }"#,
            json!({ "status": "INDICATED", "by": [{ "slug": "fr" }], "to": [{ "slug": "ua" }], "quantities": [{ "max": 6000.0 }] }),
        )
        .but(json!({ "by": [] }), "MISSING_FIELD", "input.by", json!(null)),
        when("changeCommitment", json!({ "slug": "french-brigade", "status": "PLEDGED", "statusOn": "2026-02-03", "summary": "The president signs it.", "evidence": wire() }))
            .then(
                r#"commitment(slug: "french-brigade") { status ladder { status statusOn { edtf } } }"#,
                json!({ "status": "PLEDGED", "ladder": [{ "status": "INDICATED", "statusOn": { "edtf": "2026-01-06" } },
                    { "status": "PLEDGED", "statusOn": { "edtf": "2026-02-03" } }] }),
            )
            .but(json!({ "slug": "british-brigade" }), "UNKNOWN_REFERENCE", "input.slug", json!("british-brigade")),
    ]
}
