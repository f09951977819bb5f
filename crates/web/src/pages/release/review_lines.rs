//! Going through the lines of a section: one table, each line withheld or let stand by key.

use super::review::{GUARD, looked_through, reasons, told};
use crate::pages::banner;
use crate::server::{Answer, Clerk, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Field, Form, Heading, Row, Table, Tone, actions, notice,
};
use app::release::{self as desk, LineShown, LinesOpened, Overview, Progress};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use redaction::mark::MarkState;

/// The routes of the lines.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/release/{request}/lines/{section}", GUARD, show)
        .post("/release/{request}/lines/{section}/decide", GUARD, decide)
        .post("/release/{request}/lines/{section}/reviewed", GUARD, reviewed)
}

async fn show(clerk: Clerk, Path((request, section)): Path<(i64, String)>) -> Answer {
    page(&clerk, request, section, None).await
}

async fn page(clerk: &Clerk, request: i64, section: String, said: Option<String>) -> Answer {
    let render = clerk.site.render_page.clone();
    let opened = clerk
        .run(move |store, context| desk::lines_open(store, context, &render, request, &section))
        .await?;
    let status = if said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let waiting: usize = opened.lines.iter().map(LineShown::waiting_count).sum();
    let content = html! {
        (heading(&opened, waiting))
        @if let Some(said) = said { (notice(Tone::Stop, said)) }
        @if opened.overview.can_be_changed() {
            (Card::new("Lines", decide_form(clerk, &opened)))
            (Card::new("This section", reviewed_form(clerk, &opened, waiting)))
        } @else {
            (table(&opened))
        }
    };
    let shell = clerk.page("Review lines", Desk::Release);
    let shell = shell.with_banner(banner(&opened.overview.identity, clerk));
    Ok((status, Page(shell, content)).into_response())
}

fn address(opened: &LinesOpened) -> String {
    format!("/release/{}/lines/{}", opened.overview.case.id, opened.section.code)
}

/// One row for the lines of each section.
pub(super) fn section_rows(overview: &Overview) -> Vec<Row> {
    let mut rows = Vec::new();
    for section in overview.case.sections() {
        let lines: Vec<&Progress> =
            overview.documents.iter().filter(|one| one.document.section == Some(section)).collect();
        let sum = |of: fn(&Progress) -> usize| lines.iter().map(|line| of(line)).sum::<usize>();
        let is_open = lines.iter().all(|line| line.review.is_some());
        let to_decide =
            if is_open { sum(|line| line.proposed).to_string() } else { "not opened".into() };
        let reviewed = lines.iter().filter(|line| line.is_reviewed()).count();
        let row = Row::new([
            html! {},
            html! {
                (section.label) ", " (lines.len())
                @if lines.len() == 1 { " line" } @else { " lines" }
            },
            html! { (to_decide) },
            html! { (sum(|line| line.confirmed)) },
            html! { (sum(|line| line.rejected)) },
            html! {
                @if reviewed == lines.len() { (Badge::new(Tone::Ok, "Reviewed")) }
                @else { (Badge::new(Tone::Neutral, "Not yet")) }
            },
        ]);
        rows.push(row.opens(format!("/release/{}/lines/{}", overview.case.id, section.code)));
    }
    rows
}

fn heading(opened: &LinesOpened, waiting: usize) -> Heading {
    let withheld = opened.lines.iter().filter(|line| line.is_withheld()).count();
    Heading::new(opened.section.label)
        .under("Redaction", format!("/release/{}/review", opened.overview.case.id))
        .lede(html! {
            (opened.lines.len()) " lines · " (withheld) " withheld · " (waiting)
            " marks to decide. Open a line to withhold words of it."
        })
}

fn decide_form(clerk: &Clerk, opened: &LinesOpened) -> Form {
    Form::post(format!("{}/decide", address(opened)))
        .csrf(clerk.csrf())
        .label("Decide on lines")
        .content(html! {
            (Field::select("reason", "Reason, where a line is withheld", reasons()))
            (table(opened))
        })
}

