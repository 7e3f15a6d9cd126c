//! Who stayed away, who met whom, how meetings are numbered; commitments over time; what rests on anonymous speakers.

use crate::client::Client;
use rapporteur_log::MemoryLog;
use serde_json::{Value, json};
use std::sync::Arc;

const CITED: &str = r#""evidence": {"citations": [{"source": "wire"}]}"#;
const ANONYMOUS: &str =
    r#""evidence": {"citations": [{"source": "wire", "attribution": {"speaker": "officials", "anonymous": true}}]}"#;
const BOTH: &str = r#""evidence": {"citations": [{"source": "wire", "attribution": {"speaker": "officials", "anonymous": true}}, {"source": "wire"}]}"#;

fn held(slug: &str, number: Option<u32>, on: &str, people: &[(&str, &str)]) -> String {
    let person = |(party, mode): &(&str, &str)| match *mode {
        "ABSENT" => format!(r#"{{"party": "{party}", "of": "s", "mode": "ABSENT", "reason": "ill"}}"#),
        mode => format!(r#"{{"party": "{party}", "mode": "{mode}"}}"#),
    };
    let people: Vec<String> = people.iter().map(person).collect();
    let number = number.map_or(String::new(), |number| format!(r#", "number": {number}"#));
    let people = people.join(", ");
    format!(
        r#"{{"holdMeeting": {{"slug": "{slug}", "title": "{slug}", "heldOn": "{on}", "series": "talks"{number}, "participants": [{people}], {CITED}}}}}"#
    )
}

fn client(lines: &[String]) -> Client {
    let client = Client::on(Arc::new(MemoryLog::default()));
    let mut registered = vec![
        r#"{"registerSource": {"slug": "wire", "publisher": "Wire", "publishedOn": "2025-01-01"}}"#.to_owned(),
        r#"{"registerSeries": {"slug": "talks", "label": "Talks"}}"#.to_owned(),
    ];
    for (slug, kind) in [("a", "PERSON"), ("b", "PERSON"), ("c", "PERSON"), ("s", "STATE")] {
        registered.push(format!(
            r#"{{"registerParty": {{"slug": "{slug}", "kind": "{kind}", "name": "{slug}"}}}}"#
        ));
    }
    client.record(&registered.join("\n"));
    client.record(&lines.join("\n"));
    client
}

fn talks() -> Client {
    client(&[
        held(
            "m3",
            Some(5),
            "2025-05-01",
            &[("a", "IN_PERSON"), ("b", "IN_PERSON"), ("c", "ABSENT")],
        ),
        held(
            "m1",
            Some(2),
            "2025-02-01",
            &[("a", "IN_PERSON"), ("b", "ONLINE"), ("c", "ABSENT")],
        ),
        held(
            "m2",
            Some(2),
            "2025-03-01",
            &[("a", "ABSENT"), ("b", "IN_PERSON"), ("c", "IN_PERSON")],
        ),
        held("m4", None, "2025-06-01", &[("a", "IN_PERSON"), ("c", "IN_PERSON")]),
    ])
}

#[test]
fn absences_stand_in_the_order_of_the_world_with_their_reasons() {
    let client = talks();
    let found = client.ask(
        r#"{ c: party(slug: "c") { absences { totalCount nodes { meeting { slug } reason attendance { mode party { slug } } } } }
             s: party(slug: "s") { absences { totalCount } behalf: absences(onBehalf: true) { totalCount nodes { meeting { slug } attendance { party { slug } } } } }
             b: party(slug: "b") { absences { totalCount } } }"#,
    );
    let row = |slug: &str| json!({ "meeting": { "slug": slug }, "reason": "ill", "attendance": { "mode": "ABSENT", "party": { "slug": "c" } } });
    assert_eq!(
        found["c"]["absences"],
        json!({ "totalCount": 2, "nodes": [row("m1"), row("m3")] })
    );
    assert_eq!(found["s"]["absences"]["totalCount"], 0);
    let row =
        |slug: &str, who: &str| json!({ "meeting": { "slug": slug }, "attendance": { "party": { "slug": who } } });
    let behalf = json!({ "totalCount": 3, "nodes": [row("m1", "c"), row("m2", "a"), row("m3", "c")] });
    assert_eq!(found["s"]["behalf"], behalf);
    assert_eq!(found["b"]["absences"]["totalCount"], 0);
}

#[test]
fn those_met_most_often_come_first_and_absent_ones_were_not_met() {
    let client = talks();
    let found = client.ask(
        r#"{ party(slug: "a") {
               any: metWith { totalCount nodes { party { slug } count modes { mode count } meetings { earliest latest first { slug } } } }
               person: metWith(where: { modes: [IN_PERSON] }) { nodes { party { slug } count } }
               spring: metWith(where: { within: "2025-01/2025-04" }) { nodes { party { slug } count } } } }"#,
    );
    let party = &found["party"];
    assert_eq!(party["any"]["totalCount"], 2);
    let b = json!({ "party": { "slug": "b" }, "count": 2, "modes": [{ "mode": "IN_PERSON", "count": 1 }, { "mode": "ONLINE", "count": 1 }],
        "meetings": { "earliest": "2025-02-01", "latest": "2025-05-01", "first": [{ "slug": "m1" }] } });
    let mut first = party["any"]["nodes"][0].clone();
    first["modes"]
        .as_array_mut()
        .unwrap()
        .sort_by_key(|m| m["mode"].to_string());
    assert_eq!(first, b);
    let met = |list: &Value| -> Vec<(String, u64)> {
        let nodes = list["nodes"].as_array().unwrap().iter();
        nodes
            .map(|n| {
                (
                    n["party"]["slug"].as_str().unwrap().to_owned(),
                    n["count"].as_u64().unwrap(),
                )
            })
            .collect()
    };
    assert_eq!(met(&party["any"]), [("b".to_owned(), 2), ("c".to_owned(), 1)]);
    assert_eq!(
        met(&party["person"]),
        [("b".to_owned(), 1), ("c".to_owned(), 1)],
        "online does not count"
    );
    assert_eq!(met(&party["spring"]), [("b".to_owned(), 1)]);
    let refused = client.refused(r#"{ party(slug: "a") { metWith(where: { series: "none" }) { totalCount } } }"#);
    assert!(refused.contains("no series `none` is recorded"), "{refused}");
}

#[test]
fn numbers_of_a_series_show_gaps_and_double_claims() {
    let found = talks().ask(
        "{ series { nodes { numbering { numbers { number meetings { slug } } missing { from to } claimedTwice { number } unnumbered { slug } } } } }",
    );
    let wanted = json!({ "numbers": [{ "number": 2, "meetings": [{ "slug": "m1" }, { "slug": "m2" }] }, { "number": 5, "meetings": [{ "slug": "m3" }] }],
        "missing": [{ "from": 1, "to": 1 }, { "from": 3, "to": 4 }], "claimedTwice": [{ "number": 2 }], "unnumbered": [{ "slug": "m4" }] });
    assert_eq!(found["series"]["nodes"][0]["numbering"], wanted);
}

#[test]
fn commitments_have_a_rung_for_each_day_and_refusals_are_history() {
    let opened = |slug: &str, status: &str, on: &str| {
        format!(
            r#"{{"recordCommitment": {{"slug": "{slug}", "by": ["s"], "what": "Troops.", "summary": "{slug}.", "status": "{status}", "statusOn": "{on}", {CITED}}}}}"#
        )
    };
    let changed = |slug: &str, status: &str, on: &str| {
        format!(
            r#"{{"changeCommitment": {{"slug": "{slug}", "status": "{status}", "statusOn": "{on}", "summary": "{slug} {status}.", {CITED}}}}}"#
        )
    };
    let client = client(&[
        opened("troops", "OFFERED", "2025-02-01"),
        changed("troops", "WITHDRAWN", "2025-06-01"),
        changed("troops", "PLEDGED", "2025-04"),
        opened("jets", "REFUSED", "2025-03-01"),
    ]);
    let on = |slug: &str, day: &str| {
        let document = format!(r#"{{ commitment(slug: "{slug}") {{ rung(on: "{day}") {{ status certainty }} }} }}"#);
        client.ask(&document)["commitment"]["rung"].take()
    };
    let rung = |status: &str, certainty: &str| json!({ "status": status, "certainty": certainty });
    assert_eq!(on("troops", "2025-01-31"), Value::Null);
    assert_eq!(on("troops", "2025-02-01"), rung("OFFERED", "SURELY"));
    assert_eq!(
        on("troops", "2025-04-10"),
        rung("PLEDGED", "POSSIBLY"),
        "some day in April"
    );
    assert_eq!(on("troops", "2025-05-01"), rung("PLEDGED", "SURELY"));
    assert_eq!(
        on("troops", "2025-07-01"),
        rung("WITHDRAWN", "SURELY"),
        "told before, but of later"
    );
    let found = client.ask(
        r#"{ party(slug: "s") { commitmentHistory { totalCount nodes { commitment { slug } rung { status } } }
             refused: commitmentHistory(status: [REFUSED]) { nodes { commitment { slug } rung { statusOn { edtf } } } } }
             other: party(slug: "a") { commitmentHistory { totalCount } } }"#,
    );
    let step = |slug: &str, status: &str| json!({ "commitment": { "slug": slug }, "rung": { "status": status } });
    let wanted = json!({ "totalCount": 4, "nodes": [step("troops", "OFFERED"), step("jets", "REFUSED"), step("troops", "PLEDGED"), step("troops", "WITHDRAWN")] });
    assert_eq!(found["party"]["commitmentHistory"], wanted);
    let refused = json!([{ "commitment": { "slug": "jets" }, "rung": { "statusOn": { "edtf": "2025-03-01" } } }]);
    assert_eq!(found["party"]["refused"]["nodes"], refused);
    assert_eq!(found["other"]["commitmentHistory"]["totalCount"], 0);
}

#[test]
fn only_what_rests_on_anonymous_speakers_alone_passes() {
    let claim = |slug: &str, evidence: &str| {
        format!(
            r#"{{"recordClaim": {{"slug": "{slug}", "summary": "Said {slug}.", "about": ["s"], "claimedOn": "2025-06-01", {evidence}}}}}"#
        )
    };
    let client = client(&[
        claim("whispered", ANONYMOUS),
        claim("both", BOTH),
        claim("open", CITED),
        held("m1", None, "2025-06-01", &[("a", "IN_PERSON")]),
    ]);
    let found = client.ask(
        r#"{ claims(where: { onlyAnonymous: true }) { totalCount nodes { slug } } about: claims(where: { onlyAnonymous: true, about: "s" }) { totalCount }
             timeline(where: { onlyAnonymous: true }) { totalCount nodes { summary } }
             kinds: timeline(where: { onlyAnonymous: true, kinds: [CLAIM] }) { totalCount }
             all: timeline { totalCount } }"#,
    );
    assert_eq!(
        found["claims"],
        json!({ "totalCount": 1, "nodes": [{ "slug": "whispered" }] })
    );
    assert_eq!(found["about"]["totalCount"], 1);
    assert_eq!(
        found["timeline"],
        json!({ "totalCount": 1, "nodes": [{ "summary": "Said whispered." }] })
    );
    assert_eq!(
        found["kinds"]["totalCount"], 1,
        "counted by looking, not from the index"
    );
    assert_eq!(found["all"]["totalCount"], 5, "the source has its day too");
    client.record(&claim("named-too", CITED));
    client.record(r#"{"mergeDossiers": {"dossier": "named-too", "into": "whispered"}}"#);
    let merged = client.ask("{ claims(where: { onlyAnonymous: true }) { totalCount } }");
    assert_eq!(
        merged["claims"]["totalCount"], 0,
        "what was merged into it rests on a named source"
    );
}
