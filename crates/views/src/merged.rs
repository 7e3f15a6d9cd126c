//! Several sorted runs in one order.

use std::iter::Peekable;

/// Places of several sorted runs in one order, each once.
pub(crate) struct Merged<'a, P: 'a, I: Iterator<Item = &'a P>> {
    runs: Vec<Peekable<I>>,
    comes_first: fn(&P, &P) -> bool,
}

impl<'a, P: 'a, I: Iterator<Item = &'a P>> Merged<'a, P, I> {
    /// These runs, each of which is in the order that `comes_first` tells.
    pub(crate) fn new(runs: impl Iterator<Item = I>, comes_first: fn(&P, &P) -> bool) -> Self {
        Self {
            runs: runs.map(Iterator::peekable).collect(),
            comes_first,
        }
    }
}

impl<'a, P: Copy + PartialEq + 'a, I: Iterator<Item = &'a P>> Iterator for Merged<'a, P, I> {
    type Item = P;

    fn next(&mut self) -> Option<P> {
        let heads = self.runs.iter_mut().filter_map(|run| run.peek().copied());
        let next = heads.reduce(|one, other| if (self.comes_first)(other, one) { other } else { one })?;
        for run in &mut self.runs {
            run.next_if(|place| *place == next);
        }
        Some(*next)
    }
}
