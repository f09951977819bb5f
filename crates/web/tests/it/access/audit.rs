//! Labels, broken glass, the audit trail.

use super::Case;
use record::Role::{self, *};

const BREAKERS: &[Role] =
    &[Technician, Registrar, Coder, ReleaseSpecialist, Provider, Supervisor, PrivacyOfficer];
/// Who may break the glass and open charts: a registrar opens none.
const BREAKERS_OF_CHARTS: &[Role] =
    &[Technician, Coder, ReleaseSpecialist, Provider, Supervisor, PrivacyOfficer];
const LABELLERS: &[Role] = &[Supervisor, PrivacyOfficer];
const READERS_OF_THE_TRAIL: &[Role] = &[PrivacyOfficer, Auditor];
const REVIEWERS: &[Role] = &[PrivacyOfficer];

pub const CASES: &[Case] = &[
    Case::get("GET /chart/{patient}/labels", "/chart/{own}/labels", LABELLERS)
        .hidden("/chart/{hidden}/labels"),
    Case::post(
        "POST /chart/{patient}/labels",
        "/chart/{own}/labels",
        "class=none&source=unit",
        422,
        LABELLERS,
    )
    .hidden("/chart/{hidden}/labels")
    .unaudited("there is no such class"),
    Case::post(
        "POST /chart/{patient}/labels/{label}/end",
        "/chart/{own}/labels/1/end",
        "",
        404,
        LABELLERS,
    )
    .hidden("/chart/{hidden}/labels/1/end")
    .unaudited("there is no such label"),
    Case::get("GET /chart/{patient}/holds", "/chart/{own}/holds", LABELLERS)
        .hidden("/chart/{hidden}/holds"),
    Case::post(
        "POST /chart/{patient}/holds",
        "/chart/{own}/holds",
        "reason=Notice+of+a+claim",
        303,
        LABELLERS,
    )
    .hidden("/chart/{hidden}/holds"),
    Case::post(
        "POST /chart/{patient}/holds/{hold}/end",
        "/chart/{own}/holds/1/end",
        "",
        404,
        LABELLERS,
    )
    .hidden("/chart/{hidden}/holds/1/end")
    .unaudited("there is no such hold"),
    Case::get("GET /glass", "/glass", BREAKERS).unaudited("an empty form"),
    Case::post(
        "POST /glass",
        "/glass",
        "mrn=999&birth_date=1950-01-01&kind=emergency&reason=the+patient+is+unconscious",
        422,
        BREAKERS,
    ),
    Case::get("GET /chart/{patient}/glass", "/chart/{own}/glass", BREAKERS_OF_CHARTS)
        .hidden("/chart/{hidden}/glass"),
    Case::post(
        "POST /chart/{patient}/glass",
        "/chart/{own}/glass",
        "kind=emergency&reason=the+patient+is+unconscious",
        303,
        BREAKERS_OF_CHARTS,
    )
    .hidden("/chart/{hidden}/glass"),
    Case::get("GET /audit/glass", "/audit/glass", REVIEWERS),
    Case::get("GET /audit/glass/{glass}", "/audit/glass/1", REVIEWERS)
        .status(404)
        .unaudited("there is none"),
    Case::post(
        "POST /audit/glass/{glass}",
        "/audit/glass/1",
        "outcome=appropriate",
        404,
        REVIEWERS,
    )
    .unaudited("there is none"),
    Case::get("GET /audit/emergency/{person}", "/audit/emergency/{person}", REVIEWERS),
    Case::post("POST /audit/emergency/{person}", "/audit/emergency/{person}", "", 404, REVIEWERS)
        .unaudited("an ordinary account is none"),
    Case::get("GET /audit", "/audit", READERS_OF_THE_TRAIL),
    Case::get("GET /audit/chain", "/audit/chain", READERS_OF_THE_TRAIL),
    Case::get("GET /audit/patient/{patient}", "/audit/patient/{own}", READERS_OF_THE_TRAIL)
        .hidden("/audit/patient/{hidden}"),
    Case::get("GET /audit/{entry}", "/audit/{audit}", READERS_OF_THE_TRAIL),
];
