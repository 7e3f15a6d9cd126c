//! `--as-of`: every command that looks, as of another moment.

use super::*;

/// Commands that look as of a moment, as JSON.
const ASKED: &[&[&str]] = &[
    &["timeline", "--all"],
    &["timeline", "--party", "ua", "--within", "2025-06", "--first", "9"],
    &["rounds"],
    &["round", "eu-ru-18"],
    &["meeting", "istanbul-round-1"],
    &["party", "volodymyr-zelenskyy"],
    &["plan", "us-plan"],
    &["plan", "diff", "us-plan/28", "us-plan/20"],
    &["search", "price cap"],
    &["why", "eu-ru-18", "stage"],
    &["values", "eu-ru-18"],
    &["history", "eu-ru-18", "--all"],
    &["upcoming", "--from", "2025-06-01", "--days", "90"],
];

fn json<'a>(asked: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [asked, &["--json"], more].concat()
}

#[test]
fn every_command_that_looks_gives_the_same_bytes_from_a_store_and_a_server_as_of_a_moment() {
    let desk = Desk::new();
    let head = format!("recorded:{}", desk.facts);
    let served = desk.dir.path().join("served");
    copy(&desk.store(), &served);
    let server = Server::start(&served, &[]);
    let url = format!("http://{}", server.address);
    for asked in ASKED {
        let now = desk.says(&json(asked, &[]));
        assert_eq!(
            now,
            desk.says(&json(asked, &["--as-of", &head])),
            "{asked:?} as of the last event"
        );
        let then = json(asked, &["--as-of", "published:2025-06-15"]);
        let here = told(&desk.run(&then, &[], b""));
        assert!(
            here.0 == 0 || (here.0 == 3 && asked[0] == "plan"),
            "{asked:?}: {here:?}"
        );
        assert!(
            here.1 != now || asked[0] == "meeting",
            "{asked:?} shows what nobody could know then"
        );
        let there = told(&desk.run(&[&then[..], &["--endpoint", &url]].concat(), &[], b""));
        assert_eq!(here, there, "{asked:?}");
    }
}

#[test]
fn a_round_shows_no_stage_that_nobody_knew_of() {
    let desk = Desk::new();
    let stages = |moment: &str| -> BTreeSet<String> {
        let page = parsed(&desk.says(&["round", "eu-ru-18", "--json", "--as-of", moment]));
        let path = page["round"]["path"].as_array().unwrap().iter();
        path.map(|step| step["stage"].as_str().unwrap().to_owned()).collect()
    };
    let before = stages("published:2025-07-01");
    assert!(before.contains("PROPOSED") && !before.contains("ADOPTED"), "{before:?}");
    assert!(stages("published:2025-07-18").contains("ADOPTED"));
}

#[test]
fn what_was_not_known_then_is_no_record_and_no_moment_is_refused() {
    let desk = Desk::new();
    let said = desk.fails(3, &["round", "eu-ru-18", "--as-of", "recorded:5"]);
    assert!(said.contains("eu-ru-18"), "{said}");
    let beyond = (desk.facts + 1).to_string();
    let said = desk.fails(2, &["rounds", "--as-of", &format!("recorded:{beyond}")]);
    assert!(
        said.contains(&beyond) && said.contains(&desk.facts.to_string()),
        "{said}"
    );
    let said = desk.fails(2, &["rounds", "--as-of", "yesterday"]);
    assert!(
        said.contains("`yesterday` is no moment; write `recorded:1042`"),
        "{said}"
    );
}
