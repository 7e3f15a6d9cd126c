//! Comparisons of what a unit says with what a field holds: each is a conversion, none holds a value of the file.

mod senders;
mod vessels;

pub(super) use senders::*;
pub(super) use vessels::*;

use super::told::Told;
use super::units::{Leaf, Unit};
use serde_json::Value;

/// What is compared.
pub(super) struct Look<'a> {
    /// The leaf's value.
    pub(super) said: &'a Value,
    /// The field's value.
    pub(super) found: &'a Value,
    /// The unit's event.
    pub(super) all: &'a Value,
    /// The unit.
    pub(super) unit: &'a Unit,
    /// The leaf.
    pub(super) leaf: &'a Leaf,
    /// What the desk says about the others.
    pub(super) told: &'a Told,
}

/// A comparison.
pub(super) type Check = fn(&Look<'_>) -> bool;

impl Look<'_> {
    fn text(&self) -> &str {
        self.said.as_str().unwrap_or_default()
    }

    fn on(&self, found: &Value, check: Check) -> bool {
        check(&Look { found, ..*self })
    }

    fn number(&self) -> Option<f64> {
        self.said.as_f64()
    }

    /// The round named by the field.
    fn round(&self) -> &Value {
        self.told.round(self.found.as_str().unwrap_or_default())
    }

    fn mirror(&self, is: impl Fn(&Value) -> bool) -> bool {
        items(&self.round()["mirrors"]).any(is)
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The same text, truth value, or null.
pub(super) fn same(look: &Look<'_>) -> bool {
    look.said == look.found
}

/// `high` as `HIGH`.
pub(super) fn word(look: &Look<'_>) -> bool {
    look.found == &Value::from(look.text().to_uppercase())
}

/// A number written as text; null where there is none.
pub(super) fn written_number(look: &Look<'_>) -> bool {
    if look.said.is_null() {
        return look.found.is_null();
    }
    let said = look.text().parse::<f64>().ok();
    said.is_some() && said == look.found.as_f64()
}

/// `EL`, the EU's code for Greece, and `UK` have other ISO codes.
fn slug_of_code(code: &str) -> String {
    match code {
        "EL" => "gr".to_owned(),
        "UK" => "gb".to_owned(),
        _ => code.to_lowercase(),
    }
}

/// `HU` as the slug `hu`.
pub(super) fn code(look: &Look<'_>) -> bool {
    look.found == &Value::from(slug_of_code(look.text()))
}

/// A source's id as its slug; a file of a repository as the source registered for it, with the place in the file.
pub(super) fn source(look: &Look<'_>) -> bool {
    cites(look.found, look.text())
}

fn cites(citation: &Value, id: &str) -> bool {
    match id
        .strip_prefix("opensanctions: ")
        .and_then(|rest| rest.split_once(" ("))
    {
        Some((_, place)) => {
            citation["source"]["slug"] == "eus-opensanctions-journal"
                && place.strip_suffix(')') == citation["locator"].as_str()
        }
        None => citation["source"]["slug"] == *format!("eus-{id}"),
    }
}

/// The publisher, with the outlets that it repeats: `Babel citing Reuters`, `Reuters via Devdiscourse`.
pub(super) fn publisher(look: &Look<'_>) -> bool {
    let by = look.found["publisher"].as_str().unwrap_or_default();
    let citing: Vec<&str> = items(&look.found["citing"]).filter_map(Value::as_str).collect();
    let citing = citing.join(" and ");
    let written = look.text();
    if citing.is_empty() {
        written == by
    } else {
        written == format!("{by} citing {citing}") || written == format!("{citing} via {by}")
    }
}

fn stage_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "announced" => "ANNOUNCED",
        "proposed" => "PROPOSED",
        "discussed" => "DISCUSSED",
        "blocked" => "BLOCKED",
        "veto_lifted" => "UNBLOCKED",
        "political_agreement" => "AGREED",
        "written_procedure" => "PROCEDURE_OPENED",
        "adopted" => "ADOPTED",
        "oj_published" => "PUBLISHED",
        "in_force" => "IN_FORCE",
        _ => return None,
    })
}

