//! `DELETE /fhir/{type}/{id}`: logical; an entry of the legal record becomes entered in error.

use super::answer::{put_etag, told};
use super::call::{Call, Refusal};
use app::fhir::Deleted;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub(super) async fn delete(
    call: Call,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    call.known().await?;
    let if_match = call.if_match()?;
    let delete = move |store: &store::Store, caller: &app::fhir::Caller| {
        app::fhir::delete(store, caller, &kind, &id, if_match)
    };
    let (mut response, number) = match call.run(delete).await? {
        Deleted::Gone { number } => (StatusCode::NO_CONTENT.into_response(), number),
        Deleted::EnteredInError { number } => {
            let text = format!(
                "This entry belongs to the legal record: it was not removed. Version {number} \
                 marks it as entered in error."
            );
            (told(StatusCode::OK, &text), number)
        }
    };
    put_etag(response.headers_mut(), number);
    Ok(response)
}
