//! `GET /fhir/metadata`: what the API can do.

use super::answer::json;
use super::call::Call;
use axum::http::StatusCode;
use axum::response::Response;

pub(super) async fn metadata(call: Call) -> Response {
    json(StatusCode::OK, app::fhir::capability::statement(&call.base).to_string())
}
