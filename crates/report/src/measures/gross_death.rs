//! Gross death rate.
//!
//! # What it counts
//! The share of inpatients who died here, newborns included.
//!
//! # Formula
//! Inpatient deaths times 100, divided by inpatient discharges, deaths included.
//!
//! # Edge cases
//! No dead on arrival, no emergency or outpatient deaths, no fetal deaths.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::Figure;
use crate::rows::{Input, Population};

/// Gross death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let stays = input.discharges(Population::All);
    let deaths: Vec<_> = stays.iter().filter(|stay| stay.is_death()).copied().collect();
    vec![super::percent("gross_death", "Gross death rate", &deaths, &stays, "discharges")]
}
