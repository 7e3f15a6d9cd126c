//! Dossiers renamed and merged: references follow, history stays.

use crate::desk::*;
use rapporteur_desk::Outcome;
use rapporteur_domain::refusal::Rule;
use serde_json::json;

#[test]
fn a_renamed_dossier_is_found_by_both_slugs_and_every_reference_follows() {
    // Given a person under a slug that nobody would look for, with an office and a meeting.
    let given = given(&[
        source(),
        person("jd", "Jane Doe"),
        meeting("m", "jd"),
        office("jd", "Envoy"),
    ]);
    // When the person is renamed,
    let receipt = given.records(rename("jd", "jane-doe"));
    assert_eq!((receipt.version, receipt.already_there), (3, false));
    // then what named her names her by the new slug,
    assert_eq!(given.attends("m"), ["jane-doe"]);
    let views = given.desk.views();
    assert!(views.parties.get("jd").is_none() && views.parties.get("jane-doe").is_some());
    assert_eq!(views.timeline.of_dossier("jane-doe").len(), 3);
    // the history keeps what was written,
    let written = views
        .timeline
        .recorded(3)
        .unwrap()
        .as_written()
        .unwrap()
        .to_json()
        .unwrap();
    assert_eq!(written["participants"][0]["party"], "jd");
    // what is said of the old slug from now on is said of her, in the same stream,
    let next = given.records(office("jd", "Chief negotiator"));
    assert_eq!((next.version, next.dossier.slug.as_str()), (4, "jd"));
    assert_eq!(given.desk.views().timeline.of_dossier("jane-doe").len(), 4);
    // what was sent before is there already, in either name,
    for again in [
        person("jd", "Jane Doe"),
        person("jane-doe", "Jane Doe"),
        office("jane-doe", "Envoy"),
    ] {
        assert!(given.records(again.clone()).already_there, "{again}");
    }
    assert!(given.records(rename("jd", "jane-doe")).already_there);
    // and neither slug can be given to anybody else.
    for taken in ["jd", "jane-doe"] {
        given.refuses(
            &[person(taken, "John Dee")],
            Rule::SlugTaken,
            "commands[0].registerParty.slug",
        );
    }
    given.records(person("john-dee", "John Dee"));
    given.refuses(
        &[rename("john-dee", "jd")],
        Rule::SlugTaken,
        "commands[0].renameDossier.slug",
    );
    given.holds();
}

#[test]
fn a_dossier_can_have_its_slug_back() {
    let given = given(&[source(), person("a", "A"), meeting("m", "a")]);
    given.records(rename("a", "b"));
    given.records(rename("b", "c"));
    given.records(office("a", "Envoy"));
    given.records(rename("b", "a"));
    assert_eq!(given.attends("m"), ["a"]);
    let views = given.desk.views();
    let former: Vec<_> = views.names.moved().former("a").map(ToString::to_string).collect();
    assert_eq!(former, ["b", "c"]);
    assert_eq!(views.timeline.of_dossier("a").len(), 5);
    given.holds();
}

#[test]
fn of_two_parties_that_are_one_the_earlier_stays_and_holds_everything() {
    // Given one man under two slugs, each with an office whose key was made up, and a link between two of his records.
    let link = json!({ "linkRecords": { "from": "um#office", "to": "m2", "link": "PART_OF", "evidence": cited() } });
    let given = given(&[
        source(),
        person("umerov", "Rustem Umerov"),
        office("umerov", "Minister"),
        person("um", "R. Umierov"),
        office("um", "Secretary"),
        meeting("m1", "umerov"),
        meeting("m2", "um"),
        link,
    ]);
    // When the later is merged into the earlier,
    let receipt = given.records(merge("um", "umerov"));
    assert_eq!((receipt.dossier.slug.as_str(), receipt.version), ("umerov", 3));
    // then both offices are his, the second under a key of its own,
    let views = given.desk.views();
    let party = views.parties.get("umerov").unwrap();
    let offices: Vec<_> = party
        .offices
        .iter()
        .map(|o| (o.fact.key.as_ref().unwrap().to_string(), o.fact.title.to_string()))
        .collect();
    assert_eq!(
        offices,
        [
            ("office".into(), "Minister".into()),
            ("office-2".into(), "Secretary".into())
        ]
    );
    assert_eq!(
        (given.attends("m1"), given.attends("m2")),
        (vec!["umerov".into()], vec!["umerov".into()])
    );
    // the link starts at the record where it is now,
    assert_eq!(views.links.from("umerov#office-2").count(), 1);
    // his other name is known, and the opening of the other stays in the history,
    let merged: Vec<_> = views
        .names
        .merged_into("umerov")
        .map(|m| (m.slug.to_string(), m.title.clone(), m.position))
        .collect();
    assert_eq!(merged, [("um".to_owned(), "R. Umierov".to_owned(), 4)]);
    assert_eq!(views.timeline.of_dossier("umerov").len(), 6);
    // what is said of the old slug, and of a record in it, is said of him,
    let next = given.records(office("um", "Chief negotiator"));
    assert_eq!((next.dossier.slug.as_str(), next.version), ("umerov", 4));
    assert!(
        given
            .records(
                json!({ "linkRecords": { "from": "um#office", "to": "m2", "link": "PART_OF", "evidence": cited() } })
            )
            .already_there
    );
    // and the merge is there already.
    assert!(given.records(merge("um", "umerov")).already_there);
    assert!(given.records(person("um", "R. Umierov")).already_there);
    given.holds();
}

