//! Comparisons for the year: conversions, no values.

use super::super::checks::{Look, code, same, word};
use super::super::told::BACKGROUND;
use chrono::DateTime;
use serde_json::Value;

/// Words of the facts for topics that the desk calls otherwise.
const TOPICS: [(&str, &str); 4] = [
    ("plan_terms", "peace-plan"),
    ("territory", "territorial-questions"),
    ("znpp", "nuclear-plant"),
    ("nato", "nato-membership"),
];

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The key under which the event's command was sent.
pub(super) fn key_of_the_year(look: &Look<'_>) -> bool {
    look.found.as_str().and_then(|key| key.strip_prefix(BACKGROUND)) == Some(look.text())
}

/// The event that records this kind of event, and what tells kinds apart that share one.
pub(super) fn kind_of_the_year(look: &Look<'_>) -> bool {
    let record = &look.all["record"];
    let is = |kind: &str| look.found == kind;
    let happening = |kind: &str| is("HappeningRecorded") && record["happening"] == kind;
    let version = || is("PlanVersionRecorded") || is("PlanVersionChanged");
    let reached = |wanted: &[&str]| version() && wanted.iter().any(|status| record["reached"] == *status);
    let linked = |kind: &str| look.any_link(|_, link| link["link"] == kind);
    match look.text() {
        "meeting_held" => is("MeetingHeld") && record["form"] == "MEETING",
        "call_held" => is("MeetingHeld") && record["form"] == "CALL",
        "meeting_scheduled" => is("MeetingScheduled"),
        "meeting_cancelled" => is("MeetingCancelled"),
        "meeting_postponed" => is("MeetingPostponed"),
        "claim" => is("ClaimRecorded") || is("ExpectationRecorded"),
        "correction" => is("ClaimRecorded") && linked("CORRECTS"),
        "position_taken" => is("PositionTaken"),
        "sanctions_round_stage" => is("StageRecorded"),
        "commitment_pledged" => is("CommitmentRecorded") && record["commitment"] != "OFFERED",
        "commitment_offered" => is("CommitmentRecorded") && record["commitment"] == "OFFERED",
        "plan_proposed" => reached(&["PROPOSED"]),
        "plan_revised" => version() && linked("REVISES"),
        "document_published" => reached(&["PUBLISHED", "LEAKED", "READ_OUT"]),
        "statement" => happening("STATEMENT"),
        "ceasefire" => happening("TRUCE"),
        "prisoner_exchange" => happening("PRISONER_EXCHANGE"),
        "personnel_change" => happening("PERSONNEL_CHANGE"),
        "agreement_announced" => happening("AGREEMENT"),
        "agreement_signed" => happening("SIGNING"),
        _ => false,
    }
}

/// `energy_relief` as `energy-relief`.
pub(super) fn hyphenated(look: &Look<'_>) -> bool {
    look.found.as_str() == Some(&look.text().replace('_', "-"))
}

/// The topic of this word.
pub(super) fn topic(look: &Look<'_>) -> bool {
    match TOPICS.iter().find(|(word, _)| *word == look.text()) {
        Some((_, slug)) => look.found == slug,
        None => hyphenated(look),
    }
}

/// The earliest day on which one of the cited sources was published; null where none has a date.
pub(super) fn earliest(look: &Look<'_>) -> bool {
    let dates = items(look.found).iter().map(|c| &c["source"]["publishedOn"]["edtf"]);
    let first = dates.filter_map(Value::as_str).min();
    look.said.as_str() == first && (first.is_some() || look.said.is_null())
}

/// The ways in which the facts write a publisher and whom it repeats.
fn writings(source: &Value) -> Vec<String> {
    let publisher = source["publisher"].as_str().unwrap_or_default();
    let citing: Vec<&str> = items(&source["citing"]).iter().filter_map(Value::as_str).collect();
    if citing.is_empty() {
        return vec![publisher.to_owned()];
    }
    let (commas, slashes) = (citing.join(", "), citing.join("/"));
    vec![
        format!("{slashes} via {publisher}"),
        format!("{publisher} (citing {commas})"),
        format!("{publisher} (citing {slashes} sources)"),
        format!("{publisher} (quoting {})", citing.join(" reporter ")),
        format!("{publisher} ({slashes})"),
        format!("{publisher} ({slashes} text)"),
        format!("{}, citing {commas})", publisher.trim_end_matches(')')),
    ]
}

/// A publisher, with the outlets that it repeats behind it.
pub(super) fn publisher(look: &Look<'_>) -> bool {
    writings(look.found).iter().any(|written| written == look.text())
}

