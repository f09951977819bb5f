//! Signing in, one's own work, one's own account.

use super::{Case, EVERYONE, FINDERS};

const OWN: &str = "shows nothing of a record";

pub const CASES: &[Case] = &[
    Case::get("GET /", "/", EVERYONE).status(303).unaudited(OWN),
    Case::get("GET /healthz", "/healthz", EVERYONE).unaudited(OWN),
    Case::get("GET /sign-in", "/sign-in", EVERYONE).unaudited(OWN),
    Case::post("POST /sign-in", "/sign-in", "login=nobody&password=x", 422, EVERYONE),
    Case::post("POST /sign-out", "/sign-out", "", 303, EVERYONE),
    Case::get("GET /password", "/password", EVERYONE).unaudited(OWN),
    Case::post("POST /password", "/password", "old=a&new=b", 422, EVERYONE)
        .unaudited("nothing is changed by a password that does not do"),
    Case::get("GET /account", "/account", EVERYONE).unaudited(OWN),
    Case::get("GET /account/second-factor", "/account/second-factor", EVERYONE).unaudited(OWN),
    Case::post(
        "POST /account/second-factor",
        "/account/second-factor",
        "secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&code=1",
        422,
        EVERYONE,
    )
    .unaudited("nothing is changed by a code that does not fit"),
    Case::post("POST /account/sessions/end", "/account/sessions/end", "", 303, EVERYONE),
    Case::post("POST /session/touch", "/session/touch", "", 204, EVERYONE).unaudited(OWN),
    Case::get("GET /work", "/work", EVERYONE),
    Case::get("GET /find", "/find", FINDERS).unaudited("an empty form"),
    Case::post("POST /find", "/find", "q=roe", 200, FINDERS),
];
