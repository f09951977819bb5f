//! My work: the one queue, each item with its due date and why it stands where it stands.

use crate::pages::person_name;
use crate::server::{Answer, Clerk, Guard, Page, Routes};
use crate::ui::{Button, Column, Desk, Empty, Heading, Row, Table, due};
use app::work::{Item, list};
use axum::response::IntoResponse;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// The routes of My work.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/work", Guard::SignedIn, show)
}

async fn show(clerk: Clerk) -> Answer {
    let person = clerk.session.person.id;
    let items = clerk.run(move |store, context| list(store, context, person)).await?;
    let today = clerk.today();
    let table = Table::new("Open work, the most pressing first")
        .column(Column::text("What"))
        .column(Column::text("Patient"))
        .column(Column::text("Due").fit())
        .column(Column::text("Why here"))
        .rows(items.iter().map(|item| row(item, today)))
        .empty(Empty::new(
            "Nothing waits for you",
            "Work of your roles comes here by itself: documents to index, encounters to code, \
             requests to answer, signatures that are missing.",
        ));
    let mut heading = Heading::new("My work").action(Button::link("Drafts", "/drafts").key("d"));
    if app::access::allowed(clerk.context(), app::Right::Authenticate) {
        heading = heading.action(Button::link("Authenticate", "/authenticate").main().key("a"));
    }
    let content = html! { (heading) (table) };
    Ok(Page(clerk.page("My work", Desk::Work), content).into_response())
}

fn row(item: &Item, today: Date) -> Row {
    let patient = item.patient.as_ref().map(|patient| person_name(&patient.name));
    Row::new([
        html! { (label(&item.work.kind)) },
        patient.unwrap_or_else(|| html! { span class="quiet" { "not yet known" } }),
        due_by(item, today),
        html! { (item.work.reason) " " span class="quiet" { (item.why) } },
    ])
    .opens(address(item))
}

fn due_by(item: &Item, today: Date) -> Markup {
    match item.work.due_at {
        None => html! { span class="quiet" { "no date" } },
        Some(at) => due(at.date_in(&TimeZone::UTC), today),
    }
}

/// What an item is called.
fn label(kind: &str) -> &str {
    match kind {
        "index-document" => "Index a document",
        "review-glass" => "Review broken glass",
        "review-emergency" => "Review an emergency account",
        "code-encounter" => "Code an encounter",
        "release-request" => "Answer a request",
        "review-denial" => "Review a denial",
        "give-accounting" => "Give an accounting of disclosures",
        "possible-duplicate" => "Judge a possible duplicate",
        "deficiency" => "Complete a record",
        "deficiency-desk" => "Look at a deficiency",
        "authenticate" => "Authenticate an entry",
        "quality-finding" => "Mend a quality finding",
        "chain-broken" => "Verification found breaks",
        other => other,
    }
}

/// Where an item is worked on.
fn address(item: &Item) -> String {
    let subject = item.work.subject;
    match &item.work.kind[..] {
        "index-document" => format!("/documents/by-key/{subject}"),
        "review-glass" => format!("/audit/glass/{subject}"),
        "review-emergency" => format!("/audit/emergency/{subject}"),
        "code-encounter" => format!("/coding/{subject}"),
        "release-request" => format!("/release/{subject}"),
        "review-denial" => format!("/release/{subject}/denial"),
        "give-accounting" => format!("/release/asked/{subject}"),
        "possible-duplicate" => format!("/identity/{subject}"),
        "deficiency" | "deficiency-desk" => format!("/completion/{subject}"),
        "authenticate" => format!("/entry/{subject}"),
        "quality-finding" => format!("/integrity/findings/{subject}"),
        "chain-broken" => "/integrity/verification".to_owned(),
        _ => "/work".to_owned(),
    }
}
