//! Coding work: an encounter to be coded, its draft, its final versions, what happened to it.

use crate::find::PatientRow;
use crate::resource::{RESOURCE_COLUMNS, resource_row, visible};
use crate::{Error, ResourceRow, Row, Transaction, Value, View};
use coding::work::{CodeSet, HoldReason, State};
use record::{Instant, PatientKey, Private, ResourceKey};

/// The coding of one encounter.
#[derive(Clone, Debug)]
pub struct CodingWork {
    /// Key.
    pub id: i64,
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Whose.
    pub patient: PatientKey,
    /// Whether it is an inpatient stay.
    pub is_inpatient: bool,
    /// First day, `YYYY-MM-DD`, in the facility's zone.
    pub started_on: String,
    /// Last day: discharge of an inpatient. `YYYY-MM-DD`.
    pub ended_on: String,
    /// When the codes are due.
    pub due_at: Instant,
    /// Where it stands.
    pub state: State,
    /// Who codes it.
    pub coder: Option<i64>,
    /// Final versions made so far.
    pub versions_count: i64,
    /// When the last of them became final, while it holds.
    pub finalized_at: Option<Instant>,
    /// Grows with each save.
    pub revision: i64,
    /// Who saved last.
    pub saved_by: String,
    /// When.
    pub saved_at: Instant,
    unit: i64,
}

/// A final code set.
#[derive(Clone, Debug)]
pub struct CodingVersion {
    /// From 1.
    pub number: i64,
    /// When it became final.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// The codes.
    pub codes: CodeSet,
}

/// A change of state.
#[derive(Clone, Debug)]
pub struct CodingEvent {
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// Stored word of the state before.
    pub from: String,
    /// Stored word of the state after.
    pub to: String,
    /// Why, in the words of the person.
    pub reason: Private,
}

/// An encounter about to be queued for coding.
#[derive(Clone, Debug)]
pub struct NewCodingWork {
    /// The Encounter.
    pub encounter: ResourceKey,
    /// Whose.
    pub patient: PatientKey,
    /// Whether it is an inpatient stay.
    pub is_inpatient: bool,
    /// First day.
    pub started_on: String,
    /// Last day.
    pub ended_on: String,
    /// When the codes are due.
    pub due_at: Instant,
}

/// A move of coding work to a state, with what is saved by it.
pub struct CodingMove<'a> {
    /// The work as it was read.
    pub work: &'a CodingWork,
    /// The state after.
    pub to: State,
    /// The codes to keep.
    pub codes: &'a CodeSet,
    /// Who codes it from now on.
    pub coder: Option<i64>,
    /// Why, in words.
    pub reason: &'a str,
}

const COLUMNS: &str = "c.coding_work, c.encounter, c.patient, c.setting, c.started_on, c.ended_on, \
     c.due_at, c.state, c.hold_reason, c.coder, c.versions_count, c.finalized_at, c.revision, \
     c.saved_by, c.saved_at, c.unit";

fn work_of(row: &Row) -> Result<CodingWork, Error> {
    let (versions_count, hold) = (row.integer(10)?, row.text_or_none(8)?);
    let state = match (row.text(7)?, hold.and_then(HoldReason::parse)) {
        ("waiting", _) => State::Waiting,
        ("in-progress", _) => State::InProgress,
        ("on-hold", Some(reason)) => State::OnHold { reason, was_final: versions_count > 0 },
        ("final", _) => State::Final,
        ("reopened", _) => State::Reopened,
        (other, _) => return Err(Error::Corrupt(format!("coding work is in state {other}"))),
    };
    Ok(CodingWork {
        id: row.integer(0)?,
        encounter: ResourceKey(row.integer(1)?),
        patient: PatientKey(row.integer(2)?),
        is_inpatient: row.text(3)? == "inpatient",
        started_on: row.text(4)?.to_owned(),
        ended_on: row.text(5)?.to_owned(),
        due_at: Instant(row.integer(6)?),
        state,
        coder: row.integer_or_none(9)?,
        versions_count,
        finalized_at: row.integer_or_none(11)?.map(Instant),
        revision: row.integer(12)?,
        saved_by: row.text(13)?.to_owned(),
        saved_at: Instant(row.integer(14)?),
        unit: row.integer(15)?,
    })
}

