//! What holds of every date.

use super::round_trips::survives;
use super::*;
use proptest::prelude::*;

/// One date as EDTF of any level, inside the years 0000 to 9999.
fn any_date() -> impl Strategy<Value = String> {
    let year = (1990..2040i32).prop_map(|y| format!("{y:04}"));
    let day = (2000..2030i32, 1..=366u32).prop_filter_map("a day of the year", |(y, n)| {
        NaiveDate::from_yo_opt(y, n).map(|d| d.to_string())
    });
    prop_oneof![
        4 => day.clone(),
        2 => (year.clone(), 1..=12u8).prop_map(|(y, m)| format!("{y}-{m:02}")),
        1 => (year.clone(), 21..=41u8).prop_map(|(y, s)| format!("{y}-{s}")),
        1 => year.clone(),
        1 => (year, 1..=4u8).prop_map(|(y, s)| format!("{y}S{s}")),
        1 => (day, 0..10usize).prop_map(|(d, at)| masked(&d, at)),
    ]
}

/// Digits from here on unknown.
fn masked(day: &str, at: usize) -> String {
    day.char_indices()
        .map(|(i, c)| if i >= at && c.is_ascii_digit() { 'X' } else { c })
        .collect()
}

fn any_qualified() -> impl Strategy<Value = String> {
    (
        any_date(),
        prop_oneof![6 => Just(""), 1 => Just("~"), 1 => Just("?"), 1 => Just("%")],
    )
        .prop_map(|(date, mark)| format!("{date}{mark}"))
}

fn any_edtf() -> impl Strategy<Value = String> {
    let element = prop_oneof![
        4 => any_qualified(),
        1 => any_qualified().prop_map(|d| format!("..{d}")),
        1 => any_qualified().prop_map(|d| format!("{d}..")),
        1 => (any_date(), any_date()).prop_map(|(a, b)| format!("{a}..{b}")),
    ];
    let start = prop_oneof![4 => any_qualified(), 1 => Just("..".to_owned()), 1 => Just(String::new())];
    let end = prop_oneof![4 => any_qualified(), 1 => Just("..".to_owned()), 1 => Just(String::new())];
    let set = prop::collection::vec(element, 1..5).prop_map(|e| e.join(","));
    prop_oneof![
        3 => any_qualified(),
        2 => (start, end).prop_map(|(a, b)| format!("{a}/{b}")),
        2 => (set, any::<bool>()).prop_map(|(s, all)| if all { format!("{{{s}}}") } else { format!("[{s}]") }),
    ]
}

/// Any valid date: text of every form, and whatever parts go with it.
fn any_fuzzy() -> impl Strategy<Value = FuzzyDate> {
    let part = prop::option::of(prop::sample::select(PartOfMonth::ALL));
    let words = || prop::option::of("[a-zA-Zé ]{0,20}[a-z]".prop_map(|s| Line::parse(&s).unwrap()));
    let hours = (
        0..1440u16,
        0..=1440u16,
        prop::sample::select(vec!["Europe/Kyiv", "America/New_York", "UTC"]),
    );
    let window = prop::option::weighted(0.2, hours).prop_map(|hours| {
        let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
        hours.and_then(|(from, until, zone)| TimeWindow::parse(&clock(from), &clock(until), zone).ok())
    });
    (
        prop::option::weighted(0.95, any_edtf()),
        part,
        any::<bool>(),
        window,
        words(),
        words(),
    )
        .prop_filter_map(
            "parts that go together",
            |(edtf, qualifier, open_tail, window, phrase, basis)| {
                let text = edtf.map(String::into_boxed_str);
                let bare = DateParts {
                    edtf: text,
                    phrase,
                    basis,
                    ..DateParts::default()
                };
                let full = DateParts {
                    qualifier,
                    open_tail,
                    window,
                    ..bare.clone()
                };
                let hours = DateParts { window, ..bare.clone() };
                [full, hours, bare]
                    .into_iter()
                    .find_map(|parts| FuzzyDate::new(parts).ok())
            },
        )
}

fn any_within() -> impl Strategy<Value = Within> {
    let day = || {
        prop::option::weighted(
            0.8,
            (-4_000..24_000i32).prop_map(|d| NaiveDate::from_epoch_days(d).unwrap()),
        )
    };
    (day(), day()).prop_map(|(from, until)| Within { from, until })
}

proptest! {
    #[test]
    fn every_date_survives_json_and_cbor(date in any_fuzzy()) {
        survives(&date);
    }

    #[test]
    fn spans_run_forward(date in any_fuzzy()) {
        for span in date.spans() {
            if let (Some(first), Some(last)) = (span.earliest, span.latest) {
                prop_assert!(first <= last, "{date:?}: {span:?}");
            }
        }
        prop_assert_eq!(date.spans().is_empty(), date.is_undated());
        prop_assert!(!date.label().is_empty());
    }

    #[test]
    fn surely_implies_possibly(date in any_fuzzy(), days in any_within()) {
        prop_assert!(!date.surely_within(&days) || date.possibly_within(&days), "{date:?} {days:?}");
    }

    #[test]
    fn its_own_bounds_hold_a_date_without_doubt(date in any_fuzzy()) {
        let own = Within { from: date.earliest(), until: date.latest() };
        prop_assert_eq!(date.surely_within(&own), !date.is_uncertain() && !date.is_undated());
    }

    #[test]
    fn surely_before_is_a_strict_order(a in any_fuzzy(), b in any_fuzzy(), c in any_fuzzy()) {
        prop_assert!(!a.surely_before(&a));
        prop_assert!(!(a.surely_before(&b) && b.surely_before(&a)));
        prop_assert!(!(a.surely_before(&b) && b.surely_before(&c)) || a.surely_before(&c));
        if a.surely_before(&b) && a.earliest().is_some() {
            prop_assert!(a.sort_key() < b.sort_key(), "{a:?} {b:?}");
        }
    }

    #[test]
    fn hours_open_before_they_close(
        day in 0..24_000i32, from in 0..1440u16, until in 0..=1440u16,
        zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
    ) {
        let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
        if let Ok(window) = TimeWindow::parse(&clock(from), &clock(until), zone.name()) {
            let day = NaiveDate::from_epoch_days(day).unwrap();
            let (opens, closes) = (window.opens_at(day).unwrap(), window.closes_at(day).unwrap());
            prop_assert!(opens <= closes, "{day} {window:?}: {opens} {closes}");
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        check_text(&text);
    }

    #[test]
    fn no_text_of_edtf_letters_panics(text in "[0-9X~?%/.,{}\\[\\]TYESZ: -]{0,60}") {
        check_text(&text);
    }

    #[test]
    fn no_text_like_a_date_panics(text in "[0-9]{1,4}[-./ ][0-9A-Za-zé]{1,9}[-./, ]{0,2}[0-9X~]{0,4}") {
        check_text(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(date) = minicbor::decode::<FuzzyDate>(&bytes) {
            survives(&date);
        }
    }
}

fn check_text(text: &str) {
    match FuzzyDate::parse(text) {
        Ok(date) => {
            survives(&date);
            assert!(!date.label().is_empty(), "{text:?}");
        }
        Err(error) => assert!(!error.message.is_empty() && !error.hint.is_empty(), "{text:?}"),
    }
    drop(Within::parse(text));
}
