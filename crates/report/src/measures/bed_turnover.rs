//! Bed turnover.
//!
//! # What it counts
//! How often a bed changes its patient in the period: adults and children.
//!
//! # Formula
//! Direct: discharges divided by the average bed count. Indirect: occupancy in percent times days
//! of the period, divided by the average stay times 100.
//!
//! # Edge cases
//! The average bed count is bed-count days by days. The two differ where stays reach over the
//! ends of the period.
//!
//! # Source
//! Horton, Calculating and Reporting Healthcare Statistics, AHIMA Press, chapter on occupancy.

use crate::figure::{Figure, Unit};
use crate::rows::{Input, Population};

/// Bed turnover, direct and indirect.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let stays = input.discharges(Population::AdultsAndChildren);
    let (bed_days, _) = input.bed_days();
    let length = input.period.length_days() as f64;
    let (service_days, _) = input.service_days(Population::AdultsAndChildren);
    let stay_days: i64 = stays.iter().filter_map(|stay| input.stay_days(stay)).sum();
    let (count, rows) = (stays.len() as f64, super::ids(&stays));
    // occupancy x days / (average stay x 100), with both quotients written out.
    let above = service_days as f64 * length * count;
    let below = bed_days as f64 * stay_days as f64;
    let (direct, indirect) = ("Bed turnover, direct", "Bed turnover, indirect");
    let beds = bed_days as f64 / length;
    vec![
        Figure::quotient("bed_turnover", direct, Unit::PerBed, count, beds, "beds", rows.clone()),
        Figure::quotient(
            "bed_turnover.indirect",
            indirect,
            Unit::PerBed,
            above,
            below,
            "beds or days of stay",
            rows,
        ),
    ]
}
