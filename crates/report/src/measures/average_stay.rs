//! Average length of stay.
//!
//! # What it counts
//! How long discharged inpatients stayed; newborns apart.
//!
//! # Formula
//! Sum of discharge day minus admission day, divided by discharges, deaths included.
//!
//! # Edge cases
//! Admitted and discharged on one day is one day. Patients still in house do not count, and
//! census days play no part.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on length of
//! stay.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Average length of stay.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let figure = |name: &str, title: &str, population| {
        let stays = input.discharges(population);
        let days: i64 = stays.iter().filter_map(|stay| input.stay_days(stay)).sum();
        let count = stays.len() as f64;
        let rows = super::ids(&stays);
        Figure::quotient(name, title, Unit::Days, days as f64, count, "discharges", rows)
    };
    vec![
        figure("average_stay", "Average stay, adults and children", Population::AdultsAndChildren),
        figure("average_stay.newborns", "Average stay, newborns", Population::Newborns),
    ]
}
