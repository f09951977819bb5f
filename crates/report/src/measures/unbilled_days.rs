//! Discharged, not final billed.
//!
//! # What it counts
//! Money that waits between discharge and the final bill: days of revenue, dollars, count and
//! age.
//!
//! # Formula
//! Dollars not final billed divided by the average daily revenue of the last twelve months. Also
//! the count, and the average age in days at the end of the period.
//!
//! # Edge cases
//! Without revenue there are no days, and the dollars are still shown. By reason of hold in its
//! own table.
//!
//! # Source
//! HFMA MAP Key, discharged not final billed days.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, days_between};

/// Days, dollars, count and age of what is not final billed.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let accounts = &input.rows.unbilled;
    let rows: Vec<String> = accounts.iter().map(|account| account.id.clone()).collect();
    let cents: i64 = accounts.iter().map(|account| account.charges_cents).sum();
    let age: i64 = accounts
        .iter()
        .map(|account| days_between(input.day(account.discharged), input.period.until).max(0))
        .sum();
    let dollars = cents as f64 / 100.0;
    let daily = match input.rows.revenue_days {
        0 => 0.0,
        days => input.rows.revenue_cents as f64 / 100.0 / f64::from(days),
    };
    let count = rows.len() as f64;
    vec![
        Figure::quotient(
            "unbilled_days",
            "Days not final billed",
            Unit::Days,
            dollars,
            daily,
            "dollars of daily revenue",
            rows.clone(),
        ),
        Figure::count(
            "unbilled_days.dollars",
            "Dollars not final billed",
            Unit::Dollars,
            dollars,
            rows.clone(),
        ),
        Figure::count(
            "unbilled_days.accounts",
            "Accounts not final billed",
            Unit::Count,
            count,
            rows.clone(),
        ),
        Figure::quotient(
            "unbilled_days.age",
            "Average age of accounts not final billed",
            Unit::Days,
            age as f64,
            count,
            "accounts",
            rows,
        ),
    ]
}
