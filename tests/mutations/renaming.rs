//! Renames, merges, moves and creations over HTTP: what they answer, and that every way in knows the former names.

use super::Desk;
use super::case::wire;
use crate::binary::Server;
use serde_json::json;
use tempfile::tempdir;

#[test]
fn a_party_made_on_the_way_is_renamed_and_merged_and_found_by_all_its_names() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);
    let (position, _) = desk.head();

    // Given two claims, each with a party and a source that nobody had named before.
    for (slug, name) in [("umerov", "Rustem Umerov"), ("r-umierov", "Rustem Umierov")] {
        let source = format!("post-{slug}");
        let answer = desk.send(
            "recordClaim",
            &json!({ "slug": format!("said-by-{slug}"), "summary": "Talks go on.", "claimedOn": "2026-02-03",
                "evidence": { "citations": [{ "source": source, "attribution": { "speaker": name, "party": slug } }] },
                "create": { "parties": [{ "slug": slug, "kind": "PERSON", "name": name }],
                    "sources": [{ "slug": source, "publisher": "A channel", "kind": "POST" }] } }),
        );
        assert_eq!(answer["__typename"], "Recorded", "{answer}");
    }
    assert_eq!(desk.head().0, position + 6);
    desk.send(
        "recordOffice",
        &json!({ "party": "r-umierov", "title": "Secretary", "attestedOn": "2025-07-18", "evidence": wire() }),
    );
    let spoilt = desk.send(
        "recordClaim",
        &json!({ "slug": "c", "summary": "S.", "claimedOn": "2026-02-03", "evidence": wire(),
            "create": { "parties": [{ "slug": "umerov", "kind": "PERSON", "name": "Somebody else" }] } }),
    );
    assert_eq!(
        (&spoilt["refusals"][0]["rule"], &spoilt["refusals"][0]["field"]),
        (&json!("SLUG_TAKEN"), &json!("input.create.parties[0].slug"))
    );

    // When the later one is merged into the earlier one, and that is renamed,
    let merge = json!({ "into": "umerov", "dossier": "r-umierov", "reason": "One man, two spellings." });
    let wrong = desk.send("mergeDossiers", &json!({ "into": "r-umierov", "dossier": "umerov" }));
    assert_eq!(wrong["refusals"][0]["rule"], "NOT_MERGEABLE");
    let merged = desk.send("mergeDossiers", &merge);
    assert_eq!(
        (&merged["version"], &merged["dossier"]["slug"]),
        (&json!(2), &json!("umerov"))
    );
    let renamed = desk.send(
        "renameDossier",
        &json!({ "dossier": "umerov", "slug": "rustem-umerov", "expectedVersion": 2 }),
    );
    assert_eq!(
        (&renamed["version"], &renamed["dossier"]["slug"]),
        (&json!(3), &json!("rustem-umerov"))
    );

    // then all three slugs lead to one man, who holds the office and said both,
    for slug in ["umerov", "r-umierov", "rustem-umerov"] {
        let party = desk.ask(&format!(
            "party(slug: \"{slug}\") {{ slug name formerSlugs merged {{ slug title }} role(on: \"2025-07-18\") {{ title }} }}"
        ));
        assert_eq!(
            party,
            json!({ "slug": "rustem-umerov", "name": "Rustem Umerov", "formerSlugs": ["r-umierov", "umerov"],
                "merged": [{ "slug": "r-umierov", "title": "Rustem Umierov" }], "role": [{ "title": "Secretary" }] })
        );
        let said = desk.ask(&format!(
            "timeline(where: {{ parties: [\"{slug}\"], kinds: [CLAIM] }}) {{ totalCount }}"
        ));
        assert_eq!(said, json!({ "totalCount": 2 }), "{slug}");
    }
    // and a search for either spelling finds him.
    for text in ["Umierov", "Умеров"] {
        let found = desk.ask(&format!(
            "search(text: \"{text}\", first: 1) {{ nodes {{ dossier {{ slug }} }} }}"
        ));
        assert_eq!(found["nodes"][0]["dossier"]["slug"], "rustem-umerov", "{text}");
    }

    // Sent again, nothing is written; and a restart reads the same.
    let head = desk.head();
    assert_eq!(desk.send("mergeDossiers", &merge)["alreadyThere"], true);
    assert_eq!(desk.head(), head);
    assert_eq!(server.stop(), 0);
    let server = Server::start(dir.path(), &[]);
    let data = server
        .connect()
        .data("mutation { rebuildViews { position same } }", &json!({}))
        .unwrap();
    assert_eq!(data["rebuildViews"], json!({ "position": head.0, "same": true }));
}

