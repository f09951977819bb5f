//! Reads the parameters of a search.

use super::Error;
use super::parameter::{Parameter, identifies, parameter, sort_key};
use exchange::fhir::parameter_references;
use identity::name::normalise;
use jiff::tz::TimeZone;
use record::{PartialDate, Reference};
use store::View;
use store::projection::token_digest;
use store::search::terms::word;
use store::search::{Condition, DateTest, Prefix, Search, Sort, WordTest};

/// Matches on a page where none is asked for.
const COUNT_DEFAULT: i64 = 20;
/// Matches on a page at most.
pub(crate) const COUNT_MAX: i64 = 1000;
/// Values that one parameter may list.
const VALUES_MAX: usize = 100;
/// Parameters that one search may have.
const PARAMETERS_MAX: usize = 64;

/// What becomes of a parameter that isn't known (FHIR R4, search, `Prefer: handling`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Handling {
    /// It is left out, and the answer says so.
    #[default]
    Lenient,
    /// The search is refused.
    Strict,
}

/// When the number of all matches is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Total {
    /// Where counting is cheap.
    #[default]
    Cheap,
    /// Always.
    Accurate,
    /// Never.
    None,
}

/// A search as it was asked, read.
#[derive(Clone, Default)]
pub(crate) struct Query {
    pub kind: String,
    pub conditions: Vec<Condition>,
    pub sort: Option<Sort>,
    pub count: i64,
    pub total: Total,
    pub count_only: bool,
    /// Source type, parameter, and the one type wanted.
    pub includes: Vec<(String, String, Option<String>)>,
    /// The parameters that were used, as given.
    pub used: Vec<(String, String)>,
    /// What was left out, and why.
    pub warnings: Vec<String>,
}

impl Query {
    /// Reads parameters in the order given. Charts are looked up in the view.
    pub fn read(
        view: &mut View<'_>,
        kind: &str,
        parameters: &[(String, String)],
        handling: Handling,
    ) -> Result<Query, Error> {
        if parameters.len() > PARAMETERS_MAX {
            return Err(Error::Unreadable(
                "too-costly",
                format!("A search may have {PARAMETERS_MAX} parameters at most."),
            ));
        }
        let mut query = Query { kind: kind.to_owned(), count: COUNT_DEFAULT, ..Query::default() };
        for (name, value) in parameters {
            if matches!(name.as_str(), "_format" | "_pretty") {
                continue;
            }
            if value.is_empty() {
                query.warnings.push(format!("{} has no value.", shown(name)));
                continue;
            }
            match query.take(view, name, value)? {
                true => query.used.push((name.clone(), value.clone())),
                false => query.warnings.push(format!(
                    "{} is no search parameter of {kind} here; it was left out.",
                    shown(name)
                )),
            }
        }
        if handling == Handling::Strict && !query.warnings.is_empty() {
            return Err(Error::Unreadable("not-supported", query.warnings.join(" ")));
        }
        Ok(query)
    }

    /// Whether an address may show the parameters.
    pub fn may_be_shown(&self) -> bool {
        !self.used.iter().any(|(name, _)| identifies(name))
    }

    /// The search of the store that this asks for.
    pub fn search(&self, bound: i64) -> Search {
        Search {
            kind: self.kind.clone(),
            conditions: self.conditions.clone(),
            sort: self.sort,
            limit: self.count,
            bound,
            after: None,
        }
    }

    /// Takes one parameter; false where it isn't known.
    fn take(&mut self, view: &mut View<'_>, name: &str, value: &str) -> Result<bool, Error> {
        match name {
            "_count" => self.take_count(value)?,
            "_sort" => return self.take_sort(value),
            "_include" => return self.take_include(value),
            "_total" => {
                self.total = match value {
                    "none" => Total::None,
                    "accurate" | "estimate" => Total::Accurate,
                    _ => return Err(Error::invalid("_total is none, estimate or accurate.")),
                }
            }
            "_summary" if value == "count" => self.count_only = true,
            _ => return self.take_condition(view, name, value),
        }
        Ok(true)
    }

