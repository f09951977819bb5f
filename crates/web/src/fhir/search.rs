//! `GET /fhir/{type}?…` and `POST /fhir/{type}/_search`: a page of a search.
//!
//! No value that may identify a patient stands in an address of ours: such searches have sealed
//! addresses, in `self` as in `next`.

use super::answer::json;
use super::call::{Call, Refusal, whole};
use app::fhir::{Answer, Handling, Included, PAGE_PARAMETER, Resource, parameters};
use axum::body::Body;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use exchange::fhir::{FoundEntry, SearchMode, Severity, bundle_searchset, outcome};

pub(super) async fn by_address(call: Call, Path(kind): Path<String>) -> Result<Response, Refusal> {
    let parameters = parameters(&call.query);
    answered(&call, kind, parameters).await
}

pub(super) async fn by_form(
    call: Call,
    Path(kind): Path<String>,
    body: Body,
) -> Result<Response, Refusal> {
    call.known().await?;
    let form = "application/x-www-form-urlencoded";
    let content = call.header(header::CONTENT_TYPE).unwrap_or(form);
    if content.split(';').next().map(str::trim) != Some(form) {
        let text = format!("Send a search as {form}.");
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refusal::Request(status, "not-supported", text));
    }
    let bytes = whole(body).await?;
    let mut given = parameters(&call.query);
    given.extend(parameters(&String::from_utf8_lossy(&bytes)));
    answered(&call, kind, given).await
}

async fn answered(
    call: &Call,
    kind: String,
    parameters: Vec<(String, String)>,
) -> Result<Response, Refusal> {
    let strict = call.prefers("handling=strict");
    let handling = if strict { Handling::Strict } else { Handling::Lenient };
    let address = format!("{}/{kind}", call.base);
    let search = move |store: &store::Store, caller: &app::fhir::Caller| {
        app::fhir::search(store, caller, &kind, parameters, handling)
    };
    let answer = call.read(search).await?;
    Ok(json(StatusCode::OK, bundle(&call.base, &address, &answer)))
}

fn bundle(base: &str, address: &str, answer: &Answer) -> String {
    let own = match (&answer.sealed, &answer.shown) {
        (Some(sealed), _) => format!("{address}?{PAGE_PARAMETER}={sealed}"),
        (None, Some(shown)) if !shown.is_empty() => format!("{address}?{}", written(shown)),
        _ => address.to_owned(),
    };
    let mut links = vec![("self", own)];
    if let Some(next) = &answer.next {
        links.push(("next", format!("{address}?{PAGE_PARAMETER}={next}")));
    }
    let warning = (!answer.warnings.is_empty()).then(|| {
        outcome(Severity::Warning, "not-supported", &answer.warnings.join(" ")).to_string()
    });
    let full_url = |resource: &Resource| format!("{base}/{}/{}", resource.kind, resource.id);
    let mut entries: Vec<FoundEntry> = answer
        .resources
        .iter()
        .map(|(resource, why)| FoundEntry {
            full_url: full_url(resource),
            resource: &resource.json,
            mode: match why {
                Included::Match => SearchMode::Match,
                Included::Reference => SearchMode::Include,
            },
        })
        .collect();
    entries.extend(warning.iter().map(|text| FoundEntry {
        full_url: String::new(),
        resource: text,
        mode: SearchMode::Outcome,
    }));
    bundle_searchset(answer.total, &links, &entries)
}

/// Parameters as a query string.
fn written(parameters: &[(String, String)]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' | b',' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
