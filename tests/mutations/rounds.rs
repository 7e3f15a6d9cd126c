//! Sanctions rounds: stages, acts, measures, counts, mirrors.

use super::case::{Case, when, wire};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        when("openRound", json!({ "slug": "eu-ru-20", "title": "Twentieth package", "senders": ["eu"], "target": "ru", "number": 20 }))
            .then(
                r#"round(slug: "eu-ru-20") { number stage senders { slug } target { slug } }"#,
                json!({ "number": 20, "stage": null, "senders": [{ "slug": "eu" }], "target": { "slug": "ru" } }),
            )
            .but(json!({ "senders": [] }), "MISSING_FIELD", "input.senders", json!(null)),
        when(
            "recordStage",
            json!({ "round": "eu-ru-20", "stage": "PROCEDURE_OPENED", "reachedOn": "2026-02-10", "deadline": "2026-02-20", "by": ["eu"], "evidence": wire() }),
        )
        .then(
            r#"round(slug: "eu-ru-20") { stage path { stage reachedOn { edtf } deadline { edtf } by { slug } } }"#,
            json!({ "stage": "PROCEDURE_OPENED", "path": [{ "stage": "PROCEDURE_OPENED", "reachedOn": { "edtf": "2026-02-10" },
                "deadline": { "edtf": "2026-02-20" }, "by": [{ "slug": "eu" }] }] }),
        )
        .but(json!({ "deadline": "2026-02-09" }), "END_BEFORE_START", "input.deadline", json!("2026-02-09")),
        when(
            "recordAct",
            json!({ "slug": "eu-2026-312", "kind": "REGULATION", "number": "Regulation (EU) 2026/312", "celex": "32026R0312",
                "rounds": ["eu-ru-20"], "adoptedOn": "2026-02-23", "publishedOn": "2026-02-23", "evidence": wire() }),
        )
        .then(
            r#"act(slug: "eu-2026-312") { celex adoptedOn { edtf } rounds { slug acts { slug } } }"#,
            json!({ "celex": "32026R0312", "adoptedOn": { "edtf": "2026-02-23" },
                "rounds": [{ "slug": "eu-ru-20", "acts": [{ "slug": "eu-2026-312" }] }] }),
        )
        .but(json!({ "publishedOn": "2026-02-22" }), "END_BEFORE_START", "input.publishedOn", json!("2026-02-22")),
        when(
            "recordMeasure",
            json!({ "round": "eu-ru-20", "sector": "energy", "summary": "No services for tankers.", "appliesFrom": "2026-03", "acts": ["eu-2026-312"], "evidence": wire() }),
        )
        .then(
            r#"round(slug: "eu-ru-20") { measures { sector { slug } summary fellOut appliesFrom { label } acts { slug } } }"#,
            json!({ "measures": [{ "sector": { "slug": "energy" }, "summary": "No services for tankers.", "fellOut": false,
                "appliesFrom": { "label": "March 2026" }, "acts": [{ "slug": "eu-2026-312" }] }] }),
        )
        .but(json!({ "appliesUntil": "2026-02" }), "END_BEFORE_START", "input.appliesUntil", json!("2026-02")),
        when(
            "recordCount",
            json!({ "round": "eu-ru-20", "of": "vessels", "basis": "ADDED", "quantity": { "what": "tankers", "value": 43 }, "evidence": wire() }),
        )
        .then(
            r#"round(slug: "eu-ru-20") { counts { of basis quantity { what value } } }"#,
            json!({ "counts": [{ "of": "vessels", "basis": "ADDED", "quantity": { "what": "tankers", "value": 43.0 } }] }),
        )
        .but(json!({ "quantity": { "what": "tankers", "min": 50, "max": 40 } }), "IMPOSSIBLE_QUANTITY", "input.quantity", json!("50 to 40")),
        when(
            "recordMirror",
            json!({ "round": "eu-ru-20", "rule": "candidates align within a month", "dueDays": 30, "evidence": wire() }),
        )
        .then(
            r#"round(slug: "eu-ru-20") { mirrors { rule dueDays coordinated of { slug } } }"#,
            json!({ "mirrors": [{ "rule": "candidates align within a month", "dueDays": 30, "coordinated": false, "of": [] }] }),
        )
        .but(json!({ "dueDays": -1 }), "WRONG_TYPE", "input.dueDays", json!("-1")),
    ]
}
