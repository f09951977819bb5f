//! Documents that stand in no encounter, or in another patient's.
//!
//! # What it finds
//! Indexed documents without an encounter, with one that does not exist, or with one of another
//! patient.
//!
//! # Why it matters
//! Who looks for the operative report of a stay does not find it; in another's chart it misleads
//! and is disclosed.
//!
//! # Example
//! A document of one patient indexed to the stay of another.
//!
//! # Source
//! AHIMA, Data Quality Management Model: consistency. Kahn et al., A Harmonized Data Quality
//! Assessment Terminology, eGEMs 2016: conformance, relational.

use super::Found;
use crate::rows::{Rows, Table};

/// Documents without their encounter.
pub fn find(rows: &Rows) -> Found {
    let mut found = Found::default();
    let encounters = rows.encounters_by_id();
    for document in rows.live_documents() {
        let Some(patient) = document.patient else { continue };
        let encounter = document.encounter.as_deref().map(|id| encounters.get(id));
        let fault = match encounter {
            None => Some("The document belongs to no encounter. Index it to one."),
            Some(None) => Some("The document names an encounter that is not there. Index it anew."),
            Some(Some(encounter)) if encounter.patient != patient => Some(
                "The document is indexed to an encounter of another patient. \
                 Find out whose it is before anyone reads it.",
            ),
            Some(Some(_)) => None,
        };
        found.judge(Table::Document, &document.id, Some(patient), fault);
    }
    found
}

#[cfg(test)]
pub(super) fn failing() -> Rows {
    let mut rows = super::fixture::sound();
    let mut stray = rows.documents[0].clone();
    stray.encounter = None;
    stray.id = "d8".to_owned();
    rows.documents.push(stray.clone());
    stray.encounter = Some("e3".to_owned());
    stray.id = "d9".to_owned();
    rows.documents.push(stray);
    rows
}

#[cfg(test)]
pub(super) fn passing() -> Rows {
    super::fixture::sound()
}
