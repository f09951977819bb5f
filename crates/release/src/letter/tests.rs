//! Letters, read and judged.

use super::*;
use crate::Basis;
use crate::accounting::{Disclosure, Entry, Suspension, account};
use crate::basis::{Answer, Answers, built_in, evaluate};
use expect_test::expect;
use jiff::civil::date;
use record::PatientKey;

fn envelope() -> Envelope {
    Envelope {
        on: date(2026, 3, 4),
        to: vec![Private::new("Pat Example")],
        request: "R-17".into(),
        organization: "Mercy Hospital".into(),
        contact: "Privacy Office, 555-0100".into(),
    }
}

/// The letter's text with lines broken at 80 characters, to be read here.
fn shown(letter: &Letter) -> String {
    let mut shown = String::new();
    for line in letter.to_text().lines() {
        let mut width = 0;
        for word in line.split(' ') {
            if width > 0 && width + word.len() >= 80 {
                shown.push('\n');
                width = 0;
            } else if width > 0 {
                shown.push(' ');
            }
            shown += word;
            width += word.len() + 1;
        }
        shown.push('\n');
    }
    shown
}

#[test]
fn missing_elements_are_named_with_their_paragraph() {
    let mut answers: Answers = built_in()
        .iter()
        .filter(|list| list.basis == Basis::Treatment)
        .flat_map(|list| &list.elements)
        .map(|element| (element.id.clone(), Answer::Yes))
        .collect();
    answers.insert("treats".into(), Answer::No);
    let on = date(2026, 3, 4);
    let evaluation = evaluate(&built_in(), Basis::Treatment, None, &answers, on);
    expect![[r#"
        What is missing from the request
        2026-03-04

        We received the request named above and can't release the information yet. The
        following is missing or isn't right:

        - Tell us for which treatment the information is needed, and who treats. (45
        CFR 164.506(c)(2))

        Please send what is missing. Your request stays open; you don't need to start
        again.

        Questions: Mercy Hospital, Privacy Office, 555-0100.
    "#]]
    .assert_eq(&shown(&missing_elements(&envelope(), &evaluation)));
}

#[test]
fn a_denial_states_review_and_complaint() {
    let reviewable = denied(&envelope(), DenialGround::DangerToLife, "a stated risk").to_text();
    assert!(reviewable.contains("took no part in it") && reviewable.contains("Civil Rights"));
    assert!(reviewable.contains("the rest of the record"));
    let fixed = denied(&envelope(), DenialGround::PsychotherapyNotes, "notes kept apart").to_text();
    assert!(fixed.contains("no right of review") && fixed.contains("Civil Rights"));
}

#[test]
fn the_part_2_statement_goes_with_consent_only() {
    let with = cover(&envelope(), &["Notes".into()], Some("counselling, 2026"), false).to_text();
    assert!(with.contains("42 CFR part 2") && with.contains("counselling, 2026"));
    let without = cover(&envelope(), &["Notes".into()], None, false).to_text();
    assert!(!without.contains("part 2") && !without.contains("Part 2"));
}

#[test]
fn the_accounting_report_hides_suspended_entries() {
    let on = date(2026, 1, 5);
    let entry = |recipient: &str| Entry {
        patient: PatientKey(1),
        on,
        recipient: Private::new(recipient),
        recipient_address: Some(Private::new("1 Main St")),
        description: "Discharge summary".into(),
        purpose: "Warrant".into(),
        disclosure: Disclosure::Under(Basis::LawEnforcement),
        request: None,
        suspensions: Vec::new(),
    };
    let mut hidden = entry("Secret Task Force");
    let agency = "Police".to_owned();
    hidden.suspensions.push(Suspension::Written { from: on, until: date(2026, 12, 31), agency });
    let entries = [entry("City Police"), hidden];
    let day = date(2026, 3, 4);
    let report = accounting_report(&envelope(), &account(&entries, PatientKey(1), day, None, day));
    expect![[r#"
        Accounting of disclosures
        2026-03-04

        Disclosures of your health information from 2020-03-04 to 2026-03-04, except
        those that 45 CFR 164.528(a)(1) leaves out (treatment, payment, operations, to
        you, with your authorization, and others).

        Date | Recipient and address | What | Purpose
        2026-01-05 | City Police 1 Main St | Discharge summary | Warrant

        Questions: Mercy Hospital, Privacy Office, 555-0100.
    "#]]
    .assert_eq(&shown(&report));
}
