//! Maternal death rate.
//!
//! # What it counts
//! The share of obstetric patients who died of a direct obstetric cause.
//!
//! # Formula
//! Direct obstetric deaths times 100, divided by obstetric discharges, deaths included.
//!
//! # Edge cases
//! Deaths of obstetric patients by other causes count below the line only.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::Figure;
use crate::rows::{Input, Population};

/// Maternal death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let mut stays = input.discharges(Population::AdultsAndChildren);
    stays.retain(|stay| stay.is_obstetric);
    let deaths: Vec<_> =
        stays.iter().filter(|stay| stay.is_death() && stay.is_maternal_death).copied().collect();
    let (name, title) = ("maternal_death", "Maternal death rate");
    vec![super::percent(name, title, &deaths, &stays, "obstetric discharges")]
}
