//! Meetings: planned, moved, put off, called off, not held, under way, held; who came, the agenda, what came out.

use super::case::{Case, when, wire};
use serde_json::json;

pub(crate) fn cases() -> Vec<Case> {
    let open =
        |slug: &str, title: &str| json!({ "slug": slug, "title": title, "heldOn": "2026-02-05", "evidence": wire() });
    let off = |slug: &str, on: &str| json!({ "slug": slug, "announcedOn": on, "reason": "No delegation came.", "evidence": wire() });
    vec![
        when(
            "scheduleMeeting",
            json!({ "slug": "istanbul-4", "title": "Fourth talks in Istanbul", "series": "istanbul-talks", "number": 4,
                "plannedFor": "2026-02-10", "places": [{ "name": "Istanbul", "country": "TR" }], "evidence": wire() }),
        )
        .then(
            r#"meeting(slug: "istanbul-4") { state series { slug } number plannedFor { edtf } heldOn { edtf } }"#,
            json!({ "state": "SCHEDULED", "series": { "slug": "istanbul-talks" }, "number": 4, "plannedFor": { "edtf": "2026-02-10" }, "heldOn": null }),
        )
        .but(json!({ "series": "ua" }), "WRONG_KIND", "input.series", json!("ua")),
        when(
            "rescheduleMeeting",
            json!({ "slug": "istanbul-4", "plannedFor": "2026-02-12", "announcedOn": "2026-02-04", "reason": "The hosts asked.", "evidence": wire() }),
        )
        .then(
            r#"meeting(slug: "istanbul-4") { plannedFor { edtf } moves { plannedFor { edtf } reason } }"#,
            json!({ "plannedFor": { "edtf": "2026-02-12" }, "moves": [
                { "plannedFor": { "edtf": "2026-02-10" }, "reason": null },
                { "plannedFor": { "edtf": "2026-02-12" }, "reason": "The hosts asked." }] }),
        )
        .but(json!({ "plannedFor": "2026-02-30" }), "INVALID_DATE", "input.plannedFor", json!("2026-02-30")),
        when("postponeMeeting", off("istanbul-4", "2026-02-06"))
            .then(r#"meeting(slug: "istanbul-4") { state }"#, json!({ "state": "POSTPONED" }))
            .but(json!({ "slug": "istanbul-5" }), "UNKNOWN_REFERENCE", "input.slug", json!("istanbul-5")),
        when("cancelMeeting", off("istanbul-4", "2026-02-07"))
            .then(r#"meeting(slug: "istanbul-4") { state }"#, json!({ "state": "CANCELLED" }))
            .but(json!({ "participants": [{ "party": "nobody" }] }), "UNKNOWN_REFERENCE", "input.participants[0].party", json!("nobody")),
        when("reportMeetingNotHeld", off("istanbul-4", "2026-02-12"))
            .then(r#"meeting(slug: "istanbul-4") { state heldOn { edtf } }"#, json!({ "state": "NOT_HELD", "heldOn": null }))
            .but(json!({ "slug": "ru" }), "WRONG_KIND", "input.slug", json!("ru")),
        when("startMeeting", open("abu-dhabi-2", "Second talks in Abu Dhabi"))
            .then(
                r#"meeting(slug: "abu-dhabi-2") { state title heldOn { edtf } }"#,
                json!({ "state": "UNDER_WAY", "title": "Second talks in Abu Dhabi", "heldOn": { "edtf": "2026-02-05" } }),
            )
            .but(json!({ "slug": "energy" }), "SLUG_TAKEN", "input.slug", json!("energy")),
        when("holdMeeting", json!({ "slug": "abu-dhabi-2", "heldOn": "2026-02-05", "summary": "The talks ended without a text.", "evidence": wire() }))
            .then(
                r#"meeting(slug: "abu-dhabi-2") { state reports { state summary } }"#,
                json!({ "state": "HELD", "reports": [{ "state": "UNDER_WAY", "summary": null }, { "state": "HELD", "summary": "The talks ended without a text." }] }),
            )
            .but(json!({ "slug": "abu-dhabi-3" }), "UNKNOWN_REFERENCE", "input.slug", json!("abu-dhabi-3")),
        when(
            "recordParticipation",
            json!({ "meeting": "abu-dhabi-2", "party": "us", "mode": "ABSENT", "reason": "The envoy's aircraft broke down.",
                "saidFor": "2026-02-05", "evidence": wire() }),
        )
        .then(
            r#"meeting(slug: "abu-dhabi-2") { absent { party { slug } reason } present { party { slug } } }"#,
            json!({ "absent": [{ "party": { "slug": "us" }, "reason": "The envoy's aircraft broke down." }], "present": [] }),
        )
        .but(json!({ "quantities": [{ "what": "officials" }] }), "IMPOSSIBLE_QUANTITY", "input.quantities[0]", json!(null)),
        when("addAgendaItem", json!({ "meeting": "abu-dhabi-2", "summary": "The line of contact.", "saidOn": "2026-02-04", "evidence": wire() }))
            .then(
                r#"meeting(slug: "abu-dhabi-2") { agenda { summary saidOn { edtf } } }"#,
                json!({ "agenda": [{ "summary": "The line of contact.", "saidOn": { "edtf": "2026-02-04" } }] }),
            )
            .but(json!({ "issue": "lines" }), "UNKNOWN_REFERENCE", "input.issue", json!("lines")),
        when("recordOutcome", json!({ "meeting": "abu-dhabi-2", "summary": "314 prisoners are to be exchanged.", "topics": ["prisoners"], "evidence": wire() }))
            .then(
                r#"meeting(slug: "abu-dhabi-2") { outcomes { summary evidence { citations { source { slug } } } } }"#,
                json!({ "outcomes": [{ "summary": "314 prisoners are to be exchanged.",
                    "evidence": { "citations": [{ "source": { "slug": "wire-2026-02-03" } }] } }] }),
            )
            .but(json!({ "key": "Two Words" }), "INVALID_VALUE", "input.key", json!("Two Words")),
    ]
}
