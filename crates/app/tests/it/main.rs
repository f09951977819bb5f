//! Use cases on a real store, as the pages and the API call them.
#![allow(clippy::unwrap_used)]

mod app;
mod code_sets;
mod codings;
mod glass;
mod identity;
mod release;
mod statistics;
