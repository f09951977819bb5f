//! The first page of the desk: the numbers that are asked for most, and the reports.

use super::choose::{chooser, errors_of};
use super::{Given, asked_of, may_open, scope_text, tile};
use crate::server::{Answer, Clerk, Failure, Page};
use crate::ui::{Button, Card, Column, Desk, Heading, Row, Table, tiles};
use app::reports::{Report, overview};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use maud::{Markup, html};

pub(super) async fn show(clerk: Clerk, Query(given): Query<Given>) -> Answer {
    let asked = asked_of(&given);
    let wanted = asked.clone();
    let found = clerk.attempt(move |store, context| overview(store, context, &wanted)).await;
    let heading =
        Heading::new("Reports").action(Button::link("Formulas", "/reports/formulas").key("f"));
    let (scope, figures) = match found {
        Ok(found) => found,
        Err(error) => match errors_of(&error) {
            Some(errors) => {
                let content = html! {
                    (heading) (chooser("/reports", &asked, None, None, &errors))
                };
                let page = Page(clerk.page("Reports", Desk::Reports), content);
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            None => return Err(Failure::new(error, &clerk.shell)),
        },
    };
    let opens = |name: &str| {
        Report::of_figure(name).is_some_and(|report| may_open(clerk.context(), report))
    };
    let content = html! {
        (heading.lede(scope_text(&scope, None)))
        (chooser("/reports", &asked, Some(&scope), None, &[]))
        (tiles(figures.iter().map(|figure| tile(figure, &scope, opens(&figure.name)))))
        (Card::new("Reports", list(&asked.query())))
    };
    Ok(Page(clerk.page("Reports", Desk::Reports), content).into_response())
}

fn list(query: &str) -> Markup {
    let table = Table::new("Reports")
        .column(Column::text("Report"))
        .column(Column::text("What it says"))
        .rows(Report::ALL.iter().map(|report| {
            Row::new([html! { (report.title()) }, html! { (report.lede()) }])
                .opens(format!("/reports/{}?{query}", report.as_str()))
        }));
    html! { (table) }
}
