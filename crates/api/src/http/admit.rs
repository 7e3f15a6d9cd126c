use async_graphql::parser::types::OperationType;
use async_graphql::{Request, ServerError};

use super::answer::Answer;
use super::cache::Cache;
use super::endpoint::EndpointError;
use super::error::{ErrorCode, coded};
use super::limits::Limits;
use super::request::Incoming;
use super::validate::Validator;

/// Everything between a request and its execution.
pub(super) struct Admission {
    validator: Validator,
    cache: Cache,
    limits: Limits,
}

/// A request that is fit to run: its document is valid and attached in parsed form, its variables are coerced.
pub(super) struct Admitted {
    pub(super) request: Request,
    pub(super) kind: OperationType,
}

impl Admission {
    pub(super) fn new(sdl: &str, limits: Limits) -> Result<Self, EndpointError> {
        let cache = Cache::new(limits.cached_documents, limits.cached_document_bytes);
        Ok(Self {
            validator: Validator::new(sdl)?,
            cache,
            limits,
        })
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// # Errors
    /// An answer without `data`: the request is refused, and why.
    pub(super) fn admit(&self, incoming: Incoming) -> Result<Admitted, Answer> {
        self.check(incoming)
            .map_err(|errors| Answer::refused(errors, self.limits.errors))
    }

    fn check(&self, incoming: Incoming) -> Result<Admitted, Vec<ServerError>> {
        let Incoming {
            document,
            operation_name,
            variables,
        } = incoming;
        let (bytes, bytes_max) = (document.len(), self.limits.document_bytes);
        if bytes > bytes_max {
            let message = format!(
                "the document has {bytes} bytes, more than the limit of {bytes_max}: pass values as variables, or send it in parts"
            );
            return Err(vec![coded(ErrorCode::LimitExceeded, message)]);
        }
        let validated = self
            .cache
            .get_or(&document, || self.validator.validate(&document, &self.limits))?;
        let operation = validated.operation(operation_name.as_deref())?;
        let kind = match operation.operation_type {
            apollo_compiler::ast::OperationType::Query => OperationType::Query,
            apollo_compiler::ast::OperationType::Mutation => OperationType::Mutation,
            apollo_compiler::ast::OperationType::Subscription => OperationType::Subscription,
        };
        let variables = self.validator.coerce(&validated, operation, variables)?;
        let mut request = Request::new(document).variables(variables);
        request.operation_name = operation_name;
        request.set_parsed_query(validated.parsed.clone());
        Ok(Admitted { request, kind })
    }
}
