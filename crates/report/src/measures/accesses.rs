//! Accesses to records.
//!
//! # What it counts
//! How often records were opened in the period, and how often by breaking the glass.
//!
//! # Formula
//! Count of access entries of the audit trail.
//!
//! # Edge cases
//! A page with three records is three accesses.
//!
//! # Source
//! 45 CFR 164.308(a)(1)(ii)(D), information system activity review.

use crate::figure::{Figure, Unit};
use crate::rows::Input;

/// Accesses, and those by breaking the glass.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let accesses = |only_emergency: bool| -> Vec<String> {
        let all = input.rows.accesses.iter().filter(|access| input.in_period(access.at));
        let asked = all.filter(|access| access.is_emergency || !only_emergency);
        asked.map(|access| access.id.clone()).collect()
    };
    let figure = |name: &str, title: &str, rows: Vec<String>| {
        Figure::count(name, title, Unit::Count, rows.len() as f64, rows)
    };
    vec![
        figure("accesses", "Accesses to records", accesses(false)),
        figure("accesses.emergency", "Accesses by breaking the glass", accesses(true)),
    ]
}
