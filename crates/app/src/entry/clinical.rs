//! Clinical entries: entered, corrected, marked as entered in error; notes with addenda, late
//! entries and corrections. The original always stays.

use super::{
    EntryKind, Given, Place, drop_draft, faults, new_fhir_id, party, person_of, place_in, provider,
    same_version, self_party, settle,
};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::completion::review_entry;
use crate::error::FieldError;
use exchange::fhir::build::{
    AllergyForm, Desk, DiagnosisForm, Facts, FieldError as Fault, ImmunizationForm, MedicationForm,
    MedicationUse, NoteForm, NoteKind, VITAL_SIGNS, VitalSigns, corrected, entered_in_error,
    supersede, typed, vital_sign_observations,
};
use exchange::fhir::render_in;
use record::{Context, PatientKey, ResourceKey, Role};
use serde_json::Value;
use store::work::NewWork;
use store::{Action, AuditEntry, Prepared, ResourceRow, Store, Transaction, View};

/// Days within which a provider authenticates what was entered for them. The organization's
/// rule; federal law asks for a complete record within 30 days of discharge (42 CFR 482.24(c)).
pub const AUTHENTICATE_DAYS_MAX: i64 = 30;

/// Encounters and documents that a form offers.
const OFFERED_MAX: i64 = 50;

/// What a form for an entry needs beside what was typed.
#[derive(Clone, Debug)]
pub struct EntryForm {
    /// Whose chart.
    pub identity: Identity,
    /// Facility, zone, providers.
    pub place: Place,
    /// Encounters that it may belong to: reference and words.
    pub encounters: Vec<(String, String)>,
    /// Documents that it may be abstracted from: reference and words.
    pub sources: Vec<Source>,
}

/// Something that an entry may refer to: its reference, and what it is called.
pub type Source = (String, String);

/// Opens the form for a new entry in a chart.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn form_of(store: &Store, context: &Context, patient: PatientKey) -> Result<EntryForm, Error> {
    require(store, context, Right::EntryWrite)?;
    store.read(context, |view| {
        let form = EntryForm {
            identity: identity_in(view, patient)?,
            place: place_in(view)?,
            encounters: encounters(view, patient)?,
            sources: sources(view, patient)?,
        };
        let entry = AuditEntry::new(context, "entry.begin", format!("patient/{}", patient.0));
        Ok((form, entry.patients([patient])))
    })
}

/// The encounters of a patient as a form offers them.
///
/// # Errors
/// When the store fails.
pub fn encounters(view: &mut View<'_>, patient: PatientKey) -> Result<Vec<Source>, Error> {
    offered(view, patient, &["Encounter"])
}

/// The documents of a patient as a form offers them.
///
/// # Errors
/// When the store fails.
pub fn sources(view: &mut View<'_>, patient: PatientKey) -> Result<Vec<Source>, Error> {
    offered(view, patient, &["DocumentReference"])
}

fn offered(view: &mut View<'_>, patient: PatientKey, kinds: &[&str]) -> Result<Vec<Source>, Error> {
    let zone = super::zone_in(view)?;
    let mut found = Vec::new();
    for row in view.chart_list(patient, kinds, OFFERED_MAX)? {
        let shown = render_in(&view.resource_value(&row)?, &zone);
        let words = format!("{} · {}", shown.title, shown.date_text);
        found.push((format!("{}/{}", row.kind, row.fhir_id), words));
    }
    Ok(found)
}

/// The forms of one kind, filled from what was typed.
enum Filled {
    Diagnosis(DiagnosisForm),
    Allergy(AllergyForm),
    Medication(MedicationForm),
    Immunization(ImmunizationForm),
    VitalSigns(VitalSigns),
    Note(NoteForm),
}