    fn take_count(&mut self, value: &str) -> Result<(), Error> {
        let count: i64 = value
            .parse()
            .ok()
            .filter(|count| *count >= 0)
            .ok_or_else(|| Error::invalid("_count is a number from 0."))?;
        self.count = count.min(COUNT_MAX);
        self.count_only |= count == 0;
        Ok(())
    }

    /// `_sort=-date,_id`: by the first; what follows would only order those that are equal.
    fn take_sort(&mut self, value: &str) -> Result<bool, Error> {
        let first = value.split(',').next().unwrap_or(value);
        let (name, descending) = match first.strip_prefix('-') {
            Some(name) => (name, true),
            None => (first, false),
        };
        let Some(key) = sort_key(&self.kind, name) else { return Ok(false) };
        self.sort = Some(Sort { key, descending });
        let rest: Vec<&str> = value.split(',').skip(1).collect();
        if !matches!(rest[..], [] | ["_id"] | ["-_id"] | ["given"]) {
            self.warnings.push("Only the first name of _sort was used.".into());
        }
        Ok(true)
    }

    fn take_include(&mut self, value: &str) -> Result<bool, Error> {
        let mut parts = value.split(':');
        let (Some(source), Some(name)) = (parts.next(), parts.next()) else { return Ok(false) };
        let target = parts.next().map(str::to_owned);
        let probe = serde_json::Value::Null;
        if source != self.kind || parameter_references(&probe, source, name).is_none() {
            return Ok(false);
        }
        self.includes.push((source.to_owned(), name.to_owned(), target));
        Ok(true)
    }

    fn take_condition(
        &mut self,
        view: &mut View<'_>,
        name: &str,
        value: &str,
    ) -> Result<bool, Error> {
        let (base, modifier) = match name.split_once(':') {
            Some((base, modifier)) => (base, Some(modifier)),
            None => (name, None),
        };
        let Some(known) = parameter(&self.kind, base) else { return Ok(false) };
        let values = values(value);
        if values.len() > VALUES_MAX {
            return Err(Error::Unreadable(
                "too-costly",
                format!("A parameter may list {VALUES_MAX} values at most."),
            ));
        }
        let condition = match (known, modifier) {
            (Parameter::Id, None) => Condition::Ids(values),
            (Parameter::Patient, None | Some("Patient")) => self.patients(view, base, &values)?,
            (Parameter::Encounter, None | Some("Encounter")) => {
                Condition::Encounters(ids(&values, "Encounter"))
            }
            (Parameter::Token, None | Some("not")) => {
                self.tokens(base, &values, modifier.is_some())?
            }
            (Parameter::Name, None | Some("exact" | "contains")) => {
                self.names(base, &values, modifier)
            }
            (Parameter::Date, None) => Condition::Dates(dates(&values)?),
            (Parameter::Updated, None) => Condition::Updated(dates(&values)?),
            (Parameter::BirthDate, None) => self.births(&values)?,
            (_, modifier) => {
                return Err(Error::Unreadable(
                    "not-supported",
                    format!(
                        "{} can't be searched with :{}.",
                        shown(base),
                        shown(modifier.unwrap_or(""))
                    ),
                ));
            }
        };
        self.conditions.push(condition);
        Ok(true)
    }

    /// Charts by reference. A chart that isn't held leaves nothing to find.
    fn patients(
        &self,
        view: &mut View<'_>,
        name: &str,
        values: &[String],
    ) -> Result<Condition, Error> {
        let mut keys = Vec::new();
        for id in ids(values, "Patient") {
            // By whichever of its merged records a chart is asked for, all of it is found.
            let key = view.patient_key(&id)?;
            keys.extend(key.map(|key| view.patient_group(key)).transpose()?.unwrap_or_default());
        }
        let elsewhere = values.iter().any(|v| v.contains('/') && !v.contains("Patient/"));
        if elsewhere && name != "subject" {
            return Err(Error::invalid(format!("{name} is a reference to a Patient.")));
        }
        Ok(Condition::Patients(keys))
    }

