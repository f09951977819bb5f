//! Retention. Who may not see all of a chart finds neither it nor its destruction.

use super::Case;
use record::Role::{self, *};

const SEERS: &[Role] = &[Technician, Supervisor, PrivacyOfficer];
const PROPOSERS: &[Role] = &[Technician, Supervisor];
const APPROVERS: &[Role] = &[Supervisor, PrivacyOfficer];
const NOTHING: &str = "nothing is done without what the form asks for";

pub const CASES: &[Case] = &[
    Case::get("GET /retention", "/retention", SEERS),
    Case::get("GET /retention/list/{part}", "/retention/list/proposed", SEERS),
    Case::get("GET /retention/{case}", "/retention/{own.case}", SEERS)
        .hidden("/retention/{hidden.case}"),
    Case::get("GET /retention/{case}/certificate", "/retention/{own.destroyed}/certificate", SEERS)
        .hidden("/retention/{hidden.destroyed}/certificate"),
    Case::post("POST /retention/propose", "/retention/propose", "", 422, PROPOSERS)
        .unaudited(NOTHING),
    Case::post(
        "POST /retention/{case}/approve",
        "/retention/{own.case}/approve",
        "changes=0",
        303,
        APPROVERS,
    )
    .hidden("/retention/{hidden.case}/approve"),
    Case::post(
        "POST /retention/{case}/reject",
        "/retention/{own.case}/reject",
        "changes=0&reason=needed",
        303,
        APPROVERS,
    )
    .hidden("/retention/{hidden.case}/reject"),
    Case::post(
        "POST /retention/{case}/carry-out",
        "/retention/{own.case}/carry-out",
        "changes=0",
        422,
        PROPOSERS,
    )
    .unaudited(NOTHING),
    Case::post(
        "POST /retention/{case}/explain",
        "/retention/{own.incomplete}/explain",
        "changes=1&reason=a+file",
        303,
        APPROVERS,
    )
    .hidden("/retention/{hidden.incomplete}/explain"),
];
