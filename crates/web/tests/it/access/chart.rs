//! The chart and its entries.

use super::{Case, READERS};

pub const CASES: &[Case] = &[
    Case::get("GET /chart/{patient}", "/chart/{own}", READERS).hidden("/chart/{hidden}"),
    Case::get("GET /chart/{patient}/{part}", "/chart/{own}/diagnoses", READERS)
        .hidden("/chart/{hidden}/diagnoses"),
    Case::get("GET /entry/{entry}", "/entry/{own.condition}", READERS)
        .hidden("/entry/{hidden.condition}"),
];