    fn tokens(&self, name: &str, values: &[String], negated: bool) -> Result<Condition, Error> {
        let digests = values
            .iter()
            .map(|value| self.digest(name, value))
            .collect::<Result<Vec<i64>, Error>>()?;
        // With `identifier=system|` every record of a namespace fits.
        let selective = name == "identifier" && !values.iter().any(|value| value.ends_with('|'));
        Ok(Condition::Tokens { digests, negated, selective })
    }

    fn digest(&self, name: &str, value: &str) -> Result<i64, Error> {
        let kind = &self.kind;
        Ok(match value.split_once('|') {
            None => token_digest(kind, name, None, value),
            Some((_, "")) if !matches!(name, "code" | "identifier") => {
                return Err(Error::Unreadable(
                    "not-supported",
                    format!("{name} can't be searched by a system alone; code and identifier can."),
                ));
            }
            Some(("", "")) => return Err(Error::invalid(format!("{name} has an empty value."))),
            Some((system, code)) => token_digest(kind, name, Some(system), code),
        })
    }

    fn names(&self, name: &str, values: &[String], modifier: Option<&str>) -> Condition {
        let kind = &self.kind;
        if modifier == Some("exact") {
            let parameter = format!("{name}:exact");
            let digest = |value: &String| token_digest(kind, &parameter, None, value);
            let digests = values.iter().map(digest).collect();
            return Condition::Tokens { digests, negated: false, selective: true };
        }
        let test = |value: &String| match modifier {
            None => WordTest::begins(&word(kind, name, &normalise(value))),
            Some(_) => WordTest::Contains(word(kind, name, ""), normalise(value)),
        };
        Condition::Words(values.iter().map(test).collect())
    }

    fn births(&self, values: &[String]) -> Result<Condition, Error> {
        let mut tests = Vec::new();
        for value in values {
            let (prefix, text) = prefixed(value);
            date(text)?;
            if !matches!(text.len(), 4 | 7 | 10) {
                return Err(Error::invalid("birthdate is YYYY, YYYY-MM or YYYY-MM-DD."));
            }
            tests.extend(birth_words(&word(&self.kind, "birthdate", ""), prefix, text));
        }
        Ok(Condition::Words(tests))
    }
}

/// The words of birth dates that a comparison allows. Dates of any precision sort as text; one
/// that is less precise than the value stands before it, and covers it.
fn birth_words(stem: &str, prefix: Prefix, text: &str) -> Vec<WordTest> {
    let at = |text: &str| format!("{stem}{text}");
    let past = |text: &str| format!("{stem}{text}\u{10FFFF}");
    let end = past("");
    let covering: Vec<&str> =
        [4, 7].into_iter().filter(|n| *n < text.len()).map(|n| &text[..n]).collect();
    let covers = covering.iter().map(|text| WordTest::is(&at(text)));
    let after = WordTest::Range(past(text), end.clone());
    let before = WordTest::Range(at(""), at(text));
    match prefix {
        Prefix::Equal => vec![WordTest::begins(&at(text))],
        Prefix::NotEqual => vec![before, after],
        Prefix::StartsAfter => vec![after],
        Prefix::Greater => covers.chain([after]).collect(),
        Prefix::GreaterOrEqual => covers.chain([WordTest::Range(at(text), end)]).collect(),
        Prefix::Less => vec![before],
        Prefix::LessOrEqual => vec![WordTest::Range(at(""), past(text))],
        Prefix::EndsBefore => {
            let mut from = at("");
            let mut tests = Vec::new();
            for text in &covering {
                tests.push(WordTest::Range(from, at(text)));
                from = format!("{}\u{1}", at(text));
            }
            tests.push(WordTest::Range(from, at(text)));
            tests
        }
    }
}

/// The values of a list: divided at commas that no backslash protects.
fn values(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let last = found.last_mut().expect("there is always one");
                last.extend(letters.next());
            }
            ',' => found.push(String::new()),
            other => found.last_mut().expect("there is always one").push(other),
        }
    }
    found.retain(|value| !value.is_empty());
    found
}

