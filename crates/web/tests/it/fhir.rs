//! The API as a client meets it.

mod conformance;
mod interference;
mod labels;
mod searches;

use crate::app::{NOON, TestApp};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use record::{Context, LabelMask, Role};
use serde_json::Value;
use tower::ServiceExt;

/// What a client got.
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// R4's code of the first issue.
    pub fn issue(&self) -> String {
        self.json()["issue"][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Ids of what a search found, sorted.
    pub fn ids(&self) -> Vec<String> {
        let bundle = self.json();
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let found = entries.iter().filter(|entry| entry["search"]["mode"] == "match");
        let mut ids: Vec<String> =
            found.map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }
}

/// Registers a client; its name is its token.
pub fn client(app: &TestApp, name: &str, role: Role, scopes: &str, cleared: LabelMask) {
    let hash = ::app::fhir::token_hash(name);
    let context = Context::system("test", NOON);
    app.store.write(&context, |t| t.client_create(name, hash, role, scopes, cleared)).unwrap();
}

/// A site with a client that sees what has no label, `plain`, and one that sees all, `all`.
pub fn site() -> TestApp {
    let app = TestApp::new();
    client(&app, "plain", Role::Technician, "system/*.*", LabelMask::NONE);
    client(&app, "all", Role::Technician, "system/*.*", LabelMask::ALL);
    app
}

/// Sends a request: `PUT /Patient/a`, headers as `name: value`.
pub async fn send(app: &TestApp, token: &str, line: &str, headers: &[&str], body: &str) -> Got {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/fhir{path}"))
        .header(header::HOST, "example.org")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
    Got { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

pub async fn get(app: &TestApp, token: &str, path: &str) -> Got {
    send(app, token, &format!("GET {path}"), &[], "").await
}
