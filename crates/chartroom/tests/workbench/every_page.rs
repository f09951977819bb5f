//! Every page of release, completion, reports, integrity and identity that no other journey
//! opens: each is looked at once, by the person whose desk it is.

use crate::release;
use crate::server::Server;
use crate::stage::Stage;
use anyhow::{Context, Result, ensure};

/// Pages of a desk, as a bookmark opens them; of some, the page behind their first row too.
struct Pages {
    login: &'static str,
    addresses: &'static [&'static str],
    /// Of these the first row is opened.
    first_of: &'static [&'static str],
}

const PAGES: &[Pages] = &[
    Pages {
        login: "release",
        addresses: &["/release/list/check", "/release/list/ready", "/release/list/ended"],
        first_of: &["/release/letters"],
    },
    Pages {
        login: "supervisor",
        addresses: &["/completion/list/desk", "/completion/list/delinquent"],
        first_of: &["/completion/list/charts", "/completion/list/providers"],
    },
    Pages {
        login: "supervisor",
        addresses: &[
            "/reports/formulas",
            "/reports/discharges",
            "/reports/deaths",
            "/reports/readmissions",
            "/reports/deliveries",
            "/reports/delinquency",
            "/reports/unbilled",
            "/reports/case-mix",
            "/reports/release",
            "/reports/accesses",
            "/reports/duplicates",
            "/reports/unbilled/rows/unbilled_days.accounts",
            "/reports/delinquency/rows/delinquency",
            "/reports/duplicates/rows/duplicates",
            "/reports/census?range=days&from=2026-02-30",
        ],
        first_of: &[],
    },
    Pages {
        login: "supervisor",
        addresses: &["/integrity/list/accepted", "/integrity/list/fixed"],
        first_of: &["/integrity", "/integrity/runs"],
    },
    Pages {
        login: "supervisor",
        addresses: &["/identity/list/waiting", "/identity/list/merged", "/identity/list/different"],
        first_of: &[],
    },
    Pages {
        login: "supervisor",
        addresses: &["/retention", "/retention/list/proposed", "/retention/list/destroyed"],
        first_of: &[],
    },
];

/// What a page is called among the pictures.
fn name_of(address: &str) -> String {
    let word = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    format!("page{}", address.chars().map(word).collect::<String>())
}

#[test]
fn every_page_of_five_desks_is_looked_at() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(30)?)?;
    for pages in PAGES {
        stage.sign_in(pages.login)?;
        for address in pages.addresses {
            stage.step(address, |stage| {
                stage.open(address)?;
                stage.look(&name_of(address))
            })?;
        }
        for address in pages.first_of {
            stage.step(address, |stage| {
                stage.open(address)?;
                stage.look(&name_of(address))?;
                ensure!(stage.browser.count("main a[data-row]")? > 0, "it has a row");
                stage.open_first()?;
                stage.look(&format!("{}-first", name_of(address)))
            })?;
        }
        stage.sign_out()?;
    }
    for login in ["auditor", "administrator"] {
        stage.step(&format!("the verification of the {login}"), |stage| {
            stage.sign_in(login)?;
            stage.go_single("g v")?;
            stage.browser.wait_for_url("/integrity/verification")?;
            stage.look(&format!("page-verification-{login}"))?;
            stage.sign_out()
        })?;
    }
    stage.step("a denial is told, and reviewed by a provider", denial)?;
    stage.end()
}

/// A denial with a ground that can be reviewed, from the desk to the provider.
fn denial(stage: &mut Stage) -> Result<()> {
    stage.sign_in("release")?;
    stage.passing(|stage| {
        release::log(stage, "the individual", "in person")?;
        release::identify(stage)
    })?;
    stage.passing(|stage| release::choose_basis(stage, "access by"))?;
    stage.tab_to("details:has(select[name=ground]) > summary")?;
    stage.browser.press("Enter")?;
    stage.choose("ground", "danger")?;
    stage.tab_to("main textarea[name=explanation]")?;
    stage.browser.type_text("Her provider judged so on 3 March.")?;
    stage.look("page-deny")?;
    stage.tab_to("form:has(select[name=ground]) button")?;
    stage.go("Enter")?;
    stage.browser.wait_for_text("Denied:")?;
    stage.look("page-denied")?;
    stage.go_single("n")?;
    stage.browser.wait_for_text("A review was asked for")?;
    stage.hand_over("provider")?;
    stage.go_single("g w")?;
    stage.row("review the denial").context("the review is in the provider's work")?;
    stage.go("Enter")?;
    stage.browser.wait_for_text("Your decision")?;
    stage.look("page-denial")
}
