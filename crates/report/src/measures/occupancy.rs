//! Occupancy.
//!
//! # What it counts
//! The share of staffed beds in use; newborns in bassinets apart.
//!
//! # Formula
//! Inpatient service days times 100, divided by the sum of the bed count of every day.
//!
//! # Edge cases
//! Beds change: the count of each day is summed. Newborns use bassinets, not beds. It can pass
//! 100 %.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on occupancy.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Occupancy of beds and of bassinets.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let (beds, bassinets) = input.bed_days();
    let figure = |name: &str, title: &str, population, places: i64, what: &str| {
        let (days, rows) = input.service_days(population);
        let (days, places) = (days as f64, places as f64);
        Figure::quotient(name, title, Unit::Percent, days, places, what, rows)
    };
    let adults = Population::AdultsAndChildren;
    vec![
        figure("occupancy", "Occupancy, adults and children", adults, beds, "bed-count days"),
        figure(
            "occupancy.newborns",
            "Occupancy, newborns",
            Population::Newborns,
            bassinets,
            "bassinet-count days",
        ),
    ]
}
