//! Deficiencies that a person opens: a signature, a document or content that no rule asks for.

use super::act::{assignee, due_from, work};
use crate::access::{Right, require};
use crate::{Error, FieldError};
use integrity::deficiency::{DeficiencyKind, DeficiencyState};
use integrity::{ClockStart, TimeAllowed};
use record::{Context, Private, ResourceKey};
use store::deficiency::NewDeficiency;
use store::{AuditEntry, ResourceRow, Store, View};

/// The most days that a person gives.
const DAYS_MAX: i64 = 365;
/// Where it stands that a record is complete, authenticated, and so in thirty days.
const CITATION: &str = "42 CFR 482.24(c)";

/// What is typed to open a deficiency by hand.
#[derive(Clone, Debug, Default)]
pub struct HandForm {
    /// The encounter.
    pub encounter: i64,
    /// Stored word of the kind.
    pub kind: String,
    /// The document, for a signature or content.
    pub document: Option<ResourceKey>,
    /// LOINC code of the kind of document, for a missing one.
    pub loinc: String,
    /// Account of the provider.
    pub account: Option<i64>,
    /// Name of a provider without an account.
    pub name: String,
    /// Days until it is due, counted from now, as typed.
    pub days: String,
    /// What is wanting, in words.
    pub note: String,
}

/// Opens a deficiency by hand; returns its id.
///
/// # Errors
/// [`Error::Invalid`] with the fields; [`Error::NotFound`] where the encounter is hidden.
pub fn open_by_hand(store: &Store, context: &Context, form: &HandForm) -> Result<i64, Error> {
    require(store, context, Right::Completion)?;
    store.write(context, |transaction| {
        let encounter = transaction.resource_by_key(ResourceKey(form.encounter))?;
        let encounter = encounter.filter(|row| row.kind == "Encounter" && !row.deleted);
        let encounter = encounter.ok_or(Error::NotFound)?;
        let patient = encounter.patient.ok_or(Error::NotFound)?;
        let mut errors = Vec::new();
        let (kind, document, name) = what(transaction, &encounter, form, &mut errors)?;
        let allowed = TimeAllowed::Days(days(form, &mut errors));
        if form.note.trim().is_empty() {
            errors.push(FieldError::new("note", "Say what is wanting: the provider reads it."));
        }
        let to = match assignee(transaction, form.account, &form.name) {
            Ok(to) => Some(to),
            Err(Error::Invalid(more)) => {
                errors.extend(more);
                None
            }
            Err(other) => return Err(other),
        };
        let (Some(to), true) = (to, errors.is_empty()) else { return Err(Error::Invalid(errors)) };
        let due_at = due_from(transaction, allowed, context.at)?;
        let new = NewDeficiency {
            encounter: encounter.resource,
            patient,
            kind,
            document: document.as_ref().map(|row| row.resource),
            document_name: name,
            codes: Some(form.loinc.trim().to_owned())
                .filter(|code| kind == DeficiencyKind::MissingDocument && !code.is_empty())
                .into_iter()
                .collect(),
            rule: None,
            procedure: None,
            citation: CITATION.to_owned(),
            starts: ClockStart::Assignment,
            allowed,
            event_at: Some(context.at),
            due_at: Some(due_at),
            state: DeficiencyState::Pending { assignee: to },
            note: Private::new(form.note.trim()),
        };
        let id = transaction.deficiency_open(&new, &context.actor.key(), form.note.trim())?;
        let row = transaction.deficiency(id)?.ok_or(Error::NotFound)?;
        work(transaction, &row)?;
        let entry = AuditEntry::new(context, "deficiency.open", format!("deficiency/{id}"));
        transaction.audit(&entry.patients([patient]))?;
        Ok(id)
    })
}

fn days(form: &HandForm, errors: &mut Vec<FieldError>) -> i64 {
    match form.days.trim().parse::<i64>() {
        Ok(days) if (1..=DAYS_MAX).contains(&days) => days,
        _ => {
            let error = FieldError::new("days", "Give the days until it is due.");
            errors.push(error.would_do("A whole number from 1 to 365."));
            0
        }
    }
}

/// The kind, the document and what it is called.
fn what(
    view: &mut View<'_>,
    encounter: &ResourceRow,
    form: &HandForm,
    errors: &mut Vec<FieldError>,
) -> Result<(DeficiencyKind, Option<ResourceRow>, String), Error> {
    let kind = match form.kind.as_str() {
        "missing-signature" => DeficiencyKind::MissingSignature,
        "missing-content" => DeficiencyKind::MissingContent,
        _ => DeficiencyKind::MissingDocument,
    };
    if kind == DeficiencyKind::MissingDocument {
        let found = exchange::loinc_documents().by_code(form.loinc.trim());
        if found.is_none() {
            let error = FieldError::new("loinc", "Say which kind of document is missing.");
            errors.push(error.would_do("A kind found by its words, as consultation note."));
        }
        let name = found.map(|kind| kind.name.to_owned()).unwrap_or_default();
        return Ok((kind, None, name));
    }
    let document = match form.document {
        Some(key) => view.resource_by_key(key)?,
        None => None,
    };
    let document = document.filter(|row| {
        row.patient == encounter.patient && row.kind == "DocumentReference" && !row.deleted
    });
    let Some(document) = document else {
        errors.push(FieldError::new("document", "Choose the document of this chart."));
        return Ok((kind, None, String::new()));
    };
    let shown = exchange::fhir::render(&view.resource_value(&document)?);
    Ok((kind, Some(document), shown.title))
}
