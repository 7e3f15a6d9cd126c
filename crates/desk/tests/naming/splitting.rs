//! Records moved from one dossier to another.

use crate::desk::*;
use rapporteur_domain::refusal::Rule;
use serde_json::{Value, json};

fn plan(slug: &str) -> Value {
    json!({ "openPlan": { "slug": slug, "kind": "PLAN", "title": format!("Plan {slug}") } })
}
fn version(plan: &str, version: &str) -> Value {
    json!({ "recordPlanVersion": { "plan": plan, "version": version, "status": "PROPOSED", "datedOn": "2025-11",
        "summary": format!("{version} points."), "evidence": cited() } })
}
fn point(plan: &str, version: &str, key: &str) -> Value {
    json!({ "recordPoint": { "plan": plan, "version": version, "key": key, "datedOn": "2025-11",
        "summary": format!("{key} of {version}"), "evidence": cited() } })
}
fn leaked(plan: &str, version: &str) -> Value {
    json!({ "changeVersion": { "plan": plan, "version": version, "status": "LEAKED", "statusOn": "2025-11-20",
        "summary": "The text is out.", "evidence": cited() } })
}
fn dropped(plan: &str, version: &str, before: &str) -> Value {
    json!({ "recordPointChange": { "plan": plan, "version": version, "change": "DROPPED", "before": before,
        "summary": "Gone.", "evidence": cited() } })
}
fn link(from: &str, to: &str) -> Value {
    json!({ "linkRecords": { "from": from, "to": to, "link": "PART_OF" } })
}
fn rival(about: &str) -> Value {
    json!({ "recordRivalValues": { "about": about, "field": "number of points",
        "values": [{ "value": "28", "citations": [{ "source": "wire" }] }] } })
}
fn position(on: &str, by: &str) -> Value {
    json!({ "takePosition": { "on": on, "by": [by], "stance": "OPPOSES", "takenOn": "2025-12", "summary": "No.",
        "evidence": cited() } })
}
fn came(meeting: &str, party: &str) -> Value {
    json!({ "recordParticipation": { "meeting": meeting, "party": party, "mode": "IN_PERSON", "saidFor": "2026-01-07", "evidence": cited() } })
}

impl Given {
    fn offices(&self, party: &str) -> Vec<String> {
        let views = self.desk.views();
        let party = views.parties.get(party).unwrap();
        let keyed = party.offices.iter();
        keyed
            .map(|o| format!("{} {}", o.fact.key.as_ref().unwrap(), o.fact.title))
            .collect()
    }

    /// How many events tell of each record.
    fn told(&self, records: &[&str]) -> Vec<usize> {
        let views = self.desk.views();
        records.iter().map(|r| views.timeline.of_record(r).len()).collect()
    }

    fn version_of(&self, dossier: &str) -> u32 {
        self.desk.views().timeline.dossier(dossier).unwrap().1.version
    }
}

