//! Clocks of completion: when something is due, the levels of notice, and what a chart is called.

use jiff::{Span, tz::TimeZone};
use record::Instant;
use serde::{Deserialize, Serialize};

/// What starts a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockStart {
    /// The admission order, or the arrival.
    Admission,
    /// The discharge, or the end of the visit.
    Discharge,
    /// The procedure.
    Procedure,
    /// The moment when the deficiency was given to its provider.
    Assignment,
}

impl ClockStart {
    /// Every start, in the order in which pages list them.
    pub const ALL: [ClockStart; 4] = [
        ClockStart::Admission,
        ClockStart::Discharge,
        ClockStart::Procedure,
        ClockStart::Assignment,
    ];

    /// The word that the store and forms use.
    pub fn as_str(self) -> &'static str {
        match self {
            ClockStart::Admission => "admission",
            ClockStart::Discharge => "discharge",
            ClockStart::Procedure => "procedure",
            ClockStart::Assignment => "assignment",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            ClockStart::Admission => "admission",
            ClockStart::Discharge => "discharge",
            ClockStart::Procedure => "the procedure",
            ClockStart::Assignment => "assignment",
        }
    }
}

/// How long a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", content = "length", rename_all = "kebab-case")]
pub enum TimeAllowed {
    /// So many hours, by the minute.
    Hours(i64),
    /// So many calendar days in the facility's time zone, to the same time of day.
    Days(i64),
}

impl TimeAllowed {
    /// When a clock that started then runs out. Instants that no calendar holds stay as they are.
    pub fn after(self, start: Instant, zone: &TimeZone) -> Instant {
        match self {
            TimeAllowed::Hours(hours) => start.plus_seconds(hours.saturating_mul(3_600)),
            TimeAllowed::Days(days) => plus_days(start, days, zone),
        }
    }

    /// `24 hours`, `30 days`.
    pub fn label(self) -> String {
        match self {
            TimeAllowed::Hours(hours) => format!("{hours} hours"),
            TimeAllowed::Days(days) => format!("{days} days"),
        }
    }
}

/// The same time of day so many calendar days on (or back), whatever the clocks did in between.
pub fn plus_days(start: Instant, days: i64, zone: &TimeZone) -> Instant {
    let moved = Span::new()
        .try_days(days)
        .and_then(|span| start.timestamp().to_zoned(zone.clone()).checked_add(span));
    moved.map_or(start, |zoned| Instant::from_timestamp(zoned.timestamp()))
}

/// How loudly a provider is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeLevel {
    /// Nothing is sent yet.
    None,
    /// It will be due.
    Reminder,
    /// It is about to be late.
    Warning,
    /// It is late.
    Delinquent,
    /// Privileges are suspended. This does not stop the clock.
    Suspension,
}

impl NoticeLevel {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            NoticeLevel::None => "No notice",
            NoticeLevel::Reminder => "Reminder",
            NoticeLevel::Warning => "Warning",
            NoticeLevel::Delinquent => "Delinquent",
            NoticeLevel::Suspension => "Suspension",
        }
    }
}

/// When a level of notice begins, relative to the due date. A setting of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRule {
    /// The level.
    pub level: NoticeLevel,
    /// Days after the due date; negative is before it.
    pub days_after_due: i64,
}

/// The levels that a new site starts with: medical staff bylaws set their own.
pub const NOTICE_RULES: [NoticeRule; 4] = [
    NoticeRule { level: NoticeLevel::Reminder, days_after_due: -14 },
    NoticeRule { level: NoticeLevel::Warning, days_after_due: -3 },
    NoticeRule { level: NoticeLevel::Delinquent, days_after_due: 0 },
    NoticeRule { level: NoticeLevel::Suspension, days_after_due: 7 },
];

/// The level of notice now for something due then. Due exactly now is not late yet.
pub fn notice_level(
    due: Instant,
    now: Instant,
    rules: &[NoticeRule],
    zone: &TimeZone,
) -> NoticeLevel {
    let begun = rules.iter().filter(|rule| now > plus_days(due, rule.days_after_due, zone));
    begun.map(|rule| rule.level).max().unwrap_or(NoticeLevel::None)
}

/// What a chart is called. The three words are three different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartStatus {
    /// Analysed, and nothing is wanting.
    Complete,
    /// Not analysed yet, or the stay is not over: something may be wanting.
    Incomplete,
    /// A named deficiency waits for a provider or for verification, in time.
    Deficient,
    /// A named deficiency waits past its time.
    Delinquent,
}

impl ChartStatus {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            ChartStatus::Complete => "Complete",
            ChartStatus::Incomplete => "Incomplete",
            ChartStatus::Deficient => "Deficient",
            ChartStatus::Delinquent => "Delinquent",
        }
    }
}

/// What a chart is called: `open_dues` holds the due date of each open deficiency (none where its
/// clock has not started).
pub fn chart_status(is_analysed: bool, open_dues: &[Option<Instant>], now: Instant) -> ChartStatus {
    if open_dues.iter().flatten().any(|due| now > *due) {
        ChartStatus::Delinquent
    } else if !open_dues.is_empty() {
        ChartStatus::Deficient
    } else if is_analysed {
        ChartStatus::Complete
    } else {
        ChartStatus::Incomplete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn days_are_calendar_days_and_hours_are_hours() {
        let zone = TimeZone::get("America/New_York").unwrap();
        // The clocks go forward on 8 March 2026.
        let start = at("2026-03-07T15:00:00Z");
        assert_eq!(TimeAllowed::Hours(24).after(start, &zone), at("2026-03-08T15:00:00Z"));
        assert_eq!(TimeAllowed::Days(1).after(start, &zone), at("2026-03-08T14:00:00Z"));
        assert_eq!(TimeAllowed::Days(30).after(start, &zone), at("2026-04-06T14:00:00Z"));
        assert_eq!(TimeAllowed::Days(i64::MAX).after(start, &zone), start);
    }

    #[test]
    fn notice_rises_with_time() {
        let due = at("2026-03-31T12:00:00Z");
        let table = [
            ("2026-03-10T12:00:00Z", NoticeLevel::None),
            ("2026-03-17T12:00:01Z", NoticeLevel::Reminder),
            ("2026-03-29T12:00:00Z", NoticeLevel::Warning),
            ("2026-03-31T12:00:00Z", NoticeLevel::Warning),
            ("2026-03-31T12:00:01Z", NoticeLevel::Delinquent),
            ("2026-04-08T00:00:00Z", NoticeLevel::Suspension),
        ];
        for (now, level) in table {
            assert_eq!(notice_level(due, at(now), &NOTICE_RULES, &TimeZone::UTC), level, "{now}");
        }
    }

    #[test]
    fn incomplete_deficient_and_delinquent_differ() {
        let now = Instant(100);
        let table: [(bool, &[Option<Instant>], ChartStatus); 6] = [
            (true, &[], ChartStatus::Complete),
            (false, &[], ChartStatus::Incomplete),
            (true, &[None], ChartStatus::Deficient),
            (true, &[Some(Instant(100))], ChartStatus::Deficient),
            (true, &[Some(Instant(99))], ChartStatus::Delinquent),
            (false, &[Some(Instant(200)), Some(Instant(99))], ChartStatus::Delinquent),
        ];
        for (is_analysed, dues, expected) in table {
            assert_eq!(chart_status(is_analysed, dues, now), expected, "{dues:?}");
        }
    }
}
