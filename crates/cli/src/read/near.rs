//! What a slug that is not there may have meant.

use super::pages;
use crate::ask::Asker;
use crate::exit::Failure;
use crate::show::{each, text, word};
use serde_json::{Value, json};

/// How many near slugs are told.
const TOLD: usize = 3;
/// From which likeness on (Jaro-Winkler, 0 to 1) a slug is near.
const LIKE: f64 = 0.8;
/// The most bytes that a search takes.
const SEARCH_MAX: usize = 200;

/// A kind of dossier that can be asked for by slug.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// In plain English: `round`.
    pub(crate) word: &'static str,
    /// In GraphQL: `ROUND`.
    pub(crate) name: &'static str,
    /// The root field that lists it.
    pub(crate) list: &'static str,
}

/// The kinds that a terminal's commands take slugs of.
pub(crate) const KINDS: [Kind; 7] = [
    Kind {
        word: "round",
        name: "ROUND",
        list: "rounds",
    },
    Kind {
        word: "meeting",
        name: "MEETING",
        list: "meetings",
    },
    Kind {
        word: "party",
        name: "PARTY",
        list: "parties",
    },
    Kind {
        word: "plan",
        name: "PLAN",
        list: "plans",
    },
    Kind {
        word: "topic",
        name: "TOPIC",
        list: "topics",
    },
    Kind {
        word: "issue",
        name: "ISSUE",
        list: "issues",
    },
    Kind {
        word: "commitment",
        name: "COMMITMENT",
        list: "commitments",
    },
];

/// The kinds of which there is a command with the kind's own name.
const COMMANDS: [&str; 4] = ["round", "meeting", "party", "plan"];

impl Kind {
    /// The kind of this plain name.
    pub(crate) fn of(word: &str) -> Self {
        KINDS.into_iter().find(|kind| kind.word == word).unwrap_or(KINDS[0])
    }
}

/// What to say where no dossier of `kind` goes by `slug`, with hints at what may have been meant.
pub(crate) fn near(asker: &Asker, kind: Kind, slug: &str) -> Failure {
    let nothing = format!("no {} `{slug}` is recorded", kind.word);
    match hint(asker, kind, slug) {
        Ok(hint) if !hint.is_empty() => Failure::not_found(format!("{nothing}; {hint}")),
        _ => Failure::not_found(format!("{nothing}; look for it with `rapporteur search TEXT`")),
    }
}

/// What to say where no dossier of any kind goes by `slug`.
pub(super) fn nothing(asker: &Asker, slug: &str) -> Failure {
    let nothing = format!("no dossier `{slug}` is recorded");
    let mut hints = KINDS.into_iter().filter_map(|kind| hint(asker, kind, slug).ok());
    match hints.find(|hint| !hint.is_empty()) {
        Some(hint) => Failure::not_found(format!("{nothing}; {hint}")),
        None => Failure::not_found(format!("{nothing}; look for it with `rapporteur search TEXT`")),
    }
}

fn hint(asker: &Asker, kind: Kind, slug: &str) -> Result<String, Failure> {
    let other = asker.ask(
        "query Other($slug: String!) { dossier(slug: $slug) { kind title } }",
        json!({ "slug": slug }),
    )?;
    let is = word(&other, "dossier.kind");
    if !is.is_empty() {
        let command = match COMMANDS.contains(&is.as_str()) {
            true => format!("rapporteur {is} {slug}"),
            false => format!("rapporteur timeline --dossier {slug}"),
        };
        return Ok(format!("`{slug}` is a {is}: `{command}`"));
    }
    if let Some(gone) = gone(asker, slug) {
        return Ok(gone);
    }
    let mut found = found(asker, kind, slug)?;
    for like in alike(asker, kind, slug)? {
        if !found.contains(&like) {
            found.push(like);
        }
    }
    found.truncate(TOLD);
    if found.is_empty() {
        return Ok(String::new());
    }
    let found: Vec<String> = found.iter().map(|slug| format!("`{slug}`")).collect();
    Ok(format!("near: {}", found.join(", ")))
}

/// What became of a dossier that was recorded and is not shown any more.
fn gone(asker: &Asker, slug: &str) -> Option<String> {
    let document =
        "query Gone($slug: String!) { corrections(where: { dossier: $slug }, last: 1) { nodes { kind position } } }";
    // A slug that nothing ever had is an error.
    let answer = asker.ask(document, json!({ "slug": slug })).ok()?;
    let last = each(&answer, "corrections.nodes").next()?;
    Some(format!(
        "it was {} by the event at position {}: `rapporteur corrections --dossier {slug}`",
        text(last, "kind").to_lowercase(),
        text(last, "position")
    ))
}

/// The slugs of this kind that a search for the slug's words finds.
fn found(asker: &Asker, kind: Kind, slug: &str) -> Result<Vec<String>, Failure> {
    let words: String = slug
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    if words.trim().is_empty() || words.len() > SEARCH_MAX {
        return Ok(Vec::new());
    }
    let document = "query Near($text: String!, $kinds: [DossierKind!]!) {
        search(text: $text, where: { kinds: $kinds }, first: 10) { nodes { dossier { slug } } } }";
    let answer = asker.ask(document, json!({ "text": words, "kinds": [kind.name] }))?;
    let mut slugs: Vec<String> = Vec::new();
    for hit in each(&answer, "search.nodes") {
        let slug = text(hit, "dossier.slug");
        // What is recorded in a dossier that is not shown is found too.
        if !slug.is_empty() && !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs.truncate(TOLD);
    Ok(slugs)
}

/// The slugs of this kind that are written alike, the likest first.
fn alike(asker: &Asker, kind: Kind, slug: &str) -> Result<Vec<String>, Failure> {
    let list = kind.list;
    let document = format!(
        "query Slugs($first: Int, $after: String) {{ {list}(first: $first, after: $after) {{
            pageInfo {{ hasNextPage endCursor }} nodes {{ slug }} }} }}"
    );
    let all = pages::follow(asker, &document, json!({}), list, None)?;
    let mut alike: Vec<(f64, String)> = each(&all, &format!("{list}.nodes"))
        .map(|node: &Value| text(node, "slug"))
        .map(|other| (strsim::jaro_winkler(slug, &other), other))
        .filter(|(like, _)| *like >= LIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(alike.into_iter().map(|(_, slug)| slug).take(TOLD).collect())
}
