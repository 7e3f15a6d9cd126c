use super::*;
use crate::shape::Scalar;
use serde_json::{Value, json};

#[test]
fn text_that_is_not_edtf_is_explained() {
    for (text, message, hint) in [
        ("", "empty", "phrase"),
        ("  ", "empty", "phrase"),
        ("2026-13", "month 13 does not exist", "01 to 12"),
        ("2026-00-06", "month 00 does not exist", "01 to 12"),
        ("2026-30-01", "part of a year", "2026-01-06"),
        ("2026-02-30", "day 30 does not exist", "2026-02-28"),
        ("2024-02-30", "day 30 does not exist", "2024-02-29"),
        ("2026-01-06/2026-02-31", "day 31 does not exist", "2026-02-28"),
        ("6.1.2026", "not written as EDTF", "`2026-01-06`"),
        ("06.01.2026", "not written as EDTF", "`2026-01-06`"),
        ("16/1/2026", "not written as EDTF", "`2026-01-16`"),
        ("1-16-2026", "not written as EDTF", "`2026-01-16`"),
        ("1/6/2026", "not written as EDTF", "`2026-06-01` or `2026-01-06`"),
        ("2026-1-6", "not written as EDTF", "`2026-01-06`"),
        ("2026.01.06", "not written as EDTF", "`2026-01-06`"),
        ("20260106", "not written as EDTF", "`2026-01-06`"),
        ("2026-1", "not written as EDTF", "`2026-01`"),
        ("1.2026", "not written as EDTF", "`2026-01`"),
        ("2025–2026", "not written as EDTF", "`2025/2026`"),
        ("2026-01-06 ", "not written as EDTF", "spaces"),
        ("January 2026", "not written as EDTF", "`2026-01`"),
        (
            "7 January",
            "not written as EDTF",
            "the year is missing: write `YYYY-01-07`",
        ),
        ("late January", "not written as EDTF", "`YYYY-01`"),
        ("6 January 2026", "not written as EDTF", "`2026-01-06`"),
        ("Jan. 6, 2026", "not written as EDTF", "`2026-01-06`"),
        ("Sept 2026", "not written as EDTF", "`2026-09`"),
        (
            "early January 2026",
            "not written as EDTF",
            "`2026-01` with qualifier EARLY",
        ),
        ("about January 2026", "not written as EDTF", "`2026-01~`"),
        ("summer 2025", "not written as EDTF", "`2025-22`"),
        ("circa 1977", "not written as EDTF", "`1977~`"),
        ("nearly four years ago", "not written as EDTF", "`phrase`"),
        ("between January 2026 and March 2026", "not EDTF", "`2025-11/2026-01`"),
        ("2026-01-06T18:00:00Z", "time of day", "`window`"),
        ("Y17E7", "0000 to 9999", "four digits"),
        ("Y100000000", "0000 to 9999", "four digits"),
        ("Y3E99999", "0000 to 9999", "four digits"),
        ("-0044-03-15", "0000 to 9999", "four digits"),
        ("2026/Y12026", "0000 to 9999", "four digits"),
        ("[2026,-0001]", "0000 to 9999", "four digits"),
        ("2026-02/2026-01", "precedes", "2026-01-06"),
    ] {
        let error = FuzzyDate::parse(text).unwrap_err();
        assert!(error.message.contains(message), "{text:?}: {error}");
        assert!(error.hint.contains(hint), "{text:?}: {error}");
    }
    let long = format!("[{}2026]", "2026-01-06,".repeat(20));
    assert!(FuzzyDate::parse(&long).unwrap_err().message.contains("at most 200"));
}