/// The file's words for stages are not ours.
pub(super) fn stage(look: &Look<'_>) -> bool {
    stage_of(look.text()).is_some_and(|stage| look.found == stage)
}

/// A reason; `same` is that of the stage before.
pub(super) fn reason(look: &Look<'_>) -> bool {
    if look.text() != "same" {
        return same(look);
    }
    let before = look.unit.key.rsplit_once('-').and_then(|(stage, at)| {
        let at = at.parse::<usize>().ok()?.checked_sub(1)?;
        look.told.event(&format!("{stage}-{at}"))
    });
    before.is_some_and(|e| e["fact"]["reason"].is_string() && e["fact"]["reason"] == *look.found)
}

/// A planned adoption is an expectation.
pub(super) fn planned(look: &Look<'_>) -> bool {
    look.text() == "planned_adoption" && look.found == "ADOPTED"
}

fn application(fact: &Value) -> (&'static str, &Value) {
    if fact["appliesFrom"].is_null() {
        ("applies_until", &fact["appliesUntil"])
    } else {
        ("applies_from", &fact["appliesFrom"])
    }
}

/// Measures apply, rounds do not.
pub(super) fn applies(look: &Look<'_>) -> bool {
    application(look.found).0 == look.text()
}

/// The date from or until which a measure applies.
pub(super) fn application_edtf(look: &Look<'_>) -> bool {
    look.on(&application(look.found).1["edtf"], same)
}

/// How finely that date is given.
pub(super) fn application_precision(look: &Look<'_>) -> bool {
    look.on(application(look.found).1, precision)
}

/// How finely a date is given, or what kind of EDTF it is.
pub(super) fn precision(look: &Look<'_>) -> bool {
    let date = look.found;
    let begins = |with: &str| date["edtf"].as_str().is_some_and(|edtf| edtf.starts_with(with));
    let fine = |precision: &str| date["precision"] == precision && !begins("[") && !begins("{");
    let month = || fine("MONTH") || fine("PART_OF_MONTH");
    let (about, doubted) = (date["approximate"] == true, date["uncertain"] == true);
    match look.text() {
        "day" => fine("DAY") && !about && !doubted,
        "day (approximate)" => fine("DAY") && about,
        "month" => month() && !about && !doubted,
        "month (approximate)" => month() && about,
        "interval" => date["edtf"].as_str().is_some_and(|edtf| edtf.contains('/')),
        "one-of" => begins("[") && !begins("[.."),
        "all-of" => begins("{"),
        "deadline" => begins("[.."),
        _ => false,
    }
}

/// The first and the last day that a date allows.
pub(super) fn bounds(look: &Look<'_>) -> bool {
    bounds_are(look.found, look.text())
}

fn bounds_are(date: &Value, written: &str) -> bool {
    let day = |name: &str| date[name].as_str().unwrap_or_default();
    written == format!("{}/{}", day("earliest"), day("latest"))
}

/// A round said to be adopted has the stage on its path.
pub(super) fn status(look: &Look<'_>) -> bool {
    let wanted = stage_of(look.text());
    let path = &look.told.round(&look.unit.key)["path"];
    wanted.is_some() && items(path).any(|r| r["stage"].as_str() == wanted)
}

fn on_path<'a>(look: &'a Look<'_>) -> impl DoubleEndedIterator<Item = &'a Value> {
    let word = look.leaf.pattern.rsplit('/').next().unwrap_or_default();
    let stage = stage_of(word);
    let path = look.told.round(&look.unit.key)["path"].as_array();
    let path = path.into_iter().flatten();
    path.filter(move |r| r["stage"].as_str() == stage)
        .map(|r| &r["reachedOn"]["edtf"])
}

