//! What stands of several things told of one matter.

use rapporteur_domain::date::FuzzyDate;

/// Of things told in the order of recording, each with its date, the one that stands: each takes the place of the one
/// before, unless its date lies surely before that one's. History that is recorded late does not rewrite the present.
pub(crate) fn standing<'a, T>(told: impl IntoIterator<Item = (Option<&'a FuzzyDate>, T)>) -> Option<T> {
    let later = |before: (Option<&'a FuzzyDate>, T), next: (Option<&'a FuzzyDate>, T)| match (before.0, next.0) {
        (Some(standing), Some(date)) if date.surely_before(standing) => before,
        _ => next,
    };
    told.into_iter().reduce(later).map(|(_, thing)| thing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_recorded_one_stands_unless_it_is_surely_of_before() {
        let dates = ["2026-03-01", "2025-01-01", "2026-03", "2026-02?"].map(|edtf| FuzzyDate::parse(edtf).unwrap());
        let told = |order: &[usize]| standing(order.iter().map(|at| (dates.get(*at), *at)));
        assert_eq!(told(&[0, 1]), Some(0));
        assert_eq!(told(&[1, 0]), Some(0));
        assert_eq!(told(&[0, 2]), Some(2), "perhaps later, perhaps not");
        assert_eq!(told(&[0, 3]), Some(3), "a doubted date is never surely before");
        assert_eq!(told(&[]), None);
    }
}