#[test]
fn a_version_moves_to_another_plan_with_everything_inside_it_and_everything_told_of_it() {
    // Given two texts recorded as versions of one plan, the second with points, a change, positions, links, rival values.
    let commands = [
        source(),
        person("ua", "Ukraine"),
        plan("us"),
        version("us", "28"),
        point("us", "28", "nato"),
        version("us", "19"),
        point("us", "19", "army"),
        leaked("us", "19"),
        dropped("us", "19", "us/28#nato"),
        link("us/19", "us/28"),
        link("us/28", "us/19#army"),
        rival("us/19"),
        position("us/19#army", "ua"),
        plan("eu"),
        version("eu", "24"),
    ];
    let given = given(&commands);
    // When the second one turns out to be the European text,
    let receipt = given.records(move_to("us", "eu", &["us/19"]));
    assert_eq!((receipt.dossier.slug.as_str(), receipt.version), ("eu", 3));
    // then it is a version of that plan, with all that belongs to it,
    let views = given.desk.views();
    let of = |plan: &str| -> Vec<String> {
        let versions = &views.plans.get(plan).unwrap().versions;
        versions.iter().map(|v| v.reference().to_string()).collect()
    };
    assert_eq!(
        (of("us"), of("eu")),
        (vec!["us/28".to_owned()], vec!["eu/19".to_owned(), "eu/24".to_owned()])
    );
    let moved = views.plans.get("eu").unwrap().version("19").unwrap().clone();
    assert_eq!((moved.points.len(), moved.steps.len()), (1, 1));
    let inside = [
        "eu/19",
        "eu/19#army",
        "eu/19#status",
        "eu/19#change",
        "eu/19#link",
        "eu/19#rival-values",
        "eu/19#army.position",
    ];
    assert_eq!(given.told(&inside), [1; 7]);
    let gone = [
        "us/19",
        "us/19#army",
        "us/19#status",
        "us/19#change",
        "us/19#link",
        "us/19#rival-values",
        "us/19#army.position",
    ];
    assert_eq!(given.told(&gone), [0; 7]);
    for (was, is) in gone.iter().zip(inside) {
        assert_eq!(views.names.moved().reference(was).as_deref(), Some(is));
    }
    // links follow from both ends, and so do positions and rival values,
    assert_eq!(
        (views.links.from("eu/19").count(), views.links.to("eu/19#army").count()),
        (1, 1)
    );
    assert_eq!(
        (views.rivals.about("eu").count(), views.rivals.about("us").count()),
        (1, 0)
    );
    let on: Vec<_> = views.issues.positions_on("eu").map(|p| p.fact.on.to_string()).collect();
    assert_eq!(on, ["eu/19#army"]);
    // the history keeps what was written, in the stream where it was written,
    let recorded = views.timeline.recorded(6).unwrap();
    assert_eq!(
        (recorded.header.dossier.slug.as_str(), recorded.dossier.slug.as_str()),
        ("us", "eu")
    );
    assert_eq!(recorded.as_written().unwrap().to_json().unwrap()["plan"], "us");
    // and what was sent before is there already.
    let position = views.position();
    // (but for the status: what moves a dossier on is told anew once something else was told)
    let again = commands.iter().filter(|c| c.get("changeVersion").is_none());
    for again in again.chain([&move_to("us", "eu", &["us/19"])]) {
        assert!(given.records(again.clone()).already_there, "{again}");
    }
    assert_eq!(given.desk.views().position(), position);
    // A new point told of the version where it was is one of it where it is; both plans go on from their own versions.
    let next = given.records(point("us", "19", "navy"));
    assert_eq!((next.dossier.slug.as_str(), next.version), ("eu", 4));
    let next = given.records(point("us", "28", "navy"));
    assert_eq!((next.dossier.slug.as_str(), next.version), ("us", 12));
    assert_eq!(given.told(&["eu/19#navy", "us/28#navy"]), [1, 1]);
    given.holds();
}

