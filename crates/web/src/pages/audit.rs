//! The audit trail: search, one entry, who opened a chart, the state of the chain.

use crate::pages::audit_words::words;
use crate::pages::banner_of;
use crate::server::{Answer, Clerk, Guard, Page, Routes};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Facts, Field, Form, Heading, Pages, Row,
    Table, Tone,
};
use app::Right;
use app::audit::{Names, PAGE_ENTRIES};
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use record::{Instant, PatientKey, PurposeOfUse, Role};
use std::collections::HashMap;
use store::audit::{AuditRow, AuditSearch};

const GUARD: Guard = Guard::Right(Right::AuditRead);

/// The routes of the desk.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/audit", GUARD, search)
        .get("/audit/chain", GUARD, chain)
        .get("/audit/patient/{patient}", GUARD, accesses)
        .get("/audit/{entry}", GUARD, entry)
}

type Asked = HashMap<String, String>;

fn asked_for(asked: &Asked, zone: &TimeZone) -> AuditSearch {
    let text = |name: &str| asked.get(name).map(|t| t.trim()).filter(|t| !t.is_empty());
    let day = |name: &str| text(name).and_then(|text| text.parse::<Date>().ok());
    let start = |date: Date| {
        let zoned = date.to_zoned(zone.clone()).ok()?;
        Some(Instant::from_timestamp(zoned.timestamp()))
    };
    AuditSearch {
        patient: text("patient").and_then(|key| key.parse().ok()).map(PatientKey),
        actor: text("actor").map(str::to_owned),
        action: text("action").map(str::to_owned),
        outcome: text("outcome").map(str::to_owned),
        from: day("from").and_then(start),
        until: day("until").and_then(|date| date.tomorrow().ok()).and_then(start),
        before: text("before").and_then(|entry| entry.parse().ok()),
        limit: PAGE_ENTRIES,
    }
}

async fn search(clerk: Clerk, Query(asked): Query<Asked>) -> Answer {
    let wanted = asked_for(&asked, clerk.zone());
    let (rows, names) =
        clerk.run(move |store, context| app::audit::search(store, context, &wanted)).await?;
    let review = app::access::allowed(clerk.context(), Right::GlassReview);
    let mut heading = Heading::new("Audit trail").lede(html! {
        "Every access, change and refusal, the newest first, by the clock of the facility"
    });
    if review {
        heading = heading.action(Button::link("Broken glass", "/audit/glass").key("b"));
    }
    let content = html! {
        (heading.action(Button::link("State of the chain", "/audit/chain").key("c")))
        (filters(&asked, &names))
        (trail_table(&clerk, &rows, &names, next_page(&asked, &rows)))
    };
    Ok(Page(clerk.page("Audit trail", Desk::Audit), content).into_response())
}

/// The next page, where this one is full.
fn next_page(asked: &Asked, rows: &[AuditRow]) -> Option<Pages> {
    let last = rows.last().filter(|_| rows.len() as i64 == PAGE_ENTRIES);
    let mut query = String::new();
    for name in ["patient", "actor", "action", "outcome", "from", "until"] {
        let value = asked.get(name).map(String::as_str).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || ":.-_".contains(c);
        if !value.is_empty() && value.chars().all(plain) {
            query.push_str(&format!("{name}={value}&"));
        }
    }
    Some(Pages {
        previous: asked.get("before").map(|_| format!("/audit?{query}")),
        next: last.map(|row| format!("/audit?{query}before={}", row.entry)),
        shown: format!("{} entries", rows.len()),
    })
}

fn filters(asked: &Asked, names: &Names) -> Form {
    let value = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let people = names.iter().map(|(key, name)| Choice::new(key.as_str(), name.as_str()));
    let people: Vec<Choice> = std::iter::once(Choice::new("", "Anybody")).chain(people).collect();
    let outcomes = [("", "Any"), ("done", "Done"), ("refused", "Refused")];
    let outcomes = outcomes.map(|(word, label)| Choice::new(word, label));
    let mut form = Form::filters("/audit").label("Filters");
    if let Some(patient) = asked.get("patient") {
        form = form.hidden("patient", patient.as_str());
    }
    form.content(html! {
        (Field::select("actor", "Who", people).value(value("actor")).key("w"))
        (Field::text("action", "What").value(value("action")).width(20)
            .hint("Its name or how it begins: chart, glass.break"))
        (Field::select("outcome", "Outcome", outcomes).value(value("outcome")))
        (Field::date("from", "From").value(value("from")))
        (Field::date("until", "Until").value(value("until")))
        (Button::submit("Filter").key("Shift+F"))
    })
}

/// A table of entries.
pub(super) fn trail_table(
    clerk: &Clerk,
    rows: &[AuditRow],
    names: &Names,
    pages: Option<Pages>,
) -> Table {
    let table = Table::new("Entries of the audit trail, the newest first")
        .column(Column::text("When").fit())
        .column(Column::text("Who"))
        .column(Column::text("What"))
        .column(Column::text("On what"))
        .column(Column::text("Purpose"))
        .column(Column::text("Outcome").fit())
        .rows(rows.iter().map(|row| {
            Row::new([
                clerk.stamp(row.at),
                html! { (who(&row.actor, names)) },
                html! { (words(&row.action)) " " code class="quiet" { (row.action) } },
                target(&row.target, names),
                html! { (purpose(&row.purpose)) },
                outcome(&row.outcome),
            ])
            .opens(format!("/audit/{}", row.entry))
        }))
        .empty(Empty::new(
            "No entry fits",
            "Every access, change and refusal leaves an entry here. Widen the filters.",
        ));
    match pages {
        Some(pages) => table.pages(pages),
        None => table,
    }
}

