//! PostgreSQL: the same statements over the network.

use super::address::Address;
use super::rows::{Columns, Waiting};
use super::{Foreseen, Row, Value};
use crate::Error;
use crate::schema::Table;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, NoTls, Statement};
use std::collections::HashMap;

/// A connection to a PostgreSQL server, with its prepared statements.
pub(crate) struct PostgresConnection {
    client: Client,
    prepared: HashMap<String, Statement>,
    waiting: Waiting,
}

/// Statements kept prepared on one connection; past that, the cache starts anew.
const PREPARED_MAX: usize = 512;

/// Parameters of a statement that answers many questions.
const FORESEEN_MAX: usize = 500;

impl PostgresConnection {
    /// Connects by a `postgres://` address.
    pub fn open(address: &str) -> Result<PostgresConnection, Error> {
        let address = Address::parse(address)?;
        let client = match &address.encryption {
            None => address.config.connect(NoTls),
            Some(encryption) => address.config.connect(encryption.connector()?),
        };
        let mut client = client.map_err(unreached)?;
        client
            .batch_execute("SET client_min_messages TO warning; SET statement_timeout TO '600s'")?;
        Ok(PostgresConnection { client, prepared: HashMap::new(), waiting: Waiting::default() })
    }

    /// Keeps a row until it is needed; see [`Waiting`].
    pub fn insert(&mut self, table: &'static Table, row: Vec<Value>) -> Result<(), Error> {
        match self.waiting.add(table, row) {
            Some((table, rows)) => self.insert_all(table, &rows),
            None => Ok(()),
        }
    }

    /// Sends the waiting rows that a statement may ask for.
    fn catch_up(&mut self, sql: &str, parameters: &[Value]) -> Result<(), Error> {
        let due = self.waiting.due(sql, parameters);
        due.into_iter().try_for_each(|(table, rows)| self.insert_all(table, &rows))
    }

    /// Rows of one table, in one statement.
    fn insert_all(&mut self, table: &Table, rows: &[Vec<Value>]) -> Result<(), Error> {
        let statement = self.prepare(table.insert_many_sql())?;
        let columns = Columns::of(table, rows);
        let borrowed: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|c| c as _).collect();
        self.client.execute(&statement, &borrowed)?;
        Ok(())
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= PREPARED_MAX {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        if let Some(answer) = self.waiting.answer(sql, parameters) {
            return Ok(answer.clone());
        }
        let rows = self.ask(sql, parameters)?;
        self.waiting.keep(sql, parameters, &rows);
        Ok(rows)
    }

    fn ask(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.catch_up(sql, parameters)?;
        let statement = self.prepare(sql)?;
        let borrowed: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|v| v as _).collect();
        self.client.query(&statement, &borrowed)?.iter().map(row_of).collect()
    }

    /// Keeps the answers to a question that will be asked for these parameters.
    pub fn foresee(&mut self, one: &str, many: &Foreseen<'_>) -> Result<(), Error> {
        let mut groups: HashMap<&[Value], Vec<Value>> = HashMap::new();
        for parameters in many.asked {
            let (last, first) = parameters.split_last().expect("a question has a parameter");
            groups.entry(first).or_default().push(last.clone());
        }
        for (first, mut values) in groups {
            values.sort();
            values.dedup();
            for part in values.chunks(FORESEEN_MAX) {
                let marks: Vec<String> =
                    (1..=part.len()).map(|n| format!("${}", first.len() + n)).collect();
                let sql = many.many.replace("{}", &marks.join(", "));
                let parameters: Vec<Value> = first.iter().chain(part).cloned().collect();
                let mut answers: HashMap<Value, Vec<Row>> = HashMap::new();
                for mut row in self.ask(&sql, &parameters)? {
                    let answer = row.0.split_off(1);
                    answers.entry(row.0.remove(0)).or_default().push(Row(answer));
                }
                for value in part {
                    let asked: Vec<Value> = first.iter().chain([value]).cloned().collect();
                    let answer = answers.remove(value).unwrap_or_default();
                    self.waiting.keep(one, &asked, &answer);
                }
            }
        }
        Ok(())
    }

    pub fn for_each(
        &mut self,
        sql: &str,
        parameters: &[Value],
        visit: &mut dyn FnMut(Row) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.catch_up(sql, parameters)?;
        let statement = self.prepare(sql)?;
        let mut rows = self.client.query_raw(&statement, parameters)?;
        while let Some(row) = rows.next()? {
            visit(row_of(&row)?)?;
        }
        Ok(())
    }

    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, Error> {
        self.catch_up(sql, parameters)?;
        let statement = self.prepare(sql)?;
        let borrowed: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|v| v as _).collect();
        Ok(self.client.execute(&statement, &borrowed)?)
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.catch_up(sql, &[])?;
        Ok(self.client.batch_execute(sql)?)
    }
}

/// Why there is no connection, with the cause beneath: a certificate that nobody vouches for, a
/// port where nobody listens. Neither holds any part of the address but the host's name.
fn unreached(error: postgres::Error) -> Error {
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    match (error.as_db_error(), cause) {
        (None, Some(cause)) => Error::Database(format!("{error}: {cause}")),
        _ => error.into(),
    }
}

fn row_of(row: &postgres::Row) -> Result<Row, Error> {
    let value = |column: usize| -> Result<Value, Error> {
        Ok(match *row.columns()[column].type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(column)?.into(),
            Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(i64::from).into(),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.into(),
            Type::BOOL => row.try_get::<_, Option<bool>>(column)?.map(i64::from).into(),
            _ => row.try_get::<_, Option<String>>(column)?.into(),
        })
    };
    (0..row.len()).map(value).collect::<Result<Vec<Value>, Error>>().map(Row)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(integer) if *kind == Type::INT4 => {
                i32::try_from(*integer)?.to_sql(kind, out)
            }
            Value::Integer(integer) => integer.to_sql(kind, out),
            Value::Text(text) => text.to_sql(kind, out),
            Value::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
