//! The ledger: every leaf of every fact, of the newsroom report and of the year 2025, is read back from a typed GraphQL field and compared.
//!
//! The desk records the fixtures through its own mutations. [`rules`] says, by kind of fact and JSON pointer, which
//! field of the answer holds a leaf and how the two are compared; it holds addresses and conversions, no values. A leaf
//! without a rule fails, and so does a rule without a leaf.

mod checks;
mod desk;
mod facts;
mod rounds;
mod rules;
mod told;
mod year;

use facts::{Fact, Leaf};
use rules::{RULES, Rule};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use told::Told;

/// What became of the leaves of one kind of fact.
#[derive(Default)]
struct Count {
    facts: usize,
    leaves: usize,
    prose: usize,
    mapped: usize,
    checked: usize,
}

/// The rule for a leaf; an error where there is none, or where two claim it.
fn rule_for(rules: &'static [Rule], fact: &Fact, leaf: &Leaf) -> Result<&'static Rule, String> {
    let mut found = rules.iter().filter(|rule| rule.is_for(&fact.kind, &leaf.pattern));
    match (found.next(), found.next()) {
        (Some(rule), None) => Ok(rule),
        (None, _) => Err("no rule maps it to a field".to_owned()),
        (Some(_), Some(_)) => Err("two rules map it".to_owned()),
    }
}

/// Compares every leaf of every fact with its field, prints the counts, and gives what is missing.
fn compare(facts: &[Fact], rules: &'static [Rule], told: &Told) -> Vec<String> {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut missing = Vec::new();
    for fact in facts {
        let count = counts.entry(&fact.kind).or_default();
        count.facts += 1;
        for leaf in fact.leaves() {
            count.leaves += 1;
            count.prose += usize::from(leaf.is_prose());
            let rule = rule_for(rules, fact, &leaf);
            count.mapped += usize::from(rule.is_ok());
            let checked = rule.and_then(|rule| {
                used.insert(std::ptr::from_ref(rule));
                rule.check(fact, &leaf, &leaf.value, told)
            });
            match checked {
                Ok(()) => count.checked += 1,
                Err(why) => missing.push(format!("{}{}: {why}", fact.id, leaf.pointer)),
            }
        }
    }
    let unused = rules.iter().filter(|rule| !used.contains(&std::ptr::from_ref(*rule)));
    missing.extend(unused.map(|rule| format!("the rule {:?} {} matches no leaf", rule.kinds, rule.leaf)));
    print(&counts, missing.len());
    missing
}

/// The leaves whose comparison passes with another value too.
fn blind(facts: &[Fact], rules: &'static [Rule], told: &Told) -> Vec<String> {
    let mut blind = Vec::new();
    for fact in facts {
        for leaf in fact.leaves() {
            let other = another(&leaf.value);
            if rule_for(rules, fact, &leaf).is_ok_and(|rule| rule.check(fact, &leaf, &other, told).is_ok()) {
                blind.push(format!(
                    "{}{} passes with {other} for {}",
                    fact.id, leaf.pointer, leaf.value
                ));
            }
        }
    }
    blind
}

#[test]
fn every_leaf_of_every_fact_is_held_by_a_typed_field() {
    let facts = facts::all();
    let told = Told::ask(&desk::with_fixtures());
    let mut missing = compare(&facts, RULES, &told);
    let publisher = facts::publisher();
    for fact in &facts {
        let cited = told.of(&fact.id).map(|all| &all["entry"]["evidence"]["citations"]);
        let by: Option<Vec<&Value>> =
            cited.and_then(|c| Some(c.as_array()?.iter().map(|c| &c["source"]["publisher"]).collect()));
        if by != Some(vec![&publisher]) {
            missing.push(format!("{}: rests on {by:?}, not on the report alone", fact.id));
        }
    }
    missing.extend(blind(&facts, RULES, &told));
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert_eq!(facts.len(), facts::stated_total(), "the file's own count of facts");
}

#[test]
fn every_leaf_of_the_year_is_held_by_a_typed_field() {
    let facts = facts::of_the_year();
    let told = year::told(&desk::with_fixtures());
    let mut missing = compare(&facts, year::RULES, &told);
    missing.extend(blind(&facts, year::RULES, &told));
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// A value of the same type that the fact does not hold.
fn another(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(format!("{text}x")),
        Value::Number(number) => Value::from(number.as_f64().unwrap_or_default() + 1.0),
        Value::Bool(yes) => Value::from(!yes),
        _ => Value::from("x"),
    }
}

fn print(counts: &BTreeMap<&str, Count>, missing: usize) {
    println!(
        "{:<24}{:>6}{:>9}{:>7}{:>8}{:>9}",
        "kind", "facts", "pointers", "prose", "mapped", "checked"
    );
    let mut total = Count::default();
    for (kind, count) in counts {
        line(kind, count);
        total.facts += count.facts;
        total.leaves += count.leaves;
        total.prose += count.prose;
        total.mapped += count.mapped;
        total.checked += count.checked;
    }
    line("total", &total);
    println!("{missing} missing");
}

fn line(name: &str, count: &Count) {
    let Count {
        facts,
        leaves,
        prose,
        mapped,
        checked,
    } = count;
    println!("{name:<24}{facts:>6}{leaves:>9}{prose:>7}{mapped:>8}{checked:>9}");
}
