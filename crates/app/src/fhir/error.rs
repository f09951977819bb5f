//! Why a request of the API was not carried out, by R4's rules for each interaction.

/// A request that was not carried out. Texts name no content of a record.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// As at any desk.
    #[error(transparent)]
    App(#[from] crate::Error),
    /// It was deleted.
    #[error("This resource was deleted; its versions stand in its history.")]
    Gone {
        /// Version of the deletion.
        number: i64,
    },
    /// The version or the search that the request relied on does not hold.
    #[error("{0}")]
    Precondition(String),
    /// The request can't be read: R4's issue code, and what is wrong.
    #[error("{1}")]
    Unreadable(&'static str, String),
    /// The address names no resource type of R4.
    #[error("The address names no resource type of FHIR R4.")]
    UnknownType,
    /// The content breaks a rule.
    #[error("{0}")]
    Unprocessable(String),
    /// This client can't do this here.
    #[error("{0}")]
    NotAllowed(String),
    /// Refused by its roles or scopes.
    #[error("{0}")]
    Forbidden(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        Error::App(error.into())
    }
}

impl Error {
    /// Nothing here, or nothing that this client may see.
    pub(crate) fn not_found() -> Error {
        Error::App(crate::Error::NotFound)
    }

    /// A parameter or header that can't be read.
    pub(crate) fn invalid(text: impl Into<String>) -> Error {
        Error::Unreadable("invalid", text.into())
    }
}
