//! Finding a patient by anything that identifies one, in any order of words.

use crate::Error;
use crate::access::{Right, require};
use identity::{Candidate, Term, query_terms, score};
use record::Context;
use serde_json::Value;
use std::collections::HashSet;
use store::find::{PatientRow, TermKeys};
use store::{AuditEntry, Store};

/// Patients shown at most.
pub const FOUND_MAX: usize = 50;
/// Candidates that are ranked.
const CANDIDATES_MAX: i64 = 400;

/// What a search found, the best first.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Patients, the best first.
    pub patients: Vec<PatientRow>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// Whether anything was asked that can be searched.
    pub understood: bool,
}

/// Finds patients by names (by sound and with typing errors too), birth date, telephone and
/// record number.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn patients(store: &Store, context: &Context, text: &str) -> Result<Found, Error> {
    require(store, context, Right::PatientFind)?;
    let query = query_terms(text);
    if query.is_empty() {
        return Ok(Found::default());
    }
    let terms: Vec<TermKeys> = query.terms.iter().map(keys).collect();
    store.read(context, |view| {
        let rows = view.patient_find(&terms, CANDIDATES_MAX)?;
        let links = view.patient_links()?;
        let mut ranked = Vec::with_capacity(rows.len());
        for row in rows {
            let candidate = candidate(&view.resource_value_by_key(row.resource)?);
            let score = score(&query, &candidate);
            // A merged record finds the one that survives it.
            let survivor = links.resolve(row.patient);
            let row = if survivor == row.patient { Some(row) } else { view.patient_row(survivor)? };
            ranked.extend(row.map(|row| (score, row)));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.patient.cmp(&b.1.patient)));
        let mut seen = HashSet::new();
        ranked.retain(|(_, row)| seen.insert(row.patient));
        let more = ranked.len() > FOUND_MAX;
        let patients: Vec<PatientRow> =
            ranked.into_iter().take(FOUND_MAX).map(|(_, row)| row).collect();
        // What was typed identifies a patient: the trail keeps how many words, and whom it found.
        let detail = format!(r#"{{"terms":{},"found":{}}}"#, query.terms.len(), patients.len());
        let entry = AuditEntry::new(context, "patient.find", "patients")
            .patients(patients.iter().map(|row| row.patient))
            .detail(detail);
        Ok((Found { patients, more, understood: true }, entry))
    })
}

fn keys(term: &Term) -> TermKeys {
    TermKeys { keys: term.keys(), prefix: term.prefix() }
}

fn candidate(resource: &Value) -> Candidate {
    Candidate::new(&store::projection::person(resource))
}
