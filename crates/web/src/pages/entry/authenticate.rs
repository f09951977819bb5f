//! What waits for a provider's authentication: read, then authenticated one by one or together.

use crate::pages::person_name;
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{Button, Card, Desk, Empty, Facts, Heading, actions, date_text, moment};
use app::Right;
use app::entry::{Waiting, authenticate, waiting};
use axum::extract::Path;
use axum::response::IntoResponse;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use record::ResourceKey;

/// The routes of authentication.
pub(super) fn routes(routes: Routes) -> Routes {
    let right = Guard::Right(Right::Authenticate);
    routes.get("/authenticate", right, list).post("/authenticate", right, save).post(
        "/authenticate/{entry}/{version}",
        right,
        save_one,
    )
}

async fn list(clerk: Clerk) -> Answer {
    let (found, zone) = clerk
        .run(|store, context| {
            let found = waiting(store, context)?;
            Ok((found, app::entry::place(store, context)?.zone))
        })
        .await?;
    let count = found.len();
    let content = html! {
        (Heading::new("Authenticate").under("My work", "/work").lede(html! {
            (count) " entries wait for you, the oldest first. Read each before you sign it."
        }))
        @if found.is_empty() {
            (Empty::new("Nothing waits for your authentication",
                "What a technician enters, transcribes or corrects for you comes here."))
        } @else {
            form method="post" action="/authenticate" aria-label="Authenticate" {
                input type="hidden" name="csrf" value=(clerk.csrf());
                @for (index, one) in found.iter().enumerate() { (card(one, index, &zone)) }
                (actions([Button::submit("Authenticate those that are ticked").key("Shift+A")]))
            }
        }
    };
    Ok(Page(clerk.page("Authenticate", Desk::Work), content).into_response())
}

fn card(one: &Waiting, index: usize, zone: &TimeZone) -> Markup {
    let (key, version) = (one.entry.row.resource.0, one.entry.row.number);
    let shown = &one.entry.shown;
    let mut facts = Facts::new().fact(
        "Patient",
        html! {
            (person_name(&one.patient.name)) " · born " (date_text(one.patient.birth_date.reveal()))
            " · MRN " (one.patient.mrn.reveal())
        },
    );
    for row in &shown.rows {
        facts = facts.fact(row.label.as_str(), row.value.as_str());
    }
    if let Some(made) = &one.entry.facts {
        facts = facts.fact("Entered by", made.entered_by.display.as_str());
    }
    facts = facts.fact("Entered", moment(one.work.opened_at, zone));
    let mut button = Button::submit("Authenticate, next")
        .sends_to(format!("/authenticate/{key}/{version}"))
        .about(shown.title.as_str());
    if index == 0 {
        button = button.main().key("Ctrl+Enter");
    }
    let id = format!("entry-{key}");
    let content = html! {
        div class="choice" {
            input type="checkbox" id=(id) name="entry" value={ (key) ":" (version) };
            label for=(id) { "Authenticate " (shown.title) }
        }
        (facts)
        @if let Some(text) = &one.text { div class="note" { (text) } }
        p { a href={ "/entry/" (key) } { "History of this entry: " (shown.title) } }
    };
    html! { (Card::new(shown.title.clone(), content).action(button)) }
}

async fn signed(clerk: &Clerk, entries: Vec<(ResourceKey, i64)>) -> Result<usize, Failure> {
    clerk.run(move |store, context| authenticate(store, context, &entries)).await
}

async fn save(posted: Posted) -> Answer {
    let read = |text: &str| {
        let (key, version) = text.split_once(':')?;
        Some((ResourceKey(key.parse().ok()?), version.parse().ok()?))
    };
    let entries = posted.all("entry").into_iter().filter_map(read).collect();
    signed(&posted.clerk, entries).await?;
    Ok(see_other("/authenticate"))
}

async fn save_one(Path((entry, version)): Path<(i64, i64)>, posted: Posted) -> Answer {
    signed(&posted.clerk, vec![(ResourceKey(entry), version)]).await?;
    Ok(see_other("/authenticate"))
}