#[test]
fn parts_that_do_not_go_together_are_named() {
    for (value, message) in [
        (json!({"edtf": "2026-01-06", "qualifier": "EARLY"}), "`qualifier`"),
        (json!({"edtf": "2026", "qualifier": "EARLY"}), "`qualifier`"),
        (json!({"edtf": "2026-22", "qualifier": "EARLY"}), "`qualifier`"),
        (json!({"edtf": "2026-XX", "qualifier": "MID"}), "`qualifier`"),
        (json!({"edtf": "2026-01/2026-02", "qualifier": "LATE"}), "`qualifier`"),
        (json!({"edtf": "2026-01", "qualifier": "Early"}), "`qualifier`"),
        (json!({"edtf": "2022/..", "openTail": true}), "`openTail`"),
        (json!({"edtf": "2022-01", "openTail": "yes"}), "`openTail`"),
        (json!({"phrase": "soon", "openTail": true}), "`openTail`"),
        (json!({"phrase": "soon", "qualifier": "MID"}), "`qualifier`"),
        (json!({}), "neither `edtf`"),
        (json!({"edtf": null}), "neither `edtf`"),
        (json!({"edtf": 2026}), "`edtf` is not a string"),
        (json!({"edtf": "2026", "phrase": " "}), "`phrase`: the text is empty"),
        (json!({"edtf": "2026", "open_tail": true}), "no field \"open_tail\""),
        (
            json!({"edtf": "2026-01-06", "window": {"from": "18:00", "until": "20:00"}}),
            "`window.zone`",
        ),
        (
            json!({"edtf": "2026-01-06", "window": {"from": "18:00", "to": "20:00"}}),
            "no field \"to\"",
        ),
        (json!(2026), "neither a string nor an object"),
        (json!(["2026"]), "neither a string nor an object"),
    ] {
        let error = FuzzyDate::check(&value).unwrap_err();
        assert!(error.message.contains(message), "{value}: {error}");
        assert!(
            serde_json::from_value::<FuzzyDate>(value.clone()).is_err(),
            "{value} is read without complaint"
        );
    }
}

#[test]
fn what_the_check_accepts_is_what_is_read() {
    for value in [
        json!("2026-01~"),
        json!({"edtf": "2026-01~"}),
        json!({"edtf": "2026-01", "qualifier": "LATE", "openTail": false, "window": null, "phrase": null}),
        json!({"edtf": "2026-01", "openTail": null}),
        json!({"edtf": "2025-05-08", "window": {"from": "18:00", "until": "24:00", "zone": "Europe/Kyiv"}}),
        json!({"edtf": null, "phrase": "nearly four years ago"}),
        json!({"basis": "no publication date printed"}),
    ] {
        assert_eq!(FuzzyDate::check(&value), Ok(()), "{value}");
        assert!(serde_json::from_value::<FuzzyDate>(value.clone()).is_ok(), "{value}");
    }
}

#[test]
fn the_schema_names_the_scalar_and_its_examples_are_valid() {
    let schema = schemars::schema_for!(FuzzyDate).to_value();
    assert_eq!(schema["x-scalar"], FuzzyDate::NAME);
    let examples = schema["examples"].as_array().unwrap();
    assert!(examples.len() >= 4);
    for example in examples {
        assert_eq!(FuzzyDate::check(example), Ok(()), "{example}");
    }
    let about = schema["description"].as_str().unwrap();
    let quoted = about.split('`').skip(1).step_by(2).map(|s| s.trim_matches('"'));
    let dates: Vec<&str> = quoted.filter(|s| s.contains("20") && !s.contains(' ')).collect();
    assert!(dates.len() >= 12, "{dates:?}");
    for edtf in dates {
        assert_eq!(FuzzyDate::check(&Value::from(edtf)), Ok(()), "{edtf}");
    }
}

#[test]
fn a_window_is_explained_in_its_own_terms() {
    for (text, hint) in [
        ("", "`2025-11/2026-01`"),
        ("early January 2026", "write `2026-01`, or a period of days in it"),
        ("about January 2026", "write `2026-01`"),
        ("circa 1977", "`2026/..`"),
        ("7 January", "write `YYYY-01-07` with the year"),
        ("nearly four years ago", "`2025-11/2026-01`"),
        ("2026-01-06T18:00:00Z", "whole days only: `2026-01-06`"),
        ("6 January 2026", "write `2026-01-06`"),
    ] {
        let error = Within::parse(text).unwrap_err();
        assert!(error.hint.contains(hint), "{text:?}: {error}");
        for lacking in ["phrase", "qualifier", "edtf`", "`window`", "~"] {
            assert!(!error.hint.contains(lacking), "{text:?} names {lacking}: {error}");
        }
    }
}
