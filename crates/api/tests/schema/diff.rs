//! Versions of plans against one another. What the facts say is counted here from the raw file.

use crate::client::{Client, raw};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CITED: &str = r#""evidence": {"citations": [{"source": "rferl-2026-01-06"}]}"#;

/// The document with this id of the raw file of 2025.
fn document(id: &str) -> Value {
    let file = raw("diplomacy-2025.json");
    let all = file["documents"].as_array().unwrap().iter();
    all.clone().find(|d| d["id"] == id).unwrap().clone()
}

/// The points of a raw version whose text is given.
fn points(version: &str) -> Vec<Value> {
    let plan = document("us-plan");
    let versions = plan["versions"].as_array().unwrap();
    let found = versions.iter().find(|v| v["id"] == version).unwrap();
    let seen = found["points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| !p["text"].is_null());
    seen.cloned().collect()
}

/// How often each change is in a raw document, `deleted` read as dropped; unknown are the points of both versions that
/// no change names.
fn expected(document: &Value, from: &[Value], to: &[Value]) -> Value {
    let changes = document["changes"].as_array().unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::from([("kept", 0), ("changed", 0), ("dropped", 0), ("added", 0)]);
    let (mut before, mut after) = (0, 0);
    for change in changes {
        let word = match change["change"].as_str().unwrap() {
            "deleted" => "dropped",
            word => word,
        };
        *counts.get_mut(word).unwrap() += 1;
        before += usize::from(!change["frm"].is_null());
        after += usize::from(change["to"].is_string());
    }
    counts.insert("unknown", from.len() - before + to.len() - after);
    json!(counts)
}

fn diff(client: &Client, from: &str, to: &str) -> Value {
    client.ask(&format!(
        r#"{{ it: planDiff(from: "{from}", to: "{to}") {{
            from {{ version known {{ completely doubts pointsStated pointsRecorded }} }} to {{ version }}
            counts {{ kept changed dropped added unknown }}
            points {{ change basis reason disputed before {{ key number summary topics {{ slug }} }} after {{ key number }}
                     records {{ summary evidence {{ citations {{ source {{ slug }} }} }} }} }} }} }}"#
    ))["it"]
        .take()
}

/// The changes with a point before and a point after, by key.
fn told<'a>(diff: &'a Value, change: &str) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    let all = diff["points"].as_array().unwrap().iter();
    all.filter(|p| p["change"] == change)
        .map(|p| (p["before"]["key"].as_str(), p["after"]["key"].as_str()))
        .collect()
}