/// When the stage was first reached; null where it was not.
pub(super) fn first_on_path(look: &Look<'_>) -> bool {
    on_path(look).next().unwrap_or(&Value::Null) == look.said
}

/// When the stage was last reached; null where it was not.
pub(super) fn last_on_path(look: &Look<'_>) -> bool {
    on_path(look).next_back().unwrap_or(&Value::Null) == look.said
}

fn all_cite<'a>(look: &Look<'_>, events: impl Iterator<Item = &'a Value>, sources: &str) -> bool {
    let at = look.leaf.indices[0];
    let mut events = events.filter(|e| !e["entry"]["evidence"].is_null()).peekable();
    let many = look.unit.json[sources].as_array().map(Vec::len);
    events.peek().is_some()
        && events.all(|e| {
            let citations = e["entry"]["evidence"]["citations"].as_array();
            citations.map(Vec::len) == many && citations.is_some_and(|c| cites(&c[at], look.text()))
        })
}

/// Every measure of the round rests on these sources.
pub(super) fn measures_source(look: &Look<'_>) -> bool {
    let prefix = format!("{}/measure-", look.unit.key);
    all_cite(look, look.told.under(&prefix), "measures_source")
}

/// A measure's words, its round and its sector.
pub(super) fn measure(look: &Look<'_>) -> bool {
    let Some((round, rest)) = look.unit.key.split_once("/measure-") else {
        return false;
    };
    let sector = rest
        .rsplit_once('-')
        .map_or(rest, |(sector, _)| sector)
        .replace('_', "-");
    look.found["round"]["slug"] == *round
        && look.found["sector"]["slug"] == *format!("sector-{sector}")
        && look.on(&look.found["summary"], same)
}

/// What is counted, in words; the words say what kind of number it is, and of what kind of thing.
pub(super) fn count_words(look: &Look<'_>) -> bool {
    let text = look.text();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let basis = match () {
        () if says(&["total"]) => "STATED_TOTAL",
        () if says(&["announced", "draft", "proposal", "pre-adoption", "at agreement"]) => "ANNOUNCED",
        () if says(&["mirrored"]) => "MIRRORED",
        () if says(&["independent list"]) => "INDEPENDENT",
        () if text.starts_with("of the ") => "PART",
        () => "ADDED",
    };
    let things: &[&str] = match () {
        () if says(&["SWIFT"]) => &["swift-banks"],
        () if says(&["banks"]) => &["transaction-ban-banks"],
        () if says(&["export control"]) => &["export-control-entities"],
        () if says(&["vessel", "ship"]) => &["vessels"],
        () if says(&["Duma"]) => &["duma-members"],
        () if says(&["heads"]) => &["named-heads"],
        () if text == "together" || says(&["persons and entities"]) => {
            &["persons-and-entities", "other-persons-and-entities"]
        }
        () if says(&["persons"]) => &["persons", "other-persons"],
        () => &["entities"],
    };
    let is_other = look.found["counted"]
        .as_str()
        .is_some_and(|of| of.starts_with("other-"));
    look.found["basis"] == basis
        && things.iter().any(|of| look.found["counted"] == *of)
        && is_other == says(&["other ", "besides"])
        && look.on(&look.found["quantity"]["what"], same)
}

/// A number, or the lower end that is itself out.
pub(super) fn counted(look: &Look<'_>) -> bool {
    let quantity = look.found;
    let (value, min) = (quantity["value"].as_f64(), quantity["min"].as_f64());
    look.number().is_some() && (value == look.number() || (min == look.number() && quantity["minExclusive"] == true))
}

/// An act as it is cited, its kind, and its round.
pub(super) fn act(look: &Look<'_>) -> bool {
    let kind = match look.text() {
        name if name.contains("Implementing Regulation") => "IMPLEMENTING_REGULATION",
        name if name.contains("Regulation") => "REGULATION",
        name if name.contains("Decision") => "DECISION",
        _ => return false,
    };
    let round = look.unit.key.split('/').next().unwrap_or_default();
    let rounds: Vec<&Value> = items(&look.found["rounds"]).map(|r| &r["slug"]).collect();
    look.found["actKind"] == kind && rounds == [&Value::from(round)] && look.on(&look.found["number"], same)
}

