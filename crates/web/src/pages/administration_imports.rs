//! Imports: who took in what and when, and each finding with what to do next.

use crate::pages::administration::desk_tabs;
use crate::server::{Answer, Clerk, Guard, Page, Routes};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Facts, Heading, Row, Tab, Table, Tone, count_text,
    notice, tabs,
};
use app::Right;
use app::import::{FindingKind, ImportPage, ImportShown, import_findings, imports, open_import};
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::IntoResponse;
use maud::{Markup, html};
use std::collections::HashMap;
use store::import::ImportFinding;

const AT: &str = "/administration/imports";
const GUARD: Guard = Guard::Right(Right::Import);
/// Findings that the page shows; the file holds all of them.
const FINDINGS_SHOWN_MAX: usize = 300;
/// Paths that a line of the list names.
const PATHS_SHOWN_MAX: usize = 3;

/// The routes of imports.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get(AT, GUARD, list).get("/administration/imports/{import}", GUARD, open).get(
        "/administration/imports/{import}/findings.csv",
        GUARD,
        csv,
    )
}

/// The desk in whose menu this person finds the imports.
fn desk(clerk: &Clerk) -> Desk {
    match app::access::allowed(clerk.context(), Right::Administer) {
        true => Desk::Administration,
        false => Desk::Documents,
    }
}

async fn list(clerk: Clerk) -> Answer {
    let all = clerk.run(imports).await?;
    let rows = all.iter().map(|import| row(&clerk, import));
    let table = Table::new("Imports, the newest first")
        .column(Column::text("When").fit())
        .column(Column::text("Who"))
        .column(Column::text("What"))
        .column(Column::number("New"))
        .column(Column::number("New versions"))
        .column(Column::number("Documents"))
        .column(Column::number("Unchanged"))
        .column(Column::text("Findings").fit())
        .rows(rows)
        .empty(Empty::new(
            "Nothing was imported",
            "Charts come in by chartroom import, scans at the desk Documents.",
        ));
    let content = html! {
        (Heading::new("Imports").lede(html! {
            "What was taken in from elsewhere, and what could not be taken as it came"
        }))
        @if desk(&clerk) == Desk::Administration { (desk_tabs(AT)) }
        (table)
    };
    Ok(Page(clerk.page("Imports", desk(&clerk)), content).into_response())
}

fn row(clerk: &Clerk, import: &ImportShown) -> Row {
    let kept = &import.kept;
    Row::new([
        clerk.stamp(import.run.at),
        html! { (import.by) },
        paths(import),
        html! { (count_text(kept.created)) },
        html! { (count_text(kept.updated)) },
        html! { (count_text(kept.documents)) },
        html! { (count_text(kept.unchanged)) },
        html! {
            @if import.run.ended_at.is_none() { (Badge::new(Tone::Warn, "did not end")) }
            @else if kept.findings == 0 { (Badge::new(Tone::Ok, "none")) }
            @else { (Badge::new(Tone::Info, count_text(kept.findings))) }
        },
    ])
    .opens(format!("{AT}/{}", import.run.id))
}

fn paths(import: &ImportShown) -> Markup {
    let named = import.paths.iter().take(PATHS_SHOWN_MAX);
    html! {
        @for (n, path) in named.enumerate() {
            @if n > 0 { ", " }
            (path.reveal())
        }
        @if import.paths.len() > PATHS_SHOWN_MAX {
            " and " (import.paths.len() - PATHS_SHOWN_MAX) " more"
        }
        @if import.paths.is_empty() { span class="quiet" { "–" } }
    }
}

/// The kind that the address asks for: `?kind=bad-record`.
fn asked(query: &HashMap<String, String>) -> Option<FindingKind> {
    query.get("kind").and_then(|kind| FindingKind::parse(kind))
}

