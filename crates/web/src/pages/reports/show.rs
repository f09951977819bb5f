//! A report: its numbers, its plots, its tables.

use super::choose::{chooser, errors_of};
use super::{Given, asked_of, may_open, report_of, scope_text, tile};
use crate::server::{Answer, Clerk, Failure, Page};
use crate::ui::{Button, Card, Desk, Heading, Tone, notice, plot, table_of, tiles};
use app::reports::{Opened, Report, open};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};
use report::Table;

/// Rows above which a table is folded.
const FOLDED_ABOVE: usize = 40;

pub(super) async fn show(
    clerk: Clerk,
    Path(word): Path<String>,
    Query(given): Query<Given>,
) -> Answer {
    let report = report_of(&word).map_err(|error| Failure::new(error, &clerk.shell))?;
    let asked = asked_of(&given);
    let (at, wanted) = (format!("/reports/{}", report.as_str()), asked.clone());
    let found = clerk.attempt(move |store, context| open(store, context, report, &wanted)).await;
    let heading = Heading::new(report.title()).under("Reports", "/reports");
    let opened = match found {
        Ok(opened) => opened,
        Err(error) => match errors_of(&error) {
            Some(errors) => {
                let content = html! {
                    (heading) (chooser(&at, &asked, None, Some(report), &errors))
                };
                let page = Page(clerk.page(report.title(), Desk::Reports), content);
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            None => return Err(Failure::new(error, &clerk.shell)),
        },
    };
    let query = asked.query();
    let heading = heading
        .lede(scope_text(&opened.scope, Some(report)))
        .action(Button::link("PDF", format!("{at}/pdf?{query}")).key("p"))
        .action(Button::link("CSV", format!("{at}/csv/figures?{query}")).key("c"));
    let opens = may_open(clerk.context(), report);
    let content = html! {
        (heading)
        (chooser(&at, &asked, Some(&opened.scope), Some(report), &[]))
        (tiles(opened.figures.iter().map(|figure| tile(figure, &opened.scope, opens))))
        (ground(report, opens))
        @for drawn in &opened.plots { (plot(drawn)) }
        @for table in &opened.tables { (card(&opened, table, &at)) }
    };
    Ok(Page(clerk.page(report.title(), Desk::Reports), content).into_response())
}

fn ground(report: Report, opens: bool) -> Markup {
    html! {
        p class="quiet" {
            (report.lede()) ". Numbers count everyone; each opens the rows behind it that are \
            open to you."
            @if !opens { " The entries behind these are the audit trail's, for who may read it." }
        }
        @if let Some(note) = report.note() { (notice(Tone::Info, note)) }
    }
}

fn card(opened: &Opened, table: &Table, at: &str) -> Markup {
    let query = opened.scope.asked.query();
    let href = format!("{at}/csv/{}?{query}", Opened::word_of(table));
    let shown = table_of(table);
    let content = html! {
        @if table.rows.is_empty() {
            p class="quiet" { "Nothing to count in this period." }
        } @else if table.rows.len() > FOLDED_ABOVE {
            details class="why" {
                summary { (table.rows.len()) " rows" }
                div { (shown) }
            }
        } @else { (shown) }
    };
    let card = Card::new(table.title.as_str(), content);
    html! { (card.action(Button::link("CSV", href).small().about(&table.title))) }
}
