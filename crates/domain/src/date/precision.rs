//! How finely a date is written, and how far `~` may carry it.

use super::PartOfMonth;
use chrono::{Days, Months, NaiveDate};
use edtf_core::{Date, DateField, YearKind};

closed_set! {
    /// How finely a date is written, finest first. Of several dates in one the coarsest counts.
    /// A unit with unknown digits counts as the next coarser one: `2026-01-XX` is a month.
    pub enum Precision {
        /// A calendar day.
        #[n(0)] Day,
        /// The early, mid or late part of a month.
        #[n(1)] PartOfMonth,
        /// A month.
        #[n(2)] Month,
        /// A season, quarter, third or half of a year.
        #[n(3)] Season,
        /// A year.
        #[n(4)] Year,
        /// Ten years.
        #[n(5)] Decade,
        /// A hundred years.
        #[n(6)] Century,
        /// A thousand years or more.
        #[n(7)] Millennium,
        /// No usable date.
        #[n(8)] Undated,
    }
}

impl Precision {
    pub(super) fn of(date: &Date, part: Option<PartOfMonth>) -> Self {
        let known = |field: Option<DateField>| field.is_some_and(|f| !f.has_unspecified());
        if date.year.has_unspecified() || date.year.significant_digits.is_some() {
            return of_vague_year(date);
        }
        match (date.month, date.day) {
            (Some(_), Some(_)) if known(date.month) && known(date.day) => Self::Day,
            (Some(month), _) if known(date.month) => match (month.value(), part) {
                (Some(21..), _) => Self::Season,
                (_, Some(_)) => Self::PartOfMonth,
                _ => Self::Month,
            },
            _ => Self::Year,
        }
    }
}

fn of_vague_year(date: &Date) -> Precision {
    let digits = match (date.year.kind, date.year.significant_digits) {
        (_, Some(significant)) => significant as usize,
        (YearKind::Standard { digits, .. }, None) => digits.iter().take_while(|d| d.is_some()).count(),
        _ => 0,
    };
    match digits {
        4.. => Precision::Year,
        3 => Precision::Decade,
        2 => Precision::Century,
        _ => Precision::Millennium,
    }
}

/// How far `~` carries a date either way: three days for a day, else the length of the unit itself.
/// The rule is this product's own; ISO 8601-2 leaves it open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    Days(u64),
    Months(u32),
}

impl Width {
    pub(super) fn of(date: &Date, part: Option<PartOfMonth>) -> Self {
        match Precision::of(date, part) {
            Precision::Day | Precision::Undated => Self::Days(3),
            Precision::PartOfMonth => Self::Days(10),
            Precision::Month => Self::Months(1),
            Precision::Season => Self::Months(match date.month.and_then(DateField::value) {
                Some(37..=39) => 4,
                Some(40..) => 6,
                _ => 3,
            }),
            Precision::Year => Self::Months(12),
            Precision::Decade => Self::Months(120),
            Precision::Century => Self::Months(1_200),
            Precision::Millennium => Self::Months(12_000),
        }
    }

    pub(super) fn before(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => first.checked_sub_days(Days::new(days)),
            Self::Months(months) => first.checked_sub_months(Months::new(months)),
        }
    }

    /// Whole months after the last day: from 28 February one month on is 31 March.
    pub(super) fn after(self, last: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => last.checked_add_days(Days::new(days)),
            Self::Months(months) => last.succ_opt()?.checked_add_months(Months::new(months))?.pred_opt(),
        }
    }
}
