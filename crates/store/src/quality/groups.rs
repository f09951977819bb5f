//! Findings of one check that came together, as a first import brings them: one piece of work for
//! all of them. A group has the key of the first finding in it.

use super::{FINDING_COLUMNS, QualityFinding, finding_of};
use crate::resource::visible;
use crate::{Error, Row, Transaction, View};
use record::Instant;

/// The kind of the work of mending a group.
const WORK_KIND: &str = "quality-findings";

impl View<'_> {
    /// Open findings of a group, the oldest first. Those on entries that are hidden from this
    /// context are absent.
    pub fn quality_group_list(
        &mut self,
        group: i64,
        limit: i64,
    ) -> Result<Vec<QualityFinding>, Error> {
        let sql = format!(
            "SELECT {FINDING_COLUMNS} FROM quality_finding f
             JOIN resource r ON r.resource = f.resource
             WHERE f.quality_group = $1 AND f.state = 'open' AND {}
             ORDER BY f.quality_finding LIMIT $2",
            visible(self.context())
        );
        self.query(&sql, &[group.into(), limit.into()])?.iter().map(finding_of).collect()
    }

    /// The check of a group, how many of its findings are open, and how many of those this context
    /// may see; none where no finding is in it.
    pub fn quality_group(&mut self, group: i64) -> Result<Option<(String, i64, i64)>, Error> {
        let sql = format!(
            "SELECT f.check_name, SUM(CASE WHEN f.state = 'open' THEN 1 ELSE 0 END),
                    SUM(CASE WHEN f.state = 'open' AND {} THEN 1 ELSE 0 END)
             FROM quality_finding f LEFT JOIN resource r ON r.resource = f.resource
             WHERE f.quality_group = $1 GROUP BY f.check_name",
            visible(self.context())
        );
        let row = self.query_one(&sql, &[group.into()])?;
        let group = |row: Row| Ok((row.text(0)?.to_owned(), row.integer(1)?, row.integer(2)?));
        row.map(group).transpose()
    }

    /// How many findings of a group are open, hidden ones too.
    pub fn quality_group_open_count(&mut self, group: i64) -> Result<i64, Error> {
        let sql =
            "SELECT COUNT(*) FROM quality_finding WHERE quality_group = $1 AND state = 'open'";
        self.query_one(sql, &[group.into()])?.ok_or(Error::NotFound)?.integer(0)
    }

    /// A group of this check whose work is open and was opened since an instant.
    pub fn quality_group_since(
        &mut self,
        check: &str,
        since: Instant,
    ) -> Result<Option<i64>, Error> {
        let sql = "SELECT w.subject FROM work_item w
                   JOIN quality_finding f ON f.quality_finding = w.subject
                   WHERE w.kind = $1 AND w.state = 'open' AND w.opened_at >= $2
                     AND f.check_name = $3 ORDER BY w.work_item DESC LIMIT 1";
        let row = self.query_one(sql, &[WORK_KIND.into(), since.0.into(), check.into()])?;
        row.map(|row| row.integer(0)).transpose()
    }

    /// Open findings for which no work is open, by check and key. Hidden ones too.
    pub fn quality_unworked(&mut self) -> Result<Vec<QualityFinding>, Error> {
        let sql = format!(
            "SELECT {FINDING_COLUMNS} FROM quality_finding f
             WHERE f.state = 'open' AND NOT EXISTS
                     (SELECT 1 FROM work_item w WHERE w.state = 'open'
                        AND w.kind = 'quality-finding' AND w.subject = f.quality_finding)
               AND (f.quality_group IS NULL OR NOT EXISTS
                     (SELECT 1 FROM work_item w WHERE w.state = 'open'
                        AND w.kind = 'quality-findings' AND w.subject = f.quality_group))
             ORDER BY f.check_name, f.quality_finding"
        );
        self.query(&sql, &[])?.iter().map(finding_of).collect()
    }
}

impl Transaction<'_> {
    /// Puts a finding into a group, or takes it out of one.
    pub fn quality_group_put(&mut self, finding: i64, group: Option<i64>) -> Result<(), Error> {
        let values = [("quality_group", group.into())];
        self.update("quality_finding", &[finding.into()], &values).map(|_| ())
    }
}
