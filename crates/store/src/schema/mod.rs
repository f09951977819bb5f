//! The tables, read from `schema.sql` and the files of the desks: one text for both engines and
//! for the journal.

use crate::engine::Connection;
use crate::{Error, Value};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The whole schema as it stands today. A desk with many tables has a file of its own.
pub const SCHEMA: &str = concat!(
    include_str!("schema.sql"),
    include_str!("import.sql"),
    include_str!("coding.sql"),
    include_str!("completion.sql"),
    include_str!("identity.sql"),
    include_str!("release.sql"),
    include_str!("redaction.sql"),
    include_str!("integrity.sql"),
    include_str!("code_sets.sql"),
    include_str!("administration.sql"),
    include_str!("destruction.sql"),
);

/// The steps that lead to it, in order; a store takes those that it has not taken yet. Until a
/// version has been released the schema itself is the only step. With the first release its text
/// is copied as that step, and from then on a step is never changed and every change is a new one.
pub const MIGRATIONS: &[&str] = &[SCHEMA];

/// What vouches for the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// The hash of every change stands in the signed block of its commit.
    Journal,
    /// Every row can be recomputed from the record.
    Projection,
    /// The audit chain itself.
    Chain,
    /// Files under the hash of their bytes: the hash stands in a journaled row.
    Content,
}

/// A table: its columns in order, how many of them are its key, and what vouches for it.
#[derive(Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Columns, in the order of the schema.
    pub columns: Vec<&'static str>,
    /// The columns of the primary key, as positions in `columns`.
    pub key: Vec<usize>,
    /// What vouches for its rows.
    pub voucher: Voucher,
    insert: String,
    insert_many: String,
    select: String,
    delete: String,
}

static TABLES: LazyLock<HashMap<&'static str, Table>> =
    LazyLock::new(|| parse(SCHEMA).into_iter().map(|table| (table.name, table)).collect());

/// The table of this name.
pub fn table(name: &str) -> Result<&'static Table, Error> {
    TABLES.get(name).ok_or_else(|| Error::Database(format!("there is no table {name}")))
}

/// Every table, by name.
pub fn tables() -> Vec<&'static Table> {
    let mut tables: Vec<_> = TABLES.values().collect();
    tables.sort_by_key(|table| table.name);
    tables
}

impl Table {
    /// Position of a column.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        self.columns
            .iter()
            .position(|column| *column == name)
            .ok_or_else(|| Error::Database(format!("table {} has no column {name}", self.name)))
    }

    /// The key's values out of a whole row.
    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().map(|position| row[*position].clone()).collect()
    }

    pub(crate) fn insert_sql(&self) -> &str {
        &self.insert
    }

    /// Adds many rows, each parameter the values of a column.
    pub(crate) fn insert_many_sql(&self) -> &str {
        &self.insert_many
    }

    pub(crate) fn select_sql(&self) -> &str {
        &self.select
    }

    pub(crate) fn delete_sql(&self) -> &str {
        &self.delete
    }

    /// All rows, in the order of the key.
    pub(crate) fn all_sql(&self) -> String {
        let key: Vec<&str> = self.key.iter().map(|position| self.columns[*position]).collect();
        format!("SELECT {} FROM {} ORDER BY {}", self.columns.join(", "), self.name, key.join(", "))
    }

    /// The rows that have this value in a column, in the order of the key.
    pub(crate) fn all_of_sql(&self, column: &str) -> String {
        self.all_sql().replace(" ORDER BY", &format!(" WHERE {column} = $1 ORDER BY"))
    }

    fn build(
        name: &'static str,
        voucher: Voucher,
        columns: Vec<&'static str>,
        types: &[&str],
        key: Vec<usize>,
    ) -> Table {
        let numbered = |from: usize, count: usize| -> Vec<String> {
            (from..from + count).map(|n| format!("${n}")).collect()
        };
        let matched: Vec<String> = key
            .iter()
            .enumerate()
            .map(|(n, position)| format!("{} = ${}", columns[*position], n + 1))
            .collect();
        let (list, values) = (columns.join(", "), numbered(1, columns.len()).join(", "));
        let arrays: Vec<String> =
            types.iter().enumerate().map(|(n, kind)| format!("${}::{kind}[]", n + 1)).collect();
        Table {
            insert_many: format!(
                "INSERT INTO {name} ({list}) SELECT * FROM unnest({})",
                arrays.join(", ")
            ),
            insert: format!("INSERT INTO {name} ({list}) VALUES ({values})"),
            select: format!("SELECT {list} FROM {name} WHERE {}", matched.join(" AND ")),
            delete: format!("DELETE FROM {name} WHERE {}", matched.join(" AND ")),
            name,
            columns,
            key,
            voucher,
        }
    }
}

