//! Administration: the code sets that answer by date, and taking in a publisher's file.

use crate::pages::administration::{GUARD, desk_tabs};
use crate::server::{Answer, Clerk, Failure, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Facts, Field, FieldError, Form, Heading, Row, Table,
    Tone, actions, count_text, date_text, error_summary, notice,
};
use app::code_sets::{
    self, Brought, FavouritesTouched, Report, State, UPLOAD_BYTES_MAX, Withdrawn, about,
};
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use coding::import::layout::Layout;
use maud::{Markup, html};
use store::code_set::CodeSetLoad;

const AT: &str = "/administration/code-sets";
/// Codes of a list that the page shows; the command line gives all of them.
const EXAMPLES_MAX: usize = 24;

/// The routes of code sets.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(AT, GUARD, show)
        .add(
            "POST",
            "/administration/code-sets/load",
            GUARD,
            post(load).layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX)),
        )
        .get("/administration/code-sets/{load}", GUARD, show_load)
        .post("/administration/code-sets/{load}/withdraw", GUARD, withdraw)
}

async fn show(clerk: Clerk) -> Answer {
    Ok(page(&clerk, None, &[]).await?.into_response())
}

async fn page(clerk: &Clerk, said: Option<Markup>, errors: &[FieldError]) -> Result<Page, Failure> {
    let loads = clerk.run(code_sets::list).await?;
    let content = html! {
        (Heading::new("Code sets").lede(html! {
            "Each set answers for the dates that it covers. A date that none covers is a stop at \
             the coding desk, never a guess from another year."
        }))
        (desk_tabs(AT))
        (error_summary(errors))
        @if let Some(said) = said { (said) }
        (loaded_table(clerk, &loads))
        (shipped_table())
        (Card::new("Take in a publisher's file", load_form(clerk, errors)))
    };
    Ok(Page(clerk.page("Code sets", Desk::Administration), content))
}

fn loaded_table(clerk: &Clerk, loads: &[CodeSetLoad]) -> Table {
    let count = |count: i64| html! { (count_text(count.max(0) as u64)) };
    let rows = loads.iter().map(|load| {
        let label = Layout::parse(&load.layout).map_or("Unknown layout", Layout::label);
        Row::new([
            html! { (label) },
            date_text(&load.from_date),
            date_text(&load.to_date),
            count(load.entries_count),
            count(load.added_count),
            count(load.revised_count),
            count(load.retired_count),
            html! {
                (clerk.stamp(load.at))
                @if let Some(withdrawal) = &load.withdrawal {
                    " " (Badge::new(Tone::Warn, "Withdrawn")) " " (clerk.stamp(withdrawal.at))
                }
            },
        ])
        .opens(format!("{AT}/{}", load.id))
    });
    Table::new("Loaded here, the newest first")
        .show_caption()
        .column(Column::text("File"))
        .column(Column::text("In force from").fit())
        .column(Column::text("To").fit())
        .column(Column::number("Entries"))
        .column(Column::number("Added"))
        .column(Column::number("Revised"))
        .column(Column::number("Retired"))
        .column(Column::text("Loaded").fit())
        .rows(rows)
        .empty(Empty::new(
            "Nothing was loaded",
            "A new year, HCPCS, NCCI and CPT come as the publisher's own files, by the form below \
             or by chartroom codes import.",
        ))
}

fn shipped_table() -> Table {
    let rows = code_sets::shipped().into_iter().map(|set| {
        Row::new([
            html! { (set.what) },
            html! { (set.name) },
            date_text(&set.dates.0.to_string()),
            date_text(&set.dates.1.to_string()),
        ])
    });
    Table::new("Shipped with the product")
        .show_caption()
        .column(Column::text("Set"))
        .column(Column::text("Edition"))
        .column(Column::text("Covers from").fit())
        .column(Column::text("To").fit())
        .rows(rows)
}

