//! Which field of the answer holds which leaf of which kind of fact, and how the two are compared.

use super::checks::*;
use super::facts::{Fact, Leaf};
use super::told::Told;
use serde_json::Value;

/// Where the leaves of one pattern are held.
pub(super) struct Rule {
    /// The kinds of fact; none means all.
    pub(super) kinds: &'static [&'static str],
    /// The leaf's JSON pointer in the fact, `*` for an index.
    pub(super) leaf: &'static str,
    /// The JSON pointer in what the desk says (see [`Told::of`]). `*` is the same index, in a list of the same length;
    /// `+` the same index in a list that may have more. `@` is the kind's own date.
    field: &'static str,
    check: Check,
}

impl Rule {
    /// Whether the rule is for leaves of this pattern in facts of this kind.
    pub(super) fn is_for(&self, kind: &str, pattern: &str) -> bool {
        self.leaf == pattern && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    /// Compares `said`, which stands or might stand at the leaf, with the field.
    pub(super) fn check(&self, fact: &Fact, leaf: &Leaf, said: &Value, told: &Told) -> Result<(), String> {
        let all = told.of(&fact.id).ok_or("no event was recorded under its key")?;
        let mut field = self.field.replace('@', date_of(&fact.kind));
        let mut pattern = leaf.pattern.clone();
        for index in &leaf.indices {
            let star = pattern.find('*').unwrap_or_default();
            let list = pattern[..star].trim_end_matches('/').to_owned();
            pattern.replace_range(star..=star, &index.to_string());
            let Some(at) = field.find(['*', '+']) else { break };
            if field.as_bytes()[at] == b'*' {
                let listed =
                    |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_array).map(Vec::len);
                let (here, there) = (listed(&fact.json, &list), listed(all, &field[..at - 1]));
                if here != there {
                    return Err(format!("{here:?} items are said, {} holds {there:?}", &field[..at - 1]));
                }
            }
            field.replace_range(at..=at, &index.to_string());
        }
        let found = all.pointer(&field).ok_or_else(|| format!("there is no {field}"))?;
        if (self.check)(&Look { said, found, all, told }) {
            Ok(())
        } else {
            Err(format!("{field} holds {found}, which is not {said}"))
        }
    }
}

/// The field of the date that the facts of a kind carry under `date`.
fn date_of(kind: &str) -> &'static str {
    match kind {
        "source" => "/record/publishedOn",
        "meeting_held" => "/record/heldOn",
        "meeting_scheduled" => "/record/plannedFor",
        "position_taken" => "/record/takenOn",
        "role" => "/record/attestedOn",
        "claim" | "assessment" | "expectation" => "/record/claimedOn",
        "commitment" => "/record/statusOn",
        "issue" => "/record/openOn",
        "sanctions_round_stage" => "/record/reachedOn",
        "document_version" | "plan_proposed" | "plan_revised" | "provision" | "gap" => "/record/datedOn",
        "source_context" | "background" | "statement" | "terminology" => "/record/happenedOn",
        _ => "/entry/when",
    }
}

pub(super) const fn all(leaf: &'static str, field: &'static str, check: Check) -> Rule {
    Rule {
        kinds: &[],
        leaf,
        field,
        check,
    }
}

pub(super) const fn of(kinds: &'static [&'static str], leaf: &'static str, field: &'static str, check: Check) -> Rule {
    Rule {
        kinds,
        leaf,
        field,
        check,
    }
}

const VERSIONS: &[&str] = &["document_version", "plan_proposed", "plan_revised"];
const CLAIMS: &[&str] = &["claim", "assessment"];
const PARTICIPATION: &[&str] = &["participation"];
const ROUND: &[&str] = &["sanctions_round_stage"];
const EXPECTATION: &[&str] = &["expectation"];

