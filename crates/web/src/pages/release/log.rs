//! Logging a request: who asks, for what, when it came, by which letter.

use super::list::viewer;
use crate::pages::field_errors;
use crate::server::{Answer, Clerk, Page, Posted, see_other};
use crate::ui::{
    Button, Card, Choice, Desk, Field, FieldError, Form, Heading, actions, error_summary,
};
use app::release::{self as desk, LogForm};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use release::requester::RequesterKind;
use std::collections::HashMap;
use store::release::Channel;

type Fields = HashMap<String, String>;

pub(super) async fn form(clerk: Clerk, Query(asked): Query<Fields>) -> Answer {
    let mut fields = Fields::new();
    if let Some(document) = asked.get("document") {
        fields.insert("document".to_owned(), document.clone());
    }
    // The day of the site, which in the evening isn't that of UTC.
    let place = clerk.run(app::entry::place).await?;
    let today = clerk.context().at.date_in(&place.zone);
    fields.insert("received".to_owned(), today.to_string());
    page(&clerk, &fields, &[]).await
}

pub(super) async fn save(posted: Posted) -> Answer {
    let text = |name: &str| posted.text(name).to_owned();
    let typed = LogForm {
        kind: RequesterKind::parse(posted.text("kind")),
        name: text("name"),
        organization: text("organization"),
        address: text("address"),
        channel: Channel::parse(posted.text("channel")),
        asked_for: text("asked_for"),
        purpose: text("purpose"),
        received: text("received"),
        stated_due: text("stated_due"),
        jurisdiction: text("jurisdiction"),
        document: text("document"),
    };
    let logged = posted.clerk.attempt(move |store, context| desk::log(store, context, &typed));
    match logged.await {
        Ok(id) => Ok(see_other(format!("/release/{id}"))),
        Err(app::Error::Invalid(errors)) => {
            let shown = page(&posted.clerk, &posted.fields(), &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

async fn page(
    clerk: &Clerk,
    fields: &Fields,
    errors: &[app::FieldError],
) -> Result<Response, crate::server::Failure> {
    let errors = field_errors(errors);
    let document = fields.get("document").cloned().unwrap_or_default();
    // The right is asked even where there is no letter to read.
    let right = |store: &store::Store, context: &record::Context| {
        app::access::require(store, context, app::Right::Release)
    };
    clerk.run(right).await?;
    let letter = if document.is_empty() { None } else { Some(letter(clerk, &document).await?) };
    let content = html! {
        (Heading::new("Log a request").under("Release", "/release").lede(html! {
            "The clock starts on the day of receipt, not on the day of logging. The patient can be \
             identified afterwards."
        }))
        (error_summary(&errors))
        div class=[letter.is_some().then_some("columns")] {
            @if let Some(letter) = &letter { div class="stack" { (letter) } }
            div class="stack" { (Card::new("The request", log_form(clerk, fields, &errors))) }
        }
    };
    Ok(Page(clerk.page("Log a request", Desk::Release), content).into_response())
}

async fn letter(clerk: &Clerk, id: &str) -> Result<Markup, crate::server::Failure> {
    let of = id.to_owned();
    let opened =
        clerk.run(move |store, context| desk::letter_document(store, context, &of)).await?;
    Ok(viewer(clerk, id, &opened.document.media_type, opened.text.as_deref(), 1).await)
}

fn log_form(clerk: &Clerk, fields: &Fields, errors: &[FieldError]) -> Form {
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let text = |name: &str, label: &str| Field::text(name, label).value(value(name)).errors(errors);
    let date = |name: &str, label: &str| Field::date(name, label).value(value(name)).errors(errors);
    let first = [Choice::new("", "Choose")];
    let kinds = RequesterKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label()));
    let channels = Channel::ALL.iter().map(|way| Choice::new(way.as_str(), way.label()));
    Form::post("/release/new")
        .csrf(clerk.csrf())
        .label("Log a request")
        .hidden("document", value("document"))
        .content(html! {
            (Field::select("kind", "Who asks", first.clone().into_iter().chain(kinds))
                .value(value("kind")).errors(errors).required().autofocus())
            (text("name", "Name of the requester").required())
            (text("organization", "Organization").optional())
            (Field::area("address", "Address, e-mail or fax", 3).optional()
                .hint("Where letters go").value(value("address")).errors(errors))
            (Field::select("channel", "How it came", first.into_iter().chain(channels))
                .value(value("channel")).errors(errors).required())
            (date("received", "Received on").required())
            (Field::area("asked_for", "What is asked for", 3)
                .hint("In the words of the request: which records, which dates")
                .value(value("asked_for")).errors(errors).required())
            (text("purpose", "Purpose").optional()
                .hint("As stated. A patient's own access needs none (45 CFR 164.524)"))
            (date("stated_due", "To be answered by").optional()
                .hint("A date that the request itself states, as the return date of a subpoena: \
                       2026-03-04"))
            (text("jurisdiction", "State whose law applies").optional().width(4)
                .hint("Two letters, as CA"))
            (actions([Button::submit("Log the request").main().key("Ctrl+Enter")]))
        })
}
