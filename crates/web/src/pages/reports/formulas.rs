//! What each measure counts: its formula, its edge cases, its source.

use crate::server::{Answer, Clerk, Page};
use crate::ui::{Card, Desk, Heading};
use app::reports::formulas;
use axum::response::IntoResponse;
use maud::html;

pub(super) async fn show(clerk: Clerk) -> Answer {
    let list = clerk.run(formulas).await?;
    let content = html! {
        (Heading::new("Formulas").under("Reports", "/reports").lede(html! {
            "Every measure of the desk. Where there is nothing to divide by, there is no number, \
             and the reason stands in its place."
        }))
        @for formula in &list {
            (Card::new(formula.title, html! {
                p class="formula" { (formula.formula) }
                @for (heading, text) in &formula.parts {
                    p { b { (heading) } ". " (text) }
                }
                p class="quiet" { (formula.name) ", version " (formula.version) }
                @if !formula.is_counted {
                    p class="quiet" {
                        "Not counted at this desk: nothing in the record states what it needs."
                    }
                }
            }))
        }
    };
    Ok(Page(clerk.page("Formulas", Desk::Reports), content).into_response())
}
