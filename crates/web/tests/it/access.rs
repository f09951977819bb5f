//! Every route, for every role, on one's own and on a hidden chart, with its audit entry.
//!
//! What is expected is written by hand, a table a desk. A route that has no case fails the test,
//! and so does a case whose route is gone.

mod administration;
mod audit;
mod chart;
mod coding;
mod completion;
mod documents;
mod entry;
mod fhir;
mod identity;
mod integrity;
mod interference;
mod redaction;
mod release;
mod reports;
mod retention;
mod sign_in;
mod work;

use crate::app::{Answered, Chart, NOON, TestApp};
use axum::http::StatusCode;
use record::Role::{self, *};
use record::{Context, ResourceKey};
use std::collections::BTreeSet;
use web::server::{Guard, Route, routes};

/// One route, asked in one way.
pub struct Case {
    /// `GET /chart/{patient}`, as the router lists it.
    pub route: &'static str,
    /// What is asked, with `{own}`, `{own.note}`, `{document}`… filled in by [`fill`].
    pub at: &'static str,
    /// The same of the hidden chart, which must answer 404 to who may open charts.
    pub hidden: Option<&'static str>,
    /// Fields of the form.
    pub fields: &'static str,
    /// The roles that are let in.
    pub allowed: &'static [Role],
    /// What they get.
    pub status: u16,
    /// Why it leaves no audit entry; none means that it must leave one.
    pub unaudited: Option<&'static str>,
}

impl Case {
    /// A page that these roles may read.
    pub const fn get(route: &'static str, at: &'static str, allowed: &'static [Role]) -> Case {
        let status = 200;
        Case { route, at, hidden: None, fields: "", allowed, status, unaudited: None }
    }

    /// An action that these roles may take, with fields that answer this status.
    pub const fn post(
        route: &'static str,
        at: &'static str,
        fields: &'static str,
        status: u16,
        allowed: &'static [Role],
    ) -> Case {
        Case { route, at, hidden: None, fields, allowed, status, unaudited: None }
    }

    /// Asked so of the hidden chart, it must answer 404.
    pub const fn hidden(mut self, at: &'static str) -> Case {
        self.hidden = Some(at);
        self
    }

    /// Answers this status.
    pub const fn status(mut self, status: u16) -> Case {
        self.status = status;
        self
    }

    /// Leaves no audit entry, for this reason.
    pub const fn unaudited(mut self, why: &'static str) -> Case {
        self.unaudited = Some(why);
        self
    }
}

/// Every role.
pub const EVERYONE: &[Role] = Role::ALL;
/// Roles that find patients.
pub const FINDERS: &[Role] = &[
    Technician,
    Registrar,
    Coder,
    ReleaseSpecialist,
    Analyst,
    Provider,
    Supervisor,
    PrivacyOfficer,
];
/// Roles that open charts: a registrar sees who somebody is, not what they suffer from.
pub const READERS: &[Role] =
    &[Technician, Coder, ReleaseSpecialist, Analyst, Provider, Supervisor, PrivacyOfficer];
/// Roles that index documents.
pub const INDEXERS: &[Role] = &[Technician, Supervisor];

/// The tables. A desk adds its own here.
const TABLES: &[&[Case]] = &[
    sign_in::CASES,
    chart::CASES,
    coding::CASES,
    completion::CASES,
    documents::CASES,
    entry::CASES,
    fhir::CASES,
    audit::CASES,
    administration::CASES,
    identity::CASES,
    integrity::CASES,
    redaction::CASES,
    release::CASES,
    reports::CASES,
    retention::CASES,
    work::CASES,
];

/// A quality finding on the note of a chart; made when a case asks for it.
fn finding(app: &TestApp, chart: &Chart) -> i64 {
    let context = Context::system("test", NOON);
    let known = app.store.look(&context, |view| view.quality_known(&[chart.patient], &[]));
    if let Some(known) = known.unwrap().first() {
        return known.id;
    }
    let failing = store::quality::Failing {
        check: "document_kind_missing",
        resource: ResourceKey(chart.note),
        patient: chart.patient,
        sentence: "The document has no kind. Look at it, and choose one.",
    };
    app.store.write(&context, |transaction| transaction.quality_open(&failing)).unwrap()
}

