//! How flags are kept: in the order of recording, and found by dossier and by rule.

use super::{Flag, FlagRule, Flags, Place};
use crate::merged::Merged;
use crate::sorted::put;
use imbl::{OrdSet, Vector};
use rapporteur_domain::id::Slug;
use rapporteur_log::Recorded;
use std::collections::BTreeSet;
use std::ops::Bound;

impl Flags {
    /// The flag at this place.
    #[must_use]
    pub fn get(&self, place: Place) -> Option<&Flag> {
        self.flags.get(&place)
    }

    /// How many flags of these rules there are; of all rules, where none is given.
    #[must_use]
    pub fn count(&self, rules: &BTreeSet<FlagRule>) -> usize {
        match rules.is_empty() {
            true => self.flags.len(),
            false => self.places_of(rules).map(OrdSet::len).sum(),
        }
    }

    fn places_of<'a>(&'a self, rules: &'a BTreeSet<FlagRule>) -> impl Iterator<Item = &'a OrdSet<Place>> {
        rules.iter().filter_map(|rule| self.of_rule.get(rule))
    }

    /// The flags of these rules, or of all where none is given, from a place on, in the order of recording. The place is
    /// looked up, not walked to.
    pub fn ascending<'a>(
        &'a self,
        rules: &'a BTreeSet<FlagRule>,
        from: Bound<Place>,
    ) -> impl Iterator<Item = (Place, &'a Flag)> {
        let every = rules.is_empty().then(|| self.flags.range((from, Bound::Unbounded)));
        let runs = self
            .places_of(rules)
            .map(move |places| places.range((from, Bound::Unbounded)));
        let some = Merged::new(runs, |one, other| one < other);
        let some = some.filter_map(|place| Some((place, self.flags.get(&place)?)));
        every
            .into_iter()
            .flatten()
            .map(|(place, flag)| (*place, flag))
            .chain(some)
    }

    /// The same from a place back, the last recorded first.
    pub fn descending<'a>(
        &'a self,
        rules: &'a BTreeSet<FlagRule>,
        from: Bound<Place>,
    ) -> impl Iterator<Item = (Place, &'a Flag)> {
        let every = rules
            .is_empty()
            .then(|| self.flags.range((Bound::Unbounded, from)).rev());
        let runs = self
            .places_of(rules)
            .map(move |places| places.range((Bound::Unbounded, from)).rev());
        let some = Merged::new(runs, |one, other| one > other);
        let some = some.filter_map(|place| Some((place, self.flags.get(&place)?)));
        every
            .into_iter()
            .flatten()
            .map(|(place, flag)| (*place, flag))
            .chain(some)
    }

    /// The flags that the event at `position` caused.
    #[must_use]
    pub fn at(&self, position: u64) -> Vec<&Flag> {
        self.caused_by(position).map(|(_, flag)| flag).collect()
    }

    fn caused_by(&self, position: u64) -> impl DoubleEndedIterator<Item = (&Place, &Flag)> {
        self.flags.range((position, 0)..=(position, u32::MAX))
    }

    /// The places of the flags about a dossier, in the order of recording.
    #[must_use]
    pub fn places_about(&self, dossier: &str) -> Option<&Vector<Place>> {
        self.of_dossier.get(dossier)
    }

    /// The flags about a dossier, in the order of recording.
    pub fn of<'a>(&'a self, dossier: &str) -> impl Iterator<Item = &'a Flag> {
        let places = self.places_about(dossier).into_iter().flatten();
        places.filter_map(|place| self.flags.get(place))
    }

    pub(super) fn raise(&mut self, recorded: &Recorded, rule: FlagRule, message: String) {
        self.raise_on(recorded, &recorded.dossier.slug, rule, message);
    }

    /// Raises a flag on a dossier that is not the event's own.
    pub(super) fn raise_on(&mut self, recorded: &Recorded, dossier: &Slug, rule: FlagRule, message: String) {
        let position = recorded.header.position;
        let last = self.caused_by(position).next_back();
        let place = (position, last.map_or(0, |((_, number), _)| number.saturating_add(1)));
        put(self.of_dossier.entry(dossier.clone()).or_default(), place, |place| {
            *place
        });
        self.of_rule.entry(rule).or_default().insert(place);
        let flag = Flag {
            rule,
            message,
            position,
            dossier: dossier.clone(),
        };
        self.flags.insert(place, flag);
    }

    /// Takes these flags back: what caused them is not so any more.
    pub(super) fn take_back(&mut self, places: &[Place]) {
        for place in places {
            let Some(flag) = self.flags.remove(place) else { continue };
            if let Some(about) = self.of_dossier.get_mut(&flag.dossier)
                && let Ok(at) = about.binary_search(place)
            {
                about.remove(at);
            }
            if let Some(of_rule) = self.of_rule.get_mut(&flag.rule) {
                of_rule.remove(place);
            }
        }
    }

    /// The places of the flags of a rule about a dossier, of those that are wanted.
    pub(super) fn raised(&self, rule: FlagRule, dossier: &Slug, wanted: impl Fn(&Flag) -> bool) -> Vec<Place> {
        let places = self.places_about(dossier.as_str()).into_iter().flatten();
        let found = places.filter(|place| self.get(**place).is_some_and(|f| f.rule == rule && wanted(f)));
        found.copied().collect()
    }

    /// Takes back the flags of a rule on a dossier: what caused them is not so any more.
    pub(super) fn withdraw(&mut self, rule: FlagRule, dossier: &Slug) {
        let places = self.raised(rule, dossier, |_| true);
        self.take_back(&places);
    }
}
