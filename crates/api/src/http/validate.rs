use apollo_compiler::ast::Document;
use apollo_compiler::executable::Operation;
use apollo_compiler::parser::{Parser, SourceMap};
use apollo_compiler::request::{RequestError, coerce_variable_values};
use apollo_compiler::response::{GraphQLError, JsonMap};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema, introspection};
use async_graphql::parser::{parse_query, types};
use async_graphql::{Pos, ServerError, Variables};
use serde_json::{Map, Value};

use super::endpoint::EndpointError;
use super::error::{ErrorCode, coded};
use super::limits::Limits;
use super::oneof::OneOf;
use super::scan::{ScanError, scan};
use super::{error, guard};

/// `async-graphql` answers `isOneOf`, which the compiler's copy of the introspection schema lacks (as of 1.33.1).
const MISSING_INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";

/// Checks documents against the schema with the rules of the specification, all of them, which `async-graphql` does
/// not (see ADR 3).
pub(super) struct Validator {
    schema: Valid<Schema>,
    one_of: OneOf,
}

/// A document that breaks no rule, as the validator and as the executor read it.
pub(super) struct Validated {
    document: Valid<ExecutableDocument>,
    pub(super) parsed: types::ExecutableDocument,
}

impl Validator {
    /// # Errors
    /// `sdl` is not a valid schema: the resolvers do not fit together.
    pub(super) fn new(sdl: &str) -> Result<Self, EndpointError> {
        let builder = Schema::builder()
            .parse(sdl, "schema.graphql")
            .parse(MISSING_INTROSPECTION, "introspection");
        let invalid = |errors: &DiagnosticList| EndpointError::InvalidSchema(errors.to_string());
        let schema = builder.build().map_err(|failed| invalid(&failed.errors))?;
        let schema = schema.validate().map_err(|failed| invalid(&failed.errors))?;
        let one_of = OneOf::of(&schema);
        Ok(Self { schema, one_of })
    }

    /// Everything that depends on the document's text alone, so that the outcome can be kept.
    pub(super) fn validate(&self, text: &str, limits: &Limits) -> Result<Validated, Vec<ServerError>> {
        let text = scan(text, limits.nesting).map_err(|error| vec![scan_error(error, limits)])?;
        let ast: Document = Parser::new()
            .recursion_limit(limits.nesting * 4)
            .parse_ast(text.as_ref(), "document")
            .map_err(|failed| compiler_errors(&failed.errors, ErrorCode::ParseFailed, limits))?;
        guard::check(&ast, limits).map_err(|error| vec![error])?;
        let document = ast
            .to_executable_validate(&self.schema)
            .map_err(|failed| compiler_errors(&failed.errors, ErrorCode::ValidationFailed, limits))?;
        for operation in document.operations.iter() {
            introspection::check_max_depth(&document, operation)
                .map_err(|error| vec![request_error(&error, &document.sources, ErrorCode::LimitExceeded)])?;
        }
        self.one_of.check_document(&document).map_err(|error| vec![error])?;
        let parsed = parse_query(text.as_ref()).map_err(|failed| {
            let failed = ServerError::from(failed);
            vec![ServerError {
                locations: failed.locations,
                ..coded(ErrorCode::ParseFailed, failed.message)
            }]
        })?;
        Ok(Validated { document, parsed })
    }

    /// Values of the types that `operation` declares, defaults included.
    pub(super) fn coerce(
        &self,
        validated: &Validated,
        operation: &Operation,
        values: Map<String, Value>,
    ) -> Result<Variables, ServerError> {
        let given: JsonMap = values
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let coerced = coerce_variable_values(&self.schema, operation, &given)
            .map_err(|error| request_error(&error, &validated.document.sources, ErrorCode::BadUserInput))?;
        self.one_of.check_variables(operation, &coerced)?;
        let values = serde_json::to_value(coerced.into_inner())
            .map_err(|cause| error::publish(ServerError::new(cause.to_string(), None)))?;
        Ok(Variables::from_json(values))
    }
}

impl Validated {
    /// The operation of that name, or the only one.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<&Operation, ServerError> {
        let found = self.document.operations.get(name);
        found.map(|operation| operation.as_ref()).map_err(|error| {
            let mut error = request_error(&error, &self.document.sources, ErrorCode::OperationNotFound);
            if name.is_none() {
                error.message = "the document has several operations: `operationName` must say which to run".to_owned();
            }
            error
        })
    }
}

fn scan_error(error: ScanError, limits: &Limits) -> ServerError {
    let (pos, code, message) = match error {
        ScanError::Nested(pos) => {
            let message = format!(
                "the document has more than {} brackets open at once (limit nesting)",
                limits.nesting
            );
            (pos, ErrorCode::LimitExceeded, message)
        }
        ScanError::Escape(pos) => (
            pos,
            ErrorCode::ParseFailed,
            "syntax error: this escape stands for no character".to_owned(),
        ),
    };
    ServerError {
        locations: vec![pos],
        ..coded(code, message)
    }
}

/// At most a few more than will be told: a document can break one rule thousands of times.
fn compiler_errors(errors: &DiagnosticList, code: ErrorCode, limits: &Limits) -> Vec<ServerError> {
    let shown = errors.iter().take(limits.errors * 4);
    shown
        .map(|diagnostic| compiler_error(diagnostic.to_json(), code))
        .collect()
}

fn request_error(error: &RequestError, sources: &SourceMap, code: ErrorCode) -> ServerError {
    compiler_error(error.to_graphql_error(sources), code)
}

fn compiler_error(error: GraphQLError, code: ErrorCode) -> ServerError {
    let locations = error
        .locations
        .iter()
        .map(|at| Pos {
            line: at.line,
            column: at.column,
        })
        .collect();
    ServerError {
        locations,
        ..coded(code, error.message)
    }
}
