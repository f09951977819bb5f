//! Encounters at the registration desk: admission, transfer, change of class, discharge,
//! cancellation. Observation is never inpatient (42 CFR 412.3).

use super::{
    Given, Place, drop_draft, faults, new_fhir_id, place_in, provider, same_version, self_party,
    settle,
};
use crate::Error;
use crate::access::{Right, require};
use crate::chart::{Identity, identity_in};
use crate::error::FieldError;
use exchange::fhir::build::{
    Desk, Discharge, EncounterClass, EncounterCorrection, EncounterForm, Facts,
    FieldError as Fault, Party, Stay, Transfer, cancel, change_class, discharge, transfer,
};
use record::{Context, PartialDate, PatientKey, ResourceKey};
use serde_json::Value;
use store::{Action, AuditEntry, Prepared, ResourceRow, Store, Transaction, View};

/// Encounters of one patient that are read.
const ENCOUNTERS_MAX: i64 = 500;

/// What happens to an encounter after admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// To another unit or bed.
    Transfer,
    /// From observation to inpatient by an order, and the like.
    ChangeClass,
    /// Its end, with where the patient went.
    Discharge,
    /// It did not take place.
    Cancel,
    /// Its times, class or disposition were wrong.
    Correct,
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Event] =
        &[Event::Transfer, Event::ChangeClass, Event::Discharge, Event::Cancel, Event::Correct];

    /// The word in addresses and in the audit trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Transfer => "transfer",
            Event::ChangeClass => "class",
            Event::Discharge => "discharge",
            Event::Cancel => "cancel",
            Event::Correct => "correct",
        }
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Event::Transfer => "Transfer",
            Event::ChangeClass => "Change the class",
            Event::Discharge => "Discharge",
            Event::Cancel => "Cancel",
            Event::Correct => "Correct",
        }
    }

    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<Event> {
        Event::ALL.iter().copied().find(|event| event.as_str() == word)
    }
}

/// A patient at the registration desk: who, and their encounters, without clinical content.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Who.
    pub identity: Identity,
    /// Where and when.
    pub place: Place,
    /// Encounters, the newest first.
    pub stays: Vec<(ResourceRow, Stay)>,
}

/// Opens a patient at the registration desk.
///
/// # Errors
/// [`Error::NotFound`] where the patient is not there, or hidden.
pub fn registration(
    store: &Store,
    context: &Context,
    patient: PatientKey,
) -> Result<Registration, Error> {
    require(store, context, Right::Register)?;
    store.read(context, |view| {
        let identity = identity_in(view, patient)?;
        let stays = stays_in(view, patient)?;
        let place = place_in(view)?;
        let entry = AuditEntry::new(context, "patient.open", format!("patient/{}", patient.0));
        Ok((Registration { identity, place, stays }, entry.patients([patient])))
    })
}

/// One encounter with whose it is.
///
/// # Errors
/// [`Error::NotFound`] where it is not there, hidden, or no encounter.
pub fn encounter_of(
    store: &Store,
    context: &Context,
    encounter: ResourceKey,
) -> Result<(Registration, ResourceRow, Stay), Error> {
    require(store, context, Right::Register)?;
    store.read(context, |view| {
        let (row, value, patient) = encounter_in(view, encounter)?;
        let identity = identity_in(view, patient)?;
        let place = place_in(view)?;
        let target = format!("Encounter/{}", encounter.0);
        let entry = AuditEntry::new(context, "encounter.open", target).patients([patient]);
        let registration = Registration { identity, place, stays: Vec::new() };
        Ok(((registration, row, Stay::of(&value)), entry))
    })
}

fn encounter_in(
    view: &mut View<'_>,
    key: ResourceKey,
) -> Result<(ResourceRow, Value, PatientKey), Error> {
    let row = view.resource_by_key(key)?.ok_or(Error::NotFound)?;
    let (false, "Encounter", Some(patient)) = (row.deleted, &row.kind[..], row.patient) else {
        return Err(Error::NotFound);
    };
    let value = view.resource_value(&row)?;
    Ok((row, value, patient))
}

fn stays_in(view: &mut View<'_>, patient: PatientKey) -> Result<Vec<(ResourceRow, Stay)>, Error> {
    let mut stays = Vec::new();
    for row in view.chart_list(patient, &["Encounter"], ENCOUNTERS_MAX)? {
        let stay = Stay::of(&view.resource_value(&row)?);
        stays.push((row, stay));
    }
    Ok(stays)
}

