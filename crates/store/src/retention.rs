//! What retention asks of charts: the days that start its clocks, what stops a destruction, and
//! what a chart holds. All from rows; no body is opened.

use crate::resource::{visible, visible_as};
use crate::{Error, Row, View};
use record::{Instant, PatientKey};

/// The days of a chart that start the clocks of retention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionDays {
    /// Last day of the last encounter.
    pub last_encounter: Option<Instant>,
    /// The newest day on which an entry begins.
    pub last_entry: Option<Instant>,
    /// The newest image or diagnostic report.
    pub last_image: Option<Instant>,
    /// The last encounter with a transfer from or to a hospital.
    pub last_transfer: Option<Instant>,
    /// When the release desk did something last.
    pub last_privacy: Option<Instant>,
}

/// What of a chart is still at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// Encounters that are not finished.
    pub encounters: i64,
    /// Requests and accountings that the release desk has not ended.
    pub requests: i64,
    /// Deficiencies neither verified nor waived.
    pub deficiencies: i64,
    /// Encounters without final codes.
    pub coding: i64,
    /// Possible duplicates that nobody decided.
    pub duplicates: i64,
    /// Other open work.
    pub work: i64,
}

/// What a chart holds, versions and files of all ages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChartHoldings {
    /// Entries.
    pub entries_count: i64,
    /// Versions of entries.
    pub versions_count: i64,
    /// Files.
    pub files_count: i64,
    /// The first moment of which an encounter or an entry tells.
    pub from: Option<Instant>,
    /// The last one.
    pub until: Option<Instant>,
    /// Id of the newest version.
    pub newest: i64,
}

/// Work of other desks, as their own rows tell it more exactly, and of this one.
const COUNTED_APART: &str = "'release-request', 'give-accounting', 'possible-duplicate', \
     'code-encounter', 'deficiency', 'deficiency-desk', 'approve-destruction', \
     'witness-destruction', 'carry-out-destruction', 'explain-destruction'";

fn list(members: &[PatientKey]) -> String {
    // Numbers of our own only.
    let numbers: Vec<String> = members.iter().map(|member| member.0.to_string()).collect();
    numbers.join(", ")
}

fn instant(row: &Row, column: usize) -> Result<Option<Instant>, Error> {
    Ok(row.integer_or_none(column)?.map(Instant))
}

