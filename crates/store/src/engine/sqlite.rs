//! The embedded engine: WAL, synchronous=FULL, statements cached by text.

use super::{Row, Value};
use crate::Error;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection as Raw, OpenFlags, ToSql, params_from_iter};
use std::path::Path;

/// A connection to the database file of a data directory.
pub(crate) struct SqliteConnection {
    raw: Raw,
}

/// Frames of 8 KiB that the log may hold before they move into the file: 64 MiB.
const LOG_FRAMES_MAX: i64 = 8192;

impl SqliteConnection {
    /// Opens the one connection that writes.
    pub fn open_writer(path: &Path) -> Result<SqliteConnection, Error> {
        let raw = Raw::open(path)?;
        raw.pragma_update(None, "page_size", 8192)?;
        raw.pragma_update(None, "journal_mode", "WAL")?;
        raw.pragma_update(None, "synchronous", "FULL")?;
        raw.pragma_update(None, "wal_autocheckpoint", LOG_FRAMES_MAX)?;
        raw.pragma_update(None, "cache_size", -32_768)?;
        raw.pragma_update(None, "temp_store", "MEMORY")?;
        raw.pragma_update(None, "foreign_keys", true)?;
        keep_plans(&raw)?;
        raw.set_prepared_statement_cache_capacity(256);
        Ok(SqliteConnection { raw })
    }

    /// Opens a connection that can only read.
    pub fn open_reader(path: &Path) -> Result<SqliteConnection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let raw = Raw::open_with_flags(path, flags)?;
        raw.busy_timeout(std::time::Duration::from_secs(10))?;
        raw.pragma_update(None, "cache_size", -4096)?;
        raw.pragma_update(None, "temp_store", "MEMORY")?;
        keep_plans(&raw)?;
        raw.set_prepared_statement_cache_capacity(128);
        Ok(SqliteConnection { raw })
    }

    pub fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let mut found = Vec::new();
        self.for_each(sql, parameters, &mut |row| {
            found.push(row);
            Ok(())
        })?;
        Ok(found)
    }

    pub fn for_each(
        &mut self,
        sql: &str,
        parameters: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut statement = self.raw.prepare_cached(&placeholders(sql))?;
        let width = statement.column_count();
        let mut rows = statement.query(params_from_iter(parameters))?;
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(width);
            for column in 0..width {
                values.push(value_of(row.get_ref(column)?));
            }
            visit(Row(values))?;
        }
        Ok(())
    }

    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        let mut statement = self.raw.prepare_cached(&placeholders(sql))?;
        Ok(statement.execute(params_from_iter(parameters))? as u64)
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.raw.execute_batch(sql)?)
    }

    /// Copies the database as it stands now into a new file.
    pub fn copy_into(&mut self, path: &Path) -> Result<(), Error> {
        let target = path.to_str().ok_or_else(|| Error::Database("path is not text".into()))?;
        self.raw.execute("VACUUM INTO ?1", [target])?;
        Ok(())
    }
}

/// A plan looks at no bound value, so that a kept statement is never planned anew: that took a
/// fifth of an import.
fn keep_plans(raw: &Raw) -> Result<(), Error> {
    raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// SQLite numbers `$n` by order of appearance; `?n` says which is meant.
fn placeholders(sql: &str) -> String {
    sql.replace('$', "?")
}

/// A value that no column of ours holds (a fraction, text that is no text) comes as bytes: who
/// reads the column finds the wrong kind, and its row has another hash.
fn value_of(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Text(text) => match String::from_utf8(text.to_vec()) {
            Ok(text) => Value::Text(text),
            Err(error) => Value::Blob(error.into_bytes()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(real) => Value::Blob(real.to_be_bytes().to_vec()),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(integer) => ValueRef::Integer(*integer),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