#[test]
fn a_plan_that_turned_out_to_be_two_is_split_and_both_sides_show_it() {
    let dir = tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let mut desk = Desk::with_ground(&server);

    // Given two texts recorded as versions of one plan, the second with a point and what became of it.
    desk.send(
        "openPlan",
        &json!({ "slug": "one-plan", "kind": "PLAN", "title": "One plan" }),
    );
    for version in ["28", "19"] {
        let told = json!({ "plan": "one-plan", "version": version, "status": "PROPOSED", "datedOn": "2025-11",
            "summary": "A text.", "evidence": wire() });
        assert_eq!(desk.send("recordPlanVersion", &told)["__typename"], "Recorded");
    }
    let point = json!({ "plan": "one-plan", "version": "19", "key": "army", "datedOn": "2025-11",
        "summary": "800,000.", "evidence": wire() });
    desk.send("recordPoint", &point);
    desk.send(
        "openPlan",
        &json!({ "slug": "other-plan", "kind": "PLAN", "title": "Other plan" }),
    );

    // When the second is moved to a plan of its own, opened only now,
    let split =
        json!({ "from": "one-plan", "into": "other-plan", "records": ["one-plan/19"], "reason": "Another text." });
    let inside = desk.send(
        "moveRecords",
        &json!({ "from": "one-plan", "into": "other-plan", "records": ["one-plan/19#army"] }),
    );
    assert_eq!(
        (&inside["refusals"][0]["rule"], &inside["refusals"][0]["field"]),
        (&json!("NOT_MOVABLE"), &json!("input.records[0]"))
    );
    let moved = desk.send("moveRecords", &split);
    assert_eq!(
        (&moved["version"], &moved["dossier"]["slug"]),
        (&json!(2), &json!("other-plan"))
    );

    // then each has its own, and both show what was moved,
    for (slug, version, points) in [("one-plan", "28", 0), ("other-plan", "19", 1)] {
        let plan = desk.ask(&format!(
            "plan(slug: \"{slug}\") {{ versions {{ version points {{ key }} }} movedRecords {{ reason from {{ slug }} into {{ slug }} records {{ from to now {{ ref dossier {{ slug }} }} }} }} }}"
        ));
        assert_eq!(plan["versions"].as_array().unwrap().len(), 1, "{plan}");
        assert_eq!(plan["versions"][0]["version"], version);
        assert_eq!(
            plan["versions"][0]["points"].as_array().unwrap().len(),
            points,
            "{plan}"
        );
        assert_eq!(
            plan["movedRecords"],
            json!([{ "reason": "Another text.", "from": { "slug": "one-plan" }, "into": { "slug": "other-plan" },
                "records": [{ "from": "one-plan/19", "to": "other-plan/19",
                    "now": { "ref": "other-plan/19", "dossier": { "slug": "other-plan" } } }] }])
        );
    }
    // and what is told of the old reference is told of the new one.
    let position = desk.send(
        "takePosition",
        &json!({ "on": "one-plan/19#army", "by": ["ua"], "stance": "OPPOSES",
        "takenOn": "2025-12", "summary": "Too few.", "evidence": wire() }),
    );
    assert_eq!(position["dossier"]["slug"], "other-plan", "{position}");

    // Sent again, nothing is written; and a restart reads the same.
    let head = desk.head();
    assert_eq!(desk.send("moveRecords", &split)["alreadyThere"], true);
    assert_eq!(desk.send("recordPoint", &point)["alreadyThere"], true);
    assert_eq!(desk.head(), head);
    assert_eq!(server.stop(), 0);
    let server = Server::start(dir.path(), &[]);
    let data = server
        .connect()
        .data("mutation { rebuildViews { position same } }", &json!({}))
        .unwrap();
    assert_eq!(data["rebuildViews"], json!({ "position": head.0, "same": true }));
}
