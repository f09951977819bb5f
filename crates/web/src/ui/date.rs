//! Dates that nobody can misread: `4 Mar 2026`, with the zone where it matters and the days left
//! where something is due.

use crate::ui::{Badge, Tone};
use jiff::Unit;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use record::Instant;

/// A FHIR date text of any precision as people read it: `1957`, `Mar 1957`, `4 Mar 1957`.
/// Anything else comes back as it is.
pub fn date_for_people(text: &str) -> String {
    let day = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    match (text.len(), day) {
        (10.., Some(date)) => date.strftime("%-d %b %Y").to_string(),
        (7, _) => match format!("{text}-01").parse::<Date>() {
            Ok(date) => date.strftime("%b %Y").to_string(),
            Err(_) => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// The same in a `time` element, so that machines read it too.
pub fn date_text(text: &str) -> Markup {
    html! { time class="nowrap" datetime=(text) { (date_for_people(text)) } }
}

/// A moment in a time zone: `4 Mar 2026 14:03 EST`.
pub fn moment_text(instant: Instant, zone: &TimeZone) -> String {
    instant.timestamp().to_zoned(zone.clone()).strftime("%-d %b %Y %H:%M %Z").to_string()
}

/// The same in a `time` element.
pub fn moment(instant: Instant, zone: &TimeZone) -> Markup {
    html! {
        time class="nowrap" datetime=(instant.to_rfc3339()) { (moment_text(instant, zone)) }
    }
}

/// A due date with the days left: `4 Mar 2026 · 3 days left`, overdue in words, shape and colour.
pub fn due(date: Date, today: Date) -> Markup {
    let days = days_between(today, date);
    let (tone, words) = match days {
        i32::MIN..=-2 => (Tone::Stop, format!("{} days overdue", -days)),
        -1 => (Tone::Stop, "1 day overdue".to_owned()),
        0 => (Tone::Warn, "due today".to_owned()),
        1 => (Tone::Warn, "1 day left".to_owned()),
        2..=5 => (Tone::Warn, format!("{days} days left")),
        _ => (Tone::Neutral, format!("{days} days left")),
    };
    html! { (date_text(&date.to_string())) " " (Badge::new(tone, words)) }
}

/// Age in completed years, in months under two years, in days under two months. `None` when the
/// birth date's text has no day, or lies after `today`.
pub fn age(birth_date: &str, today: Date) -> Option<String> {
    let birth: Date = birth_date.parse().ok()?;
    if birth > today {
        return None;
    }
    let span = birth.until((Unit::Year, today)).ok()?;
    let months = i32::from(span.get_years()) * 12 + span.get_months();
    Some(match months {
        0..=1 => format!("{} d", days_between(birth, today)),
        2..=23 => format!("{months} mo"),
        _ => format!("{} y", span.get_years()),
    })
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_read_unambiguously() {
        let table = [
            ("1957-03-04", "4 Mar 1957"),
            ("1957-03-04T10:00:00Z", "4 Mar 1957"),
            ("1957-03", "Mar 1957"),
            ("1957", "1957"),
            ("unknown", "unknown"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(date_for_people(text), expected);
        }
    }

    #[test]
    fn ages_count_completed_units() {
        let today = date(2026, 3, 4);
        let table = [
            ("1957-03-04", Some("69 y")),
            ("1957-03-05", Some("68 y")),
            ("2024-03-05", Some("23 mo")),
            ("2024-03-04", Some("2 y")),
            ("2026-02-20", Some("12 d")),
            ("2026-03-04", Some("0 d")),
            ("2026-03-05", None),
            ("1957", None),
        ];
        for (birth, expected) in table {
            assert_eq!(age(birth, today).as_deref(), expected, "{birth}");
        }
    }

    #[test]
    fn due_dates_say_the_days_left() {
        let today = date(2026, 3, 4);
        let words = |due_on| due(due_on, today).into_string();
        assert!(words(date(2026, 3, 7)).contains("3 days left"));
        assert!(words(date(2026, 3, 4)).contains("due today"));
        assert!(words(date(2026, 2, 1)).contains("31 days overdue"));
    }
}
