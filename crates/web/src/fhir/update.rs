//! `PUT /fhir/{type}/{id}`: the next version, `If-Match` allowed.

use super::call::{Call, Refusal};
use super::create::written;
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;

pub(super) async fn update(
    call: Call,
    Path((kind, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Refusal> {
    let bytes = call.body(body).await?;
    let if_match = call.if_match()?;
    let update = move |store: &store::Store, caller: &app::fhir::Caller| {
        app::fhir::update(store, caller, &kind, &id, &bytes, if_match)
    };
    Ok(written(&call, call.run(update).await?))
}