impl Filled {
    fn of(kind: EntryKind, given: &Given, patient: &str) -> Filled {
        let text = |name: &str| given.text(name);
        let patient = format!("Patient/{patient}");
        let encounter = text("encounter");
        match kind {
            EntryKind::Diagnosis => Filled::Diagnosis(DiagnosisForm {
                patient,
                encounter,
                code: text("code"),
                words: text("words"),
                is_problem: given.ticked("is_problem"),
                clinical_status: text("clinical_status"),
                verification: text("verification"),
                onset: text("onset"),
                abatement: text("abatement"),
                note: text("note"),
            }),
            EntryKind::Allergy => Filled::Allergy(AllergyForm {
                patient,
                substance: text("substance"),
                code: text("code"),
                category: text("category"),
                criticality: text("criticality"),
                reaction: text("reaction"),
                severity: text("severity"),
                onset: text("onset"),
                note: text("note"),
            }),
            EntryKind::Medication => Filled::Medication(MedicationForm {
                usage: match text("usage").as_str() {
                    "taken" => MedicationUse::Taken,
                    _ => MedicationUse::Ordered,
                },
                patient,
                encounter,
                words: text("words"),
                code: text("code"),
                directions: text("directions"),
                status: text("status"),
                start: text("start"),
                note: text("note"),
            }),
            EntryKind::Immunization => Filled::Immunization(ImmunizationForm {
                patient,
                encounter,
                words: text("words"),
                code: text("code"),
                given_on: text("given_on"),
                lot: text("lot"),
                expires: text("expires"),
                site: text("site"),
                is_primary_source: given.ticked("primary_source"),
                note: text("note"),
            }),
            EntryKind::VitalSigns => Filled::VitalSigns(VitalSigns {
                patient,
                encounter,
                taken_at: text("taken_at"),
                values: VITAL_SIGNS
                    .iter()
                    .map(|sign| (sign.field.to_owned(), text(sign.field)))
                    .collect(),
            }),
            EntryKind::Note => Filled::Note(NoteForm {
                patient,
                encounter,
                type_name: type_name(&text("loinc")),
                loinc: text("loinc"),
                text: given.0.get("text").cloned().unwrap_or_default(),
                ..NoteForm::default()
            }),
        }
    }

    fn check(&self, facts: &Facts, desk: &Desk) -> Vec<Fault> {
        match self {
            Filled::Diagnosis(form) => form.check(desk),
            Filled::Allergy(form) => form.check(desk),
            Filled::Medication(form) => form.check(desk),
            Filled::Immunization(form) => form.check(desk),
            Filled::VitalSigns(form) => form.check(desk),
            Filled::Note(form) => form.check(facts, desk),
        }
    }

    fn build(&self, facts: &Facts, desk: &Desk) -> Vec<Value> {
        match self {
            Filled::Diagnosis(form) => vec![form.build(facts, desk)],
            Filled::Allergy(form) => vec![form.build(facts, desk)],
            Filled::Medication(form) => vec![form.build(facts, desk)],
            Filled::Immunization(form) => vec![form.build(facts, desk)],
            Filled::VitalSigns(form) => vital_sign_observations(form, facts, desk),
            Filled::Note(form) => vec![form.build(facts, desk)],
        }
    }

    /// The field that tells when it happened.
    fn event_field(&self) -> &'static str {
        match self {
            Filled::Diagnosis(_) | Filled::Allergy(_) => "onset",
            Filled::Medication(_) => "start",
            Filled::Immunization(_) => "given_on",
            Filled::VitalSigns(_) => "taken_at",
            Filled::Note(_) => "event_time",
        }
    }
}

fn type_name(loinc: &str) -> String {
    let found = exchange::loinc_documents().by_code(loinc);
    found.map(|kind| kind.name.to_owned()).unwrap_or_default()
}

/// Who made it, and when, as the form says; and the account of its provider.
fn facts_of(
    view: &mut View<'_>,
    context: &Context,
    given: &Given,
    event_field: &str,
    desk: &Desk,
) -> Result<(Facts, Option<i64>), Error> {
    let (author, account) = provider(view, given, "author")?;
    let own = person_of(context).filter(|_| context.has(Role::Provider));
    let authenticated = match (own, account) {
        (Some(own), Some(account)) if own == account => Some((party(view, own)?, desk.now_text())),
        _ => None,
    };
    let event_time = given.text("event_time");
    let facts = Facts {
        author,
        entered_by: self_party(view, context)?,
        authenticated,
        source_document: Some(given.text("source_document")).filter(|text| !text.is_empty()),
        event_time: if event_time.is_empty() { given.text(event_field) } else { event_time },
    };
    Ok((facts, account))
}

