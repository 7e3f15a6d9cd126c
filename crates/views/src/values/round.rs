//! The values of a round: the stage at which it stands, the date of each, and its counts.

use super::behind::{Behind, Part, first_deciding, in_order};
use super::{Found, Subject, Value, ValueField, word};
use crate::rough;
use crate::rounds::{Reached, Round};

pub(super) fn find(round: &Round, found: &mut Found) {
    stage(round).into_iter().for_each(|value| found.add(value));
    round.stages.iter().for_each(|reached| found.add(date(reached)));
    for told in &round.counts {
        let count = told.fact.as_ref();
        let value = Value::of(ValueField::Count, rough::words(&count.quantity), Vec::new())
            .on(Subject::Count(count.of.clone(), count.basis))
            .dated(count.counted_on.as_ref());
        found.tell(value, told.position);
    }
}

/// The stage at which it stands, and those that may have been reached as late: what was surely passed before is not behind it.
fn stage(round: &Round) -> Option<Value> {
    let stands = round.stands()?;
    let passed = |other: &Reached| other.reached_on.surely_before(&stands.reached_on);
    let others = round
        .stages
        .iter()
        .filter(|other| !std::ptr::eq(*other, stands) && !passed(other));
    let others = others.flat_map(|other| {
        let part = if other.stage == stands.stage {
            Part::Agrees
        } else {
            Part::Outweighed
        };
        other.told.iter().map(move |told| Behind {
            position: told.position,
            part,
        })
    });
    let behind = first_deciding(stands.told.iter().map(|told| told.position));
    let behind = in_order(behind.into_iter().chain(others));
    Some(Value::of(ValueField::Stage, word(&stands.stage), behind).dated(Some(&stands.reached_on)))
}

fn date(reached: &Reached) -> Value {
    let behind = first_deciding(reached.told.iter().map(|told| told.position));
    Value::of(ValueField::StageDate, reached.reached_on.label(), behind)
        .on(Subject::Stage(reached.stage))
        .dated(Some(&reached.reached_on))
        .naming(reached.by())
}
