//! Going through the documents of a release: pages and texts with their marks, by keyboard.

use crate::pages::banner;
use crate::server::{Answer, Clerk, Failure, Guard, Page, Posted, Routes, see_other};
use crate::ui::{
    Badge, Button, Card, Choice, Column, Desk, Empty, Field, Form, Heading, Mark, Region, Row,
    Span, Table, Tone, Viewer, actions, marked_note, notice, progress, span_form, why,
};
use app::Right;
use app::release::{
    self as desk, Drawn, DrawnAt, Overview, Progress, ReviewOpened as Opened, Shown,
};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use record::Instant;
use redaction::mark::{Decision, MarkState, Place, Reason};
use redaction::page::BOX_PARTS;
use std::collections::HashMap;
use store::release::ReleaseMark;

pub(super) const GUARD: Guard = Guard::Right(Right::Release);

/// The routes of the review.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/release/{request}/review", GUARD, overview)
        .post("/release/{request}/review/search", GUARD, search)
        .post("/release/{request}/review/finish", GUARD, finish)
        .get("/release/{request}/review/{document}", GUARD, show)
        .get("/release/{request}/review/{document}/image/{part}/{page}", GUARD, image)
        .post("/release/{request}/review/{document}/box", GUARD, draw_box)
        .post("/release/{request}/review/{document}/span", GUARD, draw_span)
        .post("/release/{request}/review/{document}/decide", GUARD, decide)
        .post("/release/{request}/review/{document}/reviewed", GUARD, reviewed)
}

/// Where the reviewer is: part from 0, page from 1.
#[derive(Clone, Copy)]
struct Spot {
    part: i64,
    page: u32,
}

async fn overview(clerk: Clerk, Path(request): Path<i64>) -> Answer {
    overview_page(&clerk, request, None).await
}

async fn overview_page(clerk: &Clerk, request: i64, said: Option<String>) -> Answer {
    let overview = clerk.run(move |store, context| desk::overview(store, context, request)).await?;
    let status = if said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = html! {
        (overview_heading(&overview))
        @if let Some(said) = said { (notice(Tone::Stop, said)) }
        (progress(
            "reviewed", "Documents reviewed",
            overview.reviewed_count() as u64, overview.documents.len() as u64,
        ))
        (documents(clerk, &overview))
        @if overview.can_be_changed() {
            div class="columns" {
                (Card::new("Withhold a phrase everywhere", phrase_form(clerk, &overview)))
                (Card::new("Finish", finish_form(clerk, &overview)))
            }
        } @else {
            (notice(Tone::Info, html! { p {
                "Marks are changed while the request is in review. It is \""
                (overview.case.request.state.name().label()) "\" now. "
                a href={ "/release/" (request) "/packet" } { "Its packet" }
            } }))
        }
    };
    let shell = clerk.page("Redaction", Desk::Release);
    let shell = shell.with_banner(banner(&overview.identity, clerk));
    Ok((status, Page(shell, content)).into_response())
}

fn overview_heading(overview: &Overview) -> Heading {
    let case = &overview.case;
    let mut heading = Heading::new("Redaction")
        .under(format!("Request {}", case.request.number), format!("/release/{}", case.id))
        .lede(html! {
            (case.request.state.name().label()) ". The finders propose; a person decides on every \
            mark. What is withheld is burned out of the copy, and the chart stays as it is."
        });
    if let Some(next) = overview.next(None).filter(|_| overview.can_be_changed()) {
        let href = format!("/release/{}/review/{next}", case.id);
        heading = heading.action(Button::link("Next document", href).main().key("n"));
    }
    heading
}

fn documents(clerk: &Clerk, overview: &Overview) -> Table {
    let is_document = |progress: &&Progress| progress.document.section.is_none();
    let rows =
        overview.documents.iter().filter(is_document).enumerate().map(|(place, progress)| {
            Row::new([
                html! { (place + 1) },
                html! { (progress.title) },
                html! { (waiting(progress)) },
                html! { (progress.confirmed) },
                html! { (progress.rejected) },
                reviewed_badge(clerk, progress),
            ])
            .opens(format!("/release/{}/review/{}", overview.case.id, progress.document.id))
        });
    let rows: Vec<Row> = rows.chain(super::review_lines::section_rows(overview)).collect();
    Table::new("Documents of the release")
        .column(Column::number("No."))
        .column(Column::text("Document"))
        .column(Column::number("To decide"))
        .column(Column::number("Withheld"))
        .column(Column::number("Let stand"))
        .column(Column::text("Review"))
        .rows(rows)
        .empty(Empty::new(
            "No document is chosen",
            "Choose the documents that go out on the request's page.",
        ))
}

