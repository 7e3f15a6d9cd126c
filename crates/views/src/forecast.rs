//! What other rounds took from the stage at which a round stands to another: an empirical range, with its sample.

use crate::days::{Comparison, alike, compare, dates, first, last};
use crate::rounds::Rounds;
use chrono::{Days, NaiveDate};
use rapporteur_domain::round::Stage;

/// What completed rounds of the same senders against the same target took, and what that makes of an open one.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The stage from which days are counted.
    pub from: Stage,
    /// The stage to which they are counted.
    pub to: Stage,
    /// The rounds that reached both, the open one left out.
    pub sample: Comparison,
    /// The first day on which the open round reached `from`; none where that is not known.
    pub reached_first: Option<NaiveDate>,
    /// The last such day.
    pub reached_last: Option<NaiveDate>,
}

impl Forecast {
    /// The first day that the sample gives: the fewest days after the first on which the stage may have been reached.
    #[must_use]
    pub fn earliest(&self) -> Option<NaiveDate> {
        self.sample
            .extremes()
            .and_then(|(least, _)| after(self.reached_first?, least))
    }

    /// The last day that the sample gives.
    #[must_use]
    pub fn latest(&self) -> Option<NaiveDate> {
        self.sample
            .extremes()
            .and_then(|(_, most)| after(self.reached_last?, most))
    }

    /// The days that the median gives: the first and the last that it can be, half days counted in.
    #[must_use]
    pub fn median(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (least, most) = self.sample.median?;
        Some((
            after(self.reached_first?, whole(least.floor())?)?,
            after(self.reached_last?, whole(most.ceil())?)?,
        ))
    }
}

fn after(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    let far = Days::new(days.unsigned_abs());
    match days < 0 {
        true => day.checked_sub_days(far),
        false => day.checked_add_days(far),
    }
}

fn whole(days: f64) -> Option<i64> {
    format!("{days:.0}").parse().ok()
}

/// What other rounds took from a stage of this one to another; none where it has not reached the first, or has reached
/// the second, or where no such round is recorded.
#[must_use]
pub fn forecast(rounds: &Rounds, slug: &str, from: Option<Stage>, to: Stage) -> Option<Forecast> {
    let own = rounds.get(slug)?;
    let from = from.or_else(|| own.stage())?;
    let has = |stage: Stage| own.stages.iter().any(|reached| reached.stage == stage);
    if !has(from) || has(to) || from == to || to.precedes(from) {
        return None;
    }
    let others = rounds
        .all()
        .filter(|(other, round)| other.as_str() != slug && alike(own, round));
    let reached = dates(own, from);
    Some(Forecast {
        from,
        to,
        sample: compare(others, from, to),
        reached_first: first(&reached).filter(|_| !reached.is_empty()),
        reached_last: last(&reached).filter(|_| !reached.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::days::Ranked;
    use rapporteur_domain::id::Slug;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_sample_is_laid_on_the_days_on_which_the_round_got_so_far() {
        let row = |slug: &str, least, most| Ranked {
            slug: Slug::parse(slug).unwrap(),
            least,
            most,
            best: 1,
            worst: 1,
        };
        let mut forecast = Forecast {
            from: Stage::Proposed,
            to: Stage::Adopted,
            sample: Comparison {
                rows: vec![row("a", -2, 4), row("b", 9, 30)],
                median: Some((3.5, 17.0)),
                left_out: Vec::new(),
            },
            reached_first: Some(day("2026-01-07")),
            reached_last: Some(day("2026-01-31")),
        };
        assert_eq!(
            forecast.earliest(),
            Some(day("2026-01-05")),
            "a negative number of days goes back"
        );
        assert_eq!(forecast.latest(), Some(day("2026-03-02")));
        assert_eq!(forecast.median(), Some((day("2026-01-10"), day("2026-02-17"))));
        forecast.sample = Comparison::default();
        assert_eq!(
            (forecast.earliest(), forecast.latest(), forecast.median()),
            (None, None, None),
            "no sample"
        );
    }
}