/// The number of an amended act, and the source's words where they say more than that.
pub(super) fn amends(look: &Look<'_>) -> bool {
    let words: Vec<&str> = items(&look.found["amendsWords"]).filter_map(Value::as_str).collect();
    let amended: Vec<&str> = items(&look.found["amends"])
        .filter_map(|act| act["number"].as_str())
        .collect();
    let ends = |number: &str, with: &str| number == with || number.ends_with(&format!(" {with}"));
    match (words.as_slice(), amended.as_slice()) {
        ([words], []) => *words == look.text(),
        ([words], [number]) => *words == look.text() && words.starts_with(*number),
        ([], [number]) => ends(number, look.text()),
        _ => false,
    }
}

/// A date; null where there is none.
pub(super) fn date_or_none(look: &Look<'_>) -> bool {
    look.on(
        if look.found.is_null() {
            look.found
        } else {
            &look.found["edtf"]
        },
        same,
    )
}

/// An act outside a round: a listing or a renewal.
pub(super) fn between(look: &Look<'_>) -> bool {
    let kind = match look.text() {
        "listing outside a package" => "LISTING",
        "renewal" => "RENEWAL",
        _ => return false,
    };
    look.found["actKind"] == kind && items(&look.found["rounds"]).next().is_none()
}

/// Among the values, this one; where it is written as a date, it is held as one too.
pub(super) fn rival(look: &Look<'_>) -> bool {
    let is_date = look.text().starts_with("20") && look.text().bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let held = |v: &Value| v["value"] == *look.said && (!is_date || v["date"]["edtf"] == *look.said);
    items(look.found).any(held)
}

/// The source at the same place of the same value's citations.
pub(super) fn rival_source(look: &Look<'_>) -> bool {
    let [claim, at] = look.leaf.indices[..] else {
        return false;
    };
    let claim = &look.unit.json["claims"][claim];
    let many = claim["source"].as_array().map(Vec::len);
    items(look.found).filter(|v| v["value"] == claim["value"]).any(|v| {
        let citations = v["citations"].as_array();
        citations.map(Vec::len) == many && citations.is_some_and(|c| cites(&c[at], look.text()))
    })
}

/// The desk found it, too.
pub(super) fn weekday_mismatch(look: &Look<'_>) -> bool {
    look.said == true && items(look.found).any(|flag| flag["rule"] == "WEEKDAY_MISMATCH")
}

/// A rule of usage.
pub(super) fn numbering_rule(look: &Look<'_>) -> bool {
    look.found["happeningKind"] == "TERMINOLOGY" && look.on(&look.found["summary"], same)
}

/// Every rule of usage rests on these sources.
pub(super) fn numbering_source(look: &Look<'_>) -> bool {
    all_cite(look, look.told.under("numbering/"), "source")
}

/// Our words on a phrase; what they say of its date is in the date too.
pub(super) fn phrase_note(look: &Look<'_>) -> bool {
    let (text, date) = (look.text(), &look.found["happenedOn"]);
    let qualifier = text.strip_prefix("qualifier ").map(|rest| {
        let end = rest.find(';').unwrap_or(rest.len());
        rest[..end].to_uppercase()
    });
    let bounds = text.split_once("bounds ").map(|(_, bounds)| bounds);
    look.on(&look.found["summary"], same)
        && date["qualifier"].as_str().map(str::to_owned) == qualifier
        && bounds.is_none_or(|bounds| bounds_are(date, bounds))
        && (date["openTail"] == true) == text.contains("open tail")
        && look.all["fact"]["happeningKind"] == "BACKGROUND"
}