fn load_form(clerk: &Clerk, errors: &[FieldError]) -> Form {
    Form::post("/administration/code-sets/load")
        .csrf(clerk.csrf())
        .with_files()
        .label("Take in a publisher's file")
        .content(html! {
            (Field::file("file", "File").errors(errors)
                .hint("ICD-10-CM order file, tabular list or index; ICD-10-PCS order file, tables, \
                       index or definitions; POA-exempt list; HCPCS; NCCI pairs or units; IPPS \
                       Table 5; your licensed CPT file. As text or XML, or a ZIP file with one of \
                       them.")
                .accept(".txt,.xml,.csv,.tsv,.zip"))
            (Field::date("effective", "In force from").optional().errors(errors)
                .hint("As 2026-10-01. Left out for files that name their fiscal year"))
            (Field::check("fewer", "It is meant to hold far fewer codes than the set before"))
            (actions([
                Button::submit("Say what it changes").named("do", "check").main()
                    .key("Ctrl+Enter"),
                Button::submit("Load").named("do", "load").key("Shift+L"),
            ]))
        })
}

/// What the form sends.
#[derive(Default)]
struct Sent {
    bytes: Vec<u8>,
    effective: String,
    fewer: bool,
    is_dry_run: bool,
    token: String,
}

async fn sent(mut parts: Multipart, headers: &HeaderMap) -> Option<Sent> {
    let mut sent = Sent { is_dry_run: true, ..Sent::default() };
    let header = headers.get("x-csrf").and_then(|value| value.to_str().ok());
    sent.token = header.unwrap_or_default().to_owned();
    while let Some(part) = parts.next_field().await.ok()? {
        match part.name() {
            Some("csrf") => sent.token = part.text().await.ok()?,
            Some("effective") => sent.effective = part.text().await.ok()?,
            Some("fewer") => sent.fewer = true,
            Some("do") => sent.is_dry_run = part.text().await.ok()? != "load",
            Some("file") => sent.bytes = part.bytes().await.ok()?.to_vec(),
            _ => {}
        }
    }
    Some(sent)
}