fn waiting(progress: &Progress) -> String {
    match progress.review {
        Some(_) => progress.proposed.to_string(),
        None => "not opened".to_owned(),
    }
}

fn reviewed_badge(clerk: &Clerk, progress: &Progress) -> Markup {
    match progress.review.as_ref().and_then(|review| review.reviewed_at) {
        Some(at) => html! { (Badge::new(Tone::Ok, "Reviewed")) " " (clerk.stamp(at)) },
        None => html! { (Badge::new(Tone::Neutral, "Not yet")) },
    }
}

pub(super) fn reasons() -> impl Iterator<Item = Choice> {
    Reason::ALL.into_iter().map(|reason| Choice::new(reason.as_str(), reason.label()))
}

fn phrase_form(clerk: &Clerk, overview: &Overview) -> Form {
    Form::post(format!("/release/{}/review/search", overview.case.id))
        .csrf(clerk.csrf())
        .label("Withhold a phrase everywhere")
        .content(html! {
            (Field::text("phrase", "Phrase").max_length(200).key("f").hint(
                "Every place in all documents is marked, in any case. Scans have no words to be \
                 searched: look at those yourself.",
            ))
            (Field::select("reason", "Reason", reasons()).id("phrase-reason"))
            (actions([Button::submit("Withhold everywhere")]))
        })
}

fn finish_form(clerk: &Clerk, overview: &Overview) -> Form {
    let left = overview.documents.len() - overview.reviewed_count();
    let button = Button::submit("Finish the review").main().key("Shift+F");
    let button = match left {
        0 => button,
        1 => button.refused("1 document isn't reviewed"),
        _ => button.refused(format!("{left} documents aren't reviewed")),
    };
    Form::post(format!("/release/{}/review/finish", overview.case.id))
        .csrf(clerk.csrf())
        .label("Finish the review")
        .content(html! {
            p { "Then the packet is made, and a second person checks it." }
            (actions([button]))
        })
}

async fn search(Path(request): Path<i64>, posted: Posted) -> Answer {
    let render = posted.clerk.site.render_page.clone();
    let (phrase, reason) = (posted.text("phrase").to_owned(), posted.text("reason").to_owned());
    let found = posted.clerk.attempt(move |store, context| {
        desk::search(store, context, &render, request, (&phrase, &reason))
    });
    match found.await {
        Ok(_) => Ok(see_other(format!("/release/{request}/review"))),
        Err(error) => {
            overview_page(&posted.clerk, request, Some(told(&posted.clerk, error)?)).await
        }
    }
}

async fn finish(Path(request): Path<i64>, posted: Posted) -> Answer {
    let render = posted.clerk.site.render_page.clone();
    let done = posted
        .clerk
        .attempt(move |store, context| desk::finish(store, context, &render, request))
        .await;
    match done {
        Ok(()) => Ok(see_other(format!("/release/{request}/packet"))),
        Err(error) => {
            overview_page(&posted.clerk, request, Some(told(&posted.clerk, error)?)).await
        }
    }
}

/// The sentence of an error that the page itself shows.
pub(super) fn told(clerk: &Clerk, error: app::Error) -> Result<String, Failure> {
    match error {
        app::Error::Refused(_) | app::Error::Invalid(_) => Ok(error.to_string()),
        other => Err((other, clerk).into()),
    }
}

async fn show(
    clerk: Clerk,
    Path((request, document)): Path<(i64, i64)>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let number = |name: &str| asked.get(name).and_then(|text| text.parse::<u32>().ok());
    if !asked.contains_key("part") {
        // A line is gone through with its section; by its part, it is opened alone.
        let section = clerk
            .run(move |store, context| desk::section_of(store, context, request, document))
            .await?;
        if let Some(section) = section {
            return Ok(see_other(format!("/release/{request}/lines/{}", section.code)));
        }
    }
    let spot = Spot {
        part: number("part").map_or(0, i64::from),
        page: number("page").unwrap_or(1).max(1),
    };
    document_page(&clerk, (request, document), spot, None).await
}

async fn document_page(clerk: &Clerk, ids: (i64, i64), spot: Spot, said: Option<String>) -> Answer {
    let render = clerk.site.render_page.clone();
    let opened = clerk
        .run(move |store, context| {
            desk::review_open(store, context, &render, ids, (spot.part, spot.page))
        })
        .await?;
    let status = if said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = html! {
        (document_heading(&opened))
        @if let Some(said) = said { (notice(Tone::Stop, said)) }
        div class="columns" {
            div class="stack" { (part_links(&opened)) (content_of(clerk, &opened)) }
            div class="stack" {
                (Card::new("Marks", mark_list(clerk, &opened, spot)).id("marks"))
                @if opened.overview.can_be_changed() {
                    (Card::new("This document", reviewed_form(clerk, &opened)))
                }
            }
        }
    };
    let shell = clerk.page("Review a document", Desk::Release);
    let shell = shell.with_banner(banner(&opened.overview.identity, clerk));
    Ok((status, Page(shell, content)).into_response())
}

