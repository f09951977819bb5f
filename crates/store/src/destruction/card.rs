//! What outlives a destroyed chart: the card of the index and the lines of the registers, and
//! how the identity desk judged whose record it is.

use crate::resource::{RESOURCE_COLUMNS, resource_row};
use crate::{Action, Error, Prepared, ResourceRow, Transaction, Value};
use record::{PatientKey, ResourceKey};

/// Why these versions were written.
const REASON: &str = "Kept of a destroyed chart: the master patient index and the registers";

impl Transaction<'_> {
    /// Gives the patient a new unit and keeps there what is permanent; returns how many entries
    /// that are. All versions of the old unit are destroyed afterwards.
    pub(super) fn cards_keep(&mut self, patient: PatientKey, old: i64) -> Result<i64, Error> {
        let new = self.unit_create()?;
        self.update("patient", &[patient.0.into()], &[("unit", new.into())])?;
        self.identity_reseal(patient, old, new)?;
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.patient = $1 AND r.deleted = 0
               AND r.kind IN ('Patient', 'Encounter', 'Procedure') ORDER BY r.resource"
        );
        let rows = self.query(&sql, &[patient.0.into()])?;
        let mut cards_count = 0;
        for row in rows.iter().map(resource_row).collect::<Result<Vec<_>, Error>>()? {
            let value = self.resource_value(&row)?;
            if let Some(card) = exchange::fhir::index_card(&value) {
                let prepared = Prepared::new(&card, None)?;
                self.resource_put(&prepared, Some(&row), Action::Update, REASON)?;
                cards_count += 1;
            }
        }
        Ok(cards_count)
    }

    /// Links between records and judgements on duplicates are of the index, not of the chart:
    /// their reasons come under the new key.
    fn identity_reseal(&mut self, patient: PatientKey, old: i64, new: i64) -> Result<(), Error> {
        let places = [
            (
                "patient_link",
                "SELECT link, reason FROM patient_link WHERE patient = $1",
                "reason",
                "patient_link",
            ),
            (
                "patient_link",
                "SELECT link, ended_reason FROM patient_link
                 WHERE patient = $1 AND ended_reason IS NOT NULL",
                "ended_reason",
                "patient_link_end",
            ),
            (
                "duplicate_pair",
                "SELECT duplicate_pair, body FROM duplicate_pair WHERE low = $1",
                "body",
                "pair",
            ),
            (
                "duplicate_event",
                "SELECT e.duplicate_event, e.reason FROM duplicate_event e
                 JOIN duplicate_pair p ON p.duplicate_pair = e.duplicate_pair WHERE p.low = $1",
                "reason",
                "duplicate_event",
            ),
        ];
        let (old, new) = (self.unit_key(old)?, self.unit_key(new)?);
        for (table, sql, column, context) in places {
            for row in self.query(sql, &[patient.0.into()])? {
                let id = row.integer(0)?;
                let context = format!("{context}:{id}");
                let text = old.decrypt(row.blob(1)?, context.as_bytes())?;
                let sealed = new.encrypt(&text, context.as_bytes())?;
                self.update(table, &[id.into()], &[(column, sealed.into())])?;
            }
        }
        Ok(())
    }

    /// What an entry holds, anew from the versions that are left of it.
    pub(super) fn companions_renew(&mut self, row: &ResourceRow) -> Result<(), Error> {
        let held = self.tied_before(row.resource, &row.kind, row.number + 1)?;
        if exchange::fhir::is_companion(&row.kind) {
            return Ok(());
        }
        self.companions_drop(row.resource)?;
        for tied in held {
            let values = [
                ("kind", tied.kind.as_str().into()),
                ("fhir_id", tied.id.as_str().into()),
                ("resource", row.resource.0.into()),
            ];
            self.insert("companion", &values)?;
        }
        Ok(())
    }

    /// Forgets the labels of an entry that is gone: a label names what it is about.
    pub(super) fn labels_drop(&mut self, entry: ResourceKey) -> Result<(), Error> {
        let sql = "SELECT label FROM label WHERE resource = $1";
        for row in self.query(sql, &[Value::Integer(entry.0)])? {
            self.delete("label", &[row.integer(0)?.into()])?;
        }
        Ok(())
    }
}