/// The day of publication; null where it is not known.
pub(super) fn published(look: &Look<'_>) -> bool {
    look.on(&look.found["publishedOn"]["edtf"], same)
}

/// `url`: the day stands in the page's address. Other words stand as they are.
pub(super) fn basis(look: &Look<'_>) -> bool {
    match look.text() {
        "url" => look.found == "from the address of the page",
        _ => same(look),
    }
}

/// Every citation has this speaker.
pub(super) fn every_speaker(look: &Look<'_>) -> bool {
    look.every(|item| item.on(&item.found["attribution"]["speaker"], same))
}

/// In every citation the speaker is, or is not, anonymous.
pub(super) fn every_anonymous(look: &Look<'_>) -> bool {
    look.every(|item| item.on(&item.found["attribution"]["anonymous"], same))
}

/// A party by its name or an alias; an outlet also as the facts write publishers.
pub(super) fn name(look: &Look<'_>) -> bool {
    let named = &look.found["name"];
    let through = |citation: &Value| {
        let source = &citation["source"];
        let via = format!(
            "{} via {}",
            named.as_str().unwrap_or_default(),
            source["publisher"].as_str().unwrap_or_default()
        );
        via == look.text() || (source["publisher"] == *named && writings(source).iter().any(|w| w == look.text()))
    };
    look.on(named, same)
        || items(&look.found["aliases"]).iter().any(|alias| look.on(alias, same))
        || items(&look.all["record"]["evidence"]["citations"]).iter().any(through)
}

/// The role on that day; a dash where the source gives none.
pub(super) fn role(look: &Look<'_>) -> bool {
    match look.text() {
        "-" => look.found.is_null(),
        _ => same(look),
    }
}

/// The state or body for which a participant acts or which takes part itself; an outlet's country; `multiple` for people
/// of several states.
pub(super) fn behalf(look: &Look<'_>) -> bool {
    let party = &look.found["party"];
    let lower = look.text().to_lowercase();
    match (look.text(), look.found["of"]["slug"].as_str()) {
        ("multiple", of) => of.is_none() && party["partyKind"] == "GROUP" && party["country"].is_null(),
        (_, Some(of)) => lower == of && lower != look.text(),
        (_, None) if party["partyKind"] == "OUTLET" => look.on(&party["country"], same),
        (_, None) => party["slug"] == *lower && lower != look.text(),
    }
}

/// A place; several together where a meeting is split between them.
pub(super) fn place(look: &Look<'_>) -> bool {
    let names: Vec<&str> = items(look.found).iter().filter_map(|p| p["name"].as_str()).collect();
    match names.as_slice() {
        [one] => *one == look.text(),
        several => format!("{} (hybrid)", several.join(" / ")) == look.text(),
    }
}

/// Among further records, the expectation of this day for what the event's record is.
pub(super) fn expected_of_it(look: &Look<'_>) -> bool {
    look.any(|item| {
        item.found["expected"]["ref"] == item.all["entry"]["record"]["ref"]
            && item.on(&item.found["expectedIn"]["edtf"], same)
    })
}

/// Among further records, the expectation of this day for the round.
pub(super) fn expected_of_round(look: &Look<'_>) -> bool {
    look.any(|item| {
        item.found["expected"]["ref"] == item.all["record"]["round"]["slug"]
            && item.on(&item.found["expectedIn"]["edtf"], same)
    })
}

/// Among further records, the meeting's plan for this day.
pub(super) fn planned_before(look: &Look<'_>) -> bool {
    look.any(|item| {
        item.found["slug"] == item.all["record"]["meeting"]["slug"] && item.on(&item.found["plannedFor"]["edtf"], same)
    })
}

/// Among further records, a point on this condition.
pub(super) fn condition_of_point(look: &Look<'_>) -> bool {
    look.any(|item| item.on(&item.found["condition"], same))
}

/// The round of this number, among what a claim is about or of which something is expected.
pub(super) fn about_round(look: &Look<'_>) -> bool {
    let numbered = |to: &Value| {
        let number = &to["dossier"]["number"];
        number.is_number() && number == look.said
    };
    items(&look.found["about"]).iter().any(numbered) || numbered(&look.found["expected"])
}

/// A version of this document, or the version itself.
pub(super) fn version_of(look: &Look<'_>) -> bool {
    let plan = look.found["plan"]["slug"].as_str().unwrap_or_default();
    let version = look.found["version"].as_str().unwrap_or_default();
    look.text() == plan || look.text() == format!("{plan}/{version}")
}