/// The ids of references: `a1` or `Patient/a1`. What stands on another server is none of ours.
fn ids(values: &[String], kind: &str) -> Vec<String> {
    let id = |value: &String| match value.contains('/') {
        true => Reference::parse(value).filter(|found| found.kind == kind).map(|found| found.id),
        false => Some(value.clone()),
    };
    let mut found: Vec<String> = values.iter().filter_map(id).collect();
    if found.is_empty() {
        // No resource has it: nothing is found.
        found.push("/".into());
    }
    found
}

fn dates(values: &[String]) -> Result<Vec<DateTest>, Error> {
    values
        .iter()
        .map(|value| {
            let (prefix, text) = prefixed(value);
            let date = date(text)?;
            Ok(DateTest { prefix, first: date.first.0, last: date.last.0 })
        })
        .collect()
}

fn date(text: &str) -> Result<PartialDate, Error> {
    // A plus sign that was not encoded comes as a space.
    let text = text.replace(' ', "+");
    PartialDate::parse(&text, &TimeZone::UTC).ok_or_else(|| {
        Error::invalid(
            "A date is YYYY, YYYY-MM, YYYY-MM-DD or a date and time with an offset, after eq, \
             ne, gt, lt, ge, le, sa or eb.",
        )
    })
}

fn prefixed(value: &str) -> (Prefix, &str) {
    let prefix = match value.get(..2) {
        Some("eq") => Prefix::Equal,
        Some("ne") => Prefix::NotEqual,
        Some("gt") => Prefix::Greater,
        Some("lt") => Prefix::Less,
        Some("ge") => Prefix::GreaterOrEqual,
        Some("le") => Prefix::LessOrEqual,
        Some("sa") => Prefix::StartsAfter,
        Some("eb") => Prefix::EndsBefore,
        _ => return (Prefix::Equal, value),
    };
    (prefix, &value[2..])
}

/// A parameter's name as an answer may repeat it: short, and without surprises.
fn shown(name: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_-:.".contains(*c);
    name.chars().filter(plain).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_divide_at_commas() {
        assert_eq!(values("a,b"), ["a", "b"]);
        assert_eq!(values(r"a\,b,c\\"), ["a,b", r"c\"]);
        assert_eq!(values(",a,"), ["a"]);
    }

    /// Each birth date against each comparison, by the words alone.
    #[test]
    fn birth_dates_compare_at_any_precision() {
        let fits = |value: &str, stored: &str| {
            let (prefix, text) = prefixed(value);
            birth_words("s=", prefix, text).iter().any(|test| match test {
                WordTest::Range(from, until) => {
                    let word = format!("s={stored}");
                    *from <= word && word < *until
                }
                WordTest::Contains(..) => false,
            })
        };
        let table = [
            ("1980", "1980-03-04", true),
            ("1980-03", "1980-03", true),
            ("1980-03-04", "1980", false),
            ("ne1980", "1981-01-01", true),
            ("ne1980", "1980-01-01", false),
            ("ge1980-03-04", "1980-03-04", true),
            ("ge1980-03-04", "1980-03-03", false),
            ("ge1980-03-04", "1980", true),
            ("gt1980-03-04", "1980-03-05", true),
            ("gt1980-03-04", "1980-03-04", false),
            ("gt1980", "1980-03-04", false),
            ("lt1980-03-04", "1980-03-03", true),
            ("lt1980-03-04", "1980", true),
            ("lt1980-03-04", "1980-03-04", false),
            ("le1980", "1980-12-31", true),
            ("le1980", "1981-01-01", false),
            ("sa1980", "1981", true),
            ("sa1980-03", "1980", false),
            ("eb1980-03-04", "1980-03", false),
            ("eb1980-03-04", "1980-02-28", true),
            ("eb1980-03-04", "1979", true),
            ("eb1980-03-04", "1980-03-03", true),
        ];
        for (value, stored, expected) in table {
            assert_eq!(fits(value, stored), expected, "{value} {stored}");
        }
    }
}
