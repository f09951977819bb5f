//! Drafts: a form as typed so far, kept on the server, encrypted with the patient's key, found
//! again after logoff. Autosaving is not audited; what becomes of a draft is.

use super::{Given, person_of};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use record::{Context, Instant, PatientKey};
use store::{AuditEntry, Store, View};

/// The longest draft, in bytes.
const DRAFT_BYTES_MAX: usize = 1 << 20;

/// A form as it was last saved while typing.
#[derive(Clone)]
pub struct Draft {
    /// What was typed.
    pub given: Given,
    /// When it was saved.
    pub saved_at: Instant,
}

impl Draft {
    /// The mark of this saving, which the next one names.
    pub fn version(&self) -> String {
        self.saved_at.0.to_string()
    }
}

/// What came of saving a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftSaved {
    /// Saved, with its new mark.
    Saved(String),
    /// The draft was changed elsewhere meanwhile. Both versions are kept until one is chosen.
    Conflict,
}

/// The name under which the other version of a draft is kept after a conflict.
pub(crate) fn other(form: &str) -> String {
    format!("{form}~other")
}

/// Whether a text may name a form: `note-12`.
fn is_form(form: &str) -> bool {
    (1..=64).contains(&form.len())
        && form.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn read(view: &mut View<'_>, person: i64, form: &str) -> Result<Option<Draft>, Error> {
    let Some((body, saved_at)) = view.draft(person, form)? else { return Ok(None) };
    let given =
        serde_json::from_str(&body).map_err(|_| Error::Internal("a draft is no form".into()))?;
    Ok(Some(Draft { given: Given(given), saved_at }))
}

/// The draft of a form that this person began, and the other version after a conflict.
///
/// # Errors
/// [`Error::NotFound`] where the form has no such name.
pub fn draft(
    store: &Store,
    context: &Context,
    form: &str,
) -> Result<(Option<Draft>, Option<Draft>), Error> {
    let (Some(person), true) = (person_of(context), is_form(form)) else {
        return Err(Error::NotFound);
    };
    store.look(context, |view| Ok((read(view, person, form)?, read(view, person, &other(form))?)))
}

/// Whose chart a draft is about, for the banner over it.
///
/// # Errors
/// [`Error::Forbidden`] without the right to see who patients are; [`Error::NotFound`] where the
/// patient is hidden.
pub fn draft_patient(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<Identity, Error> {
    require(store, context, Right::PatientFind)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let entry = AuditEntry::new(context, "draft.open", format!("patient/{}", patient.0));
        Ok((identity, entry.patients([patient])))
    })
}

/// The names of the forms that this person began and did not save, the newest first.
///
/// # Errors
/// When the store fails.
pub fn draft_list(store: &Store, context: &Context) -> Result<Vec<(String, Instant)>, Error> {
    let Some(person) = person_of(context) else { return Ok(Vec::new()) };
    let mut list = store.look(context, |view| view.draft_list(person))?;
    list.retain(|(form, _)| is_form(form));
    Ok(list)
}

/// Saves a form as typed so far. `seen` is the mark of the version that the page knows; empty
/// where it knows of none.
///
/// # Errors
/// [`Error::Refused`] where it is too long; [`Error::NotFound`] for a hidden patient.
pub fn draft_save(
    store: &Store,
    context: &Context,
    patient: Option<PatientKey>,
    form: &str,
    seen: &str,
    given: &Given,
) -> Result<DraftSaved, Error> {
    let (Some(person), true) = (person_of(context), is_form(form)) else {
        return Err(Error::NotFound);
    };
    let body = serde_json::to_string(&given.0).expect("a map of texts is JSON");
    if body.len() > DRAFT_BYTES_MAX {
        return Err(Error::Refused("The draft is longer than can be kept: save it.".into()));
    }
    store.write(context, |transaction| {
        if let Some(patient) = patient {
            transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        }
        let held = read(transaction, person, form)?;
        if held.as_ref().is_some_and(|held| held.version() != seen && held.given != *given) {
            transaction.draft_put(person, &other(form), patient, &body)?;
            return Ok(DraftSaved::Conflict);
        }
        transaction.draft_put(person, form, patient, &body)?;
        Ok(DraftSaved::Saved(context.at.0.to_string()))
    })
}

/// Ends a conflict: keeps the one version or the other. Or drops the draft altogether.
///
/// # Errors
/// [`Error::NotFound`] where there is no such draft.
pub fn draft_choose(
    store: &Store,
    context: &Context,
    patient: Option<PatientKey>,
    form: &str,
    choice: &str,
) -> Result<(), Error> {
    let (Some(person), true) = (person_of(context), is_form(form)) else {
        return Err(Error::NotFound);
    };
    store.write(context, |transaction| {
        match choice {
            "other" => {
                let held = read(transaction, person, &other(form))?.ok_or(Error::NotFound)?;
                let body = serde_json::to_string(&held.given.0).expect("a map of texts is JSON");
                transaction.draft_put(person, form, patient, &body)?;
            }
            "drop" => transaction.draft_delete(person, form)?,
            _ => {}
        }
        Ok(transaction.draft_delete(person, &other(form))?)
    })
}
