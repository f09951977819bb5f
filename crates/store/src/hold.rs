//! Holds: while one stands, nothing of a patient's record may be taken away.

use crate::{Error, Row, Transaction, View};
use record::{Instant, PatientKey};

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Key.
    pub id: i64,
    /// What asks for it.
    pub reason: String,
    /// When it was put.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// When it was ended, and by whom.
    pub ended: Option<(Instant, String)>,
}

fn hold_of(row: &Row) -> Result<Hold, Error> {
    let ended = match (row.integer_or_none(4)?, row.text_or_none(5)?) {
        (Some(at), Some(by)) => Some((Instant(at), by.to_owned())),
        _ => None,
    };
    Ok(Hold {
        id: row.integer(0)?,
        reason: row.text(1)?.to_owned(),
        at: Instant(row.integer(2)?),
        actor: row.text(3)?.to_owned(),
        ended,
    })
}

impl View<'_> {
    /// Every hold that was put on this patient's record, or on one that is read with it, the
    /// newest first.
    pub fn hold_list(&mut self, patient: PatientKey) -> Result<Vec<Hold>, Error> {
        let survivor = self.patient_survivor(patient)?;
        let members = self.members_sql(survivor)?;
        let sql = format!(
            "SELECT hold, reason, at, actor, ended_at, ended_by FROM hold
             WHERE patient IN ({members}) ORDER BY at DESC, hold DESC"
        );
        self.query(&sql, &[])?.iter().map(hold_of).collect()
    }

    /// Whether a hold stands on this patient's record, or on one that is read with it: a merge
    /// takes no record out of its hold.
    pub fn hold_stands(&mut self, patient: PatientKey) -> Result<bool, Error> {
        Ok(self.hold_list(patient)?.iter().any(|hold| hold.ended.is_none()))
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
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was ended before.
    pub fn hold_end(&mut self, hold: i64) -> Result<(), Error> {
        let sql = "SELECT hold FROM hold WHERE hold = $1 AND ended_at IS NULL";
        if self.query_one(sql, &[hold.into()])?.is_none() {
            return Err(Error::Conflict("This hold was ended before; that end stands.".into()));
        }
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [("ended_at", at.into()), ("ended_by", actor.into())];
        self.update("hold", &[hold.into()], &values).map(|_| ())
    }
}
