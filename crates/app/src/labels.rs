//! Labels of the sensitive classes, put by hand on a chart or on one entry of it.

use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::people::field;
use record::{Context, Instant, LabelMask, PatientKey, ResourceKey, SensitiveClass};
use store::label::Label;
use store::{AuditEntry, Store};

/// Every label that a chart ever had, with when and by whom it was ended.
pub type History = Vec<(Label, Option<(Instant, String)>)>;

/// A chart's labels and their history.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn list(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<(Identity, History), Error> {
    require(store, context, Right::Label)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let history = view.label_history(patient)?;
        let entry = AuditEntry::new(context, "label.list", format!("patient/{}", patient.0));
        Ok(((identity, history), entry.patients([patient])))
    })
}

/// Puts a label on the whole chart, or on one entry of it. Tells whether one may still see the
/// chart afterwards.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Conflict`] when it stands there already.
pub fn put(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    entry: Option<ResourceKey>,
    class: Option<SensitiveClass>,
    source: &str,
) -> Result<bool, Error> {
    require(store, context, Right::Label)?;
    store.look(context, |view| view.patient_row(patient))?.ok_or(Error::NotFound)?;
    let mut errors = Vec::new();
    if class.is_none() {
        errors.push(field("class", "Choose the class."));
    }
    if source.trim().is_empty() {
        errors.push(field("source", "Say where it comes from: a unit, a notice, a request."));
    }
    let Some(class) = class.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    store.write(context, |transaction| {
        transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        if let Some(key) = entry {
            let row = transaction.resource_by_key(key)?.ok_or(Error::NotFound)?;
            if row.patient != Some(patient) {
                return Err(Error::NotFound);
            }
        }
        let same = |label: &Label| label.class == class && label.resource == entry;
        if transaction.label_list(patient)?.iter().any(same) {
            return Err(Error::Conflict("This label stands there already.".into()));
        }
        let label = transaction.label_put(patient, entry, class, source.trim())?;
        let audit = AuditEntry::new(context, "label.put", format!("label/{label}"));
        let detail = format!(r#"{{"class":"{}"}}"#, class.as_str());
        transaction.audit(&audit.patients([patient]).detail(detail))?;
        let opened = context.opened.contains(&patient);
        let hides = entry.is_none() && !LabelMask::of(class).is_within(context.cleared);
        Ok(opened || !hides)
    })
}

/// Ends a label. It stays in the history.
///
/// # Errors
/// [`Error::NotFound`] where the chart is hidden, or has no such label in force.
pub fn end(store: &Store, context: &Context, patient: PatientKey, label: i64) -> Result<(), Error> {
    require(store, context, Right::Label)?;
    store.write(context, |transaction| {
        transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let labels = transaction.label_list(patient)?;
        labels.iter().find(|known| known.id == label).ok_or(Error::NotFound)?;
        transaction.label_end(label)?;
        let audit = AuditEntry::new(context, "label.end", format!("label/{label}"));
        Ok(transaction.audit(&audit.patients([patient]))?)
    })
}
