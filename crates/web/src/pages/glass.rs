//! Breaking the glass, and its review.

use crate::pages::audit::trail_table;
use crate::pages::{banner, banner_of, field_errors, person_name};
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Facts, Field, FieldError, Form, Heading, Row,
    Table, Tone, actions, error_summary, notice, why,
};
use app::Right;
use app::glass::{Broken, GlassForm, OPEN_SECONDS, REASON_CHARACTERS_MIN, REASON_KINDS};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use record::{BirthDate, Mrn, PatientKey, Private};
use std::collections::HashMap;

/// The routes of broken glass.
pub(super) fn routes(routes: Routes) -> Routes {
    let review = Guard::Right(Right::GlassReview);
    routes
        .get("/glass", Guard::Right(Right::GlassBreak), show)
        .post("/glass", Guard::Right(Right::GlassBreak), submit)
        .get("/chart/{patient}/glass", Guard::Right(Right::GlassBreak), show_within)
        .post("/chart/{patient}/glass", Guard::Right(Right::GlassBreak), submit_within)
        .get("/audit/glass", review, list)
        .get("/audit/glass/{glass}", review, open)
        .post("/audit/glass/{glass}", review, reviewed)
        .get("/audit/emergency/{person}", review, emergency)
        .post("/audit/emergency/{person}", review, emergency_reviewed)
}

async fn show(clerk: Clerk) -> Answer {
    clerk.run(|store, context| app::access::require(store, context, Right::GlassBreak)).await?;
    Ok(form(&clerk, &HashMap::new(), &[], None).into_response())
}

fn form(
    clerk: &Clerk,
    fields: &HashMap<String, String>,
    errors: &[FieldError],
    refusal: Option<&str>,
) -> Page {
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let hours = OPEN_SECONDS / 3600;
    let content = html! {
        (Heading::new("Break the glass").under("Find", "/find"))
        (error_summary(errors))
        @if let Some(sentence) = refusal { (notice(Tone::Stop, html! { p { (sentence) } })) }
        (notice(Tone::Warn, html! {
            p {
                "This opens one hidden chart to you for " (hours) " hours. Your name, the reason \
                 and everything you open are recorded, and the privacy officer reviews it. \
                 Nothing of this can be edited or taken back."
            }
        }))
        (Form::post("/glass").csrf(clerk.csrf()).label("Break the glass").content(html! {
            (Field::text("mrn", "Medical record number").value(value("mrn")).errors(errors)
                .hint("From paper, the wristband, or the one who calls").width(20).required()
                .autofocus())
            (Field::date("birth_date", "Birth date").value(value("birth_date")).errors(errors)
                .required())
            (reason_fields(fields, errors))
            (actions([
                Button::submit("Break the glass").stop().key("Ctrl+Enter"),
                Button::link("Leave", "/find").plain(),
            ]))
        }))
        (why("Why two identifiers?", "A hidden chart is absent from Find for those who aren't \
            cleared for it. Only one who knows of it from elsewhere may open it, for a stated \
            reason and a limited time.", Some("45 CFR 170.315(d)(6)")))
    };
    Page(clerk.page("Break the glass", Desk::Find), content)
}

/// Why: its kind, and in words.
fn reason_fields(fields: &HashMap<String, String>, errors: &[FieldError]) -> Markup {
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let kinds = REASON_KINDS.iter().map(|(word, label)| Choice::new(*word, *label));
    let least =
        format!("At least {REASON_CHARACTERS_MIN} characters. The privacy officer reads it.");
    html! {
        (Field::radios("kind", "Kind of reason", kinds).value(value("kind")).errors(errors))
        (Field::area("reason", "Reason", 3).value(value("reason")).errors(errors)
            .hint(least).required())
    }
}

async fn show_within(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    let page = within(&clerk, PatientKey(patient), &HashMap::new(), &[], None).await?;
    Ok(page.into_response())
}

