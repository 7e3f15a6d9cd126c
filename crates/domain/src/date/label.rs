//! English labels of dates, for people.

use super::precision::Precision;
use super::{DateParts, PartOfMonth};
use edtf_core::{Date, DateField, Edtf, Interval, IntervalEndpoint, SetElement, SetKind, YearKind};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The label of valid parts; text that is not EDTF is its own label.
pub(super) fn of(parts: &DateParts) -> String {
    let Some(text) = parts.edtf.as_deref() else {
        return match (&parts.phrase, &parts.basis) {
            (Some(phrase), _) => format!("“{phrase}”"),
            (None, Some(basis)) => format!("no date ({basis})"),
            (None, None) => "no date".to_owned(),
        };
    };
    let mut label = match Edtf::parse(text) {
        Ok(edtf) => of_edtf(&edtf, parts.qualifier),
        Err(_) => text.to_owned(),
    };
    if parts.open_tail {
        label.push_str(" or soon after");
    }
    if let Some(window) = &parts.window {
        let (from, until, zone) = (window.from(), window.until(), window.zone().name());
        let ends = match window.is_overnight() {
            _ if text.contains('/') => format!("{from} on the first day to {until} on the last"),
            true => format!("{from} to {until} the next day"),
            false => format!("{from} to {until}"),
        };
        label.push_str(&format!(", {ends} {zone}"));
    }
    label
}

fn of_edtf(edtf: &Edtf, part: Option<PartOfMonth>) -> String {
    match edtf {
        Edtf::Date(date) => one(date, part),
        Edtf::DateTime(at) => one(&at.date, None),
        Edtf::Interval(interval) => period(interval),
        Edtf::Set(set) => {
            let word = match set.kind {
                SetKind::OneMember => "or",
                SetKind::AllMembers => "and",
            };
            let plain: Option<Vec<&Date>> = set
                .elements
                .iter()
                .map(|e| match e {
                    SetElement::Date(d) => Some(d),
                    _ => None,
                })
                .collect();
            match plain {
                Some(dates) => listed(&without_repetition(&dates), word),
                None => {
                    let members: Vec<String> = set.elements.iter().map(|e| member(e, set.kind)).collect();
                    listed(&members, word)
                }
            }
        }
    }
}

fn period(interval: &Interval) -> String {
    use IntervalEndpoint as End;
    let text = |end: &End| match end {
        End::Date(d) => one(d, None),
        End::OnOrBefore(d) => format!("{} or earlier", one(d, None)),
        End::OnOrAfter(d) => format!("{} or later", one(d, None)),
        End::Open => "..".to_owned(),
        End::Unknown => "an unknown day".to_owned(),
    };
    match (&interval.start, &interval.end) {
        (End::Date(a), End::Date(b)) if a == b => one(a, None),
        (End::Date(a), End::Date(b)) => without_repetition(&[a, b]).join(" to "),
        (End::Open, end) => format!("until {}", text(end)),
        (start, End::Open) => format!("since {}", text(start)),
        (start, end) => format!("{} to {}", text(start), text(end)),
    }
}

fn member(element: &SetElement, kind: SetKind) -> String {
    let unit = |d: &Date| match Precision::of(d, None) {
        Precision::Day => "day",
        Precision::Month => "month",
        Precision::Season => "season",
        _ => "year",
    };
    match (element, kind) {
        (SetElement::Date(d), _) => one(d, None),
        (SetElement::Range(a, b), SetKind::OneMember) => {
            format!("between {}", without_repetition(&[a, b]).join(" and "))
        }
        (SetElement::OnOrBefore(d), SetKind::OneMember) => format!("by {}", one(d, None)),
        (SetElement::OnOrAfter(d), SetKind::OneMember) => format!("{} or later", one(d, None)),
        (SetElement::Range(a, b), SetKind::AllMembers) => {
            format!("every {} from {}", unit(a), without_repetition(&[a, b]).join(" to "))
        }
        (SetElement::OnOrBefore(d), SetKind::AllMembers) => format!("every {} up to {}", unit(d), one(d, None)),
        (SetElement::OnOrAfter(d), SetKind::AllMembers) => format!("every {} from {} on", unit(d), one(d, None)),
    }
}

