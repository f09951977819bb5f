//! The packet of a request: made, looked at, checked by a second person, handed out.

use super::review::told;
use crate::pages::banner;
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Column, Desk, Empty, Facts, Field, Form, Heading, Row, Table, Tone,
    Viewer, actions, notice,
};
use app::Right;
use app::pages_of::PageFacts;
use app::release::{self as desk, PacketShown};
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use release::lifecycle::StateName;
use std::collections::HashMap;
use store::release::ReleasePacket;

const GUARD: Guard = Guard::Right(Right::Release);

/// The routes of the packet.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/release/{request}/packet", GUARD, show)
        .get("/release/{request}/packet/page/{page}", GUARD, image)
        .get("/release/{request}/packet/file", GUARD, file)
        .post("/release/{request}/packet/make", GUARD, make)
        .post("/release/{request}/packet/approve", GUARD, approve)
        .post("/release/{request}/packet/back", GUARD, send_back)
}

async fn show(
    clerk: Clerk,
    Path(request): Path<i64>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let number = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    packet_page(&clerk, request, number, None).await
}

async fn packet_page(clerk: &Clerk, request: i64, number: u32, said: Option<String>) -> Answer {
    let shown = clerk.run(move |store, context| desk::packet(store, context, request)).await?;
    let has_file = shown.current.as_ref().is_some_and(|packet| packet.blob.is_some());
    let seen = match has_file {
        true => {
            let render = clerk.site.render_page.clone();
            let image = clerk.attempt(move |store, context| {
                desk::preview(store, context, &render, request, number)
            });
            Some(image.await.map(|image| image.facts).map_err(|error| error.to_string()))
        }
        false => None,
    };
    let status = if said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = html! {
        (heading(&shown))
        @if let Some(said) = said { (notice(Tone::Stop, said)) }
        div class="columns" {
            div class="stack" { (preview(&shown, seen, number)) }
            div class="stack" { (right(clerk, &shown)) }
        }
    };
    let shell = clerk.page("Packet", Desk::Release);
    let shell = shell.with_banner(banner(&shown.overview.identity, clerk));
    Ok((status, Page(shell, content)).into_response())
}

fn heading(shown: &PacketShown) -> Heading {
    let case = &shown.overview.case;
    Heading::new("Packet")
        .under(format!("Request {}", case.request.number), format!("/release/{}", case.id))
        .lede(html! {
            (case.request.state.name().label())
            ". Written from nothing out of what survived the review; a second person looks at it \
            before it leaves."
        })
}

fn preview(shown: &PacketShown, seen: Option<Result<PageFacts, String>>, number: u32) -> Markup {
    let here = format!("/release/{}/packet", shown.overview.case.id);
    match seen {
        None => notice(
            Tone::Info,
            "There is no packet yet. It is made when the review is finished, and again after each \
             change.",
        ),
        Some(Err(sentence)) => notice(Tone::Stop, sentence),
        Some(Ok(facts)) => {
            let words: Vec<&str> = facts.words.iter().map(|word| word.text.as_str()).collect();
            html! {
                (Viewer::new("Packet", number, facts.pages, format!("{here}?page="))
                    .image(format!("{here}/page/{number}"), facts.width, facts.height)
                    .text(words.join(" ")))
            }
        }
    }
}

fn right(clerk: &Clerk, shown: &PacketShown) -> Markup {
    let state = shown.overview.case.request.state.name();
    let is_checking = state == StateName::QualityCheck;
    let has_file = shown.current.as_ref().is_some_and(|packet| packet.blob.is_some());
    let can_go_back =
        matches!(state, StateName::QualityCheck | StateName::Invoiced | StateName::Ready);
    html! {
        @if let Some(packet) = &shown.current {
            (Card::new("What was made", facts_of(clerk, packet, shown)))
        }
        @if is_checking { (Card::new("Make", make_form(clerk, shown))) }
        @if is_checking && has_file {
            (Card::new("Second person's check", check_form(clerk, shown)))
        }
        @if matches!(state, StateName::Ready | StateName::Delivered | StateName::Closed) {
            (Card::new("Hand out", hand_out(shown)))
        }
        @if can_go_back { (Card::new("Back to redaction", back_form(clerk, shown))) }
        @if shown.packets.len() > 1 { (earlier(clerk, shown)) }
    }
}

fn verdict(packet: &ReleasePacket) -> Markup {
    html! {
        @if packet.leaks_count == 0 {
            (Badge::new(Tone::Ok, "Verified"))
            " Nothing that was withheld is in any stream, string, image or metadata."
        } @else {
            (Badge::new(Tone::Stop, "Refused"))
            " " (packet.leaks_count) " found: " (packet.leak_places)
        }
    }
}

fn facts_of(clerk: &Clerk, packet: &ReleasePacket, shown: &PacketShown) -> Facts {
    let name = |key: &str| shown.names.get(key).cloned().unwrap_or_else(|| key.to_owned());
    let checked = packet.checked_at.zip(packet.checked_by.as_deref());
    Facts::new()
        .fact("Packet", html! { "No. " (packet.number) ", " (pages(packet.pages_count)) })
        .fact("Made", html! { (clerk.stamp(packet.made_at)) " by " (name(&packet.made_by)) })
        .fact("Verifier", verdict(packet))
        .fact_if("Checked", checked.map(|(at, by)| html! { (clerk.stamp(at)) " by " (name(by)) }))
        .fact("Fingerprint (SHA-256)", html! { code { (packet.content_hash.to_hex()) } })
}

