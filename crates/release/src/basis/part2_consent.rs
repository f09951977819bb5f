//! Consent of a patient of a Part 2 program, 42 CFR 2.31: two versions.
//!
//! # What it finds
//! The elements of a written consent, and its defects.
//!
//! # Why it matters
//! A general authorization isn't enough for substance use disorder records.
//!
//! # Example
//! One consent for all future treatment, payment and operations, with the redisclosure statement.
//!
//! # Source
//! 42 CFR 2.31(a)(1) to (10), (b), (c), (d) as of the final rule of 2024 (89 FR 12472), compliance
//! from 2026-02-16; before, 42 CFR 2.31(a)(1) to (9) as of 2017 (82 FR 6052).

use super::Basis;
use super::checklist::{Checklist, Element, fact, federal, must, must_not};
use jiff::civil::date;

pub(super) fn checklists() -> Vec<Checklist> {
    let mut old = federal(Basis::Part2Consent, "42-2.31", "42 CFR 2.31", shared());
    old.from = date(2017, 3, 21);
    old.to = Some(date(2026, 2, 15));
    let elements = [shared(), added_2024()].concat();
    let mut new = federal(Basis::Part2Consent, "42-2.31", "42 CFR 2.31", elements);
    new.version = 2;
    new.from = date(2026, 2, 16);
    vec![old, new]
}

fn shared() -> Vec<Element> {
    let rows = [
        ("patient", "(a)(1)", "Does it name the patient?", "Name the patient."),
        (
            "discloser",
            "(a)(2)",
            "Does it name who may disclose (a person or a class)?",
            "Name who may disclose.",
        ),
        (
            "description",
            "(a)(3)",
            "Does it describe the information, substance use disorder records included?",
            "Describe the information, and that it includes substance use disorder records.",
        ),
        (
            "recipient",
            "(a)(4)(i)",
            "Does it name the recipient (or the class, for treatment, payment, operations)?",
            "Name the recipient.",
        ),
        ("purpose", "(a)(5)", "Does it state each purpose?", "State the purpose."),
        (
            "right-to-revoke",
            "(a)(6)",
            "Does it state the right to revoke, and how?",
            "The consent must state that it can be revoked, and how.",
        ),
        (
            "expiration",
            "(a)(7)",
            "Does it state an expiration date or event (\"none\" is enough for treatment, \
             payment, operations)?",
            "State when the consent expires.",
        ),
        ("signature", "(a)(8)", "Is it signed?", "Sign the consent."),
        (
            "signature-date",
            "(a)(9)",
            "Is the signature dated (and not in the future)?",
            "Date the signature.",
        ),
    ];
    let mut elements: Vec<Element> = rows
        .into_iter()
        .map(|(id, paragraph, question, remedy)| {
            must(id, &format!("42 CFR 2.31{paragraph}"), question, remedy)
        })
        .collect();
    elements.extend(defects());
    elements
}

fn defects() -> Vec<Element> {
    vec![
        must_not(
            "expired",
            "42 CFR 2.31(c)(1)",
            "Has it expired? (A date may be given: its last day of validity.)",
            "The consent has expired. Send a new one.",
        ),
        must_not(
            "deficient",
            "42 CFR 2.31(c)(2)",
            "Does it fail the requirements on its face?",
            "The consent isn't complete.",
        ),
        must_not(
            "revoked",
            "42 CFR 2.31(c)(3)",
            "Is it known to be revoked?",
            "The consent has been revoked.",
        ),
        must_not(
            "false",
            "42 CFR 2.31(c)(4)",
            "Is something in it known to be materially false?",
            "Something in the consent isn't true.",
        ),
    ]
}

fn added_2024() -> Vec<Element> {
    vec![
        fact("intermediary", "42 CFR 2.31(a)(4)(ii)", "Is the recipient an intermediary?"),
        must(
            "intermediary-participants",
            "42 CFR 2.31(a)(4)(ii)",
            "Does it name the intermediary and its participants (or their class)?",
            "Name the intermediary and the participants.",
        )
        .when("intermediary"),
        fact(
            "all-future-care",
            "42 CFR 2.31(a)(4)(iii)",
            "Does it cover treatment, payment and operations by a covered entity?",
        ),
        must(
            "redisclosure",
            "42 CFR 2.31(a)(4)(iii), (a)(10)(i)",
            "Does it state that the record may be redisclosed under HIPAA, except in proceedings \
             against the patient?",
            "The consent must state that the record may be redisclosed under HIPAA, except in \
             proceedings against the patient.",
        )
        .when("all-future-care"),
        must(
            "consequences",
            "42 CFR 2.31(a)(10)(ii)",
            "Does it state the consequences of a refusal to sign?",
            "The consent must state the consequences of a refusal to sign.",
        )
        .when("all-future-care"),
        fact("counselling-notes", "42 CFR 2.31(b)", "Are SUD counselling notes asked for?"),
        must(
            "counselling-alone",
            "42 CFR 2.31(b)",
            "Is this consent for SUD counselling notes alone?",
            "SUD counselling notes need a consent of their own.",
        )
        .when("counselling-notes"),
        fact("proceedings", "42 CFR 2.31(d)", "Is it for proceedings against the patient?"),
        must(
            "proceedings-alone",
            "42 CFR 2.31(d)",
            "Is this consent for such proceedings alone?",
            "Consent for proceedings can't be combined with any other.",
        )
        .when("proceedings"),
    ]
}