#[test]
fn versions_and_points_of_a_merged_plan_keep_apart() {
    let plan = |slug: &str| json!({ "openPlan": { "slug": slug, "kind": "PLAN", "title": format!("Plan {slug}") } });
    let version = |plan: &str, summary: &str| {
        json!({ "recordPlanVersion": { "plan": plan, "version": "28", "status": "PROPOSED", "datedOn": "2025-11",
            "summary": summary, "evidence": cited() } })
    };
    let point = |plan: &str, key: &str| json!({ "recordPoint": { "plan": plan, "version": "28", "key": key, "datedOn": "2025-11", "summary": format!("{key} of {plan}"), "evidence": cited() } });
    let given = given(&[
        source(),
        plan("us"),
        version("us", "As sent."),
        point("us", "nato"),
        plan("us-2"),
        version("us-2", "As leaked."),
        point("us-2", "nato"),
        point("us-2", "elections"),
    ]);
    given.records(merge("us-2", "us"));
    let views = given.desk.views();
    let versions: Vec<String> = views
        .plans
        .get("us")
        .unwrap()
        .versions
        .iter()
        .map(|v| v.told.fact.version.to_string())
        .collect();
    assert_eq!(versions, ["28", "28-2"]);
    for record in ["us/28#nato", "us/28-2#nato", "us/28-2#elections"] {
        assert_eq!(views.timeline.of_record(record).len(), 1, "{record}");
    }
    assert_eq!(
        views.names.moved().reference("us-2/28#elections").as_deref(),
        Some("us/28-2#elections")
    );
    // A new point told of the plan that went is one of the version that came from it.
    given.records(point("us-2", "army"));
    assert_eq!(given.desk.views().timeline.of_record("us/28-2#army").len(), 1);
    given.holds();
}

#[test]
fn what_cannot_be_one_is_refused_with_what_to_do() {
    let given = given(&[source(), person("a", "A"), person("b", "B"), meeting("m", "a")]);
    let field = "commands[0].mergeDossiers.dossier";
    given.refuses(&[merge("a", "b")], Rule::NotMergeable, field);
    given.refuses(&[merge("m", "a")], Rule::NotMergeable, field);
    given.refuses(&[merge("a", "a")], Rule::NotMergeable, field);
    given.refuses(&[merge("nobody", "a")], Rule::UnknownReference, field);
    given.refuses(&[rename("a", "b")], Rule::SlugTaken, "commands[0].renameDossier.slug");
    given.refuses(
        &[merge("b", "a"), office("a", "Envoy")],
        Rule::BatchGoesOn,
        "commands[1].recordOffice",
    );
    given.holds();
}

#[test]
fn a_malformed_command_that_names_a_former_slug_is_told_only_what_is_wrong() {
    let given = given(&[source(), person("jd", "Jane Doe"), person("x", "X"), meeting("m", "jd")]);
    given.records(office("jd", "Envoy"));
    given.records(rename("jd", "jane-doe"));
    given.records(merge("x", "jane-doe"));
    for slug in ["jd", "x", "jane-doe"] {
        let bad = json!({ "recordOffice": { "party": slug, "title": "Minister", "attestedOn": "soon",
            "evidence": cited() } });
        given.refuses(&[bad], Rule::InvalidDate, "commands[0].recordOffice.attestedOn");
    }
    // What a former name leads into is looked for there, and told in the name that was written.
    let bad =
        json!({ "recordClaim": { "kind": "ASSERTED", "content": "", "about": ["jd#nothing"], "evidence": cited() } });
    match given.when(&[bad]) {
        Outcome::Refused(refusals) => {
            let missing = refusals.iter().find(|r| r.rule == Rule::UnknownReference).unwrap();
            assert_eq!(missing.value.as_deref(), Some("jd#nothing"));
            assert_eq!(missing.message, "`jane-doe` has no such record");
        }
        other => panic!("{other:?}"),
    }
}
