//! Delinquency rate.
//!
//! # What it counts
//! Records past their time, against the discharges of a month.
//!
//! # Formula
//! Delinquent records at the end of the period times 100, divided by the average monthly
//! discharges of the twelve months before it.
//!
//! # Edge cases
//! It can pass 100 %. Deficient and incomplete records are not delinquent. 50 % is still taught
//! as a limit; the Joint Commission withdrew it in 2016, so the threshold is a setting.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on the record's
//! completion.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

use jiff::ToSpan;

/// Delinquency rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let until = input.period.until;
    let from = until.checked_sub(1.year()).unwrap_or(until);
    let monthly = input
        .inpatients(Population::All)
        .filter_map(|stay| stay.discharged)
        .filter(|at| from < input.day(*at) && input.day(*at) <= until)
        .count() as f64
        / 12.0;
    let rows: Vec<String> = input.rows.delinquent.iter().map(|chart| chart.id.clone()).collect();
    let (title, above) = ("Delinquency rate", rows.len() as f64);
    let of = "discharges in twelve months";
    vec![Figure::quotient("delinquency", title, Unit::Percent, above, monthly, of, rows)]
}
