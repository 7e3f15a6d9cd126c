//! How the meetings of a series are numbered, and which numbers are missing.

use super::Meetings;
use rapporteur_domain::id::Slug;
use std::collections::BTreeMap;

/// The numbers of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbering {
    /// Every number that is borne, in order, each with the meetings that bear it, by slug: several where two claim it.
    pub borne: Vec<(u32, Vec<Slug>)>,
    /// The runs of numbers from 1 up to the last that no recorded meeting bears: the first and the last of each.
    pub missing: Vec<(u32, u32)>,
    /// Meetings without a number, by slug.
    pub unnumbered: Vec<Slug>,
}

impl Numbering {
    fn of(meetings: impl Iterator<Item = (Slug, Option<u32>)>) -> Self {
        let mut borne: BTreeMap<u32, Vec<Slug>> = BTreeMap::new();
        let mut unnumbered = Vec::new();
        for (slug, number) in meetings {
            match number {
                Some(number) => borne.entry(number).or_default().push(slug),
                None => unnumbered.push(slug),
            }
        }
        let mut missing = Vec::new();
        let mut next = 1;
        for number in borne.keys() {
            if *number > next {
                missing.push((next, number - 1));
            }
            next = number.saturating_add(1);
        }
        Self {
            borne: borne.into_iter().collect(),
            missing,
            unnumbered,
        }
    }
}

impl Meetings {
    /// How the meetings of a series are numbered.
    #[must_use]
    pub fn numbering(&self, series: &str) -> Numbering {
        let meetings = self.of_series(series).into_iter().flatten();
        Numbering::of(meetings.filter_map(|slug| Some((slug.clone(), self.get(slug.as_str())?.number()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_runs_from_one_up_to_the_last_number() {
        let slug = |text: &str| Slug::parse(text).unwrap();
        let told = [
            ("c", Some(7)),
            ("a", Some(2)),
            ("x", None),
            ("b", Some(2)),
            ("d", Some(4)),
        ];
        let numbering = Numbering::of(told.map(|(text, number)| (slug(text), number)).into_iter());
        assert_eq!(numbering.missing, [(1, 1), (3, 3), (5, 6)]);
        assert_eq!(numbering.borne[0], (2, vec![slug("a"), slug("b")]), "two claim it");
        assert_eq!(numbering.unnumbered, [slug("x")]);
        let whole = Numbering::of([("a", Some(1)), ("b", Some(2))].map(|(t, n)| (slug(t), n)).into_iter());
        assert!(whole.missing.is_empty());
        assert_eq!(Numbering::of(std::iter::empty()), Numbering::default());
        let huge = Numbering::of(std::iter::once((slug("a"), Some(u32::MAX))));
        assert_eq!(huge.missing, [(1, u32::MAX - 1)]);
    }
}