#[test]
fn who_came_to_one_of_two_meetings_recorded_as_one_is_told_apart() {
    let given = given(&[
        source(),
        person("a", "A"),
        person("b", "B"),
        meeting("m", "a"),
        came("m", "a"),
        came("m", "b"),
        meeting("n", "a"),
    ]);
    assert_eq!(given.attends("m"), ["a", "b"]);
    given.records(move_to("m", "n", &["m#participation-2"]));
    assert_eq!(
        (given.attends("m"), given.attends("n")),
        (vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(
        given.version_of("m"),
        3,
        "what was moved out counts where it was recorded"
    );
    assert_eq!(given.version_of("n"), 2);
    // The key that it had is not given to anything else.
    let next = given.records(came("m", "a"));
    assert!(next.already_there);
    given.records(person("c", "C"));
    given.records(came("m", "c"));
    assert_eq!(
        given.told(&["m#participation-2", "m#participation-3", "n#participation-2"]),
        [0, 1, 1]
    );
    given.holds();
}

#[test]
fn an_office_told_before_its_holder_was_known_is_folded_once_the_holder_is() {
    // Given two people recorded as one, and the other opened only afterwards.
    let given = given(&[
        source(),
        person("a", "A"),
        office("a", "Envoy"),
        office("a", "Minister"),
        meeting("m", "a"),
        link("m", "a#office-2"),
        person("b", "B"),
        office("b", "Speaker"),
    ]);
    // When the second office moves to the second person,
    given.records(move_to("a", "b", &["a#office-2"]));
    // then each has what is theirs, and the link follows,
    assert_eq!(given.offices("a"), ["office Envoy"]);
    assert_eq!(given.offices("b"), ["office-2 Minister", "office Speaker"]);
    let views = given.desk.views();
    assert_eq!(views.links.to("b#office-2").count(), 1);
    // both histories stay in the order of recording,
    let told: Vec<u64> = views.timeline.of_dossier("b").iter().map(|e| e.position()).collect();
    assert_eq!(told, [4, 7, 8, 9]);
    let all: Vec<u64> = views.timeline.latest().map(|e| e.position()).collect();
    assert_eq!(all, (1..=9).rev().collect::<Vec<_>>());
    assert_eq!(views.position(), 9);
    // and both sides show the move.
    for side in ["a", "b"] {
        assert_eq!(views.names.moves(side).count(), 1, "{side}");
    }
    assert!(given.records(office("a", "Minister")).already_there);
    assert!(given.records(office("b", "Minister")).already_there);
    given.holds();
}

#[test]
fn a_link_that_moves_starts_where_it_is_now() {
    let keyed = json!({ "linkRecords": { "from": "a", "to": "c", "link": "PART_OF", "key": "tie" } });
    let given = given(&[
        source(),
        person("a", "A"),
        person("b", "B"),
        person("c", "C"),
        keyed.clone(),
        link("a", "b"),
        rival("a#tie"),
    ]);
    given.records(move_to("a", "b", &["a#tie"]));
    let views = given.desk.views();
    let ends = |from: &str| -> Vec<String> {
        let links = views.links.from(from);
        links.map(|link| link.fact.to.to_string()).collect()
    };
    assert_eq!((ends("a"), ends("b")), (vec!["b".to_owned()], vec!["c".to_owned()]));
    assert_eq!(given.told(&["a#tie", "b#tie", "b#tie.rival-values"]), [0, 1, 1]);
    assert!(given.records(keyed).already_there);
    assert!(given.records(move_to("a", "b", &["a#tie"])).already_there);
    given.holds();
}

#[test]
fn what_was_moved_can_be_moved_back_to_its_own_key() {
    let given = given(&[
        source(),
        person("a", "A"),
        office("a", "Envoy"),
        person("b", "B"),
        office("b", "Speaker"),
    ]);
    given.records(move_to("a", "b", &["a#office"]));
    assert_eq!(given.offices("b"), ["office-2 Envoy", "office Speaker"]);
    given.records(office("a", "Judge"));
    assert_eq!(given.offices("a"), ["office-2 Judge"]);
    // Named as it was, as it is named in the dossier where it is.
    given.records(move_to("b", "a", &["a#office"]));
    assert_eq!(given.offices("a"), ["office Envoy", "office-2 Judge"]);
    assert_eq!(given.offices("b"), ["office Speaker"]);
    let moved = given.desk.views().names.moved().clone();
    assert_eq!(moved.reference("b#office-2").as_deref(), Some("a#office"));
    assert_eq!(moved.reference("a#office"), None);
    assert!(given.records(move_to("b", "a", &["b#office-2"])).already_there);
    given.holds();
    // Moved there once more, it is moved.
    assert!(!given.records(move_to("a", "b", &["a#office"])).already_there);
    assert_eq!(given.offices("b"), ["office-2 Envoy", "office Speaker"]);
    given.holds();
}

#[test]
fn moves_go_on_through_renames_before_and_merges_after() {
    let given = given(&[
        source(),
        person("a0", "A"),
        office("a0", "Envoy"),
        office("a0", "Judge"),
        person("b", "B"),
        person("c", "C"),
        office("c", "Speaker"),
        link("a0#office", "b"),
    ]);
    given.records(rename("a0", "a"));
    given.records(move_to("a", "c", &["a0#office"]));
    assert_eq!(given.offices("c"), ["office-2 Envoy", "office Speaker"]);
    given.records(rename("a", "a1"));
    given.records(merge("c", "b"));
    assert_eq!(given.offices("b"), ["office-2 Envoy", "office Speaker"]);
    assert_eq!(given.offices("a1"), ["office-2 Judge"]);
    let views = given.desk.views();
    for was in ["a0#office", "a#office", "c#office-2"] {
        assert_eq!(
            views.names.moved().reference(was).as_deref(),
            Some("b#office-2"),
            "{was}"
        );
    }
    assert_eq!(views.links.from("b#office-2").count(), 1);
    // What it is merged into can take the slug of what it came from: nobody else's records are meant by that.
    given.records(merge("b", "a1"));
    assert_eq!(
        given.offices("a1"),
        ["office-3 Envoy", "office-2 Judge", "office Speaker"]
    );
    for slug in ["a0", "b", "c", "a"] {
        given.records(rename("a1", slug));
        given.records(rename(slug, "a1"));
    }
    let titles: Vec<String> = given
        .offices("a1")
        .iter()
        .map(|o| o.split_once(' ').unwrap().1.to_owned())
        .collect();
    assert_eq!(titles, ["Envoy", "Judge", "Speaker"]);
    assert!(given.records(office("b", "Speaker")).already_there);
    given.holds();
}

#[test]
fn what_cannot_be_moved_is_refused_with_what_to_do() {
    let given = given(&[
        source(),
        person("a", "A"),
        office("a", "Envoy"),
        meeting("m", "a"),
        plan("us"),
        version("us", "28"),
        point("us", "28", "nato"),
        plan("eu"),
        person("b", "B"),
        office("b", "Judge"),
    ]);
    let record = "commands[0].moveRecords.records[0]";
    let into = "commands[0].moveRecords.into";
    given.refuses(&[move_to("us", "eu", &["us"])], Rule::NotMovable, record);
    given.refuses(&[move_to("us", "eu", &["us/28#nato"])], Rule::NotMovable, record);
    given.refuses(&[move_to("a", "b", &["b#office"])], Rule::NotMovable, record);
    given.refuses(&[move_to("a", "b", &["us/28"])], Rule::NotMovable, record);
    given.refuses(&[move_to("a", "a", &["a#office"])], Rule::NotMovable, into);
    given.refuses(&[move_to("a", "m", &["a#office"])], Rule::WrongKind, into);
    given.refuses(&[move_to("a", "b", &["a#office-7"])], Rule::UnknownReference, record);
    given.refuses(&[move_to("a", "nobody", &["a#office"])], Rule::UnknownReference, into);
    given.refuses(
        &[move_to("a", "b", &[])],
        Rule::MissingField,
        "commands[0].moveRecords.records",
    );
    given.refuses(
        &[move_to("a", "b", &["a#office"]), office("a", "Judge")],
        Rule::BatchGoesOn,
        "commands[1].recordOffice",
    );
    given.records(rename("a", "a2"));
    given.refuses(&[move_to("a2", "b", &["a2#renamed"])], Rule::NotMovable, record);
    given.holds();
}

#[test]
fn what_was_redacted_stays_with_its_stream_and_nothing_else_is_lost() {
    let given = given(&[
        source(),
        person("a", "A"),
        office("a", "Envoy"),
        office("a", "Minister"),
        person("b", "B"),
        office("b", "Judge"),
    ]);
    given.records(move_to("a", "b", &["a#office", "a#office-2"]));
    assert_eq!(
        given.offices("b"),
        ["office-2 Envoy", "office-3 Minister", "office Judge"]
    );
    // Given that the first office that was moved is redacted, and what opened the dossier that it was moved to.
    for position in [3, 5] {
        given.log.redact(position).unwrap();
    }
    let after = given.again();
    let told = |slug: &str| -> Vec<u64> {
        let views = after.desk.views();
        views.timeline.positions_of(slug).unwrap().iter().copied().collect()
    };
    assert_eq!((told("a"), told("b")), (vec![2, 3], vec![4, 5, 6, 7]));
    assert_eq!((after.version_of("a"), after.version_of("b")), (3, 3));
    assert_eq!(after.told(&["b#office-3", "b#office"]), [1, 1]);
    // Both streams go on, and no key is given twice.
    assert_eq!(after.records(office("a", "Speaker")).version, 4);
    after.refuses(
        &[office("b", "Mayor")],
        Rule::UnknownReference,
        "commands[0].recordOffice.party",
    );
    after.records(json!({ "redactRecord": { "dossier": "b", "position": 5, "reason": "Lost." } }));
    let mut right = person("b", "B");
    right["registerParty"]["corrects"] = json!({ "position": 5, "reason": "Lost." });
    assert_eq!(after.records(right).version, 6);
    assert_eq!(after.records(office("b", "Mayor")).version, 7);
    assert_eq!(after.told(&["a#office-3", "b#office-4"]), [1, 1]);
    assert_eq!(
        after.offices("b"),
        ["office-3 Minister", "office Judge", "office-4 Mayor"]
    );
    after.holds();
}
