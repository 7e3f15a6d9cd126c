//! Words of closed sets as people type them.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use rapporteur_domain::shape::set_of;
use schemars::JsonSchema;

/// Reads a word of a closed set as people type it, `became-known`, or as GraphQL has it, `BECAME_KNOWN`; gives the latter.
pub(super) fn words<T: JsonSchema>() -> impl TypedValueParser<Value = String> {
    let set = set_of::<T>();
    let shown = set.values.iter().map(|(name, _)| {
        let name = name.to_lowercase();
        PossibleValue::new(name.replace('_', "-")).alias(name)
    });
    PossibleValuesParser::new(shown.collect::<Vec<_>>()).map(|word| word.to_uppercase().replace('-', "_"))
}
