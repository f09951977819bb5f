//! Destructions from the proposal to the certificate. Their rows are permanent: they are sealed
//! with the site's key and outlive the chart.

use crate::find::{PATIENT_COLUMNS, PatientRow, patient_row};
use crate::resource::visible;
use crate::units::SITE_UNIT;
use crate::{Error, Row, Transaction, Value, View};
use integrity::destruction::{DestructionState, Holdings};
use integrity::schedule::Governing;
use record::{Instant, PatientKey, Private};
use serde::{Deserialize, Serialize};

/// What is sealed of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionBody {
    /// How it stands.
    pub state: DestructionState,
    /// What the chart held when it was listed.
    pub listed: Holdings,
    /// The classes that governed it then, the longest first.
    pub governing: Vec<Governing>,
}

/// A destruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestructionCase {
    /// Id.
    pub id: i64,
    /// Whose chart.
    pub patient: PatientKey,
    /// The day until which it had to be kept.
    pub kept_until: String,
    /// When it was proposed.
    pub proposed_at: Instant,
    /// When it changed last.
    pub changed_at: Instant,
    /// When the chart was destroyed.
    pub destroyed_at: Option<Instant>,
    /// Id of the newest version of what is kept, once it is destroyed; before, of the chart.
    pub newest: i64,
    /// How often it was saved.
    pub changes: i64,
    /// State, list and schedule.
    pub body: DestructionBody,
}

/// Something that happened to a case.
#[derive(Clone, Debug)]
pub struct DestructionEvent {
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// From which state; empty at the proposal.
    pub from: String,
    /// To which.
    pub to: String,
    /// Why.
    pub reason: Private,
}

const CASE_COLUMNS: &str = "c.destruction_case, c.patient, c.kept_until, c.proposed_at, \
     c.changed_at, c.destroyed_at, c.newest, c.changes, c.body";
const CASE_COLUMNS_COUNT: usize = 9;

fn place(table: &str, id: i64) -> Vec<u8> {
    format!("{table}:{id}").into_bytes()
}

impl View<'_> {
    fn case_of(&mut self, row: &Row) -> Result<DestructionCase, Error> {
        let id = row.integer(0)?;
        let body = self.unit_key(SITE_UNIT)?.decrypt(row.blob(8)?, &place("destruction", id))?;
        let body = serde_json::from_slice(&body)
            .map_err(|_| Error::Corrupt(format!("destruction {id} can't be read")))?;
        Ok(DestructionCase {
            id,
            patient: PatientKey(row.integer(1)?),
            kept_until: row.text(2)?.to_owned(),
            proposed_at: Instant(row.integer(3)?),
            changed_at: Instant(row.integer(4)?),
            destroyed_at: row.integer_or_none(5)?.map(Instant),
            newest: row.integer(6)?,
            changes: row.integer(7)?,
            body,
        })
    }

    /// One destruction. Whether its chart may be seen, its reader asks.
    pub fn destruction(&mut self, id: i64) -> Result<Option<DestructionCase>, Error> {
        let sql =
            format!("SELECT {CASE_COLUMNS} FROM destruction_case c WHERE c.destruction_case = $1");
        let row = self.query_one(&sql, &[id.into()])?;
        row.map(|row| self.case_of(&row)).transpose()
    }

    /// Destructions in these states with whose chart it is, the newest first, before this id.
    /// Hidden ones are absent.
    pub fn destruction_list(
        &mut self,
        states: &[&str],
        before: i64,
        limit: i64,
    ) -> Result<Vec<(DestructionCase, PatientRow)>, Error> {
        let list: Vec<String> = (1..=states.len()).map(|n| format!("${n}")).collect();
        let mut parameters: Vec<Value> = states.iter().map(|state| Value::from(*state)).collect();
        parameters.extend([before.into(), limit.into()]);
        let count = parameters.len();
        let sql = format!(
            "SELECT {CASE_COLUMNS}, {PATIENT_COLUMNS} FROM destruction_case c
             JOIN patient_row p ON p.patient = c.patient
             JOIN resource r ON r.resource = p.resource
             WHERE c.state IN ({}) AND c.destruction_case < ${} AND {}
             ORDER BY c.destruction_case DESC LIMIT ${count}",
            list.join(", "),
            count - 1,
            visible(self.context())
        );
        let rows = self.query(&sql, &parameters)?;
        rows.iter()
            .map(|row| {
                let patient = patient_row(&Row(row.0[CASE_COLUMNS_COUNT..].to_vec()))?;
                Ok((self.case_of(row)?, patient))
            })
            .collect()
    }

    /// How many destructions of charts that may be seen stand in each state.
    pub fn destruction_counts(&mut self) -> Result<Vec<(String, i64)>, Error> {
        let sql = format!(
            "SELECT c.state, COUNT(*) FROM destruction_case c
             JOIN patient_row p ON p.patient = c.patient
             JOIN resource r ON r.resource = p.resource
             WHERE {} GROUP BY c.state ORDER BY c.state",
            visible(self.context())
        );
        let rows = self.query(&sql, &[])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.integer(1)?))).collect()
    }

    /// The last destruction of a chart that was carried out.
    pub fn destruction_of(
        &mut self,
        patient: PatientKey,
    ) -> Result<Option<DestructionCase>, Error> {
        let sql = format!(
            "SELECT {CASE_COLUMNS} FROM destruction_case c
             WHERE c.patient = $1 AND c.destroyed_at IS NOT NULL
             ORDER BY c.destruction_case DESC LIMIT 1"
        );
        let row = self.query_one(&sql, &[patient.0.into()])?;
        row.map(|row| self.case_of(&row)).transpose()
    }

    /// What happened to a destruction, the newest first.
    pub fn destruction_events(&mut self, case: i64) -> Result<Vec<DestructionEvent>, Error> {
        let sql = "SELECT destruction_event, at, actor, from_state, to_state, reason
                   FROM destruction_event WHERE destruction_case = $1
                   ORDER BY destruction_event DESC";
        let rows = self.query(sql, &[case.into()])?;
        let key = self.unit_key(SITE_UNIT)?;
        rows.iter()
            .map(|row| {
                let place = place("destruction_event", row.integer(0)?);
                let reason = key.decrypt(row.blob(5)?, &place)?;
                Ok(DestructionEvent {
                    at: Instant(row.integer(1)?),
                    actor: row.text(2)?.to_owned(),
                    from: row.text(3)?.to_owned(),
                    to: row.text(4)?.to_owned(),
                    reason: Private::new(String::from_utf8_lossy(&reason)),
                })
            })
            .collect()
    }
}

