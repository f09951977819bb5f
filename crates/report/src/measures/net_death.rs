//! Net death rate.
//!
//! # What it counts
//! The share of inpatients who died after the hospital had 48 hours to treat them.
//!
//! # Formula
//! Inpatient deaths less those under 48 hours from admission, times 100, divided by discharges
//! less the same deaths.
//!
//! # Edge cases
//! The deaths under 48 hours leave both sides. Exactly 48 hours counts as not under.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on death rates.

use crate::figure::Figure;
use crate::rows::{Input, Population};

/// Under so many hours from admission, a death is left out.
const EARLY_HOURS: i64 = 48;

/// Net death rate.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let mut stays = input.discharges(Population::All);
    stays.retain(|stay| {
        let limit = stay.admitted.plus_seconds(EARLY_HOURS * 3_600);
        !(stay.is_death() && stay.discharged.is_some_and(|died| died < limit))
    });
    let deaths: Vec<_> = stays.iter().filter(|stay| stay.is_death()).copied().collect();
    vec![super::percent("net_death", "Net death rate", &deaths, &stays, "discharges")]
}
