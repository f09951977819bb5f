//! What a use case reads and writes with: a view of the store, and a transaction over it.

use crate::Error;
use crate::chain::{AuditEntry, Change};
use crate::engine::{Connection, Row, Value};
use crate::keys::{Keys, UnitKey};
use crate::schema::{Table, Voucher, table};
use crate::units::{SITE_UNIT, Units};
use crate::writer::Batch;
use record::Context;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Reading, on one consistent state. Made only with a [`Context`].
pub struct View<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) keys: &'a Keys,
    pub(crate) units: &'a Units,
    context: &'a Context,
}

/// Reading and writing under one savepoint of the open commit.
pub struct Transaction<'a> {
    view: View<'a>,
    batch: &'a mut Batch,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        connection: &'a mut Connection,
        keys: &'a Keys,
        units: &'a Units,
        context: &'a Context,
    ) -> View<'a> {
        View { connection, keys, units, context }
    }

    /// The context under which this view was opened.
    pub fn context(&self) -> &'a Context {
        self.context
    }

    pub(crate) fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.connection.query(sql, parameters)
    }

    pub(crate) fn query_one(
        &mut self,
        sql: &str,
        parameters: &[Value],
    ) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    /// The whole row with this key.
    pub(crate) fn row(&mut self, name: &str, key: &[Value]) -> Result<Option<Row>, Error> {
        self.query_one(table(name)?.select_sql(), key)
    }

    pub(crate) fn unit_key(&mut self, unit: i64) -> Result<Arc<UnitKey>, Error> {
        self.units.key(self.connection, self.keys, unit)
    }
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(
        connection: &'a mut Connection,
        keys: &'a Keys,
        units: &'a Units,
        context: &'a Context,
        batch: &'a mut Batch,
    ) -> Transaction<'a> {
        Transaction { view: View::new(connection, keys, units, context), batch }
    }

    /// A fresh id, never given out before in this store.
    pub fn new_id(&mut self) -> i64 {
        let id = self.batch.head.next_id;
        self.batch.head.next_id += 1;
        id
    }

    /// Gives out no id up to this one any more.
    pub(crate) fn ids_past(&mut self, id: i64) {
        self.batch.head.next_id = self.batch.head.next_id.max(id.saturating_add(1));
    }

    /// Records what is done, to be sealed with the commit.
    pub fn audit(&mut self, entry: &AuditEntry) -> Result<(), Error> {
        let id = self.new_id();
        let row = entry.row(id, self.batch.head.block + 1);
        self.batch.entries.add(&row);
        self.batch.entries_count += 1;
        self.view.connection.insert(table("audit_entry")?, row)?;
        for patient in &entry.patients {
            self.insert("audit_patient", &[("patient", patient.0.into()), ("entry", id.into())])?;
        }
        Ok(())
    }

    /// Adds a row. Columns that are not named stay empty.
    pub(crate) fn insert(&mut self, name: &str, values: &[(&str, Value)]) -> Result<(), Error> {
        let table = table(name)?;
        let mut row = vec![Value::Null; table.columns.len()];
        for (column, value) in values {
            row[table.column(column)?] = value.clone();
        }
        let change = (table.voucher == Voucher::Journal).then(|| Change::of(table, &row));
        self.view.connection.insert(table, row)?;
        self.batch.changes.extend(change);
        Ok(())
    }

    /// Changes columns of the row with this key; returns the whole new row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such row.
    pub(crate) fn update(
        &mut self,
        name: &str,
        key: &[Value],
        values: &[(&str, Value)],
    ) -> Result<Row, Error> {
        let table = table(name)?;
        let mut row = self.view.row(name, key)?.ok_or(Error::NotFound)?;
        let mut sets = Vec::with_capacity(values.len());
        let mut parameters = key.to_vec();
        for (column, value) in values {
            row.0[table.column(column)?] = value.clone();
            parameters.push(value.clone());
            sets.push(format!("{column} = ${}", parameters.len()));
        }
        let keys: Vec<String> = (table.key.iter().enumerate())
            .map(|(n, position)| format!("{} = ${}", table.columns[*position], n + 1))
            .collect();
        let sql = format!("UPDATE {name} SET {} WHERE {}", sets.join(", "), keys.join(" AND "));
        self.view.connection.execute(&sql, &parameters)?;
        self.note(table, || Change::of(table, &row.0));
        Ok(row)
    }

    /// Removes the row with this key, if it is there.
    pub(crate) fn delete(&mut self, name: &str, key: &[Value]) -> Result<bool, Error> {
        let table = table(name)?;
        let gone = self.view.connection.execute(table.delete_sql(), key)? > 0;
        if gone {
            self.note(table, || Change::removed(table, key));
        }
        Ok(gone)
    }

    /// Runs a statement over many rows of a projection. Journaled tables are refused.
    pub(crate) fn execute_projection(
        &mut self,
        name: &str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<u64, Error> {
        assert_eq!(table(name)?.voucher, Voucher::Projection, "{name} is journaled row by row");
        self.view.connection.execute(sql, parameters)
    }

    fn note(&mut self, table: &Table, change: impl FnOnce() -> Change) {
        if table.voucher == Voucher::Journal {
            self.batch.changes.push(change());
        }
    }

    /// Makes a destruction unit with a key of its own.
    pub(crate) fn unit_create(&mut self) -> Result<i64, Error> {
        let unit = self.new_id();
        self.unit_create_as(unit)?;
        Ok(unit)
    }

    /// Makes the unit of the site.
    pub(crate) fn unit_create_site(&mut self) -> Result<(), Error> {
        self.unit_create_as(SITE_UNIT)
    }

    fn unit_create_as(&mut self, unit: i64) -> Result<(), Error> {
        let (key, wrapped) = self.view.keys.new_unit_key(unit)?;
        let at = self.view.context.at.0;
        self.insert(
            "unit_key",
            &[("unit", unit.into()), ("wrapped", wrapped.into()), ("created_at", at.into())],
        )?;
        self.view.units.hold(unit, Arc::new(key));
        Ok(())
    }
}

impl<'a> Deref for Transaction<'a> {
    type Target = View<'a>;
    fn deref(&self) -> &View<'a> {
        &self.view
    }
}

impl<'a> DerefMut for Transaction<'a> {
    fn deref_mut(&mut self) -> &mut View<'a> {
        &mut self.view
    }
}