fn parse(schema: &'static str) -> Vec<Table> {
    schema.split("CREATE TABLE ").skip(1).map(parse_table).collect()
}

fn parse_table(text: &'static str) -> Table {
    let mut lines = text.lines();
    let first = lines.next().expect("a statement has a first line");
    let (name, voucher) = first.split_once(" ( -- ").expect("a table says what vouches for it");
    let voucher = match voucher {
        "journaled" => Voucher::Journal,
        "projection" => Voucher::Projection,
        "chain" => Voucher::Chain,
        "content" => Voucher::Content,
        other => panic!("schema.sql: table {name} is vouched for by {other}"),
    };
    let (mut columns, mut types, mut key) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines.map(str::trim).take_while(|line| !line.starts_with(");")) {
        if let Some(list) = line.strip_prefix("PRIMARY KEY (") {
            let list = list.split(')').next().expect("split yields at least one part");
            key = list.split(", ").filter_map(|n| columns.iter().position(|c| *c == n)).collect();
        } else if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            if line.contains(" PRIMARY KEY") {
                key.push(columns.len());
            }
            let mut words = line.split([' ', ',']);
            columns.push(words.next().expect("split yields at least one part"));
            types.push(words.next().expect("a column has a type"));
        }
    }
    Table::build(name, voucher, columns, &types, key)
}

/// The schema's text in the words of the embedded engine. A table that is nothing but its key lies
/// in the tree of the key alone: rows beside it would hold everything twice.
fn for_sqlite(sql: &'static str) -> String {
    let mut text = String::with_capacity(sql.len() + 1024);
    for part in sql.split_inclusive("\n);") {
        let is_key = parse(part).iter().any(|table| table.key.len() == table.columns.len());
        let end = if is_key { "\n) STRICT, WITHOUT ROWID;" } else { "\n) STRICT;" };
        text.push_str(&part.replace("\n);", end));
    }
    text.replace("BIGINT", "INTEGER").replace("BYTEA", "BLOB")
}

/// The schema's text in PostgreSQL's words: texts compare by their bytes, as in the other engine.
fn for_postgres(sql: &str) -> String {
    sql.replace(" TEXT", " TEXT COLLATE \"C\"")
}

/// Brings a database to the schema of this program: all steps that it has not taken yet.
///
/// # Errors
/// [`Error::Database`] when the database is of a later version of the program.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    connection.batch("CREATE TABLE IF NOT EXISTS schema_step (step BIGINT PRIMARY KEY)")?;
    let taken = connection.query("SELECT COALESCE(MAX(step), 0) FROM schema_step", &[])?;
    let taken = taken[0].integer(0)? as usize;
    if taken > MIGRATIONS.len() {
        return Err(Error::Database(format!(
            "this store was written by a later version of Chartroom (schema step {taken}, this \
             program knows {}); use that version",
            MIGRATIONS.len()
        )));
    }
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(taken) {
        let sql = if connection.is_sqlite() { for_sqlite(sql) } else { for_postgres(sql) };
        let number = step + 1;
        connection.batch(&format!(
            "BEGIN; {sql}; INSERT INTO schema_step (step) VALUES ({number}); COMMIT;"
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_columns_and_a_key() {
        assert!(tables().len() > 30);
        for table in tables() {
            assert!(!table.columns.is_empty() && !table.key.is_empty(), "{}", table.name);
        }
        let role = table("person_role").unwrap();
        assert_eq!((role.columns.len(), role.key.clone()), (2, vec![0, 1]));
    }
}
