//! Medical record numbers that more than one patient holds.
//!
//! # What it finds
//! A number of one namespace on two patient records that are not merged.
//!
//! # Why it matters
//! Results filed by number reach the wrong chart: the beginning of an overlay, two people in one
//! record.
//!
//! # Example
//! Two records hold the number `M1` of one facility.
//!
//! # Source
//! AHIMA, Managing the Integrity of Patient Identity in Health Information Exchange. Kahn et al.,
//! A Harmonized Data Quality Assessment Terminology, eGEMs 2016: conformance, uniqueness.

use super::Found;
use crate::rows::{Rows, Table};

use record::{Mrn, PatientKey};
use std::collections::BTreeMap;

/// Numbers that more than one patient holds.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let mut holders: BTreeMap<(&str, &Mrn), Vec<(&str, PatientKey)>> = BTreeMap::new();
    for patient in &rows.patients {
        for (namespace, mrn) in patient.mrns.iter().filter(|(_, mrn)| !mrn.is_empty()) {
            let holder = (patient.id.as_str(), patient.key);
            let known = holders.entry((namespace, mrn)).or_default();
            if !known.contains(&holder) {
                known.push(holder);
            }
        }
    }
    let sentence = "Another patient holds the same medical record number. \
                    Compare the two records: merge them, or give one its own number.";
    for holders in holders.values() {
        for (id, key) in holders {
            let fault = (holders.len() > 1).then_some(sentence);
            found.judge(Table::Patient, id, Some(*key), fault);
        }
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    rows.patients[1].mrns = rows.patients[0].mrns.clone();
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    let mut rows = super::fixture::sound();
    let (_, mrn) = rows.patients[0].mrns[0].clone();
    rows.patients[1].mrns = vec![("urn:other-site".to_owned(), mrn)];
    rows
}
