//! What the desks kept of a destroyed chart. Whatever is sealed with its key goes with it; what
//! only counts stays, so that figures of the past stay what they were.

use crate::schema::{Voucher, tables};
use crate::{Error, Transaction, Value};
use record::PatientKey;

/// Tables with a unit of their own handling.
const APART: &[&str] =
    &["unit_key", "patient", "version", "blob", "destruction", "release_request", "coding_work"];

impl Transaction<'_> {
    /// Destroys every row that is sealed with the key of this unit, and what hangs on one.
    pub(super) fn destroy_desks(
        &mut self,
        unit: i64,
        patient: Option<PatientKey>,
    ) -> Result<(), Error> {
        self.destroy_releases(unit, patient)?;
        if let Some(patient) = patient {
            self.destroy_findings(patient)?;
            self.empty_coding(patient, unit)?;
        }
        let is_sealed = |table: &&&crate::schema::Table| {
            let has_unit = table.column("unit").is_ok();
            has_unit && table.voucher == Voucher::Journal && !APART.contains(&table.name)
        };
        for table in tables().iter().filter(is_sealed) {
            for row in self.query(&table.all_of_sql("unit"), &[unit.into()])? {
                self.delete(table.name, &table.key_of(&row.0))?;
            }
        }
        Ok(())
    }

    /// Requests, with their documents and packets; disclosures with their suspensions;
    /// accountings. Their time has ended with the chart's: a class governs them.
    fn destroy_releases(&mut self, unit: i64, patient: Option<PatientKey>) -> Result<(), Error> {
        let whose = patient.map_or(0, |patient| patient.0);
        let sql = "SELECT release_request FROM release_request WHERE unit = $1 OR patient = $2";
        for row in self.query(sql, &[unit.into(), whose.into()])? {
            let request = row.integer(0)?;
            let sql = "SELECT d.release_document FROM release_document d
                       JOIN release_review w ON w.release_document = d.release_document
                       WHERE d.release_request = $1";
            self.delete_where("release_review", sql, request)?;
            for (table, sql) in [
                (
                    "release_mark",
                    "SELECT m.release_mark FROM release_mark m
                     JOIN release_document d ON d.release_document = m.release_document
                     WHERE d.release_request = $1",
                ),
                (
                    "release_document",
                    "SELECT release_document FROM release_document WHERE release_request = $1",
                ),
                (
                    "release_packet",
                    "SELECT release_packet FROM release_packet WHERE release_request = $1",
                ),
                (
                    "release_letter",
                    "SELECT release_letter FROM release_letter WHERE release_request = $1",
                ),
                (
                    "release_event",
                    "SELECT release_event FROM release_event WHERE release_request = $1",
                ),
            ] {
                self.delete_where(table, sql, request)?;
            }
            self.delete("release_request", &[request.into()])?;
        }
        let sql = "SELECT s.disclosure_suspension FROM disclosure_suspension s
                   JOIN disclosure d ON d.disclosure = s.disclosure WHERE d.patient = $1";
        self.delete_where("disclosure_suspension", sql, whose)?;
        let sql = "SELECT accounting FROM accounting WHERE patient = $1";
        self.delete_where("accounting", sql, whose)?;
        let sql = "SELECT disclosure FROM disclosure WHERE patient = $1";
        self.delete_where("disclosure", sql, whose).map(|_| ())
    }

    /// Findings of quality checks say in words what is wrong with an entry.
    fn destroy_findings(&mut self, patient: PatientKey) -> Result<(), Error> {
        let sql = "SELECT e.quality_event FROM quality_event e
                   JOIN quality_finding f ON f.quality_finding = e.quality_finding
                   WHERE f.patient = $1";
        self.delete_where("quality_event", sql, patient.0)?;
        let sql = "SELECT quality_finding FROM quality_finding WHERE patient = $1";
        self.delete_where("quality_finding", sql, patient.0).map(|_| ())
    }

    /// That an encounter was coded stays, for the figures and so that nobody codes it anew; the
    /// codes go.
    fn empty_coding(&mut self, patient: PatientKey, unit: i64) -> Result<(), Error> {
        let sql = "SELECT coding_work FROM coding_work WHERE patient = $1 AND unit = $2";
        let new = self.unit_of(Some(patient))?;
        for row in self.query(sql, &[patient.0.into(), unit.into()])? {
            let values = [("draft", Value::Null), ("unit", new.into())];
            self.update("coding_work", &[row.integer(0)?.into()], &values)?;
        }
        Ok(())
    }
}
