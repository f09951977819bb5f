//! Headers of every answer: strict content security policy, no caching of pages, no referrer; and
//! what the headers of a request forbid.

use super::Site;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// For two years a browser asks this host over TLS only (RFC 6797). Said over TLS alone.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Puts the headers on every answer of these routes.
pub(super) fn layered(router: Router<Site>, secure: bool) -> Router<Site> {
    router.layer(from_fn(move |request: Request, next: Next| put(request, next, secure)))
}

async fn put(request: Request, next: Next, secure: bool) -> Response {
    let mut response = match is_from_elsewhere(request.method(), request.headers()) {
        true => {
            let text = "This came from a page of another server. Open Chartroom itself, and do it \
                        there.";
            (StatusCode::FORBIDDEN, text).into_response()
        }
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a browser says that a page of another server asks for a change. Forms carry a token
/// beside; this holds for signing in too, where there is no session yet.
fn is_from_elsewhere(method: &Method, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    changes && matches!(site, Some("cross-site" | "same-site"))
}
