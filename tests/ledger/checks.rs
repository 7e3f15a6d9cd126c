//! Comparisons of what a fact says with what a field holds: each is a conversion, none holds a value of the facts.

use super::told::{REPORT, Told};
use serde_json::Value;

/// What is compared.
pub(super) struct Look<'a> {
    /// The leaf of the fact.
    pub(super) said: &'a Value,
    /// The field's value.
    pub(super) found: &'a Value,
    /// All that the desk says about the fact.
    pub(super) all: &'a Value,
    /// What it says about the other facts.
    pub(super) told: &'a Told,
}

/// A comparison.
pub(super) type Check = fn(&Look<'_>) -> bool;

impl Look<'_> {
    pub(super) fn text(&self) -> &str {
        self.said.as_str().unwrap_or_default()
    }

    pub(super) fn on(&self, found: &Value, check: Check) -> bool {
        check(&Look { found, ..*self })
    }

    pub(super) fn any(&self, check: Check) -> bool {
        self.found
            .as_array()
            .is_some_and(|items| items.iter().any(|item| self.on(item, check)))
    }

    pub(super) fn every(&self, check: Check) -> bool {
        self.found
            .as_array()
            .is_some_and(|items| !items.is_empty() && items.iter().all(|item| self.on(item, check)))
    }

    fn only(&self, check: Check) -> bool {
        self.found.as_array().is_some_and(|items| items.len() == 1) && self.every(check)
    }
}

/// The same text, truth value, or null.
pub(super) fn same(look: &Look<'_>) -> bool {
    look.said == look.found
}

/// The same number, however written.
pub(super) fn number(look: &Look<'_>) -> bool {
    look.said.is_number() && look.said.as_f64() == look.found.as_f64()
}

/// Nothing is said, and the list is empty.
pub(super) fn none(look: &Look<'_>) -> bool {
    look.said.is_null() && look.found.as_array().is_some_and(Vec::is_empty)
}

/// The only text of a list.
pub(super) fn only_text(look: &Look<'_>) -> bool {
    look.only(same)
}

/// The same text under `title` in every item.
pub(super) fn every_title(look: &Look<'_>) -> bool {
    look.every(|item| item.on(&item.found["title"], same))
}

/// The same text under `summary` in one of the items.
pub(super) fn summary_among(look: &Look<'_>) -> bool {
    look.any(|item| item.on(&item.found["summary"], same))
}

/// `own narration`, `in_person`, `on-record quotes` as `OWN_NARRATION`, `IN_PERSON`, `ON_RECORD_QUOTES`.
pub(super) fn word(look: &Look<'_>) -> bool {
    look.found
        .as_str()
        .is_some_and(|found| found == look.text().to_uppercase().replace([' ', '-'], "_"))
}

/// The facts' `assessment` is the desk's `ASSESSED`.
pub(super) fn hedge(look: &Look<'_>) -> bool {
    if look.text() == "assessment" {
        look.found == "ASSESSED"
    } else {
        word(look)
    }
}

/// A draft presented to those who decide is proposed: the stages have one word for both.
pub(super) fn stage(look: &Look<'_>) -> bool {
    if look.text() == "presented" {
        look.found == "PROPOSED"
    } else {
        word(look)
    }
}

/// `draft, subject to change`: the words, and the first of them as the status.
pub(super) fn version_status(look: &Look<'_>) -> bool {
    let first = Value::from(look.text().split(',').next().unwrap_or_default());
    look.on(&look.found["statusWords"], same)
        && word(&Look {
            said: &first,
            found: &look.found["status"],
            ..*look
        })
}

/// `month` is the precision; `period` a date with a beginning and an end; any other words are the date's basis.
pub(super) fn date_precision(look: &Look<'_>) -> bool {
    match look.text() {
        "month" => look.on(&look.found["precision"], word),
        "period" => look.found["edtf"].as_str().is_some_and(|edtf| edtf.contains('/')),
        _ => look.on(&look.found["basis"], same),
    }
}

/// `FR` as the slug `fr`.
pub(super) fn code(look: &Look<'_>) -> bool {
    is_code(look.text()) && look.found.as_str() == Some(&look.text().to_lowercase())
}

fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// A party, given by its country's code or by its name.
pub(super) fn party(look: &Look<'_>) -> bool {
    if is_code(look.text()) {
        look.on(&look.found["slug"], code)
    } else {
        look.on(&look.found["name"], same)
    }
}

/// The only party of a list.
pub(super) fn only_party(look: &Look<'_>) -> bool {
    look.only(party)
}

/// The state for which a participant acts, or which takes part itself.
pub(super) fn on_behalf(look: &Look<'_>) -> bool {
    let of = if look.found["of"].is_null() {
        &look.found["party"]["slug"]
    } else {
        &look.found["of"]["slug"]
    };
    look.on(of, code)
}

/// `absent (expected)`: a mode, and how firmly it is put.
pub(super) fn mode_and_hedge(look: &Look<'_>) -> bool {
    let Some((mode, firmly)) = look.text().strip_suffix(')').and_then(|text| text.split_once(" (")) else {
        return false;
    };
    let (mode, firmly) = (Value::from(mode), Value::from(firmly));
    word(&Look {
        said: &mode,
        found: &look.found["mode"],
        ..*look
    }) && hedge(&Look {
        said: &firmly,
        found: &look.found["hedge"],
        ..*look
    })
}

