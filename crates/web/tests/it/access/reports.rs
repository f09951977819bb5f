//! The reports desk. Numbers count everyone; the rows behind one are those of the open charts.

use super::Case;
use record::Role::{self, *};

const REPORTERS: &[Role] = &[Analyst, Supervisor, PrivacyOfficer];

pub const CASES: &[Case] = &[
    Case::get("GET /reports", "/reports?range=month&month=2026-02", REPORTERS),
    Case::get("GET /reports/formulas", "/reports/formulas", REPORTERS)
        .unaudited("shows nothing of a record"),
    Case::get("GET /reports/{report}", "/reports/census?month=2026-02", REPORTERS),
    Case::get("GET /reports/{report}/pdf", "/reports/census/pdf?month=2026-02", REPORTERS),
    Case::get(
        "GET /reports/{report}/csv/{table}",
        "/reports/census/csv/daily-census?month=2026-02",
        REPORTERS,
    ),
    Case::get(
        "GET /reports/{report}/rows/{figure}",
        "/reports/discharges/rows/discharges?month=2026-02",
        REPORTERS,
    ),
    Case::get(
        "GET /reports/{report}/rows/{figure}/csv",
        "/reports/discharges/rows/discharges/csv?month=2026-02",
        REPORTERS,
    ),
];
