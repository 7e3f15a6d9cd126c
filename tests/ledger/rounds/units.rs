//! The rounds' file, cut into what one command each records.

use crate::ledger::facts::{self, fixture};
use serde_json::Value;
use std::fs;

pub(super) use crate::ledger::facts::Leaf;

/// One unit: a round without its lists, a stage, a count, an act, a source.
pub(super) struct Unit {
    /// The key of its command, after the file's prefix: `eu-ru-18/stage-3`.
    pub(super) key: String,
    /// Its kind: `stage`, `act`.
    pub(super) kind: &'static str,
    /// What stands in the file.
    pub(super) json: Value,
}

impl Unit {
    /// Whether it rests on memory alone, so that nothing is recorded of it.
    pub(super) fn is_unverified(&self) -> bool {
        self.json["source"] == "unverified"
    }

    /// Whether a leaf is left out: the unit, or the claim in which it stands, is unverified.
    pub(super) fn leaves_out(&self, leaf: &Leaf) -> bool {
        let claim = leaf.indices.first().filter(|_| leaf.pattern.starts_with("/claims/*"));
        self.is_unverified() || claim.is_some_and(|at| self.json["claims"][*at]["source"] == "unverified")
    }

    /// Every leaf.
    pub(super) fn leaves(&self) -> Vec<Leaf> {
        facts::leaves(&self.json)
    }
}

/// All units, in the order of the file.
pub(super) fn all() -> Vec<Unit> {
    let text = fs::read_to_string(fixture("facts/eu-rounds-1-18.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let mut units = Vec::new();
    for round in list(&mut file, "packages") {
        package(round, &mut units);
    }
    for (kind, member, key) in [
        ("between", "between_packages", "between"),
        ("other-sender", "other_senders", "other"),
        ("date-phrase", "date_phrases", "phrase"),
    ] {
        numbered(kind, &format!("{key}/"), list(&mut file, member), &mut units);
    }
    let rows = list(&mut file["vessel_ledger"], "rows");
    numbered("vessels", "vessels/", rows, &mut units);
    let rules = list(&mut file["numbering"], "rules");
    numbered("numbering-rule", "numbering/", rules, &mut units);
    for (id, json) in file["sources"].take().as_object().unwrap() {
        units.push(Unit {
            key: format!("source/{id}"),
            kind: "source",
            json: json.clone(),
        });
    }
    for (kind, member) in [("vessels-heading", "vessel_ledger"), ("numbering-heading", "numbering")] {
        units.push(Unit {
            key: member.to_owned(),
            kind,
            json: file[member].take(),
        });
    }
    let rest: Vec<&str> = file
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, v)| !v.is_null())
        .map(|(k, _)| k.as_str())
        .collect();
    assert_eq!(
        rest,
        ["meta"],
        "the file's words about itself are all that is not recorded"
    );
    units
}

fn package(mut round: Value, units: &mut Vec<Unit>) {
    let id = round["id"].as_str().unwrap().to_owned();
    for (kind, member, key) in [
        ("count", "counts", "count"),
        ("act", "legal_acts", "act"),
        ("conflict", "conflicts", "conflict"),
        ("alias", "aliases", "alias"),
    ] {
        numbered(kind, &format!("{id}/{key}-"), list(&mut round, member), units);
    }
    for (at, json) in list(&mut round, "stages").into_iter().enumerate() {
        let kind = match json["stage"].as_str().unwrap() {
            "planned_adoption" => "planned-stage",
            "applies_from" | "applies_until" => "application",
            _ => "stage",
        };
        let key = format!("{id}/stage-{at}");
        units.push(Unit { key, kind, json });
    }
    for (sector, mut texts) in round["measures"].take().as_object().unwrap().clone() {
        let texts = std::mem::take(texts.as_array_mut().unwrap());
        numbered("measure", &format!("{id}/measure-{sector}-"), texts, units);
    }
    for member in ["counts", "legal_acts", "conflicts", "aliases", "stages", "measures"] {
        round.as_object_mut().unwrap().remove(member);
    }
    units.push(Unit {
        key: id,
        kind: "round",
        json: round,
    });
}

fn list(of: &mut Value, member: &str) -> Vec<Value> {
    let taken = of.as_object_mut().unwrap().remove(member);
    taken.map(|v| v.as_array().unwrap().clone()).unwrap_or_default()
}

fn numbered(kind: &'static str, prefix: &str, items: Vec<Value>, units: &mut Vec<Unit>) {
    let unit = |(at, json)| Unit {
        key: format!("{prefix}{at}"),
        kind,
        json,
    };
    units.extend(items.into_iter().enumerate().map(unit));
}
