//! Use cases on a real store, as the pages and the API call them.
#![allow(clippy::unwrap_used)]

mod accounts;
mod app;
mod arrival;
mod code_sets;
mod codings;
mod desk_reports;
mod entries;
mod file_texts;
mod glass;
mod holds;
mod identity;
mod imports;
mod labels_sent;
mod matrices;
mod release;
mod release_lines;
mod rules_in_force;
mod statistics;
mod waiting;
