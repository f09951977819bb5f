//! Forms as they are typed: their values, what is wrong with them, their draft.

use crate::server::{Clerk, Failure, Posted};
use crate::ui::{Field, FieldError, Form, Tone, error_summary, notice};
use app::entry::{CONFIRM, Given, draft};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use record::PatientKey;

/// Fields of every form that are not the record's.
const OWN_FIELDS: &[&str] = &["csrf", "draft_seen", "validate", "version", "choice"];

/// What was typed into a posted form.
pub(crate) fn given_of(posted: &Posted) -> Given {
    let fields = posted.fields().into_iter();
    fields.filter(|(name, _)| !OWN_FIELDS.contains(&name.as_str())).collect()
}

/// The errors of a use case with what was given.
pub(crate) fn errors_of(errors: &[app::FieldError], given: &Given) -> Vec<FieldError> {
    let shown = |error: &app::FieldError| {
        let text = given.text(&error.field);
        FieldError::new(error.field.as_str(), text, error.reason.as_str(), error.would_do.as_str())
    };
    errors.iter().map(shown).collect()
}

/// The answer to validation while typing: what is wrong with one field, or nothing. A field that
/// is still empty is told on saving.
pub(crate) fn live(posted: &Posted, errors: &[app::FieldError]) -> Response {
    let (field, given) = (posted.text("validate"), given_of(posted));
    let found = errors.iter().find(|error| error.field == field);
    let found = found.filter(|_| !given.text(field).is_empty());
    let error = found.map(|error| {
        let given = given.text(field);
        serde_json::json!({"given": given, "reason": error.reason, "would_do": error.would_do})
    });
    let body = serde_json::json!({"error": error, "note": ""}).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A form on its page.
#[derive(Clone, Default)]
pub(crate) struct TypedForm {
    /// What it holds.
    pub given: Given,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// Why it was not saved, where that is of no one field.
    pub refusal: Option<String>,
    validate_url: String,
    draft_url: String,
    restored: Option<String>,
    seen: String,
}

impl TypedForm {
    /// The form as it opens: with the draft, where one was begun, else with these values.
    pub async fn open(
        clerk: &Clerk,
        patient: Option<PatientKey>,
        name: String,
        zone: &TimeZone,
        initial: Given,
    ) -> Result<TypedForm, Failure> {
        let mut form = TypedForm::named(patient, &name);
        let (found, _) = clerk.run(move |store, context| draft(store, context, &name)).await?;
        form.given = initial;
        if let Some(found) = found {
            form.seen = found.version();
            let zoned = found.saved_at.timestamp().to_zoned(zone.clone());
            form.restored = Some(zoned.strftime("%-d %b %Y %H:%M").to_string());
            form.given = found.given;
        }
        Ok(form)
    }

    /// The form as it comes back with what is wrong; other failures are pages of their own.
    pub fn failed(
        posted: &Posted,
        patient: Option<PatientKey>,
        name: &str,
        error: app::Error,
    ) -> Result<(StatusCode, TypedForm), Failure> {
        let given = given_of(posted);
        let seen = posted.text("draft_seen").to_owned();
        let mut form = TypedForm { given, seen, ..TypedForm::named(patient, name) };
        let status = match error {
            app::Error::Invalid(errors) => {
                form.errors = errors_of(&errors, &form.given);
                StatusCode::UNPROCESSABLE_ENTITY
            }
            app::Error::Refused(text) => {
                form.refusal = Some(text);
                StatusCode::UNPROCESSABLE_ENTITY
            }
            app::Error::Conflict(text) => {
                form.refusal = Some(text);
                StatusCode::CONFLICT
            }
            other => return Err(Failure::new(other, &posted.clerk.shell)),
        };
        Ok((status, form))
    }

    fn named(patient: Option<PatientKey>, name: &str) -> TypedForm {
        let patient = patient.map_or(0, |key| key.0);
        TypedForm { draft_url: format!("/drafts/{patient}/{name}"), ..TypedForm::default() }
    }

    /// Validated while typing at this address.
    pub fn validates_at(mut self, address: impl Into<String>) -> TypedForm {
        self.validate_url = address.into();
        self
    }

    /// A field with its value, its error and its validation while typing.
    pub fn put(&self, name: &str, field: Field) -> Field {
        let mut field = field.errors(&self.errors);
        let value = self.given.0.get(name).cloned().unwrap_or_default();
        if !value.is_empty() {
            field = field.value(value);
        }
        match self.validate_url.is_empty() {
            true => field,
            false => field.validates_at(self.validate_url.as_str()),
        }
    }

    /// A line of text.
    pub fn line(&self, name: &str, label: &str) -> Field {
        self.put(name, Field::text(name, label))
    }

    /// The form with its errors, its content and its draft.
    pub fn form(&self, action: &str, label: &str, csrf: &str, content: Markup) -> Markup {
        let confirm = self.errors.iter().any(|error| error.field == CONFIRM);
        let form = Form::post(action).csrf(csrf).label(label).hidden("draft_seen", &self.seen);
        html! {
            (error_summary(&self.errors))
            @if let Some(text) = &self.refusal { (notice(Tone::Stop, html! { p { (text) } })) }
            (form.draft(self.draft_url.as_str(), self.restored.clone()).content(html! {
                @if confirm {
                    (Field::check(CONFIRM, "I looked again: it is right as it stands")
                        .errors(&self.errors))
                }
                (content)
            }))
        }
    }
}
