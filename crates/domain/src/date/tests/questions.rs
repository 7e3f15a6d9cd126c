use super::*;
use chrono::Weekday;

#[derive(Debug, PartialEq)]
enum Answer {
    Surely,
    Possibly,
    No,
}
use Answer::{No, Possibly, Surely};

fn ask(date: &FuzzyDate, days: &str) -> Answer {
    match (date.surely_within(&within(days)), date.possibly_within(&within(days))) {
        (true, true) => Surely,
        (false, true) => Possibly,
        (false, false) => No,
        (true, false) => panic!("{date:?} is surely but not possibly within {days}"),
    }
}

#[test]
fn a_date_is_surely_possibly_or_not_within_days() {
    for (edtf, days, answer) in [
        ("2026-01-06", "2026-01", Surely),
        ("2026-01-06", "2026-01-06", Surely),
        ("2026-01-06", "2026-01-07", No),
        ("2026-01", "2026-01-15/2026-01-20", Possibly),
        ("2026-01", "2025-11/2026-01", Surely),
        ("2024-02-29", "2024-02", Surely),
        ("2024-02", "2024-02-01/2024-02-28", Possibly),
        ("2023-02", "2023-02-01/2023-02-28", Surely),
        ("2024-02", "2024-03", No),
        ("[2026-01-03,2026-02-10]", "2026-01-15/2026-01-20", No),
        ("[2026-01-03,2026-02-10]", "2026-01", Possibly),
        ("[2026-01-03,2026-02-10]", "2026-01/2026-02", Surely),
        ("{2026-01-03,2026-02-10}", "2026-01-15/2026-01-20", No),
        ("{2026-01-03,2026-02-10}", "2026-01", Possibly),
        ("[2026-01-03..2026-02-10]", "2026-01-15/2026-01-20", Possibly),
        ("2025-11/2026-01", "2025-12", Possibly),
        ("[..2026-01-06]", "../2026-01", Surely),
        ("[..2026-01-06]", "2026-01", Possibly),
        ("[..2026-01-06]", "2026-01-07/..", No),
        ("2022/..", "2022/..", Surely),
        ("2022/..", "2020/2030", Possibly),
        ("2022/..", "../2021", No),
        ("2022/", "2022/..", Surely),
        ("2022/", "2022/2030", Possibly),
        ("20XX-12-25", "2026-06", No),
        ("20XX-12-25", "2026-12", Possibly),
        ("2026-X1-31", "2026-01", Surely),
        ("2026-XX-31", "2026-02", No),
    ] {
        assert_eq!(ask(&date(edtf), days), answer, "{edtf} within {days}");
    }
}

#[test]
fn an_estimate_is_sure_only_with_its_margin_and_a_doubted_date_never() {
    for (edtf, days, answer) in [
        ("2026-01-06~", "2026-01-03/2026-01-09", Surely),
        ("2026-01-06~", "2026-01-04/2026-01-09", Possibly),
        ("2026-01-06~", "2026-01-09/2026-01-31", Possibly),
        ("2026-01-06~", "2026-01-10/2026-01-31", No),
        ("2024-02-27~", "2024-02-24/2024-03-01", Surely),
        ("2024-01~", "2023-12-01/2024-02-29", Surely),
        ("2024-01~", "2023-12-01/2024-02-28", Possibly),
        ("2024-03~", "2024-02/2024-04", Surely),
        ("2025-22~", "2025-03/2025-11", Surely),
        ("2025-40~", "2024-07/2025-12", Surely),
        ("2025-37~", "2024-09/2025-08", Surely),
        ("1977~", "1976/1978", Surely),
        ("1977~", "1977", Possibly),
        ("197X~", "1960/1989", Surely),
        ("197X~", "1961/1989", Possibly),
        ("2026-01-06?", "2026", Possibly),
        ("2026-01-06?", "../2030", Possibly),
        ("2026-01-06%", "2026", Possibly),
        ("2026-01-06?", "2027", No),
    ] {
        assert_eq!(ask(&date(edtf), days), answer, "{edtf} within {days}");
    }
    assert_eq!(
        spans(&in_part("2026-02~", PartOfMonth::Early)),
        ["2026-01-22..2026-02-20"]
    );
}

#[test]
fn an_estimate_reaches_as_far_as_its_unit() {
    for (edtf, span) in [
        ("2026-01-01~", "2025-12-29..2026-01-04"),
        ("2024-02~", "2024-01-01..2024-03-31"),
        ("2025-22~", "2025-03-01..2025-11-30"),
        ("2025-33~", "2024-10-01..2025-06-30"),
        ("2025-37~", "2024-09-01..2025-08-31"),
        ("2025-40~", "2024-07-01..2025-12-31"),
        ("2025~", "2024-01-01..2026-12-31"),
        ("202X~", "2010-01-01..2039-12-31"),
        ("1950S2~", "1800-01-01..2099-12-31"),
        ("2XXX~", "1000-01-01..3999-12-31"),
        ("2025-12~/2026-01-06~", "2025-11-01..2026-01-09"),
        ("[..2026-01~]", "..2026-02-28"),
    ] {
        assert_eq!(spans(&date(edtf)), [span], "{edtf}");
    }
}

#[test]
fn parts_of_a_month_narrow_it() {
    for (month, part, span) in [
        ("2024-02", PartOfMonth::Early, "2024-02-01..2024-02-10"),
        ("2024-02", PartOfMonth::Mid, "2024-02-11..2024-02-20"),
        ("2024-02", PartOfMonth::Late, "2024-02-21..2024-02-29"),
        ("2023-02", PartOfMonth::Late, "2023-02-21..2023-02-28"),
        ("2026-01", PartOfMonth::Late, "2026-01-21..2026-01-31"),
    ] {
        assert_eq!(spans(&in_part(month, part)), [span]);
    }
}

