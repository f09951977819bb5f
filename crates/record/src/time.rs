//! Instants, and dates of any precision that keep their text.

use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

impl Instant {
    /// From a timestamp, cut to microseconds.
    pub fn from_timestamp(timestamp: Timestamp) -> Instant {
        Instant(timestamp.as_microsecond())
    }

    /// As a timestamp; instants outside years -9999 to 9999 are clamped.
    pub fn timestamp(self) -> Timestamp {
        let clamp = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(self.0).unwrap_or(clamp)
    }

    /// RFC 3339 in UTC with microseconds: `2026-03-04T10:00:00.000000Z`.
    pub fn to_rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }

    /// Reads an RFC 3339 instant with an offset.
    pub fn parse(text: &str) -> Option<Instant> {
        text.parse::<Timestamp>().ok().map(Instant::from_timestamp)
    }

    /// This instant and so many seconds.
    pub fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The civil date in a time zone.
    pub fn date_in(self, zone: &TimeZone) -> civil::Date {
        self.timestamp().to_zoned(zone.clone()).date()
    }
}

/// A FHIR `date`, `dateTime` or `instant` with the text that the sender wrote and the instants
/// that it covers. `2026` covers the whole year (FHIR R4, search, date: implicit range).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialDate {
    /// First instant covered.
    pub first: Instant,
    /// Last instant covered.
    pub last: Instant,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a date and time. A text without an offset is
    /// taken in `zone`.
    pub fn parse(text: &str, zone: &TimeZone) -> Option<PartialDate> {
        match text.len() {
            4 | 7 | 10 if text.is_ascii() => Self::whole_days(text, zone),
            _ => Self::date_time(text, zone),
        }
    }

    fn whole_days(text: &str, zone: &TimeZone) -> Option<PartialDate> {
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4)? as i16;
        let month = parts.next().map(|part| digits(part, 2)).unwrap_or(Some(1))? as i8;
        let day = parts.next().map(|part| digits(part, 2)).unwrap_or(Some(1))? as i8;
        let first = civil::Date::new(year, month, day).ok()?;
        let next = match text.len() {
            4 => first.checked_add(1.year()),
            7 => first.checked_add(1.month()),
            _ => first.checked_add(1.day()),
        }
        .ok()?;
        Some(PartialDate {
            first: start_of(first, zone)?,
            last: Instant(start_of(next, zone)?.0 - 1),
        })
    }

    fn date_time(text: &str, zone: &TimeZone) -> Option<PartialDate> {
        let (first, width) = match text.parse::<Timestamp>() {
            Ok(timestamp) => (Instant::from_timestamp(timestamp), precision_micros(text)),
            Err(_) => {
                let local: civil::DateTime = text.parse().ok()?;
                let zoned = local.to_zoned(zone.clone()).ok()?;
                (Instant::from_timestamp(zoned.timestamp()), precision_micros(text))
            }
        };
        Some(PartialDate { first, last: Instant(first.0 + width - 1) })
    }
}

/// Width in microseconds of the last unit written: a minute, a second, or a fraction.
fn precision_micros(text: &str) -> i64 {
    let Some((_, clock)) = text.split_once(['T', 't', ' ']) else { return 1 };
    let clock = clock.trim_end_matches(['Z', 'z']);
    let clock = clock.split(['+', '-']).next().unwrap_or(clock);
    match clock.split_once('.') {
        Some((_, fraction)) => 10i64.pow(6u32.saturating_sub(fraction.len() as u32)),
        None if clock.len() <= 5 => 60_000_000,
        None => 1_000_000,
    }
}

fn start_of(date: civil::Date, zone: &TimeZone) -> Option<Instant> {
    let zoned = date.to_zoned(zone.clone()).ok()?;
    Some(Instant::from_timestamp(zoned.timestamp()))
}

fn digits(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Option<(String, i64)> {
        let date = PartialDate::parse(text, &TimeZone::UTC)?;
        Some((date.first.to_rfc3339(), (date.last.0 - date.first.0 + 1) / 1_000_000))
    }

    #[test]
    fn dates_cover_what_they_say() {
        let day = 86_400;
        let table = [
            ("2026", Some(("2026-01-01T00:00:00.000000Z", 365 * day))),
            ("2024-02", Some(("2024-02-01T00:00:00.000000Z", 29 * day))),
            ("2026-03-04", Some(("2026-03-04T00:00:00.000000Z", day))),
            ("2026-03-04T10:30+01:00", Some(("2026-03-04T09:30:00.000000Z", 60))),
            ("2026-03-04T10:30:00Z", Some(("2026-03-04T10:30:00.000000Z", 1))),
            ("2026-03-04T10:30:05", Some(("2026-03-04T10:30:05.000000Z", 1))),
            ("2026-02-30", None),
            ("2026-13", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(span(text), expected.map(|(a, b)| (a.to_owned(), b)), "{text}");
        }
    }
}
