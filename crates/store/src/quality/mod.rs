//! Findings of quality checks with what happened to each, and which charts changed since they
//! were last checked.

mod groups;
mod rows;
mod runs;

pub use rows::BATCH_PATIENTS;
pub(crate) use runs::applied;
pub use runs::{QualityCount, QualityRun};

use crate::resource::visible;
use crate::{Error, Row, Transaction, Value, View};
use integrity::FindingState;
use record::{Instant, PatientKey, Private, ResourceKey};

/// A finding as it stands.
#[derive(Clone, Debug)]
pub struct QualityFinding {
    /// Key.
    pub id: i64,
    /// Name of the check.
    pub check: String,
    /// The entry that fails.
    pub resource: ResourceKey,
    /// Whose chart it is found in.
    pub patient: PatientKey,
    /// What is wrong and what to do.
    pub sentence: String,
    /// How it stands.
    pub state: FindingState,
    /// Since when it is known.
    pub found_at: Instant,
    /// When it last changed.
    pub changed_at: Instant,
    /// How often it changed: what a form was shown, to be compared when it is sent.
    pub changes: i64,
    /// The group under which it is one piece of work with others of its check, by the key of the
    /// first of them.
    pub group: Option<i64>,
}

/// One thing that happened to a finding.
#[derive(Clone, Debug)]
pub struct QualityEvent {
    /// When.
    pub at: Instant,
    /// Who: `person:7`, `system:quality`.
    pub actor: String,
    /// State before; empty at the beginning.
    pub from: String,
    /// State after.
    pub to: String,
    /// Why, in the words of the person.
    pub reason: Private,
}

/// A row that fails now, about to be kept.
#[derive(Clone, Debug)]
pub struct Failing<'a> {
    /// Name of the check.
    pub check: &'a str,
    /// The entry.
    pub resource: ResourceKey,
    /// Whose chart.
    pub patient: PatientKey,
    /// What is wrong and what to do.
    pub sentence: &'a str,
}

const FINDING_COLUMNS: &str = "f.quality_finding, f.check_name, f.resource, f.patient, \
     f.sentence, f.state, f.accepted_until, f.found_at, f.changed_at, f.changes, \
     f.quality_group";

fn finding_of(row: &Row) -> Result<QualityFinding, Error> {
    let state = match (row.text(5)?, row.integer_or_none(6)?) {
        ("open", _) => FindingState::Open,
        ("fixed", _) => FindingState::Fixed,
        ("accepted", Some(until)) => FindingState::Accepted { until: Instant(until) },
        (other, _) => return Err(Error::Corrupt(format!("a finding is in state {other}"))),
    };
    Ok(QualityFinding {
        id: row.integer(0)?,
        check: row.text(1)?.to_owned(),
        resource: ResourceKey(row.integer(2)?),
        patient: PatientKey(row.integer(3)?),
        sentence: row.text(4)?.to_owned(),
        state,
        found_at: Instant(row.integer(7)?),
        changed_at: Instant(row.integer(8)?),
        changes: row.integer(9)?,
        group: row.integer_or_none(10)?,
    })
}

fn until_of(state: FindingState) -> Option<i64> {
    match state {
        FindingState::Accepted { until } => Some(until.0),
        FindingState::Open | FindingState::Fixed => None,
    }
}

fn reason_context(event: i64) -> Vec<u8> {
    format!("quality_event:{event}").into_bytes()
}

/// A list of numbers of our own for a statement; one that matches nothing when it is empty.
fn numbers(keys: impl Iterator<Item = i64>) -> String {
    let list: Vec<String> = keys.map(|key| key.to_string()).collect();
    if list.is_empty() { "0".to_owned() } else { list.join(", ") }
}

