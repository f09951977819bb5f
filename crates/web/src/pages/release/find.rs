//! Whose record is asked for: the same search as everywhere, and a confirmation by two
//! identifiers.

use super::request;
use crate::pages::patient_facts;
use crate::server::{Answer, Page, Posted};
use crate::ui::{
    Button, Column, Desk, Empty, Field, Form, Heading, Row, Table, Tone, actions, notice,
};
use app::find::{FOUND_MAX, Found, patients};
use app::release as desk;
use axum::extract::Path;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::PatientKey;
use release::lifecycle::Action;

pub(super) async fn search(Path(id): Path<i64>, posted: Posted) -> Answer {
    let text = posted.text("q").to_owned();
    let (opened, found) = posted
        .clerk
        .run(move |store, context| {
            let opened = desk::open(store, context, id)?;
            Ok((opened, patients(store, context, &text)?))
        })
        .await?;
    let row = &opened.loaded.row;
    let content = html! {
        (Heading::new(format!("Identify the patient of {}", row.request().number))
            .under("Release", "/release")
            .under(row.request().number.as_str(), format!("/release/{id}")))
        (notice(Tone::Info, html! { p {
            "Compare two identifiers at the least with what the request says: "
            q { (row.request().asked_for.reveal()) }
        } }))
        (find_form(id, posted.clerk.csrf(), posted.text("q")))
        (results(id, row.revision, posted.clerk.csrf(), &found))
    };
    let shell = posted.clerk.page("Identify the patient", Desk::Release);
    Ok(Page(shell, content).into_response())
}

/// The search, as the page of a request has it too.
pub(super) fn find_form(id: i64, csrf: &str, value: &str) -> Markup {
    let form = Form::post(format!("/release/{id}/find")).csrf(csrf).label("Find the patient");
    html! {
        (form.content(html! {
            (Field::text("q", "Name, record number, birth date or telephone").key("p").value(value)
                .hint("In any order, also in part or as it sounds: roe jane 4 mar 1980"))
            (actions([Button::submit("Find the patient")]))
        }))
    }
}

fn results(id: i64, revision: i64, csrf: &str, found: &Found) -> Markup {
    let rows = found.patients.iter().map(|patient| {
        let [name, born, sex, mrn, labels] = patient_facts(patient);
        let form = Form::post(format!("/release/{id}/identify"))
            .csrf(csrf)
            .hidden("revision", revision.to_string())
            .hidden("patient", patient.patient.0.to_string())
            .content(html! { (Button::submit("This is the patient").small()) });
        Row::new([name, born, mrn, sex, labels, html! { (form) }])
    });
    let table = Table::new("Patients found")
        .column(Column::text("Name"))
        .column(Column::text("Born"))
        .column(Column::text("MRN"))
        .column(Column::text("Sex"))
        .column(Column::text("Labels"))
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new(
            "Nobody was found",
            "Leave a word out, or try a birth date or a record number alone. A request whose \
             patient can't be told is put on hold.",
        ));
    html! {
        @if found.more { p { "The best " (FOUND_MAX) " are shown; add a word to narrow it down." } }
        (table)
    }
}

pub(super) async fn identify(Path(id): Path<i64>, posted: Posted) -> Answer {
    let revision = posted.number("revision").unwrap_or(-1);
    let Some(patient) = posted.number("patient").map(PatientKey) else {
        return Err((app::Error::NotFound, &posted.clerk).into());
    };
    let done = posted
        .clerk
        .attempt(move |store, context| {
            // Nobody is identified who may not be seen.
            app::chart::identity(store, context, patient)?;
            desk::act(store, context, id, revision, Action::Identify { patient })
        })
        .await;
    request::after(&posted, id, done).await
}
