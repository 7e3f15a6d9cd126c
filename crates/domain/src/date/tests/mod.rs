//! Tests of dates, by question.

mod errors;
mod facts;
mod hours;
mod labels;
mod properties;
mod questions;
mod round_trips;

use super::{DateParts, FuzzyDate, PartOfMonth, TimeWindow, Within};
use crate::text::Line;
use chrono::NaiveDate;

/// A calendar day.
fn on(day: &str) -> NaiveDate {
    day.parse().unwrap_or_else(|e| panic!("{day}: {e}"))
}

#[track_caller]
fn date(edtf: &str) -> FuzzyDate {
    FuzzyDate::parse(edtf).unwrap_or_else(|e| panic!("{edtf}: {e}"))
}

#[track_caller]
fn within(edtf: &str) -> Within {
    Within::parse(edtf).unwrap_or_else(|e| panic!("{edtf}: {e}"))
}

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn parts(edtf: &str) -> DateParts {
    DateParts {
        edtf: Some(edtf.into()),
        ..DateParts::default()
    }
}

fn in_part(month: &str, part: PartOfMonth) -> FuzzyDate {
    FuzzyDate::new(DateParts {
        qualifier: Some(part),
        ..parts(month)
    })
    .unwrap()
}

fn with_tail(edtf: &str) -> FuzzyDate {
    FuzzyDate::new(DateParts {
        open_tail: true,
        ..parts(edtf)
    })
    .unwrap()
}

fn with_hours(edtf: &str, from: &str, until: &str, zone: &str) -> FuzzyDate {
    let window = Some(TimeWindow::parse(from, until, zone).unwrap());
    FuzzyDate::new(DateParts { window, ..parts(edtf) }).unwrap()
}

/// The spans as `first..last`, an unbounded end left empty.
fn spans(date: &FuzzyDate) -> Vec<String> {
    let side = |day: Option<NaiveDate>| day.map_or(String::new(), |d| d.to_string());
    date.spans()
        .iter()
        .map(|s| format!("{}..{}", side(s.earliest), side(s.latest)))
        .collect()
}