#[test]
fn an_open_tail_has_no_latest_day() {
    let date = with_tail("[2022-12-05,2022-12-09]");
    assert_eq!(spans(&date), ["2022-12-05..", "2022-12-09.."]);
    assert_eq!((date.earliest(), date.latest()), (Some(on("2022-12-05")), None));
    assert_eq!(ask(&date, "2022-12"), Possibly);
    assert_eq!(ask(&date, "2022-12/.."), Surely);
}

#[test]
fn an_undated_date_is_in_no_days() {
    let undated = FuzzyDate::undated(line("nearly four years ago"));
    let always = Within::default();
    assert!(undated.is_undated() && !undated.surely_within(&always) && !undated.possibly_within(&always));
    assert!(date("2026").surely_within(&always));
    assert_eq!((undated.earliest(), undated.latest()), (None, None));
}

#[test]
fn days_that_end_before_they_begin_hold_nothing() {
    let empty = Within {
        from: Some(on("2026-02-01")),
        until: Some(on("2026-01-01")),
    };
    assert!(!date("2026").possibly_within(&empty) && !date("2026-01-15").surely_within(&empty));
}

#[test]
fn days_are_asked_for_exactly() {
    assert_eq!(
        within("2025-11/2026-01"),
        Within {
            from: Some(on("2025-11-01")),
            until: Some(on("2026-01-31"))
        }
    );
    assert_eq!(
        within("2026/.."),
        Within {
            from: Some(on("2026-01-01")),
            until: None
        }
    );
    assert_eq!(
        within("../2024-02"),
        Within {
            from: None,
            until: Some(on("2024-02-29"))
        }
    );
    assert_eq!(
        within("202X"),
        Within {
            from: Some(on("2020-01-01")),
            until: Some(on("2029-12-31"))
        }
    );
    for bad in [
        "2026-01~",
        "2026?",
        "[2026-01-03,2026-01-04]",
        "2026/",
        "/2026",
        "..2026/2027",
        "2026/2027..",
        "20XX-12",
    ] {
        assert!(Within::parse(bad).is_err(), "{bad}");
    }
    assert!(Within::parse("2026/").unwrap_err().hint.contains("`..`"));
}

#[test]
fn before_is_sure_only_when_no_day_is_shared() {
    for (first, second, sure) in [
        ("2026-01-05", "2026-01-06", true),
        ("2026-01-06", "2026-01-06", false),
        ("2026-01", "2026-02-01", true),
        ("2026-01", "2026-01-31", false),
        ("[2026-01-03,2026-01-04]", "2026-01-05", true),
        ("[2026-01-03,2026-01-06]", "2026-01-05", false),
        ("[..2026-01-06]", "2026-01-07", true),
        ("2022/..", "2030", false),
        ("2026-01-05~", "2026-01-08", false),
        ("2026-01-05~", "2026-01-09", true),
        ("2026-01-05?", "2027", false),
        ("2025", "2027?", false),
    ] {
        assert_eq!(
            date(first).surely_before(&date(second)),
            sure,
            "{first} before {second}"
        );
        assert_eq!(date(second).surely_after(&date(first)), sure, "{second} after {first}");
    }
    assert!(!with_tail("2026-01-05").surely_before(&date("2027")));
    assert!(!FuzzyDate::undated(line("long ago")).surely_before(&date("2027")));
}

#[test]
fn a_timeline_runs_from_the_earliest_to_the_undated() {
    let in_order = [
        date("[..2025-06-01]"),
        date("2026-01"),
        date("2026-01/.."),
        date("2026-01-06"),
        with_hours("2026-01-06", "18:00", "24:00", "Europe/Paris"),
        date("2026-01-06/2026-01-08"),
        with_tail("2026-01-06"),
        date("[2026-01-07,2026-01-20]"),
        date("[..2025-01,2026-01..]"),
        FuzzyDate::undated(line("some day")),
    ];
    let mut sorted: Vec<_> = in_order.iter().rev().cloned().collect();
    sorted.sort_by_key(FuzzyDate::sort_key);
    let labels = |dates: &[FuzzyDate]| dates.iter().map(FuzzyDate::label).collect::<Vec<_>>();
    assert_eq!(labels(&sorted), labels(&in_order));
}

#[test]
fn a_weekday_that_does_not_fit_is_noticed() {
    let said = |phrase: &str, edtf: &str| {
        let date = FuzzyDate::new(DateParts {
            phrase: Some(line(phrase)),
            ..parts(edtf)
        })
        .unwrap();
        date.weekday_mismatch()
    };
    assert_eq!(
        said("Tuesday, July 16", "2025-07-16"),
        Some((Weekday::Tue, Weekday::Wed))
    );
    assert_eq!(said("on WEDNESDAY (July 16)", "2025-07-16?"), None);
    assert_eq!(said("the night of Tuesday to Wednesday", "2025-07-16"), None);
    assert_eq!(said("Sundays rest", "2025-07-16"), None);
    assert_eq!(said("Tuesday", "2025-07"), None);
    assert_eq!(said("Tuesday", "2025-07-16~"), None);
    assert_eq!(said("Monday 18 December", "[2023-12-16,2023-12-17]"), None);
    assert_eq!(date("2025-07-16").weekday_mismatch(), None);
}