fn address(opened: &Opened) -> String {
    format!("/release/{}/review/{}", opened.overview.case.id, opened.document.id)
}

fn document_heading(opened: &Opened) -> Heading {
    let overview = &opened.overview;
    let place = overview.documents.iter().position(|one| one.document.id == opened.document.id);
    Heading::new(opened.title.as_str())
        .under("Redaction", format!("/release/{}/review", overview.case.id))
        .lede(html! {
            "Document " (place.map_or(0, |place| place + 1)) " of " (overview.documents.len())
            " · " (overview.reviewed_count()) " reviewed"
        })
}

fn part_links(opened: &Opened) -> Markup {
    html! {
        @if opened.parts > 1 {
            p {
                "Parts: "
                @for part in 0..opened.parts {
                    a href={ (address(opened)) "?part=" (part) }
                        aria-current=[(part as i64 == opened.part).then_some("page")] {
                        (part + 1)
                    } " "
                }
            }
        }
    }
}

fn shown_mark(state: MarkState) -> Mark {
    match state {
        MarkState::Proposed => Mark::Proposed,
        MarkState::Confirmed => Mark::Confirmed,
        MarkState::Rejected => Mark::Refused,
    }
}

fn content_of(clerk: &Clerk, opened: &Opened) -> Markup {
    let part = opened.part.to_string();
    let of_part = opened.marks.iter().filter(|mark| mark.part == opened.part);
    let can_be_changed = opened.overview.can_be_changed();
    match &opened.shown {
        Shown::Text(text) => {
            let spans: Vec<Span> = of_part.filter_map(span_of).collect();
            let form = span_form(
                &format!("{}/span", address(opened)),
                clerk.csrf(),
                reasons(),
                &[("part", &part)],
            );
            html! { (marked_note(text, &spans)) @if can_be_changed { (form) } }
        }
        Shown::Other(media_type) => notice(
            Tone::Stop,
            html! { p {
                "This file of type " (media_type) " has neither pages nor words, and can't go into \
                a packet. Take it out of the selection, and give it by other means."
            } },
        ),
        Shown::Page(_, Err(sentence)) => notice(Tone::Stop, sentence.as_str()),
        Shown::Page(number, Ok(facts)) => {
            let of = (facts.width, facts.height);
            let regions = of_part.filter_map(|mark| region_of(mark, *number, of));
            let here = address(opened);
            let words: Vec<&str> = facts.words.iter().map(|word| word.text.as_str()).collect();
            let href = format!("{here}?part={part}&page=");
            let mut viewer = Viewer::new(&opened.title, *number, facts.pages, href)
                .image(format!("{here}/image/{part}/{number}"), of.0, of.1)
                .text(words.join(" "))
                .regions(regions);
            if can_be_changed {
                viewer = viewer
                    .redacts(format!("{here}/box"), clerk.csrf(), reasons())
                    .hidden("part", part.as_str())
                    .hidden("of_width", of.0.to_string())
                    .hidden("of_height", of.1.to_string());
            }
            html! {
                @if facts.words.is_empty() {
                    (notice(Tone::Warn, "This page is a picture without words: nothing in it is \
                        found by itself. Read it, and draw boxes over what must not go."))
                }
                (viewer)
            }
        }
    }
}

fn span_of(mark: &ReleaseMark) -> Option<Span> {
    let Place::Span(start, end) = mark.place else { return None };
    let shown = mark.state != MarkState::Rejected;
    let id = format!("mark-{}", mark.id);
    let (state, reason) = (shown_mark(mark.state), mark.reason.label().to_owned());
    shown.then_some(Span { id, start, end, mark: state, reason })
}

fn region_of(mark: &ReleaseMark, page: u32, (width, height): (u32, u32)) -> Option<Region> {
    let Place::Box(drawn) = mark.place else { return None };
    if drawn.page + 1 != page {
        return None;
    }
    let part = |value: u32, side: u32| {
        let units = u64::from(value) * u64::from(side) / u64::from(BOX_PARTS);
        u32::try_from(units).unwrap_or(side)
    };
    Some(Region {
        id: format!("mark-{}", mark.id),
        x: part(drawn.left, width),
        y: part(drawn.top, height),
        width: part(drawn.width, width).max(1),
        height: part(drawn.height, height).max(1),
        mark: shown_mark(mark.state),
        reason: mark.reason.label().to_owned(),
    })
}

