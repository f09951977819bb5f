//! The provider completes what is theirs: a note written and signed, a document authenticated, a
//! document of the chart filed with its encounter.

use super::act::{Step, audit, current, refused, step};
use super::review::review_entry;
use crate::access::{Right, allowed, require};
use crate::entry::{Place, new_fhir_id, party, person_of, place_in, same_version};
use crate::{Error, FieldError};
use exchange::fhir::build::{Facts, FieldError as Fault, NoteForm, NoteKind, Party};
use exchange::fhir::{document_asked, file_with_encounter, sign_document};
use integrity::deficiency::{Acting, DeficiencyAction, DeficiencyKind, apply};
use record::{Context, ResourceKey};
use serde_json::Value;
use store::deficiency::DeficiencyRow;
use store::{Action, Prepared, ResourceRow, Store, Transaction};

/// LOINC: a note of no more particular kind, for an addendum to what has none.
const NOTE: &str = "34109-9";

/// How a provider completes a deficiency.
#[derive(Clone, Debug)]
pub enum How {
    /// Writes the document, or what it lacks as an addendum, and signs it.
    Write {
        /// LOINC code of the kind of document; one that the rule takes.
        loinc: String,
        /// The moment that it tells of, as typed.
        event_time: String,
        /// The text.
        text: String,
    },
    /// Signs the document in the version that was read.
    Sign {
        /// Number of that version.
        version: i64,
    },
    /// Files a document that is in the chart without an encounter, and signs it where it is not.
    File {
        /// The document.
        document: ResourceKey,
    },
    /// Did it elsewhere. Only for what a person opened in words of their own.
    Done,
}

/// What a deficiency asks of its provider, for the queue. No word of the patient.
pub(super) fn work_words(row: &DeficiencyRow) -> String {
    match row.kind {
        DeficiencyKind::MissingDocument => format!("Missing: {}.", row.document_name),
        DeficiencyKind::MissingSignature => format!("To sign: {}.", row.document_name),
        DeficiencyKind::MissingContent => format!("To be added to: {}.", row.document_name),
    }
}

/// Completes a deficiency of the one who asks. The desk verifies it.
///
/// # Errors
/// [`Error::Refused`] where it is another's or not open; [`Error::Conflict`] when somebody was
/// faster, or the document was corrected meanwhile; [`Error::Invalid`] with the fields.
pub fn complete(
    store: &Store,
    context: &Context,
    id: i64,
    changes: i64,
    how: &How,
) -> Result<(), Error> {
    require(store, context, Right::Authenticate)?;
    let person = person_of(context)
        .ok_or_else(|| Error::Forbidden("Only a person completes a deficiency.".into()))?;
    let result = store.write(context, |transaction| {
        let row = current(transaction, id, changes)?;
        refuse_others(context, &row)?;
        let by = party(transaction, person)?;
        let shown_by = match how {
            How::Write { .. } => Some(write(transaction, context, &row, how, &by)?),
            How::Sign { version } => Some(sign(transaction, context, &row, *version, &by)?),
            How::File { document } => {
                Some(file_in(transaction, context, &row, *document, Some(&by))?)
            }
            How::Done => done(&row)?,
        };
        let action = DeficiencyAction::Complete;
        let own = Step { shown_by, ..Step::of_person(&action, context) };
        step(transaction, &row, &own)?;
        if let Some(encounter) = transaction.resource_by_key(row.encounter)? {
            review_entry(transaction, &encounter)?;
        }
        transaction.draft_delete(person, &format!("deficiency-{id}"))?;
        audit(transaction, context, &row, "complete")
    });
    refused(store, context, id, result)
}

