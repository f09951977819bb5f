//! The statement of a search: which condition drives, and how each of them reads.

use super::{Condition, DateTest, Prefix, Search, Sort, SortKey, WordTest};
use crate::Value;
use crate::resource::{RESOURCE_COLUMNS, visible};
use record::Context;

/// A part of the answer: by date, those that have one come before those that don't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Whole,
    Dated,
    Undated,
}

/// What is read first; everything else is checked on the rows that it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Driver {
    Ids,
    Patients,
    Encounters,
    Identifiers,
    Words,
    Token,
    Tokens,
    Kind,
}

pub(super) struct Statement {
    pub sql: String,
    pub parameters: Vec<Value>,
}

/// The parts of a search's answer, in order, from where the page before ended.
pub(super) fn phases(search: &Search) -> Vec<Phase> {
    match (sort_of(search).key, &search.after) {
        (SortKey::Date, Some(after)) if after.value.is_none() => vec![Phase::Undated],
        (SortKey::Date, _) => vec![Phase::Dated, Phase::Undated],
        _ => vec![Phase::Whole],
    }
}

pub(super) fn is_selective(search: &Search) -> bool {
    driver_of(search).0 < Driver::Words
}

/// The words that drive a search, where they lie next to each other in the index.
fn stretch_of(search: &Search) -> Option<(&str, &str)> {
    match driver_of(search) {
        (Driver::Words, Some(place)) => match &search.conditions[place] {
            Condition::Words(tests) => match &tests[..] {
                [WordTest::Range(from, until)] => Some((from, until)),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn driver_of(search: &Search) -> (Driver, Option<usize>) {
    let mut best = (Driver::Kind, None);
    for (place, condition) in search.conditions.iter().enumerate() {
        let driver = match condition {
            Condition::Ids(_) => Driver::Ids,
            Condition::Patients(_) => Driver::Patients,
            Condition::Encounters(_) => Driver::Encounters,
            Condition::Tokens { negated: true, .. } => continue,
            Condition::Tokens { selective: true, .. } => Driver::Identifiers,
            Condition::Tokens { digests, .. } if digests.len() == 1 => Driver::Token,
            Condition::Tokens { .. } => Driver::Tokens,
            Condition::Words(_) => Driver::Words,
            Condition::Dates(_) | Condition::Updated(_) => continue,
        };
        if driver < best.0 {
            best = (driver, Some(place));
        }
    }
    best
}

/// The order asked for, or the one in which the driving index lies.
fn sort_of(search: &Search) -> Sort {
    let newest = |key| Sort { key, descending: true };
    search.sort.unwrap_or_else(|| match driver_of(search).0 {
        Driver::Patients => newest(SortKey::Date),
        Driver::Kind => {
            let dated = search.conditions.iter().any(|c| matches!(c, Condition::Dates(_)));
            newest(if dated { SortKey::Date } else { SortKey::Updated })
        }
        Driver::Words if stretch_of(search).is_some() => {
            Sort { key: SortKey::Word, descending: false }
        }
        _ => Sort { key: SortKey::Resource, descending: false },
    })
}

impl Statement {
    pub fn page(search: &Search, context: &Context, phase: Phase, limit: i64) -> Statement {
        let sort = sort_of(search);
        let mut builder = Builder::new(search, context, sort);
        let key = match (sort.key, phase) {
            (SortKey::Resource, _) | (_, Phase::Undated) => "r.resource",
            (SortKey::Date, _) => "r.first_at",
            (SortKey::Updated, _) => "r.updated_at",
            (SortKey::Id, _) => "r.fhir_id",
            (SortKey::Name, _) => "p.name",
            (SortKey::BirthDate, _) => "p.birth_date",
            (SortKey::Word, _) => "w.word",
        };
        match phase {
            Phase::Whole => {}
            Phase::Dated => builder.conditions.push("r.first_at IS NOT NULL".into()),
            Phase::Undated => builder.conditions.push("r.first_at IS NULL".into()),
        }
        builder.follow(search, phase, key, sort.descending);
        let way = if sort.descending { "DESC" } else { "ASC" };
        let order = match key {
            // Said of the token, the order is the one in which its rows lie.
            "r.resource" if driver_of(search).0 == Driver::Token => format!("t.resource {way}"),
            "r.resource" => format!("r.resource {way}"),
            "w.word" => format!("w.word {way}, w.resource {way}"),
            key => format!("{key} {way}, r.resource {way}"),
        };
        let limit = builder.bind(limit.into());
        let select = format!("{RESOURCE_COLUMNS}, {key}");
        builder.finish(&select, &format!(" ORDER BY {order} LIMIT {limit}"))
    }

    pub fn count(search: &Search, context: &Context) -> Statement {
        let sort = Sort { key: SortKey::Resource, descending: false };
        Builder::new(search, context, sort).finish("COUNT(*)", "")
    }
}

struct Builder {
    from: String,
    conditions: Vec<String>,
    parameters: Vec<Value>,
}

impl Builder {
    fn new(search: &Search, context: &Context, sort: Sort) -> Builder {
        let (driver, place) = driver_of(search);
        let mut builder =
            Builder { from: "resource r".into(), conditions: Vec::new(), parameters: Vec::new() };
        if driver == Driver::Token {
            // The order of a cross join is kept: the token's rows come in the order of keys.
            builder.from = "token t CROSS JOIN resource r".into();
        }
        let stretch = stretch_of(search).filter(|_| sort.key == SortKey::Word);
        if stretch.is_some() {
            builder.from = "word w CROSS JOIN resource r".into();
        }
        let kind = builder.bind(search.kind.as_str().into());
        let by_kind = matches!(driver, Driver::Ids | Driver::Patients | Driver::Kind);
        // An expression keeps the planner away from the indexes of the type, which leave more.
        builder.conditions.push(match by_kind {
            true => format!("r.kind = {kind}"),
            false => format!("r.kind || '' = {kind}"),
        });
        for (n, condition) in search.conditions.iter().enumerate() {
            let text = match (Some(n) == place, driver) {
                (true, Driver::Words) if stretch.is_some() => builder.word_rows(stretch),
                (true, Driver::Token) => builder.token_rows(condition),
                (true, Driver::Identifiers | Driver::Words | Driver::Tokens) => {
                    let inner = builder.index_rows(condition);
                    format!("r.resource IN ({inner})")
                }
                _ => builder.condition(condition),
            };
            builder.conditions.push(text);
        }
        builder.conditions.push("r.deleted = 0".into());
        builder.conditions.push(visible(context));
        let bound = builder.bind(search.bound.into());
        builder.conditions.push(format!("r.resource < {bound}"));
        if search.after.is_some() && sort.key == SortKey::Updated {
            builder.conditions.push(format!("r.version < {bound}"));
        }
        if matches!(sort.key, SortKey::Name | SortKey::BirthDate) {
            builder.from.push_str(" JOIN patient_row p ON p.patient = r.patient");
            builder.conditions.push("p.resource = r.resource".into());
        }
        builder
    }

    fn bind(&mut self, value: Value) -> String {
        self.parameters.push(value);
        format!("${}", self.parameters.len())
    }

    fn list<T: Into<Value>>(&mut self, values: impl Iterator<Item = T>) -> String {
        let names: Vec<String> = values.map(|value| self.bind(value.into())).collect();
        names.join(", ")
    }

    /// The rows of the driving token, in the order of resources.
    fn token_rows(&mut self, condition: &Condition) -> String {
        let Condition::Tokens { digests, .. } = condition else { return "1 = 1".into() };
        let digest = self.list(digests.iter().copied());
        format!("t.digest = {digest} AND r.resource = t.resource")
    }

    /// The rows of the driving words, in their order: each resource where its first word stands,
    /// so that a page is read without looking at all that would fit.
    fn word_rows(&mut self, stretch: Option<(&str, &str)>) -> String {
        let Some((from, until)) = stretch else { return "1 = 1".into() };
        let (from, until) = (self.bind(from.into()), self.bind(until.into()));
        format!(
            "w.word >= {from} AND w.word < {until} AND r.resource = w.resource AND NOT EXISTS \
             (SELECT 1 FROM word w2 WHERE w2.resource = w.resource AND w2.word >= {from} \
             AND w2.word < w.word)"
        )
    }

    /// A query for the resources that an index gives for a condition.
    fn index_rows(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::Tokens { digests, .. } => {
                let digests = self.list(digests.iter().copied());
                format!("SELECT t.resource FROM token t WHERE t.digest IN ({digests})")
            }
            Condition::Words(tests) => {
                let tests: Vec<String> = tests
                    .iter()
                    .map(|test| {
                        let test = self.word(test);
                        format!("SELECT w.resource FROM word w WHERE {test}")
                    })
                    .collect();
                tests.join(" UNION ")
            }
            other => self.condition(other),
        }
    }

    fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::Ids(ids) => format!("r.fhir_id IN ({})", self.list(ids.iter())),
            Condition::Patients(keys) if keys.is_empty() => "1 = 0".into(),
            Condition::Patients(keys) => {
                format!("r.patient IN ({})", self.list(keys.iter().map(|key| key.0)))
            }
            Condition::Encounters(ids) => format!("r.encounter IN ({})", self.list(ids.iter())),
            Condition::Tokens { digests, negated, .. } => {
                let not = if *negated { "NOT " } else { "" };
                let digests = self.list(digests.iter().copied());
                format!(
                    "{not}EXISTS (SELECT 1 FROM token t2 WHERE t2.digest IN ({digests}) AND \
                     t2.resource = r.resource)"
                )
            }
            Condition::Words(tests) => {
                let tests: Vec<String> = tests.iter().map(|test| self.word(test)).collect();
                format!(
                    "EXISTS (SELECT 1 FROM word w WHERE w.resource = r.resource AND ({}))",
                    tests.join(" OR ")
                )
            }
            Condition::Dates(tests) => {
                let tests: Vec<String> = tests.iter().map(|test| self.date(*test)).collect();
                any_of(&tests)
            }
            Condition::Updated(tests) => {
                let tests: Vec<String> = tests.iter().map(|test| self.updated(*test)).collect();
                any_of(&tests)
            }
        }
    }

    fn word(&mut self, test: &WordTest) -> String {
        match test {
            WordTest::Range(from, until) => {
                let (from, until) = (self.bind(from.into()), self.bind(until.into()));
                format!("(w.word >= {from} AND w.word < {until})")
            }
            WordTest::Contains(prefix, part) => {
                let range = self.word(&WordTest::begins(prefix));
                // Normalised words hold letters and digits only: nothing to escape.
                let like = self.bind(format!("{prefix}%{part}%").into());
                format!("({range} AND w.word LIKE {like})")
            }
        }
    }

    /// FHIR R4, search, date: the target covers `first_at` to `last_at`, the value `a` to `b`.
    fn date(&mut self, test: DateTest) -> String {
        let (a, b) = (self.bind(test.first.into()), self.bind(test.last.into()));
        let covered = format!("(r.first_at >= {a} AND r.first_at <= {b} AND r.last_at <= {b})");
        match test.prefix {
            Prefix::Equal => covered,
            Prefix::NotEqual => format!("(r.first_at < {a} OR r.last_at > {b})"),
            Prefix::Greater => format!("(r.last_at > {b} AND {a} <= {b})"),
            Prefix::Less => format!("(r.first_at < {a} AND {a} <= {b})"),
            Prefix::GreaterOrEqual => format!("(r.last_at > {b} OR {covered})"),
            Prefix::LessOrEqual => {
                format!("(r.first_at <= {b} AND (r.first_at < {a} OR {covered}))")
            }
            Prefix::StartsAfter => format!("(r.first_at > {b} AND {a} <= {b})"),
            Prefix::EndsBefore => format!("(r.last_at < {a} AND {a} <= {b})"),
        }
    }

    fn updated(&mut self, test: DateTest) -> String {
        let (low, high) = match test.prefix {
            Prefix::Equal => (test.first, test.last),
            Prefix::NotEqual => {
                let (a, b) = (self.bind(test.first.into()), self.bind(test.last.into()));
                return format!("(r.updated_at < {a} OR r.updated_at > {b})");
            }
            Prefix::Greater | Prefix::StartsAfter => (test.last.saturating_add(1), i64::MAX),
            Prefix::Less | Prefix::EndsBefore => (i64::MIN, test.first.saturating_sub(1)),
            Prefix::GreaterOrEqual => (test.first, i64::MAX),
            Prefix::LessOrEqual => (i64::MIN, test.last),
        };
        let (low, high) = (self.bind(low.into()), self.bind(high.into()));
        format!("(r.updated_at >= {low} AND r.updated_at <= {high})")
    }

    /// Goes on after the last match of the page before.
    fn follow(&mut self, search: &Search, phase: Phase, key: &str, descending: bool) {
        let Some(after) = &search.after else { return };
        let sign = if descending { '<' } else { '>' };
        match &after.value {
            _ if phase == Phase::Undated && after.value.is_some() => {}
            Some(value) if key != "r.resource" => {
                let (value, resource) =
                    (self.bind(value.clone()), self.bind(after.resource.into()));
                let row = if key == "w.word" { "w.resource" } else { "r.resource" };
                self.conditions.push(format!("({key}, {row}) {sign} ({value}, {resource})"));
            }
            _ => {
                let resource = self.bind(after.resource.into());
                self.conditions.push(format!("r.resource {sign} {resource}"));
            }
        }
    }

    fn finish(self, select: &str, tail: &str) -> Statement {
        let conditions = self.conditions.join(" AND ");
        Statement {
            sql: format!("SELECT {select} FROM {} WHERE {conditions}{tail}", self.from),
            parameters: self.parameters,
        }
    }
}

fn any_of(tests: &[String]) -> String {
    match tests {
        [] => "1 = 0".into(),
        [one] => one.clone(),
        many => format!("({})", many.join(" OR ")),
    }
}
