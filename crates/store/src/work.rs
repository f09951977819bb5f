//! The one queue: work items of every desk; drafts; facilities.

use crate::find::{PATIENT_COLUMNS, PatientRow, patient_row};
use crate::resource::{visible, visible_as};
use crate::{Error, Row, Transaction, Value, View};
use integrity::work::{WorkAction, WorkState};
use record::{Context, Instant, LabelMask, PatientKey, Role};
use std::collections::HashMap;

/// A piece of work that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// Id.
    pub id: i64,
    /// Which desk's work: `index-document`, `review-glass`, `code-encounter`.
    pub kind: String,
    /// The row that it is about, in the desk's own table.
    pub subject: i64,
    /// Whose chart, where known.
    pub patient: Option<PatientKey>,
    /// The role that does this work.
    pub role: Role,
    /// The person to whom it is assigned.
    pub assigned_to: Option<i64>,
    /// Since when it waits.
    pub opened_at: Instant,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// Why it exists.
    pub reason: String,
    /// Whether a treating clinician waits for it.
    pub is_stat: bool,
    /// Money that waits for it, in cents.
    pub waiting_cents: Option<i64>,
}

/// How much of one kind waits for one role and one person, or for nobody yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCount {
    /// Which desk's work.
    pub kind: String,
    /// The role that does it.
    pub role: Role,
    /// To whom it is assigned.
    pub person: Option<i64>,
    /// Open items.
    pub open: i64,
    /// Of these, late.
    pub late: i64,
    /// The earliest due date.
    pub first_due: Option<Instant>,
}

/// A facility of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// IANA time zone.
    pub time_zone: String,
    /// Namespace of its medical record numbers.
    pub mrn_system: String,
    /// The next number that it gives out.
    pub next_mrn: i64,
}

/// A nursing unit of a facility, with its beds from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NursingUnit {
    /// Id.
    pub id: i64,
    /// Facility.
    pub facility: i64,
    /// Name.
    pub name: String,
    /// Beds.
    pub beds: i64,
    /// Bassinets.
    pub bassinets: i64,
    /// First day, `YYYY-MM-DD`.
    pub from_date: String,
    /// Last day, when it is closed.
    pub until_date: Option<String>,
}

const WORK_COLUMNS: &str = "w.work_item, w.kind, w.subject, w.patient, w.role, w.assigned_to, \
     w.opened_at, w.due_at, w.reason, w.stat, w.waiting_cents";
const WORK_COLUMNS_COUNT: usize = 11;

fn work_of(row: &Row) -> Result<WorkItem, Error> {
    let role = row.text(4)?;
    Ok(WorkItem {
        id: row.integer(0)?,
        kind: row.text(1)?.to_owned(),
        subject: row.integer(2)?,
        patient: row.integer_or_none(3)?.map(PatientKey),
        role: Role::parse(role).ok_or_else(|| Error::Corrupt(format!("role {role} is unknown")))?,
        assigned_to: row.integer_or_none(5)?,
        opened_at: Instant(row.integer(6)?),
        due_at: row.integer_or_none(7)?.map(Instant),
        reason: row.text(8)?.to_owned(),
        is_stat: row.integer_or_none(9)?.unwrap_or(0) != 0,
        waiting_cents: row.integer_or_none(10)?,
    })
}

/// Open work with whose chart it is about. Work about a hidden chart is absent.
fn queue_sql(context: &Context, condition: &str, limit: usize) -> String {
    format!(
        "SELECT {WORK_COLUMNS}, {PATIENT_COLUMNS} FROM work_item w
         LEFT JOIN patient_row p ON p.patient = w.patient
         LEFT JOIN resource r ON r.resource = p.resource
         WHERE w.state = 'open' AND ({condition}) AND
               (w.patient IS NULL OR (p.patient IS NOT NULL AND {})){}
         ORDER BY COALESCE(w.stat, 0) DESC, COALESCE(w.due_at, 9223372036854775807), w.work_item
         LIMIT ${limit}",
        visible(context),
        subject_shown(context)
    )
}

