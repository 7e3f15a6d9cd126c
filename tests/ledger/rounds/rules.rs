//! Which field of the answer holds which leaf of which kind of unit, and how the two are compared.

use super::checks::*;
use super::told::Told;
use super::units::{Leaf, Unit};
use serde_json::Value;

/// Where the leaves of one pattern are held.
pub(super) struct Rule {
    /// The kinds of unit; none means all.
    pub(super) kinds: &'static [&'static str],
    /// The leaf's JSON pointer in the unit, `*` for an index.
    pub(super) leaf: &'static str,
    /// The JSON pointer in the unit's event; `*` is the same index, in a list of the same length.
    field: &'static str,
    check: Check,
}

impl Rule {
    /// Whether the rule is for leaves of this pattern in units of this kind.
    pub(super) fn is_for(&self, kind: &str, pattern: &str) -> bool {
        self.leaf == pattern && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    /// Compares `said`, which stands or might stand at the leaf, with the field.
    pub(super) fn check(&self, unit: &Unit, leaf: &Leaf, said: &Value, told: &Told) -> Result<(), String> {
        let none = Value::Null;
        let all = match told.event(&unit.key) {
            Some(event) => event,
            None if self.field.is_empty() => &none,
            None => return Err("no event was recorded under its key".to_owned()),
        };
        let mut field = self.field.to_owned();
        if let (Some(at), Some(index)) = (field.find('*'), leaf.indices.last()) {
            let listed = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_array).map(Vec::len);
            let star = leaf.pattern.rfind("/*").unwrap_or_default();
            let (here, there) = (listed(&unit.json, &leaf.pattern[..star]), listed(all, &field[..at - 1]));
            if here != there {
                return Err(format!("{here:?} items are said, {} holds {there:?}", &field[..at - 1]));
            }
            field.replace_range(at..=at, &index.to_string());
        }
        let found = all.pointer(&field).ok_or_else(|| format!("there is no {field}"))?;
        let look = Look {
            said,
            found,
            all,
            unit,
            leaf,
            told,
        };
        if (self.check)(&look) {
            Ok(())
        } else {
            Err(format!("{field} holds {found}, which is not {said}"))
        }
    }
}

const fn of(kinds: &'static [&'static str], leaf: &'static str, field: &'static str, check: Check) -> Rule {
    Rule {
        kinds,
        leaf,
        field,
        check,
    }
}

const ROUND: &[&str] = &["round"];
const STAGE: &[&str] = &["stage"];
const CITED: &[&str] = &[
    "stage",
    "planned-stage",
    "application",
    "count",
    "act",
    "alias",
    "between",
    "other-sender",
];
const SURE: &[&str] = &["stage", "planned-stage", "application", "count", "other-sender"];
const PLANNED: &[&str] = &["planned-stage"];
const APPLIES: &[&str] = &["application"];
const COUNT: &[&str] = &["count"];
const ACT: &[&str] = &["act"];
const CONFLICT: &[&str] = &["conflict"];
const BETWEEN: &[&str] = &["between"];
const OTHER: &[&str] = &["other-sender"];
const VESSELS: &[&str] = &["vessels"];
const PHRASE: &[&str] = &["date-phrase"];
const SOURCE: &[&str] = &["source"];

const CITATION: &str = "/entry/evidence/citations/*";
const CONFIDENCE: &str = "/entry/evidence/confidence";
const NOTE: &str = "/entry/evidence/note";

