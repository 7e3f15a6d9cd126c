//! From shapes to GraphQL types: how the domain's own definitions become inputs, outputs and enums of the schema.

use super::date::DateOut;
use super::reference::{Reference, register_dossier};
use async_graphql::OutputType;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{
    EnumBuilder, InputObjectBuilder, MetaEnumValue, MetaField, MetaInputValue, MetaType, ObjectBuilder, Registry,
};
use rapporteur_domain::command::CONDITIONS;
use rapporteur_domain::correction::{CORRECTS, FIELDS};
use rapporteur_domain::creation::{CREATE, CREATIONS, creates};
use rapporteur_domain::shape::{EnumShape, Field, ObjectShape, Shape};
use std::sync::Arc;

/// The scalars that are more than a string in GraphQL; every other named scalar is a `String` with its rule told.
const SCALARS: [(&str, &str, Option<&str>); 2] = [
    (
        "DateInput",
        "DateInput",
        Some("https://www.loc.gov/standards/datetime/"),
    ),
    (
        "Country",
        "CountryCode",
        Some("https://www.iso.org/iso-3166-country-codes.html"),
    ),
];

/// Registers an enum, and gives its name.
pub(super) fn register_enum(registry: &mut Registry, set: &EnumShape) -> String {
    if !registry.types.contains_key(&set.name) {
        let values = set.values.iter().map(|(name, about)| {
            let mut value = MetaEnumValue::new(name.clone());
            value.description = Some(about.clone());
            (name.clone(), value)
        });
        let built = EnumBuilder::new(set.name.clone(), values.collect())
            .description(Some(set.about.clone()))
            .build();
        registry.types.insert(set.name.clone(), built);
    }
    set.name.clone()
}

/// Registers an input object, and gives its name. A command's input has four fields more: see [`CONDITIONS`],
/// [`CORRECTS`] and [`CREATE`].
pub(super) fn register_input(registry: &mut Registry, shape: &ObjectShape, command: bool) -> String {
    register_input_as(registry, input_name(shape), shape, command)
}

fn register_input_as(registry: &mut Registry, name: String, shape: &ObjectShape, command: bool) -> String {
    if registry.types.contains_key(&name) {
        return name;
    }
    registry.types.insert(
        name.clone(),
        InputObjectBuilder::new(name.clone(), IndexMap::new()).build(),
    );
    let mut fields = IndexMap::new();
    for field in &shape.fields {
        let inner = input_type(registry, &field.shape);
        let ty = if field.required { format!("{inner}!") } else { inner };
        fields.insert(field.name.clone(), input_value(&field.name, ty, about(field)));
    }
    if command {
        for ((field, about), ty) in CONDITIONS.iter().zip(["String", "Int"]) {
            fields.insert(
                (*field).to_owned(),
                input_value(field, ty.to_owned(), (*about).to_owned()),
            );
        }
        let corrects = register_corrects(registry);
        fields.insert(
            CORRECTS.0.to_owned(),
            input_value(CORRECTS.0, corrects, CORRECTS.1.to_owned()),
        );
        let create = register_create(registry);
        fields.insert(CREATE.0.to_owned(), input_value(CREATE.0, create, CREATE.1.to_owned()));
    }
    let built = InputObjectBuilder::new(name.clone(), fields)
        .description(Some(shape.about.clone()))
        .build();
    registry.types.insert(name.clone(), built);
    name
}

/// Registers what a command may say that it corrects, and gives its name.
fn register_corrects(registry: &mut Registry) -> String {
    const NAME: &str = "CorrectsInput";
    if !registry.types.contains_key(NAME) {
        let types = FIELDS.iter().zip(["Int!", "String!"]);
        let fields = types.map(|((name, about), ty)| {
            let value = input_value(name, ty.to_owned(), (*about).to_owned());
            ((*name).to_owned(), value)
        });
        let built = InputObjectBuilder::new(NAME, fields.collect())
            .description(Some(CORRECTS.1.to_owned()))
            .build();
        registry.types.insert(NAME.to_owned(), built);
    }
    NAME.to_owned()
}

