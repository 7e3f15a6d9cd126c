//! A filter that names what is not recorded.

use super::filters::Filters;
use super::near::{Kind, near};
use crate::ask::{Asker, Trouble, failure};
use crate::exit::Failure;
use crate::show::{text, word};
use serde_json::json;

/// The failure that errors of a filtered list stand for: not found (3) where a filter names what is not recorded.
pub(super) fn explained(asker: &Asker, filters: &Filters, troubles: &[Trouble]) -> Failure {
    for (kind, slug) in filters.slugs() {
        let answer = asker.ask(
            "query Kind($slug: String!) { dossier(slug: $slug) { kind slug } }",
            json!({ "slug": slug }),
        );
        let Ok(answer) = answer else { break };
        let is = word(&answer, "dossier.kind");
        match kind {
            Some(kind) if is != kind => return near(asker, Kind::of(kind), slug),
            None if text(&answer, "dossier.slug").is_empty() => {
                let said = format!("no dossier `{slug}` is recorded; look for it with `rapporteur search TEXT`");
                return Failure::not_found(said);
            }
            _ => {}
        }
    }
    let plain = |trouble: &Trouble| Trouble {
        code: trouble.code.clone(),
        message: trouble.message.replace("where.within:", "--within:"),
    };
    failure(&troubles.iter().map(plain).collect::<Vec<_>>())
}