/// Faults of what every entry has: an author, and a source and an encounter of this chart.
fn check_facts(facts: &Facts) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if facts.author.display.is_empty() {
        let error = FieldError::new("author", "Nobody is named whose entry this is.");
        errors.push(error.would_do("The provider, chosen or by name."));
    }
    errors
}

/// What is wrong with an entry, while it is typed.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn check(
    store: &Store,
    context: &Context,
    kind: EntryKind,
    given: &Given,
) -> Result<Vec<FieldError>, Error> {
    require(store, context, Right::EntryWrite)?;
    store.look(context, |view| {
        let place = place_in(view)?;
        let desk = place.desk(context);
        let filled = Filled::of(kind, given, "x");
        let (facts, _) = facts_of(view, context, given, filled.event_field(), &desk)?;
        Ok(faults(filled.check(&facts, &desk)))
    })
}

fn refuse_faults(found: Vec<Fault>, facts: &Facts, given: &Given) -> Result<(), Error> {
    let missing = check_facts(facts);
    if missing.is_empty() {
        return settle(found, given);
    }
    let mut errors = faults(found);
    errors.retain(|error| error.field != "author");
    errors.extend(missing);
    Err(Error::Invalid(errors))
}

/// References of a form must lead into the same chart: never into another by guess.
fn refuse_foreign(view: &mut View<'_>, patient: PatientKey, given: &Given) -> Result<(), Error> {
    for (field, kind) in [("encounter", "Encounter"), ("source_document", "DocumentReference")] {
        let text = given.text(field);
        if text.is_empty() {
            continue;
        }
        let reference = record::Reference::parse(&text).filter(|found| found.kind == kind);
        let row = match reference {
            Some(found) => view.resource(kind, &found.id)?,
            None => None,
        };
        if row.is_none_or(|row| row.patient != Some(patient)) {
            let error = FieldError::new(field, "This is not of this chart.");
            return Err(Error::Invalid(vec![error.would_do("One of the list, or nothing.")]));
        }
    }
    Ok(())
}

