//! The FHIR R4 API: a file an interaction. Handlers read the request and write the answer; what
//! is done stands in `app::fhir`.

mod answer;
mod call;
mod create;
mod delete;
mod history;
mod metadata;
mod read;
mod readers;
mod search;
mod update;
mod vread;

use crate::server::{Guard, Routes};
use axum::response::{IntoResponse, Response};
use axum::routing;
pub(crate) use call::bearer;
use call::{Call, Refusal};

/// The routes of the API.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/fhir/metadata", Guard::Open, metadata::metadata)
        .post("/fhir", Guard::Client, batch)
        .get("/fhir/{kind}", Guard::Client, search::by_address)
        .post("/fhir/{kind}", Guard::Client, create::create)
        .post("/fhir/{kind}/_search", Guard::Client, search::by_form)
        .get("/fhir/{kind}/{id}", Guard::Client, read::read)
        .add("PUT", "/fhir/{kind}/{id}", Guard::Client, routing::put(update::update))
        .add("DELETE", "/fhir/{kind}/{id}", Guard::Client, routing::delete(delete::delete))
        .get("/fhir/{kind}/{id}/_history", Guard::Client, history::history)
        .get("/fhir/{kind}/{id}/_history/{version}", Guard::Client, vread::vread)
}

/// Batches and transactions come in by import.
async fn batch(call: Call) -> Response {
    let refused = |_: &store::Store, _: &app::fhir::Caller| {
        let text = "Bundles are not taken here. Send each resource to its own type, or use import.";
        Err::<(), _>(app::fhir::Error::NotAllowed(text.into()))
    };
    match call.run(refused).await {
        Err(refusal) => refusal.into_response(),
        Ok(()) => Refusal::from(app::Error::NotFound).into_response(),
    }
}