fn codes_of(bytes: &[u8]) -> Result<CodeSet, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Corrupt("a code set can't be read".into()))
}

fn codes_text(codes: &CodeSet) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(codes).map_err(|_| Error::Corrupt("a code set can't be written".into()))
}

impl View<'_> {
    /// Coding work that is not final, due first, with its patient; hidden encounters are absent.
    pub fn coding_list(
        &mut self,
        is_inpatient: bool,
        limit: i64,
    ) -> Result<Vec<(CodingWork, PatientRow)>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM coding_work c JOIN resource r ON r.resource = c.encounter
             WHERE c.state <> 'final' AND c.setting = $1 AND r.deleted = 0 AND {}
             ORDER BY c.due_at, c.coding_work LIMIT $2",
            visible(self.context())
        );
        let setting = if is_inpatient { "inpatient" } else { "outpatient" };
        let mut list = Vec::new();
        for row in self.query(&sql, &[setting.into(), limit.into()])? {
            let work = work_of(&row)?;
            if let Some(patient) = self.patient_row(work.patient)? {
                list.push((work, patient));
            }
        }
        Ok(list)
    }

    /// For each setting and state that is not final: the setting, the state's word, the last days
    /// of the encounters with how many ended on each. Hidden ones are counted, as totals are.
    pub fn coding_counts(&mut self) -> Result<Vec<(bool, String, String, i64)>, Error> {
        let sql = "SELECT setting, state, ended_on, COUNT(*) FROM coding_work
                   WHERE state <> 'final' GROUP BY setting, state, ended_on
                   ORDER BY setting, state, ended_on";
        self.query(sql, &[])?
            .iter()
            .map(|row| {
                let is_inpatient = row.text(0)? == "inpatient";
                Ok((is_inpatient, row.text(1)?.into(), row.text(2)?.into(), row.integer(3)?))
            })
            .collect()
    }

    /// Coding work that is not final and whose codes are judged by a date from one day to another
    /// (`YYYY-MM-DD`): discharge of an inpatient, service of others. Hidden encounters are absent.
    pub fn coding_dated(
        &mut self,
        from: &str,
        to: &str,
    ) -> Result<Vec<(CodingWork, ResourceRow)>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM coding_work c JOIN resource r ON r.resource = c.encounter
             WHERE c.state <> 'final' AND r.deleted = 0 AND {}
               AND CASE WHEN c.setting = 'inpatient' THEN c.ended_on ELSE c.started_on END
                   BETWEEN $1 AND $2
             ORDER BY c.coding_work",
            visible(self.context())
        );
        let mut list = Vec::new();
        for row in self.query(&sql, &[from.into(), to.into()])? {
            let work = work_of(&row)?;
            if let Some(encounter) = self.resource_by_key(work.encounter)? {
                list.push((work, encounter));
            }
        }
        Ok(list)
    }

    /// Final coding work whose codes are judged by a date from one day to another, hidden or not:
    /// for totals, which count everyone.
    pub fn coding_final_dated(&mut self, from: &str, to: &str) -> Result<Vec<CodingWork>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM coding_work c
             WHERE c.state = 'final'
               AND CASE WHEN c.setting = 'inpatient' THEN c.ended_on ELSE c.started_on END
                   BETWEEN $1 AND $2
             ORDER BY c.coding_work"
        );
        self.query(&sql, &[from.into(), to.into()])?.iter().map(work_of).collect()
    }

    /// One piece of coding work with its Encounter, unless that is hidden.
    pub fn coding_work(&mut self, id: i64) -> Result<Option<(CodingWork, ResourceRow)>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM coding_work c WHERE c.coding_work = $1");
        let Some(row) = self.query_one(&sql, &[id.into()])? else { return Ok(None) };
        let work = work_of(&row)?;
        let encounter = self.resource_by_key(work.encounter)?.filter(|row| !row.deleted);
        Ok(encounter.map(|encounter| (work, encounter)))
    }

    /// The coding work of an encounter, hidden or not: for totals, which count everyone.
    pub(crate) fn coding_of(
        &mut self,
        encounter: ResourceKey,
    ) -> Result<Option<CodingWork>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM coding_work c WHERE c.encounter = $1");
        self.query_one(&sql, &[encounter.0.into()])?.as_ref().map(work_of).transpose()
    }

    /// The coding work of an encounter, where there is some.
    pub fn coding_about(&mut self, encounter: ResourceKey) -> Result<Option<i64>, Error> {
        let sql = "SELECT coding_work FROM coding_work WHERE encounter = $1";
        let row = self.query_one(sql, &[encounter.0.into()])?;
        row.map(|row| row.integer(0)).transpose()
    }

    /// The draft codes.
    pub fn coding_draft(&mut self, work: &CodingWork) -> Result<CodeSet, Error> {
        let sql = "SELECT draft FROM coding_work WHERE coding_work = $1 AND draft IS NOT NULL";
        let Some(row) = self.query_one(sql, &[work.id.into()])? else {
            return Ok(CodeSet::default());
        };
        let key = self.unit_key(work.unit)?;
        codes_of(&key.decrypt(row.blob(0)?, format!("coding:{}", work.id).as_bytes())?)
    }

    /// The final versions, the newest first.
    pub fn coding_versions(&mut self, work: &CodingWork) -> Result<Vec<CodingVersion>, Error> {
        let sql = "SELECT coding_version, number, at, actor, unit, body FROM coding_version
                   WHERE coding_work = $1 ORDER BY number DESC";
        let mut versions = Vec::new();
        for row in self.query(sql, &[work.id.into()])? {
            let key = self.unit_key(row.integer(4)?)?;
            let context = format!("coding-version:{}", row.integer(0)?);
            versions.push(CodingVersion {
                number: row.integer(1)?,
                at: Instant(row.integer(2)?),
                actor: row.text(3)?.to_owned(),
                codes: codes_of(&key.decrypt(row.blob(5)?, context.as_bytes())?)?,
            });
        }
        Ok(versions)
    }

    /// What happened to it, the newest first.
    pub fn coding_events(&mut self, work: &CodingWork) -> Result<Vec<CodingEvent>, Error> {
        let sql = "SELECT coding_event, at, actor, from_state, to_state, unit, reason
                   FROM coding_event WHERE coding_work = $1 ORDER BY coding_event DESC";
        let mut events = Vec::new();
        for row in self.query(sql, &[work.id.into()])? {
            let key = self.unit_key(row.integer(5)?)?;
            let context = format!("coding-event:{}", row.integer(0)?);
            let reason = key.decrypt(row.blob(6)?, context.as_bytes())?;
            events.push(CodingEvent {
                at: Instant(row.integer(1)?),
                actor: row.text(2)?.to_owned(),
                from: row.text(3)?.to_owned(),
                to: row.text(4)?.to_owned(),
                reason: Private::new(String::from_utf8_lossy(&reason)),
            });
        }
        Ok(events)
    }

    /// Finished encounters that ended since an instant and have no coding work yet, the oldest
    /// first.
    pub fn coding_missing(
        &mut self,
        since: Instant,
        limit: i64,
    ) -> Result<Vec<ResourceRow>, Error> {
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.kind = 'Encounter' AND r.status = 'finished' AND r.deleted = 0
               AND r.patient IS NOT NULL AND r.last_at >= $1 AND {}
               AND NOT EXISTS (SELECT 1 FROM coding_work c WHERE c.encounter = r.resource)
             ORDER BY r.last_at, r.resource LIMIT $2",
            visible(self.context())
        );
        let rows = self.query(&sql, &[since.0.into(), limit.into()])?;
        rows.iter().map(resource_row).collect()
    }

    /// What an encounter is charged, in cents: its charge items, else its claims. Totals count
    /// hidden charges.
    pub fn encounter_cents(&mut self, encounter: ResourceKey) -> Result<Option<i64>, Error> {
        let sql = "SELECT
                     CAST(SUM(CASE WHEN c.kind = 'ChargeItem' THEN m.cents ELSE 0 END) AS BIGINT),
                     CAST(SUM(CASE WHEN c.kind = 'Claim' THEN m.cents ELSE 0 END) AS BIGINT)
                   FROM resource e JOIN resource c ON c.encounter = e.fhir_id
                   JOIN charge_row m ON m.resource = c.resource
                   WHERE e.resource = $1 AND e.kind = 'Encounter' AND c.deleted = 0
                     AND c.kind IN ('ChargeItem', 'Claim')";
        let row = self.query_one(sql, &[encounter.0.into()])?.ok_or(Error::NotFound)?;
        let part = |column| row.integer_or_none(column).map(|sum| sum.filter(|sum| *sum != 0));
        Ok(part(0)?.or(part(1)?))
    }

    /// Charges written from this id on, with the FHIR ids of their encounters, in the order of
    /// commits.
    pub fn charges_since(&mut self, mark: i64, limit: i64) -> Result<Vec<(i64, String)>, Error> {
        let sql = "SELECT c.version, c.encounter FROM resource c
                   WHERE c.version >= $1 AND c.kind IN ('ChargeItem', 'Claim')
                     AND c.encounter IS NOT NULL
                   ORDER BY c.version LIMIT $2";
        let rows = self.query(sql, &[mark.into(), limit.into()])?;
        rows.iter().map(|row| Ok((row.integer(0)?, row.text(1)?.to_owned()))).collect()
    }

    /// The key of an encounter by FHIR id, hidden or not.
    pub fn encounter_key(&mut self, id: &str) -> Result<Option<ResourceKey>, Error> {
        let sql = "SELECT resource FROM resource WHERE kind = 'Encounter' AND fhir_id = $1";
        let row = self.query_one(sql, &[id.into()])?;
        row.map(|row| row.integer(0).map(ResourceKey)).transpose()
    }

    /// How many entries and documents belong to an encounter; hidden ones are absent.
    pub fn encounter_count(&mut self, id: &str) -> Result<i64, Error> {
        let sql = format!(
            "SELECT COUNT(*) FROM resource r
             WHERE r.encounter = $1 AND r.kind <> 'Encounter' AND r.deleted = 0 AND {}",
            visible(self.context())
        );
        self.query_one(&sql, &[id.into()])?.ok_or(Error::NotFound)?.integer(0)
    }

    /// Entries of one encounter of these types, the oldest first; hidden ones are absent.
    pub fn encounter_list(
        &mut self,
        encounter: &ResourceRow,
        kinds: &[&str],
    ) -> Result<Vec<ResourceRow>, Error> {
        let mut parameters: Vec<Value> = vec![encounter.fhir_id.as_str().into()];
        parameters.push(encounter.patient.map(|key| key.0).into());
        let list: Vec<String> = (0..kinds.len()).map(|n| format!("${}", n + 3)).collect();
        parameters.extend(kinds.iter().map(|kind| Value::from(*kind)));
        let sql = format!(
            "SELECT {RESOURCE_COLUMNS} FROM resource r
             WHERE r.encounter = $1 AND r.patient = $2 AND r.kind IN ({}) AND r.deleted = 0
               AND {} ORDER BY COALESCE(r.first_at, r.updated_at), r.resource",
            list.join(", "),
            visible(self.context())
        );
        self.query(&sql, &parameters)?.iter().map(resource_row).collect()
    }
}

