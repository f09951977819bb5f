//! Reading the audit trail.

use crate::{Error, Row, View};
use record::{Instant, PatientKey};

/// An entry of the audit trail as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Id, in the order of commits.
    pub entry: i64,
    /// The block that seals it.
    pub block: i64,
    /// When.
    pub at: Instant,
    /// Who: `person:7`.
    pub actor: String,
    /// Under which roles.
    pub roles: String,
    /// For what purpose.
    pub purpose: String,
    /// What was done.
    pub action: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// On what.
    pub target: String,
    /// Whose record.
    pub patients: Vec<PatientKey>,
    /// Facts, in JSON.
    pub detail: String,
    /// Id of the request.
    pub request_id: String,
}

/// What to look for; every part that is given must fit.
#[derive(Clone, Debug, Default)]
pub struct AuditSearch {
    /// Whose record was touched.
    pub patient: Option<PatientKey>,
    /// Who acted: `person:7`.
    pub actor: Option<String>,
    /// What was done, or its beginning: `chart.`.
    pub action: Option<String>,
    /// `done` or `refused`.
    pub outcome: Option<String>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
    /// Only entries older than this one (for the next page).
    pub before: Option<i64>,
    /// Rows at most.
    pub limit: i64,
}

impl View<'_> {
    /// Entries of the audit trail, the newest first.
    pub fn audit_list(&mut self, search: &AuditSearch) -> Result<Vec<AuditRow>, Error> {
        let mut parameters = Vec::new();
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut from = "audit_entry a";
        let mut bind = |value: crate::Value, condition: &str| {
            parameters.push(value);
            conditions.push(condition.replace('#', &format!("${}", parameters.len())));
        };
        if let Some(patient) = search.patient {
            from = "audit_patient p JOIN audit_entry a ON a.entry = p.entry";
            bind(patient.0.into(), "p.patient = #");
        }
        if let Some(actor) = &search.actor {
            bind(actor.into(), "a.actor = #");
        }
        if let Some(action) = &search.action {
            bind(action.into(), "a.action >= #");
            bind(format!("{action}\u{10FFFF}").into(), "a.action < #");
        }
        if let Some(outcome) = &search.outcome {
            bind(outcome.into(), "a.outcome = #");
        }
        for (bound, condition) in
            [(search.from.map(|at| at.0), "a.at >= #"), (search.until.map(|at| at.0), "a.at < #")]
        {
            if let Some(bound) = bound {
                bind(bound.into(), condition);
            }
        }
        if let Some(before) = search.before {
            bind(before.into(), "a.entry < #");
        }
        bind(search.limit.clamp(1, 10_000).into(), "1 = 1");
        let sql = format!(
            "SELECT a.entry, a.block, a.at, a.actor, a.roles, a.purpose, a.action, a.outcome,
                    a.target, a.patients, a.detail, a.request_id
             FROM {from} WHERE {} ORDER BY a.entry DESC LIMIT ${}",
            conditions.join(" AND "),
            parameters.len()
        );
        self.query(&sql, &parameters)?.iter().map(audit_row).collect()
    }

    /// One entry of the audit trail.
    pub fn audit_entry(&mut self, entry: i64) -> Result<Option<AuditRow>, Error> {
        let sql = "SELECT a.entry, a.block, a.at, a.actor, a.roles, a.purpose, a.action,
                          a.outcome, a.target, a.patients, a.detail, a.request_id
                   FROM audit_entry a WHERE a.entry = $1";
        self.query_one(sql, &[entry.into()])?.as_ref().map(audit_row).transpose()
    }
}

pub(crate) fn audit_row(row: &Row) -> Result<AuditRow, Error> {
    let text = |column: usize| row.text(column).map(str::to_owned);
    Ok(AuditRow {
        entry: row.integer(0)?,
        block: row.integer(1)?,
        at: Instant(row.integer(2)?),
        actor: text(3)?,
        roles: text(4)?,
        purpose: text(5)?,
        action: text(6)?,
        outcome: text(7)?,
        target: text(8)?,
        patients: patients_of(row.text(9)?),
        detail: text(10)?,
        request_id: text(11)?,
    })
}

/// Reads the patients of an entry: `12,15`.
pub(crate) fn patients_of(text: &str) -> Vec<PatientKey> {
    text.split(',').filter_map(|part| part.parse().ok()).map(PatientKey).collect()
}
