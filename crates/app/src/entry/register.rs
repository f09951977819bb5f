//! Registration: a new patient, with possible duplicates shown before saving, and the
//! correction of demographics, with a warning before one person is written over another.

use super::{
    CONFIRM, Given, confirm_error, drop_draft, faults, new_fhir_id, place_in, same_version, settle,
};
use crate::Error;
use crate::access::{Right, require};
use crate::error::FieldError;
use crate::identity::open_pair;
use exchange::fhir::build::{FieldError as Fault, PatientForm, corrected_patient, patient_form};
use identity::{Comparison, Person, Verdict, compare, overlay_warning, person_keys};
use record::{Context, PatientKey};
use serde_json::Value;
use std::collections::BTreeMap;
use store::find::{PatientRow, TermKeys};
use store::{Action, AuditEntry, Prepared, Store, View};

/// Candidates that are compared with a new patient, at most.
const CANDIDATES_MAX: i64 = 500;
/// Possible duplicates that are shown, at most.
const SHOWN_MAX: usize = 10;

/// A patient who may be the one that is being registered.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// Who.
    pub patient: PatientRow,
    /// Whether the chart is hidden from the one who registers: only what the decision needs is
    /// shown, and it can't be opened.
    pub hidden: bool,
    /// Why they may be one.
    pub comparison: Comparison,
}

/// What came of a registration.
#[derive(Clone, Debug)]
pub enum Registered {
    /// Registered.
    New(PatientKey),
    /// Not registered: these may be the same person. To register anyway a reason is needed.
    Possible(Vec<Duplicate>),
}

fn form_of(given: &Given) -> PatientForm {
    let text = |name: &str| given.text(name);
    PatientForm {
        mrn: String::new(),
        mrn_system: String::new(),
        family: text("family"),
        given: text("given"),
        middle: text("middle"),
        suffix: text("suffix"),
        former_family: text("former_family"),
        called: text("called"),
        birth_date: text("birth_date"),
        gender: text("gender"),
        phone: text("phone"),
        email: text("email"),
        street: text("street"),
        city: text("city"),
        state: text("state"),
        postal_code: text("postal_code"),
        ssn: text("ssn"),
        language: text("language"),
        deceased: text("deceased"),
    }
}

/// What is wrong with a registration, while it is typed.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn check_patient(
    store: &Store,
    context: &Context,
    given: &Given,
) -> Result<Vec<FieldError>, Error> {
    require(store, context, Right::Register)?;
    let place = super::place(store, context)?;
    Ok(faults(form_of(given).check(&place.desk(context))))
}

/// Who may be the person that this form describes. Hidden charts are included, as far as the
/// decision needs; the trail keeps who was shown.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn possible_duplicates(
    store: &Store,
    context: &Context,
    given: &Given,
) -> Result<Vec<Duplicate>, Error> {
    require(store, context, Right::Register)?;
    store.read(context, |view| {
        let place = place_in(view)?;
        let resource = form_of(given).build(&place.desk(context));
        let found = duplicates_in(view, &store::projection::person(&resource))?;
        let entry = shown_entry(context, &found);
        Ok((found, entry))
    })
}