/// Registers what a command may create on the way, and gives its name.
fn register_create(registry: &mut Registry) -> String {
    const NAME: &str = "CreateInput";
    if !registry.types.contains_key(NAME) {
        let mut fields = IndexMap::new();
        for (list, _, item) in CREATIONS {
            let Some(command) = creates(list) else { continue };
            let item = register_input_as(registry, format!("{item}Input"), &command.input, false);
            let about = format!("New {list}; at most {}.", rapporteur_domain::shape::MAX_ITEMS);
            fields.insert(list.to_owned(), input_value(list, format!("[{item}!]"), about));
        }
        let built = InputObjectBuilder::new(NAME, fields)
            .description(Some(CREATE.1.to_owned()))
            .build();
        registry.types.insert(NAME.to_owned(), built);
    }
    NAME.to_owned()
}

/// The name of a shape's input type.
pub(super) fn input_name(shape: &ObjectShape) -> String {
    format!("{}Input", shape.name)
}

pub(super) fn input_value(name: &str, ty: String, about: String) -> MetaInputValue {
    let mut value = MetaInputValue::new(name, ty);
    value.description = Some(about);
    value
}

/// Registers an output object called `name`, with the fields of `shape`, and gives its name. A dossier that a field names
/// may be null even where the field is required: what made the dossier may have been redacted since.
pub(super) fn register_output(registry: &mut Registry, name: &str, shape: &ObjectShape) -> String {
    if registry.types.contains_key(name) {
        return name.to_owned();
    }
    registry
        .types
        .insert(name.to_owned(), ObjectBuilder::new(name, IndexMap::new()).build());
    let mut fields = IndexMap::new();
    for field in &shape.fields {
        let (inner, list) = output_type(registry, field);
        let promised = field.required && (field.refers.is_none() || field.is_reference());
        let ty = match (list, promised || matches!(field.shape, Shape::Bool)) {
            (true, _) => format!("[{inner}!]!"),
            (false, true) => format!("{inner}!"),
            (false, false) => inner,
        };
        let mut meta = MetaField::new(field.name.clone(), ty);
        meta.description = Some(about(field));
        fields.insert(field.name.clone(), meta);
    }
    let built = ObjectBuilder::new(name, fields)
        .description(Some(shape.about.clone()))
        .build();
    registry.types.insert(name.to_owned(), built);
    name.to_owned()
}

fn about(field: &Field) -> String {
    match &field.shape {
        Shape::Scalar(rule) if matches!(rule.name, "Slug" | "Key" | "RecordRef") => {
            format!("{} ({})", field.about, rule.name)
        }
        _ => field.about.clone(),
    }
}

fn input_type(registry: &mut Registry, shape: &Shape) -> String {
    match shape {
        Shape::Int => "Int".to_owned(),
        Shape::Float => "Float".to_owned(),
        Shape::Bool => "Boolean".to_owned(),
        Shape::Scalar(rule) => scalar(registry, rule.name),
        Shape::Enum(set) => register_enum(registry, set),
        Shape::Object(object) => register_input(registry, object, false),
        Shape::List(items) => format!("[{}!]", input_type(registry, items)),
    }
}

/// The output type of a field's value, or of its items, and whether it is a list.
fn output_type(registry: &mut Registry, field: &Field) -> (String, bool) {
    let (shape, list) = match &field.shape {
        Shape::List(items) => (items.as_ref(), true),
        other => (other, false),
    };
    let name = match (shape, field.refers.as_deref()) {
        (_, Some(_)) if field.is_reference() => bare(Reference::create_type_info(registry)),
        (_, Some(kind)) => register_dossier(registry, kind),
        (Shape::Scalar(rule), None) if rule.name == "DateInput" => bare(DateOut::create_type_info(registry)),
        (Shape::Object(object), None) => register_output(registry, &object.name, object),
        (other, None) => input_type(registry, other),
    };
    (name, list)
}

/// A type's name without its exclamation mark.
pub(super) fn bare(qualified: String) -> String {
    qualified.trim_end_matches('!').to_owned()
}

fn scalar(registry: &mut Registry, name: &str) -> String {
    let Some((_, scalar, url)) = SCALARS.iter().find(|(from, _, _)| *from == name) else {
        return "String".to_owned();
    };
    if !registry.types.contains_key(*scalar) {
        registry.types.insert(
            (*scalar).to_owned(),
            MetaType::Scalar {
                name: (*scalar).to_owned(),
                description: Some(rapporteur_domain::shape::scalar_about(name)),
                is_valid: None,
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                specified_by_url: url.map(str::to_owned),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            },
        );
    }
    (*scalar).to_owned()
}

/// A shape made once for each type.
pub(super) type Shared = Arc<ObjectShape>;
