//! Case-mix index.
//!
//! # What it counts
//! How much the average inpatient weighs by DRG.
//!
//! # Formula
//! Sum of the relative weights of grouped discharges, divided by the same discharges.
//!
//! # Edge cases
//! A discharge that is not grouped yet counts on neither side, and their number is shown apart.
//!
//! # Source
//! 42 CFR 412.60; CMS, case-mix index files.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Case-mix index, and what is not grouped yet.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let stays = input.discharges(Population::All);
    let (grouped, waiting): (Vec<_>, Vec<_>) =
        stays.into_iter().partition(|stay| stay.weight.is_some());
    let weight: f64 = grouped.iter().filter_map(|stay| stay.weight).sum();
    let count = grouped.len() as f64;
    let (rows, waiting) = (super::ids(&grouped), super::ids(&waiting));
    let (name, title) = ("case_mix_index", "Case-mix index");
    vec![
        Figure::quotient(name, title, Unit::Weight, weight, count, "grouped discharges", rows),
        Figure::count(
            "case_mix_index.ungrouped",
            "Discharges not grouped yet",
            Unit::Count,
            waiting.len() as f64,
            waiting,
        ),
    ]
}
