//! Lawful destruction of a patient's record: the key, the rows, the index terms, the files.
//!
//! The master patient index and the registers are permanent: what they hold of the patient is
//! kept in a version of its own, under a new key, before the chart's key is forgotten.
//!
//! The log of it stays for good (AHIMA, retention and destruction): what, when, how, by whom,
//! witnessed by whom. Audit entries stay too: they hold ids only.

mod card;
mod desks;

use crate::{Error, Store, Transaction, Value};
use record::{ContentHash, Context, PatientKey};

/// How many columns stand before the unit of an entry's newest version.
const RESOURCE_COLUMNS_COUNT: usize = 12;

/// What the log of a destruction states.
#[derive(Clone, Debug)]
pub struct DestructionOrder<'a> {
    /// Who saw it done.
    pub witness: &'a str,
    /// How it is done: for records held here, by forgetting their key.
    pub method: &'a str,
    /// That it is done in the ordinary course of business, under which schedule.
    pub statement: &'a str,
}

/// What was destroyed, to be reconciled with what was listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Destroyed {
    /// Entries.
    pub entries_count: i64,
    /// Versions of entries.
    pub versions_count: i64,
    /// Files.
    pub blobs_count: i64,
    /// Entries of the index and the registers that outlive the chart, under a new key.
    pub cards_count: i64,
}

impl Destroyed {
    fn add(&mut self, other: Destroyed) {
        self.entries_count += other.entries_count;
        self.versions_count += other.versions_count;
        self.blobs_count += other.blobs_count;
        self.cards_count += other.cards_count;
    }
}

impl Store {
    /// Destroys a patient's record, with all that are read with it; what the index and the
    /// registers hold stays.
    ///
    /// # Errors
    /// [`Error::Conflict`] while a legal hold stands; [`Error::NotFound`] for an unknown patient.
    pub fn patient_destroy(
        &self,
        context: &Context,
        patient: PatientKey,
        order: &DestructionOrder<'_>,
    ) -> Result<Destroyed, Error> {
        let (destroyed, files) = self
            .write(context, |transaction| self.patient_destroy_rows(transaction, patient, order))?;
        self.blobs.remove_files(&files)?;
        Ok(destroyed)
    }

    /// The same within a transaction that decides on it. The files that it returns are removed
    /// with [`Store::files_destroy`] once it is committed.
    ///
    /// # Errors
    /// As [`Store::patient_destroy`].
    pub fn patient_destroy_rows(
        &self,
        transaction: &mut Transaction<'_>,
        patient: PatientKey,
        order: &DestructionOrder<'_>,
    ) -> Result<(Destroyed, Vec<ContentHash>), Error> {
        if transaction.hold_stands(patient)? {
            return Err(Error::Conflict(
                "a legal hold stands on this record; nothing may be destroyed until it is ended"
                    .into(),
            ));
        }
        let (mut destroyed, mut files) = (Destroyed::default(), Vec::new());
        for member in transaction.patient_group(patient)? {
            let unit = transaction.unit_of(Some(member))?;
            let (one, blobs) = transaction.unit_destroy(unit)?;
            transaction.destruction_log(unit, order, one)?;
            destroyed.add(one);
            files.extend(blobs);
        }
        self.blobs.remove_rows(transaction.connection, &files)?;
        Ok((destroyed, files))
    }

    /// Removes the files of what was destroyed; returns how many could not be removed.
    pub fn files_destroy(&self, files: &[ContentHash]) -> i64 {
        let stays = |file: &&ContentHash| self.blobs.remove_files(&[**file]).is_err();
        files.iter().filter(stays).count() as i64
    }

