//! How pages show a patient, a moment, the errors of a form.

use crate::server::Clerk;
use crate::ui::{Badge, Banner, FieldError, Tone, age, date_text, moment_text};
use app::chart::Identity;
use jiff::civil::Date;
use maud::{Markup, html};
use record::{LabelMask, PersonName};
use std::collections::BTreeMap;
use store::find::PatientRow;

/// A person's name.
pub(crate) fn person_name(name: &PersonName) -> Markup {
    html! { @if name.is_empty() { span class="quiet" { "no name" } } @else { (name.reveal()) } }
}

/// A medical record number, or that there is none.
pub(crate) fn mrn_text(patient: &PatientRow) -> Markup {
    let mrn = patient.mrn.reveal();
    html! { @if mrn.is_empty() { span class="quiet" { "none" } } @else { (mrn) } }
}

/// What a list shows of a patient: name, birth date, sex, MRN, labels.
pub(crate) fn patient_facts(patient: &PatientRow) -> [Markup; 5] {
    [
        html! {
            (person_name(&patient.name))
            @if patient.deceased { " " (Badge::new(Tone::Neutral, "deceased")) }
        },
        html! {
            @if patient.birth_date.is_empty() { span class="quiet" { "not known" } }
            @else { (date_text(patient.birth_date.reveal())) }
        },
        html! { @if patient.sex.is_empty() { span class="quiet" { "not known" } } (patient.sex) },
        mrn_text(patient),
        html! {
            @for class in patient.labels.classes() { (Badge::new(Tone::Warn, class.label())) " " }
        },
    ]
}

/// The name of who acted, by the key that stands in the row.
pub(crate) fn actor_name<'n>(names: &'n BTreeMap<String, String>, key: &'n str) -> &'n str {
    names.get(key).map_or(key, String::as_str)
}

/// The banner of a chart.
pub(crate) fn banner(identity: &Identity, clerk: &Clerk) -> Banner {
    let mut banner = banner_of(&identity.patient, identity.labels, clerk.today());
    if !identity.holds.is_empty() {
        banner.holds.push("Legal hold".to_owned());
    }
    if let Some(until) = identity.glass_until {
        let until = moment_text(until, clerk.zone());
        banner.alerts.push(format!("Glass broken: open to you until {until}"));
    }
    banner
}

/// The banner of a patient as a list shows one.
pub(crate) fn banner_of(patient: &PatientRow, labels: LabelMask, today: Date) -> Banner {
    let alerts = if patient.deceased { vec!["Deceased".to_owned()] } else { Vec::new() };
    Banner {
        name: patient.name.clone(),
        birth_date: patient.birth_date.clone(),
        // The dead grow no older, and when they died stands in their registration.
        age: age(patient.birth_date.reveal(), today).filter(|_| !patient.deceased),
        sex: patient.sex.clone(),
        mrn: patient.mrn.clone(),
        href: format!("/chart/{}", patient.patient.0),
        opaque_id: patient.patient.0.to_string(),
        photo_href: None,
        labels,
        holds: Vec::new(),
        alerts,
    }
}

/// The errors of a use case as the form shows them.
pub(crate) fn field_errors(errors: &[app::FieldError]) -> Vec<FieldError> {
    let shown =
        |error: &app::FieldError| FieldError::new(&error.field, "", &error.reason, &error.would_do);
    errors.iter().map(shown).collect()
}
