//! Recorded shapes as GraphQL objects, field by field as they were written: dates become `Date`, references become the
//! dossiers they name.

use super::date::DateOut;
use super::reference::{Reference, resolve_dossier};
use super::seen::Seen;
use super::types::{Shared, register_output};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field as Asked, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rapporteur_domain::act::{RecordCount, RecordMeasure, RecordMirror};
use rapporteur_domain::change::{ChangeVersion, RecordPointChange};
use rapporteur_domain::common::{Participant, Place, Quantity};
use rapporteur_domain::date::FuzzyDate;
use rapporteur_domain::evidence::{Citation, Evidence};
use rapporteur_domain::naming::RecordAlias;
use rapporteur_domain::rival::RecordRivalValues;
use rapporteur_domain::shape::{Field, ObjectShape, Shape, object_of};
use rapporteur_views::Views;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock};

/// A recorded struct whose shape is a GraphQL type of the same name.
pub(super) trait Shaped: Serialize {
    /// Its shape.
    fn shape() -> &'static Shared;
    /// The GraphQL type's name, where it is not the struct's.
    const NAME: Option<&'static str> = None;

    /// The GraphQL type's name.
    fn name() -> &'static str {
        Self::NAME.unwrap_or(&Self::shape().name)
    }
}

macro_rules! shaped {
    ($($ty:ty $(= $name:literal)?),* $(,)?) => {$(
        impl Shaped for $ty {
            $(const NAME: Option<&'static str> = Some($name);)?
            fn shape() -> &'static Shared {
                static SHAPE: LazyLock<Shared> = LazyLock::new(object_of::<$ty>);
                &SHAPE
            }
        }
    )*};
}
shaped!(
    Quantity,
    Place,
    Participant,
    Evidence,
    Citation,
    RecordMeasure = "Measure",
    RecordCount = "Count",
    RecordMirror = "Mirror",
    RecordRivalValues = "RivalValues",
    RecordAlias = "OtherName",
    RecordPointChange = "ChangedPoint",
    ChangeVersion = "VersionStep",
);

/// A recorded value, to be shown as it was written.
pub(super) struct Data<T> {
    views: Arc<Views>,
    json: Json,
    of: PhantomData<fn() -> T>,
}

impl<T: Shaped> Data<T> {
    /// Shows `value` as of `views`.
    pub(super) fn new(views: &Arc<Views>, value: &T) -> Self {
        Self {
            views: Arc::clone(views),
            json: serde_json::to_value(value).unwrap_or_default(),
            of: PhantomData,
        }
    }

    /// Shows each of `values`.
    pub(super) fn all(views: &Arc<Views>, values: &[T]) -> Vec<Self> {
        values.iter().map(|value| Self::new(views, value)).collect()
    }
}

impl<T: Shaped> OutputType for Data<T> {
    fn type_name() -> Cow<'static, str> {
        T::name().into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        format!("{}!", register_output(registry, T::name(), T::shape()))
    }
    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Asked>) -> ServerResult<Value> {
        object(ctx, T::name(), T::shape(), &self.json, &self.views).await
    }
}

/// Resolves the selections of `ctx` on a recorded object of type `name`.
pub(super) fn object<'a>(
    ctx: &'a ContextSelectionSet<'a>,
    name: &'a str,
    shape: &'a ObjectShape,
    json: &'a Json,
    views: &'a Arc<Views>,
) -> BoxFuture<'a, ServerResult<Value>> {
    async move {
        let empty = Map::new();
        let members = json.as_object().unwrap_or(&empty);
        let mut out = IndexMap::new();
        for asked in selected(ctx, &ctx.item.node, name) {
            let key = asked.node.response_key().node.clone();
            let value = if asked.node.name.node == "__typename" {
                Value::String(name.to_owned())
            } else if let Some(field) = shape.field(&asked.node.name.node) {
                let at = ctx.with_field(asked);
                let inner = at.with_selection_set(&asked.node.selection_set);
                member(&inner, asked, field, members.get(&field.name), views)
                    .await
                    .map_err(|e| at.set_error_path(e))?
            } else {
                Value::Null
            };
            merge(&mut out, key, value);
        }
        Ok(Value::Object(out))
    }
    .boxed()
}