const HAS_SUMMARY: &[&str] = &[
    "source",
    "source_context",
    "meeting_held",
    "meeting_scheduled",
    "background",
    "position_taken",
    "role",
    "document_version",
    "assessment",
    "plan_proposed",
    "claim",
    "plan_revised",
    "provision",
    "gap",
    "commitment",
    "issue",
    "statement",
    "terminology",
    "sanctions_round_stage",
    "expectation",
];
const PHRASED: &[&str] = &["meeting_held", "claim", "statement", "background"];
const COUNTED: &[&str] = &["meeting_held", "plan_proposed", "plan_revised", "claim"];

/// The whole mapping of the report.
pub(super) static RULES: &[Rule] = &[
    // What every fact has.
    all("/id", "/event/idempotencyKey", key),
    all("/kind", "/event/fact/__typename", kind),
    all("/date", "@/edtf", same),
    all("/date_precision", "@", date_precision),
    of(PHRASED, "/date_text", "@/phrase", same),
    of(HAS_SUMMARY, "/summary", "/record/summary", same),
    of(PARTICIPATION, "/summary", "/record/entries", summary_among),
    // Where the source says it, who says it, how firmly.
    all("/locator", "/entry/evidence/citations/0/locator", same),
    all("/paragraph/*", "/entry/evidence/citations/0/paragraphs/*", number),
    all(
        "/attribution/speaker",
        "/entry/evidence/citations/0/attribution/speaker",
        same,
    ),
    all(
        "/attribution/anonymous",
        "/entry/evidence/citations/0/attribution/anonymous",
        same,
    ),
    all(
        "/attribution/count",
        "/entry/evidence/citations/0/attribution/count",
        number,
    ),
    all(
        "/attribution/note",
        "/entry/evidence/citations/0/attribution/note",
        same,
    ),
    all("/attribution/wording", "/entry/evidence/citations/0/wording", word),
    all("/modality", "/entry/evidence/hedge", hedge),
    all("/hedge", "/entry/evidence/hedgeWords", same),
    all("/note", "/entry/evidence/note", same),
    // The source itself.
    of(&["source"], "/date_text", "@/basis", same),
    of(&["source"], "/publisher", "/record/publisher", same),
    of(&["source"], "/author", "/record/authors", only_text),
    of(&["source"], "/sourcing/*", "/record/sourcing/*", word),
    // Meetings: who comes is shown together with what later facts say of it.
    all("/place", "/record/places", none),
    all("/place/name", "/record/places/0/name", same),
    all("/place/country", "/record/places/0/country", same),
    of(&["meeting_held"], "/status_at_report", "/record/state", word),
    of(
        &["meeting_held"],
        "/participants/*/name",
        "/record/participants/+/party/name",
        same,
    ),
    of(
        &["meeting_held"],
        "/participants/*/role",
        "/record/participants/+/role",
        same,
    ),
    of(
        &["meeting_held"],
        "/participants/*/party",
        "/record/participants/+",
        on_behalf,
    ),
    of(
        &["meeting_held"],
        "/participants/*/mode",
        "/record/participants/+",
        mode_and_hedge,
    ),
    of(PARTICIPATION, "/actor", "/record/party", party),
    of(PARTICIPATION, "/party", "/record/of/slug", code),
    of(PARTICIPATION, "/mode", "/record/mode", word),
    // Offices.
    of(&["role"], "/actor", "/told/0/party", party),
    of(&["role"], "/actor/*", "/told/*/party", party),
    of(&["role"], "/party", "/record/of/ref", code),
    of(&["role"], "/role", "/told", every_title),
    // Plans.
    of(VERSIONS, "/document", "/entry/record", document),
    of(&["provision", "gap"], "/document", "/entry/record", document),
    of(CLAIMS, "/document", "/record/about", document_among),
    of(VERSIONS, "/version", "/record/version", same),
    of(VERSIONS, "/status", "/record", version_status),
    of(VERSIONS, "/seen_by", "/record/seenBy", only_party),
    of(VERSIONS, "/identity", "/links", identity),
    of(
        &["plan_proposed"],
        "/participants/*/name",
        "/record/participants/*/party/name",
        same,
    ),
    of(
        &["plan_proposed"],
        "/participants/*/role",
        "/record/participants/*/role",
        same,
    ),
    of(
        &["plan_proposed"],
        "/participants/*/party",
        "/record/participants/*",
        on_behalf,
    ),
    of(
        &["plan_revised"],
        "/participants/*/name",
        "/record/authors/*/name",
        same,
    ),
    of(
        &["plan_revised"],
        "/participants/*/party",
        "/record/authors/*/slug",
        code,
    ),
    of(&["provision"], "/component", "/record/number", number),
    of(&["provision"], "/lead", "/record/lead", only_party),
    of(&["provision"], "/condition", "/record/condition", same),
    of(&["provision"], "/parent", "/record/parent/ref", fact),
    // Numbers.
    of(COUNTED, "/quantities/*/what", "/record/quantities/*/what", same),
    of(COUNTED, "/quantities/*/value", "/record/quantities/*/value", number),
    of(COUNTED, "/quantities/*/min", "/record/quantities/*/min", number),
    of(COUNTED, "/quantities/*/max", "/record/quantities/*/max", number),
    of(
        COUNTED,
        "/quantities/*/min_exclusive",
        "/record/quantities/*/minExclusive",
        same,
    ),
    of(COUNTED, "/quantities/*/unit", "/record/quantities/*/unit", same),
    of(
        COUNTED,
        "/quantities/*/approximate",
        "/record/quantities/*/approximate",
        same,
    ),
    of(COUNTED, "/quantities/*/note", "/record/quantities/*/note", same),
    of(PARTICIPATION, "/quantities/*/what", "/entry/quantities/*/what", same),
    of(PARTICIPATION, "/quantities/*/min", "/entry/quantities/*/min", number),
    of(
        PARTICIPATION,
        "/quantities/*/min_exclusive",
        "/entry/quantities/*/minExclusive",
        same,
    ),
    of(PARTICIPATION, "/quantities/*/unit", "/entry/quantities/*/unit", same),
    of(PARTICIPATION, "/quantities/*/note", "/entry/quantities/*/note", same),
    // Commitments.
    of(&["commitment"], "/actor", "/record/by", only_party),
    of(&["commitment"], "/actor/*", "/record/by/*", party),
    of(&["commitment"], "/commitment/by", "/record/by", only_party),
    of(&["commitment"], "/commitment/by/*", "/record/by/*", party),
    of(&["commitment"], "/commitment/what", "/record/what", same),
    of(&["commitment"], "/commitment/status", "/record/status", word),
    // Issues and positions.
    of(&["issue"], "/status", "/record/state", word),
    of(&["issue"], "/expected_agenda", "/also", agenda),
    of(&["position_taken"], "/actor", "/record/by", only_party),
    of(&["position_taken"], "/issue", "/record/on", fact),
    of(&["position_taken"], "/alternatives/*", "/record/alternatives/*", same),
    // Claims, expectations, happenings.
    of(&["claim"], "/about", "/record/about", fact_among),
    of(&["claim"], "/trend", "/record/trend", word),
    of(&["statement"], "/recurring", "/record/recurring", same),
    of(
        &["statement"],
        "/participants/*/name",
        "/record/participants/*/party/name",
        same,
    ),
    of(
        &["statement"],
        "/participants/*/role",
        "/record/participants/*/role",
        same,
    ),
    of(
        &["statement"],
        "/participants/*/party",
        "/record/participants/*",
        on_behalf,
    ),
    of(EXPECTATION, "/expected", "/record/expectedIn/edtf", same),
    of(EXPECTATION, "/date_text", "/record/expectedIn/phrase", same),
    of(EXPECTATION, "/stage", "/record/stage", stage),
    of(EXPECTATION, "/package", "/record/about/0/dossier/number", number),
    // Rounds.
    of(ROUND, "/package", "/dossier/number", number),
    of(ROUND, "/stage", "/record/stage", stage),
    // Links.
    all("/links/*/rel", "/links/*/link", word),
    all("/links/*/target", "/links/*", link_to_fact),
    all("/links/*/note", "/links/*/note", same),
];
