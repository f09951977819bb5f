//! Dates and times that nobody can misread.

use jiff::civil;
use jiff::tz::TimeZone;
use record::PartialDate;
use serde_json::Value;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A FHIR date of any precision in words: `4 Mar 2026`, `Mar 2026`, `4 Mar 2026 10:30 UTC-05:00`.
///
/// `None` where the text is no date. A time keeps the offset that its sender wrote;
/// [`shown_date_in`] tells it by the clock of a place.
pub fn shown_date(text: &str) -> Option<String> {
    let (date, clock) = match text.split_once('T') {
        Some((date, clock)) => (date, Some(clock)),
        None => (text, None),
    };
    let day = day(date)?;
    let Some(clock) = clock else { return Some(day) };
    let (time, offset) = match clock.find(['Z', '+', '-', '[']) {
        Some(at) => clock.split_at(at),
        None => (clock, ""),
    };
    let mut parts = time.split(':');
    let hour: u8 = parts.next()?.parse().ok()?;
    let minute: u8 = parts.next()?.parse().ok()?;
    let zone = match offset {
        "" => String::new(),
        "Z" | "+00:00" | "-00:00" => " UTC".to_owned(),
        named if named.starts_with('[') => format!(" {}", named.trim_matches(['[', ']'])),
        offset => format!(" UTC{offset}"),
    };
    (hour < 25 && minute < 60).then(|| format!("{day} {hour:02}:{minute:02}{zone}"))
}

/// The same by the clock of a place: `4 Mar 2026 09:30 CST`, whatever offset its sender wrote. What
/// states no time or no offset stays as it is.
pub fn shown_date_in(text: &str, zone: &TimeZone) -> Option<String> {
    match local(text, zone) {
        Some(local) => shown_date(&local),
        None => shown_date(text),
    }
}

/// A copy in which each time that states its offset is told by the clock of a place.
pub(super) fn localized(value: &Value, zone: &TimeZone) -> Value {
    match value {
        Value::String(text) => Value::String(local(text, zone).unwrap_or_else(|| text.to_owned())),
        Value::Array(values) => values.iter().map(|value| localized(value, zone)).collect(),
        Value::Object(members) => {
            let members = members.iter();
            Value::Object(members.map(|(k, v)| (k.clone(), localized(v, zone))).collect())
        }
        other => other.clone(),
    }
}

/// `2026-03-04T09:30[CST]` for a text that is a time with an offset.
fn local(text: &str, zone: &TimeZone) -> Option<String> {
    let (date, clock) = text.split_once('T').filter(|_| text.len() <= 40)?;
    if date.len() != 10 || !clock.contains(['Z', '+', '-']) || shown_date(text).is_none() {
        return None;
    }
    let at = PartialDate::parse(text, zone)?.first.timestamp().to_zoned(zone.clone());
    let name = at.strftime("%Z").to_string();
    // Places without a short name give their offset.
    let name = if name.starts_with(['+', '-']) { format!("UTC{name}") } else { name };
    Some(format!("{}[{name}]", at.strftime("%Y-%m-%dT%H:%M")))
}

fn day(date: &str) -> Option<String> {
    let is_shaped = matches!(date.len(), 4 | 7 | 10)
        && date.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_shaped {
        return None;
    }
    let year = &date[..4];
    if date.len() == 4 {
        return Some(year.to_owned());
    }
    let month: usize = date[5..7].parse().ok()?;
    let name = MONTHS.get(month.checked_sub(1)?)?;
    if date.len() == 7 {
        return Some(format!("{name} {year}"));
    }
    let day: i8 = date[8..].parse().ok()?;
    civil::Date::new(year.parse().ok()?, month as i8, day).ok()?;
    Some(format!("{day} {name} {year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_words() {
        let table = [
            ("2026", Some("2026")),
            ("2026-03", Some("Mar 2026")),
            ("2026-03-04", Some("4 Mar 2026")),
            ("2026-03-04T10:30:12.5-05:00", Some("4 Mar 2026 10:30 UTC-05:00")),
            ("2026-03-04T10:30:00Z", Some("4 Mar 2026 10:30 UTC")),
            ("2026-03-04T10:30", Some("4 Mar 2026 10:30")),
            ("2026-02-30", None),
            ("2026-13-01", None),
            ("20260304", None),
            ("nothing", None),
        ];
        for (text, expected) in table {
            assert_eq!(shown_date(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn times_are_told_by_the_clock_of_the_place() {
        let zone = TimeZone::get("America/Chicago").unwrap();
        let table = [
            ("2026-03-04", Some("4 Mar 2026")),
            ("2026-03-04T10:30:12.5-05:00", Some("4 Mar 2026 09:30 CST")),
            ("2026-07-04T03:30:00Z", Some("3 Jul 2026 22:30 CDT")),
            ("2026-03-04T10:30-05:00", Some("4 Mar 2026 09:30 CST")),
            ("2026-03-04T10:30", Some("4 Mar 2026 10:30")),
            ("2026-02-30T10:30:00Z", None),
            ("Take it at T-3", None),
        ];
        for (text, expected) in table {
            assert_eq!(shown_date_in(text, &zone).as_deref(), expected, "{text}");
        }
    }
}
