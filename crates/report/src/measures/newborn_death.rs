//! Newborn death rate.
//!
//! # What it counts
//! The share of newborns who died here.
//!
//! # Formula
//! Newborn deaths times 100, divided by newborn discharges, deaths included.
//!
//! # Edge cases
//! Fetal deaths are no newborn deaths. A newborn is one born here in this stay.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::Figure;
use crate::rows::{Input, Population};

/// Newborn death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let stays = input.discharges(Population::Newborns);
    let deaths: Vec<_> = stays.iter().filter(|stay| stay.is_death()).copied().collect();
    let (name, title) = ("newborn_death", "Newborn death rate");
    vec![super::percent(name, title, &deaths, &stays, "newborn discharges")]
}
