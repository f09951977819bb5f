//! The integrity desk: checks, findings, runs, verifications.

use super::Case;
use record::Role::{self, *};

const CHECKERS: &[Role] = &[Technician, Registrar, Coder, Analyst, Supervisor, PrivacyOfficer];
const ACCEPTERS: &[Role] = &[Supervisor, PrivacyOfficer];
const VERIFIERS: &[Role] = &[Supervisor, PrivacyOfficer, Administrator, Auditor];

pub const CASES: &[Case] = &[
    Case::get("GET /integrity", "/integrity", CHECKERS),
    Case::get("GET /integrity/checks/{check}", "/integrity/checks/disposition_missing", CHECKERS),
    Case::get("GET /integrity/list/{part}", "/integrity/list/open", CHECKERS),
    Case::get("GET /integrity/findings/{finding}", "/integrity/findings/{own.finding}", CHECKERS)
        .hidden("/integrity/findings/{hidden.finding}"),
    Case::post(
        "POST /integrity/findings/{finding}/check",
        "/integrity/findings/{own.finding}/check",
        "",
        303,
        CHECKERS,
    )
    .hidden("/integrity/findings/{hidden.finding}/check"),
    Case::post(
        "POST /integrity/findings/{finding}/accept",
        "/integrity/findings/{own.finding}/accept",
        "changes=0&reason=As+the+embassy+gave+it&until=2026-06-01",
        303,
        ACCEPTERS,
    )
    .hidden("/integrity/findings/{hidden.finding}/accept"),
    Case::post(
        "POST /integrity/findings/{finding}/end",
        "/integrity/findings/{own.finding}/end",
        "changes=0&reason=Asked+again",
        422,
        ACCEPTERS,
    )
    .hidden("/integrity/findings/{hidden.finding}/end")
    .unaudited("it is open: there is nothing to end"),
    Case::post("POST /integrity/run", "/integrity/run", "", 303, CHECKERS),
    Case::get("GET /integrity/runs", "/integrity/runs", CHECKERS),
    Case::get("GET /integrity/runs/{run}", "/integrity/runs/1", CHECKERS)
        .status(404)
        .unaudited("there is none"),
    Case::get("GET /integrity/verification", "/integrity/verification", VERIFIERS),
    Case::post("POST /integrity/verification", "/integrity/verification", "", 303, VERIFIERS),
    Case::get("GET /integrity/verification/{run}", "/integrity/verification/1", VERIFIERS)
        .status(404)
        .unaudited("there is none"),
    Case::post(
        "POST /integrity/verification/{run}/review",
        "/integrity/verification/1/review",
        "note=A+disk+was+put+back",
        404,
        &[PrivacyOfficer],
    )
    .unaudited("there is none"),
];
