use std::error::Error as StdError;

use async_graphql::{ServerError, Value};

type Cause = Box<dyn StdError + Send + Sync>;

/// What a client sees of a failure of ours.
const INTERNAL: &str = "something failed on the server's side; its log says what";

/// The closed list of `extensions.code`: every error in every answer carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The document is no GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// The document or the message is beyond one of [`super::Limits`].
    LimitExceeded,
    /// `operationName` names no operation, or is needed.
    OperationNotFound,
    /// A variable or an argument has a value that its type does not take.
    BadUserInput,
    /// What was asked for by name is not there, and the field cannot be null.
    NotFound,
    /// The request is no GraphQL request.
    BadRequest,
    /// A mutation over GET, a subscription over plain HTTP, or another HTTP method.
    MethodNotAllowed,
    /// The body is no `application/json`.
    UnsupportedMediaType,
    /// `Accept` leaves no media type that we speak.
    NotAcceptable,
    /// The body is too long.
    PayloadTooLarge,
    /// The page that sent this request is not ours.
    Forbidden,
    /// `Host` does not name this machine.
    Misdirected,
    /// Too many connections.
    Unavailable,
    /// The operation took too long.
    Timeout,
    /// We failed: the log has the reason.
    Internal,
}

impl ErrorCode {
    /// The code as clients see it, e.g. `BAD_USER_INPUT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::OperationNotFound => "OPERATION_NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::BadRequest => "BAD_REQUEST",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::Forbidden => "FORBIDDEN",
            Self::Misdirected => "MISDIRECTED_REQUEST",
            Self::Unavailable => "UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A resolver's failure: a code and a message for the client, and a cause for the log only.
///
/// `?` turns it into an `async_graphql::Error`. Any other error type that reaches the answer counts as
/// [`ErrorCode::Internal`] and its text is not shown, except plain `&'static str` texts, errors whose `code` extension
/// is set, and the library's remarks on arguments (`InputValueError`), which are [`ErrorCode::BadUserInput`]. So give
/// cursors an error type of this kind: `connection::query` passes it on.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    code: ErrorCode,
    message: String,
    #[source]
    cause: Option<Cause>,
}

impl ApiError {
    /// An error that the client is told about in full.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            cause: None,
        }
    }

    /// An argument with a value that we do not take; `message` says which, and what to write instead.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadUserInput, message)
    }

    /// A failure of ours: the client gets a general text, the log gets `cause` with all its sources.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self {
            code: ErrorCode::Internal,
            message: INTERNAL.to_owned(),
            cause: Some(cause.into()),
        }
    }

    /// Adds what the log should say.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The code that the client sees.
    pub fn code(&self) -> ErrorCode {
        self.code
    }
}

/// An error of the request as a whole: no path, and no locations until the caller adds them.
pub(super) fn coded(code: ErrorCode, message: impl Into<String>) -> ServerError {
    with_code(ServerError::new(message, None), code)
}

/// Makes an error of execution fit to leave: it has a code, and no text that was not written for clients.
pub(super) fn publish(mut error: ServerError) -> ServerError {
    let has_code = error
        .extensions
        .as_ref()
        .is_some_and(|values| values.get("code").is_some());
    if let Some(ours) = error.source::<ApiError>() {
        let (code, cause) = (ours.code, chain(ours));
        match (code, ours.cause.is_some()) {
            (ErrorCode::Internal, _) => tracing::error!(path = %path(&error), "{cause}"),
            (_, true) => tracing::warn!(path = %path(&error), "{cause}"),
            (_, false) => {}
        }
        return with_code(error, code);
    }
    if has_code {
        error.source = None;
        return error;
    }
    if is_bad_input(&error) {
        if let Some(what) = error.message.strip_prefix("Failed to parse \"Int\": ") {
            let path = path(&error);
            error.message = format!(
                "`{path}`: one of its arguments is no number that may stand there ({what}); write a whole number from 0 to 2147483647"
            );
        }
        return with_code(error, ErrorCode::BadUserInput);
    }
    tracing::error!(path = %path(&error), "a resolver failed: {}", error.message);
    error.message = INTERNAL.to_owned();
    error.extensions = None;
    with_code(error, ErrorCode::Internal)
}

/// `async-graphql` gives its remarks on arguments no source and begins them in one of these ways: where a value does
/// not parse, and where a connection's page is negative.
const ARGUMENT_REMARKS: [&str; 4] = [
    "Failed to parse \"",
    "Expected input type \"",
    "The \"first\" parameter must",
    "The \"last\" parameter must",
];

/// A static text holds nothing from run time, so it was written for clients, if clumsily.
fn is_bad_input(error: &ServerError) -> bool {
    match &error.source {
        None => ARGUMENT_REMARKS.iter().any(|start| error.message.starts_with(start)),
        Some(_) => error.source::<&'static str>().is_some(),
    }
}

fn with_code(mut error: ServerError, code: ErrorCode) -> ServerError {
    error.source = None;
    error
        .extensions
        .get_or_insert_default()
        .set("code", Value::from(code.as_str()));
    error
}

fn chain(error: &ApiError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn path(error: &ServerError) -> String {
    let segments = error.path.iter().map(|segment| match segment {
        async_graphql::PathSegment::Field(name) => name.clone(),
        async_graphql::PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(error: &ServerError) -> Option<&Value> {
        error.extensions.as_ref().and_then(|values| values.get("code"))
    }

    fn published(error: impl Into<async_graphql::Error>) -> ServerError {
        publish(error.into().into_server_error(async_graphql::Pos::default()))
    }

    #[test]
    fn an_api_error_keeps_its_text_and_hides_its_cause() {
        let shown = published(ApiError::bad_input("`first` is 500; a page is 200 at most").with_cause("disk on fire"));
        assert_eq!(shown.message, "`first` is 500; a page is 200 at most");
        assert_eq!(code(&shown), Some(&Value::from("BAD_USER_INPUT")));
    }

    #[test]
    fn an_error_of_another_type_is_internal_and_silent() {
        let shown = published(std::io::Error::other("/srv/secret: no such file"));
        assert_eq!(shown.message, INTERNAL);
        assert_eq!(code(&shown), Some(&Value::from("INTERNAL")));
        assert!(shown.source.is_none());
    }

    #[test]
    fn a_text_put_together_at_run_time_is_not_shown() {
        assert_eq!(published(format!("cannot open {}", "/srv/secret")).message, INTERNAL);
    }
}
