//! Legal holds of a chart: what stands, what stood, and who put and ended it.

use crate::pages::{actor_name, banner, field_errors};
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Field, FieldError, Form, Heading, Row, Table, Tone,
    actions, error_summary,
};
use app::Right;
use app::holds::Holds;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::PatientKey;
use store::hold::Hold;

/// The routes of legal holds.
pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Right(Right::Hold);
    routes
        .get("/chart/{patient}/holds", guard, show)
        .post("/chart/{patient}/holds", guard, put)
        .post("/chart/{patient}/holds/{hold}/end", guard, end)
}

async fn show(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    Ok(page(&clerk, PatientKey(patient), &[]).await?.into_response())
}

async fn page(clerk: &Clerk, patient: PatientKey, errors: &[FieldError]) -> Result<Page, Failure> {
    let found = clerk.run(move |store, context| app::holds::list(store, context, patient)).await?;
    let form = Form::post(format!("/chart/{}/holds", patient.0))
        .csrf(clerk.csrf())
        .label("Put a legal hold")
        .content(html! {
            p { "While it stands, nothing of this record is deleted or destroyed, whatever its \
                retention class says. Records that are merged with it are held too." }
            (Field::text("reason", "What asks for it").errors(errors).key("k")
                .hint("The case, the notice or the audit, without the patient's name"))
            (actions([Button::submit("Put the hold").main().key("Ctrl+Enter")]))
        });
    let content = html! {
        (Heading::new("Legal holds").under("Chart", format!("/chart/{}", patient.0)))
        (error_summary(errors))
        (table(clerk, patient, &found))
        (Card::new("Put a legal hold", form))
    };
    let shell = clerk.page("Legal holds", Desk::Find).with_banner(banner(&found.identity, clerk));
    Ok(Page(shell, content))
}

fn table(clerk: &Clerk, patient: PatientKey, found: &Holds) -> Table {
    let name = |key| actor_name(&found.names, key);
    let rows = found.holds.iter().map(|hold| {
        Row::new([
            html! { (hold.reason) },
            html! { (clerk.stamp(hold.at)) " by " (name(&hold.actor)) },
            state(clerk, patient, hold, name),
        ])
    });
    Table::new("Legal holds, the newest first")
        .column(Column::text("What asks for it"))
        .column(Column::text("Put"))
        .column(Column::text("State"))
        .rows(rows)
        .empty(Empty::new(
            "No hold was put on this chart",
            "A hold is put when a case, an audit or an investigation is expected or under way.",
        ))
}

fn state<'n>(
    clerk: &Clerk,
    patient: PatientKey,
    hold: &'n Hold,
    name: impl Fn(&'n str) -> &'n str,
) -> Markup {
    match &hold.ended {
        Some((at, by)) => html! { "ended " (clerk.stamp(*at)) " by " (name(by)) },
        None => html! {
            (Badge::new(Tone::Warn, "stands"))
            (Form::post(format!("/chart/{}/holds/{}/end", patient.0, hold.id)).csrf(clerk.csrf())
                .label(format!("End the hold: {}", hold.reason))
                .content(html! { (Button::submit("End").small().about(&hold.reason)) }))
        },
    }
}

async fn put(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let reason = posted.text("reason").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| {
            app::holds::put(store, context, PatientKey(patient), &reason)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(format!("/chart/{patient}/holds"))),
        Err(app::Error::Invalid(errors)) => {
            let page = page(&posted.clerk, PatientKey(patient), &field_errors(&errors)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

async fn end(Path((patient, hold)): Path<(i64, i64)>, posted: Posted) -> Answer {
    posted
        .clerk
        .run(move |store, context| app::holds::end(store, context, PatientKey(patient), hold))
        .await?;
    Ok(see_other(format!("/chart/{patient}/holds")))
}
