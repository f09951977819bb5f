//! Destruction units: the patient, and the site for the rest. Each has a key of its own, so that
//! forgetting the key destroys every copy of what it encrypted, in backups too.

use crate::engine::Connection;
use crate::keys::{Keys, UnitKey};
use crate::writer::lock;
use crate::{Error, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The unit of everything that belongs to no patient.
pub const SITE_UNIT: i64 = 1;

/// Unwrapped keys held at once.
const HELD_MAX: usize = 20_000;

/// The unwrapped keys of units lately used.
#[derive(Default)]
pub(crate) struct Units {
    held: Mutex<HashMap<i64, Arc<UnitKey>>>,
}

impl Units {
    /// The key of a unit.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the unit was destroyed.
    pub fn key(
        &self,
        connection: &mut Connection,
        keys: &Keys,
        unit: i64,
    ) -> Result<Arc<UnitKey>, Error> {
        if let Some(key) = lock(&self.held).get(&unit) {
            return Ok(key.clone());
        }
        let rows = connection
            .query("SELECT wrapped FROM unit_key WHERE unit = $1", &[Value::Integer(unit)])?;
        let row = rows.first().ok_or(Error::NotFound)?;
        let wrapped = row.blob_or_none(0)?.ok_or(Error::NotFound)?;
        let key = Arc::new(keys.unwrap_unit_key(unit, wrapped)?);
        self.hold(unit, key.clone());
        Ok(key)
    }

    /// Holds a key that was just made.
    pub fn hold(&self, unit: i64, key: Arc<UnitKey>) {
        let mut held = lock(&self.held);
        if held.len() >= HELD_MAX {
            held.clear();
        }
        held.insert(unit, key);
    }

    /// Forgets all of them: after a rollback, a key held may never have been stored.
    pub fn forget(&self) {
        lock(&self.held).clear();
    }
}
