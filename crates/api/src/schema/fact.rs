//! What was recorded, in full: a union with one object type for each kind of event.

use super::data::object;
use super::types::register_output;
use async_graphql::indexmap::IndexSet;
use async_graphql::parser::types::Field as Asked;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use rapporteur_domain::event::{Event, commands};
use rapporteur_views::Views;
use std::borrow::Cow;
use std::sync::Arc;

/// The union's name.
pub(super) const UNION: &str = "Fact";

/// An event's data.
pub(super) struct Fact {
    views: Arc<Views>,
    name: &'static str,
    json: serde_json::Value,
}

impl Fact {
    /// Shows what `event` recorded.
    pub(super) fn new(views: &Arc<Views>, event: &Event) -> Self {
        Self {
            views: Arc::clone(views),
            name: event.name(),
            json: event.to_json().unwrap_or_default(),
        }
    }
}

impl OutputType for Fact {
    fn type_name() -> Cow<'static, str> {
        UNION.into()
    }
    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.name.into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        if !registry.types.contains_key(UNION) {
            let about = "What an event recorded, in full and typed: one object type for each kind of event.";
            registry.types.insert(
                UNION.to_owned(),
                MetaType::Union {
                    name: UNION.to_owned(),
                    description: Some(about.to_owned()),
                    possible_types: IndexSet::new(),
                    visible: None,
                    inaccessible: false,
                    tags: Vec::new(),
                    rust_typename: None,
                    directive_invocations: Vec::new(),
                },
            );
            let names = commands()
                .iter()
                .map(|c| register_output(registry, c.event, &c.input))
                .collect::<IndexSet<_>>();
            if let Some(MetaType::Union { possible_types, .. }) = registry.types.get_mut(UNION) {
                *possible_types = names;
            }
        }
        format!("{UNION}!")
    }
    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Asked>) -> ServerResult<Value> {
        match commands().iter().find(|c| c.event == self.name) {
            Some(command) => object(ctx, self.name, &command.input, &self.json, &self.views).await,
            None => Ok(Value::Null),
        }
    }
}