impl Transaction<'_> {
    /// Keeps a new destruction; returns its id.
    ///
    /// # Errors
    /// [`Error::Conflict`] while one of this chart is under way.
    pub fn destruction_create(
        &mut self,
        patient: PatientKey,
        kept_until: &str,
        body: &DestructionBody,
    ) -> Result<i64, Error> {
        let sql = "SELECT 1 FROM destruction_case
                   WHERE patient = $1 AND state IN ('proposed', 'approved', 'incomplete')";
        if self.query_one(sql, &[patient.0.into()])?.is_some() {
            return Err(Error::Conflict("A destruction of this chart is under way.".into()));
        }
        let (id, at) = (self.new_id(), self.context().at.0);
        let sealed = self.destruction_sealed(id, body)?;
        self.insert(
            "destruction_case",
            &[
                ("destruction_case", id.into()),
                ("patient", patient.0.into()),
                ("state", body.state.as_str().into()),
                ("kept_until", kept_until.into()),
                ("proposed_at", at.into()),
                ("changed_at", at.into()),
                ("newest", body.listed.newest.into()),
                ("changes", 0.into()),
                ("body", sealed.into()),
            ],
        )?;
        self.destruction_event(id, "", body.state.as_str(), "")?;
        Ok(id)
    }

    /// Saves a destruction whose state was changed, and why.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody changed it since it was read.
    pub fn destruction_save(
        &mut self,
        changed: &DestructionCase,
        reason: &str,
    ) -> Result<(), Error> {
        let before = self.destruction(changed.id)?.ok_or(Error::NotFound)?;
        if before.changes != changed.changes {
            return Err(Error::Conflict(
                "Somebody else has worked on this destruction. Load the page again.".into(),
            ));
        }
        let sealed = self.destruction_sealed(changed.id, &changed.body)?;
        let state = changed.body.state.as_str();
        let values = [
            ("state", state.into()),
            ("changed_at", self.context().at.0.into()),
            ("destroyed_at", changed.destroyed_at.map(|at| at.0).into()),
            ("newest", changed.newest.into()),
            ("changes", (changed.changes + 1).into()),
            ("body", sealed.into()),
        ];
        self.update("destruction_case", &[changed.id.into()], &values)?;
        self.destruction_event(changed.id, before.body.state.as_str(), state, reason)
    }

    fn destruction_sealed(&mut self, id: i64, body: &DestructionBody) -> Result<Vec<u8>, Error> {
        let text = serde_json::to_vec(body).expect("a destruction is plain data and serialises");
        self.unit_key(SITE_UNIT)?.encrypt(&text, &place("destruction", id))
    }

    fn destruction_event(
        &mut self,
        case: i64,
        from: &str,
        to: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let id = self.new_id();
        let key = self.unit_key(SITE_UNIT)?;
        let reason = key.encrypt(reason.as_bytes(), &place("destruction_event", id))?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "destruction_event",
            &[
                ("destruction_event", id.into()),
                ("destruction_case", case.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("from_state", from.into()),
                ("to_state", to.into()),
                ("reason", reason.into()),
            ],
        )
    }
}