impl View<'_> {
    /// Charts without an encounter that began after a moment, by key, after this one: those whose
    /// retention may have ended. Merged records are of their survivor's chart. Charts of which a
    /// destruction is under way are left out, and so are those destroyed, unless something came
    /// to them since. Hidden ones are there: who lists them counts them.
    pub fn retention_page(
        &mut self,
        before: Instant,
        after: PatientKey,
        limit: i64,
    ) -> Result<Vec<PatientKey>, Error> {
        let sql = "SELECT p.patient FROM patient_row p
             WHERE p.patient > $1
               AND NOT EXISTS (SELECT 1 FROM patient_link l
                     WHERE l.patient = p.patient AND l.ended_at IS NULL)
               AND NOT EXISTS (SELECT 1 FROM resource e
                     WHERE e.patient = p.patient AND e.kind = 'Encounter' AND e.deleted = 0
                       AND e.first_at > $2)
               AND NOT EXISTS (SELECT 1 FROM destruction_case c
                     WHERE c.patient = p.patient
                       AND (c.state IN ('proposed', 'approved')
                         OR (c.state IN ('destroyed', 'incomplete') AND NOT EXISTS
                              (SELECT 1 FROM resource n WHERE n.patient = p.patient
                                 AND n.version > c.newest))))
             ORDER BY p.patient LIMIT $3";
        let rows = self.query(sql, &[after.0.into(), before.0.into(), limit.into()])?;
        rows.iter().map(|row| row.integer(0).map(PatientKey)).collect()
    }

    /// Whether anything of these records is hidden from this context.
    pub fn chart_withheld(&mut self, members: &[PatientKey]) -> Result<bool, Error> {
        let sql = format!(
            "SELECT 1 FROM resource r WHERE r.patient IN ({}) AND NOT ({}) LIMIT 1",
            list(members),
            visible(self.context())
        );
        Ok(self.query_one(&sql, &[])?.is_some())
    }

    /// The days of a chart that start the clocks of retention.
    pub fn retention_days(&mut self, members: &[PatientKey]) -> Result<RetentionDays, Error> {
        let of = list(members);
        let sql = format!(
            "SELECT kind, MAX(first_at), MAX(last_at) FROM resource
             WHERE patient IN ({of}) AND deleted = 0 AND kind <> 'Patient' GROUP BY kind"
        );
        let mut days = RetentionDays::default();
        for row in self.query(&sql, &[])? {
            let (first, last) = (instant(&row, 1)?, instant(&row, 2)?);
            match row.text(0)? {
                "Encounter" => days.last_encounter = last.or(first),
                "ImagingStudy" | "Media" | "DiagnosticReport" => {
                    days.last_image = days.last_image.max(first);
                }
                _ => {}
            }
            days.last_entry = days.last_entry.max(first);
        }
        let sql = format!(
            "SELECT MAX(r.last_at) FROM resource r JOIN encounter_row e ON e.resource = r.resource
             WHERE r.patient IN ({of}) AND r.deleted = 0
               AND (e.transfer_in = 1 OR e.disposition IN ('other-hcf', '02', '05', '66'))"
        );
        days.last_transfer = self.query_one(&sql, &[])?.map_or(Ok(None), |row| instant(&row, 0))?;
        let sql = format!(
            "SELECT MAX(at) FROM (
               SELECT MAX(changed_at) AS at FROM release_request WHERE patient IN ({of})
               UNION ALL SELECT MAX(at) FROM disclosure WHERE patient IN ({of})
               UNION ALL SELECT MAX(COALESCE(given_at, at)) FROM accounting
                 WHERE patient IN ({of})) acts"
        );
        days.last_privacy = self.query_one(&sql, &[])?.map_or(Ok(None), |row| instant(&row, 0))?;
        Ok(days)
    }

    /// What of a chart is still at work.
    pub fn chart_open_work(&mut self, members: &[PatientKey]) -> Result<OpenWork, Error> {
        let of = list(members);
        let mut count = |sql: String| -> Result<i64, Error> {
            self.query_one(&sql, &[])?.ok_or(Error::NotFound)?.integer(0)
        };
        Ok(OpenWork {
            encounters: count(format!(
                "SELECT COUNT(*) FROM resource WHERE patient IN ({of}) AND kind = 'Encounter'
                   AND deleted = 0 AND status IN ('planned', 'arrived', 'triaged', 'in-progress',
                     'onleave')"
            ))?,
            requests: count(format!(
                "SELECT COUNT(*) FROM (
                   SELECT 1 AS one FROM release_request
                     WHERE patient IN ({of}) AND ended_at IS NULL
                   UNION ALL SELECT 1 FROM accounting
                     WHERE patient IN ({of}) AND state = 'asked') open"
            ))?,
            deficiencies: count(format!(
                "SELECT COUNT(*) FROM deficiency
                 WHERE patient IN ({of}) AND state NOT IN ('verified', 'waived')"
            ))?,
            coding: count(format!(
                "SELECT COUNT(*) FROM coding_work WHERE patient IN ({of}) AND state <> 'final'"
            ))?,
            duplicates: count(format!(
                "SELECT COUNT(*) FROM duplicate_pair WHERE (low IN ({of}) OR high IN ({of}))
                   AND state IN ('open', 'in-review', 'waiting', 'to-merge')"
            ))?,
            work: count(format!(
                "SELECT COUNT(*) FROM work_item WHERE patient IN ({of}) AND state = 'open'
                   AND kind NOT IN ({COUNTED_APART})"
            ))?,
        })
    }

    /// What a chart holds: everything under the keys of these records.
    pub fn chart_holdings(&mut self, members: &[PatientKey]) -> Result<ChartHoldings, Error> {
        let of = list(members);
        let units = format!("SELECT unit FROM patient WHERE patient IN ({of})");
        let sql = format!(
            "SELECT COUNT(DISTINCT resource), COUNT(*), MAX(version) FROM version
             WHERE unit IN ({units})"
        );
        let row = self.query_one(&sql, &[])?.ok_or(Error::NotFound)?;
        let mut holdings = ChartHoldings {
            entries_count: row.integer(0)?,
            versions_count: row.integer(1)?,
            newest: row.integer_or_none(2)?.unwrap_or(0),
            ..ChartHoldings::default()
        };
        let sql = format!("SELECT COUNT(*) FROM blob WHERE unit IN ({units})");
        holdings.files_count = self.query_one(&sql, &[])?.ok_or(Error::NotFound)?.integer(0)?;
        let sql = format!(
            "SELECT MIN(first_at), MAX(CASE WHEN kind = 'Encounter' THEN last_at ELSE first_at END)
             FROM resource WHERE patient IN ({of}) AND deleted = 0 AND kind <> 'Patient'"
        );
        let row = self.query_one(&sql, &[])?.ok_or(Error::NotFound)?;
        (holdings.from, holdings.until) = (instant(&row, 0)?, instant(&row, 1)?);
        Ok(holdings)
    }

    /// Whether anything came to these records after this version.
    pub fn chart_came_after(&mut self, members: &[PatientKey], newest: i64) -> Result<bool, Error> {
        let sql = format!(
            "SELECT 1 FROM resource r WHERE r.patient IN ({}) AND r.version > $1 AND {} LIMIT 1",
            list(members),
            visible_as(self.context(), "r")
        );
        Ok(self.query_one(&sql, &[newest.into()])?.is_some())
    }
}
