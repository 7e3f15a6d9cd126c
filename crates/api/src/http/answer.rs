use async_graphql::{Response, ServerError, Value};
use axum::http::StatusCode;
use serde::Serialize;

use super::error::{ErrorCode, coded, publish};

/// A GraphQL response as it leaves: `errors` first, and no `data` when nothing was executed. It has no `extensions`.
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip)]
    refusal: Option<Refusal>,
}

/// Why nothing was executed, as far as HTTP cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A well-formed request whose document, operation or variables are at fault: 400, or 200 for a client that
    /// speaks `application/json` only (GraphQL over HTTP, section 6.4).
    Document,
    /// The same status for everyone.
    Status(StatusCode),
}

impl Answer {
    /// The errors, at most [`super::Limits::errors`], each with a `code` among its extensions.
    pub fn errors(&self) -> &[ServerError] {
        &self.errors
    }

    /// What was executed; `None` if nothing was.
    pub fn data(&self) -> Option<&Value> {
        self.data.as_ref()
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// What execution gave, fit to leave.
    pub(super) fn executed(response: Response, errors_max: usize) -> Self {
        let mut errors: Vec<_> = response.errors.into_iter().take(errors_max).map(publish).collect();
        errors.sort_by_key(|error| error.locations.first().map(|at| (at.line, at.column)));
        Self {
            errors,
            data: Some(response.data),
            refusal: None,
        }
    }

    /// The document, the operation or the variables are at fault. Errors of the same text are told once.
    pub(super) fn refused(errors: Vec<ServerError>, errors_max: usize) -> Self {
        let mut told: Vec<ServerError> = Vec::new();
        for error in errors {
            if told.len() == errors_max {
                break;
            }
            if !told.iter().any(|earlier| earlier.message == error.message) {
                told.push(error);
            }
        }
        Self {
            errors: told,
            data: None,
            refusal: Some(Refusal::Document),
        }
    }

    /// One error with an HTTP status of its own.
    pub(super) fn status(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        let refusal = Some(Refusal::Status(status));
        Self {
            errors: vec![coded(code, message)],
            data: None,
            refusal,
        }
    }

    /// JSON text; never fails, as every part is a plain value.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|cause| {
            tracing::error!("an answer does not serialise: {cause}");
            r#"{"errors":[{"message":"the answer cannot be written","extensions":{"code":"INTERNAL"}}]}"#.to_owned()
        })
    }
}