/// The glass of what may be hidden in a chart that is open. It is offered, and tells the same,
/// whether anything is hidden or not.
async fn within(
    clerk: &Clerk,
    patient: PatientKey,
    fields: &HashMap<String, String>,
    errors: &[FieldError],
    refusal: Option<&str>,
) -> Result<Page, Failure> {
    let identity =
        clerk.run(move |store, context| app::glass::asked(store, context, patient)).await?;
    let (hours, chart) = (OPEN_SECONDS / 3600, format!("/chart/{}", patient.0));
    let content = html! {
        (Heading::new("Break the glass").under("Chart", &chart))
        (error_summary(errors))
        @if let Some(sentence) = refusal { (notice(Tone::Stop, html! { p { (sentence) } })) }
        (notice(Tone::Warn, html! {
            p {
                "This opens to you for " (hours) " hours whatever is hidden in this chart: \
                 encounters, entries and documents under a sensitive label. Your name, the \
                 reason and everything you open are recorded, and the privacy officer reviews \
                 it. Nothing of this can be edited or taken back."
            }
        }))
        (Form::post(format!("{chart}/glass")).csrf(clerk.csrf()).label("Break the glass")
            .content(html! {
                (reason_fields(fields, errors))
                (actions([
                    Button::submit("Break the glass").stop().key("Ctrl+Enter"),
                    Button::link("Leave", &chart).plain(),
                ]))
            }))
        (why("Is anything hidden in this chart?", "That isn't told before: what is hidden is \
            absent for those who aren't cleared for it, and so is any sign of it. Only one who \
            has a reason to look for more may open it, for a limited time.",
            Some("45 CFR 170.315(d)(6)")))
    };
    let shell = clerk.page("Break the glass", Desk::Find).with_banner(banner(&identity, clerk));
    Ok(Page(shell, content))
}

