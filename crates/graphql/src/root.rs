//! The root of queries or mutations: the library resolves it by itself.

use crate::container::null_for;
use crate::tally::Tally;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// A root object whose nullable fields become null where they fail, and whose fields are counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Root<T>(pub T);

impl<T: ObjectType> OutputType for Root<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<T: ObjectType> ContainerType for Root<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        if let Some(tally) = ctx.data_opt::<Arc<Tally>>() {
            tally.count().await?;
        }
        match self.0.resolve_field(ctx).await {
            Err(error) => null_for(ctx, &T::type_name(), error).map(Some),
            resolved => resolved,
        }
    }
}

impl<T: ObjectType> ObjectType for Root<T> {}
