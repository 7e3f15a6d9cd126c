//! Claims, expectations, happenings, links, rival values, and leads.

use super::case::{Case, when, wire};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    let itself = json!({ "citations": [{ "source": "troop-number" }] });
    vec![
        when(
            "recordClaim",
            json!({ "slug": "troop-number", "summary": "An official speaks of 15,000 to 20,000 soldiers.", "about": ["french-brigade"], "claimedOn": "2026-02-03",
                "quantities": [{ "what": "soldiers", "min": 15000, "max": 20000, "approximate": true }], "evidence": wire() }),
        )
        .then(
            r#"claim(slug: "troop-number") { about { ref } claimedOn { edtf } quantities { min max approximate } outcome { state } }"#,
            json!({ "about": [{ "ref": "french-brigade" }], "claimedOn": { "edtf": "2026-02-03" },
                "quantities": [{ "min": 15000.0, "max": 20000.0, "approximate": true }], "outcome": null }),
        )
        .but(json!({ "evidence": itself }), "UNKNOWN_REFERENCE", "input.evidence.citations[0].source", json!("troop-number")),
        when(
            "recordExpectation",
            json!({ "slug": "adopted-in-february", "summary": "Adoption is expected before the anniversary.", "of": "eu-ru-20", "stage": "ADOPTED",
                "expectedIn": "[..2026-02-24]", "claimedOn": "2026-02-03", "evidence": wire() }),
        )
        .then(
            r#"round(slug: "eu-ru-20") { expectations { slug stage expectedIn { edtf } outcome { state missedByDays } } }"#,
            json!({ "expectations": [{ "slug": "adopted-in-february", "stage": "ADOPTED", "expectedIn": { "edtf": "[..2026-02-24]" },
                "outcome": { "state": "OPEN", "missedByDays": null } }] }),
        )
        .but(json!({ "expectedIn": "2026-01" }), "END_BEFORE_START", "input.expectedIn", json!("2026-01")),
        when(
            "recordHappening",
            json!({ "slug": "exchange-2026-02-05", "kind": "PRISONER_EXCHANGE", "summary": "314 people come home.", "happenedOn": "2026-02-05",
                "participants": [{ "party": "ua" }, { "party": "ru" }], "quantities": [{ "what": "prisoners", "value": 314 }], "evidence": wire() }),
        )
        .then(
            r#"happening(slug: "exchange-2026-02-05") { happeningKind happenedOn { edtf } participants { party { slug } } quantities { value } }"#,
            json!({ "happeningKind": "PRISONER_EXCHANGE", "happenedOn": { "edtf": "2026-02-05" },
                "participants": [{ "party": { "slug": "ua" } }, { "party": { "slug": "ru" } }], "quantities": [{ "value": 314.0 }] }),
        )
        .but(json!({ "about": ["abu-dhabi-2#outcome-7"] }), "UNKNOWN_REFERENCE", "input.about[0]", json!("abu-dhabi-2#outcome-7")),
        when("linkRecords", json!({ "from": "exchange-2026-02-05", "link": "FULFILS", "to": "abu-dhabi-2#outcome", "note": "As agreed in Abu Dhabi." }))
            .then(
                r#"happening(slug: "exchange-2026-02-05") { links { nodes { link to { ref dossier { slug links { totalCount nodes { from { ref } } } } } } } }"#,
                json!({ "links": { "nodes": [{ "link": "FULFILS", "to": { "ref": "abu-dhabi-2#outcome", "dossier": { "slug": "abu-dhabi-2",
                    "links": { "totalCount": 1, "nodes": [{ "from": { "ref": "exchange-2026-02-05" } }] } } } }] } }),
            )
            .but(json!({ "to": "exchange-2026-02-05" }), "INVALID_VALUE", "input.to", json!("exchange-2026-02-05")),
        when(
            "recordRivalValues",
            json!({ "about": "exchange-2026-02-05", "field": "number of prisoners", "values": [
                { "value": "314", "citations": wire()["citations"] }, { "value": "157", "citations": wire()["citations"] }],
                "resolution": "One counts both sides, the other one." }),
        )
        .then(
            r#"happening(slug: "exchange-2026-02-05") { rivalValues { field values { value } resolution } }"#,
            json!({ "rivalValues": [{ "field": "number of prisoners", "values": [{ "value": "314" }, { "value": "157" }],
                "resolution": "One counts both sides, the other one." }] }),
        )
        .but(json!({ "values": [{ "value": "157" }] }), "NO_CITATION", "input.values[0].citations", json!("157")),
        when("captureLead", json!({ "slug": "night-post", "text": "A post says that the next talks are in Geneva.", "url": "https://example.org/post/1", "seenOn": "2026-02-08" }))
            .then(
                r#"lead(slug: "night-post") { waiting text url seenOn { edtf } into { ref } }"#,
                json!({ "waiting": true, "text": "A post says that the next talks are in Geneva.", "url": "https://example.org/post/1",
                    "seenOn": { "edtf": "2026-02-08" }, "into": [] }),
            )
            .but(json!({ "seenOn": "last week" }), "INVALID_DATE", "input.seenOn", json!("last week")),
        when("settleLead", json!({ "lead": "night-post", "into": ["istanbul-4"], "note": "It was the talks of Istanbul." }))
            .then(
                r#"lead(slug: "night-post") { waiting into { ref } notes }"#,
                json!({ "waiting": false, "into": [{ "ref": "istanbul-4" }], "notes": ["It was the talks of Istanbul."] }),
            )
            .but(json!({ "into": ["geneva-2026"] }), "UNKNOWN_REFERENCE", "input.into[0]", json!("geneva-2026")),
    ]
}
