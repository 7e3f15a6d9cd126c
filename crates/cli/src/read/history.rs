//! `history`: who recorded what of a dossier when, and what that changed.

use super::why::{OfDossier, of_dossier};
use crate::Done;
use crate::ask::Purpose;
use crate::show::{Sheet, at, each, text, word};
use serde_json::json;

const DOCUMENT: &str = include_str!("../../documents/history.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur history eu-ru-18
  rapporteur history eu-ru-18 --all --format csv";

pub(crate) fn run(options: &OfDossier) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let variables = json!({ "slug": options.slug, "after": options.page.after() });
    let data = of_dossier(&asker, DOCUMENT, variables, "history", &options.page, &options.slug)?;
    let list = at(&data, "dossier.history");
    options.output.show(&data, || {
        let mut sheet = Sheet::new(&["position", "recorded", "by", "how", "what changed"]);
        for step in each(list, "nodes") {
            let minute: String = text(step, "recordedAt")
                .chars()
                .take("2026-01-06T18:00".len())
                .collect();
            let what = [text(step, "position"), minute, text(step, "recorder")];
            let mut changes = each(step, "changes").peekable();
            if changes.peek().is_none() {
                let said = text(step, "event.summary");
                sheet.row([&what[..], &["no value".to_owned(), said]].concat());
            }
            for change in changes {
                sheet.row([&what[..], &[word(change, "kind"), text(change, "summary")]].concat());
            }
        }
        sheet
    })?;
    options.page.say_rest(list);
    Ok(())
}
