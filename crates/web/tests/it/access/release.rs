//! The release desk.

use super::Case;
use record::Role::{self, *};

const RELEASERS: &[Role] = &[ReleaseSpecialist, Supervisor, PrivacyOfficer];
/// The review of a denial is a provider's (45 CFR 164.524(a)(4)).
const REVIEWERS: &[Role] = &[Provider];

pub const CASES: &[Case] = &[
    Case::get("GET /release", "/release", RELEASERS),
    Case::get("GET /release/list/{part}", "/release/list/on-hold", RELEASERS),
    Case::get("GET /release/letters", "/release/letters", RELEASERS),
    Case::get("GET /release/letters/{document}", "/release/letters/{document}", RELEASERS),
    Case::get(
        "GET /release/letters/{document}/page/{page}",
        "/release/letters/{document}/page/1",
        RELEASERS,
    )
    .status(422),
    Case::get("GET /release/new", "/release/new", RELEASERS).unaudited("shows an empty form"),
    Case::post(
        "POST /release/new",
        "/release/new",
        "kind=attorney&name=Pat+Quimby&channel=mail&asked_for=All&received=2026-03-01",
        303,
        RELEASERS,
    ),
    Case::get("GET /release/{request}", "/release/{own.release}", RELEASERS)
        .hidden("/release/{hidden.release}"),
    Case::post(
        "POST /release/{request}/find",
        "/release/{own.release}/find",
        "q=roe",
        200,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/find"),
    Case::post(
        "POST /release/{request}/identify",
        "/release/{own.release}/identify",
        "revision=2&patient={own}",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/identify"),
    Case::post(
        "POST /release/{request}/verify",
        "/release/{own.release}/verify",
        "revision=2&identity=photo-id&authority=themselves",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/verify"),
    Case::post(
        "POST /release/{request}/basis",
        "/release/{own.release}/basis",
        "revision=2&basis=payment",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/basis"),
    Case::post(
        "POST /release/{request}/answers",
        "/release/{own.release}/answers",
        "revision=2&answer-individual=yes&answer-directive=no",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/answers"),
    Case::post(
        "POST /release/{request}/cover",
        "/release/{own.release}/cover",
        "revision=2&cover=part2-consent",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/cover"),
    Case::post(
        "POST /release/{request}/act",
        "/release/{own.release}/act",
        "revision=2&do=hold&reason=record",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/act"),
    Case::post(
        "POST /release/{request}/fee",
        "/release/{own.release}/fee",
        "revision=2&copy=paper&postage=3.00",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/fee"),
    Case::post(
        "POST /release/{request}/review-asked",
        "/release/{own.denied}/review-asked",
        "",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.denied}/review-asked"),
    Case::get("GET /release/{request}/documents", "/release/{own.release}/documents", RELEASERS)
        .hidden("/release/{hidden.release}/documents"),
    Case::post(
        "POST /release/{request}/documents",
        "/release/{own.release}/documents",
        "revision=2&item={own.note}",
        422,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/documents"),
    Case::post(
        "POST /release/{request}/scope",
        "/release/{own.release}/scope",
        "revision=2&recipient_name=Jane+Roe",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.release}/scope"),
    Case::get("GET /release/{request}/denial", "/release/{own.denied}/denial", REVIEWERS)
        .hidden("/release/{hidden.denied}/denial"),
    Case::post(
        "POST /release/{request}/denial",
        "/release/{own.denied}/denial",
        "revision=3&upheld=yes&explanation=As+recorded",
        303,
        REVIEWERS,
    )
    .hidden("/release/{hidden.denied}/denial"),
    Case::get("GET /release/letter/{letter}", "/release/letter/{own.letter}", RELEASERS)
        .hidden("/release/letter/{hidden.letter}"),
    Case::post(
        "POST /release/letter/{letter}/sent",
        "/release/letter/{own.letter}/sent",
        "",
        303,
        RELEASERS,
    )
    .hidden("/release/letter/{hidden.letter}/sent"),
    Case::get("GET /release/accounting/{patient}", "/release/accounting/{own}", RELEASERS)
        .hidden("/release/accounting/{hidden}"),
    Case::post(
        "POST /release/accounting/{patient}/ask",
        "/release/accounting/{own}/ask",
        "requested_on=2026-03-01",
        303,
        RELEASERS,
    )
    .hidden("/release/accounting/{hidden}/ask"),
    Case::post(
        "POST /release/accounting/{patient}/disclose",
        "/release/accounting/{own}/disclose",
        "on=2026-03-01&recipient=County&description=Result&purpose=Report\
         &disclosure=public-health",
        303,
        RELEASERS,
    )
    .hidden("/release/accounting/{hidden}/disclose"),
    Case::post(
        "POST /release/disclosure/{disclosure}/suspend",
        "/release/disclosure/{own.disclosure}/suspend",
        "statement=oral&from=2026-03-01&agency=Police",
        303,
        RELEASERS,
    )
    .hidden("/release/disclosure/{hidden.disclosure}/suspend"),
    Case::get("GET /release/asked/{accounting}", "/release/asked/{own.asked}", RELEASERS)
        .status(303)
        .hidden("/release/asked/{hidden.asked}"),
    Case::post(
        "POST /release/asked/{accounting}/give",
        "/release/asked/{own.asked}/give",
        "",
        303,
        RELEASERS,
    )
    .hidden("/release/asked/{hidden.asked}/give"),
];
