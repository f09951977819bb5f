//! Find: by name, number, birth date or telephone, in any order of words.
//!
//! What is typed identifies a patient, so it is posted and never stands in an address.

use crate::pages::patient_facts;
use crate::server::{Answer, Clerk, Guard, Page, Posted, Routes};
use crate::ui::{
    Badge, Button, Column, Desk, Empty, Field, Form, Heading, Row, Table, Tone, actions,
};
use app::find::{FOUND_MAX, Found, patients};
use app::retention::destroyed_among;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::PatientKey;
use std::collections::BTreeMap;

/// The routes of Find.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/find", Guard::Right(app::Right::PatientFind), show).post(
        "/find",
        Guard::Right(app::Right::PatientFind),
        search,
    )
}

async fn show(clerk: Clerk) -> Answer {
    // The right is the use case's to judge; an empty search asks it without finding anybody.
    clerk.run(|store, context| patients(store, context, "")).await?;
    Ok(page(&clerk, "", None).into_response())
}

async fn search(posted: Posted) -> Answer {
    let text = posted.text("q").to_owned();
    let asked = text.clone();
    let found = posted.clerk.run(move |store, context| patients(store, context, &asked)).await?;
    let keys: Vec<PatientKey> = found.patients.iter().map(|row| row.patient).collect();
    let destroyed =
        posted.clerk.run(move |store, context| destroyed_among(store, context, &keys)).await?;
    Ok(page(&posted.clerk, &text, Some((&found, &destroyed))).into_response())
}

fn page(clerk: &Clerk, text: &str, found: Option<(&Found, &Destroyed)>) -> Page {
    // With a list to walk through by key, the field leaves the keys to the list.
    let lists = found.is_some_and(|(found, _)| !found.patients.is_empty());
    let field = Field::text("q", "Name, record number, birth date or telephone")
        .value(text)
        .hint("In any order, also in part or as it sounds: roe jane 4 mar 1980");
    let field = if lists { field } else { field.autofocus() };
    let mut heading = Heading::new("Find a patient");
    if app::access::allowed(clerk.context(), app::Right::Register) {
        heading = heading.action(Button::link("Register a patient", "/register").key("n"));
    }
    let content = html! {
        (heading)
        (Form::post("/find").csrf(clerk.csrf()).label("Find a patient").content(html! {
            (field)
            (actions([Button::submit("Find").main()]))
        }))
        @if let Some((found, destroyed)) = found { (results(found, destroyed, clerk)) }
    };
    Page(clerk.page("Find a patient", Desk::Find), content)
}

/// Whose charts were destroyed, on which day under which rule.
type Destroyed = BTreeMap<PatientKey, String>;

fn results(found: &Found, destroyed: &Destroyed, clerk: &Clerk) -> Markup {
    let how = if found.understood {
        "Nobody fits every word. Give at least two letters of a name, leave a word out, or try a \
         birth date or a record number alone."
    } else {
        "Type at least one word of a name, a number or a date."
    };
    // Who may not open charts registers: the same patient, without clinical content.
    let reads = app::access::allowed(clerk.context(), app::Right::ChartRead);
    let desk = if reads { "chart" } else { "patient" };
    let rows = found.patients.iter().map(|patient| {
        let [name, born, sex, mrn, labels] = patient_facts(patient);
        let name = match destroyed.get(&patient.patient) {
            Some(how) => html! { (name) " " (Badge::new(Tone::Neutral, how.as_str())) },
            None => name,
        };
        Row::new([name, mrn, born, sex, labels]).opens(format!("/{desk}/{}", patient.patient.0))
    });
    let table = Table::new("Patients found")
        .column(Column::text("Name"))
        .column(Column::text("MRN"))
        .column(Column::text("Born"))
        .column(Column::text("Sex"))
        .column(Column::text("Labels"))
        .rows(rows)
        .empty(Empty::new("Nobody was found", how));
    html! {
        @if found.more { p { "The best " (FOUND_MAX) " are shown; add a word to narrow it down." } }
        (table)
        @if found.patients.is_empty() && found.understood {
            p {
                "A chart that is kept from you is not found here. In an emergency, with two "
                "identifiers in hand, you may " a href="/glass" { "break the glass" } "."
            }
        }
    }
}
