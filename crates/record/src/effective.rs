//! Rules as data with dates: which shipped version or which row of the site holds on which day.
//!
//! A row of the site supersedes from its first day whatever held before: the shipped rule, or an
//! earlier row. Where it has a last day, the shipped rule holds again afterwards. Nothing is
//! overwritten, so that a day of the past is always judged by the rule of that day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// From which day to which day something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// First day.
    pub from: Date,
    /// Last day; none while it stands.
    pub until: Option<Date>,
}

impl Term {
    /// Whether it holds on the day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What a row of the site does from its first day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Its content holds.
    Set,
    /// No rule of this name holds.
    Off,
    /// The shipped rule holds again.
    Shipped,
}

impl Effect {
    /// Every effect, in the order in which pages list them.
    pub const ALL: [Effect; 3] = [Effect::Set, Effect::Off, Effect::Shipped];

    /// The word that the store uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Effect::Set => "set",
            Effect::Off => "off",
            Effect::Shipped => "shipped",
        }
    }

    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Effect::Set => "Holds as entered",
            Effect::Off => "Does not apply here",
            Effect::Shipped => "The shipped rule holds again",
        }
    }

    /// Reads the stored word back.
    pub fn parse(text: &str) -> Option<Effect> {
        Effect::ALL.into_iter().find(|effect| effect.as_str() == text)
    }
}

/// A row of the site for one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteRow {
    /// When it holds.
    pub term: Term,
    /// What it does.
    pub effect: Effect,
}

/// Which of the two lists holds, by its position there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A shipped version.
    Shipped(usize),
    /// A row of the site.
    Site(usize),
}

/// What holds on a day. Shipped versions and rows are those of one rule, rows in order of entry:
/// of two rows with the same first day, the one entered later holds.
pub fn in_force(shipped: &[Term], site: &[SiteRow], day: Date) -> Option<Pick> {
    let begun = site.iter().enumerate().filter(|(_, row)| row.term.from <= day);
    let latest = begun.max_by_key(|(position, row)| (row.term.from, *position));
    match latest.filter(|(_, row)| row.term.holds_on(day)) {
        Some((position, SiteRow { effect: Effect::Set, .. })) => Some(Pick::Site(position)),
        Some((_, SiteRow { effect: Effect::Off, .. })) => None,
        Some((_, SiteRow { effect: Effect::Shipped, .. })) | None => {
            shipped.iter().rposition(|term| term.holds_on(day)).map(Pick::Shipped)
        }
    }
}

/// The whole history of one rule: what held from which day to which day, without overlap.
pub fn timeline(shipped: &[Term], site: &[SiteRow]) -> Vec<(Term, Pick)> {
    let terms = || shipped.iter().chain(site.iter().map(|row| &row.term));
    let after = |term: &Term| term.until.and_then(|until| until.tomorrow().ok());
    let mut days: Vec<Date> =
        terms().map(|term| term.from).chain(terms().filter_map(after)).collect();
    days.sort_unstable();
    days.dedup();
    let mut parts: Vec<(Term, Pick)> = Vec::new();
    for (position, day) in days.iter().enumerate() {
        let until = days.get(position + 1).and_then(|next| next.yesterday().ok());
        let Some(pick) = in_force(shipped, site, *day) else { continue };
        match parts.last_mut() {
            Some((term, same))
                if *same == pick && term.until.and_then(|d| d.tomorrow().ok()) == Some(*day) =>
            {
                term.until = until;
            }
            _ => parts.push((Term { from: *day, until }, pick)),
        }
    }
    parts
}

/// What is wrong with one field of a rule, in a sentence to act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Name of the field.
    pub field: String,
    /// What is wrong and what would do.
    pub sentence: String,
}

impl Fault {
    /// A fault of one field.
    pub fn new(field: impl Into<String>, sentence: impl Into<String>) -> Fault {
        Fault { field: field.into(), sentence: sentence.into() }
    }
}

/// Whether this names a jurisdiction: `US`, or a state as `US-CA` (ISO 3166-2).
pub fn is_jurisdiction(text: &str) -> bool {
    match text.strip_prefix("US") {
        Some("") => true,
        Some(rest) => {
            rest.len() == 3
                && rest.starts_with('-')
                && rest[1..].bytes().all(|b| b.is_ascii_uppercase())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn term(from: Date, until: Option<Date>) -> Term {
        Term { from, until }
    }

    fn row(from: Date, until: Option<Date>, effect: Effect) -> SiteRow {
        SiteRow { term: term(from, until), effect }
    }

    #[test]
    fn a_row_of_the_site_supersedes_from_its_first_day() {
        let shipped =
            [term(date(2003, 1, 1), Some(date(2012, 12, 31))), term(date(2013, 1, 1), None)];
        let site = [
            row(date(2026, 3, 1), None, Effect::Set),
            row(date(2026, 5, 1), Some(date(2026, 5, 31)), Effect::Set),
            row(date(2026, 7, 1), None, Effect::Off),
            row(date(2026, 9, 1), None, Effect::Shipped),
            row(date(2026, 3, 1), None, Effect::Set),
        ];
        let table = [
            (date(2002, 1, 1), None),
            (date(2012, 12, 31), Some(Pick::Shipped(0))),
            (date(2026, 2, 28), Some(Pick::Shipped(1))),
            (date(2026, 3, 1), Some(Pick::Site(4))),
            (date(2026, 5, 1), Some(Pick::Site(1))),
            (date(2026, 6, 1), Some(Pick::Shipped(1))),
            (date(2026, 7, 1), None),
            (date(2026, 9, 1), Some(Pick::Shipped(1))),
        ];
        for (day, expected) in table {
            assert_eq!(in_force(&shipped, &site, day), expected, "{day}");
        }
        let history: Vec<String> = timeline(&shipped, &site)
            .into_iter()
            .map(|(term, pick)| {
                let until = term.until.map_or("on".to_owned(), |day| day.to_string());
                format!("{} {until} {pick:?}", term.from)
            })
            .collect();
        assert_eq!(
            history,
            [
                "2003-01-01 2012-12-31 Shipped(0)",
                "2013-01-01 2026-02-28 Shipped(1)",
                "2026-03-01 2026-04-30 Site(4)",
                "2026-05-01 2026-05-31 Site(1)",
                "2026-06-01 2026-06-30 Shipped(1)",
                "2026-09-01 on Shipped(1)",
            ]
        );
    }

    #[test]
    fn the_history_says_for_every_day_what_is_in_force() {
        let shipped = [term(date(2026, 1, 3), Some(date(2026, 1, 20)))];
        for (first, until, effect) in [(1, None, Effect::Off), (5, Some(9), Effect::Set)] {
            let until = until.map(|day| date(2026, 1, day));
            let site = [row(date(2026, 1, first), until, effect)];
            let history = timeline(&shipped, &site);
            for day in (1..=28).map(|day| date(2026, 1, day)) {
                let found = history.iter().find(|(term, _)| term.holds_on(day));
                assert_eq!(found.map(|(_, pick)| *pick), in_force(&shipped, &site, day), "{day}");
            }
        }
    }

    #[test]
    fn jurisdictions_are_the_country_or_a_state() {
        for (text, ok) in
            [("US", true), ("US-CA", true), ("USA", false), ("US-ca", false), ("", false)]
        {
            assert_eq!(is_jurisdiction(text), ok, "{text}");
        }
    }
}