async fn submit_within(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let (kind, reason) = (posted.text("kind").to_owned(), Private::new(posted.text("reason")));
    let done = posted
        .clerk
        .attempt(move |store, context| {
            app::glass::break_within(store, context, PatientKey(patient), &kind, &reason)
        })
        .await;
    let (clerk, fields, patient) = (&posted.clerk, posted.fields(), PatientKey(patient));
    let page = match done {
        Ok(()) => return Ok(see_other(format!("/chart/{}", patient.0))),
        Err(app::Error::Invalid(errors)) => {
            within(clerk, patient, &fields, &field_errors(&errors), None).await?
        }
        Err(app::Error::Refused(sentence)) => {
            within(clerk, patient, &fields, &[], Some(&sentence)).await?
        }
        Err(error) => return Err((error, clerk).into()),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn submit(posted: Posted) -> Answer {
    let asked = GlassForm {
        mrn: Mrn::new(posted.text("mrn")),
        birth_date: BirthDate::new(posted.text("birth_date")),
        kind: posted.text("kind").to_owned(),
        reason: Private::new(posted.text("reason")),
    };
    let done = posted
        .clerk
        .attempt(move |store, context| app::glass::break_glass(store, context, &asked))
        .await;
    let fields = posted.fields();
    let page = match done {
        Ok(patient) if app::access::allowed(posted.clerk.context(), Right::ChartRead) => {
            return Ok(see_other(format!("/chart/{}", patient.0)));
        }
        Ok(_) => return Ok(see_other("/find")),
        Err(app::Error::Invalid(errors)) => {
            form(&posted.clerk, &fields, &field_errors(&errors), None)
        }
        Err(app::Error::Refused(sentence)) => form(&posted.clerk, &fields, &[], Some(&sentence)),
        Err(error) => return Err((error, &posted.clerk).into()),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn list(clerk: Clerk) -> Answer {
    let all = clerk.run(app::glass::list).await?;
    let rows = all.iter().map(|broken| {
        Row::new([
            clerk.stamp(broken.glass.at),
            html! { (broken.person) },
            whose(broken),
            reason(broken),
            state(broken),
        ])
        .opens(format!("/audit/glass/{}", broken.glass.id))
    });
    let table = Table::new("Broken glass, what waits for review first")
        .column(Column::text("When").fit())
        .column(Column::text("Who"))
        .column(Column::text("Whose chart"))
        .column(Column::text("Reason"))
        .column(Column::text("Review").fit())
        .rows(rows)
        .empty(Empty::new(
            "No glass was broken",
            "When somebody opens a hidden chart for a stated reason, it comes here for review.",
        ));
    let content = html! { (Heading::new("Broken glass").under("Audit", "/audit")) (table) };
    Ok(Page(clerk.page("Broken glass", Desk::Audit), content).into_response())
}

fn whose(broken: &Broken) -> Markup {
    match &broken.patient {
        Some(row) => html! { (person_name(&row.name)) " · MRN " (row.mrn.reveal()) },
        None => html! { span class="quiet" { "hidden from you" } },
    }
}

fn reason(broken: &Broken) -> Markup {
    let (kind, words) = app::glass::reason_words(&broken.glass.reason);
    html! { @if !kind.is_empty() { span class="quiet" { (kind) ": " } } (words) }
}

fn state(broken: &Broken) -> Markup {
    match broken.glass.outcome.as_deref() {
        None => html! { (Badge::new(Tone::Warn, "waits")) },
        Some("appropriate") => html! { (Badge::new(Tone::Ok, "appropriate")) },
        Some(_) => html! { (Badge::new(Tone::Stop, "inappropriate")) },
    }
}

async fn open(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    Ok(review_page(&clerk, id, &[]).await?.into_response())
}

async fn review_page(clerk: &Clerk, id: i64, errors: &[FieldError]) -> Result<Page, Failure> {
    let (broken, rows) =
        clerk.run(move |store, context| app::glass::open(store, context, id)).await?;
    let glass = &broken.glass;
    let facts = Facts::new()
        .fact("Who", broken.person.as_str())
        .fact("Whose chart", whose(&broken))
        .fact("Reason", reason(&broken))
        .fact("Broken", clerk.stamp(glass.at))
        .fact("Open until", clerk.stamp(glass.until))
        .fact_if("Reviewed", glass.reviewed_at.map(|at| clerk.stamp(at)))
        .fact_if("By", broken.reviewer.clone())
        .fact_if("Note", glass.note.clone());
    let names = std::iter::once((format!("person:{}", glass.person), broken.person.clone()));
    let content = html! {
        (Heading::new("Review broken glass").under("Audit", "/audit")
            .under("Broken glass", "/audit/glass").lede(state(&broken)))
        (error_summary(errors))
        (Card::new("What happened", facts))
        @if glass.outcome.is_none() { (Card::new("Review", review_form(clerk, id, errors))) }
        (Card::new("What was opened under it", trail_table(clerk, &rows, &names.collect(), None)))
    };
    let mut shell = clerk.page("Review broken glass", Desk::Audit);
    if let Some(row) = &broken.patient {
        shell = shell.with_banner(banner_of(row, row.labels, clerk.today()));
    }
    Ok(Page(shell, content))
}

fn review_form(clerk: &Clerk, id: i64, errors: &[FieldError]) -> Form {
    Form::post(format!("/audit/glass/{id}")).csrf(clerk.csrf()).label("Review").content(html! {
        (Field::area("note", "Note", 3).errors(errors)
            .hint("What was checked. For an inappropriate opening: what was wrong, what follows."))
        (actions([
            Button::submit("Appropriate").named("outcome", "appropriate").main().key("Shift+A"),
            Button::submit("Inappropriate").named("outcome", "inappropriate").stop()
                .key("Shift+I"),
        ]))
    })
}

async fn reviewed(Path(id): Path<i64>, posted: Posted) -> Answer {
    let appropriate = match posted.text("outcome") {
        "appropriate" => true,
        "inappropriate" => false,
        _ => return Err((app::Error::Refused("Choose an outcome.".into()), &posted.clerk).into()),
    };
    let note = posted.text("note").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| app::glass::review(store, context, id, appropriate, &note))
        .await;
    match done {
        Ok(()) => Ok(see_other("/audit/glass")),
        Err(app::Error::Invalid(errors)) => {
            let page = review_page(&posted.clerk, id, &field_errors(&errors)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

async fn emergency(clerk: Clerk, Path(person): Path<i64>) -> Answer {
    let search = store::audit::AuditSearch {
        actor: Some(format!("person:{person}")),
        ..store::audit::AuditSearch::default()
    };
    let (rows, names) = clerk
        .run(move |store, context| {
            app::access::require(store, context, Right::GlassReview)?;
            app::audit::search(store, context, &search)
        })
        .await?;
    let content = html! {
        (Heading::new("Review an emergency account").under("Audit", "/audit"))
        p {
            "This account was made when ordinary sign-in was down. It sees every chart and ends \
             by itself. Judge what it opened; closing the review ends the account for good."
        }
        (Form::post(format!("/audit/emergency/{person}")).csrf(clerk.csrf())
            .label("Close the review")
            .content(actions([Button::submit("Reviewed: end the account").main().key("Shift+E")])))
        (Card::new("What it did", trail_table(&clerk, &rows, &names, None)))
    };
    Ok(Page(clerk.page("Emergency account", Desk::Audit), content).into_response())
}

async fn emergency_reviewed(Path(person): Path<i64>, posted: Posted) -> Answer {
    posted
        .clerk
        .run(move |store, context| app::people::emergency_reviewed(store, context, person))
        .await?;
    Ok(see_other("/work"))
}