/// The condition under which what an item `w` is about is not hidden from this context, where its
/// chart is open: the entry, the encounter, the document.
fn subject_shown(context: &Context) -> String {
    if LabelMask::ALL.without(context.cleared).is_empty() {
        return String::new();
    }
    let shown = visible_as(context, "x");
    let deficiency = crate::deficiency::shown(context);
    let about = [
        ("'authenticate'", format!("resource x WHERE x.resource = w.subject AND {shown}")),
        (
            "'code-encounter'",
            format!(
                "coding_work c JOIN resource x ON x.resource = c.encounter
                 WHERE c.coding_work = w.subject AND {shown}"
            ),
        ),
        (
            "'deficiency', 'deficiency-desk'",
            format!(
                "deficiency d JOIN resource r ON r.resource = d.encounter
                 WHERE d.deficiency = w.subject AND {deficiency}"
            ),
        ),
        (
            "'quality-finding'",
            format!(
                "quality_finding f JOIN resource x ON x.resource = f.resource
                 WHERE f.quality_finding = w.subject AND {shown}"
            ),
        ),
        (
            "'quality-findings'",
            format!(
                "quality_finding f JOIN resource x ON x.resource = f.resource
                 WHERE f.quality_group = w.subject AND f.state = 'open' AND {shown}"
            ),
        ),
    ];
    let one = |(kinds, rows): &(&str, String)| {
        format!(" AND (w.kind NOT IN ({kinds}) OR EXISTS (SELECT 1 FROM {rows}))")
    };
    about.iter().map(one).collect()
}

fn queue_row(row: &Row) -> Result<(WorkItem, Option<PatientRow>), Error> {
    let work = work_of(row)?;
    let patient = match work.patient {
        Some(_) => Some(patient_row(&Row(row.0[WORK_COLUMNS_COUNT..].to_vec()))?),
        None => None,
    };
    Ok((work, patient))
}

