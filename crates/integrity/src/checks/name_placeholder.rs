//! Patients whose name is missing or a stand-in.
//!
//! # What it finds
//! Patients without a name, and those whose family or given name is a word that registration
//! writes when none is known.
//!
//! # Why it matters
//! A stand-in is never matched, so the record stays apart from the person's other ones, and a
//! newborn's results go astray.
//!
//! # Example
//! `Unknown, Unknown`, `Test, Patient`, `Boy, Baby` weeks after the birth.
//!
//! # Source
//! AHIMA, Data Quality Management Model: accuracy. Joint Commission NPSG.01.01.01 on two
//! identifiers.

use super::Found;
use crate::rows::{Rows, Table};

const STAND_INS: &[&str] = &[
    "unknown",
    "unk",
    "anonymous",
    "anon",
    "none",
    "na",
    "n/a",
    "test",
    "patient",
    "baby",
    "boy",
    "girl",
    "baby boy",
    "baby girl",
    "newborn",
    "infant",
    "xxx",
    "noname",
    "no name",
];

/// Patients whose name is missing or a stand-in.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    for patient in &rows.patients {
        let name = patient.name.reveal().to_lowercase();
        let mut parts = name.split(',').map(str::trim);
        let is_fault = name.trim().is_empty() || parts.any(|part| STAND_INS.contains(&part));
        let sentence = "The name is missing or a stand-in. Find the name, and register it.";
        found.judge(Table::Patient, &patient.id, Some(patient.key), is_fault.then_some(sentence));
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients.push(super::fixture::patient(8, "Unknown, Jane", "1990-01-01"));
    rows.patients.push(super::fixture::patient(9, "", "1990-01-02"));
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
