//! Birth dates: as stored (any precision), and in the many ways in which people write them.

use jiff::civil::Date;
use std::fmt;

/// A date of birth in its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateParts {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12, where known.
    pub month: Option<i8>,
    /// Day, where known.
    pub day: Option<i8>,
}

impl DateParts {
    /// Whether year, month and day are all known.
    pub fn is_full(self) -> bool {
        self.day.is_some()
    }

    /// `YYYYMMDD` where full.
    pub fn digits(self) -> Option<String> {
        Some(format!("{:04}{:02}{:02}", self.year, self.month?, self.day?))
    }

    /// ISO text of its own precision: `1980`, `1980-03`, `1980-03-04`.
    pub fn to_iso(self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("{:04}-{month:02}", self.year),
            _ => format!("{:04}", self.year),
        }
    }
}

impl fmt::Debug for DateParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[birth date]")
    }
}

/// Reads a stored birth date: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` (a time behind it is left out) or
/// `YYYYMMDD`. Impossible dates, and years outside 1850 to 2100, count as not known.
pub fn parse(text: &str) -> Option<DateParts> {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return full(number(&text[..4])?, number(&text[4..6])?, number(&text[6..])?);
    }
    let mut parts = text.split('-');
    let year = parts.next().filter(|part| part.len() == 4).and_then(number)?;
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => plausible(year).then_some(DateParts { year, month: None, day: None }),
        (Some(month), None, _) => {
            let month = number(month)?;
            let possible = plausible(year) && (1..=12).contains(&month);
            possible.then_some(DateParts { year, month: Some(month as i8), day: None })
        }
        (Some(month), Some(day), None) => full(year, number(month)?, number(day)?),
        _ => None,
    }
}

fn number(text: &str) -> Option<i16> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn plausible(year: i16) -> bool {
    (1850..=2100).contains(&year)
}

fn full(year: i16, month: i16, day: i16) -> Option<DateParts> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    plausible(year).then(|| DateParts { year, month: Some(date.month()), day: Some(date.day()) })
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The month that a normalised word names: `mar`, `march`, `sept`.
pub fn month_of(word: &str) -> Option<i8> {
    if word.len() < 3 {
        return None;
    }
    let at = MONTHS.iter().position(|month| month.starts_with(word))?;
    Some(at as i8 + 1)
}

/// The dates that one written token can mean, the likeliest first: `03/04/1980` is 4 March in the
/// United States and 3 April elsewhere. A two-digit year may be of this century or the last.
pub fn readings(token: &str) -> Vec<DateParts> {
    if let Some(parts) = parse(token).filter(|parts| parts.is_full()) {
        return vec![parts];
    }
    let fields: Vec<&str> = token.split(['/', '-', '.']).collect();
    let mut found = match fields.as_slice() {
        [a, b, c] => from_three(a, b, c),
        [whole] if whole.len() == 8 && whole.is_ascii() => {
            from_three(&whole[..2], &whole[2..4], &whole[4..])
        }
        _ => Vec::new(),
    };
    let mut seen = Vec::new();
    found.retain(|date| {
        !seen.contains(date) && {
            seen.push(*date);
            true
        }
    });
    found
}

/// The dates of three fields in any usual order, with months as numbers or words.
pub fn from_three(a: &str, b: &str, c: &str) -> Vec<DateParts> {
    let mut found = Vec::new();
    let orders: [(&str, &str, &str); 3] = match a.len() {
        4 => [(a, b, c), (a, c, b), (a, b, c)],
        _ => [(c, a, b), (c, b, a), (c, a, b)],
    };
    for (year, month, day) in orders {
        let Some(month) = number(month).or_else(|| month_of(&lower(month)).map(i16::from)) else {
            continue;
        };
        let Some(day) = number(day) else { continue };
        for year in years(year) {
            found.extend(full(year, month, day));
        }
    }
    found
}

fn lower(text: &str) -> String {
    crate::name::normalise(text)
}

fn years(text: &str) -> Vec<i16> {
    match (text.len(), number(text)) {
        (4, Some(year)) => vec![year],
        (2, Some(year)) => vec![1900 + year, 2000 + year],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(dates: Vec<DateParts>) -> Vec<String> {
        dates.into_iter().map(DateParts::to_iso).collect()
    }

    #[test]
    fn stored_dates_read() {
        let table = [
            ("1980-03-04", Some("1980-03-04")),
            ("19800304", Some("1980-03-04")),
            ("1980-03", Some("1980-03")),
            ("1980", Some("1980")),
            ("1980-03-04T10:00:00Z", Some("1980-03-04")),
            ("2000-13-01", None),
            ("3000-01-01", None),
            ("1981-02-29", None),
            ("", None),
            ("unknown", None),
            ("éééé", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).map(DateParts::to_iso).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn written_dates_have_readings() {
        let table: [(&str, &[&str]); 9] = [
            ("03/04/1980", &["1980-03-04", "1980-04-03"]),
            ("13/04/1980", &["1980-04-13"]),
            ("1980/03/04", &["1980-03-04", "1980-04-03"]),
            ("4.3.1980", &["1980-04-03", "1980-03-04"]),
            ("03041980", &["1980-03-04", "1980-04-03"]),
            ("4-Mar-1980", &["1980-03-04"]),
            ("3/4/80", &["1980-03-04", "2080-03-04", "1980-04-03", "2080-04-03"]),
            ("99/99/1980", &[]),
            ("555-1234", &[]),
        ];
        assert_eq!(readings("ééåå"), []);
        for (token, expected) in table {
            assert_eq!(iso(readings(token)), expected, "{token}");
        }
    }
}
