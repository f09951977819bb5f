//! Anaesthesia death rate.
//!
//! # What it counts
//! The share of anaesthetics that caused a death.
//!
//! # Formula
//! Deaths caused by an anaesthetic times 100, divided by anaesthetics given.
//!
//! # Edge cases
//! Anaesthetics are counted, not patients.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::{Figure, Unit};
use crate::rows::Input;

/// Anaesthesia death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let (mut given, mut rows) = (0u32, Vec::new());
    for operation in input.rows.operations.iter().filter(|one| input.in_period(one.at)) {
        given += operation.anaesthetics;
        rows.extend(operation.is_anaesthetic_death.then(|| operation.id.clone()));
    }
    let (name, title) = ("anaesthesia_death", "Anaesthesia death rate");
    let (above, below) = (rows.len() as f64, f64::from(given));
    vec![Figure::quotient(name, title, Unit::Percent, above, below, "anaesthetics", rows)]
}
