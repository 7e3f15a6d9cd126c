//! Which of several values told of a meeting is shown.

use crate::told::At;
use serde::Serialize;

/// Who says something of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Voice {
    /// Where the event stands.
    pub(super) at: At,
    /// It reports the meeting; otherwise it plans it.
    pub(super) reports: bool,
    /// It was told of a meeting that was merged into this one.
    pub(super) merged_in: bool,
}

impl Voice {
    /// Its weight where the meeting is named and numbered: the one that stays comes before what was merged into it.
    pub(super) fn names(self) -> Weight {
        self.weighing(u8::from(!self.merged_in) * 2 + u8::from(self.reports))
    }

    /// Its weight where it is told what the meeting is and where and when it was held: reports come before plans.
    pub(super) fn tells(self) -> Weight {
        self.weighing(u8::from(self.reports) * 2 + u8::from(!self.merged_in))
    }

    fn weighing(self, voice: u8) -> Weight {
        Weight {
            voice,
            place: self.at.place,
            position: self.at.position,
        }
    }
}

/// How much a value weighs against others: first by who says it, then by how late it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Weight {
    voice: u8,
    place: u64,
    position: u64,
}

/// The weightiest value told so far. What an event leaves out takes nothing back.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Shown<T> {
    value: Option<T>,
    #[serde(skip)]
    weight: Weight,
}

impl<T> Default for Shown<T> {
    fn default() -> Self {
        Self {
            value: None,
            weight: Weight::default(),
        }
    }
}

impl<T: Clone> Shown<T> {
    /// The value that is shown; `None` where nobody gives any.
    pub(super) fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The position of the event that gives it.
    pub(super) fn by(&self) -> Option<u64> {
        self.value.as_ref().map(|_| self.weight.position)
    }

    /// Takes a value into account.
    pub(super) fn hear(&mut self, weight: Weight, told: Option<&T>) {
        if let Some(told) = told.filter(|_| weight >= self.weight) {
            (self.value, self.weight) = (Some(told.clone()), weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_one_that_stays_and_accounts_from_reports() {
        let voice = |place, reports, merged_in| Voice {
            at: At { position: place, place },
            reports,
            merged_in,
        };
        let told = [
            ("plan", voice(1, false, false)),
            ("plan merged in", voice(2, false, true)),
            ("report merged in", voice(3, true, true)),
            ("last report merged in", voice(4, true, true)),
        ];
        let shown = |weight: fn(Voice) -> Weight, order: &[usize]| {
            let mut shown = Shown::default();
            order
                .iter()
                .for_each(|at| shown.hear(weight(told[*at].1), Some(&told[*at].0)));
            *shown.get().unwrap()
        };
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            assert_eq!(shown(Voice::names, &order), "plan");
            assert_eq!(shown(Voice::tells, &order), "last report merged in");
        }
        let mut shown = Shown::default();
        shown.hear(voice(1, true, true).names(), Some(&"told"));
        shown.hear(voice(2, true, false).names(), None);
        assert_eq!(shown.get(), Some(&"told"), "left out");
    }
}