async fn open(
    clerk: Clerk,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let kind = asked(&query);
    let page = clerk.run(move |store, context| open_import(store, context, id, kind)).await?;
    let heading = Heading::new("Import").under("Imports", AT);
    let heading = match page.kinds.is_empty() {
        true => heading,
        false => heading.action(Button::link("As CSV", csv_href(id, kind)).key("e")),
    };
    let content = html! {
        (heading)
        @if page.import.run.ended_at.is_none() {
            (notice(Tone::Warn, "This import goes on, or was broken off. What it had taken is \
                kept; take the same files in again, and only the rest is added."))
        }
        (Card::new("What came", facts(&clerk, &page.import)))
        (filter(&page, id, kind))
        (findings_table(&page.findings))
        @if page.findings.len() > FINDINGS_SHOWN_MAX {
            p class="quiet" {
                "The first " (FINDINGS_SHOWN_MAX) " of " (page.findings.len())
                "; the CSV file holds all."
            }
        }
        @if page.withheld_count > 0 {
            p class="quiet" {
                (page.withheld_count) " findings are withheld: they are about records that you \
                 may not open, or that were destroyed."
            }
        }
    };
    Ok(Page(clerk.page("Import", desk(&clerk)), content).into_response())
}

fn csv_href(id: i64, kind: Option<FindingKind>) -> String {
    match kind {
        Some(kind) => format!("{AT}/{id}/findings.csv?kind={}", kind.as_str()),
        None => format!("{AT}/{id}/findings.csv"),
    }
}

fn facts(clerk: &Clerk, import: &ImportShown) -> Facts {
    let kept = &import.kept;
    let kinds: Vec<String> =
        kept.resources.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    Facts::new()
        .fact("Begun", clerk.stamp(import.run.at))
        .fact("By", import.by.as_str())
        .fact(
            "Paths",
            html! {
                @for path in &import.paths { div { (path.reveal()) } }
                @if import.paths.is_empty() { "none named" }
            },
        )
        .fact("New entries", count_text(kept.created))
        .fact("New versions", count_text(kept.updated))
        .fact("Documents", count_text(kept.documents))
        .fact("Held before, unchanged", count_text(kept.unchanged))
        .fact("Findings", count_text(kept.findings))
        .fact_if("Held from these files", (!kinds.is_empty()).then(|| kinds.join(", ")))
}

/// A tab for each kind of finding that there is.
fn filter(page: &ImportPage, id: i64, now: Option<FindingKind>) -> Markup {
    let all: usize = page.kinds.iter().map(|(_, count)| count).sum();
    if page.kinds.len() < 2 {
        return html! {};
    }
    let whole = Tab::new("All", format!("{AT}/{id}")).current(now.is_none()).count(all as u64);
    let kinds = page.kinds.iter().map(|(kind, count)| {
        Tab::new(kind.label(), format!("{AT}/{id}?kind={}", kind.as_str()))
            .current(now == Some(*kind))
            .count(*count as u64)
    });
    let keyed = std::iter::once(whole).chain(kinds).enumerate();
    tabs("Kinds of findings", keyed.map(|(n, tab)| tab.key((n + 1).to_string())))
}

fn findings_table(findings: &[ImportFinding]) -> Table {
    let rows = findings.iter().take(FINDINGS_SHOWN_MAX).map(|finding| {
        let kind = FindingKind::parse(&finding.kind);
        Row::new([
            html! { (kind.map_or("Finding", FindingKind::label)) },
            html! { (finding.file.reveal()) },
            html! { @if finding.line > 0 { (finding.line) } @else { "–" } },
            html! { (finding.reason) },
            html! { (kind.map_or("", FindingKind::next_step)) },
        ])
    });
    Table::new("Findings, in the order of the files")
        .show_caption()
        .column(Column::text("Kind").fit())
        .column(Column::text("File"))
        .column(Column::number("Line"))
        .column(Column::text("What was found"))
        .column(Column::text("What to do"))
        .rows(rows)
        .empty(Empty::new("No finding", "Everything was taken as it came."))
}

async fn csv(
    clerk: Clerk,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let kind = asked(&query);
    let page = clerk.run(move |store, context| import_findings(store, context, id, kind)).await;
    let page: ImportPage = page?;
    let columns = ["Kind", "File", "Line", "What was found", "What to do"];
    let mut table = report::Table::new("Findings", &columns);
    for finding in &page.findings {
        let kind = FindingKind::parse(&finding.kind);
        table.rows.push(vec![
            kind.map_or("Finding", FindingKind::label).to_owned(),
            finding.file.reveal().to_owned(),
            finding.line.to_string(),
            finding.reason.clone(),
            kind.map_or("", FindingKind::next_step).to_owned(),
        ]);
    }
    // A byte order mark: without it spreadsheets take the file for an older encoding.
    let text = format!("\u{FEFF}{}", report::csv::write(&table));
    let place = format!("attachment; filename=\"import-{id}-findings.csv\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, place)];
    Ok((headers, text).into_response())
}
