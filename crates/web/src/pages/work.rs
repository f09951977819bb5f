//! My work: the one queue, each item with its due date and the sum behind its place.

use crate::pages::person_name;
use crate::server::{Answer, Clerk, Guard, Page, Routes};
use crate::ui::{
    Button, Column, Desk, Empty, Heading, Row, Tab, Table, date_text, due, notice, tabs,
};
use crate::ui::{Tone, why};
use app::work::{ITEMS_MAX, Item, Queue, list};
use axum::extract::Query;
use axum::response::IntoResponse;
use integrity::{Priority, WorkKind};
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::HashMap;

/// The routes of My work.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/work", Guard::SignedIn, show)
}

async fn show(clerk: Clerk, Query(query): Query<HashMap<String, String>>) -> Answer {
    let person = clerk.session.person.id;
    let kind = query.get("kind").and_then(|text| WorkKind::parse(text));
    let queue = clerk.run(move |store, context| list(store, context, person, kind)).await?;
    let table = Table::new("Open work, the most pressing first")
        .column(Column::text("What").wide())
        .column(Column::text("Patient"))
        .column(Column::text("Due").fit())
        .column(Column::number("Points").fit())
        .column(Column::text("Why here"))
        .rows(queue.items.iter().map(|item| row(item, queue.today)))
        .empty(Empty::new(
            "Nothing waits for you",
            "Work of your roles comes here by itself: documents to index, encounters to code, \
             requests to answer, signatures that are missing.",
        ));
    let content = html! {
        (heading(&clerk))
        (kind_tabs(&queue, kind))
        (left_out(&queue))
        (table)
        (why(
            "How is the order made?",
            "Each item stands by the sum of its points. The terms of the sum are shown beside it; \
             nothing else weighs in. Where two sums are equal, the earlier due date comes first. \
             The weights are set under Administration, Order of work.",
            None,
        ))
    };
    Ok(Page(clerk.page("My work", Desk::Work), content).into_response())
}

fn heading(clerk: &Clerk) -> Heading {
    let mut heading = Heading::new("My work").action(Button::link("Drafts", "/drafts").key("d"));
    if app::access::allowed(clerk.context(), app::Right::Assign) {
        heading = heading.action(Button::link("Team", "/work/team").key("t"));
    }
    if app::access::allowed(clerk.context(), app::Right::Authenticate) {
        heading = heading.action(Button::link("Authenticate", "/authenticate").main().key("a"));
    }
    heading
}

/// The kinds that wait, each with its count and a key.
fn kind_tabs(queue: &Queue, now: Option<WorkKind>) -> Markup {
    let all: u64 = queue.counts.values().sum();
    let mut list = vec![Tab::new("All", "/work").current(now.is_none()).count(all).key("1")];
    for (kind, count) in &queue.counts {
        let tab = Tab::new(kind.label(), format!("/work?kind={}", kind.as_str()));
        let key = list.len() + 1;
        let tab = tab.current(now == Some(*kind)).count(*count);
        list.push(if key < 10 { tab.key(key.to_string()) } else { tab });
    }
    tabs("Kinds of work", list)
}

fn left_out(queue: &Queue) -> Markup {
    html! {
        @if queue.found > ITEMS_MAX {
            p class="quiet" {
                "The most pressing " (ITEMS_MAX) " of " (queue.found) " are shown."
            }
        }
        @if queue.more {
            (notice(Tone::Info, html! {
                "There is more work than can be weighed at once: what is due latest is left out."
            }))
        }
    }
}

fn row(item: &Item, today: Date) -> Row {
    Row::new([
        what_cell(item),
        patient_cell(item),
        due_cell(item, today),
        html! { (item.priority.total) },
        sum(&item.priority),
    ])
    .opens(address(item))
}

/// What is to be done, and below it what tells it from others like it.
pub(super) fn what_cell(item: &Item) -> Markup {
    html! {
        (item.title)
        @if !item.note.is_empty() { span class="secondary" { (item.note) } }
    }
}

/// Whose chart an item is about.
pub(super) fn patient_cell(item: &Item) -> Markup {
    html! {
        @match &item.patient {
            Some(patient) => {
                span class="held" { (person_name(&patient.name)) }
                // Two identifiers: the number, or the birth date of one who has none.
                span class="secondary" {
                    @if !patient.mrn.is_empty() { "MRN\u{a0}" (patient.mrn.reveal()) }
                    @else if !patient.birth_date.is_empty() {
                        "born\u{a0}" (date_text(patient.birth_date.reveal()))
                    } @else { "no MRN" }
                }
            }
            None => { span class="quiet" { "not yet known" } }
        }
    }
}

/// When an item is due.
pub(super) fn due_cell(item: &Item, today: Date) -> Markup {
    html! {
        @match item.due_on {
            Some(day) => { (due(day, today)) }
            None => { span class="quiet" { "no date" } }
        }
    }
}

/// The terms of a sum, the largest first.
pub(super) fn sum(priority: &Priority) -> Markup {
    html! {
        @for (index, term) in priority.terms.iter().enumerate() {
            @if index > 0 { " · " }
            span class="quiet" { (term.sentence.trim_end_matches('.')) "\u{a0}" }
            strong { (format!("{:+}", term.points)) }
        }
    }
}

/// Where an item is worked on.
pub(super) fn address(item: &Item) -> String {
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
        "quality-findings" => format!("/integrity/list/open?group={subject}"),
        "approve-destruction"
        | "witness-destruction"
        | "carry-out-destruction"
        | "explain-destruction" => format!("/retention/{subject}"),
        "chain-broken" => "/integrity/verification".to_owned(),
        _ => "/work".to_owned(),
    }
}
