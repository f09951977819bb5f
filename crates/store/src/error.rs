//! What can go wrong in the store.

/// A failure of the store. What a use case refuses is not one: that is the use case's own error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing with this id, or nothing that this context may see.
    #[error("not found")]
    NotFound,
    /// Somebody changed it first.
    #[error("conflict: {0}")]
    Conflict(String),
    /// What is stored is not what was written.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// The engine, the file system or the network failed.
    #[error("the database failed: {0}")]
    Database(String),
    /// The keys folder is missing, unreadable, or of another store.
    #[error("{0}")]
    Keys(String),
    /// Too many writers are waiting; try again shortly.
    #[error("the store is busy; try again in a few seconds")]
    Busy,
    /// Another process owns the data directory.
    #[error("{0}")]
    Owned(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Error::NotFound,
            other => Error::Database(other.to_string()),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Error {
        let mut text = error.to_string();
        if let Some(cause) = error.as_db_error() {
            text = format!("{} ({})", cause.message(), cause.code().code());
        }
        Error::Database(text)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        Error::Database(error.to_string())
    }
}
