//! Duplicate records.
//!
//! # What it counts
//! How many records may be a person's second one, and how many registrations make one.
//!
//! # Formula
//! Error rate: records in possible-duplicate pairs times 100, divided by all records. Creation
//! rate: registrations of the period that were confirmed as duplicates times 100, divided by
//! registrations of the period.
//!
//! # Edge cases
//! A record in three pairs counts once. Pairs judged "not the same" do not count. The usual aim is
//! at most 1 %. A duplicate confirmed after the period still counts in the period that made it.
//!
//! # Source
//! AHIMA, Managing the Integrity of Patient Identity in Health Information Exchange.

use crate::figure::{Figure, Unit};
use crate::rows::Input;
use std::collections::BTreeSet;

/// Error rate and creation rate of duplicates.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let records: BTreeSet<&String> = input.rows.possible_duplicates.iter().collect();
    let records: Vec<String> = records.into_iter().cloned().collect();
    let registered = || input.rows.registrations.iter().filter(|one| input.in_period(one.at));
    let confirmed = registered().filter(|one| one.is_confirmed_duplicate);
    let confirmed: Vec<String> = confirmed.map(|one| one.id.clone()).collect();
    vec![
        Figure::quotient(
            "duplicates",
            "Duplicate error rate",
            Unit::Percent,
            records.len() as f64,
            input.rows.patient_count as f64,
            "patient records",
            records,
        ),
        Figure::quotient(
            "duplicates.created",
            "Duplicate creation rate",
            Unit::Percent,
            confirmed.len() as f64,
            registered().count() as f64,
            "registrations",
            confirmed,
        ),
    ]
}
