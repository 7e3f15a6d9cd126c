//! Plans: versions, points, gaps, and what becomes of them.

use super::case::{Case, when, wire};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    let version = |version: &str, status: &str, on: &str| {
        json!({ "plan": "peace-plan", "version": version, "status": status, "datedOn": on, "authors": ["us"],
            "summary": "A text for a settlement.", "evidence": wire() })
    };
    vec![
        when("openPlan", json!({ "slug": "peace-plan", "kind": "PLAN", "title": "American peace plan" }))
            .then(
                r#"plan(slug: "peace-plan") { title planKind versions { version } }"#,
                json!({ "title": "American peace plan", "planKind": "PLAN", "versions": [] }),
            )
            .but(json!({ "topics": ["peace"] }), "UNKNOWN_REFERENCE", "input.topics[0]", json!("peace")),
        when("recordPlanVersion", version("28", "LEAKED", "2025-11-20"))
            .then(
                r#"plan(slug: "peace-plan") { planVersion(version: "28") { status datedOn { label } authors { slug } } }"#,
                json!({ "planVersion": { "status": "LEAKED", "datedOn": { "label": "20 November 2025" }, "authors": [{ "slug": "us" }] } }),
            )
            .but(json!({ "datedOn": "20.11.2025" }), "INVALID_DATE", "input.datedOn", json!("20.11.2025")),
        when(
            "recordPoint",
            json!({ "plan": "peace-plan", "version": "28", "key": "army", "number": 6, "summary": "The army is capped at 600,000.",
                "datedOn": "2025-11-20", "evidence": wire() }),
        )
        .then(
            r#"plan(slug: "peace-plan") { planVersion(version: "28") { points { ref { ref } number summary } } }"#,
            json!({ "planVersion": { "points": [{ "ref": { "ref": "peace-plan/28#army" }, "number": 6, "summary": "The army is capped at 600,000." }] } }),
        )
        .but(json!({ "key": "navy", "parent": "forces" }), "UNKNOWN_POINT", "input.parent", json!("forces")),
        when(
            "recordPlanGap",
            json!({ "plan": "peace-plan", "version": "28", "key": "points-13-to-20", "summary": "Eight points nobody has seen.",
                "datedOn": "2025-11-20", "evidence": wire() }),
        )
        .then(
            r#"plan(slug: "peace-plan") { planVersion(version: "28") { gaps { key summary } } }"#,
            json!({ "planVersion": { "gaps": [{ "key": "points-13-to-20", "summary": "Eight points nobody has seen." }] } }),
        )
        .but(json!({ "version": "19" }), "UNKNOWN_REFERENCE", "input.version", json!("19")),
        when(
            "changeVersion",
            json!({ "plan": "peace-plan", "version": "28", "status": "PROPOSED", "statusOn": "2025-11-23",
                "summary": "Put to Ukraine in Geneva.", "evidence": wire() }),
        )
        .then(
            r#"plan(slug: "peace-plan") { planVersion(version: "28") { status firstStatus steps { status } } }"#,
            json!({ "planVersion": { "status": "PROPOSED", "firstStatus": "LEAKED", "steps": [{ "status": "PROPOSED" }] } }),
        )
        .but(json!({ "evidence": { "citations": [] } }), "NO_CITATION", "input.evidence.citations", json!(null)),
        when(
            "recordPointChange",
            json!({ "plan": "geneva-text", "version": "19", "change": "DROPPED", "before": "peace-plan/28#army",
                "summary": "Struck out in Geneva.", "saidOn": "2025-11-24", "evidence": wire() }),
        )
        .then(
            r#"plan(slug: "geneva-text") { planVersion(version: "19") { changes { change before { ref } after { ref } } } }"#,
            json!({ "planVersion": { "changes": [{ "change": "DROPPED", "before": { "ref": "peace-plan/28#army" }, "after": null }] } }),
        )
        .but(json!({ "before": "peace-plan/28#fleet" }), "UNKNOWN_POINT", "input.before", json!("peace-plan/28#fleet")),
    ]
}
