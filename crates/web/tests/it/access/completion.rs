//! The completion desk, and the provider's own page.

use super::Case;
use record::Role::{self, *};

/// Roles that see deficiencies of charts that they may open.
const SEE: &[Role] = &[Technician, Analyst, Provider, Supervisor];
/// Roles that open and verify them.
const DESK: &[Role] = &[Technician, Analyst, Supervisor];

const NOTHING: &str = "nothing is opened without its fields";

pub const CASES: &[Case] = &[
    Case::get("GET /completion", "/completion", SEE),
    Case::get("GET /completion/list/{part}", "/completion/list/charts", DESK),
    Case::post("POST /completion/find", "/completion/find", "", 303, DESK),
    Case::post("POST /completion/kinds", "/completion/kinds", "q=summary", 200, DESK)
        .unaudited("shows nothing of a record"),
    Case::get("GET /completion/mine", "/completion/mine", &[Provider]),
    Case::get(
        "GET /completion/provider/{provider}",
        "/completion/provider/account-{provider}",
        DESK,
    ),
    Case::get("GET /completion/chart/{encounter}", "/completion/chart/{own.encounter}", SEE)
        .hidden("/completion/chart/{hidden.encounter}"),
    Case::post(
        "POST /completion/chart/{encounter}",
        "/completion/chart/{own.encounter}",
        "kind=missing-document",
        422,
        DESK,
    )
    .hidden("/completion/chart/{hidden.encounter}")
    .unaudited(NOTHING),
    Case::get("GET /completion/{deficiency}", "/completion/{own.deficiency}", SEE)
        .hidden("/completion/{hidden.deficiency}"),
    Case::post(
        "POST /completion/{deficiency}/complete",
        "/completion/{own.deficiency}/complete",
        "changes=0&how=done",
        303,
        &[Provider],
    )
    .hidden("/completion/{hidden.deficiency}/complete"),
    Case::post(
        "POST /completion/{deficiency}/decline",
        "/completion/{own.deficiency}/decline",
        "changes=0&reason=Dr.+Nwosu+dictated+it",
        303,
        &[Provider],
    )
    .hidden("/completion/{hidden.deficiency}/decline"),
    Case::post(
        "POST /completion/{deficiency}/act",
        "/completion/{own.deficiency}/act",
        "changes=0&do=satisfy&reason=Signed+on+page+2",
        303,
        DESK,
    )
    .hidden("/completion/{hidden.deficiency}/act"),
    Case::post(
        "POST /completion/{deficiency}/file",
        "/completion/{own.deficiency}/file",
        "changes=0&document=1",
        422,
        DESK,
    )
    .hidden("/completion/{hidden.deficiency}/file")
    .unaudited("nothing is filed that does not fit"),
];
