//! What is wrong with one written value.

/// Why a written value is not accepted, and what to do about it. It names neither field nor
/// value: whoever parsed it knows where it stood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {hint}")]
pub struct Invalid {
    /// What is wrong, in one clause without a full stop.
    pub message: String,
    /// What to write instead, in one clause without a full stop.
    pub hint: String,
}

impl Invalid {
    /// An error with its remedy.
    #[must_use]
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The text is longer than its type allows.
    #[must_use]
    pub fn too_long(raw: &str, max: usize) -> Self {
        Self::new(
            format!("{} bytes where at most {max} are allowed", raw.len()),
            "shorten the text",
        )
    }
}