fn shown_entry(context: &Context, found: &[Duplicate]) -> AuditEntry {
    let hidden = found.iter().filter(|one| one.hidden).count();
    let detail = format!(r#"{{"shown":{},"hidden":{hidden}}}"#, found.len());
    AuditEntry::new(context, "patient.duplicates", "patients")
        .patients(found.iter().map(|one| one.patient.patient))
        .detail(detail)
}

/// Keys under which the same person would be found: each line alone brings candidates.
fn candidate_groups(person: &Person) -> Vec<Vec<TermKeys>> {
    let keys = person_keys(person);
    let is_name = |key: &String| key.starts_with(['n', 'k', 'p', 'd']) && key[1..].starts_with(':');
    let strong: Vec<String> = keys.iter().filter(|key| !is_name(key)).cloned().collect();
    let mut groups = vec![vec![TermKeys { keys: strong, prefix: None }]];
    for name in &person.names {
        let part = |family: bool| {
            let mut part = name.clone();
            match family {
                true => part.given.clear(),
                false => {
                    part.family = record::Private::default();
                    part.given.truncate(1);
                }
            }
            TermKeys { keys: identity::search_keys(&part), prefix: None }
        };
        groups.push(vec![part(true), part(false)]);
    }
    groups.retain(|group| group.iter().all(|term| !term.keys.is_empty()));
    groups
}

fn duplicates_in(view: &mut View<'_>, person: &Person) -> Result<Vec<Duplicate>, Error> {
    let mut rows: BTreeMap<i64, PatientRow> = BTreeMap::new();
    for group in candidate_groups(person) {
        for row in view.patient_alike(&group, CANDIDATES_MAX)? {
            rows.insert(row.patient.0, row);
        }
    }
    let mut found = Vec::new();
    for row in rows.into_values() {
        let value = view.patient_value_for_matching(row.patient)?;
        let comparison = compare(person, &store::projection::person(&value));
        if comparison.verdict == Verdict::Different {
            continue;
        }
        let hidden = view.patient_row(row.patient)?.is_none();
        found.push(Duplicate { patient: row, hidden, comparison });
    }
    found.sort_by(|a, b| b.comparison.score.total_cmp(&a.comparison.score));
    found.truncate(SHOWN_MAX);
    Ok(found)
}

/// Registers a patient under the facility's next medical record number. Where somebody held may
/// be the same person, nothing is registered until a reason is given in `anyway`; then a work
/// item asks for a decision on the pair.
///
/// # Errors
/// [`Error::Invalid`] with the fields; [`Error::Refused`] where there is no facility.
pub fn register(store: &Store, context: &Context, given: &Given) -> Result<Registered, Error> {
    require(store, context, Right::Register)?;
    let id = new_fhir_id()?;
    store.write(context, |transaction| {
        let place = place_in(transaction)?;
        let mut form = form_of(given);
        settle(form.check(&place.desk(context)), given)?;
        let facility = place.facility.as_ref().ok_or_else(|| {
            Error::Refused(
                "There is no facility yet, so no medical record number can be given. An \
                 administrator adds one under Administration."
                    .into(),
            )
        })?;
        let described = store::projection::person(&form.build(&place.desk(context)));
        let found = duplicates_in(transaction, &described)?;
        let reason = given.text("anyway");
        if !found.is_empty() {
            transaction.audit(&shown_entry(context, &found))?;
            if reason.is_empty() {
                return Ok(Registered::Possible(found));
            }
        }
        let (system, number) = transaction.facility_next_mrn(facility.id)?;
        form.mrn = number.to_string();
        form.mrn_system = system;
        let mut resource = form.build(&place.desk(context));
        resource["id"] = Value::String(id);
        let prepared = Prepared::new(&resource, None)?;
        let why = if reason.is_empty() { "registered" } else { reason.as_str() };
        let row = transaction.resource_put(&prepared, None, Action::Create, why)?;
        let patient = row.patient.ok_or_else(|| Error::Internal("a patient has no key".into()))?;
        for one in &found {
            let held = store::projection::person(
                &transaction.patient_value_for_matching(one.patient.patient)?,
            );
            let probability = one.comparison.probability;
            let held = (one.patient.patient, &held);
            open_pair(transaction, (patient, &described), held, probability)?;
        }
        drop_draft(transaction, context, "register")?;
        let detail = format!(r#"{{"possible_duplicates":{}}}"#, found.len());
        let entry = AuditEntry::new(context, "patient.register", format!("patient/{}", patient.0));
        transaction.audit(&entry.patients([patient]).detail(detail))?;
        Ok(Registered::New(patient))
    })
}

/// The demographics of a patient as the form holds them, and the version that they are of.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn patient_values(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<(Given, i64), Error> {
    require(store, context, Right::Register)?;
    store.read(context, |view| {
        let row = view.patient_row(patient)?.ok_or(Error::NotFound)?;
        let resource = view.resource_by_key(row.resource)?.ok_or(Error::NotFound)?;
        let form = patient_form(&view.resource_value(&resource)?);
        let entry = AuditEntry::new(context, "patient.open", format!("patient/{}", patient.0));
        Ok(((given_of(&form), resource.number), entry.patients([patient])))
    })
}

/// Fields that stay as a sender wrote them where a correction leaves them alone: a number that
/// nobody issues keeps no birth date from being put right.
const AS_SENT: &[&str] = &["phone", "email", "state", "postal_code", "ssn", "language"];

fn given_of(form: &PatientForm) -> Given {
    [
        ("family", &form.family),
        ("given", &form.given),
        ("middle", &form.middle),
        ("suffix", &form.suffix),
        ("former_family", &form.former_family),
        ("called", &form.called),
        ("birth_date", &form.birth_date),
        ("gender", &form.gender),
        ("phone", &form.phone),
        ("email", &form.email),
        ("street", &form.street),
        ("city", &form.city),
        ("state", &form.state),
        ("postal_code", &form.postal_code),
        ("ssn", &form.ssn),
        ("language", &form.language),
        ("deceased", &form.deceased),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.clone()))
    .collect()
}

/// Corrects demographics: a new version with its reason; the one before stays.
///
/// # Errors
/// [`Error::Conflict`] when another version came meanwhile; [`Error::Invalid`] with the fields,
/// and where the change looks like another person until that is confirmed.
pub fn correct_patient(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    version: i64,
    given: &Given,
) -> Result<(), Error> {
    require(store, context, Right::Register)?;
    store.write(context, |transaction| {
        let place = place_in(transaction)?;
        let row = transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let row = transaction.resource_by_key(row.resource)?.ok_or(Error::NotFound)?;
        same_version(&row, version)?;
        let form = form_of(given);
        let old = transaction.resource_value(&row)?;
        let kept = given_of(&patient_form(&old));
        // What is merely unusual was so before; who corrects another field didn't write it.
        let is_as_sent = |fault: &Fault| {
            (AS_SENT.contains(&fault.field) || !fault.stops())
                && kept.text(fault.field).trim() == given.text(fault.field).trim()
        };
        let mut found = form.check(&place.desk(context));
        found.retain(|fault| !is_as_sent(fault));
        settle(found, given)?;
        let reason = given.text("reason");
        if reason.is_empty() {
            let would = "As: passport shown, misspelt before.";
            return Err(Error::Invalid(vec![
                FieldError::new("reason", "A correction needs its reason.").would_do(would),
            ]));
        }
        let new = corrected_patient(&old, &form.build(&place.desk(context)));
        let (before, after) = (store::projection::person(&old), store::projection::person(&new));
        let warning = overlay_warning(&before, &after);
        if let Some(warning) = &warning
            && !given.ticked(CONFIRM)
        {
            let mut confirm = confirm_error();
            confirm.reason = warning.sentence.clone();
            return Err(Error::Invalid(vec![confirm]));
        }
        let prepared = Prepared::new(&new, None)?;
        transaction.resource_put(&prepared, Some(&row), Action::Update, &reason)?;
        drop_draft(transaction, context, &format!("demographics-{}", patient.0))?;
        let detail = format!(r#"{{"overlay_warned":{}}}"#, warning.is_some());
        let entry = AuditEntry::new(context, "patient.correct", format!("patient/{}", patient.0));
        Ok(transaction.audit(&entry.patients([patient]).detail(detail))?)
    })
}
