//! Resolving an object, an interface or a union.
//!
//! Most resolvers never wait. So all fields are tried at once, each polled a single time on the stack: no future is allocated or moved.
//! Where one has to wait, what was tried is forgotten and the object is resolved again from its first field, as a future that can wait.
//! Resolvers below the roots only read, so that does no harm, but for the time it takes: what begins work that it then waits for awaits
//! [`crate::waitable`] first. Roots are resolved by the library.

use crate::tally::{Tally, keep};
use crate::trying::{self, Trying};
use async_graphql::indexmap::IndexMap;
use async_graphql::indexmap::map::Entry;
use async_graphql::parser::types::{Field, InlineFragment, Selection, SelectionSet, TypeCondition};
use async_graphql::resolver_utils::{ContainerType, resolve_container as resolve_by_the_library};
use async_graphql::{Context, ContextSelectionSet, Name, Positioned, ServerError, ServerResult, Value};
use std::borrow::Cow;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::sync::{Arc, PoisonError};
use std::task::{Poll, Waker};

/// Something that can wait.
type Waiting<'c, T> = Pin<Box<dyn Future<Output = ServerResult<T>> + Send + 'c>>;

/// An object that is being resolved.
pub struct Resolving<'c, T: ?Sized, K> {
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
    waiting: Option<Waiting<'c, Value>>,
    kind: PhantomData<fn() -> K>,
}

impl<'c, T: ContainerType + ?Sized, K: Kind> Resolving<'c, T, K> {
    fn new(ctx: &'c ContextSelectionSet<'c>, root: &'c T) -> Self {
        Self {
            ctx,
            root,
            waiting: None,
            kind: PhantomData,
        }
    }
}

impl<T: ContainerType + ?Sized, K: Kind> Future for Resolving<'_, T, K> {
    type Output = ServerResult<Value>;

    fn poll(self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let (ctx, root) = (this.ctx, this.root);
        if this.waiting.is_none() {
            if let Some(resolved) = at_once::<T, K>(ctx, root) {
                return Poll::Ready(resolved);
            }
            // It is part of what is tried, and will be asked again.
            if trying::is_on() {
                return Poll::Pending;
            }
        }
        let waiting = this
            .waiting
            .get_or_insert_with(|| Box::pin(in_turn(ctx, Box::new(Of(root)), K::variants(root))));
        waiting.as_mut().poll(context)
    }
}

/// Whether a type has variants.
pub trait Kind {
    /// How a fragment about the variant of `root` is resolved; none where it is none.
    fn variants<'c, T: ContainerType + ?Sized>(root: &'c T) -> Option<Box<dyn Varied + 'c>>;
}

/// An object.
pub struct Plain;

/// An interface or a union.
pub struct WithVariants;

impl Kind for Plain {
    fn variants<'c, T: ContainerType + ?Sized>(_: &'c T) -> Option<Box<dyn Varied + 'c>> {
        None
    }
}

impl Kind for WithVariants {
    fn variants<'c, T: ContainerType + ?Sized>(root: &'c T) -> Option<Box<dyn Varied + 'c>> {
        Some(Box::new(Of(root)))
    }
}

/// Resolves the selected fields of an object.
///
/// # Errors
/// Also where it is called for an interface or a union whose fragments about a variant it would have to follow: derive those by
/// [`crate::of_variants`].
pub fn resolve_container<'c, T: ContainerType + ?Sized>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
) -> Resolving<'c, T, Plain> {
    Resolving::new(ctx, root)
}

/// Resolves the selected fields of an interface or a union, those of its variant among them.
pub fn resolve_variant<'c, T: ContainerType + ?Sized>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
) -> Resolving<'c, T, WithVariants> {
    Resolving::new(ctx, root)
}

/// Resolves the selected fields one after the other, each once.
pub fn resolve_container_serial<'c, T: ContainerType + ?Sized>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
) -> impl Future<Output = ServerResult<Value>> + Send + 'c {
    in_turn(ctx, Box::new(Of(root)), None)
}

