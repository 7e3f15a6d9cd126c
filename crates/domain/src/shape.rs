//! Shapes of written input, taken from the JSON Schemas of the recorded types.
//!
//! One definition serves three readers: JSON Schema files, GraphQL inputs and outputs, and [`check`], which lists
//! everything that is wrong with a written value, with its path, before anything is decoded.

use crate::invalid::Invalid;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};
use std::sync::Arc;

mod check;
pub use check::{Findings, Mention, check, listed, plain};

/// A named scalar: one text form (or, for dates, two) with a rule of its own.
pub trait Scalar {
    /// The scalar's name, as in the JSON Schemas' `x-scalar`.
    const NAME: &'static str;

    /// Whether this written value is one.
    ///
    /// # Errors
    /// What is wrong with the value.
    fn check(value: &Value) -> Result<(), Invalid>;
}

/// A scalar's rule as a plain function, with its name.
#[derive(Clone, Copy)]
pub struct ScalarRule {
    /// The scalar's name.
    pub name: &'static str,
    /// Its rule.
    pub check: fn(&Value) -> Result<(), Invalid>,
}

const SCALARS: &[ScalarRule] = &[
    rule::<crate::id::Slug>(),
    rule::<crate::id::Key>(),
    rule::<crate::id::RecordRef>(),
    rule::<crate::text::Line>(),
    rule::<crate::text::Prose>(),
    rule::<crate::text::Url>(),
    rule::<crate::text::Language>(),
    rule::<crate::text::Country>(),
    rule::<crate::date::FuzzyDate>(),
];

const fn rule<T: Scalar>() -> ScalarRule {
    ScalarRule {
        name: T::NAME,
        check: T::check,
    }
}

/// What a written value looks like.
#[derive(Clone)]
pub enum Shape {
    /// A whole number from 0 to 2,147,483,647.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
    /// A named scalar.
    Scalar(ScalarRule),
    /// One of a closed set of names.
    Enum(Arc<EnumShape>),
    /// An object.
    Object(Arc<ObjectShape>),
    /// A list of at most [`MAX_ITEMS`].
    List(Box<Shape>),
}

/// The most items a list may have.
pub const MAX_ITEMS: usize = 200;

/// A closed set of names.
pub struct EnumShape {
    /// The set's name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Its values with what they mean.
    pub values: Vec<(String, String)>,
}

/// An object with named fields.
pub struct ObjectShape {
    /// The object's name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

impl ObjectShape {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// A field of an object.
pub struct Field {
    /// Its name in JSON and GraphQL.
    pub name: String,
    /// What it holds.
    pub about: String,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it refers to a dossier, and of which kind (`Any` for any).
    pub refers: Option<String>,
}

impl Field {
    /// Whether it may point at a record inside a dossier, or at a dossier of any kind: a reference shows it whole.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        let items = match &self.shape {
            Shape::List(items) => items.as_ref(),
            other => other,
        };
        let of_record = matches!(items, Shape::Scalar(rule) if rule.name == "RecordRef");
        self.refers.as_deref().is_some_and(|kind| kind == "Any" || of_record)
    }

    /// Whether its value is the slug of a dossier, or points at one or into one.
    #[must_use]
    pub fn names_a_dossier(&self) -> bool {
        matches!(&self.shape, Shape::Scalar(rule) if ["Slug", "RecordRef"].contains(&rule.name))
    }
}

/// The shape of a recorded object type.
#[must_use]
pub fn object_of<T: JsonSchema>() -> Arc<ObjectShape> {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let schema = T::json_schema(&mut generator);
    let name = T::schema_name();
    match Reader::new(&generator).read(schema.as_value(), &name) {
        Shape::Object(object) => object,
        _ => Arc::new(ObjectShape {
            name: name.into_owned(),
            about: String::new(),
            fields: Vec::new(),
        }),
    }
}

/// What a named scalar is, for people; empty for a name that is none.
#[must_use]
pub fn scalar_about(name: &str) -> String {
    let mut generator = SchemaGenerator::default();
    let schema = match name {
        "DateInput" => crate::date::FuzzyDate::json_schema(&mut generator),
        "Country" => crate::text::Country::json_schema(&mut generator),
        _ => return String::new(),
    };
    text(schema.as_value(), "description").unwrap_or_default()
}

/// The shape of a closed set.
#[must_use]
pub fn set_of<T: JsonSchema>() -> Arc<EnumShape> {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let schema = T::json_schema(&mut generator);
    let name = T::schema_name();
    match Reader::new(&generator).read(schema.as_value(), &name) {
        Shape::Enum(set) => set,
        _ => Arc::new(EnumShape {
            name: name.into_owned(),
            about: String::new(),
            values: Vec::new(),
        }),
    }
}

struct Reader {
    definitions: Map<String, Value>,
}

impl Reader {
    fn new(generator: &SchemaGenerator) -> Self {
        Self {
            definitions: generator.definitions().clone(),
        }
    }

    fn read(&self, schema: &Value, name: &str) -> Shape {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = target.rsplit('/').next().unwrap_or(target);
            return self
                .definitions
                .get(target)
                .map_or(Shape::Bool, |found| self.read(found, target));
        }
        if let Some(scalar) = schema.get("x-scalar").and_then(Value::as_str)
            && let Some(rule) = SCALARS.iter().find(|s| s.name == scalar)
        {
            return Shape::Scalar(*rule);
        }
        if let Some(options) = schema.get("anyOf").and_then(Value::as_array)
            && let Some(inner) = options
                .iter()
                .find(|o| o.get("type").and_then(Value::as_str) != Some("null"))
        {
            return self.read(inner, name);
        }
        if let Some(options) = schema.get("oneOf").and_then(Value::as_array) {
            let values = options
                .iter()
                .filter_map(|o| Some((text(o, "const")?, text(o, "description").unwrap_or_default())));
            return Shape::Enum(Arc::new(EnumShape {
                name: name.to_owned(),
                about: text(schema, "description").unwrap_or_default(),
                values: values.collect(),
            }));
        }
        match type_of(schema) {
            "array" => Shape::List(Box::new(
                schema.get("items").map_or(Shape::Bool, |items| self.read(items, name)),
            )),
            "integer" => Shape::Int,
            "number" => Shape::Float,
            "object" => Shape::Object(Arc::new(self.object(schema, name))),
            _ => Shape::Bool,
        }
    }

    fn object(&self, schema: &Value, name: &str) -> ObjectShape {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let fields = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(field, inner)| Field {
                name: field.clone(),
                about: text(inner, "description").unwrap_or_default(),
                shape: self.read(inner, field),
                required: required.contains(&field.as_str()),
                refers: text(inner, "x-refers"),
            });
        ObjectShape {
            name: name.to_owned(),
            about: text(schema, "description").unwrap_or_default(),
            fields: fields.collect(),
        }
    }
}

fn text(schema: &Value, key: &str) -> Option<String> {
    schema.get(key).and_then(Value::as_str).map(|s| s.replace('\n', " "))
}

fn type_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(one)) => one,
        Some(Value::Array(many)) => many
            .iter()
            .filter_map(Value::as_str)
            .find(|t| *t != "null")
            .unwrap_or("null"),
        _ => "",
    }
}
