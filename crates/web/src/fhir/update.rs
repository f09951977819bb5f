//! `PUT /fhir/{type}/{id}`: the next version, `If-Match` allowed.

use super::call::{Call, Refusal, Told};
use super::create::written;
use app::fhir::{Caller, Written};
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use store::Store;

pub(super) async fn update(
    call: Call,
    Path((kind, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Refusal> {
    let bytes = call.body(body).await?;
    let if_match = call.if_match()?;
    let update = move |store: &Store, caller: &Caller, told: Told<Written>| {
        app::fhir::update(store, caller, &kind, &id, &bytes, if_match, told);
    };
    Ok(written(&call, call.write(update).await?))
}