/// All fields, each polled once; none where one has to wait, or others are to have their turn.
fn at_once<'c, T: ContainerType + ?Sized, K: Kind>(
    ctx: &'c ContextSelectionSet<'c>,
    root: &'c T,
) -> Option<ServerResult<Value>> {
    let (own, variants) = (root.introspection_type_name(), K::variants(root));
    let selected = match Selected::of(ctx, &T::type_name(), &own, variants.as_deref()) {
        Ok(selected) => selected,
        Err(error) => return Some(Err(error)),
    };
    let tally = ctx.data_opt::<Arc<Tally>>();
    let before = Before::of(ctx, tally);
    let _trying = Trying::begin();
    let mut context = std::task::Context::from_waker(Waker::noop());
    let mut object = IndexMap::with_capacity(selected.fields.len());
    for field in selected.fields {
        match tally.map_or(Ok(true), |tally| tally.count_at_once()) {
            Ok(true) => {}
            Ok(false) => return before.again(ctx, tally),
            Err(error) => return Some(Err(error)),
        }
        let value = match field.node.name.node.as_str() {
            "__typename" => Value::String(own.to_string()),
            _ => {
                let ctx_field = ctx.with_field(field);
                let resolved = pin!(root.resolve_field(&ctx_field)).poll(&mut context);
                let resolved = match resolved {
                    Poll::Ready(Ok(value)) => Ok(value.unwrap_or_default()),
                    Poll::Ready(Err(error)) => null_for(&ctx_field, &T::type_name(), error),
                    Poll::Pending => return before.again(ctx, tally),
                };
                match resolved {
                    Ok(value) => value,
                    Err(error) => return Some(Err(error)),
                }
            }
        };
        put(&mut object, field.node.response_key().node.clone(), value);
    }
    for (variants, fragment) in selected.of_variants {
        match pin!(of_variant(ctx, &own, variants, fragment)).poll(&mut context) {
            Poll::Ready(Ok(value)) => put_all(&mut object, value),
            Poll::Ready(Err(error)) => return Some(Err(error)),
            Poll::Pending => return before.again(ctx, tally),
        }
    }
    Some(Ok(Value::Object(object)))
}

/// What there was before an object was tried.
struct Before {
    values: usize,
    errors: usize,
}

impl Before {
    fn of(ctx: &ContextSelectionSet<'_>, tally: Option<&Arc<Tally>>) -> Self {
        Self {
            values: tally.map_or(0, |tally| tally.values()),
            errors: ctx
                .query_env
                .errors
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .len(),
        }
    }

    /// Forgets what was tried. Nothing else of the request went on meanwhile.
    fn again<T>(&self, ctx: &ContextSelectionSet<'_>, tally: Option<&Arc<Tally>>) -> Option<T> {
        let mut errors = ctx.query_env.errors.lock().unwrap_or_else(PoisonError::into_inner);
        errors.truncate(self.errors);
        if let Some(tally) = tally {
            tally.go_back(self.values, self.errors);
        }
        None
    }
}

/// An object of whatever type.
trait Any: Send + Sync {
    fn type_name(&self) -> Cow<'static, str>;
    fn own_type_name(&self) -> Cow<'static, str>;
    fn field<'c>(&'c self, ctx: &'c Context<'c>) -> Waiting<'c, Option<Value>>;
}

/// An interface or a union of whatever type.
pub trait Varied: Send + Sync {
    /// Resolves it by the library, which alone knows the way to its variant.
    fn by_the_library<'c>(&'c self, ctx: &'c ContextSelectionSet<'c>) -> Waiting<'c, Value>;
}

struct Of<'c, T: ?Sized>(&'c T);

impl<T: ContainerType + ?Sized> Any for Of<'_, T> {
    fn type_name(&self) -> Cow<'static, str> {
        T::type_name()
    }

    fn own_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn field<'c>(&'c self, ctx: &'c Context<'c>) -> Waiting<'c, Option<Value>> {
        Box::pin(self.0.resolve_field(ctx))
    }
}

impl<T: ContainerType + ?Sized> Varied for Of<'_, T> {
    fn by_the_library<'c>(&'c self, ctx: &'c ContextSelectionSet<'c>) -> Waiting<'c, Value> {
        Box::pin(resolve_by_the_library(ctx, self.0))
    }
}

