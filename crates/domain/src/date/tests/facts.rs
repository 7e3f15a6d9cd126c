//! The forms that real reports need: 20 phrases about sanctions rounds and the dates of one summit report.

use super::*;

struct Case {
    phrase: &'static str,
    edtf: Option<&'static str>,
    part: Option<PartOfMonth>,
    tail: bool,
    spans: &'static [&'static str],
    label: &'static str,
}

const fn case(phrase: &'static str, edtf: &'static str, spans: &'static [&'static str], label: &'static str) -> Case {
    Case {
        phrase,
        edtf: Some(edtf),
        part: None,
        tail: false,
        spans,
        label,
    }
}

const fn undated(phrase: &'static str, label: &'static str) -> Case {
    Case {
        phrase,
        edtf: None,
        part: None,
        tail: false,
        spans: &[],
        label,
    }
}

const ROUND_PHRASES: &[Case] = &[
    case(
        "5 December 2022 or very soon thereafter",
        "2022-12-05~",
        &["2022-12-02..2022-12-08"],
        "about 5 December 2022",
    ),
    Case {
        tail: true,
        ..case(
            "5 December 2022 or very soon thereafter",
            "2022-12-05",
            &["2022-12-05.."],
            "5 December 2022 or soon after",
        )
    },
    case(
        "met on [24] November 2022",
        "2022-11-24?",
        &["2022-11-24..2022-11-24"],
        "24 November 2022 (uncertain)",
    ),
    undated("Tuesday, July 16 (2025)", "“Tuesday, July 16 (2025)”"),
    undated(
        "will enter into force on October 24, 2027 (adopted 23 October 2025)",
        "“will enter into force on October 24, 2027 (adopted 23 October 2025)”",
    ),
    case(
        "submitted last night (text of 15 November 2023)",
        "2023-11-14",
        &["2023-11-14..2023-11-14"],
        "14 November 2023",
    ),
    Case {
        part: Some(PartOfMonth::Early),
        ..case(
            "early May 2024",
            "2024-05",
            &["2024-05-01..2024-05-10"],
            "early May 2024",
        )
    },
    Case {
        part: Some(PartOfMonth::Early),
        ..case(
            "at the beginning of June 2025",
            "2025-06",
            &["2025-06-01..2025-06-10"],
            "early June 2025",
        )
    },
    Case {
        part: Some(PartOfMonth::Mid),
        ..case(
            "mid-October (2026)",
            "2026-10",
            &["2026-10-11..2026-10-20"],
            "mid-October 2026",
        )
    },
    case(
        "still in summer (2025)",
        "2025-22",
        &["2025-06-01..2025-08-31"],
        "summer 2025",
    ),
    case(
        "for the 24 February (2024)",
        "[..2024-02-24]",
        &["..2024-02-24"],
        "by 24 February 2024",
    ),
    case(
        "must be approved by July 15, 2026",
        "[..2026-07-15]",
        &["..2026-07-15"],
        "by 15 July 2026",
    ),
    case(
        "exactly a month ago (text of 14 May 2025)",
        "2025-04-14~",
        &["2025-04-11..2025-04-17"],
        "about 14 April 2025",
    ),
    case(
        "on the tenth day after publication (2 March 2022)",
        "2022-03-12",
        &["2022-03-12..2022-03-12"],
        "12 March 2022",
    ),
    case(
        "over the weekend (text of Monday 18 December 2023)",
        "[2023-12-16,2023-12-17]",
        &["2023-12-16..2023-12-16", "2023-12-17..2023-12-17"],
        "16 or 17 December 2023",
    ),
    case(
        "within six months for short-term contracts (23 Oct 2025)",
        "2026-04-25",
        &["2026-04-25..2026-04-25"],
        "25 April 2026",
    ),
    undated(
        "no later than the 15th day after the partner's decision comes into force",
        "“no later than the 15th day after the partner's decision comes into force”",
    ),
    case("Approximately 1977", "1977~", &["1976-01-01..1978-12-31"], "about 1977"),
    case(
        "Between Aug. and Sep. 1977",
        "[1977-08,1977-09]",
        &["1977-08-01..1977-08-31", "1977-09-01..1977-09-30"],
        "August or September 1977",
    ),
    undated("3.1.2003 (founded in 1918)", "“3.1.2003 (founded in 1918)”"),
    case(
        "from March 1 to September 1, 2024, gradually",
        "2024-03-01/2024-09-01",
        &["2024-03-01..2024-09-01"],
        "1 March to 1 September 2024",
    ),
];