/// Saves a new entry; returns the first of its resources.
///
/// # Errors
/// [`Error::Invalid`] with the fields; [`Error::NotFound`] where the patient is hidden.
pub fn enter(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    kind: EntryKind,
    given: &Given,
) -> Result<ResourceKey, Error> {
    require(store, context, Right::EntryWrite)?;
    store.write(context, |transaction| {
        let who = transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let place = place_in(transaction)?;
        let desk = place.desk(context);
        let filled = Filled::of(kind, given, &who.fhir_id);
        let (facts, account) = facts_of(transaction, context, given, filled.event_field(), &desk)?;
        refuse_faults(filled.check(&facts, &desk), &facts, given)?;
        refuse_foreign(transaction, patient, given)?;
        let mut first = None;
        for resource in filled.build(&facts, &desk) {
            let row = put_new(transaction, resource, "entered")?;
            ask_authentication(transaction, context, &row, account, &facts)?;
            review_entry(transaction, &row)?;
            first = first.or(Some(row.resource));
        }
        let first = first.ok_or_else(|| Error::Internal("an entry built nothing".into()))?;
        drop_draft(transaction, context, &format!("{}-{}", kind.as_str(), patient.0))?;
        let detail = format!(r#"{{"kind":"{}"}}"#, kind.as_str());
        let entry = AuditEntry::new(context, "entry.create", format!("resource/{}", first.0));
        transaction.audit(&entry.patients([patient]).detail(detail))?;
        Ok(first)
    })
}

fn put_new(
    transaction: &mut Transaction<'_>,
    mut resource: Value,
    why: &str,
) -> Result<ResourceRow, Error> {
    resource["id"] = Value::String(new_fhir_id()?);
    let prepared = Prepared::new(&resource, None)?;
    Ok(transaction.resource_put(&prepared, None, Action::Create, why)?)
}

/// Opens the work of authenticating an entry, for its provider; where the provider has no
/// account, for any provider who answers for it.
fn ask_authentication(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &ResourceRow,
    account: Option<i64>,
    facts: &Facts,
) -> Result<(), Error> {
    transaction.work_close("authenticate", row.resource.0, false)?;
    if facts.authenticated.is_some() {
        return Ok(());
    }
    let work = transaction.work_open(&NewWork {
        kind: "authenticate",
        subject: row.resource.0,
        patient: row.patient,
        role: Role::Provider,
        due_at: Some(context.at.plus_seconds(AUTHENTICATE_DAYS_MAX * 86_400)),
        reason: "Entered for a provider, who has not authenticated it yet.",
    })?;
    if account.is_some() {
        transaction.work_assign(work, account)?;
    }
    Ok(())
}

/// Corrects an entry: a new version with its reason, which its provider authenticates anew. A
/// note is never rewritten: its correction is a note of its own, and the original is marked as
/// superseded. Returns the entry to show.
///
/// # Errors
/// [`Error::Conflict`] when another version came meanwhile; [`Error::Invalid`] with the fields;
/// [`Error::Refused`] where the entry has no form, or was entered in error.
pub fn correct(
    store: &Store,
    context: &Context,
    entry: ResourceKey,
    version: i64,
    given: &Given,
) -> Result<ResourceKey, Error> {
    require(store, context, Right::EntryWrite)?;
    store.write(context, |transaction| {
        let (row, old, patient) = entry_in(transaction, entry)?;
        same_version(&row, version)?;
        if is_in_error(&old) {
            return Err(Error::Refused(
                "This was entered in error, and stays so. Enter what is right as a new entry."
                    .into(),
            ));
        }
        let kind = EntryKind::of(&old).ok_or_else(|| {
            Error::Refused(
                "Entries of this kind have no form here. Ask its source for a correction, or \
                 mark it as entered in error."
                    .into(),
            )
        })?;
        let reason = reason_of(given)?;
        if kind == EntryKind::Note {
            return append(transaction, context, &row, patient, NoteKind::Correction, given);
        }
        let place = place_in(transaction)?;
        let desk = place.desk(context);
        let who = transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let filled = Filled::of(kind, given, &who.fhir_id);
        let (facts, account) = facts_of(transaction, context, given, filled.event_field(), &desk)?;
        refuse_faults(filled.check(&facts, &desk), &facts, given)?;
        refuse_foreign(transaction, patient, given)?;
        let mut built = filled.build(&facts, &desk);
        if built.len() != 1 {
            let error = FieldError::new("values", "One entry holds one measurement.");
            let would = "The value that it holds; new ones as a new entry.";
            return Err(Error::Invalid(vec![error.would_do(would)]));
        }
        let new = corrected(&old, &built.remove(0));
        if typed(&new) == typed(&old) {
            return Err(Error::Refused("Nothing was changed, so nothing was saved.".into()));
        }
        let prepared = Prepared::new(&new, None)?;
        let row = transaction.resource_put(&prepared, Some(&row), Action::Update, &reason)?;
        ask_authentication(transaction, context, &row, account, &facts)?;
        review_entry(transaction, &row)?;
        drop_draft(transaction, context, &format!("correct-{}", entry.0))?;
        let target = format!("resource/{}", entry.0);
        transaction
            .audit(&AuditEntry::new(context, "entry.correct", target).patients([patient]))?;
        Ok(entry)
    })
}

/// Whether an entry is marked as entered in error: marking it again changes nothing.
fn is_in_error(value: &Value) -> bool {
    let mut marked = value.clone();
    entered_in_error(&mut marked);
    marked == *value
}

fn reason_of(given: &Given) -> Result<String, Error> {
    let reason = given.text("reason");
    if reason.is_empty() {
        let error = FieldError::new("reason", "The original stays, so it must be said why.");
        let would = "As: wrong side; read from the wrong page.";
        return Err(Error::Invalid(vec![error.would_do(would)]));
    }
    Ok(reason)
}

fn entry_in(
    view: &mut View<'_>,
    key: ResourceKey,
) -> Result<(ResourceRow, Value, PatientKey), Error> {
    let row = view.resource_by_key(key)?.filter(|row| !row.deleted).ok_or(Error::NotFound)?;
    let patient = row.patient.ok_or(Error::NotFound)?;
    let value = view.resource_value(&row)?;
    Ok((row, value, patient))
}

/// Adds an addendum or a late entry to a note. The note stays as it is.
///
/// # Errors
/// [`Error::Invalid`] with the fields; [`Error::Refused`] where it is no note.
pub fn relate(
    store: &Store,
    context: &Context,
    note: ResourceKey,
    kind: NoteKind,
    given: &Given,
) -> Result<ResourceKey, Error> {
    require(store, context, Right::EntryWrite)?;
    store.write(context, |transaction| {
        let (row, old, patient) = entry_in(transaction, note)?;
        if EntryKind::of(&old) != Some(EntryKind::Note) {
            return Err(Error::Refused("Only a note has addenda and late entries.".into()));
        }
        append(transaction, context, &row, patient, kind, given)
    })
}

fn append(
    transaction: &mut Transaction<'_>,
    context: &Context,
    row: &ResourceRow,
    patient: PatientKey,
    kind: NoteKind,
    given: &Given,
) -> Result<ResourceKey, Error> {
    let place = place_in(transaction)?;
    let desk = place.desk(context);
    let who = transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
    let Filled::Note(mut form) = Filled::of(EntryKind::Note, given, &who.fhir_id) else {
        return Err(Error::Internal("a note fills no note".into()));
    };
    form.kind = kind;
    form.of = format!("{}/{}", row.kind, row.fhir_id);
    form.reason = given.text("reason");
    let (facts, account) = facts_of(transaction, context, given, "event_time", &desk)?;
    refuse_faults(form.check(&facts, &desk), &facts, given)?;
    refuse_foreign(transaction, patient, given)?;
    let why = form.kind.label().to_lowercase();
    let new = put_new(transaction, form.build(&facts, &desk), &why)?;
    ask_authentication(transaction, context, &new, account, &facts)?;
    if kind == NoteKind::Correction {
        let mut original = transaction.resource_value(row)?;
        supersede(&mut original);
        let prepared = Prepared::new(&original, None)?;
        let why = format!("superseded by its correction: {}", form.reason);
        transaction.resource_put(&prepared, Some(row), Action::Update, &why)?;
        transaction.work_close("authenticate", row.resource.0, false)?;
    }
    review_entry(transaction, &new)?;
    let draft = match kind {
        NoteKind::Addendum => "addendum",
        NoteKind::LateEntry => "late",
        _ => "correct",
    };
    drop_draft(transaction, context, &format!("{draft}-{}", row.resource.0))?;
    let action = format!("note.{draft}");
    let target = format!("resource/{}", new.resource.0);
    transaction.audit(&AuditEntry::new(context, &action, target).patients([patient]))?;
    Ok(new.resource)
}

/// Marks an entry as entered in error, with the reason. It stays, with its history.
///
/// # Errors
/// [`Error::Conflict`] when another version came meanwhile; [`Error::Invalid`] without a reason;
/// [`Error::Refused`] where it is marked so already, or is the patient.
pub fn mark_error(
    store: &Store,
    context: &Context,
    entry: ResourceKey,
    version: i64,
    given: &Given,
) -> Result<(), Error> {
    require(store, context, Right::EntryWrite)?;
    store.write(context, |transaction| {
        let (row, mut value, patient) = entry_in(transaction, entry)?;
        same_version(&row, version)?;
        if row.kind == "Patient" {
            return Err(Error::Refused(
                "A patient is not an entry. Two records of one person are merged at the desk \
                 Identity; wrong facts are corrected at registration."
                    .into(),
            ));
        }
        if is_in_error(&value) {
            return Err(Error::Refused("It is marked as entered in error already.".into()));
        }
        let reason = reason_of(given)?;
        entered_in_error(&mut value);
        let prepared = Prepared::new(&value, None)?;
        let row = transaction.resource_put(&prepared, Some(&row), Action::Update, &reason)?;
        review_entry(transaction, &row)?;
        transaction.work_close("authenticate", entry.0, false)?;
        let target = format!("resource/{}", entry.0);
        let audit = AuditEntry::new(context, "entry.error", target).patients([patient]);
        Ok(transaction.audit(&audit)?)
    })
}
