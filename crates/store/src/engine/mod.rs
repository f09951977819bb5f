//! Two engines behind one small surface: values, rows, statements with `$n` placeholders.

mod address;
mod certificate;
mod postgres;
mod question;
mod rows;
mod sqlite;
mod tls;

use crate::Error;
use crate::schema::Table;
pub(crate) use address::{has_password, shown};
pub(crate) use postgres::PostgresConnection;
pub(crate) use sqlite::SqliteConnection;

/// A value of a column: the only kinds that both engines store alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// No value.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

macro_rules! into_value {
    ($($type:ty => $variant:ident $(. $convert:ident)?;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Value {
                Value::$variant(value $(. $convert())?)
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Value {
                value.map_or(Value::Null, Value::from)
            }
        }
    )*};
}
into_value! {
    i64 => Integer;
    Vec<u8> => Blob;
    &[u8] => Blob.to_vec;
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        // A search for one byte: next to nothing beside what is done with the value.
        match text.contains('\0') {
            false => Value::Text(text),
            true => Value::Text(column_text(&text)),
        }
    }
}

macro_rules! text_value {
    ($($type:ty),*) => {$(
        impl From<$type> for Value {
            fn from(text: $type) -> Value {
                Value::from(String::from(text))
            }
        }
    )*};
}
text_value! { &str, &String }

macro_rules! text_value_or_none {
    ($($type:ty),*) => {$(
        impl From<Option<$type>> for Value {
            fn from(text: Option<$type>) -> Value {
                text.map_or(Value::Null, Value::from)
            }
        }
    )*};
}
text_value_or_none! { String, &str, &String }

/// A text as columns hold it: the character U+0000, which PostgreSQL refuses in every text, is
/// U+FFFD there. Records keep it: their bodies are bytes.
pub(crate) fn column_text(text: impl AsRef<str>) -> String {
    text.as_ref().replace('\0', "\u{FFFD}")
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Integer(i64::from(value))
    }
}

/// One row of a result.
#[derive(Clone, Debug)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The integer in this column.
    pub fn integer(&self, column: usize) -> Result<i64, Error> {
        match &self.0[column] {
            Value::Integer(value) => Ok(*value),
            other => Err(unexpected(column, "an integer", other)),
        }
    }

    /// The integer in this column, if there is one.
    pub fn integer_or_none(&self, column: usize) -> Result<Option<i64>, Error> {
        match &self.0[column] {
            Value::Null => Ok(None),
            _ => self.integer(column).map(Some),
        }
    }

    /// The text in this column.
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        match &self.0[column] {
            Value::Text(value) => Ok(value),
            other => Err(unexpected(column, "text", other)),
        }
    }

    /// The text in this column, if there is one.
    pub fn text_or_none(&self, column: usize) -> Result<Option<&str>, Error> {
        match &self.0[column] {
            Value::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// The bytes in this column.
    pub fn blob(&self, column: usize) -> Result<&[u8], Error> {
        match &self.0[column] {
            Value::Blob(value) => Ok(value),
            other => Err(unexpected(column, "bytes", other)),
        }
    }

    /// The bytes in this column, if there are any.
    pub fn blob_or_none(&self, column: usize) -> Result<Option<&[u8]>, Error> {
        match &self.0[column] {
            Value::Null => Ok(None),
            _ => self.blob(column).map(Some),
        }
    }
}

fn unexpected(column: usize, wanted: &str, got: &Value) -> Error {
    let kind = match got {
        Value::Null => "nothing",
        Value::Integer(_) => "an integer",
        Value::Text(_) => "text",
        Value::Blob(_) => "bytes",
    };
    Error::Corrupt(format!("column {column} of a result holds {kind}, expected {wanted}"))
}

/// A question that will be asked for many parameters, and how all answers are had at once.
pub(crate) struct Foreseen<'a> {
    /// The parameters of each question.
    pub asked: &'a [Vec<Value>],
    /// A statement whose first column is the last parameter and whose others are the answer; the
    /// values of the last parameter stand where it says `{}`.
    pub many: &'a str,
}

/// A connection to either engine.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(Box<PostgresConnection>),
}

impl Connection {
    /// Runs a query and returns every row.
    pub fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        match self {
            Connection::Sqlite(connection) => connection.query(sql, parameters),
            Connection::Postgres(connection) => connection.query(sql, parameters),
        }
    }

    /// Runs a query row by row, without holding the whole result.
    pub fn for_each(
        &mut self,
        sql: &str,
        parameters: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self {
            Connection::Sqlite(connection) => connection.for_each(sql, parameters, visit),
            Connection::Postgres(connection) => connection.for_each(sql, parameters, visit),
        }
    }

    /// Runs a statement and returns how many rows it touched.
    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        match self {
            Connection::Sqlite(connection) => connection.execute(sql, parameters),
            Connection::Postgres(connection) => connection.execute(sql, parameters),
        }
    }

    /// Adds a row to a table. Over a network rows travel together: at the latest before the next
    /// statement that names their table, and before a savepoint or a commit ends.
    pub fn insert(&mut self, table: &'static Table, row: Vec<Value>) -> Result<(), Error> {
        match self {
            Connection::Sqlite(connection) => {
                connection.execute(table.insert_sql(), &row).map(|_| ())
            }
            Connection::Postgres(connection) => connection.insert(table, row),
        }
    }

    /// Asks a question for many parameters at once, where each would be a journey of its own.
    pub fn foresee(&mut self, one: &str, many: &Foreseen<'_>) -> Result<(), Error> {
        match self {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(connection) => connection.foresee(one, many),
        }
    }

    /// Runs statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Connection::Sqlite(connection) => connection.batch(sql),
            Connection::Postgres(connection) => connection.batch(sql),
        }
    }

    /// Whether this is the embedded engine.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Connection::Sqlite(_))
    }
}