    /// Destroys units again in a copy that was taken before they were destroyed; returns those
    /// that the copy still held. Their log stands beside the keys.
    pub(crate) fn units_destroy_again(&self, context: &Context) -> Result<Vec<i64>, Error> {
        let units = self.keys.destroyed_units()?;
        let (again, files) = self.write(context, |transaction| {
            let (mut again, mut files) = (Vec::new(), Vec::new());
            // No unit made from now on has a number that stands in the log.
            transaction.ids_past(units.iter().copied().max().unwrap_or(0));
            for unit in units {
                let Some(row) = transaction.row("unit_key", &[unit.into()])? else { continue };
                if row.blob_or_none(1)?.is_none() {
                    continue;
                }
                let (destroyed, blobs) = transaction.unit_destroy(unit)?;
                self.blobs.remove_rows(transaction.connection, &blobs)?;
                let order = DestructionOrder {
                    witness: "none: destroyed before",
                    method: "key forgotten again after a restore",
                    statement: "the destruction was decided and logged after the backup was taken",
                };
                transaction.destruction_log(unit, &order, destroyed)?;
                again.push(unit);
                files.extend(blobs);
            }
            Ok::<_, Error>((again, files))
        })?;
        self.blobs.remove_files(&files)?;
        Ok(again)
    }
}

