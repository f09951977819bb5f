//! Serves every component on loopback, under the product's own headers: `gallery [ADDRESS]`.
//! `?theme=dark` shows the dark theme.

mod pages;

use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::HashMap;
use web::assets;
use web::ui::Theme;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8199".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{address}/work");
    let routes = Router::new()
        .route("/{name}", get(show).post(show))
        .route("/page.svg", get(sample_page))
        .route("/drafts/{id}", post(async || StatusCode::NO_CONTENT))
        .route("/session/touch", post(async || StatusCode::NO_CONTENT))
        .route("/validate", post(async || json(r#"{"error":null,"note":"Will do."}"#)))
        .route("/search", post(async || json(FOUND)))
        .merge(assets::router());
    axum::serve(listener, routes).await
}

const FOUND: &str = r#"{"items":[
    {"value":"E11.9","label":"Type 2 diabetes mellitus without complications"},
    {"value":"E11.65","label":"Type 2 diabetes mellitus with hyperglycemia","detail":"CC"},
    {"value":"E11","label":"Type 2 diabetes mellitus","refused":"Not a leaf code: choose one below"}
],"more":41}"#;

async fn show(Path(name): Path<String>, Query(query): Query<HashMap<String, String>>) -> Response {
    let theme = Theme::from_cookie(query.get("theme").map(String::as_str).unwrap_or(""));
    let Some((_, page)) = pages::all(theme).into_iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut answer = page.into_response();
    for (name, value) in assets::PAGE_HEADERS {
        let name = HeaderName::from_static(name);
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

fn json(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text)
}

/// A drawn letter in place of a scan.
async fn sample_page() -> impl IntoResponse {
    let lines: String = (0..24)
        .map(|line| {
            let (y, width) = (220 + line * 30, 420 + (line * 97) % 190);
            format!("<rect x='120' y='{y}' width='{width}' height='12' fill='#9aa1ab'/>")
        })
        .collect();
    let image = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 850 1100' width='850' height='1100'>\
         <rect width='850' height='1100' fill='#fff'/><text x='120' y='130' font-size='34' \
         font-family='serif'>Consultation letter</text>{lines}</svg>"
    );
    ([(header::CONTENT_TYPE, "image/svg+xml")], image)
}