impl View<'_> {
    /// Open work for any of these roles, or assigned to this person, with whose chart it is about;
    /// due first. Work about a hidden chart is absent.
    pub fn work_list(
        &mut self,
        roles: &[Role],
        person: Option<i64>,
        limit: i64,
    ) -> Result<Vec<(WorkItem, Option<PatientRow>)>, Error> {
        let mut parameters: Vec<Value> = roles.iter().map(|role| role.as_str().into()).collect();
        let list: Vec<String> = (1..=roles.len()).map(|n| format!("${n}")).collect();
        let role = if list.is_empty() { "''".to_owned() } else { list.join(", ") };
        parameters.push(person.into());
        parameters.push(limit.into());
        let (person, limit) = (parameters.len() - 1, parameters.len());
        let condition =
            format!("(w.role IN ({role}) AND w.assigned_to IS NULL) OR w.assigned_to = ${person}");
        let sql = queue_sql(self.context(), &condition, limit);
        self.query(&sql, &parameters)?.iter().map(queue_row).collect()
    }

    /// All open work with whose chart it is about, for a supervisor; due first. Work about a
    /// hidden chart is absent.
    pub fn work_list_all(
        &mut self,
        limit: i64,
    ) -> Result<Vec<(WorkItem, Option<PatientRow>)>, Error> {
        let sql = queue_sql(self.context(), "1 = 1", 1);
        self.query(&sql, &[limit.into()])?.iter().map(queue_row).collect()
    }

    /// How much is open, and late at this time, for each kind, role and person. Work about hidden
    /// charts is counted, as totals are.
    pub fn work_counts(&mut self, now: Instant) -> Result<Vec<WorkCount>, Error> {
        let sql = "SELECT kind, role, assigned_to, COUNT(*), MIN(due_at),
                          SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END)
                   FROM work_item WHERE state = 'open'
                   GROUP BY kind, role, assigned_to ORDER BY kind, role, assigned_to";
        let count = |row: &Row| {
            let role = row.text(1)?;
            let unknown = || Error::Corrupt(format!("role {role} is unknown"));
            Ok(WorkCount {
                kind: row.text(0)?.to_owned(),
                role: Role::parse(role).ok_or_else(unknown)?,
                person: row.integer_or_none(2)?,
                open: row.integer(3)?,
                first_due: row.integer_or_none(4)?.map(Instant),
                late: row.integer(5)?,
            })
        };
        self.query(sql, &[now.0.into()])?.iter().map(count).collect()
    }

    /// How much open work there is about each patient who has more than one piece of it.
    pub fn work_counts_of_patients(&mut self) -> Result<HashMap<PatientKey, i64>, Error> {
        let sql = "SELECT patient, COUNT(*) FROM work_item
                   WHERE state = 'open' AND patient IS NOT NULL
                   GROUP BY patient HAVING COUNT(*) > 1";
        let rows = self.query(sql, &[])?;
        rows.iter().map(|row| Ok((PatientKey(row.integer(0)?), row.integer(1)?))).collect()
    }

    /// Whether one who is cleared for these classes would see an open item on their queue.
    pub fn work_shown_to(&mut self, id: i64, cleared: LabelMask) -> Result<bool, Error> {
        let theirs = Context { cleared, opened: Vec::new(), ..self.context().clone() };
        let sql = queue_sql(&theirs, "w.work_item = $1", 2);
        Ok(self.query_one(&sql, &[id.into(), 1.into()])?.is_some())
    }

    /// Where a piece of work stands, closed or not.
    pub fn work_state(&mut self, id: i64) -> Result<Option<WorkState>, Error> {
        let sql = "SELECT state, assigned_to FROM work_item WHERE work_item = $1";
        let Some(row) = self.query_one(sql, &[id.into()])? else { return Ok(None) };
        let state = WorkState::read(row.text(0)?, row.integer_or_none(1)?);
        state.map(Some).ok_or_else(|| Error::Corrupt("a work item's state is unknown".into()))
    }

    /// One open piece of work.
    pub fn work_item(&mut self, id: i64) -> Result<Option<WorkItem>, Error> {
        let sql = format!(
            "SELECT {WORK_COLUMNS} FROM work_item w WHERE w.work_item = $1 AND w.state = 'open'"
        );
        self.query_one(&sql, &[id.into()])?.as_ref().map(work_of).transpose()
    }

    /// The draft of a form that this person began.
    pub fn draft(&mut self, person: i64, form: &str) -> Result<Option<(String, Instant)>, Error> {
        let sql = "SELECT draft, unit, body, saved_at FROM draft WHERE person = $1 AND form = $2";
        let Some(row) = self.query_one(sql, &[person.into(), form.into()])? else {
            return Ok(None);
        };
        let key = self.unit_key(row.integer(1)?)?;
        let body = key.decrypt(row.blob(2)?, format!("draft:{}", row.integer(0)?).as_bytes())?;
        Ok(Some((String::from_utf8_lossy(&body).into_owned(), Instant(row.integer(3)?))))
    }

    /// The forms that this person began and has not saved, the newest first.
    pub fn draft_list(&mut self, person: i64) -> Result<Vec<(String, Instant)>, Error> {
        let sql = "SELECT form, saved_at FROM draft WHERE person = $1
                   ORDER BY saved_at DESC, draft DESC";
        let rows = self.query(sql, &[person.into()])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), Instant(row.integer(1)?)))).collect()
    }

    /// Open work of one kind for this role, or assigned to this person; the oldest first.
    pub fn work_of_kind(
        &mut self,
        kind: &str,
        role: Role,
        person: i64,
        limit: i64,
    ) -> Result<Vec<WorkItem>, Error> {
        let sql = format!(
            "SELECT {WORK_COLUMNS} FROM work_item w
             WHERE state = 'open' AND kind = $1 AND
                   ((role = $2 AND assigned_to IS NULL) OR assigned_to = $3)
             ORDER BY opened_at, work_item LIMIT $4"
        );
        let parameters = [kind.into(), role.as_str().into(), person.into(), limit.into()];
        self.query(&sql, &parameters)?.iter().map(work_of).collect()
    }

    /// The open work of one kind about one row.
    pub fn work_about(&mut self, kind: &str, subject: i64) -> Result<Option<WorkItem>, Error> {
        let sql = format!(
            "SELECT {WORK_COLUMNS} FROM work_item w
             WHERE state = 'open' AND kind = $1 AND subject = $2"
        );
        self.query_one(&sql, &[kind.into(), subject.into()])?.as_ref().map(work_of).transpose()
    }

    /// Every facility.
    pub fn facility_list(&mut self) -> Result<Vec<Facility>, Error> {
        let sql = "SELECT facility, name, time_zone, mrn_system, next_mrn FROM facility
                   ORDER BY facility";
        self.query(sql, &[])?
            .iter()
            .map(|row| {
                Ok(Facility {
                    id: row.integer(0)?,
                    name: row.text(1)?.to_owned(),
                    time_zone: row.text(2)?.to_owned(),
                    mrn_system: row.text(3)?.to_owned(),
                    next_mrn: row.integer(4)?,
                })
            })
            .collect()
    }

    /// Every nursing unit, by facility and name.
    pub fn nursing_unit_list(&mut self) -> Result<Vec<NursingUnit>, Error> {
        let sql = "SELECT nursing_unit, facility, name, beds, bassinets, from_date, until_date
                   FROM nursing_unit ORDER BY facility, name, from_date";
        self.query(sql, &[])?
            .iter()
            .map(|row| {
                Ok(NursingUnit {
                    id: row.integer(0)?,
                    facility: row.integer(1)?,
                    name: row.text(2)?.to_owned(),
                    beds: row.integer(3)?,
                    bassinets: row.integer(4)?,
                    from_date: row.text(5)?.to_owned(),
                    until_date: row.text_or_none(6)?.map(str::to_owned),
                })
            })
            .collect()
    }
}

