//! The accounting of disclosures of one patient: every disclosure, which of them the patient's
//! copy lists and by which paragraph, suspensions, and the accountings that were asked for.

use crate::pages::{banner, field_errors};
use crate::server::{Answer, Clerk, Failure, Page, Posted, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Field, FieldError, Form, Heading, Row, Table,
    Tile, Tone, actions, count_text, date_text, due, error_summary, folded, tiles, why,
};
use app::release::{self as desk, AccountingPage, DisclosureForm, SuspensionForm, Told};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use record::PatientKey;
use release::Basis;
use release::accounting::{AccountingFee, Disclosure, YEARS};
use std::collections::HashMap;
use store::release::AccountingRow;

type Fields = HashMap<String, String>;

pub(super) async fn show(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    page(&clerk, PatientKey(patient), &[], &Fields::new()).await
}

pub(super) async fn ask(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let (key, on) = (PatientKey(patient), posted.text("requested_on").to_owned());
    let from = posted.text("from").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| desk::ask(store, context, key, &on, &from))
        .await;
    answered(&posted, key, done).await
}

pub(super) async fn disclose(Path(patient): Path<i64>, posted: Posted) -> Answer {
    let key = PatientKey(patient);
    let text = |name: &str| posted.text(name).to_owned();
    let form = DisclosureForm {
        on: text("on"),
        recipient: text("recipient"),
        address: text("address"),
        description: text("description"),
        purpose: text("purpose"),
        disclosure: match posted.text("disclosure") {
            "impermissible" => Some(Disclosure::Impermissible),
            basis => Basis::parse(basis).map(Disclosure::Under),
        },
    };
    let done = posted
        .clerk
        .attempt(move |store, context| desk::disclose(store, context, key, &form))
        .await;
    answered(&posted, key, done).await
}

async fn answered(posted: &Posted, patient: PatientKey, done: Result<(), app::Error>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(format!("/release/accounting/{}", patient.0))),
        Err(app::Error::Invalid(errors)) => {
            let shown = page(&posted.clerk, patient, &errors, &posted.fields()).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err((error, &posted.clerk).into()),
    }
}

pub(super) async fn suspend(Path(disclosure): Path<i64>, posted: Posted) -> Answer {
    let form = SuspensionForm {
        is_written: posted.text("statement") == "written",
        from: posted.text("from").to_owned(),
        until: posted.text("until").to_owned(),
        agency: posted.text("agency").to_owned(),
    };
    let patient = posted
        .clerk
        .run(move |store, context| desk::suspend(store, context, disclosure, &form))
        .await?;
    Ok(see_other(format!("/release/accounting/{}", patient.0)))
}

pub(super) async fn asked(clerk: Clerk, Path(id): Path<i64>) -> Answer {
    let patient = clerk.run(move |store, context| desk::asked(store, context, id)).await?;
    Ok(see_other(format!("/release/accounting/{}", patient.0)))
}

pub(super) async fn give(Path(id): Path<i64>, posted: Posted) -> Answer {
    let letter = posted.clerk.run(move |store, context| desk::give(store, context, id)).await?;
    Ok(see_other(format!("/release/letter/{letter}")))
}

async fn page(
    clerk: &Clerk,
    patient: PatientKey,
    errors: &[app::FieldError],
    fields: &Fields,
) -> Result<Response, Failure> {
    let opened = clerk.run(move |store, context| desk::accounting(store, context, patient)).await?;
    let errors = field_errors(errors);
    let mine = accountings(clerk, &opened, fields, &errors);
    let elsewhere = disclose_form(clerk, &opened, fields, &errors);
    let content = html! {
        (Heading::new("Accounting of disclosures").under("Release", "/release").lede(html! {
            "What went out about this patient, and what the patient's own copy lists (45 CFR \
             164.528)."
        }))
        (error_summary(&errors))
        (figures(&opened))
        (disclosures(clerk, &opened))
        div class="columns" {
            div class="stack" { (Card::new("Asked for by the patient", mine)) }
            div class="stack" { (Card::new("Disclosed elsewhere", elsewhere)) }
        }
    };
    let shell = clerk.page("Accounting of disclosures", Desk::Release);
    let shell = shell.with_banner(banner(&opened.identity, clerk));
    Ok(Page(shell, content).into_response())
}

fn figures(opened: &AccountingPage) -> Markup {
    let all = opened.disclosures.len() as u64;
    let listed = opened.account.entries.len() as u64;
    tiles([
        Tile::new("Disclosures", count_text(all)),
        Tile::new("In the patient's copy today", count_text(listed))
            .formula(format!(
                "disclosures from {} to {} that the paragraph lists, without the suspended ones",
                opened.account.from, opened.account.to
            ))
            .source(format!("45 CFR 164.528(a)(1): {YEARS} years")),
        Tile::new("Suspended", count_text(opened.account.suspended as u64)).note(html! {
            "Never told to the patient"
        }),
    ])
}

fn disclosures(clerk: &Clerk, opened: &AccountingPage) -> Markup {
    let rows = opened.disclosures.iter().map(|one| disclosure(clerk, one));
    let table = Table::new("Disclosures, the newest first")
        .column(Column::text("Date").fit())
        .column(Column::text("Recipient"))
        .column(Column::text("What"))
        .column(Column::text("Purpose"))
        .column(Column::text("Basis"))
        .column(Column::text("In the patient's copy"))
        .column(Column::actions())
        .rows(rows)
        .empty(Empty::new(
            "Nothing was disclosed",
            "Each release is written down here when it is delivered; disclosures made elsewhere \
             are written down by the form below.",
        ));
    html! { (table) }
}

