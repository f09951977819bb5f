//! On which dates a code can be reported.

use jiff::civil::Date;

use super::code::Code;
use super::source::PackError;

/// The dates on which each code of a system can be reported, as the Medicare Code Editor's
/// tables give them. Deleted codes stay, with the date of their end.
#[derive(Debug, Clone)]
pub struct Validity {
    /// The first date that the table covers.
    pub from: Date,
    /// The last date that the table covers. A code in force on it has no known end.
    pub to: Date,
    spans: Vec<(Code, Date, Date)>,
}

impl Validity {
    /// Builds the table from spans in any order.
    #[must_use]
    pub fn new(dates: (Date, Date), mut spans: Vec<(Code, Date, Date)>) -> Self {
        spans.sort_unstable();
        Self { from: dates.0, to: dates.1, spans }
    }

    /// Reads the packed text: the covered dates on the first line, then a line for each pair of
    /// dates with the codes that have it (`20151001 20270331 A000 A001 …`).
    ///
    /// # Errors
    /// The first line that is not in that form.
    pub fn from_text(text: &str) -> Result<Self, PackError> {
        let mut covered = None;
        let mut spans = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let broken = || PackError::Line { line: index + 1 };
            let mut words = line.split(' ');
            let from = words.next().and_then(date_of).ok_or_else(broken)?;
            let to = words.next().and_then(date_of).ok_or_else(broken)?;
            if covered.is_none() {
                covered = Some((from, to));
                continue;
            }
            for word in words {
                spans.push((Code::parse(word).ok_or_else(broken)?, from, to));
            }
        }
        let dates = covered.ok_or(PackError::Line { line: 1 })?;
        Ok(Self::new(dates, spans))
    }

    /// Writes the text that [`Validity::from_text`] reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut groups: std::collections::BTreeMap<(Date, Date), Vec<&str>> = Default::default();
        for (code, from, to) in &self.spans {
            groups.entry((*from, *to)).or_default().push(code.as_str());
        }
        let plain = |date: &Date| date.strftime("%Y%m%d").to_string();
        let mut text = format!("{} {}\n", plain(&self.from), plain(&self.to));
        for ((from, to), codes) in groups {
            let line = format!("{} {} {}\n", plain(&from), plain(&to), codes.join(" "));
            text.push_str(&line);
        }
        text
    }

    /// Whether the table says anything about `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }

    /// The dates between which the code can be reported, the earliest first.
    pub fn spans(&self, code: Code) -> impl Iterator<Item = (Date, Date)> + '_ {
        let start = self.spans.partition_point(|(known, _, _)| *known < code);
        self.spans[start..]
            .iter()
            .take_while(move |(known, _, _)| *known == code)
            .map(|(_, from, to)| (*from, *to))
    }

    /// Whether the code can be reported on `date`. False outside the covered dates.
    #[must_use]
    pub fn is_valid(&self, code: Code, date: Date) -> bool {
        self.spans(code).any(|(from, to)| from <= date && date <= to)
    }

    /// Every code once, sorted.
    pub fn codes(&self) -> impl Iterator<Item = Code> + '_ {
        let mut last = None;
        self.spans.iter().filter_map(move |(code, _, _)| {
            let new = last != Some(*code);
            last = Some(*code);
            new.then_some(*code)
        })
    }
}

/// Reads `20260401`.
fn date_of(text: &str) -> Option<Date> {
    let number: u32 = text.parse().ok()?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TEXT: &str = "20151001 20270331\n\
        20151001 20170930 A047\n\
        20171001 20270331 A0471 A0472\n\
        20201001 20210930 A0472\n";

    #[test]
    fn spans_are_read_and_written() {
        let validity = Validity::from_text(TEXT).unwrap();
        assert_eq!(validity.to_text(), TEXT);
        let code = |text| Code::parse(text).unwrap();
        assert!(validity.is_valid(code("A047"), date(2017, 9, 30)));
        assert!(!validity.is_valid(code("A047"), date(2017, 10, 1)));
        assert_eq!(validity.spans(code("A0472")).count(), 2);
        assert_eq!(validity.codes().count(), 3);
        assert!(!validity.covers(date(2027, 4, 1)));
    }

    #[test]
    fn broken_text_is_named_by_line() {
        let error = Validity::from_text("20151001 20270331\n2015 A00\n").unwrap_err();
        assert_eq!(error, PackError::Line { line: 2 });
        assert!(Validity::from_text("").is_err());
    }
}
