//! `GET /fhir/{type}/{id}`: the resource as it stands.

use super::answer::{put_version, resource};
use super::call::{Call, Refusal};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(super) async fn read(
    call: Call,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let found = call.read(move |store, caller| app::fhir::read(store, caller, &kind, &id)).await?;
    let tag = format!("W/\"{}\"", found.number);
    let known = call.header(header::IF_NONE_MATCH).unwrap_or_default();
    if known.split(',').any(|known| known.trim() == tag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        put_version(response.headers_mut(), found.number, found.at);
        return Ok(response);
    }
    Ok(resource(StatusCode::OK, found))
}