/// The key under which the fact's command was sent.
pub(super) fn key(look: &Look<'_>) -> bool {
    look.found.as_str().and_then(|key| key.strip_prefix(REPORT)) == Some(look.text())
}

/// A reference to the record made of the fact with this id.
pub(super) fn fact(look: &Look<'_>) -> bool {
    look.told
        .reference(look.text())
        .is_some_and(|record| look.found["ref"] == *record)
}

/// Among references, the one to the record made of the fact with this id.
pub(super) fn fact_among(look: &Look<'_>) -> bool {
    look.any(fact)
}

/// A link from this fact's record to the record made of the fact with this id.
pub(super) fn link_to_fact(look: &Look<'_>) -> bool {
    look.found["from"] == json_ref(look) && look.on(&look.found["to"], fact)
}

fn json_ref(look: &Look<'_>) -> Value {
    serde_json::json!({ "ref": look.all["entry"]["record"]["ref"] })
}

/// An item on the agenda of the meeting of this id, as the meeting shows it: this fact's issue.
pub(super) fn agenda(look: &Look<'_>) -> bool {
    look.any(|item| {
        let meeting = &item.found["meeting"];
        let issue = &item.all["record"]["slug"];
        item.told
            .reference(item.text())
            .is_some_and(|slug| meeting["slug"] == *slug)
            && item.found["issue"]["slug"] == *issue
            && meeting["agenda"]
                .as_array()
                .is_some_and(|items| items.iter().any(|i| i["issue"]["slug"] == *issue))
    })
}

/// A reference to a document, or to a version or point of it.
pub(super) fn document(look: &Look<'_>) -> bool {
    let Some(rest) = look.found["ref"]
        .as_str()
        .and_then(|found| found.strip_prefix(look.text()))
    else {
        return false;
    };
    !look.text().is_empty() && (rest.is_empty() || rest.starts_with('/'))
}

/// Among references, one to a document or to a version or point of it.
pub(super) fn document_among(look: &Look<'_>) -> bool {
    look.any(document)
}

/// `ambiguous: us-plan/20 likely`: a link that leaves it open, to this version, with how likely it is.
pub(super) fn identity(look: &Look<'_>) -> bool {
    let Some((version, likely)) = look
        .text()
        .strip_prefix("ambiguous: ")
        .and_then(|text| text.split_once(' '))
    else {
        return false;
    };
    let likely = Value::from(likely);
    look.any_link(|look, link| {
        link["link"] == "MAY_BE"
            && link["to"]["ref"] == *version
            && word(&Look {
                said: &likely,
                found: &link["likelihood"],
                ..*look
            })
    })
}

impl Look<'_> {
    pub(super) fn any_link(&self, is: impl Fn(&Self, &Value) -> bool) -> bool {
        self.all["links"]
            .as_array()
            .is_some_and(|links| links.iter().any(|link| is(self, link)))
    }
}

/// The event that records this kind of fact, and what tells kinds apart that share an event.
pub(super) fn kind(look: &Look<'_>) -> bool {
    let record = &look.all["record"];
    let happening = |kind: &str| look.found == "HappeningRecorded" && record["happeningKind"] == kind;
    let of_outlet = || {
        let about = record["about"].as_array();
        about.is_some_and(|about| about.iter().any(|to| to["dossier"]["partyKind"] == "OUTLET"))
    };
    match look.text() {
        "source" => look.found == "SourceRegistered",
        "source_context" => happening("BACKGROUND") && of_outlet(),
        "background" => happening("BACKGROUND") && !of_outlet(),
        "statement" => happening("STATEMENT"),
        "terminology" => happening("TERMINOLOGY"),
        "meeting_held" if record["state"] == "UNDER_WAY" => look.found == "MeetingStarted",
        "meeting_held" => look.found == "MeetingHeld",
        "meeting_scheduled" => look.found == "MeetingScheduled",
        "participation" => look.found == "ParticipationRecorded",
        "position_taken" => look.found == "PositionTaken",
        "role" => look.found == "OfficeRecorded",
        "document_version" => look.found == "PlanVersionRecorded",
        "plan_proposed" => look.found == "PlanVersionRecorded" && record["status"] == "PROPOSED",
        "plan_revised" => {
            let revises = |link: &Value| link["link"] == "REVISES" || link["link"] == "RESPONDS_TO";
            look.found == "PlanVersionRecorded" && look.any_link(|_, link| revises(link))
        }
        "provision" => look.found == "PointRecorded",
        "gap" => look.found == "PlanGapRecorded",
        "commitment" => look.found == "CommitmentRecorded",
        "issue" => look.found == "IssueOpened",
        "claim" => look.found == "ClaimRecorded" && !own_assessment(look),
        "assessment" => look.found == "ClaimRecorded" && own_assessment(look),
        "expectation" => look.found == "ExpectationRecorded",
        "sanctions_round_stage" => look.found == "StageRecorded",
        _ => false,
    }
}

fn own_assessment(look: &Look<'_>) -> bool {
    look.all["entry"]["evidence"]["citations"][0]["wording"] == "OWN_ASSESSMENT"
}
