//! Searching resources of a type by indexed values, page by page.
//!
//! One condition drives: the one that leaves least to look at. The others are checked row by row
//! through their own index. The label filter stands in the statement itself, before sort, count
//! and page: what is hidden is absent.

mod statement;
pub mod terms;

use crate::resource::{ResourceRow, body_context, resource_row};
use crate::{Error, Value, View, body};
use record::PatientKey;
use statement::{Phase, Statement};
use std::collections::HashMap;

/// A search for resources of one type. All conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Resource type.
    pub kind: String,
    /// What must hold.
    pub conditions: Vec<Condition>,
    /// The order that was asked for; the driving condition's own where none was.
    pub sort: Option<Sort>,
    /// Matches on a page.
    pub limit: i64,
    /// Only resources made before this id was given out: [`crate::chain::Head::next_id`] of the
    /// first page. Later pages show no resource that came meanwhile.
    pub bound: i64,
    /// Where the page before ended.
    pub after: Option<Position>,
}

/// A condition; any of its values will do.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Logical ids.
    Ids(Vec<String>),
    /// Charts.
    Patients(Vec<PatientKey>),
    /// FHIR ids of encounters.
    Encounters(Vec<String>),
    /// Digests of tokens.
    Tokens {
        /// Any of these.
        digests: Vec<i64>,
        /// Whether none of them may be there.
        negated: bool,
        /// Whether few resources carry such a token: an identifier.
        selective: bool,
    },
    /// Words of names and birth dates.
    Words(Vec<WordTest>),
    /// The date under which a chart shows the entry.
    Dates(Vec<DateTest>),
    /// When the current version was written.
    Updated(Vec<DateTest>),
}

/// Words that fit.
#[derive(Clone)]
pub enum WordTest {
    /// Not before the first, and before the second.
    Range(String, String),
    /// Beginning with the first, and holding the second after that.
    Contains(String, String),
}

impl WordTest {
    /// Words that begin so.
    pub fn begins(text: &str) -> WordTest {
        WordTest::Range(text.to_owned(), format!("{text}\u{10FFFF}"))
    }

    /// This word only.
    pub fn is(text: &str) -> WordTest {
        WordTest::Range(text.to_owned(), format!("{text}\u{0001}"))
    }
}

impl std::fmt::Debug for WordTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[words]")
    }
}

/// A comparison with the instants that a search's value covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTest {
    /// How.
    pub prefix: Prefix,
    /// First instant of the value, in microseconds.
    pub first: i64,
    /// Last instant of the value.
    pub last: i64,
}

/// How a date is compared (FHIR R4, search, prefixes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// The value covers the target.
    Equal,
    /// It does not.
    NotEqual,
    /// The target reaches above the value.
    Greater,
    /// The target reaches below the value.
    Less,
    /// Above, or covered.
    GreaterOrEqual,
    /// Below, or covered.
    LessOrEqual,
    /// The target begins after the value.
    StartsAfter,
    /// The target ends before the value.
    EndsBefore,
}

/// What the answer is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// The order of coming.
    Resource,
    /// The chart's date; those without one come last.
    Date,
    /// The time of the current version.
    Updated,
    /// The logical id.
    Id,
    /// A patient's name.
    Name,
    /// A patient's birth date.
    BirthDate,
    /// The first word that fits, where one stretch of words is asked for.
    Word,
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// Where a page ended: the sort value and the key of its last match.
#[derive(Clone, PartialEq, Eq)]
pub struct Position {
    /// The sort value; none among those without a date.
    pub value: Option<Value>,
    /// Key of the resource.
    pub resource: i64,
}

impl std::fmt::Debug for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "after resource {}", self.resource)
    }
}

/// A match: its row and the kept text of its current version.
#[derive(Clone)]
pub struct Found {
    /// The row.
    pub row: ResourceRow,
    /// The kept text.
    pub text: String,
}

