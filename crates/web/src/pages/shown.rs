//! How pages show a patient, a moment, the errors of a form.

use crate::ui::{Badge, Banner, FieldError, Tone, age, date_text, moment};
use app::chart::Identity;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use record::{Instant, LabelMask, PersonName};
use store::find::PatientRow;

/// A person's name.
pub(crate) fn person_name(name: &PersonName) -> Markup {
    html! { @if name.is_empty() { span class="quiet" { "no name" } } @else { (name.reveal()) } }
}

/// What a list shows of a patient: name, birth date, sex, MRN, labels.
pub(crate) fn patient_facts(patient: &PatientRow) -> [Markup; 5] {
    [
        html! {
            (person_name(&patient.name))
            @if patient.deceased { " " (Badge::new(Tone::Neutral, "deceased")) }
        },
        date_text(patient.birth_date.reveal()),
        html! { (patient.sex) },
        html! { (patient.mrn.reveal()) },
        html! {
            @for class in patient.labels.classes() { (Badge::new(Tone::Warn, class.label())) " " }
        },
    ]
}

/// The banner of a chart.
pub(crate) fn banner(identity: &Identity, today: Date) -> Banner {
    let mut banner = banner_of(&identity.patient, identity.labels, today);
    if !identity.holds.is_empty() {
        banner.holds.push("Legal hold".to_owned());
    }
    if let Some(until) = identity.glass_until {
        let until = until.timestamp().strftime("%Y-%m-%d %H:%M");
        banner.alerts.push(format!("Glass broken: open to you until {until} UTC"));
    }
    banner
}

/// The banner of a patient as a list shows one.
pub(crate) fn banner_of(patient: &PatientRow, labels: LabelMask, today: Date) -> Banner {
    let alerts = if patient.deceased { vec!["Deceased".to_owned()] } else { Vec::new() };
    Banner {
        name: patient.name.clone(),
        birth_date: patient.birth_date.clone(),
        age: age(patient.birth_date.reveal(), today),
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

/// A moment of the site's clock.
pub(crate) fn stamp(at: Instant) -> Markup {
    moment(at, &TimeZone::UTC)
}

/// The errors of a use case as the form shows them.
pub(crate) fn field_errors(errors: &[app::FieldError]) -> Vec<FieldError> {
    errors.iter().map(|e| FieldError::new(e.field.as_str(), "", e.reason.as_str(), "")).collect()
}
