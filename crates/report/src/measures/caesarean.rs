//! Caesarean rate.
//!
//! # What it counts
//! The share of deliveries by caesarean.
//!
//! # Formula
//! Caesarean deliveries times 100, divided by deliveries.
//!
//! # Edge cases
//! Deliveries, not births: twins are one delivery.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on other rates.

use crate::figure::{Figure, Unit};
use crate::rows::Input;

/// Caesarean rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let deliveries = || input.rows.deliveries.iter().filter(|one| input.in_period(one.at));
    let below = deliveries().count() as f64;
    let rows: Vec<String> =
        deliveries().filter(|one| one.is_caesarean).map(|one| one.id.clone()).collect();
    let (title, above) = ("Caesarean rate", rows.len() as f64);
    vec![Figure::quotient("caesarean", title, Unit::Percent, above, below, "deliveries", rows)]
}