impl View<'_> {
    /// Findings in a state, of one check or of all, the oldest first. Those on entries that are
    /// hidden from this context are absent.
    pub fn quality_list(
        &mut self,
        state: &str,
        check: Option<&str>,
        limit: i64,
    ) -> Result<Vec<QualityFinding>, Error> {
        let sql = format!(
            "SELECT {FINDING_COLUMNS} FROM quality_finding f
             JOIN resource r ON r.resource = f.resource
             WHERE f.state = $1 AND ($2 = '' OR f.check_name = $2) AND {}
             ORDER BY f.found_at, f.quality_finding LIMIT $3",
            visible(self.context())
        );
        let parameters = [state.into(), check.unwrap_or("").into(), limit.into()];
        self.query(&sql, &parameters)?.iter().map(finding_of).collect()
    }

    /// For each check and state, how many findings there are and how many of them this context
    /// may see: totals count everyone.
    pub fn quality_standing(&mut self) -> Result<Vec<(String, String, i64, i64)>, Error> {
        let sql = format!(
            "SELECT f.check_name, f.state, COUNT(*), SUM(CASE WHEN {} THEN 1 ELSE 0 END)
             FROM quality_finding f JOIN resource r ON r.resource = f.resource
             GROUP BY f.check_name, f.state ORDER BY f.check_name, f.state",
            visible(self.context())
        );
        self.query(&sql, &[])?
            .iter()
            .map(|row| {
                let (check, state) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
                Ok((check, state, row.integer(2)?, row.integer(3)?))
            })
            .collect()
    }

    /// One finding, unless it is on an entry that is hidden from this context.
    pub fn quality_finding(&mut self, id: i64) -> Result<Option<QualityFinding>, Error> {
        let sql = format!(
            "SELECT {FINDING_COLUMNS} FROM quality_finding f
             JOIN resource r ON r.resource = f.resource
             WHERE f.quality_finding = $1 AND {}",
            visible(self.context())
        );
        self.query_one(&sql, &[id.into()])?.as_ref().map(finding_of).transpose()
    }

    /// What happened to a finding, the newest first.
    pub fn quality_events(&mut self, finding: &QualityFinding) -> Result<Vec<QualityEvent>, Error> {
        let sql = "SELECT quality_event, at, actor, from_state, to_state, unit, reason
                   FROM quality_event WHERE quality_finding = $1 ORDER BY quality_event DESC";
        let mut events = Vec::new();
        for row in self.query(sql, &[finding.id.into()])? {
            let key = self.unit_key(row.integer(5)?)?;
            let reason = key.decrypt(row.blob(6)?, &reason_context(row.integer(0)?))?;
            events.push(QualityEvent {
                at: Instant(row.integer(1)?),
                actor: row.text(2)?.to_owned(),
                from: row.text(3)?.to_owned(),
                to: row.text(4)?.to_owned(),
                reason: Private::new(String::from_utf8_lossy(&reason)),
            });
        }
        Ok(events)
    }

    /// Every finding of these patients and on these entries, hidden or not, whatever its state:
    /// for comparing with what the checks find now.
    pub fn quality_known(
        &mut self,
        patients: &[PatientKey],
        resources: &[ResourceKey],
    ) -> Result<Vec<QualityFinding>, Error> {
        let sql = format!(
            "SELECT {FINDING_COLUMNS} FROM quality_finding f
             WHERE f.patient IN ({}) OR f.resource IN ({}) ORDER BY f.quality_finding",
            numbers(patients.iter().map(|key| key.0)),
            numbers(resources.iter().map(|key| key.0))
        );
        self.query(&sql, &[])?.iter().map(finding_of).collect()
    }

    /// Patients with a finding of this check that is not fixed.
    pub fn quality_patients_failing(
        &mut self,
        check: &str,
        limit: i64,
    ) -> Result<Vec<PatientKey>, Error> {
        let sql = "SELECT DISTINCT patient FROM quality_finding
                   WHERE check_name = $1 AND state <> 'fixed' ORDER BY patient LIMIT $2";
        let rows = self.query(sql, &[check.into(), limit.into()])?;
        rows.iter().map(|row| Ok(PatientKey(row.integer(0)?))).collect()
    }

    /// Findings that are not fixed and whose chart is no longer there, or is merged into another.
    pub fn quality_orphans(&mut self) -> Result<Vec<QualityFinding>, Error> {
        let sql = format!(
            "SELECT {FINDING_COLUMNS} FROM quality_finding f
             WHERE f.state <> 'fixed' AND (
               NOT EXISTS (SELECT 1 FROM patient_row p WHERE p.patient = f.patient) OR
               EXISTS (SELECT 1 FROM patient_link l
                       WHERE l.patient = f.patient AND l.ended_at IS NULL))"
        );
        self.query(&sql, &[])?.iter().map(finding_of).collect()
    }

    /// Records of patients that are not merged into another, after this one.
    pub fn quality_patient_page(
        &mut self,
        after: PatientKey,
        limit: usize,
    ) -> Result<Vec<PatientKey>, Error> {
        let sql = "SELECT p.patient FROM patient_row p WHERE p.patient > $1 AND NOT EXISTS
                     (SELECT 1 FROM patient_link l
                      WHERE l.patient = p.patient AND l.ended_at IS NULL)
                   ORDER BY p.patient LIMIT $2";
        let rows = self.query(sql, &[after.0.into(), (limit as i64).into()])?;
        rows.iter().map(|row| Ok(PatientKey(row.integer(0)?))).collect()
    }

    /// Records that share one of these terms with a patient: candidates for comparing.
    pub fn quality_sharing(&mut self, terms: &[String]) -> Result<Vec<PatientKey>, Error> {
        let mut found = Vec::new();
        for term in terms {
            let sql = "SELECT t.patient FROM patient_term t WHERE t.term = $1 AND NOT EXISTS
                         (SELECT 1 FROM patient_link l
                          WHERE l.patient = t.patient AND l.ended_at IS NULL)";
            for row in self.query(sql, &[term.as_str().into()])? {
                found.push(PatientKey(row.integer(0)?));
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The terms by which a patient is found that name a number or a birth date.
    pub fn quality_terms(&mut self, patient: PatientKey) -> Result<Vec<String>, Error> {
        let sql = "SELECT term FROM patient_term
                   WHERE patient = $1 AND (term LIKE 'i:%' OR term LIKE 'b:%') ORDER BY term";
        let rows = self.query(sql, &[patient.0.into()])?;
        rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
    }

    /// The first id that is not given out in this view: what is written later has this one or a
    /// higher one, in the order of commits.
    pub fn quality_mark(&mut self) -> Result<i64, Error> {
        Ok(self.head()?.next_id)
    }

    /// Charts of which something was written from this id on, as they are found today: entries,
    /// final codes, merges and their ends; and the charts of findings on such entries. With
    /// `failing`, only charts that have a finding which is not fixed.
    pub fn quality_changed(
        &mut self,
        mark: i64,
        failing: bool,
        limit: i64,
    ) -> Result<Vec<PatientKey>, Error> {
        let only = match failing {
            true => {
                "WHERE EXISTS (SELECT 1 FROM quality_finding q
                               WHERE q.patient = c.patient AND q.state <> 'fixed')"
            }
            false => "",
        };
        let sql = format!(
            "SELECT c.patient FROM (
               SELECT r.patient AS patient FROM resource r
                 WHERE r.version >= $1 AND r.patient IS NOT NULL
               UNION SELECT f.patient FROM quality_finding f
                 JOIN resource r ON r.resource = f.resource WHERE r.version >= $1
               UNION SELECT w.patient FROM coding_event e
                 JOIN coding_work w ON w.coding_work = e.coding_work WHERE e.coding_event >= $1
               UNION SELECT l.patient FROM patient_link l WHERE l.link >= $1
               UNION SELECT l.survivor FROM patient_link l
                 JOIN resource r ON r.patient = l.patient
                 WHERE r.version >= $1 AND l.ended_at IS NULL
               UNION SELECT l.survivor FROM patient_link l WHERE l.link >= $1
               UNION SELECT p.low FROM duplicate_event e
                 JOIN duplicate_pair p ON p.duplicate_pair = e.duplicate_pair
                 WHERE e.duplicate_event >= $1
               UNION SELECT p.high FROM duplicate_event e
                 JOIN duplicate_pair p ON p.duplicate_pair = e.duplicate_pair
                 WHERE e.duplicate_event >= $1) c {only}
             ORDER BY c.patient LIMIT $2"
        );
        let rows = self.query(&sql, &[mark.into(), limit.into()])?;
        rows.iter().map(|row| Ok(PatientKey(row.integer(0)?))).collect()
    }
}

