//! Resolving an object, an interface or a union.

use crate::tally::{Tally, keep};
use async_graphql::indexmap::IndexMap;
use async_graphql::indexmap::map::Entry;
use async_graphql::parser::types::{Field, InlineFragment, Selection, SelectionSet, TypeCondition};
use async_graphql::resolver_utils::{ContainerType, resolve_container as resolve_by_the_library};
use async_graphql::{Context, ContextSelectionSet, Name, Positioned, ServerError, ServerResult, Value};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// An object that is being resolved.
type Resolving<'c> = Pin<Box<dyn Future<Output = ServerResult<Value>> + Send + 'c>>;

/// Resolves the selected fields of an object, one after the other, in one future.
///
/// # Errors
/// Also where it is called for an interface or a union whose fragments about a variant it would have to follow: derive those by
/// [`crate::of_variants`].
pub fn resolve_container<'c, T: ContainerType + ?Sized>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
) -> Resolving<'c> {
    Box::pin(async move {
        let selected = Selected::of(ctx, root)?;
        match selected.of_variants.first() {
            None => resolve(ctx, root, selected.fields).await.map(Value::Object),
            Some(fragment) => Err(ServerError::new(
                format!("`{}` has variants and does not say so", T::type_name()),
                Some(fragment.pos),
            )),
        }
    })
}

/// Resolves the selected fields of an interface or a union, those of its variant among them.
pub fn resolve_variant<'c, T: ContainerType + ?Sized>(ctx: &'c ContextSelectionSet<'c>, root: &'c T) -> Resolving<'c> {
    Box::pin(async move {
        let selected = Selected::of(ctx, root)?;
        let mut object = resolve(ctx, root, selected.fields).await?;
        for fragment in selected.of_variants {
            if let Value::Object(fields) = of_variant(ctx, root, fragment).await? {
                fields.into_iter().for_each(|(key, value)| put(&mut object, key, value));
            }
        }
        Ok(Value::Object(object))
    })
}

/// The same as [`resolve_container`]: fields are always resolved one after the other.
pub fn resolve_container_serial<'c, T: ContainerType + ?Sized>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
) -> Resolving<'c> {
    resolve_container(ctx, root)
}

async fn resolve<'c, T: ContainerType + ?Sized>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
    fields: Vec<&'c Positioned<Field>>,
) -> ServerResult<IndexMap<Name, Value>> {
    let tally = ctx.data_opt::<Arc<Tally>>();
    let mut object = IndexMap::with_capacity(fields.len());
    for field in fields {
        if let Some(tally) = tally {
            tally.count().await?;
        }
        let key = field.node.response_key().node.clone();
        let value = match field.node.name.node.as_str() {
            "__typename" => Value::String(root.introspection_type_name().into_owned()),
            _ => {
                let ctx_field = ctx.with_field(field);
                match root.resolve_field(&ctx_field).await {
                    Ok(value) => value.unwrap_or_default(),
                    Err(error) => null_for(&ctx_field, &T::type_name(), error)?,
                }
            }
        };
        put(&mut object, key, value);
    }
    Ok(object)
}

/// Null in the place of a nullable field that failed, with the error beside the data.
///
/// # Errors
/// The field cannot be null, or the answer is given up: the same error.
pub(crate) fn null_for(ctx: &Context<'_>, type_name: &str, error: ServerError) -> ServerResult<Value> {
    let declared = ctx.schema_env.registry.types.get(type_name);
    let declared = declared.and_then(|declared| declared.field_by_name(ctx.item.node.name.node.as_str()));
    let is_nullable = declared.is_some_and(|field| !field.ty.to_string().ends_with('!'));
    let is_given_up = ctx
        .data_opt::<Arc<Tally>>()
        .is_some_and(|tally| tally.outgrown().is_some());
    match is_nullable && !is_given_up {
        true => {
            keep(ctx, error);
            Ok(Value::Null)
        }
        false => Err(error),
    }
}

/// What is selected of an object.
struct Selected<'c> {
    /// Its fields, those of fragments in their place.
    fields: Vec<&'c Positioned<Field>>,
    /// Where it is one variant of an interface or a union: the fragments about that variant.
    of_variants: Vec<&'c Positioned<SelectionSet>>,
}

impl<'c> Selected<'c> {
    fn of<T: ContainerType + ?Sized>(ctx: &ContextSelectionSet<'c>, root: &'c T) -> ServerResult<Self> {
        let mut selected = Self {
            fields: Vec::with_capacity(ctx.item.node.items.len()),
            of_variants: Vec::new(),
        };
        selected.take(ctx, root, ctx.item)?;
        Ok(selected)
    }