async fn load(clerk: Clerk, headers: HeaderMap, parts: Multipart) -> Answer {
    let refused = |text: &str| Failure::new(app::Error::Refused(text.into()), &clerk.shell);
    let Some(sent) = sent(parts, &headers).await else {
        return Err(refused("The file did not come whole, or is larger than 256 MB."));
    };
    if !clerk.token_holds(&sent.token) {
        return Err(refused("This form is from an older sign-in. Load the page again."));
    }
    let typed = sent.effective.clone();
    let done = clerk.attempt(move |store, context| {
        code_sets::load(
            store,
            context,
            &Brought {
                bytes: &sent.bytes,
                effective: code_sets::effective_of(&sent.effective)?,
                may_be_fewer: sent.fewer,
                is_dry_run: sent.is_dry_run,
            },
        )
    });
    match done.await {
        Ok(report) => Ok(page(&clerk, Some(report_card(&report)), &[]).await?.into_response()),
        Err(app::Error::Refused(reason)) => {
            let errors = [FieldError::new("file", "", reason.as_str(), "Nothing was changed.")];
            let page = page(&clerk, None, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(app::Error::Invalid(errors)) => {
            let errors: Vec<FieldError> = errors
                .iter()
                .map(|error| FieldError::new("effective", typed.as_str(), &error.reason, ""))
                .collect();
            let page = page(&clerk, None, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, &clerk).into()),
    }
}

fn report_card(report: &Report) -> Markup {
    let (tone, said) = match (report.state, report.held_since) {
        (State::Loaded, _) => (Tone::Ok, "It was loaded, and answers from now on.".to_owned()),
        (State::Held, Some(since)) => {
            (Tone::Info, format!("This content is held since {since}: nothing was done."))
        }
        (State::Held | State::Checked, _) => {
            (Tone::Info, "Only looked at. Choose the file again and load it.".to_owned())
        }
    };
    let (from, to) = report.dates;
    let touched = &report.touched;
    html! {
        (notice(tone, said))
        (Card::new(report.layout.label(), html! {
            (Facts::new()
                .fact("In force", html! {
                    (date_text(&from.to_string())) " to " (date_text(&to.to_string()))
                })
                .fact("Entries", count_text(report.entries_count as u64))
                .fact("Compared with",
                    report.changes.against.as_deref().unwrap_or("nothing: the first of its kind"))
                .fact("Encounters that wait for codes on its dates",
                    count_text(touched.waiting_count))
                .fact("Drafts that it changes", count_text(touched.drafts.len() as u64))
                .fact_if("Case mix index", weights(touched.weights_count))
                .fact_if("Favourites", favourites(&touched.favourites)))
            @if report.changes.against.is_some() { (changes(report)) }
            @for finding in &report.findings { p { (finding) "." } }
        }))
    }
}

/// How many of whose favourites are touched; which, only their owner is told.
fn favourites(touched: &[FavouritesTouched]) -> Option<String> {
    let said = |of: &FavouritesTouched| {
        format!("{}: {} retired, {} revised", of.name, of.retired_count, of.revised_count)
    };
    let all: Vec<String> = touched.iter().map(said).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn weights(count: u64) -> Option<String> {
    (count > 0).then(|| format!("{count} stays with final codes get another relative weight"))
}

async fn show_load(clerk: Clerk, Path(load): Path<i64>) -> Answer {
    Ok(load_page(&clerk, load, &[]).await?.into_response())
}

async fn load_page(clerk: &Clerk, id: i64, errors: &[FieldError]) -> Result<Page, Failure> {
    let (load, after) = clerk.run(move |store, context| about(store, context, id)).await?;
    let label = Layout::parse(&load.layout).map_or("Unknown layout", Layout::label);
    let content = html! {
        (Heading::new(label).under("Code sets", AT))
        (error_summary(errors))
        (Card::new("The load", html! {
            (Facts::new()
                .fact("In force", html! {
                    (date_text(&load.from_date)) " to " (date_text(&load.to_date))
                })
                .fact("Entries", count_text(load.entries_count.max(0) as u64))
                .fact("Loaded", clerk.stamp(load.at))
                .fact_if("Withdrawn", load.withdrawal.as_ref().map(|withdrawal| html! {
                    (clerk.stamp(withdrawal.at)) ": " (withdrawal.reason)
                })))
        }))
        @if let Some(after) = &after {
            (Card::new("Withdraw it", withdraw_form(clerk, after, errors)))
        }
    };
    Ok(Page(clerk.page("A code set", Desk::Administration), content))
}

fn withdraw_form(clerk: &Clerk, after: &Withdrawn, errors: &[FieldError]) -> Markup {
    let touched = &after.touched;
    let form = Form::post(format!("{AT}/{}/withdraw", after.load))
        .csrf(clerk.csrf())
        .label("Withdraw it")
        .content(html! {
            (Field::text("reason", "What is wrong with the file").errors(errors).required())
            (actions([Button::submit("Withdraw").stop().key("Shift+W")]))
        });
    html! {
        p {
            "It answers for nothing from then on, and stays in the list with the reason. The \
             same file can be loaded again."
        }
        (Facts::new()
            .fact("Encounters that wait for codes on its dates",
                count_text(touched.waiting_count))
            .fact("Drafts that change", count_text(touched.drafts.len() as u64))
            .fact("Final codings that rest on it", html! {
                (count_text(after.finals_count))
                @if after.finals_count > 0 {
                    ": they are still read with it until they are reopened"
                }
            })
            .fact_if("Case mix index", weights(touched.weights_count))
            .fact_if("Favourites", favourites(&touched.favourites)))
        (form)
    }
}

async fn withdraw(Path(load): Path<i64>, posted: Posted) -> Answer {
    let reason = posted.text("reason").to_owned();
    let typed = reason.clone();
    let clerk = &posted.clerk;
    let done =
        clerk.attempt(move |store, context| code_sets::withdraw(store, context, load, &reason));
    match done.await {
        Ok(_) => Ok(see_other(format!("{AT}/{load}"))),
        Err(app::Error::Invalid(errors)) => {
            let errors: Vec<FieldError> = errors
                .iter()
                .map(|error| FieldError::new("reason", typed.as_str(), &error.reason, ""))
                .collect();
            let page = load_page(clerk, load, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err((error, clerk).into()),
    }
}

fn changes(report: &Report) -> Markup {
    let changes = &report.changes;
    let part = |label: &str, tone: Tone, codes: &[String]| {
        let shown = codes.iter().take(EXAMPLES_MAX);
        html! {
            p {
                (Badge::new(tone, format!("{} {label}", count_text(codes.len() as u64)))) " "
                @for (n, code) in shown.enumerate() {
                    @if n > 0 { ", " }
                    (code)
                    @if let Some(drafts) = report.touched.codes.get(code) {
                        " (in " (drafts) " drafts)"
                    }
                }
                @if codes.len() > EXAMPLES_MAX { ", …" }
            }
        }
    };
    html! {
        (part("added", Tone::Ok, &changes.added))
        (part("revised", Tone::Info, &changes.revised))
        (part("retired", Tone::Warn, &changes.retired))
    }
}