fn spot_of(mark: &ReleaseMark) -> Spot {
    let page = match mark.place {
        Place::Box(drawn) => drawn.page + 1,
        Place::Span(..) => 1,
    };
    Spot { part: mark.part, page }
}

fn is_here(mark: &ReleaseMark, spot: Spot) -> bool {
    let of_mark = spot_of(mark);
    of_mark.part == spot.part && of_mark.page == spot.page
}

/// The marks of what is shown, the undecided first in reach of the keys; where others wait.
fn mark_list(clerk: &Clerk, opened: &Opened, spot: Spot) -> Markup {
    let here = || opened.marks.iter().filter(|mark| is_here(mark, spot));
    let waits = |mark: &&ReleaseMark| mark.state == MarkState::Proposed;
    let first = here().find(waits).map(|mark| mark.id);
    let elsewhere = opened.marks.iter().find(|mark| waits(mark) && !is_here(mark, spot));
    let waiting = opened.marks.iter().filter(waits).count();
    let form = Form::post(format!("{}/decide", address(opened)))
        .csrf(clerk.csrf())
        .label("Decide on marks")
        .hidden("part", spot.part.to_string())
        .hidden("page", spot.page.to_string());
    let can_be_changed = opened.overview.can_be_changed();
    html! {
        div data-swap="marks" {
            p class="quiet" { (waiting) " to decide in this document." }
            (form.content(html! {
                ul class="plain stack-tight" {
                    @for mark in here() {
                        li data-points={ "mark-" (mark.id) } {
                            (mark_row(mark, first == Some(mark.id), can_be_changed))
                        }
                    }
                }
                @if here().next().is_none() { p { "No mark here." } }
                @if can_be_changed && waiting > 1 {
                    (actions([Button::submit("Withhold all that wait").named("do", "confirm:all")
                        .key("Shift+C")]))
                }
            }))
            @if let Some(mark) = elsewhere {
                @let at = spot_of(mark);
                (actions([Button::link(
                    "Next that waits",
                    format!("{}?part={}&page={}", address(opened), at.part, at.page),
                ).key("u")]))
            }
        }
    }
}

fn mark_row(mark: &ReleaseMark, is_first: bool, can_be_changed: bool) -> Markup {
    let badge = match mark.state {
        MarkState::Proposed => Badge::new(Tone::Warn, "Proposed"),
        MarkState::Confirmed => Badge::new(Tone::Stop, "Withheld"),
        MarkState::Rejected => Badge::new(Tone::Ok, "Let stand"),
    };
    let button = |label: &str, word: &str, key: &str| {
        let name = format!("{word}:{}", mark.id);
        let button = Button::submit(label).named("do", name).small();
        let button = button.about(format!("{} {}", mark.reason.label(), mark.id));
        if is_first { button.key(key) } else { button }
    };
    let mut buttons = Vec::new();
    if mark.state != MarkState::Confirmed {
        buttons.push(button("Withhold", "confirm", "c"));
    }
    if mark.state != MarkState::Rejected {
        buttons.push(button("Let stand", "reject", "x"));
    }
    html! {
        p {
            (badge) " " strong { (mark.reason.label()) }
            @if !mark.text.is_empty() { ": " q { (mark.text.reveal()) } }
        }
        (why("Why?", html! { (mark.finder.label()) ". " (mark.why) },
            Some(mark.reason.citation().text.as_str())))
        @if can_be_changed { (actions(buttons)) }
    }
}

fn reviewed_form(clerk: &Clerk, opened: &Opened) -> Form {
    let waits = opened.marks.iter().filter(|mark| mark.state == MarkState::Proposed).count();
    let id = opened.document.id;
    let review = opened.overview.documents.iter().find(|one| one.document.id == id);
    let done_at: Option<Instant> =
        review.and_then(|one| one.review.as_ref()).and_then(|review| review.reviewed_at);
    let button = Button::submit("Reviewed, next document");
    looked_through(clerk, &address(opened), (button, "Review it again"), waits, done_at)
}