/// A piece of work about to be opened.
#[derive(Clone, Debug)]
pub struct NewWork<'a> {
    /// Which desk's work.
    pub kind: &'a str,
    /// The row that it is about.
    pub subject: i64,
    /// Whose chart.
    pub patient: Option<PatientKey>,
    /// The role that does it.
    pub role: Role,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// Why it exists.
    pub reason: &'a str,
}

impl Transaction<'_> {
    /// Opens work, unless the same is open already; returns its id.
    pub fn work_open(&mut self, work: &NewWork<'_>) -> Result<i64, Error> {
        if let Some(open) = self.work_about(work.kind, work.subject)? {
            return Ok(open.id);
        }
        let id = self.new_id();
        let at = self.context().at.0;
        self.insert(
            "work_item",
            &[
                ("work_item", id.into()),
                ("kind", work.kind.into()),
                ("subject", work.subject.into()),
                ("patient", work.patient.map(|key| key.0).into()),
                ("role", work.role.as_str().into()),
                ("opened_at", at.into()),
                ("due_at", work.due_at.map(|at| at.0).into()),
                ("reason", work.reason.into()),
                ("state", "open".into()),
            ],
        )?;
        Ok(id)
    }

    /// Closes the open work of this kind about this row, if there is any.
    pub fn work_close(&mut self, kind: &str, subject: i64, done: bool) -> Result<(), Error> {
        let Some(open) = self.work_about(kind, subject)? else { return Ok(()) };
        let end = if done { WorkAction::Finish } else { WorkAction::Drop };
        let state = self.work_after(open.id, end)?;
        let (at, actor) = (self.context().at.0, self.context().actor.key());
        let values = [
            ("state", state.as_str().into()),
            ("closed_at", at.into()),
            ("closed_by", actor.into()),
        ];
        self.update("work_item", &[open.id.into()], &values).map(|_| ())
    }

    /// What an action makes of a piece of work, by its lifecycle.
    fn work_after(&mut self, id: i64, action: WorkAction) -> Result<WorkState, Error> {
        let state = self.work_state(id)?.ok_or(Error::NotFound)?;
        integrity::work::apply(state, action).map_err(|no| Error::Conflict(no.to_string()))
    }

    /// One open piece of work, to be changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was done, or fell away, meanwhile.
    pub fn work_open_item(&mut self, id: i64) -> Result<WorkItem, Error> {
        let state = self.work_state(id)?.ok_or(Error::NotFound)?;
        state.require_open().map_err(|no| Error::Conflict(no.to_string()))?;
        self.work_item(id)?.ok_or(Error::NotFound)
    }

    /// Says of open work whether a treating clinician waits for it, and what money does.
    pub fn work_weigh(
        &mut self,
        id: i64,
        is_stat: bool,
        waiting_cents: Option<i64>,
    ) -> Result<(), Error> {
        self.work_after(id, WorkAction::Weigh)?;
        let values = [("stat", i64::from(is_stat).into()), ("waiting_cents", waiting_cents.into())];
        self.update("work_item", &[id.into()], &values).map(|_| ())
    }

    /// Assigns work to a person, or gives it back to the role's queue.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was done, or fell away, meanwhile.
    pub fn work_assign(&mut self, id: i64, person: Option<i64>) -> Result<(), Error> {
        let action = person.map_or(WorkAction::GiveBack, |person| WorkAction::Assign { person });
        self.work_after(id, action)?;
        self.update("work_item", &[id.into()], &[("assigned_to", person.into())]).map(|_| ())
    }

    /// Saves the draft of a form, in place of the one before.
    pub fn draft_put(
        &mut self,
        person: i64,
        form: &str,
        patient: Option<PatientKey>,
        body: &str,
    ) -> Result<(), Error> {
        self.draft_delete(person, form)?;
        let (id, unit) = (self.new_id(), self.unit_of(patient)?);
        let key = self.unit_key(unit)?;
        let sealed = key.encrypt(body.as_bytes(), format!("draft:{id}").as_bytes())?;
        let at = self.context().at.0;
        self.insert(
            "draft",
            &[
                ("draft", id.into()),
                ("person", person.into()),
                ("form", form.into()),
                ("unit", unit.into()),
                ("body", sealed.into()),
                ("saved_at", at.into()),
            ],
        )
    }

    /// Forgets the draft of a form.
    pub fn draft_delete(&mut self, person: i64, form: &str) -> Result<(), Error> {
        let sql = "SELECT draft FROM draft WHERE person = $1 AND form = $2";
        for row in self.query(sql, &[person.into(), form.into()])? {
            self.delete("draft", &[row.integer(0)?.into()])?;
        }
        Ok(())
    }

    /// Adds a facility.
    pub fn facility_create(
        &mut self,
        name: &str,
        time_zone: &str,
        mrn_system: &str,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        self.insert(
            "facility",
            &[
                ("facility", id.into()),
                ("name", name.into()),
                ("time_zone", time_zone.into()),
                ("mrn_system", mrn_system.into()),
                ("next_mrn", 100_001.into()),
            ],
        )?;
        Ok(id)
    }

    /// Gives out the next medical record number of a facility: namespace and number.
    pub fn facility_next_mrn(&mut self, facility: i64) -> Result<(String, i64), Error> {
        let row = self.row("facility", &[facility.into()])?.ok_or(Error::NotFound)?;
        let (system, number) = (row.text(3)?.to_owned(), row.integer(4)?);
        self.update("facility", &[facility.into()], &[("next_mrn", (number + 1).into())])?;
        Ok((system, number))
    }

    /// Closes a nursing unit, or its present count of beds, with this last day.
    pub fn nursing_unit_close(&mut self, unit: i64, until_date: &str) -> Result<(), Error> {
        let values = [("until_date", until_date.into())];
        self.update("nursing_unit", &[unit.into()], &values).map(|_| ())
    }

    /// Adds a nursing unit with its beds from a day on.
    pub fn nursing_unit_create(
        &mut self,
        facility: i64,
        name: &str,
        beds: i64,
        bassinets: i64,
        from_date: &str,
    ) -> Result<i64, Error> {
        let id = self.new_id();
        self.insert(
            "nursing_unit",
            &[
                ("nursing_unit", id.into()),
                ("facility", facility.into()),
                ("name", name.into()),
                ("beds", beds.into()),
                ("bassinets", bassinets.into()),
                ("from_date", from_date.into()),
            ],
        )?;
        Ok(id)
    }
}
