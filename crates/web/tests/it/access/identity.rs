//! The identity desk. Labels do not hide what the decision on a duplicate needs.

use super::Case;
use record::Role::{self, *};

const DECIDERS: &[Role] = &[Technician, Registrar, Supervisor];
const NOTHING: &str = "nothing is judged without an answer and a reason";

pub const CASES: &[Case] = &[
    Case::get("GET /identity", "/identity", DECIDERS),
    Case::get("GET /identity/list/{part}", "/identity/list/waiting", DECIDERS),
    Case::get("GET /identity/{pair}", "/identity/{pair}", DECIDERS),
    Case::post("POST /identity/find", "/identity/find", "", 303, DECIDERS),
    Case::post("POST /identity/{pair}/judge", "/identity/{pair}/judge", "", 422, DECIDERS)
        .unaudited(NOTHING),
    Case::post("POST /identity/{pair}/unmerge", "/identity/{pair}/unmerge", "", 422, DECIDERS)
        .unaudited(NOTHING),
];
