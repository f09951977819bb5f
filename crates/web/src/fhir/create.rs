//! `POST /fhir/{type}`: a new resource, under an id of ours, `If-None-Exist` allowed.

use super::answer::{put, put_version, resource, told};
use super::call::{Call, Refusal, Told};
use app::fhir::{Caller, Outcome, Written};
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::Store;

pub(super) async fn create(
    call: Call,
    Path(kind): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    let bytes = call.body(body).await?;
    let condition = call.header(HeaderName::from_static("if-none-exist")).map(str::to_owned);
    let create = move |store: &Store, caller: &Caller, told: Told<Written>| {
        app::fhir::create(store, caller, &kind, &bytes, condition.as_deref(), told);
    };
    Ok(written(&call, call.write(create).await?))
}

/// The answer to a write: what `Prefer` asks for, with the address of the version.
pub(super) fn written(call: &Call, written: Written) -> Response {
    let status = match written.outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Updated | Outcome::Unchanged => StatusCode::OK,
    };
    let found = written.resource;
    let location = format!("{}/{}/{}/_history/{}", call.base, found.kind, found.id, found.number);
    let (number, at) = (found.number, found.at);
    let mut response = if call.prefers("return=minimal") {
        status.into_response()
    } else if call.prefers("return=OperationOutcome") {
        told(status, "It is kept.")
    } else {
        resource(status, found)
    };
    put_version(response.headers_mut(), number, at);
    put(response.headers_mut(), header::LOCATION, &location);
    response
}
