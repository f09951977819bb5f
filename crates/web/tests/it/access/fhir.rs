//! The API: it lets clients in by their token, and no person by a session. What each role's
//! client may do stands in `tests/it/fhir`.

use super::{Case, EVERYONE};

pub const CASES: &[Case] = &[
    Case::get("GET /fhir/metadata", "/fhir/metadata", EVERYONE)
        .unaudited("shows nothing of a record"),
    // Counts of the running program: what a client's token opens stands in `tests/it/metrics`.
    Case::get("GET /metrics", "/metrics", &[]).unaudited("no patient data, read every few seconds"),
    Case::post("POST /fhir", "/fhir", "", 405, &[]),
    Case::get("GET /fhir/{kind}", "/fhir/Patient", &[]),
    Case::post("POST /fhir/{kind}/_search", "/fhir/Patient/_search", "name=roe", 200, &[]),
    Case::get("GET /fhir/{kind}/{id}", "/fhir/Patient/own", &[]),
    Case::get("DELETE /fhir/{kind}/{id}", "/fhir/Patient/own", &[]),
    Case::get("GET /fhir/{kind}/{id}/_history", "/fhir/Patient/own/_history", &[]),
    Case::get("GET /fhir/{kind}/{id}/_history/{version}", "/fhir/Patient/own/_history/1", &[]),
    Case::get("POST /fhir/{kind}", "/fhir/Patient", &[]),
    Case::get("PUT /fhir/{kind}/{id}", "/fhir/Patient/own", &[]),
];