/// The desk files a document of the chart with the encounter that lacks it. The rules, asked
/// again, close what it shows.
///
/// # Errors
/// [`Error::Invalid`] where the document is not one that the rule takes.
pub fn file(
    store: &Store,
    context: &Context,
    id: i64,
    changes: i64,
    document: ResourceKey,
) -> Result<(), Error> {
    require(store, context, Right::Completion)?;
    let result = store.write(context, |transaction| {
        let row = current(transaction, id, changes)?;
        file_in(transaction, context, &row, document, None)?;
        if let Some(encounter) = transaction.resource_by_key(row.encounter)? {
            review_entry(transaction, &encounter)?;
        }
        audit(transaction, context, &row, "file")
    });
    refused(store, context, id, result)
}

/// Nothing is written for a deficiency that its lifecycle would refuse to complete.
fn refuse_others(context: &Context, row: &DeficiencyRow) -> Result<(), Error> {
    let acting = Acting { actor: &context.actor, roles: &context.roles, at: context.at };
    apply(&row.state, &DeficiencyAction::Complete, &acting)
        .map(|_| ())
        .map_err(|refusal| Error::Refused(format!("{refusal} ({})", refusal.citation.text)))
}

fn done(row: &DeficiencyRow) -> Result<Option<ResourceKey>, Error> {
    match row.rule {
        None => Ok(row.document),
        Some(_) => Err(Error::Refused(
            "A rule asks for this document: write it, sign it, or file the one that is there."
                .into(),
        )),
    }
}

/// The kinds of document that complete it: what a rule takes, or any where a person named none.
pub(super) fn kinds(row: &DeficiencyRow) -> Vec<(String, String)> {
    let name = |code: &String| {
        let known = exchange::loinc_documents().by_code(code);
        (code.clone(), known.map_or(row.document_name.clone(), |kind| kind.name.to_owned()))
    };
    row.codes.iter().map(name).collect()
}

fn write(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &DeficiencyRow,
    how: &How,
    by: &Party,
) -> Result<ResourceKey, Error> {
    let How::Write { loinc, event_time, text } = how else { return Err(Error::NotFound) };
    if row.kind == DeficiencyKind::MissingSignature {
        return Err(Error::Refused("The document is there: read it and sign it.".into()));
    }
    if !row.codes.is_empty() && !row.codes.contains(loinc) {
        let error = FieldError::new("loinc", "This kind of document does not meet the rule.");
        return Err(Error::Invalid(vec![error.would_do("One of the kinds in the list.")]));
    }
    let place = place_in(transaction)?;
    let encounter = transaction.resource_by_key(row.encounter)?.ok_or(Error::NotFound)?;
    let patient = transaction.patient_row(row.patient)?.ok_or(Error::NotFound)?;
    let appended = match (row.kind, row.document) {
        (DeficiencyKind::MissingContent, Some(document)) => {
            transaction.resource_by_key(document)?
        }
        _ => None,
    };
    // An addendum is of the kind of what it is added to.
    let loinc = match &appended {
        Some(document) => {
            let value = transaction.resource_value(document)?;
            let codes = document_asked(&value, &place.zone).map(|one| one.codes);
            codes.and_then(|codes| codes.into_iter().next()).unwrap_or_else(|| NOTE.to_owned())
        }
        None => loinc.clone(),
    };
    let named = exchange::loinc_documents().by_code(loinc.trim());
    let form = NoteForm {
        patient: format!("Patient/{}", patient.fhir_id),
        encounter: format!("Encounter/{}", encounter.fhir_id),
        type_name: named.map(|kind| kind.name.to_owned()).unwrap_or_default(),
        loinc,
        text: text.clone(),
        kind: if appended.is_some() { NoteKind::Addendum } else { NoteKind::Original },
        of: appended.map(|row| format!("{}/{}", row.kind, row.fhir_id)).unwrap_or_default(),
        ..NoteForm::default()
    };
    let desk = place.desk(context);
    let facts = Facts {
        author: by.clone(),
        entered_by: by.clone(),
        authenticated: Some((by.clone(), desk.now_text())),
        event_time: event_time.clone(),
        ..Facts::default()
    };
    refuse_faults(form.check(&facts, &desk))?;
    let mut resource = form.build(&facts, &desk);
    resource["id"] = Value::String(new_fhir_id()?);
    let prepared = Prepared::new(&resource, None)?;
    let put = transaction.resource_put(&prepared, None, Action::Create, "completed the chart")?;
    Ok(put.resource)
}

