//! Patients with one name, birth date and sex.
//!
//! # What it finds
//! Records that agree letter by letter on name, birth date and sex and are not merged. The
//! matching of possible duplicates finds more; this finds what is plain.
//!
//! # Why it matters
//! Care is given from half of a record. The usual aim is at most one percent of records in such
//! pairs.
//!
//! # Example
//! `Roe, Jane`, born 1980-03-04, female, registered twice.
//!
//! # Source
//! AHIMA, Benchmarks for duplicate record rates. Kahn et al., A Harmonized Data Quality
//! Assessment Terminology, eGEMs 2016: conformance, uniqueness.

use super::Found;
use crate::rows::{Rows, Table};

use std::collections::BTreeMap;

/// Patients who agree on name, birth date and sex.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let face = |patient: &crate::rows::PatientRow| {
        let birth = patient.birth_date.as_ref()?.reveal().to_owned();
        Some((patient.name.reveal().trim().to_lowercase(), birth, patient.sex.clone()))
    };
    let mut counts = BTreeMap::new();
    for face in rows.patients.iter().filter_map(face) {
        *counts.entry(face).or_insert(0) += 1;
    }
    let sentence = "Another record has the same name, birth date and sex. \
                    Compare the two, and judge whether they are one person.";
    for patient in &rows.patients {
        let is_alike = face(patient).is_some_and(|face| counts.get(&face) > Some(&1));
        found.judge(Table::Patient, &patient.id, Some(patient.key), is_alike.then_some(sentence));
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients.push(super::fixture::patient(8, "ROE, JANE", "1980-03-04"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients.push(super::fixture::patient(8, "Roe, Jane", "1980-03-05"));
    rows
}
