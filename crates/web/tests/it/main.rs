//! The pages and the API as a browser and a client meet them, through the router.
#![allow(clippy::unwrap_used)]

mod access;
mod app;
mod coding;
mod completion;
mod documents;
mod entry;
mod fhir;
mod glass;
mod holds;
mod imports;
mod integrity;
#[allow(dead_code, reason = "shared with the tests of components")]
#[path = "../markup/mod.rs"]
mod markup;
mod metrics;
mod redaction;
mod release;
mod reports;
mod retention;
mod rules;
mod sign_in;
mod work;