fn fill(text: &str, app: &TestApp) -> String {
    let mut filled = text.to_owned();
    for (name, chart) in [("own", &app.own), ("hidden", &app.hidden)] {
        for part in ["case", "destroyed", "incomplete"] {
            let place = format!("{{{name}.{part}}}");
            if filled.contains(&place) {
                let case = crate::retention::case(app, chart.patient, part);
                filled = filled.replace(&place, &case.to_string());
            }
        }
    }
    for (name, chart) in [("{own.finding}", &app.own), ("{hidden.finding}", &app.hidden)] {
        if filled.contains(name) {
            filled = filled.replace(name, &finding(app, chart).to_string());
        }
    }
    for (name, chart) in [("own", &app.own), ("hidden", &app.hidden)] {
        for (part, key) in [
            (String::new(), chart.patient.0),
            (".encounter".to_owned(), chart.encounter),
            (".condition".to_owned(), chart.condition),
            (".note".to_owned(), chart.note),
            (".coding".to_owned(), chart.coding),
            (".deficiency".to_owned(), chart.deficiency),
            (".release".to_owned(), chart.release.request),
            (".denied".to_owned(), chart.release.denied),
            (".letter".to_owned(), chart.release.letter),
            (".disclosure".to_owned(), chart.release.disclosure),
            (".asked".to_owned(), chart.release.asked),
            (".reviewed".to_owned(), chart.release.reviewed),
            (".review-document".to_owned(), chart.release.document),
            (".line".to_owned(), chart.release.line),
            (".checked".to_owned(), chart.release.checked),
            (".checked-revision".to_owned(), chart.release.checked_revision),
        ] {
            filled = filled.replace(&format!("{{{name}{part}}}"), &key.to_string());
        }
    }
    filled
        .replace("{provider}", &app.person(Provider).to_string())
        .replace("{document}", &app.document)
        .replace("{pair}", &app.pair.to_string())
        .replace("{document.key}", &app.document_key.to_string())
        .replace("{audit}", &app.trail(1)[0].entry.to_string())
        .replace("{facility}", &app.facility.to_string())
        .replace("{person}", &app.person(Analyst).to_string())
}

#[test]
fn every_route_has_a_case_and_every_case_a_route() {
    let routed: BTreeSet<String> =
        routes().list().iter().map(|r| format!("{} {}", r.method, r.path)).collect();
    let written: BTreeSet<String> =
        TABLES.iter().flat_map(|t| t.iter()).map(|case| case.route.to_owned()).collect();
    let missing: Vec<&String> = routed.difference(&written).collect();
    let gone: Vec<&String> = written.difference(&routed).collect();
    assert!(missing.is_empty(), "routes without a case in tests/it/access: {missing:#?}");
    assert!(gone.is_empty(), "cases without a route: {gone:#?}");
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should() {
    let mut wrong = Vec::new();
    // Reading changes nothing, so all pages share a site; each action gets one of its own.
    let shared = TestApp::new();
    for case in TABLES.iter().flat_map(|table| table.iter()) {
        match case.route.starts_with("GET ") {
            true => judge(&shared, case, &mut wrong).await,
            false => judge(&TestApp::new(), case, &mut wrong).await,
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn judge(app: &TestApp, case: &Case, wrong: &mut Vec<String>) {
    let (method, _) = case.route.split_once(' ').unwrap();
    let routes = routes();
    let of_case = |route: &&Route| case.route == format!("{} {}", route.method, route.path);
    let Some(guard) = routes.list().iter().find(of_case).map(|route| route.guard) else { return };
    let (at, fields) = (fill(case.at, app), fill(case.fields, app));
    if guard != Guard::Open {
        let answer = app.ask(method, None, &at, &fields).await;
        if !sent_away(&answer) {
            wrong.push(format!("{}: nobody signed in, got {}", case.route, answer.status));
        }
    }
    // Those who are refused first, so that what the others do doesn't change the answer.
    let refused = Role::ALL.iter().filter(|role| !case.allowed.contains(role));
    for role in refused.chain(case.allowed) {
        let allowed = case.allowed.contains(role);
        let before = app.trail(1)[0].entry;
        let answer = app.ask(method, Some(*role), &at, &fields).await;
        let expected = if allowed { case.status } else { refusal(guard) };
        // An action that can be done once answers the second with a conflict.
        let repeated = allowed && *role != case.allowed[0] && answer.status == 409;
        if answer.status.as_u16() != expected && !repeated {
            let got = answer.status;
            wrong.push(format!("{}: {role} expected {expected}, got {got}", case.route));
        }
        let audited = app.trail(1)[0].entry > before;
        // A person's cookie is nothing to the API: it answers as to anybody without a token.
        let must = match allowed {
            true => case.unaudited.is_none() && !repeated,
            false => guard != Guard::Client,
        };
        if must && !audited {
            wrong.push(format!("{}: {role} left no audit entry", case.route));
        }
        if let (Some(at), true) = (case.hidden, allowed) {
            let answer = app.ask(method, Some(*role), &fill(at, app), &fields).await;
            if answer.status != StatusCode::NOT_FOUND {
                let got = answer.status;
                wrong.push(format!("{}: hidden chart, {role} got {got}", case.route));
            }
        }
    }
}

fn refusal(guard: Guard) -> u16 {
    if guard == Guard::Client { 401 } else { 403 }
}

fn sent_away(answer: &Answered) -> bool {
    let to_sign_in = answer.status == StatusCode::SEE_OTHER && answer.location == "/sign-in";
    to_sign_in || answer.status == StatusCode::UNAUTHORIZED
}
