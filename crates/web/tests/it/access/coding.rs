//! The coding desk.

use super::Case;
use record::Role::{self, *};

const CODERS: &[Role] = &[Coder, Supervisor];

pub const CASES: &[Case] = &[
    Case::get("GET /coding", "/coding", CODERS),
    Case::get("GET /coding/outpatient", "/coding/outpatient", CODERS),
    Case::post("POST /coding/find", "/coding/find", "since=2026-01-01", 303, CODERS),
    Case::post("POST /coding/search/{system}", "/coding/search/diagnosis", "q=gout", 200, CODERS)
        .unaudited("shows nothing of a record"),
    Case::post(
        "POST /coding/favourite/{system}",
        "/coding/favourite/diagnosis",
        "code=I10",
        200,
        CODERS,
    ),
    Case::get("GET /coding/{work}", "/coding/{own.coding}", CODERS)
        .hidden("/coding/{hidden.coding}"),
    Case::post(
        "POST /coding/{work}/change",
        "/coding/{own.coding}/change",
        "revision=0&do=add&diagnosis=I10",
        303,
        CODERS,
    )
    .hidden("/coding/{hidden.coding}/change"),
    Case::get("GET /coding/{work}/draft", "/coding/{own.coding}/draft", CODERS)
        .status(303)
        .hidden("/coding/{hidden.coding}/draft"),
    Case::post(
        "POST /coding/{work}/draft",
        "/coding/{own.coding}/draft",
        "revision=0",
        204,
        CODERS,
    )
    .hidden("/coding/{hidden.coding}/draft")
    .unaudited("a draft saved while somebody types"),
    Case::post(
        "POST /coding/{work}/override",
        "/coding/{own.coding}/override",
        "revision=0&do=end&rule=poa_missing&codes=I10",
        303,
        CODERS,
    )
    .hidden("/coding/{hidden.coding}/override"),
    Case::post(
        "POST /coding/{work}/hold",
        "/coding/{own.coding}/hold",
        "revision=0&hold_reason=unsigned",
        303,
        CODERS,
    )
    .hidden("/coding/{hidden.coding}/hold"),
    Case::post(
        "POST /coding/{work}/reopen",
        "/coding/{own.coding}/reopen",
        "revision=0&reason=x",
        422,
        CODERS,
    )
    .hidden("/coding/{hidden.coding}/reopen"),
    Case::get(
        "GET /coding/{work}/walk/{system}/{code}",
        "/coding/{own.coding}/walk/diagnosis/S72",
        CODERS,
    )
    .hidden("/coding/{hidden.coding}/walk/diagnosis/S72"),
];
