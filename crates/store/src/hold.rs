//! Holds: while one stands, nothing of a patient's record may be taken away.

use crate::{Error, Transaction, View};
use record::PatientKey;

impl View<'_> {
    /// Whether a hold stands on this patient's record.
    pub fn hold_stands(&mut self, patient: PatientKey) -> Result<bool, Error> {
        let sql = "SELECT hold FROM hold WHERE patient = $1 AND ended_at IS NULL LIMIT 1";
        Ok(self.query_one(sql, &[patient.0.into()])?.is_some())
    }
}

impl Transaction<'_> {
    /// Puts a legal hold on a patient's record.
    pub fn hold_put(&mut self, patient: PatientKey, reason: &str) -> Result<i64, Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "hold",
            &[
                ("hold", id.into()),
                ("patient", patient.0.into()),
                ("reason", reason.into()),
                ("at", at.into()),
                ("actor", actor.into()),
            ],
        )?;
        Ok(id)
    }

    /// Ends a legal hold. It stays in the history.
    pub fn hold_end(&mut self, hold: i64) -> Result<(), Error> {
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [("ended_at", at.into()), ("ended_by", actor.into())];
        self.update("hold", &[hold.into()], &values).map(|_| ())
    }
}