#[test]
fn the_28_points_against_the_20_are_what_is_recorded_and_else_unknown() {
    let client = Client::with_everything();
    let diff = diff(&client, "us-plan/28", "us-plan/20");
    let (from, to) = (points("us-plan/28"), points("us-plan/20"));
    assert_eq!((from.len(), to.len()), (26, 19));
    assert_eq!(diff["counts"], expected(&document("us-plan"), &from, &to));
    assert_eq!(
        diff["counts"],
        json!({"kept": 0, "changed": 4, "dropped": 2, "added": 1, "unknown": 34})
    );
    let pair = |a, b| (Some(a), Some(b));
    assert_eq!(
        told(&diff, "CHANGED"),
        [pair("6", "4"), pair("10", "5"), pair("21", "14"), pair("25", "18")]
    );
    assert_eq!(told(&diff, "DROPPED"), [(Some("7"), None), (Some("26"), None)]);
    assert_eq!(told(&diff, "ADDED"), [(None, Some("10"))]);
    for point in diff["points"].as_array().unwrap() {
        let unknown = point["change"] == "UNKNOWN";
        let recorded = !point["records"].as_array().unwrap().is_empty();
        assert_eq!(
            point["basis"],
            if unknown { "NOT_RECORDED" } else { "RECORDED" },
            "{point}"
        );
        assert_eq!((recorded, point["reason"].is_null()), (!unknown, !unknown), "{point}");
    }
    let sovereignty = &diff["points"][0];
    assert_eq!(
        (&sovereignty["before"]["number"], &sovereignty["after"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(
        sovereignty["reason"],
        "no comparison of it is recorded; `us-plan/20` is only partly known: 19 of 20 points are recorded, 1 gap is recorded"
    );
    assert_eq!(
        diff["from"]["known"],
        json!({"completely": false, "doubts": ["26 of 28 points are recorded", "8 gaps are recorded"],
               "pointsStated": [28.0], "pointsRecorded": 26})
    );
}

#[test]
fn the_european_edit_is_compared_with_the_plan_that_it_edits() {
    let client = Client::with_everything();
    let diff = diff(&client, "us-plan/28", "e3-counterproposal/2025-11-23");
    let document = document("e3-counterproposal");
    assert_eq!(diff["counts"], expected(&document, &points("us-plan/28"), &[]));
    assert_eq!(diff["counts"]["changed"], 5);
    assert_eq!(told(&diff, "DROPPED"), [(Some("3"), None)]);
    let open = "the record names no point of the later version: its text was not seen";
    let all = diff["points"].as_array().unwrap().iter();
    for point in all.filter(|p| p["change"] == "CHANGED") {
        assert_eq!((&point["reason"], &point["after"]), (&json!(open), &Value::Null));
    }
}

#[test]
fn read_backwards_what_was_dropped_is_added() {
    let client = Client::with_everything();
    let diff = diff(&client, "us-plan/20", "us-plan/28");
    assert_eq!(
        diff["counts"],
        json!({"kept": 0, "changed": 4, "dropped": 1, "added": 2, "unknown": 34})
    );
    assert_eq!(told(&diff, "DROPPED"), [(Some("10"), None)]);
    assert_eq!(told(&diff, "ADDED"), [(None, Some("7")), (None, Some("26"))]);
    assert_eq!(diff["points"][3]["basis"], "RECORDED_BACKWARDS");
}

#[test]
fn versions_that_nobody_compared_are_unknown_throughout() {
    let client = Client::with_everything();
    for (from, to, unknown) in [
        ("paris-statement/draft", "us-plan/20", 12 + 19),
        ("us-plan/20", "e3-counterproposal/2025-11-23", 19),
        ("us-plan/28", "us-plan/19", 26),
        (
            "berlin-leaders-statement/2025-12-15",
            "russian-memorandum-2025/2025-06-02",
            0,
        ),
    ] {
        let diff = diff(&client, from, to);
        let counts = json!({"kept": 0, "changed": 0, "dropped": 0, "added": 0, "unknown": unknown});
        assert_eq!(diff["counts"], counts, "{from} {to}");
    }
}

#[test]
fn a_reference_that_is_no_version_is_refused_with_those_that_are() {
    let client = Client::with_everything();
    let ask = |from: &str, to: &str| {
        client.refused(&format!(
            r#"{{ planDiff(from: "{from}", to: "{to}") {{ counts {{ kept }} }} }}"#
        ))
    };
    let recorded = "recorded: `us-plan/28`, `us-plan/20`, `us-plan/19`";
    for (from, to, message) in [
        (
            "us-plan",
            "us-plan/20",
            format!("`from`: `us-plan` names no version; {recorded}"),
        ),
        (
            "us-plan/28",
            "us-plan/21",
            format!("`to`: `us-plan` has no version `21`; {recorded}"),
        ),
        (
            "no-plan/1",
            "us-plan/20",
            "`from`: no plan `no-plan` is recorded".to_owned(),
        ),
        (
            "eu-ru-18/1",
            "us-plan/20",
            "`from`: no plan `eu-ru-18` is recorded".to_owned(),
        ),
        (
            "us-plan/28#7",
            "us-plan/20",
            "`from`: `us-plan/28#7` names a point; name its version, `us-plan/28`".to_owned(),
        ),
        (
            "us-plan/28",
            "us-plan/28",
            "`from` and `to` are both `us-plan/28`; name two versions".to_owned(),
        ),
        (
            "US plan",
            "us-plan/20",
            "`from`: `US plan`: 'U' at byte 0 is not allowed in a name; write plan and version, such as `us-plan/28`"
                .to_owned(),
        ),
    ] {
        assert_eq!(ask(from, to), message);
    }
}

#[test]
fn a_plan_that_was_renamed_is_compared_under_either_name() {
    let client = Client::with_everything();
    let before = diff(&client, "us-plan/28", "us-plan/20");
    client.record(r#"{"renameDossier": {"dossier": "us-plan", "slug": "us-settlement-plan"}}"#);
    assert_eq!(diff(&client, "us-plan/28", "us-plan/20")["counts"], before["counts"]);
    let today = diff(&client, "us-settlement-plan/28", "us-settlement-plan/20");
    assert_eq!(today["counts"], before["counts"]);
    assert_eq!(told(&today, "CHANGED"), told(&before, "CHANGED"));
}

/// Two versions of a plan `p`: `a` with the points one and two, `b` with the points given, of which it is said to have
/// so many.
fn two_versions(stated: usize, b: &[(&str, &str)], more: &[String]) -> Client {
    let client = Client::with_fixtures();
    let version = |name: &str, count: usize| {
        format!(
            r#"{{"recordPlanVersion": {{"plan": "p", "version": "{name}", "status": "DRAFT", "datedOn": "2026-01-05",
                "summary": "V.", "quantities": [{{"what": "points", "value": {count}}}], {CITED}}}}}"#
        )
        .replace('\n', " ")
    };
    let point = |version: &str, key: &str, summary: &str| {
        format!(
            r#"{{"recordPoint": {{"plan": "p", "version": "{version}", "key": "{key}", "summary": "{summary}", "datedOn": "2026-01-05", {CITED}}}}}"#
        )
    };
    let mut lines = vec![
        r#"{"openPlan": {"slug": "p", "kind": "PLAN", "title": "P"}}"#.to_owned(),
        version("a", 2),
        version("b", stated),
        point("a", "one", "No troops."),
        point("a", "two", "A monitoring mission."),
    ];
    lines.extend(b.iter().map(|(key, summary)| point("b", key, summary)));
    lines.extend_from_slice(more);
    client.record(&lines.join("\n"));
    client
}

