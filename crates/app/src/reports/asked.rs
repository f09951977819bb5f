//! What a reader asks for: a period, a facility, a unit.

use crate::{Error, FieldError};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use report::Period;

/// Days of one report at most: ten years.
const DAYS_MAX: i64 = 3_660;

/// How the period is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    /// A month.
    #[default]
    Month,
    /// A fiscal year, named by the year in which it ends.
    FiscalYear,
    /// A calendar year.
    Year,
    /// From a day to a day.
    Days,
}

impl Range {
    /// Every way, in the order of the form.
    pub const ALL: [Range; 4] = [Range::Month, Range::FiscalYear, Range::Year, Range::Days];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Range::Month => "month",
            Range::FiscalYear => "fiscal",
            Range::Year => "year",
            Range::Days => "days",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Range::Month => "Month",
            Range::FiscalYear => "Fiscal year",
            Range::Year => "Calendar year",
            Range::Days => "From day to day",
        }
    }

    fn parse(word: &str) -> Range {
        Range::ALL.into_iter().find(|range| range.as_str() == word).unwrap_or_default()
    }
}

/// What is asked for, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How the period is given.
    pub range: Range,
    /// `2026-03`; the last month that has a whole day where empty.
    pub month: String,
    /// `2026`; the year of that day where empty.
    pub year: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Facility; all of them where none.
    pub facility: Option<i64>,
    /// Unit; all of them where empty.
    pub unit: String,
}

impl Asked {
    /// Reads the fields of a form or an address.
    pub fn of<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Asked {
        let text = |name: &str| field(name).unwrap_or_default().trim().to_owned();
        Asked {
            range: Range::parse(&text("range")),
            month: text("month"),
            year: text("year"),
            from: text("from"),
            until: text("until"),
            facility: text("facility").parse().ok(),
            unit: text("unit"),
        }
    }

    /// The same as an address' query: no word of it is a patient's.
    pub fn query(&self) -> String {
        let facility = self.facility.map(|key| key.to_string()).unwrap_or_default();
        let fields = [
            ("range", self.range.as_str()),
            ("month", &self.month),
            ("year", &self.year),
            ("from", &self.from),
            ("until", &self.until),
            ("facility", &facility),
            ("unit", &self.unit),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        pairs.join("&")
    }

    /// The days asked for, cut at yesterday: only days that are over can be counted. The fiscal
    /// year begins with this month.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the field.
    pub fn period(&self, today: Date, fiscal_month: i8) -> Result<Period, Error> {
        let yesterday =
            today.yesterday().map_err(|_| wrong("until", "This day is out of range."))?;
        let whole = self.whole(yesterday, fiscal_month.clamp(1, 12))?;
        if whole.until < whole.from {
            return Err(wrong("until", "The last day is before the first."));
        }
        if whole.from > yesterday {
            let reason = "No day of this period is over yet. Choose one that has begun.";
            return Err(wrong(self.field(), reason));
        }
        let period = Period { from: whole.from, until: whole.until.min(yesterday) };
        if period.length_days() > DAYS_MAX {
            return Err(wrong("until", "A report covers ten years at most."));
        }
        Ok(period)
    }

    fn field(&self) -> &'static str {
        match self.range {
            Range::Month => "month",
            Range::FiscalYear | Range::Year => "year",
            Range::Days => "from",
        }
    }

    fn whole(&self, yesterday: Date, fiscal_month: i8) -> Result<Period, Error> {
        match self.range {
            Range::Month => {
                let first = match self.month.as_str() {
                    "" => yesterday.first_of_month(),
                    month => day(&format!("{month}-01"), "month", "Give a month as 2026-03.")?,
                };
                Ok(Period { from: first, until: first.last_of_month() })
            }
            Range::Year => {
                let year = self.year(yesterday.year())?;
                Ok(Period { from: date(year, 1, 1), until: date(year, 12, 31) })
            }
            Range::FiscalYear => {
                // It ends in the year after the one in which it began, unless that is January.
                let is_split = i16::from(fiscal_month > 1);
                let next = is_split * i16::from(yesterday.month() >= fiscal_month);
                let year = self.year(yesterday.year() + next)?;
                let from = date(year - is_split, fiscal_month, 1);
                let until = from.saturating_add(1.years()).saturating_sub(1.days());
                Ok(Period { from, until })
            }
            Range::Days => Ok(Period {
                from: day(&self.from, "from", "Give the first day as 2026-03-01.")?,
                until: match self.until.as_str() {
                    "" => yesterday,
                    text => day(text, "until", "Give the last day as 2026-03-31.")?,
                },
            }),
        }
    }

    fn year(&self, present: i16) -> Result<i16, Error> {
        match self.year.as_str() {
            "" => Ok(present),
            text => {
                let year = text.parse().ok().filter(|year| (1900..=9000).contains(year));
                year.ok_or_else(|| wrong("year", "Give a year as 2026."))
            }
        }
    }
}

fn day(text: &str, field: &str, would_do: &str) -> Result<Date, Error> {
    text.parse().map_err(|_| wrong(field, would_do))
}

fn wrong(field: &str, reason: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, reason)])
}

/// A value in a query, every byte escaped that isn't a letter, a digit or one of `-._~`.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                safe.push(char::from(byte));
            }
            other => safe.push_str(&format!("%{other:02X}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_whole_days_that_are_over() {
        let today = date(2026, 3, 4);
        let table = [
            ("", "2026-03-01 2026-03-03"),
            ("range=month&month=2026-02", "2026-02-01 2026-02-28"),
            ("range=month&month=2024-02", "2024-02-01 2024-02-29"),
            ("range=fiscal", "2025-10-01 2026-03-03"),
            ("range=fiscal&year=2025", "2024-10-01 2025-09-30"),
            ("range=year&year=2025", "2025-01-01 2025-12-31"),
            ("range=days&from=2026-01-15&until=2026-02-14", "2026-01-15 2026-02-14"),
            ("range=days&from=2026-01-15", "2026-01-15 2026-03-03"),
            ("range=month&month=2026-04", "No day of this period is over yet."),
            ("range=days&from=2026-03-02&until=2026-03-01", "The last day is before the first."),
            ("range=days&from=&until=", "Give the first day as 2026-03-01."),
            ("range=year&year=26", "Give a year as 2026."),
        ];
        for (query, expected) in table {
            let field = |name: &str| {
                let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
            };
            let asked = Asked::of(field);
            let found = match asked.period(today, 10) {
                Ok(period) => format!("{} {}", period.from, period.until),
                Err(error) => error.to_string(),
            };
            assert!(found.starts_with(expected), "{query}: {found}");
        }
    }

    #[test]
    fn a_fiscal_year_begins_with_its_month() {
        let fiscal = Asked { range: Range::FiscalYear, ..Asked::default() };
        let of = |month| {
            let period = fiscal.period(date(2026, 8, 15), month).unwrap();
            period.from.to_string()
        };
        assert_eq!(
            (of(10), of(7), of(1)),
            ("2025-10-01".to_owned(), "2026-07-01".to_owned(), "2026-01-01".to_owned())
        );
    }

    #[test]
    fn an_address_says_what_was_asked() {
        let asked =
            Asked { unit: "4 West & more".to_owned(), facility: Some(3), ..Asked::default() };
        assert_eq!(asked.query(), "range=month&facility=3&unit=4%20West%20%26%20more");
    }
}
