//! What is wrong with text that is not EDTF, and what was probably meant.

use super::label::MONTHS;
use crate::invalid::Invalid;
use chrono::{Datelike, NaiveDate};
use edtf_core::{Edtf, ParseError};

const FORMS: &str = "write a day `2026-01-06`, a month `2026-01`, a year `2026`, a period `2025-11/2026-01`, one of \
    `[2026-01-03,2026-01-04]`, or about `2026-01~`";

const WINDOW_FORMS: &str = "write a day `2026-01-06`, a month `2026-01`, a year `2026`, or a period `2025-11/2026-01`, \
    `2026/..`";

/// What the text was to be: a hint names only what can be written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// A date as a source gives it, with `phrase`, `qualifier` and `window` beside it.
    Date,
    /// An exact run of days, alone.
    Window,
}

/// Why this text is not EDTF, with the likely form as the hint.
pub(super) fn not_edtf(text: &str, error: ParseError, asked: Asked) -> Invalid {
    if text.trim().is_empty() {
        return match asked {
            Asked::Date => Invalid::new(
                "the date is empty",
                "write one, or leave `edtf` out and say in `phrase` what the source says",
            ),
            Asked::Window => Invalid::new("the window is empty", WINDOW_FORMS),
        };
    }
    if let Some(invalid) = no_such_month(text, error).or_else(|| no_such_day(text, error)) {
        return invalid;
    }
    let forms = match asked {
        Asked::Date => FORMS,
        Asked::Window => WINDOW_FORMS,
    };
    match meant(text, asked) {
        Some(hint) => Invalid::new("the date is not written as EDTF", hint),
        None => Invalid::new(format!("not EDTF: {} (at byte {})", error.message, error.offset), forms),
    }
}

/// A time of day inside the EDTF text: hours have a place of their own.
pub(super) fn time_of_day(text: &str, asked: Asked) -> Invalid {
    let day = text.split('T').next().unwrap_or_default();
    if asked == Asked::Window {
        return Invalid::new(
            "a time of day inside a window of days",
            format!("write whole days only: `{day}`"),
        );
    }
    Invalid::new(
        "a time of day inside the date",
        format!(
            "write `{day}` and give the hours in `window`: from \"18:00\", until \"20:00\", zone \"Europe/Kyiv\"; \
             or only `{day}`"
        ),
    )
}

fn no_such_month(text: &str, error: ParseError) -> Option<Invalid> {
    let digits = text.get(error.offset..error.offset + 2)?;
    if error.message.starts_with("month must be 01-12") {
        return Some(Invalid::new(
            format!("month {digits} does not exist"),
            "months are 01 to 12; 21 to 24 are seasons and 25 to 41 other parts of a year",
        ));
    }
    if error.message.starts_with("sub-year groupings") {
        return Some(Invalid::new(
            "a part of a year (21 to 41) with a day",
            "write year, month, day in this order: `2026-01-06`",
        ));
    }
    None
}

fn no_such_day(text: &str, error: ParseError) -> Option<Invalid> {
    if !error.message.starts_with("day is out of range") {
        return None;
    }
    let day = text.get(error.offset..error.offset + 2)?;
    let last = error
        .offset
        .checked_sub(8)
        .and_then(|start| text.get(start..error.offset - 1))
        .and_then(last_day_of);
    Some(match last {
        Some(last) => Invalid::new(
            format!("day {day} does not exist in that month"),
            format!("its last day is `{last}`"),
        ),
        None => Invalid::new(
            format!("day {day} does not exist in that month"),
            "write a day of the month",
        ),
    })
}

fn last_day_of(month: &str) -> Option<NaiveDate> {
    let first: NaiveDate = format!("{month}-01").parse().ok()?;
    (28..=31).rev().find_map(|day| first.with_day(day))
}

/// A hint made from the numbers and words in the text.
fn meant(text: &str, asked: Asked) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.len() < text.len() && is_edtf(trimmed) {
        return Some("leave out the spaces around it".to_owned());
    }
    let lower = text.to_lowercase();
    let numbers: Vec<&str> = split(&lower, |c: char| c.is_ascii_digit());
    let words: Vec<&str> = split(&lower, char::is_alphabetic);
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    if words.is_empty() {
        return from_numbers(&numbers, separator);
    }
    from_words(&numbers, &words, asked).or_else(|| {
        (asked == Asked::Date && numbers.is_empty())
            .then(|| "leave `edtf` out and put the words into `phrase`".to_owned())
    })
}

