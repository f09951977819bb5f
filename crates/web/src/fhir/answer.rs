//! Answers of the API: JSON with version and time in their headers, outcomes.

use app::fhir::Resource;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::fhir::Severity;
use record::Instant;

const JSON: HeaderValue = HeaderValue::from_static("application/fhir+json");

/// JSON as it is.
pub(super) fn json(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], text).into_response()
}

/// An OperationOutcome of one error.
pub(super) fn outcome(status: StatusCode, code: &str, text: &str) -> Response {
    json(status, exchange::fhir::outcome(Severity::Error, code, text).to_string())
}

/// An OperationOutcome that tells what was done.
pub(super) fn told(status: StatusCode, text: &str) -> Response {
    let outcome = exchange::fhir::outcome(Severity::Information, "informational", text);
    json(status, outcome.to_string())
}

/// A resource with its version and time.
pub(super) fn resource(status: StatusCode, resource: Resource) -> Response {
    let (number, at) = (resource.number, resource.at);
    let mut response = json(status, resource.json);
    put_version(response.headers_mut(), number, at);
    response
}

/// The entity tag and the time of a version.
pub(super) fn put_version(headers: &mut HeaderMap, number: i64, at: Instant) {
    put_etag(headers, number);
    let text = at.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    put(headers, header::LAST_MODIFIED, &text);
}

/// The entity tag of a version.
pub(super) fn put_etag(headers: &mut HeaderMap, number: i64) {
    put(headers, header::ETAG, &format!("W/\"{number}\""));
}

/// A header of our own making.
pub(super) fn put(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