fn change(key: &str, change: &str, points: &str) -> String {
    format!(
        r#"{{"recordPointChange": {{"plan": "p", "version": "b", "key": "{key}", "change": "{change}", {points} "summary": "C.", {CITED}}}}}"#
    )
}

fn short(diff: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = diff["points"].as_array().unwrap().iter();
    all.map(|p| {
        format!(
            "{} {} {} {}",
            word(&p["change"]),
            word(&p["basis"]),
            word(&p["before"]["key"]),
            word(&p["after"]["key"])
        )
    })
    .collect()
}

#[test]
fn a_point_is_gone_without_a_record_only_where_the_other_text_is_completely_known() {
    let kept = ("first", "No troops.");
    let whole = two_versions(1, &[kept], &[]);
    assert_eq!(
        short(&diff(&whole, "p/a", "p/b")),
        ["KEPT SAME_SUMMARY one first", "DROPPED COMPLETE_TEXT two -"]
    );
    assert_eq!(
        short(&diff(&whole, "p/b", "p/a")),
        ["KEPT SAME_SUMMARY first one", "ADDED COMPLETE_TEXT - two"]
    );
    let partly = diff(&two_versions(2, &[kept], &[]), "p/a", "p/b");
    assert_eq!(
        short(&partly),
        ["KEPT SAME_SUMMARY one first", "UNKNOWN NOT_RECORDED two -"]
    );
    assert_eq!(
        partly["points"][1]["reason"],
        "no comparison of it is recorded; `p/b` is only partly known: 1 of 2 points are recorded"
    );
    let reworded = diff(&two_versions(2, &[kept, ("second", "Monitors.")], &[]), "p/a", "p/b");
    assert_eq!(
        short(&reworded),
        [
            "KEPT SAME_SUMMARY one first",
            "UNKNOWN NOT_RECORDED two -",
            "UNKNOWN NOT_RECORDED - second"
        ]
    );
    assert_eq!(
        reworded["points"][1]["reason"],
        "no comparison of it is recorded; `p/b` has points that go with no other (1), and this may be one of them"
    );
}

