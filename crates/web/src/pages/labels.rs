//! Labels of a chart: what stands on it, from where, since when, and what stood.

use crate::pages::{actor_name, banner, field_errors};
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Field, FieldError, Form, Heading, Row, Table,
    Tone, actions, error_summary,
};
use app::Right;
use app::labels::{Labels, On};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::{PatientKey, ResourceKey, SensitiveClass};
use std::collections::HashMap;
use store::label::Label;

/// The routes of labels.
pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Right(Right::Label);
    routes
        .get("/chart/{patient}/labels", guard, show)
        .post("/chart/{patient}/labels", guard, put)
        .post("/chart/{patient}/labels/{label}/end", guard, end)
}

async fn show(
    clerk: Clerk,
    Path(patient): Path<i64>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let entry = asked.get("entry").and_then(|entry| entry.parse().ok());
    Ok(page(&clerk, PatientKey(patient), entry, &Filled::default()).await?.into_response())
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Filled {
    class: String,
    source: String,
    errors: Vec<FieldError>,
}

async fn page(
    clerk: &Clerk,
    patient: PatientKey,
    entry: Option<i64>,
    filled: &Filled,
) -> Result<Page, crate::server::Failure> {
    let key = entry.map(ResourceKey);
    let found =
        clerk.run(move |store, context| app::labels::list(store, context, patient, key)).await?;
    let content = html! {
        (Heading::new("Labels").under("Chart", format!("/chart/{}", patient.0)))
        (error_summary(&filled.errors))
        (table(clerk, patient, &found))
        (Card::new("Put a label", form(clerk, patient, found.on.as_ref(), filled)))
    };
    let shell = clerk.page("Labels", Desk::Find).with_banner(banner(&found.identity, clerk));
    Ok(Page(shell, content))
}

fn form(clerk: &Clerk, patient: PatientKey, on: Option<&On>, filled: &Filled) -> Form {
    let errors = &filled.errors;
    let classes =
        SensitiveClass::ALL.iter().map(|class| Choice::new(class.as_str(), class.label()));
    let classes: Vec<Choice> =
        std::iter::once(Choice::new("", "Choose one")).chain(classes).collect();
    let entry = on.map(|on| on.entry.0.to_string()).unwrap_or_default();
    Form::post(format!("/chart/{}/labels", patient.0))
        .csrf(clerk.csrf())
        .hidden("entry", entry)
        .label("Put a label")
        .content(html! {
            (covered(on))
            (Field::select("class", "Class", classes).value(filled.class.as_str())
                .errors(errors).key("k"))
            (Field::text("source", "Where it comes from").value(filled.source.as_str())
                .errors(errors).hint("The unit, the notice, the person's request"))
            (actions([Button::submit("Put the label").main().key("Ctrl+Enter")]))
        })
}

/// On what the label is about to stand.
fn covered(on: Option<&On>) -> Markup {
    html! {
        @match on {
            Some(On { entry, title, covers }) => p {
                "On " a href={ "/entry/" (entry.0) } { (title) }
                @match covers {
                    Some(1) => " and the entry or document that belongs to this encounter.",
                    Some(count) => {
                        " and the " (count) " entries and documents that belong to this encounter."
                    }
                    None => " only.",
                }
                " Who isn't cleared will no longer find it, also not to end the label."
            }
            None => p { "On the whole chart. Who isn't cleared will no longer find it." }
        }
    }
}

fn table(clerk: &Clerk, patient: PatientKey, found: &Labels) -> Table {
    let name = |key| actor_name(&found.names, key);
    let rows = found.history.iter().map(|(label, ended)| {
        let on = match label.resource {
            Some(key) => html! {
                a href={ "/entry/" (key.0) } {
                    @if label.covers_encounter { "one encounter" } @else { "one entry" }
                }
            },
            None => html! { "the whole chart" },
        };
        Row::new([
            html! { (label.class.label()) },
            on,
            html! { (label.source) },
            html! { (clerk.stamp(label.at)) " by " (name(&label.actor)) },
            state(clerk, patient, label, ended.as_ref().map(|(at, by)| (*at, name(by)))),
        ])
    });
    Table::new("Labels, the newest first")
        .column(Column::text("Class"))
        .column(Column::text("On"))
        .column(Column::text("Where it comes from"))
        .column(Column::text("Put"))
        .column(Column::text("State"))
        .rows(rows)
        .empty(Empty::new(
            "No label was put by hand",
            "Labels that a sender wrote on an entry stand on the entry itself.",
        ))
}

fn state(
    clerk: &Clerk,
    patient: PatientKey,
    label: &Label,
    ended: Option<(record::Instant, &str)>,
) -> Markup {
    let (id, class) = (label.id, label.class.label());
    match ended {
        Some((at, by)) => html! { "ended " (clerk.stamp(at)) " by " (by) },
        None => html! {
            (Badge::new(Tone::Warn, "in force"))
            (Form::post(format!("/chart/{}/labels/{id}/end", patient.0)).csrf(clerk.csrf())
                .label(format!("End the label {class}"))
                .content(html! { (Button::submit("End").small().about(class)) }))
        },
    }
}

async fn put(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let entry = posted.number("entry");
    let class = SensitiveClass::parse(posted.text("class"));
    let source = posted.text("source").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| {
            let (patient, entry) = (PatientKey(patient), entry.map(ResourceKey));
            app::labels::put(store, context, patient, entry, class, &source)
        })
        .await;
    match done {
        Ok(true) => Ok(see_other(format!("/chart/{patient}/labels"))),
        // The chart is hidden from this person now: there is nothing more to see.
        Ok(false) => Ok(see_other("/find")),
        Err(app::Error::Invalid(errors)) => {
            let filled = Filled {
                class: posted.text("class").to_owned(),
                source: posted.text("source").to_owned(),
                errors: field_errors(&errors),
            };
            let page = page(&posted.clerk, PatientKey(patient), entry, &filled).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

async fn end(Path((patient, label)): Path<(i64, i64)>, posted: Posted) -> Answer {
    posted
        .clerk
        .run(move |store, context| app::labels::end(store, context, PatientKey(patient), label))
        .await?;
    Ok(see_other(format!("/chart/{patient}/labels")))
}
