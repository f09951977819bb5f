//! Release turnaround.
//!
//! # What it counts
//! How many days a request for release took.
//!
//! # Formula
//! Calendar days from receipt to delivery, divided by requests delivered in the period.
//!
//! # Edge cases
//! Delivered on the day of receipt is 0 days. Requests still open are counted apart.
//!
//! # Source
//! 45 CFR 164.524(b)(2): thirty days is a latest date, not an aim.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, days_between};

/// Release turnaround, and what is still open.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let (mut days, mut done, mut open) = (0, Vec::new(), Vec::new());
    for request in &input.rows.requests {
        match request.delivered {
            Some(delivered) if input.in_period(delivered) => {
                days += days_between(input.day(request.received), input.day(delivered)).max(0);
                done.push(request.id.clone());
            }
            Some(_) => {}
            None if input.day(request.received) <= input.period.until => {
                open.push(request.id.clone());
            }
            None => {}
        }
    }
    let (name, title) = ("release_turnaround", "Release turnaround");
    let (above, below) = (days as f64, done.len() as f64);
    vec![
        Figure::quotient(name, title, Unit::Days, above, below, "delivered requests", done),
        Figure::count(
            "release_turnaround.open",
            "Requests still open",
            Unit::Count,
            open.len() as f64,
            open,
        ),
    ]
}
