//! The ledger of the rounds' file: every leaf of every round, source, listing and phrase is read back from a typed
//! GraphQL field and compared; what the file calls unverified must not be there.

mod checks;
mod rules;
mod told;
mod units;

use super::{another, desk};
use rules::{RULES, Rule};
use std::collections::{BTreeMap, BTreeSet};
use told::Told;
use units::{Leaf, Unit};

/// What became of the units of one kind.
#[derive(Default)]
struct Count {
    units: usize,
    leaves: usize,
    checked: usize,
    left_out: usize,
}

fn rule_for(unit: &Unit, leaf: &Leaf) -> Result<&'static Rule, String> {
    let mut found = RULES.iter().filter(|rule| rule.is_for(unit.kind, &leaf.pattern));
    match (found.next(), found.next()) {
        (Some(rule), None) => Ok(rule),
        (None, _) => Err("no rule maps it to a field".to_owned()),
        (Some(_), Some(_)) => Err("two rules map it".to_owned()),
    }
}

#[test]
fn every_leaf_of_every_round_is_held_by_a_typed_field() {
    let told = Told::ask(&desk::with_fixtures());
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut missing = Vec::new();
    for unit in &units::all() {
        let count = counts.entry(unit.kind).or_default();
        count.units += 1;
        if unit.is_unverified() && told.event(&unit.key).is_some() {
            missing.push(format!("{}: unverified, and recorded all the same", unit.key));
        }
        for leaf in unit.leaves() {
            count.leaves += 1;
            if unit.leaves_out(&leaf) {
                count.left_out += 1;
                if unit.kind == "conflict" && told.holds_value(unit, &leaf) {
                    missing.push(format!("{}{}: an unverified value is held", unit.key, leaf.pointer));
                }
                continue;
            }
            let checked = rule_for(unit, &leaf).and_then(|rule| {
                used.insert(std::ptr::from_ref(rule));
                rule.check(unit, &leaf, &leaf.value, &told)
            });
            match checked {
                Ok(()) => count.checked += 1,
                Err(why) => missing.push(format!("{} {}: {why}", unit.key, leaf.pointer)),
            }
        }
    }
    let unused = RULES.iter().filter(|rule| !used.contains(&std::ptr::from_ref(*rule)));
    missing.extend(unused.map(|rule| format!("the rule {:?} {} matches no leaf", rule.kinds, rule.leaf)));
    let keys: BTreeSet<String> = units::all().iter().map(|unit| unit.key.clone()).collect();
    let stray = told.keys().filter(|key| !keys.contains(*key) && !told::is_part(key));
    missing.extend(stray.map(|key| format!("{key}: recorded, and no unit of the file")));
    print(&counts, missing.len());
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_comparison_of_rounds_fails_on_another_value() {
    let told = Told::ask(&desk::with_fixtures());
    let mut blind = Vec::new();
    for unit in &units::all() {
        for leaf in unit.leaves().iter().filter(|leaf| !unit.leaves_out(leaf)) {
            let other = another(&leaf.value);
            if rule_for(unit, leaf).is_ok_and(|rule| rule.check(unit, leaf, &other, &told).is_ok()) {
                blind.push(format!(
                    "{} {} passes with {other} for {}",
                    unit.key, leaf.pointer, leaf.value
                ));
            }
        }
    }
    assert!(blind.is_empty(), "{}", blind.join("\n"));
}

fn print(counts: &BTreeMap<&str, Count>, missing: usize) {
    let line = |name: &str, c: &Count| {
        println!(
            "{name:<24}{:>6}{:>9}{:>9}{:>12}",
            c.units, c.leaves, c.checked, c.left_out
        );
    };
    println!(
        "{:<24}{:>6}{:>9}{:>9}{:>12}",
        "eu-rounds-1-18", "units", "pointers", "checked", "unverified"
    );
    let mut total = Count::default();
    for (kind, count) in counts {
        line(kind, count);
        total.units += count.units;
        total.leaves += count.leaves;
        total.checked += count.checked;
        total.left_out += count.left_out;
    }
    line("total", &total);
    println!("{missing} missing");
}
