//! Documents, their pages, and files inside of entries.

use super::{Case, INDEXERS, READERS};

const UPLOAD: &str = "--x\r\nContent-Disposition: form-data; name=\"files\"; \
    filename=\"a.txt\"\r\n\r\nA letter about elbows.\r\n--x--\r\n";
const INDEX: &str =
    "patient={own}&loinc=18842-5&date=2026-02-01&same=yes&encounter={own.encounter}";

pub const CASES: &[Case] = &[
    Case::get("GET /documents", "/documents", INDEXERS),
    Case::post("POST /documents/new", "/documents/new", UPLOAD, 200, INDEXERS),
    Case::post("POST /documents/kinds", "/documents/kinds", "q=disch", 200, INDEXERS)
        .unaudited("a list of kinds"),
    Case::get("GET /documents/next", "/documents/next", INDEXERS).status(303),
    Case::get("GET /documents/by-key/{key}", "/documents/by-key/{document.key}", INDEXERS)
        .status(303),
    Case::get("GET /documents/{document}", "/documents/{document}?patient={own}", INDEXERS)
        .hidden("/documents/{document}?patient={hidden}"),
    // The document is a text: it has no pages, and says so.
    Case::get("GET /documents/{document}/page/{page}", "/documents/{document}/page/1", INDEXERS)
        .status(422),
    Case::post(
        "POST /documents/{document}/patient",
        "/documents/{document}/patient",
        "q=roe",
        200,
        INDEXERS,
    ),
    Case::post(
        "POST /documents/{document}/index",
        "/documents/{document}/index",
        INDEX,
        303,
        INDEXERS,
    ),
    Case::post(
        "POST /documents/{document}/unindex",
        "/documents/{document}/unindex",
        "",
        409,
        INDEXERS,
    )
    .unaudited("nothing is undone that was not done"),
    Case::post(
        "POST /documents/{document}/aside",
        "/documents/{document}/aside",
        "reason=blank",
        303,
        INDEXERS,
    )
    .unaudited("the second finds it done"),
    Case::post(
        "POST /documents/{document}/take-back",
        "/documents/{document}/take-back",
        "",
        409,
        INDEXERS,
    )
    .unaudited("nothing is undone that was not done"),
    Case::get("GET /entry/{entry}/file/{place}", "/entry/{own.note}/file/0", READERS)
        .hidden("/entry/{hidden.note}/file/0"),
    Case::get(
        "GET /entry/{entry}/file/{place}/page/{page}",
        "/entry/{own.note}/file/0/page/1",
        READERS,
    )
    .status(422)
    .hidden("/entry/{hidden.note}/file/0/page/1"),
];
