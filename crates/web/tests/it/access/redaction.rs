//! Review and packet of a release.

use super::Case;
use record::Role::{self, *};

const RELEASERS: &[Role] = &[ReleaseSpecialist, Supervisor, PrivacyOfficer];

pub const CASES: &[Case] = &[
    Case::get("GET /release/{request}/review", "/release/{own.reviewed}/review", RELEASERS)
        .hidden("/release/{hidden.reviewed}/review"),
    Case::post(
        "POST /release/{request}/review/search",
        "/release/{own.reviewed}/review/search",
        "phrase=knee&reason=another-person",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/search"),
    Case::post(
        "POST /release/{request}/review/finish",
        "/release/{own.reviewed}/review/finish",
        "",
        422,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/finish"),
    Case::get(
        "GET /release/{request}/review/{document}",
        "/release/{own.reviewed}/review/{own.review-document}",
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/{hidden.review-document}"),
    Case::get(
        "GET /release/{request}/review/{document}/image/{part}/{page}",
        "/release/{own.reviewed}/review/{own.review-document}/image/0/1",
        RELEASERS,
    )
    .status(404)
    .unaudited("a text has no pages")
    .hidden("/release/{hidden.reviewed}/review/{hidden.review-document}/image/0/1"),
    Case::post(
        "POST /release/{request}/review/{document}/box",
        "/release/{own.reviewed}/review/{own.review-document}/box",
        "part=0&page=1&x=1&y=1&width=9&height=9&of_width=99&of_height=99&reason=confidence",
        422,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/{hidden.review-document}/box"),
    Case::post(
        "POST /release/{request}/review/{document}/span",
        "/release/{own.reviewed}/review/{own.review-document}/span",
        "part=0&start=0&end=4&reason=confidence",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/{hidden.review-document}/span"),
    Case::post(
        "POST /release/{request}/review/{document}/decide",
        "/release/{own.reviewed}/review/{own.review-document}/decide",
        "part=0&page=1&do=confirm:all",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/{hidden.review-document}/decide"),
    Case::post(
        "POST /release/{request}/review/{document}/reviewed",
        "/release/{own.reviewed}/review/{own.review-document}/reviewed",
        "do=done",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/review/{hidden.review-document}/reviewed"),
    Case::get(
        "GET /release/{request}/lines/{section}",
        "/release/{own.reviewed}/lines/11450-4",
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/lines/11450-4"),
    Case::post(
        "POST /release/{request}/lines/{section}/decide",
        "/release/{own.reviewed}/lines/11450-4/decide",
        "do=withhold:{own.line}&reason=confidence",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/lines/11450-4/decide"),
    Case::post(
        "POST /release/{request}/lines/{section}/reviewed",
        "/release/{own.reviewed}/lines/11450-4/reviewed",
        "do=done",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.reviewed}/lines/11450-4/reviewed"),
    Case::get("GET /release/{request}/packet", "/release/{own.checked}/packet", RELEASERS)
        .hidden("/release/{hidden.checked}/packet"),
    Case::get(
        "GET /release/{request}/packet/page/{page}",
        "/release/{own.checked}/packet/page/1",
        RELEASERS,
    )
    .hidden("/release/{hidden.checked}/packet/page/1"),
    Case::get(
        "GET /release/{request}/packet/file",
        "/release/{own.checked}/packet/file",
        RELEASERS,
    )
    .status(422)
    .hidden("/release/{hidden.checked}/packet/file"),
    Case::post(
        "POST /release/{request}/packet/make",
        "/release/{own.checked}/packet/make",
        "",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.checked}/packet/make"),
    Case::post(
        "POST /release/{request}/packet/approve",
        "/release/{own.checked}/packet/approve",
        "revision={own.checked-revision}",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.checked}/packet/approve"),
    Case::post(
        "POST /release/{request}/packet/back",
        "/release/{own.checked}/packet/back",
        "revision={own.checked-revision}&why=The+name",
        303,
        RELEASERS,
    )
    .hidden("/release/{hidden.checked}/packet/back"),
];
