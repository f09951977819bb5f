//! Postoperative death rate.
//!
//! # What it counts
//! The share of patients operated on who died within ten days.
//!
//! # Formula
//! Patients who died here at most ten days after an operation of the period, times 100, divided
//! by patients operated on.
//!
//! # Edge cases
//! A patient with two operations counts once. The tenth day counts.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, StayRow, days_between};

use jiff::civil::Date;
use record::PatientKey;
use std::collections::BTreeMap;

/// Days after an operation within which a death counts.
const DAYS_MAX: i64 = 10;

/// Postoperative death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let mut deaths: BTreeMap<PatientKey, Vec<(&StayRow, Date)>> = BTreeMap::new();
    for stay in input.rows.stays.iter().filter(|stay| stay.is_death()) {
        let died = stay.discharged.map(|at| (stay, input.day(at)));
        deaths.entry(stay.patient).or_default().extend(died);
    }
    let mut patients: BTreeMap<PatientKey, Option<String>> = BTreeMap::new();
    for operation in input.rows.operations.iter().filter(|one| input.in_period(one.at)) {
        let day = input.day(operation.at);
        let death = deaths.get(&operation.patient).into_iter().flatten();
        let is_near = |died: Date| (0..=DAYS_MAX).contains(&days_between(day, died));
        let death = death.filter(|(_, died)| is_near(*died)).map(|(stay, _)| *stay).next();
        let known = patients.entry(operation.patient).or_default();
        *known = known.take().or(death.map(|stay| stay.id.clone()));
    }
    let below = patients.len() as f64;
    let rows: Vec<String> = patients.into_values().flatten().collect();
    let (name, title) = ("postoperative_death", "Postoperative death rate");
    let (above, of) = (rows.len() as f64, "patients operated on");
    vec![Figure::quotient(name, title, Unit::Percent, above, below, of, rows)]
}
