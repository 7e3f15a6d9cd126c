use super::*;
use crate::date::Precision;

#[test]
fn labels_read_as_english() {
    for (edtf, label) in [
        ("2026-01", "January 2026"),
        ("2026", "2026"),
        ("2026-01~", "about January 2026"),
        ("2026-01-06?", "6 January 2026 (uncertain)"),
        ("2026-01-06%", "about 6 January 2026 (uncertain)"),
        ("2026-01~-06", "about 6 January 2026"),
        ("{2026-01-03,2026-01-04}", "3 and 4 January 2026"),
        ("[2026-01-31,2026-02-01]", "31 January or 1 February 2026"),
        ("[2025-12-31,2026-01-01]", "31 December 2025 or 1 January 2026"),
        ("[2026-01-06]", "6 January 2026"),
        ("[2026-01-06,2026-02]", "6 January 2026 or February 2026"),
        ("[2025-01-06,2026-01-06]", "6 January 2025 or 6 January 2026"),
        ("[2025-11..2026-01]", "between November 2025 and January 2026"),
        ("{2026-01-03..2026-01-06}", "every day from 3 to 6 January 2026"),
        ("{..2026-01}", "every month up to January 2026"),
        ("{2022..}", "every year from 2022 on"),
        ("2026-01-03/2026-01-06", "3 to 6 January 2026"),
        ("2026-01-06/2026-01-06", "6 January 2026"),
        ("../2026-01", "until January 2026"),
        ("2022/", "2022 to an unknown day"),
        ("/2026-01-06", "an unknown day to 6 January 2026"),
        ("..2022/2023", "2022 or earlier to 2023"),
        ("2022/2023..", "2022 to 2023 or later"),
        ("2025-21", "spring 2025"),
        ("2025-24", "winter 2025/26"),
        ("2025-30", "summer 2025/26 (southern hemisphere)"),
        ("2025-34", "second quarter of 2025"),
        ("2025-41", "second half of 2025"),
        ("201X", "the 2010s"),
        ("20XX", "a year from 2000 to 2099"),
        ("2026-XX", "a month of 2026"),
        ("2026-01-XX", "a day in January 2026"),
        ("2026-XX-XX", "a day in 2026"),
        ("2026-01-1X", "a date like 2026-01-1X"),
        ("20XX-12-25", "a date like 20XX-12-25"),
        ("1950S2", "a year from 1900 to 1999, perhaps 1950"),
    ] {
        assert_eq!(date(edtf).label(), label, "{edtf}");
    }
    assert_eq!(in_part("2026-01", PartOfMonth::Late).label(), "late January 2026");
    assert_eq!(in_part("2026-01~", PartOfMonth::Mid).label(), "about mid-January 2026");
    assert_eq!(with_tail("2022-12-05").label(), "5 December 2022 or soon after");
}

#[test]
fn hours_and_missing_dates_have_labels_too() {
    assert_eq!(
        with_hours("2025-05-08", "18:00", "24:00", "Europe/Kyiv").label(),
        "8 May 2025, 18:00 to 24:00 Europe/Kyiv"
    );
    assert_eq!(
        with_hours("2025-05-08?", "22:00", "02:00", "Europe/Kyiv").label(),
        "8 May 2025 (uncertain), 22:00 to 02:00 the next day Europe/Kyiv"
    );
    assert_eq!(
        FuzzyDate::undated(line("hypothetical, no date")).label(),
        "“hypothetical, no date”"
    );
    let basis = FuzzyDate::new(DateParts {
        basis: Some(line("the source prints none")),
        ..DateParts::default()
    });
    assert_eq!(basis.unwrap().label(), "no date (the source prints none)");
}

#[test]
fn precision_is_that_of_the_coarsest_date() {
    for (edtf, precision) in [
        ("2026-01-06", Precision::Day),
        ("2026-01", Precision::Month),
        ("2026-01-XX", Precision::Month),
        ("2025-22", Precision::Season),
        ("2026", Precision::Year),
        ("2026-XX", Precision::Year),
        ("202X", Precision::Decade),
        ("20XX-12-25", Precision::Century),
        ("1950S1", Precision::Millennium),
        ("XXXX-12-25", Precision::Millennium),
        ("2025-12/2026-01-06", Precision::Month),
        ("[2026-01-03,2026-01-04]", Precision::Day),
        ("2022/..", Precision::Year),
    ] {
        assert_eq!(date(edtf).precision(), precision, "{edtf}");
    }
    assert_eq!(in_part("2026-01", PartOfMonth::Mid).precision(), Precision::PartOfMonth);
    assert_eq!(FuzzyDate::undated(line("long ago")).precision(), Precision::Undated);
}