fn table(opened: &LinesOpened) -> Table {
    let can_be_changed = opened.overview.can_be_changed();
    let first = opened.lines.iter().position(|line| line.waiting_count() > 0);
    let review = format!("/release/{}/review", opened.overview.case.id);
    let rows = opened.lines.iter().enumerate().map(|(place, line)| {
        let is_first = first == Some(place);
        let mut cells: Vec<Markup> = line.cells.iter().map(|cell| html! { (cell) }).collect();
        cells.push(standing(line));
        cells.push(html! { @if can_be_changed { (buttons(line, is_first)) } });
        Row::new(cells).opens(format!("{review}/{}?part=0&page=1", line.document.id))
    });
    Table::new(opened.section.label)
        .column(Column::text("What"))
        .column(Column::text("Value or status"))
        .column(Column::text("Date").fit())
        .column(Column::text("Details"))
        .column(Column::text("Marks"))
        .column(Column::actions())
        .rows(rows)
}

fn standing(line: &LineShown) -> Markup {
    let labels = line.document.item.labels;
    let live = line.marks.iter().filter(|mark| mark.state != MarkState::Rejected);
    html! {
        @if line.is_withheld() {
            (Badge::new(Tone::Stop, "withheld"))
        } @else {
            @for mark in live {
                p {
                    @if mark.state == MarkState::Proposed { (Badge::new(Tone::Warn, "proposed")) }
                    @else { (Badge::new(Tone::Stop, "words withheld")) }
                    " " (mark.reason.label()) ". " (mark.why)
                }
            }
        }
        @for class in labels.classes() { " " (Badge::new(Tone::Warn, class.label())) }
    }
}

fn buttons(line: &LineShown, is_first: bool) -> Markup {
    let about = line.cells.first().cloned().unwrap_or_default();
    let button = |label: &str, word: &str, key: &str| {
        let button = Button::submit(label).named("do", format!("{word}:{}", line.document.id));
        let button = button.small().about(about.clone());
        if is_first { button.key(key) } else { button }
    };
    let mut all = Vec::new();
    if !line.is_withheld() {
        all.push(button("Withhold", "withhold", "c"));
    }
    if line.is_withheld() || line.waiting_count() > 0 {
        all.push(button("Let stand", "stand", "x"));
    }
    actions(all)
}

fn reviewed_form(clerk: &Clerk, opened: &LinesOpened, waits: usize) -> Form {
    let ends = opened.lines.iter().map(|line| line.review.as_ref().and_then(|r| r.reviewed_at));
    let button = Button::submit("All lines reviewed, next");
    let labels = (button, "Review them again");
    looked_through(clerk, &address(opened), labels, waits, ends.min().flatten())
}

async fn decide(Path((request, section)): Path<(i64, String)>, posted: Posted) -> Answer {
    let (word, about) = posted.text("do").split_once(':').unwrap_or(("", ""));
    let reason = posted.text("reason").to_owned();
    let withheld_for = (word == "withhold").then_some(reason);
    let done = match about.parse::<i64>().ok().filter(|_| ["withhold", "stand"].contains(&word)) {
        Some(line) => {
            let decided = posted.clerk.attempt(move |store, context| {
                desk::line_decide(store, context, (request, line), withheld_for.as_deref())
            });
            decided.await
        }
        None => Err(app::Error::Refused("Choose a line, and what becomes of it.".into())),
    };
    match done {
        Ok(()) => Ok(see_other(format!("/release/{request}/lines/{section}"))),
        Err(error) => {
            let said = told(&posted.clerk, error)?;
            page(&posted.clerk, request, section, Some(said)).await
        }
    }
}

async fn reviewed(Path((request, section)): Path<(i64, String)>, posted: Posted) -> Answer {
    let is_done = posted.text("do") != "again";
    let code = section.clone();
    let done = posted
        .clerk
        .attempt(move |store, context| desk::lines_review(store, context, request, &code, is_done))
        .await;
    match done {
        Ok(Some(next)) if is_done => Ok(see_other(format!("/release/{request}/review/{next}"))),
        Ok(None) if is_done => Ok(see_other(format!("/release/{request}/review"))),
        Ok(_) => Ok(see_other(format!("/release/{request}/lines/{section}"))),
        Err(error) => {
            let said = told(&posted.clerk, error)?;
            page(&posted.clerk, request, section, Some(said)).await
        }
    }
}