impl Transaction<'_> {
    /// Keeps a row that was not known to fail.
    pub fn quality_open(&mut self, failing: &Failing<'_>) -> Result<i64, Error> {
        let (id, at) = (self.new_id(), self.context().at.0);
        self.insert(
            "quality_finding",
            &[
                ("quality_finding", id.into()),
                ("check_name", failing.check.into()),
                ("resource", failing.resource.0.into()),
                ("patient", failing.patient.0.into()),
                ("sentence", failing.sentence.into()),
                ("state", "open".into()),
                ("found_at", at.into()),
                ("changed_at", at.into()),
                ("changes", 0.into()),
            ],
        )?;
        self.quality_event(id, failing.patient, "", "open", "")?;
        Ok(id)
    }

    /// Saves a finding in another state, or in another chart, with why.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was changed since it was read.
    pub fn quality_save(
        &mut self,
        before: &QualityFinding,
        state: FindingState,
        failing: Option<&Failing<'_>>,
        reason: &str,
    ) -> Result<(), Error> {
        let row = self.row("quality_finding", &[before.id.into()])?.ok_or(Error::NotFound)?;
        if row.integer(9)? != before.changes {
            return Err(Error::Conflict(
                "This finding has changed meanwhile. Load the page again.".into(),
            ));
        }
        let at = self.context().at.0;
        let patient = failing.map_or(before.patient, |now| now.patient);
        let sentence = failing.map_or(before.sentence.as_str(), |now| now.sentence);
        let values: [(&str, Value); 6] = [
            ("patient", patient.0.into()),
            ("sentence", sentence.into()),
            ("state", state.as_str().into()),
            ("accepted_until", until_of(state).into()),
            ("changed_at", at.into()),
            ("changes", (before.changes + 1).into()),
        ];
        self.update("quality_finding", &[before.id.into()], &values)?;
        if state != before.state {
            self.quality_event(before.id, patient, before.state.as_str(), state.as_str(), reason)?;
        }
        Ok(())
    }

    fn quality_event(
        &mut self,
        finding: i64,
        patient: PatientKey,
        from: &str,
        to: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let (id, unit) = (self.new_id(), self.quality_unit(patient)?);
        let reason = self.unit_key(unit)?.encrypt(reason.as_bytes(), &reason_context(id))?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "quality_event",
            &[
                ("quality_event", id.into()),
                ("quality_finding", finding.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("from_state", from.into()),
                ("to_state", to.into()),
                ("unit", unit.into()),
                ("reason", reason.into()),
            ],
        )
    }

    /// The unit under whose key words about a patient are kept; the site's where the patient's
    /// record was destroyed, and with it the words.
    fn quality_unit(&mut self, patient: PatientKey) -> Result<i64, Error> {
        let unit = self.unit_of(Some(patient))?;
        Ok(if self.unit_key(unit).is_ok() { unit } else { crate::SITE_UNIT })
    }
}