const SUMMIT_DATES: &[Case] = &[
    case("January 6", "2026-01-06", &["2026-01-06..2026-01-06"], "6 January 2026"),
    case(
        "over the weekend",
        "[2026-01-03,2026-01-04]",
        &["2026-01-03..2026-01-03", "2026-01-04..2026-01-04"],
        "3 or 4 January 2026",
    ),
    case(
        "several times in recent weeks",
        "2025-11/2026-01",
        &["2025-11-01..2026-01-31"],
        "November 2025 to January 2026",
    ),
    case(
        "before the meeting",
        "[..2026-01-06]",
        &["..2026-01-06"],
        "by 6 January 2026",
    ),
    case(
        "since the first draft",
        "[2025-11-01..2026-01-06]",
        &["2025-11-01..2026-01-06"],
        "between 1 November 2025 and 6 January 2026",
    ),
    case(
        "recently",
        "2025-12~/2026-01-06",
        &["2025-11-01..2026-01-06"],
        "about December 2025 to 6 January 2026",
    ),
    case("since 2022", "2022/..", &["2022-01-01.."], "since 2022"),
    case(
        "in November",
        "2025-11~",
        &["2025-10-01..2025-12-31"],
        "about November 2025",
    ),
    case(
        "later in January",
        "[2026-01-07..2026-01-31]",
        &["2026-01-07..2026-01-31"],
        "between 7 and 31 January 2026",
    ),
    case("February", "2026-02", &["2026-02-01..2026-02-28"], "February 2026"),
    undated("nearly four years ago", "“nearly four years ago”"),
];

#[test]
fn every_phrase_of_the_rounds_becomes_a_date() {
    check(ROUND_PHRASES);
}

#[test]
fn every_date_of_the_summit_report_becomes_a_date() {
    check(SUMMIT_DATES);
}

#[test]
fn rarer_forms_of_the_facts_become_dates() {
    check(&[
        case(
            "on four days",
            "{2025-02-17,2025-02-18,2025-03-01,2025-03-02}",
            &[
                "2025-02-17..2025-02-17",
                "2025-02-18..2025-02-18",
                "2025-03-01..2025-03-01",
                "2025-03-02..2025-03-02",
            ],
            "17 February, 18 February, 1 March and 2 March 2025",
        ),
        case(
            "after that",
            "[2025-05-16..]",
            &["2025-05-16.."],
            "16 May 2025 or later",
        ),
        case(
            "perhaps in June",
            "2025-06?",
            &["2025-06-01..2025-06-30"],
            "June 2025 (uncertain)",
        ),
        case(
            "one of three days",
            "[2025-07-14,2025-07-15,2025-07-16]",
            &[
                "2025-07-14..2025-07-14",
                "2025-07-15..2025-07-15",
                "2025-07-16..2025-07-16",
            ],
            "14, 15 or 16 July 2025",
        ),
    ]);
}

#[track_caller]
fn check(cases: &[Case]) {
    for case in cases {
        let date = FuzzyDate::new(DateParts {
            edtf: case.edtf.map(Into::into),
            qualifier: case.part,
            open_tail: case.tail,
            window: None,
            phrase: Some(line(case.phrase)),
            basis: None,
        })
        .unwrap_or_else(|e| panic!("{}: {e}", case.phrase));
        assert_eq!(spans(&date), case.spans, "{:?}", case.edtf);
        assert_eq!(date.label(), case.label);
        assert_eq!(date.is_undated(), case.edtf.is_none());
    }
}
