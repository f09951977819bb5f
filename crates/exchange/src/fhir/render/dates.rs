//! Dates and times that nobody can misread.

use jiff::civil;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A FHIR date of any precision in words: `4 Mar 2026`, `Mar 2026`, `4 Mar 2026 10:30 UTC-05:00`.
///
/// `None` where the text is no date. A time keeps the offset that its sender wrote.
pub fn shown_date(text: &str) -> Option<String> {
    let (date, clock) = match text.split_once('T') {
        Some((date, clock)) => (date, Some(clock)),
        None => (text, None),
    };
    let day = day(date)?;
    let Some(clock) = clock else { return Some(day) };
    let (time, offset) = match clock.find(['Z', '+', '-']) {
        Some(at) => clock.split_at(at),
        None => (clock, ""),
    };
    let mut parts = time.split(':');
    let hour: u8 = parts.next()?.parse().ok()?;
    let minute: u8 = parts.next()?.parse().ok()?;
    let zone = match offset {
        "" => String::new(),
        "Z" | "+00:00" | "-00:00" => " UTC".to_owned(),
        offset => format!(" UTC{offset}"),
    };
    (hour < 25 && minute < 60).then(|| format!("{day} {hour:02}:{minute:02}{zone}"))
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
}