/// Says that all of a document, or of a section, was looked at; refused while marks wait.
pub(super) fn looked_through(
    clerk: &Clerk,
    address: &str,
    (done, again): (Button, &'static str),
    waits: usize,
    done_at: Option<Instant>,
) -> Form {
    let done = done.named("do", "done").main();
    let done = match waits {
        0 => done.key("Ctrl+Enter"),
        1 => done.refused("1 mark waits for a decision"),
        _ => done.refused(format!("{waits} marks wait for a decision")),
    };
    Form::post(format!("{address}/reviewed")).csrf(clerk.csrf()).label("Reviewed").content(html! {
        @match done_at {
            Some(at) => {
                p { "Reviewed " (clerk.stamp(at)) "." }
                (actions([Button::submit(again).named("do", "again")]))
            }
            None => {
                p class="quiet" {
                    "Say so when you have looked at all of it, and not only at the marks."
                }
                (actions([done]))
            }
        }
    })
}

async fn image(
    clerk: Clerk,
    Path((request, document, part, page)): Path<(i64, i64, i64, u32)>,
) -> Result<Response, Failure> {
    let render = clerk.site.render_page.clone();
    let image = clerk
        .run(move |store, context| {
            desk::review_page(store, context, &render, (request, document), (part, page))
        })
        .await?;
    Ok(crate::pages::document_pages::png(image.png))
}

fn spot_posted(posted: &Posted) -> Spot {
    let page = posted.number("page").and_then(|page| u32::try_from(page).ok());
    Spot { part: posted.number("part").unwrap_or(0), page: page.unwrap_or(1).max(1) }
}

async fn draw_box(Path(ids): Path<(i64, i64)>, posted: Posted) -> Answer {
    let number = |name: &str| -> u32 {
        let typed = posted.text(name).parse::<f64>().unwrap_or(0.0);
        typed.clamp(0.0, f64::from(u32::MAX)).round() as u32
    };
    let at = DrawnAt::Box {
        page: spot_posted(&posted).page,
        of: (number("of_width"), number("of_height")),
        area: [number("x"), number("y"), number("width"), number("height")],
    };
    draw(ids, posted, at).await
}

async fn draw_span(Path(ids): Path<(i64, i64)>, posted: Posted) -> Answer {
    let number = |name: &str| posted.text(name).parse::<usize>().unwrap_or(0);
    let at = DrawnAt::Span(number("start"), number("end"));
    draw(ids, posted, at).await
}

async fn draw(ids: (i64, i64), posted: Posted, at: DrawnAt) -> Answer {
    let spot = spot_posted(&posted);
    let drawn = Drawn { part: spot.part, at, reason: posted.text("reason").to_owned() };
    let done =
        posted.clerk.attempt(move |store, context| desk::draw(store, context, ids, &drawn)).await;
    again(&posted.clerk, ids, spot, done).await
}

/// The same place again, with the sentence where something was refused.
async fn again(clerk: &Clerk, ids: (i64, i64), spot: Spot, done: Result<(), app::Error>) -> Answer {
    match done {
        Ok(()) => {
            let (request, document) = ids;
            let place = format!("part={}&page={}", spot.part, spot.page);
            Ok(see_other(format!("/release/{request}/review/{document}?{place}")))
        }
        Err(error) => document_page(clerk, ids, spot, Some(told(clerk, error)?)).await,
    }
}

async fn decide(Path(ids): Path<(i64, i64)>, posted: Posted) -> Answer {
    let spot = spot_posted(&posted);
    let (word, about) = posted.text("do").split_once(':').unwrap_or(("", ""));
    let (decision, mark) = (Decision::parse(word), about.parse::<i64>().ok());
    let done = match (decision, mark, about) {
        (Some(decision), None, "all") => Some((decision, None)),
        (Some(decision), Some(mark), _) => Some((decision, Some(mark))),
        _ => None,
    };
    let Some((decision, mark)) = done else {
        let error = app::Error::Refused("Choose a mark, and what becomes of it.".into());
        return again(&posted.clerk, ids, spot, Err(error)).await;
    };
    let done = posted
        .clerk
        .attempt(move |store, context| desk::decide(store, context, ids, mark, decision))
        .await;
    again(&posted.clerk, ids, spot, done.map(|_| ())).await
}

async fn reviewed(Path(ids): Path<(i64, i64)>, posted: Posted) -> Answer {
    let is_done = posted.text("do") != "again";
    let done = posted
        .clerk
        .attempt(move |store, context| desk::review_mark(store, context, ids, is_done))
        .await;
    let first = Spot { part: 0, page: 1 };
    match done {
        Ok(Some(next)) if is_done => Ok(see_other(format!("/release/{}/review/{next}", ids.0))),
        Ok(None) if is_done => Ok(see_other(format!("/release/{}/review", ids.0))),
        Ok(_) => again(&posted.clerk, ids, first, Ok(())).await,
        Err(error) => again(&posted.clerk, ids, first, Err(error)).await,
    }
}
