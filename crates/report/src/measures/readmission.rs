//! Readmission rate.
//!
//! # What it counts
//! The share of index discharges after which the patient came back within 30 days.
//!
//! # Formula
//! Index discharges followed by an inpatient admission within 30 days times 100, divided by index
//! discharges. Planned readmissions are shown apart.
//!
//! # Edge cases
//! Index: inpatient discharges of the period, alive, not transferred to another acute hospital,
//! newborns left out. An admission by transfer is a continued stay and no readmission. Each index
//! discharge counts once, by its first admission after it. Day 30 counts.
//!
//! # Source
//! CMS, hospital-wide all-cause readmission measure: 30 days, planned readmissions apart. Horton,
//! Calculating and Reporting Healthcare Statistics, AHIMA Press.

use crate::figure::Figure;
use crate::rows::{Disposition, Input, Population, days_between};

use crate::rows::StayRow;
use record::PatientKey;
use std::collections::BTreeMap;

/// Days after discharge within which an admission counts.
const DAYS_MAX: i64 = 30;

/// Readmission rates, unplanned and planned.
pub fn compute(input: &Input<'_>) -> Vec<Figure> {
    let index = index_discharges(input);
    let mut by_patient: BTreeMap<PatientKey, Vec<&StayRow>> = BTreeMap::new();
    for stay in input.inpatients(Population::AdultsAndChildren) {
        by_patient.entry(stay.patient).or_default().push(stay);
    }
    let returned = |is_planned: bool| -> Vec<&StayRow> {
        let next = |stay: &&StayRow| next_admission(input, &by_patient[&stay.patient], stay);
        let came_back =
            |stay: &&StayRow| next(stay).is_some_and(|again| again.is_planned == is_planned);
        index.iter().copied().filter(came_back).collect()
    };
    vec![
        super::percent(
            "readmission",
            "Readmission rate, unplanned",
            &returned(false),
            &index,
            "index discharges",
        ),
        super::percent(
            "readmission.planned",
            "Readmission rate, planned",
            &returned(true),
            &index,
            "index discharges",
        ),
    ]
}

/// The discharges after which a return would count.
pub(crate) fn index_discharges<'a>(input: &Input<'a>) -> Vec<&'a StayRow> {
    let mut index = input.discharges(Population::AdultsAndChildren);
    index.retain(|stay| !matches!(stay.disposition, Disposition::Died | Disposition::Transfer));
    index
}

/// The patient's first inpatient admission within the days allowed, transfers left out.
fn next_admission<'a>(
    input: &Input<'a>,
    own: &[&'a StayRow],
    index: &StayRow,
) -> Option<&'a StayRow> {
    let left = index.discharged?;
    let is_in_time = |stay: &&StayRow| {
        let days = days_between(input.day(left), input.day(stay.admitted));
        stay.admitted >= left && days <= DAYS_MAX
    };
    own.iter()
        .copied()
        .filter(|stay| stay.id != index.id && !stay.is_transfer_in)
        .filter(is_in_time)
        .min_by_key(|stay| (stay.admitted, &stay.id))
}
