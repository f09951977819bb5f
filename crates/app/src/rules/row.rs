//! A row of the site for a rule: what it may do, and where it stands on a day.
//!
//! ```text
//!   the rule on its first day          a row sets it, ends it, or gives the shipped one back
//!   unknown --set--> set    shipped --set, off, shipped--> set, off, shipped
//!   set, off --set, off, shipped (where one is shipped)--> set, off, shipped
//!
//!   a row by the day:  ahead --> in force --> over (its last day is past)
//!                        \          \-------> superseded (a later row begins)
//!                         \---------------->  superseded
//! ```
//!
//! Rows are only ever added: nothing is drafted, edited or withdrawn. What was entered by mistake
//! is superseded from the same day on, and stays with its reason.

use jiff::civil::Date;
use record::effective::{Effect, Pick, SiteRow, Term, in_force};

/// What holds of a rule on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleState {
    /// Nobody has ever heard of a rule of this name.
    Unknown,
    /// The shipped rule.
    Shipped,
    /// What the site entered.
    Set,
    /// None: the site switched it off, or nothing shipped covers the day.
    Off,
}

/// What is known of a rule when a row is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleFacts {
    /// Whether one of this name is shipped.
    pub is_shipped: bool,
    /// Whether a site may not do without it: federal law, and settings.
    pub is_binding: bool,
}

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowRefusal {
    /// There is nothing to come back.
    #[error("No rule of this name is shipped.")]
    NotShipped,
    /// It must hold somehow.
    #[error("Federal law and settings can't be switched off here. Enter what holds instead.")]
    Binding,
    /// There is nothing to switch off.
    #[error("There is no rule of this name to switch off.")]
    Unknown,
}

/// What holds from a row's first day on, by what held on it before.
///
/// # Errors
/// [`RowRefusal`] where the row can't be.
pub fn apply(state: RuleState, effect: Effect, facts: RuleFacts) -> Result<RuleState, RowRefusal> {
    match (state, effect) {
        (
            RuleState::Unknown | RuleState::Shipped | RuleState::Set | RuleState::Off,
            Effect::Set,
        ) => Ok(RuleState::Set),
        (RuleState::Unknown, Effect::Off) => Err(RowRefusal::Unknown),
        (RuleState::Shipped | RuleState::Set | RuleState::Off, Effect::Off) => {
            if facts.is_binding {
                Err(RowRefusal::Binding)
            } else {
                Ok(RuleState::Off)
            }
        }
        (
            RuleState::Unknown | RuleState::Shipped | RuleState::Set | RuleState::Off,
            Effect::Shipped,
        ) => {
            if facts.is_shipped {
                Ok(RuleState::Shipped)
            } else {
                Err(RowRefusal::NotShipped)
            }
        }
    }
}

/// What holds of a rule on a day: its shipped versions, and its rows in order of entry.
pub fn rule_on(shipped: &[Term], rows: &[SiteRow], day: Date) -> RuleState {
    match in_force(shipped, rows, day) {
        Some(Pick::Shipped(_)) => RuleState::Shipped,
        Some(Pick::Site(_)) => RuleState::Set,
        None if shipped.is_empty() && rows.is_empty() => RuleState::Unknown,
        None => RuleState::Off,
    }
}

/// Where a row stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Its first day is still to come.
    Ahead,
    /// It decides what holds.
    InForce,
    /// Another row decides since then, or from its first day on.
    Superseded,
    /// Its last day is past.
    Over,
}

impl RowState {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            RowState::Ahead => "still to come",
            RowState::InForce => "in force",
            RowState::Superseded => "superseded",
            RowState::Over => "over",
        }
    }
}

