//! What of an event is searched, and as what.

use rapporteur_views::Views;
use rapporteur_views::entry::Entry;
use serde_json::Value;

/// What a text is, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A party's name or alias.
    Name,
    /// A title or a label.
    Title,
    /// Original words.
    Quote,
    /// The desk's own words.
    Summary,
    /// Who says it: publisher and title of what is cited, the speaker.
    Source,
}

impl Field {
    /// Every field, the weightiest first.
    pub const ALL: [Self; 5] = [Self::Name, Self::Title, Self::Quote, Self::Summary, Self::Source];

    /// What a member of an event's data is searched as. A new member is searched once it is listed here.
    fn of(member: &str, outermost: bool) -> Option<Self> {
        Some(match member {
            "name" | "aliases" if outermost => Self::Name,
            "title" | "label" if outermost => Self::Title,
            "hedgeWords" | "statusWords" | "words" => Self::Quote,
            "speaker" | "publisher" | "authors" | "citing" | "claimant" => Self::Source,
            "name" | "aliases" | "title" | "label" | "summary" | "note" | "reason" | "what" | "role" | "condition"
            | "trigger" | "numbering" | "number" | "celex" | "contested" | "resolution" | "value" | "field"
            | "text" | "rule" | "conditions" | "alternatives" | "body" => Self::Summary,
            _ => return None,
        })
    }
}

/// Every text of an event that is searched: the weightiest field first, in a field as written. Empty once it is redacted.
#[must_use]
pub fn texts(views: &Views, entry: &Entry) -> Vec<(Field, String)> {
    let mut found = Vec::new();
    if let Some(Ok(data)) = entry.event().map(|event| event.to_json()) {
        gather(views, &data, true, &mut found);
    }
    found.sort_by_key(|(field, _)| *field);
    found.dedup();
    found
}

fn gather(views: &Views, data: &Value, outermost: bool, found: &mut Vec<(Field, String)>) {
    let Value::Object(members) = data else { return };
    for (member, value) in members {
        match (Field::of(member, outermost), value) {
            (Some(field), Value::String(text)) => found.push((field, text.clone())),
            (Some(field), Value::Array(lines)) => {
                let lines = lines.iter().filter_map(Value::as_str);
                found.extend(lines.map(|line| (field, line.to_owned())));
            }
            (None, Value::String(slug)) if member == "source" => {
                if let Some(source) = views.sources.get(slug) {
                    let source = &source.registered.fact;
                    let lines = std::iter::once(&source.publisher).chain(&source.title);
                    found.extend(lines.map(|line| (Field::Source, line.as_str().to_owned())));
                }
            }
            (None, Value::Object(original)) if member == "original" => {
                let words = original.get("text").and_then(Value::as_str);
                found.extend(words.map(|words| (Field::Quote, words.to_owned())));
            }
            (_, Value::Array(items)) => items.iter().for_each(|item| gather(views, item, false, found)),
            (_, nested) => gather(views, nested, false, found),
        }
    }
}