/// Among references, one to this document or version.
pub(super) fn document_about(look: &Look<'_>) -> bool {
    look.any(|item| item.on(&item.found["ref"], same))
}

/// `UA says RU`: who says of whom.
pub(super) fn allegation(look: &Look<'_>) -> bool {
    let Some((by, against)) = look.text().split_once(" says ") else {
        return false;
    };
    let is = |said: &str, found: &Value| {
        code(&Look {
            said: &Value::from(said),
            found,
            ..*look
        })
    };
    is(by, &look.found["by"]["slug"]) && is(against, &look.found["against"]["slug"])
}

/// The same instant, in whatever zone it is written.
pub(super) fn instant(look: &Look<'_>) -> bool {
    let at = |value: &Value| DateTime::parse_from_rfc3339(value.as_str()?).ok();
    at(look.said).is_some() && at(look.said) == at(look.found)
}

/// A version's reference, or that of its plan where it has one version.
pub(super) fn version_ref(look: &Look<'_>) -> bool {
    let found = look.found.as_str().unwrap_or_default();
    let whole = found.split_once('/').map(|(plan, _)| plan);
    found == look.text() || (whole == Some(look.text()) && items(&look.all["versions"]).len() == 1)
}

/// The event that made the version or told of it, that its plan is about, or of which the version is a part.
pub(super) fn event_of_version(look: &Look<'_>) -> bool {
    let Some(event) = look.told.of(look.text()) else {
        return false;
    };
    let (plan, version) = (&look.all["plan"]["slug"], &look.found["version"]);
    let record = &event["record"];
    let tells = record["plan"]["slug"] == *plan && record["version"] == *version;
    let about = items(&record["about"]).iter().any(|to| to["ref"] == *plan);
    let id = look.found["ref"]["ref"].as_str().unwrap_or_default();
    let link = look.told.of(&format!("{id}/link-0"));
    let part = link.is_some_and(|link| {
        link["record"]["from"] == look.found["ref"]
            && link["record"]["link"] == "PART_OF"
            && link["record"]["to"] == event["entry"]["record"]
    });
    tells || about || part
}

/// Who wrote a version: a party, or `US (Witkoff, Kushner) with input of Dmitriev`.
pub(super) fn author(look: &Look<'_>) -> bool {
    let of_role = |role: &str| {
        let all = items(look.found).iter().filter(|p| p["role"] == *role);
        all.collect::<Vec<_>>()
    };
    let last = |person: &&Value| {
        let name = person["party"]["name"].as_str().unwrap_or_default();
        name.rsplit(' ').next().unwrap_or_default().to_owned()
    };
    let names = |of: &[&Value]| of.iter().map(last).collect::<Vec<_>>().join(", ");
    let (authors, helpers) = (of_role("author"), of_role("input"));
    let together = authors
        .first()
        .and_then(|first| first["of"]["slug"].as_str())
        .map(|of| {
            let (of, who, with) = (of.to_uppercase(), names(&authors), names(&helpers));
            format!("{of} ({who}) with input of {with}")
        });
    let alone = |author: &&Value| {
        let party = &author["party"];
        look.on(&party["name"], same) || look.on(&party["slug"], code)
    };
    together.as_deref() == Some(look.text()) || authors.iter().any(alone)
}

/// A number, or none.
pub(super) fn number_if_any(look: &Look<'_>) -> bool {
    look.said.as_f64() == look.found.as_f64() && (look.said.is_number() || look.said.is_null())
}

/// What a point says; null for one that nobody has seen, which is a gap.
pub(super) fn text_of_point(look: &Look<'_>) -> bool {
    match look.said.is_null() {
        true => look.found["__typename"] == "PlanGapRecorded",
        false => look.found["__typename"] == "PointRecorded" && look.on(&look.found["summary"], same),
    }
}

/// A point's reference; by its words where it has no number: `us-plan/28 frozen assets`.
pub(super) fn point(look: &Look<'_>) -> bool {
    let found = &look.found["ref"];
    match look.text().split_once(' ') {
        Some((version, words)) => found == &Value::from(format!("{version}#{}", words.replace(' ', "-"))),
        None => look.on(found, same),
    }
}

/// What became of a point: the facts' `deleted` is the desk's `DROPPED`.
pub(super) fn change(look: &Look<'_>) -> bool {
    match look.text() {
        "deleted" => look.found == "DROPPED",
        _ => word(look),
    }
}