/// Where a row, by its place in order of entry, stands on a day.
pub fn row_on(rows: &[SiteRow], place: usize, day: Date) -> RowState {
    let Some(row) = rows.get(place) else { return RowState::Over };
    let takes_over = |(other, term): (usize, &Term)| {
        let is_later = (term.from, other) > (row.term.from, place);
        let in_time = row.term.until.is_none_or(|until| term.from <= until);
        is_later && in_time && (term.from <= day || term.from == row.term.from)
    };
    let terms = rows.iter().map(|row| &row.term).enumerate();
    if terms.into_iter().any(takes_over) {
        RowState::Superseded
    } else if day < row.term.from {
        RowState::Ahead
    } else if row.term.holds_on(day) {
        RowState::InForce
    } else {
        RowState::Over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use jiff::civil::date;

    /// Judged: whatever holds can be set; what is law here can't be ended, what nobody knows
    /// neither; only what is shipped comes back.
    #[test]
    fn matrix_of_states_and_effects() {
        let facts = [
            ("federal", RuleFacts { is_shipped: true, is_binding: true }),
            ("shipped", RuleFacts { is_shipped: true, is_binding: false }),
            ("the site's own", RuleFacts { is_shipped: false, is_binding: false }),
        ];
        let states = [RuleState::Unknown, RuleState::Shipped, RuleState::Set, RuleState::Off];
        let mut matrix = String::new();
        for (whose, facts) in facts {
            for state in states {
                // A shipped rule is known; one of the site's own is never the shipped one.
                let is_possible = match state {
                    RuleState::Unknown => !facts.is_shipped,
                    RuleState::Shipped => facts.is_shipped,
                    RuleState::Set | RuleState::Off => true,
                };
                for effect in Effect::ALL.into_iter().filter(|_| is_possible) {
                    let after = match apply(state, effect, facts) {
                        Ok(after) => format!("{after:?}"),
                        Err(refused) => format!("refused: {refused}"),
                    };
                    matrix += &format!("{whose}, {state:?} + {} = {after}\n", effect.as_str());
                }
            }
        }
        expect![[r#"
            federal, Shipped + set = Set
            federal, Shipped + off = refused: Federal law and settings can't be switched off here. Enter what holds instead.
            federal, Shipped + shipped = Shipped
            federal, Set + set = Set
            federal, Set + off = refused: Federal law and settings can't be switched off here. Enter what holds instead.
            federal, Set + shipped = Shipped
            federal, Off + set = Set
            federal, Off + off = refused: Federal law and settings can't be switched off here. Enter what holds instead.
            federal, Off + shipped = Shipped
            shipped, Shipped + set = Set
            shipped, Shipped + off = Off
            shipped, Shipped + shipped = Shipped
            shipped, Set + set = Set
            shipped, Set + off = Off
            shipped, Set + shipped = Shipped
            shipped, Off + set = Set
            shipped, Off + off = Off
            shipped, Off + shipped = Shipped
            the site's own, Unknown + set = Set
            the site's own, Unknown + off = refused: There is no rule of this name to switch off.
            the site's own, Unknown + shipped = refused: No rule of this name is shipped.
            the site's own, Set + set = Set
            the site's own, Set + off = Off
            the site's own, Set + shipped = refused: No rule of this name is shipped.
            the site's own, Off + set = Set
            the site's own, Off + off = Off
            the site's own, Off + shipped = refused: No rule of this name is shipped.
        "#]].assert_eq(&matrix);
    }

    fn row(from: Date, until: Option<Date>) -> SiteRow {
        SiteRow { term: Term { from, until }, effect: Effect::Set }
    }

    /// Judged: each day has at most one row in force, and it is the one that decides.
    #[test]
    fn matrix_of_rows_and_days() {
        let rows = [
            row(date(2026, 3, 1), None),
            row(date(2026, 5, 1), Some(date(2026, 5, 31))),
            row(date(2026, 3, 1), None),
            row(date(2026, 7, 1), None),
        ];
        let days = [
            date(2026, 2, 28),
            date(2026, 3, 1),
            date(2026, 5, 1),
            date(2026, 5, 31),
            date(2026, 6, 1),
            date(2026, 7, 1),
        ];
        let mut matrix = String::new();
        for day in days {
            let states: Vec<RowState> =
                (0..rows.len()).map(|place| row_on(&rows, place, day)).collect();
            let decides = match in_force(&[], &rows, day) {
                Some(Pick::Site(place)) => Some(place),
                _ => None,
            };
            assert_eq!(states.iter().position(|state| *state == RowState::InForce), decides);
            let words: Vec<&str> = states.into_iter().map(RowState::label).collect();
            matrix += &format!("{day}: {}\n", words.join(", "));
        }
        expect![[r#"
            2026-02-28: superseded, still to come, still to come, still to come
            2026-03-01: superseded, still to come, in force, still to come
            2026-05-01: superseded, in force, superseded, still to come
            2026-05-31: superseded, in force, superseded, still to come
            2026-06-01: superseded, over, superseded, still to come
            2026-07-01: superseded, over, superseded, in force
        "#]]
        .assert_eq(&matrix);
    }

    #[test]
    fn what_holds_on_a_day_is_told_from_versions_and_rows() {
        let shipped = [Term { from: date(2003, 4, 14), until: None }];
        let off = SiteRow { effect: Effect::Off, ..row(date(2026, 3, 1), Some(date(2026, 3, 31))) };
        let table = [
            (&[][..], &[][..], date(2026, 1, 1), RuleState::Unknown),
            (&shipped[..], &[][..], date(2026, 1, 1), RuleState::Shipped),
            (&shipped[..], &[][..], date(2003, 1, 1), RuleState::Off),
            (&shipped[..], std::slice::from_ref(&off), date(2026, 3, 31), RuleState::Off),
            (&shipped[..], std::slice::from_ref(&off), date(2026, 4, 1), RuleState::Shipped),
        ];
        for (shipped, rows, day, expected) in table {
            assert_eq!(rule_on(shipped, rows, day), expected, "{day}");
        }
    }
}
