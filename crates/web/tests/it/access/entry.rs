//! Registration, encounters, entries, authentication, drafts.

use super::{Case, EVERYONE};
use record::Role::{self, *};

/// Roles that register.
const REGISTRARS: &[Role] = &[Technician, Registrar, Supervisor];
/// Roles that enter clinical entries.
const WRITERS: &[Role] = &[Technician, Supervisor];
/// Roles that open charts.
const READERS: &[Role] = super::READERS;

const CHECK: &str = "checks what is typed; shows nothing of a record";
const OWN: &str = "one's own typing; autosaving is not audited";

pub const CASES: &[Case] = &[
    Case::post("POST /chart/{patient}/search", "/chart/{own}/search", "words=knee", 200, READERS)
        .hidden("/chart/{hidden}/search"),
    Case::get("GET /register", "/register", REGISTRARS).unaudited("an empty form"),
    Case::post("POST /register", "/register", "family=Roe", 422, REGISTRARS)
        .unaudited("nothing is saved or shown"),
    Case::post("POST /register/check", "/register/check", "validate=family", 200, REGISTRARS)
        .unaudited(CHECK),
    Case::get("GET /patient/{patient}", "/patient/{own}", REGISTRARS).hidden("/patient/{hidden}"),
    Case::get("GET /patient/{patient}/correct", "/patient/{own}/correct", REGISTRARS)
        .hidden("/patient/{hidden}/correct"),
    Case::post(
        "POST /patient/{patient}/correct",
        "/patient/{own}/correct",
        "shown_version=1",
        422,
        REGISTRARS,
    )
    .hidden("/patient/{hidden}/correct"),
    Case::get("GET /patient/{patient}/admit", "/patient/{own}/admit", REGISTRARS)
        .hidden("/patient/{hidden}/admit"),
    Case::post(
        "POST /patient/{patient}/admit",
        "/patient/{own}/admit",
        "class=IMP",
        422,
        REGISTRARS,
    )
    .hidden("/patient/{hidden}/admit"),
    Case::post("POST /encounter/check", "/encounter/check", "validate=start", 200, REGISTRARS)
        .unaudited(CHECK),
    Case::post(
        "POST /encounter/check/{event}",
        "/encounter/check/discharge",
        "validate=at",
        200,
        REGISTRARS,
    )
    .unaudited(CHECK),
    Case::get(
        "GET /encounter/{encounter}/{event}",
        "/encounter/{own.encounter}/discharge",
        REGISTRARS,
    )
    .hidden("/encounter/{hidden.encounter}/discharge"),
    Case::post(
        "POST /encounter/{encounter}/{event}",
        "/encounter/{own.encounter}/discharge",
        "shown_version=1",
        422,
        REGISTRARS,
    )
    .hidden("/encounter/{hidden.encounter}/discharge"),
    Case::get("GET /chart/{patient}/new/{kind}", "/chart/{own}/new/diagnosis", WRITERS)
        .hidden("/chart/{hidden}/new/diagnosis"),
    Case::post(
        "POST /chart/{patient}/new/{kind}",
        "/chart/{own}/new/diagnosis",
        "words=",
        422,
        WRITERS,
    )
    .hidden("/chart/{hidden}/new/diagnosis"),
    Case::post("POST /entry/check/{kind}", "/entry/check/note", "validate=text", 200, WRITERS)
        .unaudited(CHECK),
    Case::post("POST /entry/kinds", "/entry/kinds", "q=progress", 200, WRITERS).unaudited(CHECK),
    Case::post("POST /entry/codes", "/entry/codes", "q=", 200, WRITERS).unaudited(CHECK),
    Case::get("GET /entry/{entry}/{act}", "/entry/{own.note}/correct", WRITERS)
        .hidden("/entry/{hidden.note}/correct"),
    Case::post(
        "POST /entry/{entry}/{act}",
        "/entry/{own.note}/correct",
        "shown_version=1",
        422,
        WRITERS,
    )
    .hidden("/entry/{hidden.note}/correct"),
    Case::get("GET /authenticate", "/authenticate", &[Provider]),
    Case::post("POST /authenticate", "/authenticate", "", 422, &[Provider])
        .unaudited("nothing was chosen"),
    Case::post(
        "POST /authenticate/{entry}/{version}",
        "/authenticate/{own.note}/1",
        "",
        422,
        &[Provider],
    )
    .hidden("/authenticate/{hidden.note}/1")
    .unaudited("nothing is saved or shown"),
    Case::get("GET /drafts", "/drafts", EVERYONE).unaudited(OWN),
    Case::get("GET /drafts/{patient}/{form}", "/drafts/0/register", EVERYONE).unaudited(OWN),
    Case::post("POST /drafts/{patient}/{form}", "/drafts/0/register", "family=Roe", 204, EVERYONE)
        .unaudited(OWN),
    Case::post(
        "POST /drafts/{patient}/{form}/choose",
        "/drafts/0/register/choose",
        "choice=drop",
        303,
        EVERYONE,
    )
    .unaudited(OWN),
];
