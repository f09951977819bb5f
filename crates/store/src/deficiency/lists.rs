//! Lists and counts of deficiencies. Lists leave out what is hidden; counts count everyone's.

use super::{COLUMNS, DeficiencyRow, shown};
use crate::{Error, Value, View};
use record::{Instant, PatientKey, ResourceKey};

/// States in which a provider has to do something.
const WAITING: &str = "'pending', 'reassigned', 'rejected'";
/// States in which a chart is deficient.
const OPEN: &str = "'pending', 'reassigned', 'rejected', 'declined', 'completed'";

/// Which deficiencies are listed; each condition that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct DeficiencyFilter<'a> {
    /// Stored words of states; empty for every open one.
    pub states: &'a [&'a str],
    /// Of this account.
    pub account: Option<i64>,
    /// Of the provider with this name who has no account.
    pub provider: Option<&'a str>,
    /// Due before this.
    pub due_before: Option<Instant>,
    /// Of this encounter.
    pub encounter: Option<ResourceKey>,
    /// Of this patient's chart, records merged into it included.
    pub patient: Option<PatientKey>,
    /// Closed ones too.
    pub with_closed: bool,
}

/// How much waits for one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderLoad {
    /// Their account, where they have one.
    pub account: Option<i64>,
    /// Their name; empty where nobody is named.
    pub provider: String,
    /// Deficiencies that wait for them.
    pub deficiencies_count: i64,
    /// Charts in which one waits for them.
    pub charts_count: i64,
    /// Of these charts, how many are past their time.
    pub delinquent_charts_count: i64,
    /// Of these, how many are late enough for a suspension.
    pub suspension_charts_count: i64,
    /// The earliest due date.
    pub oldest_due_at: Option<Instant>,
}

impl View<'_> {
    /// Deficiencies, due first; those whose encounter or document is hidden are absent.
    pub fn deficiency_list(
        &mut self,
        filter: &DeficiencyFilter<'_>,
        limit: i64,
    ) -> Result<Vec<DeficiencyRow>, Error> {
        let mut parameters: Vec<Value> = Vec::new();
        let mut conditions = vec![shown(self.context())];
        let mut add = |text: &str, value: Value| {
            parameters.push(value);
            conditions.push(format!("{text} ${}", parameters.len()));
        };
        if let Some(account) = filter.account {
            add("d.account =", account.into());
        }
        if let Some(provider) = filter.provider {
            add("d.account IS NULL AND d.provider =", provider.into());
        }
        if let Some(before) = filter.due_before {
            add("d.due_at <", before.0.into());
        }
        if let Some(encounter) = filter.encounter {
            add("d.encounter =", encounter.0.into());
        }
        if let Some(patient) = filter.patient {
            let members = self.members_sql(patient)?;
            conditions.push(format!("r.patient IN ({members})"));
        }
        if !filter.states.is_empty() {
            let first = parameters.len() + 1;
            parameters.extend(filter.states.iter().map(|state| Value::from(*state)));
            let list: Vec<String> =
                (first..=parameters.len()).map(|place| format!("${place}")).collect();
            conditions.push(format!("d.state IN ({})", list.join(", ")));
        } else if !filter.with_closed {
            conditions.push(format!("d.state IN ({OPEN})"));
        }
        parameters.push(limit.into());
        let sql = format!(
            "SELECT {COLUMNS} FROM deficiency d JOIN resource r ON r.resource = d.encounter
             WHERE {} ORDER BY COALESCE(d.due_at, 9223372036854775807), d.deficiency LIMIT ${}",
            conditions.join(" AND "),
            parameters.len()
        );
        let rows = self.query(&sql, &parameters)?;
        rows.iter().map(|row| self.deficiency_of(row)).collect()
    }

    /// How many deficiencies stand in each open state, and how many of these are due before an
    /// instant. Hidden ones are counted, as totals are.
    pub fn deficiency_counts(
        &mut self,
        due_before: Instant,
    ) -> Result<Vec<(String, i64, i64)>, Error> {
        let sql = format!(
            "SELECT state, COUNT(*), COUNT(CASE WHEN due_at < $1 THEN 1 END) FROM deficiency
             WHERE state IN ({OPEN}) GROUP BY state ORDER BY state"
        );
        let rows = self.query(&sql, &[due_before.0.into()])?;
        rows.iter()
            .map(|row| Ok((row.text(0)?.to_owned(), row.integer(1)?, row.integer(2)?)))
            .collect()
    }

    /// How many charts are deficient, and how many of them hold one due before an instant.
    /// Hidden ones are counted.
    pub fn deficiency_charts_count(&mut self, due_before: Instant) -> Result<(i64, i64), Error> {
        let sql = format!(
            "SELECT COUNT(DISTINCT encounter),
                    COUNT(DISTINCT CASE WHEN due_at < $1 THEN encounter END)
             FROM deficiency WHERE state IN ({OPEN})"
        );
        let row = self.query_one(&sql, &[due_before.0.into()])?.ok_or(Error::NotFound)?;
        Ok((row.integer(0)?, row.integer(1)?))
    }

    /// What waits for each provider, the most delinquent charts first. Hidden charts are counted:
    /// a suspension rests on all of them.
    pub fn deficiency_loads(
        &mut self,
        delinquent_before: Instant,
        suspension_before: Instant,
    ) -> Result<Vec<ProviderLoad>, Error> {
        let sql = format!(
            "SELECT account, provider, COUNT(*), COUNT(DISTINCT encounter),
                    COUNT(DISTINCT CASE WHEN due_at < $1 THEN encounter END),
                    COUNT(DISTINCT CASE WHEN due_at < $2 THEN encounter END), MIN(due_at)
             FROM deficiency WHERE state IN ({WAITING}) GROUP BY account, provider
             ORDER BY 5 DESC, 3 DESC, provider, account"
        );
        let parameters = [delinquent_before.0.into(), suspension_before.0.into()];
        self.query(&sql, &parameters)?
            .iter()
            .map(|row| {
                Ok(ProviderLoad {
                    account: row.integer_or_none(0)?,
                    provider: row.text(1)?.to_owned(),
                    deficiencies_count: row.integer(2)?,
                    charts_count: row.integer(3)?,
                    delinquent_charts_count: row.integer(4)?,
                    suspension_charts_count: row.integer(5)?,
                    oldest_due_at: row.integer_or_none(6)?.map(Instant),
                })
            })
            .collect()
    }

    /// Charts that were delinquent at an instant: the encounter and the earliest due date of what
    /// was wanting then. What was due before `due_before` and not closed by `at` counts, whenever
    /// it was noticed. Hidden ones too, as totals are: who opens the rows sees those that they may.
    pub fn deficiency_delinquent(
        &mut self,
        due_before: Instant,
        at: Instant,
    ) -> Result<Vec<(ResourceKey, Instant)>, Error> {
        let sql = "SELECT d.encounter, MIN(d.due_at) FROM deficiency d
                   JOIN resource r ON r.resource = d.encounter
                   WHERE r.deleted = 0 AND d.due_at < $1
                     AND (d.closed_at IS NULL OR d.closed_at > $2)
                   GROUP BY d.encounter ORDER BY 2, 1";
        let rows = self.query(sql, &[due_before.0.into(), at.0.into()])?;
        rows.iter()
            .map(|row| Ok((ResourceKey(row.integer(0)?), Instant(row.integer(1)?))))
            .collect()
    }
}
