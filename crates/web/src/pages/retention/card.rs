//! What a destroyed chart's page shows: the index card, the registers' lines, the certificate.

use super::schedule;
use crate::pages::banner;
use crate::server::{Clerk, Failure, Page};
use crate::ui::{Button, Column, Desk, Empty, Facts, Heading, Row, Table, Tone, notice};
use app::Right;
use app::retention::{Card, CardLine, card};
use maud::{Markup, html};
use record::PatientKey;

/// The card of a patient whose chart was destroyed, instead of the chart; none where the chart
/// was not, or where something came to it since.
pub(in crate::pages) async fn instead(
    clerk: &Clerk,
    patient: PatientKey,
) -> Result<Option<Page>, Failure> {
    let found = clerk.run(move |store, context| card(store, context, patient)).await?;
    Ok(found.filter(|card| !card.has_more).map(|card| page(clerk, &card)))
}

/// For a chart that began anew after its destruction: that there was one before.
pub(in crate::pages) async fn since(clerk: &Clerk, patient: PatientKey) -> Result<Markup, Failure> {
    let found = clerk.run(move |store, context| card(store, context, patient)).await?;
    Ok(match found {
        Some(card) => notice(
            Tone::Neutral,
            html! {
                p { "The chart before was destroyed on " (card.destroyed_on) (rule(&card)) "." }
            },
        ),
        None => html! {},
    })
}

fn rule(card: &Card) -> String {
    card.governing.first().map(|one| format!(" under {}", one.citation)).unwrap_or_default()
}

fn page(clerk: &Clerk, card: &Card) -> Page {
    let may = |right| app::access::allowed(clerk.context(), right);
    let patient = &card.identity.patient;
    let mut heading = Heading::new("Index card").lede(html! {
        "Chart destroyed on " (card.destroyed_on) (rule(card)) ". Who it is and when they were \
         here is kept for good; nothing else is."
    });
    if may(Right::Retention) {
        let address = format!("/retention/{}", card.case);
        heading = heading.action(Button::link("Destruction", address.clone()).key("d"));
        let address = format!("{address}/certificate");
        heading = heading.action(Button::link("Certificate", address).main().key("c"));
    }
    if may(Right::Register) {
        let address = format!("/patient/{}", patient.patient.0);
        heading = heading.action(Button::link("Registration", address).key("b"));
    }
    let content = html! {
        (heading)
        (Facts::new()
            .fact("Carried out by", card.by.as_str())
            .fact("Witnessed by", card.witness.as_str()))
        (schedule(&card.governing))
        (lines("Encounters", card, false, "None was recorded."))
        (lines("Register of surgery", card, true, "No operation was recorded."))
    };
    let shell = clerk.page("Index card", Desk::Find);
    Page(shell.with_banner(banner(&card.identity, clerk)), content)
}

fn lines(title: &str, card: &Card, is_surgery: bool, none: &str) -> Table {
    let of_kind = |line: &&CardLine| line.is_surgery == is_surgery;
    let rows = card
        .lines
        .iter()
        .filter(of_kind)
        .map(|line| Row::new([html! { (line.title) }, html! { (line.date_text) }]));
    Table::new(title)
        .show_caption()
        .column(Column::text("What"))
        .column(Column::text("When").fit())
        .rows(rows)
        .empty(Empty::new(none, "The registers hold what the chart held of them."))
}
