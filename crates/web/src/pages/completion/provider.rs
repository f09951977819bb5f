//! One provider at the desk: what waits for them, and the notice that is due.

use super::{count, notice_card, provider_name, table, withheld};
use crate::server::{Answer, Clerk, Page};
use crate::ui::{Button, Desk, Empty, Heading, Tile, tiles};
use app::completion::provider;
use axum::extract::Path;
use axum::response::IntoResponse;
use maud::html;

pub(super) async fn show(clerk: Clerk, Path(word): Path<String>) -> Answer {
    let found = clerk.run(move |store, context| provider(store, context, &word)).await?;
    let now = clerk.context().at;
    let waits = &found.waits;
    let load = waits.load.as_ref();
    let figure = |n: Option<i64>| count(n.unwrap_or(0));
    let content = html! {
        (Heading::new(if found.name.is_empty() { "Nobody named" } else { &found.name })
            .under("Completion", "/completion/list/providers")
            .lede(html! {
                "What waits for " (provider_name(&found.name)) ", due first. Print this page as \
                 the notice."
            })
            .action(Button::script("Print the notice", "print").key("Shift+P")))
        (notice_card(waits, now))
        (tiles([
            Tile::new("Deficiencies", figure(load.map(|one| one.deficiencies_count))),
            Tile::new("Charts", figure(load.map(|one| one.charts_count))),
            Tile::new("Delinquent charts", figure(load.map(|one| one.delinquent_charts_count)))
                .formula("charts in which something waits for this provider past its time"),
            Tile::new("Late enough to suspend", figure(load.map(|l| l.suspension_charts_count)))
                .unit("charts"),
        ]))
        (table("What waits, due first", &waits.listed, &waits.terms, now)
            .empty(Empty::new("Nothing that is open to you", "Their charts are hidden from you.")))
        (withheld(waits.withheld_count))
    };
    Ok(Page(clerk.page("Provider", Desk::Completion), content).into_response())
}