/// The whole mapping. A field that is empty is looked for elsewhere: see the check.
pub(super) static RULES: &[Rule] = &[
    of(CITED, "/source/*", CITATION, source),
    of(SURE, "/confidence", CONFIDENCE, word),
    // Rounds.
    of(ROUND, "/id", "/fact/slug", same),
    of(ROUND, "/number", "/fact/roundNumber", written_number),
    of(ROUND, "/sort_key", "/fact/order", written_number),
    of(ROUND, "/name", "/fact/title", same),
    of(ROUND, "/trigger", "/fact/trigger", same),
    of(ROUND, "/numbering_note", "/fact/numbering", same),
    of(ROUND, "/status", "", status),
    of(ROUND, "/measures_source/*", "", measures_source),
    of(ROUND, "/summary/announced", "", first_on_path),
    of(ROUND, "/summary/proposed", "", first_on_path),
    of(ROUND, "/summary/political_agreement", "", last_on_path),
    of(ROUND, "/summary/adopted", "", first_on_path),
    of(ROUND, "/summary/oj_published", "", first_on_path),
    of(ROUND, "/summary/in_force", "", first_on_path),
    of(&["alias"], "/label", "/fact/name", same),
    of(&["measure"], "", "/fact", measure),
    // Stages.
    of(STAGE, "/stage", "/fact/stage", stage),
    of(STAGE, "/edtf", "/fact/reachedOn/edtf", same),
    of(STAGE, "/precision", "/fact/reachedOn", precision),
    of(STAGE, "/qualifier", "/fact/reachedOn/qualifier", word),
    of(STAGE, "/bounds", "/fact/reachedOn", bounds),
    of(STAGE, "/body", "/fact/body", same),
    of(STAGE, "/reason", "/fact/reason", reason),
    of(STAGE, "/by/*", "/fact/by/*/slug", code),
    of(STAGE, "/concerns/*", "/fact/concerns/*/slug", code),
    of(STAGE, "/reservation/*", "/fact/reservations/*/slug", code),
    of(STAGE, "/note", NOTE, same),
    of(PLANNED, "/stage", "/fact/expectedStage", planned),
    of(PLANNED, "/edtf", "/fact/expectedIn/edtf", same),
    of(PLANNED, "/precision", "/fact/expectedIn", precision),
    of(PLANNED, "/note", NOTE, same),
    of(APPLIES, "/stage", "/fact", applies),
    of(APPLIES, "/edtf", "/fact", application_edtf),
    of(APPLIES, "/precision", "/fact", application_precision),
    of(APPLIES, "/note", "/fact/summary", same),
    // Counts.
    of(COUNT, "/what", "/fact", count_words),
    of(COUNT, "/value", "/fact/quantity", counted),
    of(COUNT, "/note", "/fact/quantity/note", same),
    // Acts.
    of(ACT, "/act", "/fact", act),
    of(ACT, "/celex", "/fact/celex", same),
    of(ACT, "/eli", "/fact/eli", same),
    of(ACT, "/celex_eli", "/fact/identifiersBasis", same),
    of(ACT, "/amends", "/fact", amends),
    of(ACT, "/date", "/fact/adoptedOn", date_or_none),
    of(BETWEEN, "/title", "/fact/actTitle", same),
    of(BETWEEN, "/edtf", "/fact/adoptedOn/edtf", same),
    of(BETWEEN, "/kind", "/fact", between),
    // Values that compete.
    of(CONFLICT, "/field", "/fact/field", same),
    of(CONFLICT, "/resolution", "/fact/resolution", same),
    of(CONFLICT, "/claims/*/value", "/fact/values", rival),
    of(CONFLICT, "/claims/*/source/*", "/fact/values", rival_source),
    of(CONFLICT, "/claims/*/weekday_mismatch", "/entry/flags", weekday_mismatch),
    // Other senders.
    of(OTHER, "/sender", "/fact/senders", senders),
    of(OTHER, "/title", "/fact/title", same),
    of(OTHER, "/edtf", "/fact/slug", reached),
    of(OTHER, "/precision", "/fact/slug", reached_precision),
    of(OTHER, "/mirrors/*", "/fact/slug", mirrored),
    of(OTHER, "/lag_days", "/fact/slug", lag),
    of(OTHER, "/lag_days/eu-ru-01", "/fact/slug", lag_of_round),
    of(OTHER, "/lag_days/eu-ru-02", "/fact/slug", lag_of_round),
    of(OTHER, "/partial", "/fact/slug", partial),
    of(OTHER, "/coordinated", "/fact/slug", coordinated),
    of(OTHER, "/rule", "/fact/slug", mirror_rule),
    of(OTHER, "/days", "/fact/slug", due_days),
    of(OTHER, "/counts/measures", "/fact/slug", other_count),
    of(OTHER, "/counts/vessels", "/fact/slug", other_count),
    of(OTHER, "/note", "", note_of_stage),
    of(OTHER, "/stages/*/stage", "", other_stage),
    of(OTHER, "/stages/*/edtf", "", other_stage_edtf),
    of(OTHER, "/stages/*/text", "", other_stage_text),
    of(OTHER, "/stages/*/tail", "", other_stage_tail),
    of(OTHER, "/stages/*/note", "", other_stage_note),
    // Vessels.
    of(VESSELS, "/act", "/fact/round/slug", same),
    of(VESSELS, "/official", "", official),
    of(VESSELS, "/independent_list", "", independent),
    of(VESSELS, "/stated_total", "", stated_total),
    of(VESSELS, "/implied_removals", "", removed),
    of(VESSELS, "/sum_from_previous_total", "", sum_from_previous_total),
    of(VESSELS, "/note", NOTE, same),
    of(&["vessels-heading"], "/note", "", note_of_removals),
    of(&["vessels-heading"], "/source/*", "", vessel_source),
    // Numbering, phrases, sources.
    of(&["numbering-rule"], "", "/fact", numbering_rule),
    of(&["numbering-heading"], "/source/*", "", numbering_source),
    of(PHRASE, "/text", "/fact/happenedOn/phrase", same),
    of(PHRASE, "/edtf", "/fact/happenedOn/edtf", same),
    of(PHRASE, "/note", "/fact", phrase_note),
    of(PHRASE, "/source/*", CITATION, source),
    of(SOURCE, "/url", "/fact/url", same),
    of(SOURCE, "/publisher", "/fact", publisher),
    of(SOURCE, "/reliability", "/fact/reliability", same),
    of(SOURCE, "/kind", "/fact/kindWords", same),
];
