//! What a use case answers when it does not do what was asked.

/// Why a use case was not carried out. Every text is a sentence that a clerk can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The roles of this person do not allow it.
    #[error("{0}")]
    Forbidden(String),
    /// Nothing there, or nothing that this person may see.
    #[error("There is nothing here, or nothing that you may see.")]
    NotFound,
    /// Somebody was faster, or it stands otherwise than was assumed.
    #[error("{0}")]
    Conflict(String),
    /// A rule refuses it.
    #[error("{0}")]
    Refused(String),
    /// The fields that do not hold, each with what would do.
    #[error("{}", .0.iter().map(|field| field.reason.as_str()).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<FieldError>),
    /// Too many at once; try again.
    #[error("The store is busy. Try again in a few seconds.")]
    Busy,
    /// Ours to mend. The text goes to the log, never to a page.
    #[error("internal: {0}")]
    Internal(String),
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Name of the field in the form.
    pub field: String,
    /// What is wrong.
    pub reason: String,
    /// What would do instead; empty where the reason says it.
    pub would_do: String,
}

impl FieldError {
    /// An error of one field.
    pub fn new(field: &str, reason: impl Into<String>) -> FieldError {
        FieldError { field: field.to_owned(), reason: reason.into(), would_do: String::new() }
    }

    /// With what would do instead.
    pub fn would_do(mut self, would_do: impl Into<String>) -> FieldError {
        self.would_do = would_do.into();
        self
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            store::Error::NotFound => Error::NotFound,
            store::Error::Conflict(text) => Error::Conflict(text),
            store::Error::Busy => Error::Busy,
            other => Error::Internal(other.to_string()),
        }
    }
}
