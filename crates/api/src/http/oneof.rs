use std::collections::{HashMap, HashSet};

use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::ServerError;

use super::error::{ErrorCode, coded};

/// The rule of OneOf input objects (specification of September 2025, 3.10.1), which the compiler lacks: exactly one
/// field, and that not null. Without it a mutation's first field would be done before its second is found wrong.
///
/// Not checked here: a nullable variable in such a field. Its null is found when the argument is read.
pub(super) struct OneOf {
    /// Field types of every input object, and whether it is OneOf. Empty when none is.
    inputs: HashMap<Name, Input>,
}

struct Input {
    one_of: bool,
    fields: Vec<(Name, Type)>,
}

impl OneOf {
    pub(super) fn of(schema: &Valid<Schema>) -> Self {
        let inputs: HashMap<_, _> = schema
            .types
            .iter()
            .filter_map(|(name, definition)| match definition {
                ExtendedType::InputObject(input) => {
                    let fields = input
                        .fields
                        .iter()
                        .map(|(name, field)| (name.clone(), (*field.ty).clone()))
                        .collect();
                    Some((
                        name.clone(),
                        Input {
                            one_of: input.directives.has("oneOf"),
                            fields,
                        },
                    ))
                }
                _ => None,
            })
            .collect();
        if inputs.values().any(|input| input.one_of) {
            Self { inputs }
        } else {
            Self {
                inputs: Default::default(),
            }
        }
    }

    /// Every literal of a document: arguments of fields, and defaults of variables.
    pub(super) fn check_document(&self, document: &ExecutableDocument) -> Result<(), ServerError> {
        if self.inputs.is_empty() {
            return Ok(());
        }
        for operation in document.operations.iter() {
            for variable in &operation.variables {
                if let Some(default) = &variable.default_value {
                    self.literal(&variable.ty, default)?;
                }
            }
            self.selections(&operation.selection_set)?;
        }
        document
            .fragments
            .values()
            .try_for_each(|fragment| self.selections(&fragment.selection_set))
    }

    /// Every value of a variable, already coerced to its type.
    pub(super) fn check_variables(&self, operation: &Operation, values: &JsonMap) -> Result<(), ServerError> {
        if self.inputs.is_empty() {
            return Ok(());
        }
        for variable in &operation.variables {
            if let Some(value) = values.get(variable.name.as_str()) {
                self.json(&variable.ty, value)?;
            }
        }
        Ok(())
    }

    fn selections(&self, set: &SelectionSet) -> Result<(), ServerError> {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.arguments(field)?;
                    self.selections(&field.selection_set)?;
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set)?,
                Selection::FragmentSpread(_) => {} // its definition is visited once
            }
        }
        Ok(())
    }

    fn arguments(&self, field: &Field) -> Result<(), ServerError> {
        for argument in &field.arguments {
            if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                self.literal(&definition.ty, &argument.value)?;
            }
        }
        Ok(())
    }

    fn literal(&self, ty: &Type, value: &Node<Value>) -> Result<(), ServerError> {
        match value.as_ref() {
            Value::List(items) => items.iter().try_for_each(|item| self.literal(ty.item_type(), item)),
            Value::Object(entries) => {
                let Some((name, input)) = self.inputs.get_key_value(ty.inner_named_type()) else {
                    return Ok(());
                };
                let entries: Vec<_> = entries.iter().map(|(name, value)| (name.as_str(), value)).collect();
                let keys = entries.iter().map(|(name, value)| (*name, value.is_null()));
                input.check(name, keys, ErrorCode::ValidationFailed)?;
                entries.iter().try_for_each(|(key, value)| match input.field(key) {
                    Some(ty) => self.literal(ty, value),
                    None => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }

    fn json(&self, ty: &Type, value: &JsonValue) -> Result<(), ServerError> {
        match value {
            JsonValue::Array(items) => items.iter().try_for_each(|item| self.json(ty.item_type(), item)),
            JsonValue::Object(entries) => {
                let Some((name, input)) = self.inputs.get_key_value(ty.inner_named_type()) else {
                    return Ok(());
                };
                let keys = entries.iter().map(|(name, value)| (name.as_str(), value.is_null()));
                input.check(name, keys, ErrorCode::BadUserInput)?;
                entries
                    .iter()
                    .try_for_each(|(key, value)| match input.field(key.as_str()) {
                        Some(ty) => self.json(ty, value),
                        None => Ok(()),
                    })
            }
            _ => Ok(()),
        }
    }
}

impl Input {
    fn field(&self, name: &str) -> Option<&Type> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, ty)| ty)
    }

    /// `entries` are names and whether the value is null.
    fn check<'a>(
        &self,
        name: &str,
        entries: impl Iterator<Item = (&'a str, bool)>,
        code: ErrorCode,
    ) -> Result<(), ServerError> {
        if !self.one_of {
            return Ok(());
        }
        let entries: HashSet<_> = entries.collect();
        let said: Vec<_> = entries.iter().map(|(entry, _)| format!("`{entry}`")).collect();
        if entries.len() == 1 && entries.iter().all(|(_, null)| !null) {
            return Ok(());
        }
        let found = match said.as_slice() {
            [] => "none".to_owned(),
            [only] => format!("{only} with null"),
            several => several.join(" and "),
        };
        let choices: Vec<_> = self.fields.iter().map(|(field, _)| format!("`{field}`")).collect();
        let message = format!(
            "`{name}` takes exactly one of {}, not null: found {found}",
            choices.join(", ")
        );
        Err(coded(code, message))
    }
}