fn disclosure(clerk: &Clerk, one: &Told) -> Row {
    let entry = &one.disclosed.entry;
    let basis = match entry.disclosure {
        Disclosure::Under(basis) => basis.label(),
        Disclosure::Impermissible => "Not permitted",
        Disclosure::Incidental => "Incidental",
    };
    let appears = match (one.is_suspended, one.listing.appears) {
        (true, _) => Badge::new(Tone::Warn, "suspended"),
        (false, true) => Badge::new(Tone::Ok, "listed"),
        (false, false) => Badge::new(Tone::Neutral, "left out"),
    };
    Row::new([
        date_text(&entry.on.to_string()),
        html! {
            (entry.recipient.reveal())
            @if let Some(address) = &entry.recipient_address {
                br; span class="quiet" { (address.reveal()) }
            }
        },
        html! { (entry.description) },
        html! { (entry.purpose) },
        html! {
            @match one.disclosed.request {
                Some(id) => { a href={ "/release/" (id) } { (basis) } }
                None => { (basis) }
            }
        },
        html! { (appears) " " span class="citation" { (one.listing.citation) } },
        html! { @if one.listing.appears { (suspend_form(clerk, one)) } },
    ])
}

fn suspend_form(clerk: &Clerk, one: &Told) -> Markup {
    let id = one.disclosed.id;
    let form = Form::post(format!("/release/disclosure/{id}/suspend"))
        .csrf(clerk.csrf())
        .label(format!("Suspend the disclosure of {}", one.disclosed.entry.on))
        .content(html! {
            (Field::select("statement", "Statement of the agency", [
                Choice::new("oral", "Oral, documented: 30 days at most"),
                Choice::new("written", "In writing, with its time"),
            ]).id(format!("statement-{id}")))
            (Field::date("from", "First day").id(format!("from-{id}")))
            (Field::date("until", "Last day, as the written statement gives it").optional()
                .id(format!("until-{id}")))
            (Field::text("agency", "Agency and official").id(format!("agency-{id}")))
            (actions([Button::submit("Suspend").small()]))
        });
    why("Suspend", form, Some("45 CFR 164.528(a)(2)"))
}

fn accountings(
    clerk: &Clerk,
    opened: &AccountingPage,
    fields: &Fields,
    errors: &[FieldError],
) -> Markup {
    let table = Table::new("Accountings asked for, the newest first")
        .column(Column::text("Asked for on").fit())
        .column(Column::text("Due"))
        .column(Column::text("Given"))
        .rows(opened.asked.iter().map(|row| accounting(clerk, opened, row)))
        .empty(Empty::new(
            "None was asked for",
            "The patient may ask for the last six years; it is given within 60 days.",
        ));
    let value = |name: &str, kept: &str| fields.get(name).cloned().unwrap_or(kept.to_owned());
    let patient = opened.identity.patient.patient.0;
    let today = opened.today.to_string();
    let form = Form::post(format!("/release/accounting/{patient}/ask"))
        .csrf(clerk.csrf())
        .label("An accounting is asked for")
        .content(html! {
            (Field::date("requested_on", "Asked for on").value(value("requested_on", &today))
                .errors(errors))
            (Field::date("from", "From").optional().value(value("from", "")).errors(errors)
                .hint("When less than six years is asked for: 2026-03-04"))
            (actions([Button::submit("It is asked for").key("q")]))
        });
    html! {
        p class="quiet" {
            @match opened.fee {
                AccountingFee::Free => { "The first in twelve months is free" }
                AccountingFee::MayCharge => {
                    "One was asked for in the last twelve months: a cost-based fee may be asked, \
                     when the patient is told first"
                }
            }
            " (45 CFR 164.528(c)(2))."
        }
        (form)
        (table)
    }
}

fn accounting(clerk: &Clerk, opened: &AccountingPage, row: &AccountingRow) -> Row {
    let give = Form::post(format!("/release/asked/{}/give", row.id))
        .csrf(clerk.csrf())
        .label(format!("Give the accounting asked for on {}", row.requested_on))
        .content(html! { (Button::submit("Give it").small()) });
    let day = match (row.due_on.parse(), row.given_at) {
        (Ok(day), None) => due(day, opened.today),
        _ => date_text(&row.due_on),
    };
    let given = match (row.given_at, row.letter) {
        (Some(at), Some(letter)) => html! {
            (clerk.stamp(at)) " " a href={ "/release/letter/" (letter) } { "The letter" }
        },
        _ => html! { (give) },
    };
    Row::new([date_text(&row.requested_on), day, given])
}

fn disclose_form(
    clerk: &Clerk,
    opened: &AccountingPage,
    fields: &Fields,
    errors: &[FieldError],
) -> Markup {
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let text = |name: &str, label: &str| Field::text(name, label).value(value(name)).errors(errors);
    let first = [
        Choice::new("", "Choose"),
        Choice::new("impermissible", "Not permitted: wrong recipient, too much, a loss"),
    ];
    let bases = Basis::ALL.iter().map(|basis| Choice::new(basis.as_str(), basis.label()));
    let patient = opened.identity.patient.patient.0;
    let form = Form::post(format!("/release/accounting/{patient}/disclose"))
        .csrf(clerk.csrf())
        .label("A disclosure made elsewhere")
        .content(html! {
            (Field::date("on", "Disclosed on").value(value("on")).errors(errors))
            (text("recipient", "Who received it"))
            (text("address", "Their address").optional())
            (text("description", "What was disclosed, in brief"))
            (text("purpose", "Why"))
            (Field::select("disclosure", "On what basis", first.into_iter().chain(bases))
                .value(value("disclosure")).errors(errors))
            (actions([Button::submit("Write it down").key("w")]))
        });
    let is_open = fields.contains_key("disclosure");
    folded("A report to public health, a fax that went astray, and the like", form, None, is_open)
}
