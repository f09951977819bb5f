//! The supervisor's side of My work.

use super::Case;
use record::Role::{self, Supervisor};

const SUPERVISORS: &[Role] = &[Supervisor];

pub const CASES: &[Case] = &[
    Case::get("GET /work/team", "/work/team?kind=coding&late=yes", SUPERVISORS),
    Case::post("POST /work/assign", "/work/assign", "item=1&person=0", 404, SUPERVISORS)
        .unaudited("there is no such item"),
    Case::post(
        "POST /work/absences",
        "/work/absences",
        "person={person}&from=2026-03-02&until=2026-03-06",
        303,
        SUPERVISORS,
    ),
    Case::post("POST /work/absences/{absence}/end", "/work/absences/1/end", "", 404, SUPERVISORS)
        .unaudited("there is no such absence"),
];
