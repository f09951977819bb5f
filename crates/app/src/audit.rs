//! The audit trail as the privacy officer and the auditor read it. Reading it is audited too.

use crate::Error;
use crate::access::{Right, allowed, require};
use record::{Context, PatientKey};
use std::collections::BTreeMap;
use store::audit::{AuditRow, AuditSearch};
use store::find::PatientRow;
use store::{AuditEntry, Store, View};

/// Entries on a page.
pub const PAGE_ENTRIES: i64 = 100;
/// Entries of the report on one patient.
pub const REPORT_ENTRIES_MAX: i64 = 10_000;

/// Names of those who act, by the text under which the trail keeps them.
pub type Names = BTreeMap<String, String>;

/// Entries that fit, the newest first, with the names of everyone who may have acted.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn search(
    store: &Store,
    context: &Context,
    asked: &AuditSearch,
) -> Result<(Vec<AuditRow>, Names), Error> {
    require(store, context, Right::AuditRead)?;
    store.read(context, |view| {
        let asked = AuditSearch { limit: PAGE_ENTRIES, ..asked.clone() };
        let rows = view.audit_list(&asked)?;
        let names = names(view)?;
        let detail = format!(r#"{{"entries":{}}}"#, rows.len());
        let entry = AuditEntry::new(context, "audit.search", "audit").patients(asked.patient);
        Ok(((rows, names), entry.detail(detail)))
    })
}

fn names(view: &mut View<'_>) -> Result<Names, Error> {
    let people = view.person_list()?.into_iter();
    let mut names: Names = people.map(|p| (format!("person:{}", p.id), p.name)).collect();
    let clients = view.client_list()?.into_iter();
    names.extend(clients.map(|client| (format!("client:{}", client.id), client.name)));
    Ok(names)
}

/// One entry.
///
/// # Errors
/// [`Error::NotFound`] where there is none with this number.
pub fn entry(store: &Store, context: &Context, number: i64) -> Result<(AuditRow, Names), Error> {
    require(store, context, Right::AuditRead)?;
    store.read(context, |view| {
        let row = view.audit_entry(number)?.ok_or(Error::NotFound)?;
        let audit = AuditEntry::new(context, "audit.open", format!("audit/{number}"));
        let audit = audit.patients(row.patients.iter().copied());
        Ok(((row, names(view)?), audit))
    })
}

/// Who opened one patient's chart.
pub struct Accesses {
    /// The patient's key, which says nothing.
    pub patient: PatientKey,
    /// Who it is, for one who may find patients.
    pub identity: Option<PatientRow>,
    /// Every access, the newest first.
    pub rows: Vec<AuditRow>,
    /// Names of those who acted.
    pub names: Names,
}

/// "Who opened my chart": every access to one patient's record, by whom, when, what, why.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn accesses(store: &Store, context: &Context, patient: PatientKey) -> Result<Accesses, Error> {
    require(store, context, Right::AuditRead)?;
    store.read(context, |view| {
        let row = view.patient_row(patient)?.ok_or(Error::NotFound)?;
        let search = AuditSearch {
            patient: Some(patient),
            limit: REPORT_ENTRIES_MAX,
            ..AuditSearch::default()
        };
        let rows = view.audit_list(&search)?;
        let names = names(view)?;
        let identity = allowed(context, Right::PatientFind).then_some(row);
        let audit = AuditEntry::new(context, "audit.accesses", format!("patient/{}", patient.0));
        Ok((Accesses { patient, identity, rows, names }, audit.patients([patient])))
    })
}

/// How far the chain of blocks has come, and what was last kept beside the keys.
#[derive(Clone, Debug)]
pub struct ChainState {
    /// Number of the last block.
    pub block: i64,
    /// Its hash.
    pub block_hash: String,
    /// The block whose hash was last kept apart from the data.
    pub kept_block: Option<i64>,
}

/// The state of the chain.
pub fn chain(store: &Store, context: &Context) -> Result<ChainState, Error> {
    require(store, context, Right::AuditRead)?;
    store.read(context, |view| {
        let head = view.head()?;
        let kept = store.keys().checkpoint()?;
        let state = ChainState {
            block: head.block,
            block_hash: record::hash::hex(&head.block_hash),
            kept_block: kept.map(|checkpoint| checkpoint.block),
        };
        Ok((state, AuditEntry::new(context, "audit.chain", "audit")))
    })
}
