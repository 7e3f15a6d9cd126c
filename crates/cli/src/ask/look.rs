//! Looking as of a moment: a document's fields, asked of another moment.

use super::{Asker, Purpose, Where};
use crate::exit::Failure;
use clap::Args;
use rapporteur_views::moment::{Asked, Recording};
use serde_json::Value;

/// Where to ask, and as of when.
#[derive(Args, Clone)]
pub(crate) struct Look {
    #[command(flatten)]
    at: Where,
    /// As of another moment: `recorded:1042` or `recorded:2026-01-05T18:00:00Z` (what we knew), `published:2026-01-05` (what
    /// the public could know; `published:2026-01-05~` what it possibly could, `published:2026-01-05!` only what cites
    /// something dated), or both with a comma between them
    #[arg(long, value_name = "MOMENT", value_parser = moment, help_heading = "Where to ask")]
    as_of: Option<Asked>,
}

/// Reads a moment, for the command line.
///
/// # Errors
/// It is none; the message says how one is written.
pub(crate) fn moment(text: &str) -> Result<Asked, String> {
    text.parse()
        .map_err(|error: rapporteur_views::moment::NoMoment| error.to_string())
}

impl Look {
    /// Opens the store, or takes note of the server; what is asked is asked as of the moment.
    ///
    /// # Errors
    /// As [`Where::open`].
    pub(crate) fn open(&self, purpose: Purpose) -> Result<Asker, Failure> {
        let asker = self.at.open(purpose)?;
        Ok(match self.as_of {
            Some(asked) => Asker::Then(Box::new(asker), asked),
            None => asker,
        })
    }
}

/// The document with the fields of its query asked as of a moment.
pub(super) fn then(document: &str, asked: &Asked) -> Option<String> {
    let mut depth = 0_u32;
    let open = document.char_indices().find(|(_, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *c == '{' && depth == 0
    });
    let start = open?.0 + 1;
    let mut depth = 1_u32;
    let close = document.get(start..)?.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let end = start + close?.0;
    let (head, fields, rest) = (document.get(..start)?, document.get(start..end)?, document.get(end..)?);
    Some(format!("{head} asOf({}) {{{fields}}} {rest}", arguments(asked)))
}

fn arguments(asked: &Asked) -> String {
    let recorded = asked.recorded.map(|recording| match recording {
        Recording::Position(position) => format!("recorded: \"{position}\""),
        Recording::Instant(instant) => format!("recorded: \"{}\"", instant.to_rfc3339()),
    });
    let published = asked.published.map(|published| {
        let possibly = if published.possibly { ", match: POSSIBLY" } else { "" };
        let dated = if published.assumed { "" } else { ", onlyDated: true" };
        format!("published: \"{}\"{possibly}{dated}", published.by)
    });
    recorded.into_iter().chain(published).collect::<Vec<_>>().join(", ")
}

/// The data of the fields, as if they had been asked of the present.
pub(super) fn unwrapped(mut data: Value) -> Value {
    data.get_mut("asOf").map(Value::take).unwrap_or(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_the_query_are_asked_of_the_moment_and_fragments_stay() {
        let document =
            "query Q($a: In = {b: 1}) {\n  round(slug: $a) { path { stage } }\n}\nfragment F on Date { label }\n";
        let asked = "recorded:7,published:2026-01-05~!".parse();
        let wrapped = then(document, &asked.unwrap()).unwrap();
        assert_eq!(
            wrapped,
            "query Q($a: In = {b: 1}) { asOf(recorded: \"7\", published: \"2026-01-05\", match: POSSIBLY, onlyDated: true) {\n  \
             round(slug: $a) { path { stage } }\n} }\nfragment F on Date { label }\n"
        );
    }
}
