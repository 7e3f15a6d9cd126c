//! The events behind a value, and the part that each has in it.

use serde::Serialize;

/// The part that an event has in a value.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Part {
    /// It decides: what is shown is what it says, or part of what it says.
    Decides,
    /// It says the same.
    Agrees,
    /// It says otherwise, and does not stand: something later, or weightier, does.
    Outweighed,
}

/// An event behind a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// Its position.
    pub position: u64,
    /// The part that it has.
    pub part: Part,
}

/// Events that all decide.
pub(super) fn deciding(positions: impl IntoIterator<Item = u64>) -> Vec<Behind> {
    let part = Part::Decides;
    in_order(positions.into_iter().map(|position| Behind { position, part }))
}

/// Events of which the first decides, and the others say the same.
pub(super) fn first_deciding(positions: impl IntoIterator<Item = u64>) -> Vec<Behind> {
    let parts = std::iter::once(Part::Decides).chain(std::iter::repeat(Part::Agrees));
    in_order(
        positions
            .into_iter()
            .zip(parts)
            .map(|(position, part)| Behind { position, part }),
    )
}

/// Events that each tell something, one of which decides: those that tell the same agree, others are outweighed.
pub(super) fn weighed<T: PartialEq>(decides: Option<u64>, told: impl IntoIterator<Item = (u64, T)>) -> Vec<Behind> {
    let told: Vec<(u64, T)> = told.into_iter().collect();
    let shown = told.iter().find(|(position, _)| Some(*position) == decides);
    let part = |position: u64, says: &T| match shown {
        Some((decider, _)) if *decider == position => Part::Decides,
        Some((_, shown)) if shown == says => Part::Agrees,
        _ => Part::Outweighed,
    };
    let behind = told.iter().map(|(position, says)| Behind {
        position: *position,
        part: part(*position, says),
    });
    in_order(behind)
}

pub(super) fn in_order(behind: impl Iterator<Item = Behind>) -> Vec<Behind> {
    let mut behind: Vec<Behind> = behind.collect();
    sort(&mut behind);
    behind
}

/// Puts events in the order of recording, each once, with the weightiest part that it has.
pub(super) fn sort(behind: &mut Vec<Behind>) {
    behind.sort_by_key(|behind| (behind.position, behind.part));
    behind.dedup_by_key(|behind| behind.position);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_the_same_agrees_and_what_does_not_is_outweighed() {
        let behind = weighed(Some(5), [(9, "a"), (5, "b"), (7, "b")]);
        let parts: Vec<(u64, Part)> = behind.iter().map(|b| (b.position, b.part)).collect();
        let wanted = [(5, Part::Decides), (7, Part::Agrees), (9, Part::Outweighed)];
        assert_eq!(parts, wanted);
    }
}
