//! Daily inpatient census.
//!
//! # What it counts
//! Inpatients of the last day of the period; newborns apart, observation apart.
//!
//! # Formula
//! Patients in house at midnight, and those who were admitted and discharged on that day.
//!
//! # Edge cases
//! A patient admitted and discharged on one day is counted once. The day of discharge is not
//! counted for others. Observation is outpatient and never in the inpatient census.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on census.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// The census of the period's last day.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let day = input.period.until;
    let figure = |name: &str, title: &str, rows: Vec<String>| {
        Figure::count(name, title, Unit::Patients, rows.len() as f64, rows)
    };
    let inpatients = |population| {
        let stays = input.inpatients(population).filter(|stay| input.counts_on(stay, day));
        stays.map(|stay| stay.id.clone()).collect()
    };
    let observation = input.observed().filter(|stay| input.counts_on(stay, day));
    let observation = observation.map(|stay| stay.id.clone()).collect();
    vec![
        figure(
            "daily_census",
            "Daily census, adults and children",
            inpatients(Population::AdultsAndChildren),
        ),
        figure("daily_census.newborns", "Daily census, newborns", inpatients(Population::Newborns)),
        figure("daily_census.observation", "Patients in observation", observation),
    ]
}