fn who<'a>(actor: &'a str, names: &'a Names) -> &'a str {
    names.get(actor).map_or(actor, String::as_str)
}

/// What an action was about: a person by name, anything else by the key that the store keeps.
fn target(target: &str, names: &Names) -> Markup {
    let person = target.strip_prefix("person/").and_then(|id| names.get(&format!("person:{id}")));
    html! {
        @match person {
            Some(name) => (name),
            None => code class="quiet" { (target) },
        }
    }
}

/// Roles as people call them.
fn roles(words: &str) -> String {
    let label = |word: &str| Role::parse(word).map_or(word.to_owned(), |role| role.label().into());
    words
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .map(label)
        .collect::<Vec<_>>()
        .join(", ")
}

fn purpose(word: &str) -> &str {
    PurposeOfUse::parse(word).map_or(word, |purpose| purpose.label())
}

fn outcome(word: &str) -> Markup {
    let tone = if word == "refused" { Tone::Stop } else { Tone::Neutral };
    html! { (Badge::new(tone, word)) }
}

async fn entry(clerk: Clerk, Path(number): Path<i64>) -> Answer {
    let (row, names) =
        clerk.run(move |store, context| app::audit::entry(store, context, number)).await?;
    let patients = html! {
        @if row.patients.is_empty() { "nobody's" }
        @for key in &row.patients {
            a href={ "/audit/patient/" (key.0) } { "chart " (key.0) } " "
        }
    };
    let facts = Facts::new()
        .fact("Entry", row.entry)
        .fact("When", clerk.stamp(row.at))
        .fact("Who", html! { (who(&row.actor, &names)) " " code class="quiet" { (row.actor) } })
        .fact("Under the roles", roles(&row.roles))
        .fact("Purpose", purpose(&row.purpose))
        .fact("What", html! { (words(&row.action)) " " code class="quiet" { (row.action) } })
        .fact(
            "On what",
            html! { (target(&row.target, &names)) " " code class="quiet" { (row.target) } },
        )
        .fact("Outcome", outcome(&row.outcome))
        .fact("Whose record", patients)
        .fact_if(
            "Facts",
            Some(row.detail.as_str())
                .filter(|text| !text.is_empty())
                .map(|text| html! { code { (text) } }),
        )
        .fact("Request", html! { code { (row.request_id) } })
        .fact("Sealed in block", row.block);
    let content = html! {
        (Heading::new("Audit entry").under("Audit", "/audit"))
        (Card::new("Entry", facts))
    };
    Ok(Page(clerk.page("Audit entry", Desk::Audit), content).into_response())
}

async fn accesses(clerk: Clerk, Path(patient): Path<i64>) -> Answer {
    let report = clerk
        .run(move |store, context| app::audit::accesses(store, context, PatientKey(patient)))
        .await?;
    let rows = report.rows.iter().map(|row| {
        Row::new([
            clerk.stamp(row.at),
            html! { (who(&row.actor, &report.names)) },
            html! { (roles(&row.roles)) },
            html! { (words(&row.action)) },
            html! { (purpose(&row.purpose)) },
            outcome(&row.outcome),
        ])
    });
    let table = Table::new("Accesses, the newest first")
        .column(Column::text("When").fit())
        .column(Column::text("Who"))
        .column(Column::text("Role"))
        .column(Column::text("What"))
        .column(Column::text("Purpose"))
        .column(Column::text("Outcome").fit())
        .rows(rows)
        .empty(Empty::new("Nobody opened this chart", "Each access is listed from now on."));
    let content = html! {
        (Heading::new("Who opened this chart").under("Audit", "/audit").lede(html! {
            (report.rows.len())
            @if report.rows.len() == 1 { " access" } @else { " accesses" }
            ", by the clock of the facility. Printed, it can be handed to the patient."
        }))
        (table)
    };
    let mut shell = clerk.page("Who opened this chart", Desk::Audit);
    if let Some(row) = &report.identity {
        shell = shell.with_banner(banner_of(row, row.labels, clerk.today()));
    }
    Ok(Page(shell, content).into_response())
}

async fn chain(clerk: Clerk) -> Answer {
    let state = clerk.run(app::audit::chain).await?;
    let facts = Facts::new()
        .fact("Last block", state.block)
        .fact("Its hash", html! { code { (state.block_hash) } })
        .fact_if("Kept beside the keys", state.kept_block.map(|block| format!("block {block}")));
    let content = html! {
        (Heading::new("State of the chain").under("Audit", "/audit").lede(html! {
            "Each commit is sealed in a signed block that holds the hash of the one before"
        }).action(Button::link("Verifications", "/integrity/verification").main().key("v")))
        (Card::new("Head", facts))
    };
    Ok(Page(clerk.page("State of the chain", Desk::Audit), content).into_response())
}
