//! Requests by where they stand, and the letters among which new ones come.

use crate::pages::document_pages::png;
use crate::pages::{mrn_text, person_name};
use crate::server::{Answer, Clerk, Failure, Page};
use crate::ui::{
    Badge, Button, Column, Desk, Empty, Heading, Row, Tab, Table, Tile, Tone, Viewer, count_text,
    date_text, due, notice, tabs, tiles,
};
use app::release::{self as desk, Listed, Part, Turnaround, Worklist};
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use release::lifecycle::StateName;
use release::{Request, State};
use std::collections::HashMap;

pub(super) async fn first(clerk: Clerk) -> Answer {
    show(clerk, Part::New).await
}

pub(super) async fn part(clerk: Clerk, Path(part): Path<String>) -> Answer {
    let Some(part) = Part::parse(&part) else {
        return Err((app::Error::NotFound, &clerk).into());
    };
    show(clerk, part).await
}

async fn show(clerk: Clerk, part: Part) -> Answer {
    let list = clerk.run(move |store, context| desk::worklist(store, context, part)).await?;
    let content = html! {
        (Heading::new("Release of information")
            .lede(html! { "Requests for records, due first: what is late stands at the top." })
            .action(Button::link("Log a request", "/release/new").main().key("n"))
            .action(Button::link("Letters that came", "/release/letters").key("l")))
        (figures(&list.turnaround))
        (part_tabs(&list, part))
        (table(&list, part, clerk.zone()))
    };
    Ok(Page(clerk.page("Release", Desk::Release), content).into_response())
}

fn figures(found: &Turnaround) -> Markup {
    let delivered = found.delivered_count;
    let mean = match delivered {
        0 => "none".to_owned(),
        _ => format!("{:.1}", found.days_sum as f64 / delivered as f64),
    };
    let in_time = match found.with_due_count {
        0 => "none".to_owned(),
        with_due => format!("{:.1}", found.in_time_count as f64 * 100.0 / with_due as f64),
    };
    let unit = |has: bool, unit: &'static str| if has { unit } else { "" };
    tiles([
        Tile::new("Open requests", count_text(found.open_count)).note(html! {
            @if found.overdue_count > 0 {
                (Badge::new(Tone::Stop, format!("{} overdue", found.overdue_count)))
            } @else { "none overdue" }
        }),
        Tile::new("Turnaround, mean", mean).unit(unit(delivered > 0, "days")).formula(format!(
            "{} days from receipt to delivery / {delivered} requests delivered in 90 days; the \
             median {} days, the longest {} days",
            found.days_sum, found.days_median, found.days_max
        )),
        Tile::new("Delivered in time", in_time).unit(unit(found.with_due_count > 0, "%")).formula(
            format!(
                "{} delivered by the due date x 100 / {} delivered with one, in 90 days",
                found.in_time_count, found.with_due_count
            ),
        ),
    ])
}

fn part_tabs(list: &Worklist, now: Part) -> Markup {
    tabs(
        "Requests",
        list.counts.iter().enumerate().map(|(index, (part, count))| {
            Tab::new(part.label(), format!("/release/list/{}", part.as_str()))
                .current(*part == now)
                .count(*count)
                .key((index + 1).to_string())
        }),
    )
}

fn table(list: &Worklist, part: Part, zone: &TimeZone) -> Markup {
    let table = Table::new(format!("Requests: {}", part.label()))
        .column(Column::text("Request").fit())
        .column(Column::text("Patient"))
        .column(Column::text("Requester"))
        .column(Column::text("Basis"))
        .column(Column::text("Received").fit())
        .column(Column::text("Due").fit())
        .column(Column::text("Assigned to"))
        .rows(list.listed.iter().map(|one| row(one, list, zone)))
        .empty(nothing(part));
    html! {
        (table)
        @if list.listed.len() as i64 == desk::LISTED_MAX {
            p class="quiet" { "The first " (desk::LISTED_MAX) " are shown." }
        }
    }
}

/// What belongs into a part of the list, and how it gets there.
fn nothing(part: Part) -> Empty {
    let (title, how) = match part {
        Part::New => (
            "No new request",
            "Requests come by mail, fax, portal or at the window. Log one, and the clock starts \
             on the day of its receipt.",
        ),
        Part::OnHold => (
            "Nothing is on hold",
            "A request waits here for an answer: to a letter that names what is missing, or of \
             the privacy officer.",
        ),
        Part::Preparing => (
            "Nothing is in preparation",
            "A request comes here once it is validated: its documents are chosen and reviewed.",
        ),
        Part::Check => (
            "No packet waits for a second person",
            "A packet comes here when its review is finished, to be checked by somebody else.",
        ),
        Part::Ready => (
            "Nothing is ready to be handed out",
            "A packet comes here when a second person has approved it.",
        ),
        Part::Ended => (
            "Nothing has ended",
            "What was delivered, denied, returned or cancelled stands here and stays.",
        ),
    };
    Empty::new(title, how)
}

/// The due date: with the days left while the request runs; once it is delivered, whether that
/// was in time.
pub(super) fn due_shown(request: &Request, today: Date, zone: &TimeZone) -> Markup {
    let Some(clock) = &request.due else {
        return html! { span class="quiet" { "no date" } };
    };
    match &request.state {
        State::Delivered { at, .. } => {
            let late = clock.on.until(at.date_in(zone)).map_or(0, |span| span.get_days());
            html! {
                (date_text(&clock.on.to_string())) " "
                @match late {
                    i32::MIN..=0 => (Badge::new(Tone::Ok, "in time")),
                    1 => (Badge::new(Tone::Warn, "1 day late")),
                    days => (Badge::new(Tone::Warn, format!("{days} days late"))),
                }
            }
        }
        _ if request.is_open() => due(clock.on, today),
        _ => date_text(&clock.on.to_string()),
    }
}

