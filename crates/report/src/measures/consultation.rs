//! Consultation rate.
//!
//! # What it counts
//! The share of inpatients for whom a consultant was called.
//!
//! # Formula
//! Discharged inpatients with at least one consultation times 100, divided by discharges.
//!
//! # Edge cases
//! A patient with three consultations counts once.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on other rates.

use crate::figure::Figure;
use crate::rows::{Input, Population};

/// Consultation rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let stays = input.discharges(Population::All);
    let consulted: Vec<_> = stays.iter().filter(|stay| stay.is_consulted).copied().collect();
    let (name, title) = ("consultation", "Consultation rate");
    vec![super::percent(name, title, &consulted, &stays, "discharges")]
}