impl Found {
    /// The resource's JSON with its version and time.
    pub fn json(&self) -> String {
        let row = &self.row;
        body::with_version(&self.text, &row.kind, &row.fhir_id, row.number, row.updated_at)
    }
}

/// A page of matches.
#[derive(Clone, Default)]
pub struct FoundPage {
    /// Matches, in order.
    pub matches: Vec<Found>,
    /// Where the page ended, if more follow.
    pub next: Option<Position>,
}

impl Search {
    /// Whether counting all matches looks at few rows only, however many the store holds.
    pub fn is_selective(&self) -> bool {
        statement::is_selective(self)
    }
}

impl View<'_> {
    /// One page of a search.
    pub fn search(&mut self, search: &Search) -> Result<FoundPage, Error> {
        let phases = statement::phases(search);
        let mut rows: Vec<(ResourceRow, Option<Value>)> = Vec::new();
        for phase in phases {
            let left = search.limit + 1 - rows.len() as i64;
            if left <= 0 {
                break;
            }
            let statement = Statement::page(search, self.context(), phase, left);
            for row in self.query(&statement.sql, &statement.parameters)? {
                let value = (phase != Phase::Undated).then(|| row.0[12].clone());
                rows.push((resource_row(&row)?, value));
            }
        }
        let more = rows.len() as i64 > search.limit;
        rows.truncate(search.limit.max(0) as usize);
        let last = rows.last().filter(|_| more);
        let next =
            last.map(|(row, value)| Position { value: value.clone(), resource: row.resource.0 });
        let rows: Vec<ResourceRow> = rows.into_iter().map(|(row, _)| row).collect();
        Ok(FoundPage { matches: self.with_texts(rows)?, next })
    }

    /// How many resources a search finds, whatever the page.
    pub fn search_count(&mut self, search: &Search) -> Result<i64, Error> {
        let statement = Statement::count(search, self.context());
        let row = self.query_one(&statement.sql, &statement.parameters)?;
        row.ok_or(Error::NotFound)?.integer(0)
    }

    /// These resources, with the texts of their current versions.
    pub fn with_texts(&mut self, rows: Vec<ResourceRow>) -> Result<Vec<Found>, Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = (1..=rows.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT version, unit, body FROM version WHERE version IN ({})",
            names.join(",")
        );
        let keys: Vec<Value> = rows.iter().map(|row| row.version.into()).collect();
        let mut bodies = HashMap::with_capacity(rows.len());
        for body in self.query(&sql, &keys)? {
            bodies.insert(body.integer(0)?, body);
        }
        rows.into_iter()
            .map(|row| {
                let body = bodies.get(&row.version).ok_or_else(|| {
                    Error::Corrupt(format!("the body of resource {} is gone", row.resource.0))
                })?;
                let key = self.unit_key(body.integer(1)?)?;
                let context = body_context(row.resource.0, row.number);
                let text = body::unpack(&key.decrypt(body.blob(2)?, &context)?)?;
                Ok(Found { row, text })
            })
            .collect()
    }

    /// The resource with this id and the text of its current version, by one look-up; deleted
    /// ones too, hidden ones never.
    pub fn resource_found(&mut self, kind: &str, fhir_id: &str) -> Result<Option<Found>, Error> {
        let sql = format!(
            "SELECT {}, v.unit, v.body FROM resource r JOIN version v ON v.version = r.version
             WHERE r.kind = $1 AND r.fhir_id = $2 AND {}",
            crate::resource::RESOURCE_COLUMNS,
            crate::resource::visible(self.context())
        );
        let Some(found) = self.query_one(&sql, &[kind.into(), fhir_id.into()])? else {
            return Ok(None);
        };
        let row = resource_row(&found)?;
        let key = self.unit_key(found.integer(12)?)?;
        let context = body_context(row.resource.0, row.number);
        let text = body::unpack(&key.decrypt(found.blob(13)?, &context)?)?;
        Ok(Some(Found { row, text }))
    }
}

#[cfg(test)]
mod tests;