fn from_numbers(numbers: &[&str], separator: Option<char>) -> Option<String> {
    let write = |edtf: String| is_edtf(&edtf).then(|| format!("write `{edtf}`"));
    match *numbers {
        [run] if separator.is_none() => match (run.len(), run.is_ascii()) {
            (8, true) => write(format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..])),
            (6, true) => write(format!("{}-{}", &run[..4], &run[4..])),
            _ => None,
        },
        [a, b] if a.len() == 4 && b.len() == 4 => write(format!("{a}/{b}")),
        [year, month] if year.len() == 4 => write(format!("{year}-{month:0>2}")),
        [month, year] if year.len() == 4 => write(format!("{year}-{month:0>2}")),
        [year, month, day] if year.len() == 4 => write(format!("{year}-{month:0>2}-{day:0>2}")),
        [a, b, year] if year.len() == 4 => {
            let day_first = format!("{year}-{b:0>2}-{a:0>2}");
            let month_first = format!("{year}-{a:0>2}-{b:0>2}");
            let both = separator != Some('.') && a != b && is_edtf(&day_first) && is_real_day(&month_first);
            if both && is_real_day(&day_first) {
                return Some(format!("write the year first: `{day_first}` or `{month_first}`"));
            }
            if is_real_day(&day_first) {
                write(day_first)
            } else {
                is_real_day(&month_first).then(|| write(month_first)).flatten()
            }
        }
        _ => None,
    }
}

fn from_words(numbers: &[&str], words: &[&str], asked: Asked) -> Option<String> {
    let any = |known: &[&str]| words.iter().any(|w| known.contains(w));
    let mut years = numbers.iter().filter(|n| n.len() == 4);
    let (year, None) = (years.next(), years.next()) else {
        return None;
    };
    let Some(year) = year else {
        return without_year(numbers, words, asked);
    };
    let mut days = numbers.iter().filter(|n| n.len() <= 2);
    let (day, None) = (days.next(), days.next()) else {
        return None;
    };
    let about = if asked == Asked::Date && any(&["about", "approximately", "approx", "around", "circa", "ca", "c"]) {
        "~"
    } else {
        ""
    };
    let write = |edtf: String| is_edtf(&edtf).then(|| format!("write `{edtf}`"));
    let mut months = words.iter().filter_map(|w| month_named(w));
    if let Some(month) = months.next() {
        if months.next().is_some() {
            return None;
        }
        let part = [
            (["early", "beginning", "start"], "EARLY"),
            (["mid", "middle", "midst"], "MID"),
            (["late", "end", "close"], "LATE"),
        ]
        .into_iter()
        .find(|(known, _)| any(known));
        return match (day, part) {
            (Some(day), _) => write(format!("{year}-{month:02}-{day:0>2}{about}")),
            (None, Some((_, part))) => write(format!("{year}-{month:02}{about}")).map(|hint| match asked {
                Asked::Date => format!("{hint} with qualifier {part}"),
                Asked::Window => format!("{hint}, or a period of days in it"),
            }),
            (None, None) => write(format!("{year}-{month:02}{about}")),
        };
    }
    let seasons = [
        ("spring", 21),
        ("summer", 22),
        ("autumn", 23),
        ("fall", 23),
        ("winter", 24),
    ];
    let season = seasons.iter().find(|(name, _)| any(&[name]));
    match (season, day) {
        (Some((_, code)), None) => write(format!("{year}-{code}{about}")),
        (None, None) if !about.is_empty() => write(format!("{year}{about}")),
        _ => None,
    }
}

/// `7 January`: what is missing, and the form that it goes into.
fn without_year(numbers: &[&str], words: &[&str], asked: Asked) -> Option<String> {
    let month = words.iter().find_map(|word| month_named(word))?;
    let form = match *numbers {
        [] => format!("YYYY-{month:02}"),
        [day] => format!("YYYY-{month:02}-{day:0>2}"),
        _ => return None,
    };
    Some(match asked {
        Asked::Date => {
            format!("the year is missing: write `{form}` with the year, and give the source's own words in `phrase`")
        }
        Asked::Window => format!("the year is missing: write `{form}` with the year"),
    })
}

fn month_named(word: &str) -> Option<usize> {
    let named = |name: &str| {
        let name = name.to_lowercase();
        word == name || (matches!(word.len(), 3 | 4) && name.starts_with(word))
    };
    MONTHS.iter().position(|name| named(name)).map(|at| at + 1)
}

fn split(text: &str, wanted: fn(char) -> bool) -> Vec<&str> {
    text.split(|c| !wanted(c)).filter(|run| !run.is_empty()).collect()
}

fn is_edtf(text: &str) -> bool {
    Edtf::parse(text).is_ok()
}

fn is_real_day(text: &str) -> bool {
    text.parse::<NaiveDate>().is_ok()
}
