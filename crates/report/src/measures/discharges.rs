//! Discharges.
//!
//! # What it counts
//! Inpatients who left in the period, alive or dead; newborns apart.
//!
//! # Formula
//! Count of inpatient discharges whose day lies in the period.
//!
//! # Edge cases
//! A death is a discharge. Observation, emergency and outpatient visits are none.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on census.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Inpatient discharges.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let figure = |name: &str, title: &str, population| {
        let rows = super::ids(&input.discharges(population));
        Figure::count(name, title, Unit::Count, rows.len() as f64, rows)
    };
    vec![
        figure("discharges", "Discharges, adults and children", Population::AdultsAndChildren),
        figure("discharges.newborns", "Discharges, newborns", Population::Newborns),
    ]
}
