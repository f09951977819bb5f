//! Looking for possible duplicates among all records.

use super::WORK_KIND;
use crate::Error;
use crate::access::{Right, require};
use identity::block::{BLOCK_RECORDS_MAX, prepared_block_keys};
use identity::duplicate::{DuplicateAction, apply};
use identity::{
    Links, Model, Pair, Person, Prepared, Verdict, candidate_pairs, compare_with, evidence_digest,
};
use record::{ContentHash, Context, PatientKey, Role};
use std::collections::HashMap;
use store::identity::DuplicatePair;
use store::work::NewWork;
use store::{AuditEntry, Store, Transaction, View};

/// What a search for possible duplicates did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Records compared.
    pub records_count: usize,
    /// Pairs that share a key and were compared.
    pub compared_count: usize,
    /// Pairs found now that were not known.
    pub opened_count: usize,
    /// Closed or waiting pairs that came back because what they were judged on has changed.
    pub reopened_count: usize,
    /// Pairs that no longer look alike, and that nobody had judged.
    pub withdrawn_count: usize,
}

struct Alike {
    pair: Pair,
    probability: f64,
    evidence: ContentHash,
}

/// Records read at once.
const PAGE_RECORDS: i64 = 1_000;
/// Pairs that a search can know of.
const KNOWN_MAX: i64 = 10_000_000;

/// Compares all records that share a key and opens work for the pairs that may be one person.
/// Nothing merges by itself. A pair judged "not the same" stays so until its evidence changes.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn find(store: &Store, context: &Context) -> Result<Found, Error> {
    require(store, context, Right::IdentityDecide)?;
    let (alike, mut found) = store.read(context, |view| {
        let (people, links) = (people(view)?, view.patient_links()?);
        let (alike, compared_count) = alike(&people, &links);
        let found = Found { records_count: people.len(), compared_count, ..Found::default() };
        let detail =
            format!(r#"{{"records":{},"pairs":{}}}"#, found.records_count, found.compared_count);
        let entry = AuditEntry::new(context, "identity.compare", "patients").detail(detail);
        Ok::<_, Error>(((alike, found), entry))
    })?;
    store.write(context, |transaction| {
        keep(transaction, context, &alike, &mut found)?;
        let detail = format!(
            r#"{{"opened":{},"reopened":{},"withdrawn":{}}}"#,
            found.opened_count, found.reopened_count, found.withdrawn_count
        );
        let entry = AuditEntry::new(context, "identity.find", "duplicates").detail(detail);
        transaction.audit(&entry)?;
        Ok(found)
    })
}

fn people(view: &mut View<'_>) -> Result<Vec<(PatientKey, Person)>, Error> {
    let mut people: Vec<(PatientKey, Person)> = Vec::new();
    loop {
        let after = people.last().map_or(PatientKey(0), |(key, _)| *key);
        let page = view.person_page(after, PAGE_RECORDS)?;
        if page.is_empty() {
            return Ok(people);
        }
        people.extend(page);
    }
}

/// The pairs that may be one person and are not one by a merge, and how many were compared.
fn alike(people: &[(PatientKey, Person)], links: &Links) -> (Vec<Alike>, usize) {
    let prepared: Vec<Prepared> = people.iter().map(|(_, one)| Prepared::new(one)).collect();
    let keys: Vec<Vec<String>> = prepared.iter().map(prepared_block_keys).collect();
    let (model, mut alike) = (Model::default(), Vec::new());
    let candidates = candidate_pairs(&keys, BLOCK_RECORDS_MAX);
    for (one, other) in &candidates {
        let ((a, first), (b, second)) = (&people[*one], &people[*other]);
        if links.resolve(*a) == links.resolve(*b) {
            continue;
        }
        let comparison = compare_with(&prepared[*one], &prepared[*other], &model);
        let Some(pair) = Pair::new(*a, *b) else { continue };
        if comparison.verdict != Verdict::Different {
            let evidence = evidence_digest(first, second);
            alike.push(Alike { pair, probability: comparison.probability, evidence });
        }
    }
    (alike, candidates.len())
}

fn keep(
    transaction: &mut Transaction<'_>,
    context: &Context,
    alike: &[Alike],
    found: &mut Found,
) -> Result<(), Error> {
    let states = ["open", "in-review", "waiting", "to-merge", "merged", "different", "withdrawn"];
    let known = transaction.duplicate_list(&states, KNOWN_MAX)?;
    let mut known: HashMap<Pair, DuplicatePair> =
        known.into_iter().map(|row| (row.pair, row)).collect();
    for one in alike {
        match known.remove(&one.pair) {
            None => {
                let id = transaction.duplicate_create(one.pair, one.probability, one.evidence)?;
                open_work(transaction, id, one.pair)?;
                found.opened_count += 1;
            }
            Some(row) => changed(transaction, context, row, one, found)?,
        }
    }
    for row in known.into_values() {
        withdraw(transaction, context, row, found)?;
    }
    Ok(())
}

/// A known pair that still looks alike: it comes back when what was compared has changed.
fn changed(
    transaction: &mut Transaction<'_>,
    context: &Context,
    mut row: DuplicatePair,
    now: &Alike,
    found: &mut Found,
) -> Result<(), Error> {
    let was_withdrawn = row.state == identity::duplicate::DuplicateState::Withdrawn;
    if row.evidence == now.evidence && !was_withdrawn {
        return Ok(());
    }
    let action = DuplicateAction::EvidenceChanged { evidence: now.evidence };
    // A merged pair is compared again after an unmerge: the lifecycle says so.
    let Ok(state) = apply(&row.state, &action, &context.actor) else { return Ok(()) };
    found.reopened_count += usize::from(row.state != state);
    row.state = state;
    row.evidence = now.evidence;
    row.probability = now.probability;
    transaction.duplicate_save(&row, "What was compared has changed.")?;
    open_work(transaction, row.id, row.pair)
}

fn withdraw(
    transaction: &mut Transaction<'_>,
    context: &Context,
    mut row: DuplicatePair,
    found: &mut Found,
) -> Result<(), Error> {
    let Ok(state) = apply(&row.state, &DuplicateAction::Withdraw, &context.actor) else {
        return Ok(());
    };
    row.state = state;
    transaction.duplicate_save(&row, "The two records no longer look alike.")?;
    transaction.work_close(WORK_KIND, row.id, false)?;
    found.withdrawn_count += 1;
    Ok(())
}

/// Opens a pair, and the work to judge it, for somebody who was registered although a record
/// that may be the same person's is held.
pub(crate) fn open_pair(
    transaction: &mut Transaction<'_>,
    registered: (PatientKey, &Person),
    held: (PatientKey, &Person),
    probability: f64,
) -> Result<(), Error> {
    let Some(pair) = Pair::new(registered.0, held.0) else { return Ok(()) };
    let evidence = evidence_digest(registered.1, held.1);
    let id = transaction.duplicate_create(pair, probability, evidence)?;
    // Who registers must be able to see it, also where the held chart is hidden from them.
    transaction.work_open(&NewWork {
        kind: WORK_KIND,
        subject: id,
        patient: Some(registered.0),
        role: Role::Registrar,
        due_at: None,
        reason: "Registered although somebody held may be the same person.",
    })?;
    Ok(())
}

fn open_work(transaction: &mut Transaction<'_>, id: i64, pair: Pair) -> Result<(), Error> {
    transaction.work_open(&NewWork {
        kind: WORK_KIND,
        subject: id,
        patient: Some(pair.low),
        role: Role::Technician,
        due_at: None,
        reason: "Two records may be one person.",
    })?;
    Ok(())
}