/// The fields asked for on type `name`, fragments opened.
fn selected<'a>(ctx: &ContextSelectionSet<'a>, set: &'a SelectionSet, name: &str) -> Vec<&'a Positioned<Asked>> {
    let mut fields = Vec::new();
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(field),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|c| c.node.on.node.as_str());
                if condition.is_none_or(|on| applies(on, name)) {
                    fields.extend(selected(ctx, &fragment.node.selection_set.node, name));
                }
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = ctx.query_env.fragments.get(&spread.node.fragment_name.node)
                    && applies(&fragment.node.type_condition.node.on.node, name)
                {
                    fields.extend(selected(ctx, &fragment.node.selection_set.node, name));
                }
            }
        }
    }
    fields
}

/// Whether a fragment on `condition` applies to recorded objects of type `name`, which share one union.
fn applies(condition: &str, name: &str) -> bool {
    condition == name || condition == super::fact::UNION
}

async fn member(
    ctx: &ContextSelectionSet<'_>,
    asked: &Positioned<Asked>,
    field: &Field,
    json: Option<&Json>,
    views: &Arc<Views>,
) -> ServerResult<Value> {
    match (&field.shape, json) {
        (Shape::List(items), json) => {
            let values = json.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            let mut list = Vec::with_capacity(values.len());
            for (index, value) in values.iter().enumerate() {
                let at = ctx.with_index(index);
                let shown = single(&at, asked, field, items, value, views).await;
                match shown.map_err(|e| at.set_error_path(e))? {
                    Value::Null if field.refers.is_some() => {}
                    shown => list.push(shown),
                }
            }
            Ok(Value::List(list))
        }
        (Shape::Bool, None) => Ok(Value::Boolean(false)),
        (_, None) => Ok(Value::Null),
        (shape, Some(json)) => single(ctx, asked, field, shape, json, views).await,
    }
}

async fn single(
    ctx: &ContextSelectionSet<'_>,
    asked: &Positioned<Asked>,
    field: &Field,
    shape: &Shape,
    json: &Json,
    views: &Arc<Views>,
) -> ServerResult<Value> {
    if let (Some(kind), Some(target)) = (field.refers.as_deref(), json.as_str()) {
        return match field.is_reference() {
            true => Reference::new(views, target).resolve(ctx, asked).await,
            false => resolve_dossier(Seen::new(views, target), kind, ctx, asked).await,
        };
    }
    match (shape, json) {
        (Shape::Scalar(rule), json) if rule.name == "DateInput" => {
            match serde_json::from_value::<FuzzyDate>(json.clone()) {
                Ok(date) => DateOut::new(&date).resolve(ctx, asked).await,
                Err(_) => Ok(Value::Null),
            }
        }
        (Shape::Object(object_shape), json) => object(ctx, &object_shape.name, object_shape, json, views).await,
        (Shape::Enum(_), Json::String(word)) => Ok(Value::Enum(Name::new(word))),
        (_, json) => Ok(Value::from_json(json.clone()).unwrap_or_default()),
    }
}

/// Puts a value under its response name; what two selections of one field ask for is merged.
fn merge(out: &mut IndexMap<Name, Value>, key: Name, value: Value) {
    match (out.get_mut(&key), value) {
        (Some(Value::Object(before)), Value::Object(more)) => more.into_iter().for_each(|(k, v)| merge(before, k, v)),
        (Some(Value::List(before)), Value::List(more)) => {
            for (before, more) in before.iter_mut().zip(more) {
                if let (Value::Object(before), Value::Object(more)) = (before, more) {
                    more.into_iter().for_each(|(k, v)| merge(before, k, v));
                }
            }
        }
        (_, value) => {
            out.insert(key, value);
        }
    }
}