fn refuse_faults(faults: Vec<Fault>) -> Result<(), Error> {
    if faults.iter().any(Fault::stops) {
        return Err(Error::Invalid(crate::entry::faults(faults)));
    }
    Ok(())
}

fn sign(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &DeficiencyRow,
    version: i64,
    by: &Party,
) -> Result<ResourceKey, Error> {
    let (DeficiencyKind::MissingSignature, Some(document)) = (row.kind, row.document) else {
        return Err(Error::Refused("There is no document to sign: write it.".into()));
    };
    let entry = transaction.resource_by_key(document)?.ok_or(Error::NotFound)?;
    same_version(&entry, version)?;
    let mut value = transaction.resource_value(&entry)?;
    let place = place_in(transaction)?;
    sign_document(&mut value, by, &place.desk(context));
    put_signed(transaction, &entry, &value, "authenticated")?;
    Ok(document)
}

fn put_signed(
    transaction: &mut Transaction<'_>,
    entry: &ResourceRow,
    value: &Value,
    why: &str,
) -> Result<(), Error> {
    let prepared = Prepared::new(value, None)?;
    transaction.resource_put(&prepared, Some(entry), Action::Update, why)?;
    Ok(transaction.work_close("authenticate", entry.resource.0, true)?)
}

/// Files a document with the encounter; `by` signs it where nobody has.
fn file_in(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &DeficiencyRow,
    document: ResourceKey,
    by: Option<&Party>,
) -> Result<ResourceKey, Error> {
    if !allowed(context, Right::ChartRead) {
        return Err(Error::NotFound);
    }
    let wrong = || {
        let error = FieldError::new("document", "This document does not fit.");
        let would = "A document of this chart, of a kind that the rule takes, of no encounter yet.";
        Error::Invalid(vec![error.would_do(would)])
    };
    let place = place_in(transaction)?;
    let encounter = transaction.resource_by_key(row.encounter)?.ok_or(Error::NotFound)?;
    let fits = fitting(transaction, row, &place)?;
    let (entry, mut value) =
        fits.into_iter().find(|(entry, _)| entry.resource == document).ok_or_else(wrong)?;
    file_with_encounter(&mut value, &format!("Encounter/{}", encounter.fhir_id));
    let unsigned = document_asked(&value, &place.zone).is_some_and(|one| one.signed.is_none());
    match by.filter(|_| unsigned) {
        Some(by) => {
            sign_document(&mut value, by, &place.desk(context));
            put_signed(transaction, &entry, &value, "filed with its encounter, authenticated")?;
        }
        None => {
            let prepared = Prepared::new(&value, None)?;
            let why = "filed with its encounter";
            transaction.resource_put(&prepared, Some(&entry), Action::Update, why)?;
        }
    }
    Ok(document)
}

/// Documents of the chart that could be filed: of a kind that the rule takes, of no encounter.
pub(super) fn fitting(
    view: &mut store::View<'_>,
    row: &DeficiencyRow,
    place: &Place,
) -> Result<Vec<(ResourceRow, Value)>, Error> {
    let mut found = Vec::new();
    if row.kind != DeficiencyKind::MissingDocument {
        return Ok(found);
    }
    for entry in view.chart_list(row.patient, &["DocumentReference"], FITTING_MAX)? {
        if entry.encounter.is_some() || entry.patient != Some(row.patient) {
            continue;
        }
        let value = view.resource_value(&entry)?;
        let asked = document_asked(&value, &place.zone).filter(|one| !one.is_void);
        if asked.is_some_and(|one| one.codes.iter().any(|code| row.codes.contains(code))) {
            found.push((entry, value));
        }
    }
    Ok(found)
}

/// Documents of a chart that are looked through.
const FITTING_MAX: i64 = 500;
