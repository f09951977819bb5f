//! Law enforcement, 45 CFR 164.512(f).
//!
//! # What it finds
//! Which ground applies, and the conditions of that ground.
//!
//! # Why it matters
//! An administrative request needs a three-part test; locating a person allows a short list only.
//!
//! # Example
//! A detective's letter without a judge behind it: relevant, specific, de-identified won't do.
//!
//! # Source
//! 45 CFR 164.512(f)(1) to (6).

use super::Basis;
use super::checklist::{Checklist, Element, federal, must, must_not, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = [grounds(), conditions()].concat();
    vec![federal(Basis::LawEnforcement, "164.512f", "45 CFR 164.512(f)", elements)]
}

fn grounds() -> Vec<Element> {
    let rows = [
        ("report", "(f)(1)(i)", "Does a law require reporting this wound or injury?"),
        ("warrant", "(f)(1)(ii)(A)", "Is there a court order, warrant, or subpoena by a judge?"),
        ("grand-jury", "(f)(1)(ii)(B)", "Is there a grand jury subpoena?"),
        ("administrative", "(f)(1)(ii)(C)", "Is there an administrative request or subpoena?"),
        ("locate", "(f)(2)", "Is it to identify or locate a suspect, witness or missing person?"),
        ("victim", "(f)(3)", "Is it about the victim of a crime?"),
        ("decedent", "(f)(4)", "Is it to report a death suspected to be from a crime?"),
        ("premises", "(f)(5)", "Is it evidence of a crime on our premises?"),
        ("emergency", "(f)(6)", "Is it to report a crime in an emergency off our premises?"),
    ];
    let row = |(id, paragraph, question): (&str, &str, &str)| {
        one_of("ground", id, &format!("45 CFR 164.512{paragraph}"), question)
    };
    rows.into_iter().map(row).collect()
}

fn conditions() -> Vec<Element> {
    vec![
        must(
            "relevant",
            "45 CFR 164.512(f)(1)(ii)(C)(1)",
            "Is the information relevant and material to a legitimate inquiry?",
            "State why the information is relevant and material to a legitimate inquiry.",
        )
        .when("administrative"),
        must(
            "specific",
            "45 CFR 164.512(f)(1)(ii)(C)(2)",
            "Is the request specific and limited in scope to its purpose?",
            "Limit the request to what its purpose needs.",
        )
        .when("administrative"),
        must(
            "not-deidentified",
            "45 CFR 164.512(f)(1)(ii)(C)(3)",
            "Would de-identified information not do?",
            "State why de-identified information could not be used.",
        )
        .when("administrative"),
        must(
            "locate-list",
            "45 CFR 164.512(f)(2)(i)",
            "Is it limited to name, address, birth, SSN, blood type, injury, times of treatment \
             and death, distinguishing marks?",
            "Only the listed identifying information can be given to locate a person.",
        )
        .when("locate"),
        must_not(
            "locate-dna",
            "45 CFR 164.512(f)(2)(ii)",
            "Is DNA, dental, tissue or fluid information included?",
            "DNA, dental, tissue and fluid information can't be given to locate a person.",
        )
        .when("locate"),
        must(
            "victim-agrees",
            "45 CFR 164.512(f)(3)",
            "Does the victim agree (or is unable to, the need is immediate and not against the \
             victim, and it is in the victim's interest)?",
            "The victim must agree, or the conditions for a victim unable to agree must be shown.",
        )
        .when("victim"),
    ]
}
