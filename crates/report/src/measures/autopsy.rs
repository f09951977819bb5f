//! Autopsy rates.
//!
//! # What it counts
//! The share of deaths followed by an autopsy of this hospital's pathologist.
//!
//! # Formula
//! Gross: autopsies of inpatients by inpatient deaths. Net: the same by inpatient deaths less
//! coroner's cases that were not autopsied here. Adjusted: all hospital autopsies, of outpatients
//! too, by all bodies available.
//!
//! # Edge cases
//! A coroner's case that this hospital's pathologist autopsied stays on both sides. A body that
//! the coroner removed is not available.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on autopsy
//! rates.

use crate::figure::{Figure, Unit};
use crate::rows::Input;

use crate::rows::BodyRow;

/// Autopsy rates: gross, net, adjusted.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let bodies: Vec<&BodyRow> =
        input.rows.bodies.iter().filter(|body| input.in_period(body.died)).collect();
    let is_available = |body: &&BodyRow| body.is_autopsied || !body.is_coroner_case;
    let figure = |name: &str, title: &str, below: Vec<&BodyRow>| {
        let done = below.iter().filter(|body| body.is_autopsied);
        let rows: Vec<String> = done.map(|body| body.id.clone()).collect();
        let (above, below) = (rows.len() as f64, below.len() as f64);
        Figure::quotient(name, title, Unit::Percent, above, below, "deaths", rows)
    };
    let inpatients = || bodies.iter().copied().filter(|body| body.is_inpatient);
    let available = bodies.iter().copied().filter(is_available).collect();
    vec![
        figure("autopsy", "Autopsy rate, gross", inpatients().collect()),
        figure("autopsy.net", "Autopsy rate, net", inpatients().filter(is_available).collect()),
        figure("autopsy.adjusted", "Autopsy rate, adjusted", available),
    ]
}
