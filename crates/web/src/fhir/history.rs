//! `GET /fhir/{type}/{id}/_history`: all that a resource was, `_count` and `_since` allowed.

use super::answer::json;
use super::call::{Call, Refusal};
use app::fhir::HistoryPart;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::fhir::{VersionEntry, bundle_history};
use record::Instant;

pub(super) async fn history(
    call: Call,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    call.known().await?;
    let part = part_of(&call.query)?;
    let url = format!("{kind}/{id}");
    let history =
        call.read(move |store, caller| app::fhir::history(store, caller, &kind, &id, part)).await?;
    let full_url = format!("{}/{url}", call.base);
    let entries: Vec<VersionEntry> = history
        .versions
        .iter()
        .map(|(version, method)| VersionEntry {
            full_url: full_url.clone(),
            resource: (*method != "DELETE").then_some(version.json.as_str()),
            method,
            url: if *method == "POST" { version.kind.clone() } else { url.clone() },
            version: version.number.unsigned_abs(),
            last_modified: version.at.to_rfc3339(),
        })
        .collect();
    let links = [("self", format!("{full_url}/_history"))];
    Ok(json(StatusCode::OK, bundle_history(Some(history.total), &links, &entries)))
}

fn part_of(query: &str) -> Result<HistoryPart, Refusal> {
    let mut part = HistoryPart::default();
    let invalid =
        |text: &str| Refusal::Request(StatusCode::BAD_REQUEST, "invalid", text.to_owned());
    for (name, value) in app::fhir::parameters(query) {
        match name.as_str() {
            "_count" => {
                let count = value.parse().map_err(|_| invalid("_count is a number from 0."))?;
                part.count = Some(count);
            }
            "_since" => {
                // A plus sign that was not encoded comes as a space.
                let since = Instant::parse(&value.replace(' ', "+"));
                part.since = Some(since.ok_or_else(|| invalid("_since is an instant."))?);
            }
            _ => {}
        }
    }
    Ok(part)
}
