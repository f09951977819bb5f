//! The rows behind a number.

use super::{Given, asked_of, report_of, scope_text, tile};
use crate::pages::{patient_facts, person_name};
use crate::server::{Answer, Clerk, Failure, Page};
use crate::ui::{
    Button, Column, Desk, Empty, Heading, Row, Table, Tone, count_text, date_text, notice, tiles,
};
use app::reports::{Behind, RowsBehind, SHOWN_MAX, rows};
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use maud::{Markup, html};

pub(super) async fn show(
    clerk: Clerk,
    Path((word, figure)): Path<(String, String)>,
    Query(given): Query<Given>,
) -> Answer {
    let report = report_of(&word).map_err(|error| Failure::new(error, &clerk.shell))?;
    let asked = asked_of(&given);
    let query = asked.query();
    let found = clerk.run(move |store, context| rows(store, context, report, &asked, &figure));
    let found = found.await?;
    let back = format!("/reports/{word}?{query}");
    let csv = format!("/reports/{word}/rows/{}/csv?{query}", found.figure.name);
    let heading = Heading::new(found.figure.title.as_str())
        .under("Reports", "/reports")
        .under(report.title(), back)
        .lede(scope_text(&found.scope, Some(report)))
        .action(Button::link("CSV", csv).key("c"));
    let content = html! {
        (heading)
        (tiles([tile(&found.figure, &found.scope, false)]))
        (withheld(&found))
        (table(&clerk, &found))
    };
    Ok(Page(clerk.page(&found.figure.title, Desk::Reports), content).into_response())
}

/// How many rows the number counts, and how many of them aren't here.
fn withheld(found: &RowsBehind) -> Markup {
    let count = |count: usize| count_text(count as u64);
    let open = found.behind.count();
    html! {
        p {
            "The number counts " (count(found.total))
            @if found.total == 1 { " row" } @else { " rows" }
            @if open > SHOWN_MAX {
                "; the first " (count(SHOWN_MAX)) " are shown, and the file has all of them"
            }
            "."
        }
        @if found.withheld > 0 {
            (notice(Tone::Warn, html! {
                @if found.withheld == 1 {
                    "One of them is withheld: it bears a label that you aren't cleared for. It is \
                    counted all the same."
                } @else {
                    (count(found.withheld)) " of them are withheld: they bear a label that you \
                    aren't cleared for. They are counted all the same."
                }
            }))
        }
    }
}

fn table(clerk: &Clerk, found: &RowsBehind) -> Table {
    let table = match &found.behind {
        Behind::Encounters(rows) => people("Encounters behind the number")
            .column(Column::text("Class"))
            .column(Column::text("Admitted").fit())
            .column(Column::text("Discharged").fit())
            .column(Column::number("Days"))
            .column(Column::text("Service"))
            .rows(rows.iter().take(SHOWN_MAX).map(|row| {
                let encounter = &row.encounter;
                let own = [
                    html! { (class_words(&encounter.class)) },
                    date_text(&row.started_on),
                    html! {
                        @if row.ended_on.is_empty() { span class="quiet" { "in house" } }
                        (date_text(&row.ended_on))
                    },
                    html! { @if let Some(days) = row.days { (days) } @else { "so far" } },
                    html! { (encounter.service) },
                ];
                let cells = patient_facts(&encounter.patient).into_iter().chain(own);
                Row::new(cells).opens(format!("/chart/{}", encounter.patient.patient.0))
            })),
        Behind::Patients(rows) => {
            people("Records behind the number").rows(rows.iter().take(SHOWN_MAX).map(|patient| {
                Row::new(patient_facts(patient)).opens(format!("/chart/{}", patient.patient.0))
            }))
        }
        Behind::Accesses(rows) => Table::new("Accesses behind the number")
            .column(Column::text("When").fit())
            .column(Column::text("Who"))
            .column(Column::text("What"))
            .column(Column::text("Purpose"))
            .rows(rows.iter().take(SHOWN_MAX).map(|access| {
                let row = &access.row;
                let who = html! { (access.who) };
                let (at, purpose) = (clerk.stamp(row.at), html! { (row.purpose) });
                let cells = [at, who, html! { (row.action) }, purpose];
                Row::new(cells).opens(format!("/audit/{}", row.entry))
            })),
        Behind::Requests(rows) => Table::new("Requests behind the number")
            .column(Column::text("Request"))
            .column(Column::text("State"))
            .column(Column::text("Received").fit())
            .column(Column::text("Delivered").fit())
            .column(Column::text("Patient"))
            .rows(rows.iter().take(SHOWN_MAX).map(|row| {
                let patient = row.patient.as_ref().map(|patient| person_name(&patient.name));
                let cells = [
                    html! { (row.number) },
                    html! { (row.state) },
                    date_text(&row.received_on),
                    date_text(&row.delivered_on),
                    patient.unwrap_or_else(|| html! { span class="quiet" { "not identified" } }),
                ];
                Row::new(cells).opens(format!("/release/{}", row.request))
            })),
    };
    table.empty(Empty::new(
        "No row is open to you",
        "The number counts rows that bear labels, or there are none. Who is cleared sees them.",
    ))
}

fn people(caption: &str) -> Table {
    Table::new(caption)
        .column(Column::text("Patient"))
        .column(Column::text("Born").fit())
        .column(Column::text("Sex"))
        .column(Column::text("MRN"))
        .column(Column::text("Labels"))
}

fn class_words(class: &str) -> &str {
    match class {
        "IMP" => "Inpatient",
        "OBSENC" => "Observation",
        "EMER" => "Emergency",
        "AMB" => "Outpatient",
        other => other,
    }
}
