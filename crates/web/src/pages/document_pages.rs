//! Files on the screen: pages as images, texts as text; markup is never run.

use crate::pages::banner;
use crate::server::{Answer, Clerk, Failure, Guard, Page, Routes};
use crate::ui::{Desk, Heading, Tone, Viewer, notice};
use app::Right;
use app::documents::{self, Opened};
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use record::ResourceKey;
use std::collections::HashMap;

const GUARD: Guard = Guard::Right(Right::ChartRead);

/// The routes of files inside of entries.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/entry/{entry}/file/{place}", GUARD, inline).get(
        "/entry/{entry}/file/{place}/page/{page}",
        GUARD,
        inline_page,
    )
}

/// A document's page in the viewer, or the sentence that says why it can't be shown.
pub(super) async fn viewer(
    clerk: &Clerk,
    id: &str,
    opened: &Opened,
    number: u32,
    href: &str,
) -> Markup {
    if let Some(text) = &opened.text {
        return html! { (Viewer::new("Document", 1, 1, href).text(text.as_str())) };
    }
    let (render, of) = (clerk.site.render_page.clone(), id.to_owned());
    let page = clerk
        .attempt(move |store, context| documents::page(store, context, &render, &of, number))
        .await;
    shown(page, "Document", number, href, &format!("/documents/{id}/page/"))
}

fn shown(
    page: Result<app::pages_of::PageImage, app::Error>,
    title: &str,
    number: u32,
    href: &str,
    images: &str,
) -> Markup {
    match page {
        Ok(image) => {
            let facts = &image.facts;
            html! {
                (Viewer::new(title, number, facts.pages, href)
                    .image(format!("{images}{number}"), facts.width, facts.height)
                    .text(image.text()))
            }
        }
        Err(error) => notice(Tone::Stop, html! { p { (error.to_string()) } }),
    }
}

/// A page of a record as an image: for this reader alone, kept nowhere.
pub(super) fn png(bytes: Vec<u8>) -> Response {
    let kept = HeaderValue::from_static("private, no-store");
    let kind = HeaderValue::from_static("image/png");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], bytes).into_response()
}

async fn inline(
    clerk: Clerk,
    Path((entry, place)): Path<(i64, usize)>,
    Query(asked): Query<HashMap<String, String>>,
) -> Answer {
    let key = ResourceKey(entry);
    let file =
        clerk.run(move |store, context| documents::inline(store, context, key, place)).await?;
    let number = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let here = format!("/entry/{entry}/file/{place}");
    let seen = if let Some(text) = &file.text {
        html! { (Viewer::new(&file.title, 1, 1, &here).text(text.as_str())) }
    } else {
        let render = clerk.site.render_page.clone();
        let page = clerk
            .attempt(move |store, context| {
                documents::inline_page(store, context, &render, key, place, number)
            })
            .await;
        shown(page, &file.title, number, &format!("{here}?page="), &format!("{here}/page/"))
    };
    let content = html! {
        (Heading::new(file.title.as_str()).under("Entry", format!("/entry/{entry}")))
        (seen)
    };
    let mut shell = clerk.page("File", Desk::Find);
    if let Some(identity) = &file.identity {
        shell = shell.with_banner(banner(identity, &clerk));
    }
    Ok(Page(shell, content).into_response())
}

async fn inline_page(
    clerk: Clerk,
    Path((entry, place, page)): Path<(i64, usize, u32)>,
) -> Result<Response, Failure> {
    let render = clerk.site.render_page.clone();
    let key = ResourceKey(entry);
    let image = clerk
        .run(move |store, context| {
            documents::inline_page(store, context, &render, key, place, page)
        })
        .await?;
    Ok(png(image.png))
}