/// The fields one after the other, in a future that can wait.
async fn in_turn<'c>(
    ctx: &'c ContextSelectionSet<'c>,
    root: Box<dyn Any + 'c>,
    variants: Option<Box<dyn Varied + 'c>>,
) -> ServerResult<Value> {
    let (type_name, own) = (root.type_name(), root.own_type_name());
    let selected = Selected::of(ctx, &type_name, &own, variants.as_deref())?;
    let tally = ctx.data_opt::<Arc<Tally>>();
    let mut object = IndexMap::with_capacity(selected.fields.len());
    for field in selected.fields {
        if let Some(tally) = tally {
            tally.count().await?;
        }
        let value = match field.node.name.node.as_str() {
            "__typename" => Value::String(own.to_string()),
            _ => {
                let ctx_field = ctx.with_field(field);
                match root.field(&ctx_field).await {
                    Ok(value) => value.unwrap_or_default(),
                    Err(error) => null_for(&ctx_field, &type_name, error)?,
                }
            }
        };
        put(&mut object, field.node.response_key().node.clone(), value);
    }
    for (variants, fragment) in selected.of_variants {
        put_all(&mut object, of_variant(ctx, &own, variants, fragment).await?);
    }
    Ok(Value::Object(object))
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
struct Selected<'c, 'v> {
    /// Its fields, those of fragments in their place.
    fields: Vec<&'c Positioned<Field>>,
    /// Where it is one variant of an interface or a union: the fragments about that variant.
    of_variants: Vec<(&'v (dyn Varied + 'v), &'c Positioned<SelectionSet>)>,
}

impl<'c, 'v> Selected<'c, 'v> {
    /// What is selected of an object of type `type_name`; `own` is its variant's, where it has variants.
    fn of(
        ctx: &ContextSelectionSet<'c>,
        type_name: &str,
        own: &str,
        variants: Option<&'v (dyn Varied + 'v)>,
    ) -> ServerResult<Self> {
        let mut selected = Self {
            fields: Vec::with_capacity(ctx.item.node.items.len()),
            of_variants: Vec::new(),
        };
        selected.take(ctx, type_name, own, variants, ctx.item)?;
        Ok(selected)
    }

    fn take(
        &mut self,
        ctx: &ContextSelectionSet<'c>,
        type_name: &str,
        own: &str,
        variants: Option<&'v (dyn Varied + 'v)>,
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
                None => self.take(ctx, type_name, own, variants, set)?,
                Some(on) if on == type_name => self.take(ctx, type_name, own, variants, set)?,
                Some(on) => {
                    let interfaces = ctx.schema_env.registry.implements.get(own);
                    let applies = own == on || interfaces.is_some_and(|all| all.contains(on));
                    match applies {
                        true if own == type_name => self.take(ctx, type_name, own, variants, set)?,
                        true => {
                            let unsaid = || format!("`{type_name}` has variants and does not say so");
                            let variants = variants.ok_or_else(|| ServerError::new(unsaid(), Some(selection.pos)))?;
                            self.of_variants.push((variants, set));
                        }
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
async fn of_variant(
    ctx: &ContextSelectionSet<'_>,
    own: &str,
    root: &dyn Varied,
    set: &Positioned<SelectionSet>,
) -> ServerResult<Value> {
    if let Some(tally) = ctx.data_opt::<Arc<Tally>>() {
        for _ in &set.node.items {
            tally.count().await?;
        }
    }
    let whole = about(own, set.node.items.clone(), set);
    match root.by_the_library(&ctx.with_selection_set(&whole)).await {
        Err(_) => one_by_one(ctx, root, own, set).await,
        resolved => resolved,
    }
}

/// Field after field, so that what can be null is null where it fails: the library nulls the parent.
async fn one_by_one(
    ctx: &ContextSelectionSet<'_>,
    root: &dyn Varied,
    own: &str,
    set: &Positioned<SelectionSet>,
) -> ServerResult<Value> {
    let mut object = IndexMap::new();
    for selection in &set.node.items {
        let one = about(own, vec![selection.clone()], set);
        let resolved = root.by_the_library(&ctx.with_selection_set(&one)).await;
        let value = match (resolved, &selection.node) {
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
        put_all(&mut object, value);
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

fn put_all(object: &mut IndexMap<Name, Value>, value: Value) {
    if let Value::Object(fields) = value {
        fields.into_iter().for_each(|(key, value)| put(object, key, value));
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
