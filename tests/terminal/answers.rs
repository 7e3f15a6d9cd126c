//! The same answers from a store and from a server.

use super::*;

#[test]
fn a_rounds_page_shows_the_stages_that_the_facts_give() {
    let desk = Desk::new();
    let facts = parsed(&fs::read_to_string(root().join("fixtures/facts/eu-rounds-1-18.json")).unwrap());
    let page = parsed(&desk.says(&["round", "eu-ru-18", "--json"]));
    let table = desk.says(&["round", "eu-ru-18", "--width", "200"]);
    let package = facts["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["id"] == "eu-ru-18")
        .unwrap();
    let path = page["round"]["path"].as_array().unwrap();
    let mut shown = 0;
    for (fact, stage) in [
        ("adopted", "ADOPTED"),
        ("oj_published", "PUBLISHED"),
        ("proposed", "PROPOSED"),
    ] {
        for given in package["stages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["stage"] == fact)
        {
            let reached = path
                .iter()
                .find(|step| step["stage"] == stage && step["reachedOn"]["edtf"] == given["edtf"]);
            let label = reached.unwrap_or_else(|| panic!("{fact} {given} is not shown"))["reachedOn"]["label"]
                .as_str()
                .unwrap();
            assert!(table.contains(label), "{label} is not in:\n{table}");
            shown += 1;
        }
    }
    assert_eq!(shown, 4);
    for count in package["counts"].as_array().unwrap() {
        let (what, value) = (count["what"].as_str().unwrap(), &count["value"]);
        let row = table
            .lines()
            .any(|line| line.contains(what) && line.contains(&value.to_string()));
        assert!(row, "{value} {what} is not in:\n{table}");
    }
}

/// Commands that look, as JSON.
const ASKED: &[&[&str]] = &[
    &["timeline", "--all", "--json"],
    &[
        "timeline", "--party", "ua", "--within", "2026-01", "--first", "3", "--format", "json",
    ],
    &["rounds", "--json"],
    &["round", "eu-ru-18", "--json"],
    &["meeting", "paris-2026-01-06", "--json"],
    &["party", "volodymyr-zelenskyy", "--json"],
    &["plan", "us-plan", "--json"],
    &["plan", "diff", "us-plan/28", "us-plan/20", "--json"],
    &["search", "price cap", "--json"],
    &["log", "tail", "-n", "300", "--json"],
    &["timeline", "--all", "--format", "csv"],
    &["round", "eu-ru-18"],
];

#[test]
fn a_store_and_a_server_give_the_same_bytes() {
    let desk = Desk::new();
    let served = desk.dir.path().join("served");
    copy(&desk.store(), &served);
    let server = Server::start(&served, &[]);
    let url = format!("http://{}", server.address);
    for asked in ASKED {
        let here = desk.run(asked, &[], b"");
        let (code, out, err) = told(&here);
        assert!(code == 0 && out.len() > 100, "{asked:?}: {code} {out}{err}");
        let there = desk.run(&[*asked, &["--endpoint", &url]].concat(), &[], b"");
        assert!(here.stdout == there.stdout, "{asked:?} differs: {}", told(&there).2);
        let by_env = desk.run(
            asked,
            &[("RAPPORTEUR_ENDPOINT", &url), ("RAPPORTEUR_DATA", "/nonexistent")],
            b"",
        );
        assert!(
            by_env.stdout == here.stdout,
            "{asked:?} by the environment: {}",
            told(&by_env).2
        );
    }
    let everything = parsed(&desk.says(&["timeline", "--all", "--json"]));
    let nodes = everything["timeline"]["nodes"].as_array().unwrap();
    assert_eq!(
        json!(nodes.len()),
        everything["timeline"]["totalCount"],
        "all pages were followed"
    );
    assert!(nodes.len() > 200);
    let before = parsed(&desk.says(&["timeline", "--first", "7", "--json"]));
    let cursor = before["timeline"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let after = parsed(&desk.says(&["timeline", "--first", "250", "--after", &cursor, "--json"]));
    assert_eq!(after["timeline"]["nodes"].as_array().unwrap()[..], nodes[7..257]);
    for args in [
        &["round", "eu-ru-99"][..],
        &["timeline", "--party", "nobody"],
        &["timeline", "--within", "nonsense"],
        &["plan", "diff", "us-plan/28", "us-plan/21"],
        &["log", "tail", "--after", "99999"],
    ] {
        let (here, there) = (
            desk.run(args, &[], b""),
            desk.run(&[args, &["--endpoint", &url]].concat(), &[], b""),
        );
        assert_eq!(told(&here), told(&there), "{args:?}");
    }
    assert_eq!(server.stop(), 0);
}

#[test]
fn what_is_recorded_is_told_alike_from_a_store_and_a_server() {
    let desk = Desk::new();
    let served = desk.dir.path().join("served");
    copy(&desk.store(), &served);
    let server = Server::start(&served, &[]);
    let url = format!("http://{}", server.address);
    let evidence = json!({ "citations": [{ "source": "rferl-2026-01-06" }] });
    let meeting = json!({ "slug": "m", "title": "T", "plannedFor": "2026-01-05/2026-01-07", "evidence": evidence });
    let input = meeting.to_string();
    let mut wrong = meeting.clone();
    wrong["plannedFor"] = json!("3 January");
    wrong["evidence"]["citations"][0]["source"] = json!("nowhere");
    let wrong = wrong.to_string();
    let moved = json!({ "slug": "m", "plannedFor": "2026-02", "evidence": evidence, "expectedVersion": 7 }).to_string();
    let cases: &[(&[&str], i32, &[&str])] = &[
        (
            &["record", "scheduleMeeting", &input],
            0,
            &[
                "recorded: meeting `m`, now at version 1; position ",
                "plannedFor: ",
                "(2026-01-05 to 2026-01-07)",
            ],
        ),
        (
            &["record", "scheduleMeeting", &input],
            0,
            &["already there: meeting `m`, at position "],
        ),
        (
            &["record", "scheduleMeeting", &wrong],
            4,
            &[
                "input.plannedFor: ",
                "[INVALID_DATE]",
                "input.evidence.citations[0].source: no source `nowhere`",
                "nothing was recorded",
            ],
        ),
        (
            &["record", "rescheduleMeeting", &moved],
            4,
            &["`m` is at version 1, and the input expects 7", "\"expectedVersion\": 1"],
        ),
        (
            &["record", "registerTopic", r#"{"slug": "Bad", "lable": "x"}"#],
            4,
            &["input.slug: ", "no field `lable`", "`label` is missing"],
        ),
        (
            &["record", "registerTopc", "{}"],
            2,
            &["there is no command `registerTopc`", "`registerTopic`"],
        ),
        (&["record", "registerTopic", "{"], 2, &["the input is not JSON"]),
        (
            &["record", "registerTopic", r#"{"slug": "a", "slug": "b"}"#],
            2,
            &["the member `slug` stands twice"],
        ),
        (&["record", "registerTopic", "[]"], 2, &["no JSON object"]),
        (
            &["record", "registerTopic", "@nowhere.json"],
            3,
            &["cannot read nowhere.json"],
        ),
    ];
    for (args, code, holds) in cases {
        let here = desk.fails(*code, args);
        for text in *holds {
            assert!(here.contains(text), "{args:?} does not say `{text}`: {here}");
        }
        assert_eq!(
            desk.fails(*code, &[*args, &["--endpoint", &url]].concat()),
            here,
            "{args:?}"
        );
    }
    let said = desk.fails(
        2,
        &["record", "scheduleMeeting", &input, "--dry-run", "--endpoint", &url],
    );
    assert!(said.contains("--dry-run works on a store only"), "{said}");
    let (_, out, _) = told(&desk.run(
        &["record", "registerTopic", "--json"],
        &[],
        br#"{"slug": "t", "label": "T"}"#,
    ));
    assert_eq!(parsed(&out)["registerTopic"]["dossier"]["slug"], "t");
    let verified = desk.says(&["verify", "--data", "data/desk"]);
    assert!(
        verified.starts_with(&format!("whole: {} events", desk.facts + 2)),
        "{verified}"
    );
    let rebuilt = desk.says(&["rebuild", "--data", "data/desk"]);
    assert!(rebuilt.contains("the same as served"), "{rebuilt}");
}

#[test]
fn a_dry_run_and_a_look_leave_the_store_as_it_is() {
    let desk = Desk::new();
    let before = desk.says(&["verify", "--data", "data/desk"]);
    let topic = r#"{"slug": "t", "label": "T"}"#;
    assert!(
        desk.says(&["record", "registerTopic", topic, "--dry-run"])
            .contains("would be recorded: topic `t`")
    );
    desk.says(&["timeline", "--first", "1"]);
    assert_eq!(desk.says(&["verify", "--data", "data/desk"]), before);
    let nowhere = desk.fails(3, &["timeline", "--data", "nowhere"]);
    assert!(nowhere.contains("there is no store in nowhere"), "{nowhere}");
    assert!(!desk.dir.path().join("nowhere").exists());
}

#[test]
fn a_field_is_named_in_any_case_and_with_either_dash() {
    let desk = Desk::new();
    let as_shown = desk.says(&["why", "eu-ru-18", "stage-date", "ADOPTED"]);
    assert!(as_shown.contains("18 July 2025"), "{as_shown}");
    for field in ["STAGE_DATE", "stage_date", "Stage-Date", "STAGE-DATE"] {
        assert_eq!(desk.says(&["why", "eu-ru-18", field, "ADOPTED"]), as_shown, "{field}");
    }
}
