//! Average daily census.
//!
//! # What it counts
//! How many inpatients are in house on a day, on average; newborns apart.
//!
//! # Formula
//! Inpatient service days divided by the days of the period.
//!
//! # Edge cases
//! Every day of the period divides, also one without patients.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on census.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Average daily census.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let length = input.period.length_days() as f64;
    let figure = |name: &str, title: &str, population| {
        let (days, rows) = input.service_days(population);
        Figure::quotient(name, title, Unit::Patients, days as f64, length, "days", rows)
    };
    vec![
        figure(
            "average_daily_census",
            "Average daily census, adults and children",
            Population::AdultsAndChildren,
        ),
        figure(
            "average_daily_census.newborns",
            "Average daily census, newborns",
            Population::Newborns,
        ),
    ]
}