fn form_of(given: &Given, patient: &str, attending: Party, place: &Place) -> EncounterForm {
    let named = |name: &str| Party::new("", given.text(name));
    let facility = place.facility.as_ref().map(|facility| Party::new("", facility.name.as_str()));
    EncounterForm {
        patient: format!("Patient/{patient}"),
        class: EncounterClass::parse(&given.text("class")).unwrap_or_default(),
        visit_number: given.text("visit_number"),
        visit_system: String::new(),
        start: given.text("start"),
        end: given.text("end"),
        location: named("location"),
        bed: named("bed"),
        attending,
        facility: facility.unwrap_or_default(),
        service: given.text("service"),
        reason: given.text("reason"),
        admit_source: given.text("admit_source"),
    }
}

fn check_form(given: &Given, form: &EncounterForm, desk: &Desk) -> Vec<Fault> {
    let mut found = form.check(desk);
    // The form's names for parties.
    for fault in &mut found {
        if fault.field == "attending" && !given.text("attending").is_empty() {
            fault.field = "attending_name";
        }
    }
    found
}

/// What is wrong with an admission, while it is typed.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn check_encounter(
    store: &Store,
    context: &Context,
    given: &Given,
) -> Result<Vec<FieldError>, Error> {
    require(store, context, Right::Register)?;
    store.look(context, |view| {
        let place = place_in(view)?;
        let (attending, _) = provider(view, given, "attending")?;
        let form = form_of(given, "x", attending, &place);
        Ok(faults(check_form(given, &form, &place.desk(context))))
    })
}

/// Opens an encounter: admission, observation, emergency, visit.
///
/// # Errors
/// [`Error::Invalid`] with the fields, also where the patient lies in another bed at the time.
pub fn admit(
    store: &Store,
    context: &Context,
    patient: PatientKey,
    given: &Given,
) -> Result<ResourceKey, Error> {
    require(store, context, Right::Register)?;
    let id = new_fhir_id()?;
    store.write(context, |transaction| {
        let who = transaction.patient_row(patient)?.ok_or(Error::NotFound)?;
        let place = place_in(transaction)?;
        let desk = place.desk(context);
        let (attending, _) = provider(transaction, given, "attending")?;
        let form = form_of(given, &who.fhir_id, attending.clone(), &place);
        settle(check_form(given, &form, &desk), given)?;
        let author = self_party(transaction, context)?;
        let facts = Facts {
            author: if attending.display.is_empty() { author.clone() } else { attending },
            entered_by: author,
            event_time: form.start.clone(),
            ..Facts::default()
        };
        let mut resource = form.build(&facts, &desk);
        resource["id"] = Value::String(id);
        refuse_overlap(transaction, patient, &Stay::of(&resource), None, &place)?;
        let prepared = Prepared::new(&resource, None)?;
        let row = transaction.resource_put(&prepared, None, Action::Create, "admitted")?;
        drop_draft(transaction, context, &format!("admit-{}", patient.0))?;
        let target = format!("Encounter/{}", row.resource.0);
        let detail = format!(r#"{{"class":"{}"}}"#, form.class.code());
        let entry = AuditEntry::new(context, "encounter.admit", target).patients([patient]);
        transaction.audit(&entry.detail(detail))?;
        Ok(row.resource)
    })
}

/// Nobody lies in two beds: a stay must not begin or go on while another goes on.
fn refuse_overlap(
    view: &mut View<'_>,
    patient: PatientKey,
    stay: &Stay,
    itself: Option<ResourceKey>,
    place: &Place,
) -> Result<(), Error> {
    if !stay.is_stay() {
        return Ok(());
    }
    let span = |stay: &Stay| {
        let first = PartialDate::parse(&stay.start, &place.zone)?.first;
        let last = PartialDate::parse(&stay.end, &place.zone).map(|end| end.first);
        Some((first, last.unwrap_or(record::Instant(i64::MAX))))
    };
    let shown = |text: &str| {
        let date = exchange::fhir::shown_date_in(text, &place.zone);
        date.unwrap_or_else(|| text.to_owned())
    };
    let Some((first, last)) = span(stay) else { return Ok(()) };
    for (row, other) in stays_in(view, patient)? {
        let counts = other.is_stay()
            && Some(row.resource) != itself
            && !matches!(other.status.as_str(), "cancelled" | "entered-in-error" | "planned");
        let Some((other_first, other_last)) = span(&other).filter(|_| counts) else { continue };
        if first < other_last && other_first < last {
            let until = match other.end.is_empty() {
                true => "goes on".to_owned(),
                false => format!("ended {}", shown(&other.end)),
            };
            let reason = format!(
                "The patient has a stay from {} that {until}: nobody lies in two beds.",
                shown(&other.start)
            );
            let would = "Discharge or transfer that stay, or give another time.";
            return Err(Error::Invalid(vec![FieldError::new("start", reason).would_do(would)]));
        }
    }
    Ok(())
}

/// What is wrong with an event of an encounter, while it is typed. The encounter itself is not
/// read: what it decides is told on saving.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn check_event(
    store: &Store,
    context: &Context,
    event: Event,
    given: &Given,
) -> Result<Vec<FieldError>, Error> {
    require(store, context, Right::Register)?;
    let place = super::place(store, context)?;
    let mut open = serde_json::json!({"status": "in-progress"});
    let result = apply(&mut open, event, given, &place.desk(context));
    Ok(result.err().map(faults).unwrap_or_default())
}

