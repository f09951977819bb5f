//! Infection rates.
//!
//! # What it counts
//! The share of inpatients who caught an infection here, and of operations followed by one.
//!
//! # Formula
//! Discharges with a hospital-acquired infection times 100 by discharges. Infected operations
//! times 100 by operations; for clean operations (class I) apart.
//!
//! # Edge cases
//! Infections present on admission do not count. Where a postoperative rate is asked for, say
//! which: of all operations or of clean ones.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on other rates.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

use crate::rows::OperationRow;

/// Infection rates.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let stays = input.discharges(Population::All);
    let infected: Vec<_> =
        stays.iter().filter(|stay| stay.has_hospital_infection).copied().collect();
    let operations = |only_clean: bool| -> Vec<&OperationRow> {
        let all = input.rows.operations.iter().filter(|one| input.in_period(one.at));
        all.filter(|one| one.is_clean || !only_clean).collect()
    };
    let postoperative = |name: &str, title: &str, only_clean| {
        let below = operations(only_clean);
        let infected = below.iter().filter(|one| one.is_infected);
        let rows: Vec<String> = infected.map(|one| one.id.clone()).collect();
        let (above, below) = (rows.len() as f64, below.len() as f64);
        Figure::quotient(name, title, Unit::Percent, above, below, "operations", rows)
    };
    vec![
        super::percent(
            "infection",
            "Hospital-acquired infection rate",
            &infected,
            &stays,
            "discharges",
        ),
        postoperative("infection.postoperative", "Postoperative infection rate", false),
        postoperative(
            "infection.postoperative_clean",
            "Postoperative infection rate, clean operations",
            true,
        ),
    ]
}