fn pages(count: i64) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{count} pages") }
}

fn form(clerk: &Clerk, shown: &PacketShown, deed: &str) -> Form {
    let case = &shown.overview.case;
    Form::post(format!("/release/{}/packet/{deed}", case.id))
        .csrf(clerk.csrf())
        .hidden("revision", case.revision.to_string())
}

fn make_form(clerk: &Clerk, shown: &PacketShown) -> Form {
    let button = match shown.current {
        None => Button::submit("Make the packet").main(),
        Some(_) => Button::submit("Make it again"),
    };
    form(clerk, shown, "make").label("Make the packet").content(html! {
        p { "Every page is rendered anew, the marks are burned in, and the verifier looks for what \
            must not be there. One finding, and the packet isn't kept." }
        (actions([button.key("m")]))
    })
}

fn check_form(clerk: &Clerk, shown: &PacketShown) -> Form {
    let button = Button::submit("Approve").main();
    let button = match shown.is_own {
        true => button.refused(release::Refusal::SamePerson.to_string()),
        false => button.key("Shift+A"),
    };
    form(clerk, shown, "approve").label("Second person's check").content(html! {
        p { "Look at each page: is it this patient's, is it what was asked for, is everything \
            withheld that must be, and nothing more?" }
        (actions([button]))
    })
}

fn hand_out(shown: &PacketShown) -> Markup {
    let id = shown.overview.case.id;
    html! {
        p { "The download is written into the audit trail. When the packet is handed out, record \
            the delivery on the request's page: the disclosure is counted there." }
        (actions([
            Button::link("Download", format!("/release/{id}/packet/file")).key("d"),
            Button::link("Record the delivery", format!("/release/{id}")).main().key("r"),
        ]))
    }
}

fn back_form(clerk: &Clerk, shown: &PacketShown) -> Form {
    form(clerk, shown, "back").label("Back to redaction").content(html! {
        (Field::text("why", "What is to be changed").required())
        (actions([Button::submit("Send back").stop()]))
    })
}

fn earlier(clerk: &Clerk, shown: &PacketShown) -> Table {
    let rows = shown.packets.iter().map(|packet| {
        Row::new([
            html! { (packet.number) },
            html! { (clerk.stamp(packet.made_at)) },
            html! { (packet.pages_count) },
            html! { (packet.leaks_count) },
        ])
    });
    Table::new("Every packet that was made")
        .show_caption()
        .column(Column::number("No."))
        .column(Column::text("Made"))
        .column(Column::number("Pages"))
        .column(Column::number("Found by the verifier"))
        .rows(rows)
        .empty(Empty::new("No packet", "It is made when the review is finished."))
}

async fn image(clerk: Clerk, Path((request, page)): Path<(i64, u32)>) -> Result<Response, Failure> {
    let render = clerk.site.render_page.clone();
    let image = clerk
        .run(move |store, context| desk::preview(store, context, &render, request, page))
        .await?;
    Ok(crate::pages::document_pages::png(image.png))
}

/// The file itself: for the one who hands it out, kept nowhere.
async fn file(clerk: Clerk, Path(request): Path<i64>) -> Answer {
    let done =
        clerk.attempt(move |store, context| desk::packet_file(store, context, request)).await;
    let (name, bytes) = match done {
        Ok(file) => file,
        Err(error) => return packet_page(&clerk, request, 1, Some(told(&clerk, error)?)).await,
    };
    let attachment = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, attachment),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

async fn make(Path(request): Path<i64>, posted: Posted) -> Answer {
    let render = posted.clerk.site.render_page.clone();
    let done = posted
        .clerk
        .attempt(move |store, context| desk::packet_make(store, context, &render, request))
        .await;
    again(&posted.clerk, request, done).await
}

async fn approve(Path(request): Path<i64>, posted: Posted) -> Answer {
    let revision = posted.number("revision").unwrap_or(-1);
    let done = posted
        .clerk
        .attempt(move |store, context| desk::approve(store, context, request, revision))
        .await;
    again(&posted.clerk, request, done).await
}

async fn send_back(Path(request): Path<i64>, posted: Posted) -> Answer {
    let revision = posted.number("revision").unwrap_or(-1);
    let why = posted.text("why").to_owned();
    let done = posted
        .clerk
        .attempt(move |store, context| desk::send_back(store, context, request, (revision, &why)))
        .await;
    match done {
        Ok(()) => Ok(see_other(format!("/release/{request}/review"))),
        failed => again(&posted.clerk, request, failed).await,
    }
}

async fn again(clerk: &Clerk, request: i64, done: Result<(), app::Error>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(format!("/release/{request}/packet"))),
        Err(error) => packet_page(clerk, request, 1, Some(told(clerk, error)?)).await,
    }
}