impl Transaction<'_> {
    /// Queues an encounter for coding.
    pub fn coding_create(&mut self, new: &NewCodingWork) -> Result<i64, Error> {
        let id = self.new_id();
        let unit = self.unit_of(Some(new.patient))?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        self.insert(
            "coding_work",
            &[
                ("coding_work", id.into()),
                ("encounter", new.encounter.0.into()),
                ("patient", new.patient.0.into()),
                ("setting", if new.is_inpatient { "inpatient" } else { "outpatient" }.into()),
                ("started_on", new.started_on.as_str().into()),
                ("ended_on", new.ended_on.as_str().into()),
                ("due_at", new.due_at.0.into()),
                ("state", State::Waiting.as_str().into()),
                ("versions_count", 0.into()),
                ("revision", 0.into()),
                ("saved_by", actor.into()),
                ("saved_at", at.into()),
                ("unit", unit.into()),
            ],
        )?;
        Ok(id)
    }

    /// Saves codes and state, and tells a change of state as an event; a move to final also keeps
    /// the codes as the next version.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody saved after the work was read.
    pub fn coding_move(&mut self, change: &CodingMove<'_>) -> Result<(), Error> {
        let work = change.work;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let (now, _) = self.coding_work(work.id)?.ok_or(Error::NotFound)?;
        if now.revision != work.revision {
            return Err(Error::Conflict(
                "Somebody else saved these codes meanwhile. Load the page again.".into(),
            ));
        }
        let key = self.unit_key(work.unit)?;
        let body = codes_text(change.codes)?;
        let is_final = change.to == State::Final;
        let draft = key.encrypt(&body, format!("coding:{}", work.id).as_bytes())?;
        let hold = match change.to {
            State::OnHold { reason, .. } => Some(reason.as_str()),
            State::Waiting | State::InProgress | State::Final | State::Reopened => None,
        };
        let values: [(&str, Value); 9] = [
            ("state", change.to.as_str().into()),
            ("hold_reason", hold.into()),
            ("coder", change.coder.into()),
            ("versions_count", (work.versions_count + i64::from(is_final)).into()),
            ("finalized_at", is_final.then_some(at).into()),
            ("revision", (work.revision + 1).into()),
            ("saved_by", actor.as_str().into()),
            ("saved_at", at.into()),
            ("draft", draft.into()),
        ];
        self.update("coding_work", &[work.id.into()], &values)?;
        if is_final {
            self.coding_version_insert(work, &body)?;
        }
        if change.to != work.state {
            self.coding_event_insert(change)?;
        }
        Ok(())
    }

    fn coding_version_insert(&mut self, work: &CodingWork, body: &[u8]) -> Result<(), Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let key = self.unit_key(work.unit)?;
        let sealed = key.encrypt(body, format!("coding-version:{id}").as_bytes())?;
        self.insert(
            "coding_version",
            &[
                ("coding_version", id.into()),
                ("coding_work", work.id.into()),
                ("number", (work.versions_count + 1).into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("unit", work.unit.into()),
                ("body", sealed.into()),
            ],
        )
    }

    fn coding_event_insert(&mut self, change: &CodingMove<'_>) -> Result<(), Error> {
        let id = self.new_id();
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let key = self.unit_key(change.work.unit)?;
        let context = format!("coding-event:{id}");
        let reason = key.encrypt(change.reason.as_bytes(), context.as_bytes())?;
        self.insert(
            "coding_event",
            &[
                ("coding_event", id.into()),
                ("coding_work", change.work.id.into()),
                ("at", at.into()),
                ("actor", actor.into()),
                ("from_state", change.work.state.as_str().into()),
                ("to_state", change.to.as_str().into()),
                ("unit", change.work.unit.into()),
                ("reason", reason.into()),
            ],
        )
    }
}