fn listed(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// One label each; a month and year that all share stand with the last one only: `3` and `4 January 2026`.
fn without_repetition(dates: &[&Date]) -> Vec<String> {
    let words: Option<Vec<Vec<String>>> = dates.iter().map(|d| plain_words(d)).collect();
    let in_full = || dates.iter().map(|d| one(d, None)).collect();
    let Some((last, rest)) = words.as_deref().and_then(<[Vec<String>]>::split_last) else {
        return in_full();
    };
    if rest.iter().any(|words| words.len() != last.len()) {
        return in_full();
    }
    let shared = (0..last.len())
        .rev()
        .take_while(|i| *i > 0 && rest.iter().all(|words| words[*i] == last[*i]))
        .count();
    let kept = last.len() - shared;
    let mut labels: Vec<String> = rest.iter().map(|words| words[..kept].join(" ")).collect();
    labels.push(last.join(" "));
    labels
}

/// Day, month and year of a day or month without doubts or unknown digits.
fn plain_words(date: &Date) -> Option<Vec<String>> {
    if date.is_uncertain() || date.is_approximate() || date.has_unspecified() {
        return None;
    }
    let year = date.year.value()?;
    let month = MONTHS.get(usize::from(date.month?.value()?).checked_sub(1)?)?;
    let day = date.day.and_then(DateField::value);
    let words = day
        .map(|d| d.to_string())
        .into_iter()
        .chain([(*month).to_owned(), year.to_string()]);
    Some(words.collect())
}

fn one(date: &Date, part: Option<PartOfMonth>) -> String {
    let about = if date.is_approximate() { "about " } else { "" };
    let doubt = if date.is_uncertain() { " (uncertain)" } else { "" };
    format!("{about}{}{doubt}", unqualified(date, part))
}

fn unqualified(date: &Date, part: Option<PartOfMonth>) -> String {
    let month = date.month.and_then(DateField::value);
    let month_name = month.and_then(|m| MONTHS.get(usize::from(m).checked_sub(1)?));
    let Some(year) = date.year.value() else {
        return vague_year(date);
    };
    if date.year.significant_digits.is_some() {
        return significant_year(date, year);
    }
    match (month, month_name, date.day) {
        (_, Some(name), None) => match part {
            None => format!("{name} {year}"),
            Some(PartOfMonth::Early) => format!("early {name} {year}"),
            Some(PartOfMonth::Mid) => format!("mid-{name} {year}"),
            Some(PartOfMonth::Late) => format!("late {name} {year}"),
        },
        (_, Some(name), Some(day)) => match (day.value(), day.digits) {
            (Some(day), _) => format!("{day} {name} {year}"),
            (None, [None, None]) => format!("a day in {name} {year}"),
            _ => like(date),
        },
        (Some(code), None, _) => season(code, year),
        (None, _, None) if date.month.is_none() => year.to_string(),
        (None, _, day) => match (date.month.map(|m| m.digits), day.map(|d| d.digits)) {
            (Some([None, None]), None) => format!("a month of {year}"),
            (Some([None, None]), Some([None, None])) => format!("a day in {year}"),
            _ => like(date),
        },
    }
}

fn season(code: u8, year: i64) -> String {
    let winter = |also: &str| format!("winter {year}/{:02}{also}", (year + 1) % 100);
    let (north, south) = (" (northern hemisphere)", " (southern hemisphere)");
    match code {
        21 => format!("spring {year}"),
        22 => format!("summer {year}"),
        23 => format!("autumn {year}"),
        24 => winter(""),
        25 => format!("spring {year}{north}"),
        26 => format!("summer {year}{north}"),
        27 => format!("autumn {year}{north}"),
        28 => winter(north),
        29 => format!("spring {year}{south}"),
        30 => format!("summer {year}/{:02}{south}", (year + 1) % 100),
        31 => format!("autumn {year}{south}"),
        32 => format!("winter {year}{south}"),
        33 => format!("first quarter of {year}"),
        34 => format!("second quarter of {year}"),
        35 => format!("third quarter of {year}"),
        36 => format!("fourth quarter of {year}"),
        37 => format!("first third of {year}"),
        38 => format!("second third of {year}"),
        39 => format!("last third of {year}"),
        40 => format!("first half of {year}"),
        _ => format!("second half of {year}"),
    }
}

fn vague_year(date: &Date) -> String {
    match (date.year.kind, date.month) {
        (
            YearKind::Standard {
                digits: [Some(a), Some(b), Some(c), None],
                ..
            },
            None,
        ) => format!("the {a}{b}{c}0s"),
        (
            YearKind::Standard {
                digits: [Some(a), Some(b), None, None],
                ..
            },
            None,
        ) => {
            format!("a year from {a}{b}00 to {a}{b}99")
        }
        _ => like(date),
    }
}

fn significant_year(date: &Date, year: i64) -> String {
    let step = match date.year.significant_digits {
        Some(1) => 1_000,
        Some(2) => 100,
        Some(3) => 10,
        _ => return year.to_string(),
    };
    let first = year - year % step;
    format!("a year from {first} to {}, perhaps {year}", first + step - 1)
}

/// The digits as written, for unknown ones that no English phrase fits.
fn like(date: &Date) -> String {
    let year = match date.year.kind {
        YearKind::Standard { digits, .. } => digits,
        _ => [None; 4],
    };
    let digit = |d: &Option<u8>| d.map_or('X', |d| char::from(b'0' + d % 10));
    let mut text: String = year.iter().map(digit).collect();
    for field in [date.month, date.day].into_iter().flatten() {
        text.push('-');
        text.extend(field.digits.iter().map(digit));
    }
    format!("a date like {text}")
}
