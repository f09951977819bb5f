//! `GET /fhir/{type}/{id}/_history/{version}`: the resource as it stood.

use super::answer::resource;
use super::call::{Call, Refusal};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

pub(super) async fn vread(
    call: Call,
    Path((kind, id, version)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let read = move |store: &store::Store, caller: &app::fhir::Caller| {
        app::fhir::version_read(store, caller, &kind, &id, &version)
    };
    Ok(resource(StatusCode::OK, call.read(read).await?))
}
