//! People, facilities, clients, code sets, rules.

use super::Case;
use record::Role::{self, Administrator, Supervisor};

const ADMINISTRATORS: &[Role] = &[Administrator];

const IMPORTERS: &[Role] = &[Administrator, Supervisor];

const CODE_SET: &str = "--x\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nload\r\n\
    --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"poa.txt\"\r\n\r\n\
    FY 2026 POA Exempt List\nZ79.4\tLong term use of insulin\n\r\n--x--\r\n";

pub const CASES: &[Case] = &[
    Case::get("GET /administration", "/administration", ADMINISTRATORS),
    Case::get("GET /administration/people/new", "/administration/people/new", ADMINISTRATORS)
        .unaudited("an empty form"),
    Case::post(
        "POST /administration/people/new",
        "/administration/people/new",
        "login=noor&name=Noor&roles=coder",
        200,
        ADMINISTRATORS,
    ),
    Case::get(
        "GET /administration/people/{person}",
        "/administration/people/{person}",
        ADMINISTRATORS,
    ),
    Case::post(
        "POST /administration/people/{person}",
        "/administration/people/{person}",
        "do=suspend",
        303,
        ADMINISTRATORS,
    ),
    Case::get("GET /administration/facilities", "/administration/facilities", ADMINISTRATORS),
    Case::post(
        "POST /administration/facilities",
        "/administration/facilities",
        "name=West&time_zone=America/Chicago&mrn_system=urn:west",
        303,
        ADMINISTRATORS,
    ),
    Case::post(
        "POST /administration/units",
        "/administration/units",
        "facility={facility}&name=4+West&beds=20&bassinets=0&from_date=2026-01-01",
        303,
        ADMINISTRATORS,
    ),
    Case::post(
        "POST /administration/units/{unit}/close",
        "/administration/units/1/close",
        "until_date=2026-03-01",
        404,
        ADMINISTRATORS,
    )
    .unaudited("there is no such unit"),
    Case::get("GET /administration/clients", "/administration/clients", ADMINISTRATORS),
    Case::post(
        "POST /administration/clients",
        "/administration/clients",
        "name=interface&role=technician&scopes=system/*.read",
        200,
        ADMINISTRATORS,
    ),
    Case::post(
        "POST /administration/clients/{client}/end",
        "/administration/clients/1/end",
        "",
        404,
        ADMINISTRATORS,
    )
    .unaudited("there is no such client"),
    Case::get("GET /administration/code-sets", "/administration/code-sets", ADMINISTRATORS),
    Case::get(
        "GET /administration/code-sets/{load}",
        "/administration/code-sets/1",
        ADMINISTRATORS,
    )
    .status(404)
    .unaudited("there is no such load"),
    Case::post(
        "POST /administration/code-sets/{load}/withdraw",
        "/administration/code-sets/1/withdraw",
        "reason=the+wrong+year",
        404,
        ADMINISTRATORS,
    )
    .unaudited("there is no such load"),
    Case::post(
        "POST /administration/code-sets/load",
        "/administration/code-sets/load",
        CODE_SET,
        200,
        ADMINISTRATORS,
    ),
    Case::get("GET /administration/imports", "/administration/imports", IMPORTERS),
    Case::get("GET /administration/imports/{import}", "/administration/imports/1", IMPORTERS)
        .status(404)
        .unaudited("there is no such import"),
    Case::get(
        "GET /administration/imports/{import}/findings.csv",
        "/administration/imports/1/findings.csv",
        IMPORTERS,
    )
    .status(404)
    .unaudited("there is no such import"),
    Case::get("GET /administration/rules", "/administration/rules", ADMINISTRATORS),
    Case::get(
        "GET /administration/rules/{kind}/{key}",
        "/administration/rules/clock/us-access",
        ADMINISTRATORS,
    ),
    Case::post(
        "POST /administration/rules/{kind}/{key}",
        "/administration/rules/setting/bill-hold-days",
        "do=enter&from=2026-04-01&value=5&citation=Revenue+committee&reason=Longer+hold",
        303,
        ADMINISTRATORS,
    ),
];