#[test]
fn a_record_wins_over_the_same_words_and_its_rival_stands_beside_it() {
    let record = change("r", "CHANGED", r#""before": "p/a#one", "after": "p/b#first","#);
    let rival = change("s", "DROPPED", r#""before": "p/a#one","#);
    let both = diff(
        &two_versions(9, &[("first", "No troops.")], &[record, rival]),
        "p/a",
        "p/b",
    );
    assert_eq!(
        short(&both),
        [
            "CHANGED RECORDED one first",
            "DROPPED RECORDED one -",
            "UNKNOWN NOT_RECORDED two -"
        ]
    );
    let disputed: Vec<&Value> = both["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["disputed"])
        .collect();
    assert_eq!(disputed, [&json!(true), &json!(true), &json!(false)]);
}

#[test]
fn an_addition_counts_only_where_it_is_clear_against_what() {
    let added = change("r", "ADDED", r#""after": "p/b#first","#);
    let alone = two_versions(9, &[("first", "Elections.")], std::slice::from_ref(&added));
    assert_eq!(told(&diff(&alone, "p/a", "p/b"), "ADDED"), []);
    let kept = change("s", "KEPT", r#""before": "p/a#one","#);
    let clear = two_versions(9, &[("first", "Elections.")], &[added, kept]);
    assert_eq!(told(&diff(&clear, "p/a", "p/b"), "ADDED"), [(None, Some("first"))]);
    assert_eq!(told(&diff(&clear, "p/a", "p/b"), "KEPT"), [(Some("one"), None)]);
}

#[test]
fn what_may_be_the_other_side_of_a_recorded_change_is_not_called_new_or_gone() {
    // Both points of `a` went on into `b`, in places that nobody named; `b` has one more point and is known whole.
    for word in ["CHANGED", "KEPT"] {
        let went_on = ["one", "two"].map(|key| change(key, word, &format!(r#""before": "p/a#{key}","#)));
        let client = two_versions(1, &[("first", "Elections.")], &went_on);
        let forth = diff(&client, "p/a", "p/b");
        assert_eq!(
            short(&forth),
            [
                format!("{word} RECORDED one -"),
                format!("{word} RECORDED two -"),
                "UNKNOWN NOT_RECORDED - first".to_owned()
            ]
        );
        assert_eq!(
            forth["points"][2]["reason"],
            "no comparison of it is recorded; recorded changes name no point of `p/b` (2), and this may be one of theirs"
        );
        let back = diff(&client, "p/b", "p/a");
        assert_eq!(
            short(&back),
            [
                "UNKNOWN NOT_RECORDED first -".to_owned(),
                format!("{word} RECORDED_BACKWARDS - one"),
                format!("{word} RECORDED_BACKWARDS - two")
            ]
        );
        assert_eq!(back["points"][0]["reason"], forth["points"][2]["reason"]);
        let open = |version: &str| {
            json!(format!(
                "the record names no point of the {version} version: its text was not seen"
            ))
        };
        assert_eq!(forth["points"][0]["reason"], open("later"));
        assert_eq!(back["points"][1]["reason"], open("earlier"));
    }
    // Where their other sides are named, nothing is left that the point could be.
    let named = [
        change("r", "CHANGED", r#""before": "p/a#one", "after": "p/b#first","#),
        change("s", "KEPT", r#""before": "p/a#two", "after": "p/b#second","#),
    ];
    let points = [("first", "Elections."), ("second", "S."), ("third", "T.")];
    let clear = two_versions(3, &points, &named);
    assert_eq!(told(&diff(&clear, "p/a", "p/b"), "ADDED"), [(None, Some("third"))]);
    assert_eq!(told(&diff(&clear, "p/b", "p/a"), "DROPPED"), [(Some("third"), None)]);
}

#[test]
fn what_became_of_a_point_under_another_is_unknown_unless_it_is_recorded() {
    // The numbers of points that are stated count those that stand by themselves: those below may be recorded or not.
    let below = |version: &str, key: &str, parent: &str| {
        format!(
            r#"{{"recordPoint": {{"plan": "p", "version": "{version}", "key": "{key}", "parent": "{parent}", "summary": "Under {key}.", "datedOn": "2026-01-05", {CITED}}}}}"#
        )
    };
    let same = [("first", "No troops."), ("second", "A monitoring mission.")];
    let client = two_versions(2, &same, &[below("b", "under", "first")]);
    let forth = diff(&client, "p/a", "p/b");
    assert_eq!(
        short(&forth),
        [
            "KEPT SAME_SUMMARY one first",
            "KEPT SAME_SUMMARY two second",
            "UNKNOWN NOT_RECORDED - under"
        ]
    );
    assert_eq!(
        forth["points"][2]["reason"],
        "no comparison of it is recorded; it stands under another point, and whether all such points of `p/a` are recorded \
         is not known"
    );
    let back = diff(&client, "p/b", "p/a");
    assert_eq!(short(&back)[2], "UNKNOWN NOT_RECORDED under -");
    assert_eq!(
        back["counts"],
        json!({"kept": 2, "changed": 0, "dropped": 0, "added": 0, "unknown": 1})
    );
    // What is recorded of it counts.
    let added = change("r", "ADDED", r#""after": "p/b#under","#);
    let kept = change("s", "KEPT", r#""before": "p/a#one", "after": "p/b#first","#);
    let client = two_versions(2, &same, &[below("b", "under", "first"), added, kept]);
    assert_eq!(told(&diff(&client, "p/a", "p/b"), "ADDED"), [(None, Some("under"))]);
}

#[test]
fn a_version_that_is_not_there_is_answered_with_those_that_are() {
    let client = Client::with_everything();
    let there = "recorded: `us-plan/28`, `us-plan/20`, `us-plan/19`";
    for (document, message) in [
        (
            "{ plan(slug: \"us-plan/99\") { slug } }",
            format!("`slug`: `us-plan` has no version `99`; {there}"),
        ),
        (
            "{ plan(slug: \"us-plan/28\") { slug } }",
            "`slug`: `us-plan/28` is a version; ask for plan `us-plan` and its `planVersion(version: \"28\")`"
                .to_owned(),
        ),
    ] {
        assert_eq!(client.refused(document), message, "{document}");
    }
    assert_eq!(
        client.ask("{ plan(slug: \"no-plan\") { slug } }")["plan"],
        serde_json::Value::Null
    );
}