fn row(one: &Listed, list: &Worklist, zone: &TimeZone) -> Row {
    let request = one.request.request();
    let patient = one.patient.as_ref().map(|patient| {
        html! {
            (person_name(&patient.name))
            span class="secondary" { "MRN " (mrn_text(patient)) }
        }
    });
    let basis = request.basis.map(|basis| basis.label());
    Row::new([
        html! { (request.number) span class="secondary" { (state(request.state.name())) } },
        patient.unwrap_or_else(|| html! { span class="quiet" { "not identified" } }),
        html! {
            (request.requester.name.reveal())
            span class="secondary" { (request.requester.kind.label()) }
        },
        html! { @if let Some(basis) = basis { (basis) }
        @else { span class="quiet" { "not chosen" } } },
        date_text(&request.received.to_string()),
        due_shown(request, list.today, zone),
        html! { (one.assigned_to.as_deref().unwrap_or("nobody yet")) },
    ])
    .opens(format!("/release/{}", one.request.id))
}

/// A state in its tone.
pub(super) fn state(name: StateName) -> Markup {
    use StateName as S;
    let tone = match name {
        S::Received | S::Identified => Tone::Neutral,
        S::OnHold | S::Denied => Tone::Stop,
        S::Validated | S::Selected | S::SensitiveReview | S::Redaction => Tone::Info,
        S::QualityCheck | S::Invoiced => Tone::Warn,
        S::Ready | S::Delivered | S::Closed => Tone::Ok,
        S::Returned | S::Cancelled => Tone::Neutral,
    };
    html! { (Badge::new(tone, name.label())) }
}

pub(super) async fn letters(clerk: Clerk) -> Answer {
    let list = clerk.run(desk::letters_waiting).await?;
    let rows = list.iter().map(|document| {
        Row::new([
            html! { (document.name.reveal()) },
            html! { (file_words(&document.media_type)) },
            clerk.stamp(document.received_at),
        ])
        .opens(format!("/release/letters/{}", document.public_id))
    });
    let table = Table::new("Documents that wait for their index, the oldest first")
        .column(Column::text("File"))
        .column(Column::text("Format").fit())
        .column(Column::text("Received").fit())
        .rows(rows)
        .empty(Empty::new(
            "No letter waits",
            "What was scanned or came by import and belongs to no chart yet stands here. A \
             letter that asks for records becomes a request.",
        ));
    let content = html! {
        (Heading::new("Letters that came").under("Release", "/release").lede(html! {
            "Documents that nobody has indexed yet. Open one that asks for records, and log it."
        }))
        (table)
    };
    Ok(Page(clerk.page("Letters that came", Desk::Release), content).into_response())
}

/// What a file is, in words.
fn file_words(media_type: &str) -> &str {
    match media_type {
        "application/pdf" => "PDF",
        "image/tiff" => "Scan (TIFF)",
        "image/png" | "image/jpeg" => "Picture",
        other if other.starts_with("text/") => "Text",
        other => other,
    }
}

pub(super) async fn letter(
    clerk: Clerk,
    Path(id): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let number = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let of = id.clone();
    let opened =
        clerk.run(move |store, context| desk::letter_document(store, context, &of)).await?;
    let document = &opened.document;
    let mut heading = Heading::new("Letter")
        .under("Release", "/release")
        .under("Letters that came", "/release/letters")
        .lede(html! {
            (document.name.reveal()) " · " (file_words(&document.media_type)) " · received "
            (clerk.stamp(document.received_at))
        });
    heading = match opened.request {
        Some(request) => heading
            .action(Button::link("Its request", format!("/release/{request}")).main().key("r")),
        None => heading.action(
            Button::link("Log it as a request", format!("/release/new?document={id}"))
                .main()
                .key("n"),
        ),
    };
    let content = html! {
        (heading)
        (viewer(&clerk, &id, &opened.document.media_type, opened.text.as_deref(), number).await)
    };
    Ok(Page(clerk.page("Letter", Desk::Release), content).into_response())
}

/// A page of a letter, or why it can't be shown.
pub(super) async fn viewer(
    clerk: &Clerk,
    id: &str,
    media_type: &str,
    text: Option<&str>,
    number: u32,
) -> Markup {
    let here = format!("/release/letters/{id}?page=");
    if let Some(text) = text {
        return html! { (Viewer::new("Letter", 1, 1, here).text(text)) };
    }
    let (render, of) = (clerk.site.render_page.clone(), id.to_owned());
    let page = clerk
        .attempt(move |store, context| desk::letter_page(store, context, &render, &of, number));
    match page.await {
        Ok(image) => {
            let (facts, src) = (&image.facts, format!("/release/letters/{id}/page/{number}"));
            html! {
                (Viewer::new("Letter", number, facts.pages, here)
                    .image(src, facts.width, facts.height)
                    .text(image.text()))
            }
        }
        Err(error) => notice(Tone::Stop, html! { p { (error.to_string()) " (" (media_type) ")" } }),
    }
}

pub(super) async fn letter_page(
    clerk: Clerk,
    Path((id, page)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    let render = clerk.site.render_page.clone();
    let image = clerk
        .run(move |store, context| desk::letter_page(store, context, &render, &id, page))
        .await?;
    Ok(png(image.png))
}
