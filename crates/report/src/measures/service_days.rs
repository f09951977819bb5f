//! Inpatient service days.
//!
//! # What it counts
//! Days of service given to inpatients; newborns apart.
//!
//! # Formula
//! Sum of the daily census over every day of the period.
//!
//! # Edge cases
//! Days before and after the period do not count, though the stay does.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on census.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Inpatient service days.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let figure = |name: &str, title: &str, population| {
        let (days, rows) = input.service_days(population);
        Figure::count(name, title, Unit::Days, days as f64, rows)
    };
    vec![
        figure("service_days", "Service days, adults and children", Population::AdultsAndChildren),
        figure("service_days.newborns", "Service days, newborns", Population::Newborns),
    ]
}