fn apply(
    encounter: &mut Value,
    event: Event,
    given: &Given,
    desk: &Desk,
) -> Result<(), Vec<Fault>> {
    let at = given.text("at");
    match event {
        Event::Transfer => {
            let named = |name: &str| Party::new("", given.text(name));
            let to = Transfer { at, location: named("location"), bed: named("bed") };
            transfer(encounter, &to, desk)
        }
        Event::ChangeClass => {
            let class = EncounterClass::parse(&given.text("class")).unwrap_or_default();
            change_class(encounter, class, &at, desk)
        }
        Event::Discharge => {
            let by = Discharge { at, disposition: given.text("disposition") };
            discharge(encounter, &by, desk)
        }
        Event::Cancel => {
            cancel(encounter);
            Ok(())
        }
        Event::Correct => {
            let correction = EncounterCorrection {
                class: EncounterClass::parse(&given.text("class")),
                start: given.text("start"),
                end: given.text("end"),
                disposition: given.text("disposition"),
            };
            correction.apply(encounter, desk).map(|_| ())
        }
    }
}

/// Transfers, changes the class, discharges or cancels: a new version of the encounter.
///
/// # Errors
/// [`Error::Conflict`] when another version came meanwhile; [`Error::Invalid`] with the fields;
/// [`Error::Refused`] where its state does not allow it.
pub fn change(
    store: &Store,
    context: &Context,
    encounter: ResourceKey,
    version: i64,
    event: Event,
    given: &Given,
) -> Result<PatientKey, Error> {
    require(store, context, Right::Register)?;
    store.write(context, |transaction| {
        let (row, mut value, patient) = encounter_in(transaction, encounter)?;
        same_version(&row, version)?;
        let place = place_in(transaction)?;
        let mut why = event.as_str().to_owned();
        if event == Event::Cancel {
            refuse_cancel(transaction, &row, patient, &Stay::of(&value))?;
        }
        if event == Event::Correct {
            refuse_correct(&Stay::of(&value))?;
        }
        if matches!(event, Event::Cancel | Event::Correct) {
            why = given.text("reason");
            if why.is_empty() {
                let error = FieldError::new("reason", "This needs its reason.")
                    .would_do("As: patient did not come; registered twice; typed wrong.");
                return Err(Error::Invalid(vec![error]));
            }
        }
        let before = value.clone();
        apply(&mut value, event, given, &place.desk(context))
            .map_err(|found| Error::Invalid(faults(found)))?;
        if before == value {
            return Err(Error::Refused("Nothing was changed, so nothing was saved.".into()));
        }
        if matches!(event, Event::ChangeClass | Event::Correct) {
            refuse_overlap(transaction, patient, &Stay::of(&value), Some(encounter), &place)?;
        }
        let prepared = Prepared::new(&value, None)?;
        let row = transaction.resource_put(&prepared, Some(&row), Action::Update, &why)?;
        crate::coding::queue_finished(transaction, &row)?;
        crate::completion::review_entry(transaction, &row)?;
        drop_draft(transaction, context, &format!("{}-{}", event.as_str(), encounter.0))?;
        let action = format!("encounter.{}", event.as_str());
        let target = format!("Encounter/{}", encounter.0);
        transaction.audit(&AuditEntry::new(context, &action, target).patients([patient]))?;
        Ok(patient)
    })
}

fn refuse_correct(stay: &Stay) -> Result<(), Error> {
    match stay.status.as_str() {
        "cancelled" | "entered-in-error" => Err(Error::Refused(
            "This encounter did not take place, or was entered in error. Open another one.".into(),
        )),
        _ => Ok(()),
    }
}

fn refuse_cancel(
    transaction: &mut Transaction<'_>,
    row: &ResourceRow,
    patient: PatientKey,
    stay: &Stay,
) -> Result<(), Error> {
    if !stay.is_open() {
        return Err(Error::Refused(
            "Only an encounter that is open can be cancelled. One that took place is corrected, \
             or marked as entered in error."
                .into(),
        ));
    }
    let entries = transaction.chart_list(patient, &[], ENCOUNTERS_MAX)?;
    let of_it = |one: &&ResourceRow| {
        one.encounter.as_deref() == Some(&row.fhir_id)
            && one.resource != row.resource
            && one.status.as_deref() != Some("entered-in-error")
    };
    match entries.iter().filter(of_it).count() {
        0 => Ok(()),
        count => Err(Error::Refused(format!(
            "{count} entries belong to this encounter, so it took place. Correct them or mark \
             them as entered in error first."
        ))),
    }
}
