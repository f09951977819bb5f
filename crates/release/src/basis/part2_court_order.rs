//! Court orders for Part 2 records, 42 CFR 2.61 to 2.67.
//!
//! # What it finds
//! An order under subpart E with a subpoena beside it, the right kind, and its limits.
//!
//! # Why it matters
//! An ordinary subpoena or order doesn't open Part 2 records; an order only permits, a subpoena
//! compels.
//!
//! # Example
//! A custody case: order under 2.64 after notice and a hearing, with a subpoena.
//!
//! # Source
//! 42 CFR 2.61(a), (b), 2.63 to 2.67.

use super::Basis;
use super::checklist::{Checklist, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "order",
            "42 CFR 2.61(a)",
            "Is there a court order entered under subpart E of Part 2?",
            "An order under 42 CFR Part 2, subpart E, is needed.",
        ),
        must(
            "subpoena",
            "42 CFR 2.61(a), (b)",
            "Does a subpoena or similar mandate come with the order?",
            "The order permits but doesn't compel: send the subpoena as well.",
        ),
        one_of(
            "kind",
            "noncriminal",
            "42 CFR 2.64",
            "Is the order for purposes other than criminal prosecution of the patient?",
        ),
        one_of(
            "kind",
            "against-patient",
            "42 CFR 2.65",
            "Is the order for investigating or prosecuting the patient?",
        ),
        one_of(
            "kind",
            "against-program",
            "42 CFR 2.66",
            "Is the order for investigating or prosecuting the program?",
        ),
        one_of(
            "kind",
            "undercover",
            "42 CFR 2.67",
            "Is the order about undercover agents or informants in the program?",
        ),
        must(
            "notice",
            "42 CFR 2.64(b)",
            "Were the patient and we given notice and a chance to answer?",
            "Show that notice was given with a chance to answer.",
        )
        .when("noncriminal"),
        must(
            "serious-crime",
            "42 CFR 2.65(d)(1)",
            "Does the order find that the crime is extremely serious?",
            "The order must find that the crime is extremely serious.",
        )
        .when("against-patient"),
        must(
            "limited",
            "42 CFR 2.64(e), 2.65(e)",
            "Is only what the order finds essential selected?",
            "Only what the order finds essential can be released.",
        ),
        must(
            "confidential-communications",
            "42 CFR 2.63",
            "Does the order meet 2.63 for confidential communications (or are none selected)?",
            "Confidential communications need the grounds of 42 CFR 2.63.",
        ),
    ];
    vec![federal(Basis::Part2CourtOrder, "42-2.61", "42 CFR 2.61 to 2.67", elements)]
}
