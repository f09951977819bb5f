//! Fetal death rate.
//!
//! # What it counts
//! The share of deliveries' infants who were stillborn.
//!
//! # Formula
//! Intermediate and late fetal deaths times 100, divided by live births and the same fetal
//! deaths.
//!
//! # Edge cases
//! Early fetal deaths (under 20 weeks or 500 g) count on neither side.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::{Figure, Unit};
use crate::rows::Input;

/// Fetal death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let in_period = |at| input.in_period(at);
    let (mut deaths, mut births, mut rows) = (0u32, 0u32, Vec::new());
    for delivery in input.rows.deliveries.iter().filter(|delivery| in_period(delivery.at)) {
        let counted = delivery.intermediate_fetal_deaths + delivery.late_fetal_deaths;
        deaths += counted;
        births += delivery.live_births;
        rows.extend((counted > 0).then(|| delivery.id.clone()));
    }
    let (above, below) = (f64::from(deaths), f64::from(births + deaths));
    let title = "Fetal death rate";
    vec![Figure::quotient("fetal_death", title, Unit::Percent, above, below, "births", rows)]
}
