//! Closed sets of the domain and the views as GraphQL enums, in both directions.

use super::types::register_enum;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult,
    Value,
};
use rapporteur_domain::shape::set_of;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// One value of a closed set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Word<T>(pub(super) T);

impl<T: JsonSchema + Serialize> Word<T> {
    /// The word as it is written: `IN_FORCE`.
    pub(super) fn text(&self) -> String {
        match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(text)) => text,
            _ => String::new(),
        }
    }
}

impl<T: JsonSchema + Serialize + Send + Sync> OutputType for Word<T> {
    fn type_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        format!("{}!", register_enum(registry, &set_of::<T>()))
    }
    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.text())))
    }
}

impl<T: JsonSchema + Serialize + DeserializeOwned + Send + Sync> InputType for Word<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        format!("{}!", register_enum(registry, &set_of::<T>()))
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let json = value
            .unwrap_or_default()
            .into_json()
            .map_err(|e| InputValueError::custom(e.to_string()))?;
        serde_json::from_value(json)
            .map(Self)
            .map_err(|e| InputValueError::custom(e.to_string()))
    }
    fn to_value(&self) -> Value {
        Value::Enum(Name::new(self.text()))
    }
    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}