impl Transaction<'_> {
    /// Destroys all of a unit that the database holds. The unit's number stands in the log
    /// beside the keys before anything is gone, so that no older copy brings it back. What the
    /// index and the registers hold of its patient comes under a new unit before.
    fn unit_destroy(&mut self, unit: i64) -> Result<(Destroyed, Vec<ContentHash>), Error> {
        self.keys.note_destroyed(unit)?;
        let sql = "SELECT patient FROM patient WHERE unit = $1";
        let patient = self.query_one(sql, &[unit.into()])?;
        let patient = patient.map(|row| row.integer(0).map(PatientKey)).transpose()?;
        let cards_count = match patient {
            Some(patient) => self.cards_keep(patient, unit)?,
            None => 0,
        };
        let (entries_count, versions_count) = self.destroy_versions(unit)?;
        self.destroy_desks(unit, patient)?;
        let files = self.destroy_files(unit)?;
        let at = self.context().at.0;
        let values = [("wrapped", Value::Null), ("destroyed_at", at.into())];
        self.update("unit_key", &[unit.into()], &values)?;
        self.units.forget();
        let blobs_count = files.len() as i64;
        Ok((Destroyed { entries_count, versions_count, blobs_count, cards_count }, files))
    }

    /// Destroys every version of a unit; returns how many entries and versions that were.
    fn destroy_versions(&mut self, unit: i64) -> Result<(i64, i64), Error> {
        let (mut companions, mut stay) = (Vec::new(), Vec::new());
        let sql = "SELECT DISTINCT resource FROM version WHERE unit = $1 ORDER BY resource";
        let keys = self.query(sql, &[unit.into()])?;
        for row in &keys {
            let key = record::ResourceKey(row.integer(0)?);
            let sql = format!(
                "SELECT {}, v.unit FROM resource r JOIN version v ON v.version = r.version
                 WHERE r.resource = $1",
                crate::resource::RESOURCE_COLUMNS
            );
            let Some(row) = self.query_one(&sql, &[key.0.into()])? else { continue };
            let current = row.integer(RESOURCE_COLUMNS_COUNT)?;
            let row = crate::resource::resource_row(&row)?;
            companions.extend(self.companions_of(key)?.into_iter().map(|(key, _)| key));
            if current != unit {
                stay.push(row);
                continue;
            }
            self.projection_remove(&row)?;
            self.companions_drop(key)?;
            self.labels_drop(key)?;
            if row.kind == "Encounter" && !row.labels.is_empty() {
                self.relabel_encounter(&row.fhir_id)?;
            }
        }
        let versions = "SELECT version FROM version WHERE unit = $1";
        let versions_count = self.delete_where("version", versions, unit)?;
        // An entry whose newest version is of another unit holds only what that one holds.
        for row in stay {
            self.companions_renew(&row)?;
        }
        self.companions_follow(Vec::new(), companions)?;
        Ok((keys.len() as i64, versions_count))
    }

    fn destroy_files(&mut self, unit: i64) -> Result<Vec<ContentHash>, Error> {
        let mut files = Vec::new();
        let sql = "SELECT blob, stored_hash FROM blob WHERE unit = $1 ORDER BY blob";
        for row in self.query(sql, &[unit.into()])? {
            let blob = row.integer(0)?;
            files.extend(ContentHash::from_slice(row.blob(1)?));
            let sql = "SELECT document FROM document WHERE blob = $1";
            self.delete_where("document", sql, blob)?;
            let sql = "SELECT file FROM import_file WHERE blob = $1";
            for file in self.query(sql, &[blob.into()])? {
                let key = [file.integer(0)?.into()];
                self.update("import_file", &key, &[("blob", Value::Null)])?;
            }
            self.delete("blob", &[blob.into()])?;
        }
        Ok(files)
    }

    /// Deletes the rows of a journaled table whose keys this query names, one by one.
    fn delete_where(&mut self, table: &str, sql: &str, parameter: i64) -> Result<i64, Error> {
        let rows = self.query(sql, &[parameter.into()])?;
        for row in &rows {
            self.delete(table, &[row.integer(0)?.into()])?;
        }
        Ok(rows.len() as i64)
    }

    fn destruction_log(
        &mut self,
        unit: i64,
        order: &DestructionOrder<'_>,
        destroyed: Destroyed,
    ) -> Result<(), Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "destruction",
            &[
                ("destruction", id.into()),
                ("unit", unit.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("witness", order.witness.into()),
                ("method", order.method.into()),
                ("statement", order.statement.into()),
                ("versions_count", destroyed.versions_count.into()),
                ("blobs_count", destroyed.blobs_count.into()),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Location, Prepared};
    use record::Instant;
    use serde_json::json;

    const ORDER: DestructionOrder<'_> = DestructionOrder {
        witness: "R. Witness",
        method: "key forgotten",
        statement: "in the ordinary course of business, schedule 4",
    };

    fn chart(store: &Store, context: &Context, id: &str) -> PatientKey {
        let patient = json!({"resourceType": "Patient", "id": id,
            "name": [{"family": "Roe", "given": ["Jane"]}]});
        let entry = json!({"resourceType": "Condition", "id": format!("{id}-c"),
            "subject": {"reference": format!("Patient/{id}")}, "code": {"text": "cough"}});
        store
            .write(context, |transaction| {
                let mut key = None;
                for resource in [&patient, &entry] {
                    let prepared = Prepared::new(resource, None)?;
                    let row = transaction.resource_put(&prepared, None, Action::Create, "test")?;
                    key = row.patient;
                }
                let unit = transaction.unit_of(key)?;
                store.blob_stage(transaction, unit, id.as_bytes())?;
                Ok::<_, Error>(key.expect("both belong to the patient"))
            })
            .unwrap()
    }

    #[test]
    fn a_record_is_destroyed_whole_and_alone_and_not_under_a_hold() {
        let folder = tempfile::tempdir().unwrap();
        let context = Context::system("test", Instant(1));
        let location = Location::Directory(folder.path().join("data"));
        let store = Store::create(&location, &folder.path().join("keys"), &context).unwrap();
        let (gone, stays) = (chart(&store, &context, "gone"), chart(&store, &context, "stays"));
        let hold = store.write(&context, |t| t.hold_put(gone, "litigation")).unwrap();
        let refused = store.patient_destroy(&context, gone, &ORDER);
        assert!(matches!(refused, Err(Error::Conflict(_))));
        store.write(&context, |t| t.hold_end(hold)).unwrap();
        let destroyed = store.patient_destroy(&context, gone, &ORDER).unwrap();
        let expected =
            Destroyed { entries_count: 2, versions_count: 2, blobs_count: 1, cards_count: 1 };
        assert_eq!(destroyed, expected);
        let result = store.verify(&context).unwrap();
        assert!(result.is_whole(), "{:?}", result.breaks);
        assert_eq!((result.resources_count, result.files_count, result.orphans_count), (3, 1, 0));
        let seen = |id: &'static str| {
            store.look(&context, |view| view.resource("Condition", id)).unwrap().is_some()
        };
        assert!(seen("stays-c") && !seen("gone-c"));
        assert!(store.look(&context, |view| view.patient_row(stays)).unwrap().is_some());
        let card = store.look(&context, |view| view.patient_row(gone)).unwrap();
        assert!(card.is_some(), "the index is permanent");
    }
}
