//! Independent origins: pages that repeat one outlet are that outlet, and a publisher counts once.

use crate::Views;
use rapporteur_domain::evidence::Citation;
use std::collections::BTreeMap;

/// The outlets from which citations come, by their names as first written, each once: those that a source repeats, else
/// its publisher. Case, and a leading "the", make no difference. A source that is not recorded has no origin.
#[must_use]
pub fn origins<'a>(views: &'a Views, citations: impl Iterator<Item = &'a Citation>) -> Vec<&'a str> {
    let mut found: BTreeMap<String, &str> = BTreeMap::new();
    for citation in citations {
        let source = views.sources.get(citation.source.as_str());
        let Some(source) = source.map(|source| &source.registered.fact) else {
            continue;
        };
        let names: Vec<&str> = match source.citing.as_slice() {
            [] => vec![source.publisher.as_str()],
            citing => citing.iter().map(|outlet| outlet.as_str()).collect(),
        };
        for name in names {
            found.entry(folded(name)).or_insert(name);
        }
    }
    found.into_values().collect()
}

/// A name as it is compared.
fn folded(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("the ").unwrap_or(&name).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn an_outlet_is_one_however_it_is_written() {
        assert_eq!(folded("The Financial Times"), folded(" financial times"));
        assert_ne!(folded("Theatre News"), folded("atre News"));
        assert_ne!(folded("Reuters"), folded("AFP"));
    }
}