    fn take<T: ContainerType + ?Sized>(
        &mut self,
        ctx: &ContextSelectionSet<'c>,
        root: &'c T,
        set: &'c Positioned<SelectionSet>,
    ) -> ServerResult<()> {
        for selection in &set.node.items {
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    self.fields.push(field);
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = ctx.query_env.fragments.get(name);
                    let fragment = fragment
                        .ok_or_else(|| ServerError::new(format!("Unknown fragment \"{name}\"."), Some(spread.pos)))?;
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set)
                }
            };
            match condition.map(|condition| condition.node.on.node.as_str()) {
                None => self.take(ctx, root, set)?,
                Some(on) if T::type_name() == on => self.take(ctx, root, set)?,
                Some(on) => {
                    let own = root.introspection_type_name();
                    let interfaces = ctx.schema_env.registry.implements.get(&*own);
                    let applies = own == on || interfaces.is_some_and(|all| all.contains(on));
                    match applies {
                        true if own == T::type_name() => self.take(ctx, root, set)?,
                        true => self.of_variants.push(set),
                        false => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// The fields of a fragment about the variant that an interface or a union holds. Only the library knows how to come from one to
/// the other.
async fn of_variant<T: ContainerType + ?Sized>(
    ctx: &ContextSelectionSet<'_>,
    root: &T,
    set: &Positioned<SelectionSet>,
) -> ServerResult<Value> {
    if let Some(tally) = ctx.data_opt::<Arc<Tally>>() {
        for _ in &set.node.items {
            tally.count().await?;
        }
    }
    let own = root.introspection_type_name();
    let whole = about(&own, set.node.items.clone(), set);
    match resolve_by_the_library(&ctx.with_selection_set(&whole), root).await {
        Err(_) => one_by_one(ctx, root, &own, set).await,
        resolved => resolved,
    }
}

/// Field after field, so that what can be null is null where it fails: the library nulls the parent.
async fn one_by_one<T: ContainerType + ?Sized>(
    ctx: &ContextSelectionSet<'_>,
    root: &T,
    own: &str,
    set: &Positioned<SelectionSet>,
) -> ServerResult<Value> {
    let mut object = IndexMap::new();
    for selection in &set.node.items {
        let one = about(own, vec![selection.clone()], set);
        let value = match (
            resolve_by_the_library(&ctx.with_selection_set(&one), root).await,
            &selection.node,
        ) {
            (Err(error), Selection::Field(field)) => {
                let null = null_for(&ctx.with_field(field), own, error)?;
                Value::Object(IndexMap::from([(field.node.response_key().node.clone(), null)]))
            }
            (Err(_), Selection::InlineFragment(fragment)) => {
                Box::pin(one_by_one(ctx, root, own, &fragment.node.selection_set)).await?
            }
            (Err(error), Selection::FragmentSpread(spread)) => {
                match ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => Box::pin(one_by_one(ctx, root, own, &fragment.node.selection_set)).await?,
                    None => return Err(error),
                }
            }
            (Ok(value), _) => value,
        };
        if let Value::Object(fields) = value {
            fields.into_iter().for_each(|(key, value)| put(&mut object, key, value));
        }
    }
    Ok(Value::Object(object))
}

/// A set that holds one fragment about a type.
fn about(
    type_name: &str,
    items: Vec<Positioned<Selection>>,
    place: &Positioned<SelectionSet>,
) -> Positioned<SelectionSet> {
    let pos = place.pos;
    let on = Positioned::new(Name::new(type_name), pos);
    let fragment = InlineFragment {
        type_condition: Some(Positioned::new(TypeCondition { on }, pos)),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items }, pos),
    };
    let fragment = Selection::InlineFragment(Positioned::new(fragment, pos));
    let items = vec![Positioned::new(fragment, pos)];
    Positioned::new(SelectionSet { items }, pos)
}

/// Puts a field into an object. What is selected twice is one field with all that is selected of it.
fn put(object: &mut IndexMap<Name, Value>, key: Name, value: Value) {
    match object.entry(key) {
        Entry::Vacant(place) => {
            place.insert(value);
        }
        Entry::Occupied(mut there) => join(there.get_mut(), value),
    }
}

fn join(there: &mut Value, value: Value) {
    match (there, value) {
        (Value::Object(there), Value::Object(more)) => {
            more.into_iter().for_each(|(key, value)| put(there, key, value));
        }
        (Value::List(there), Value::List(more)) => {
            there.iter_mut().zip(more).for_each(|(there, value)| join(there, value));
        }
        _ => {}
    }
}
