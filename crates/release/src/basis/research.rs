//! Research without authorization, 45 CFR 164.512(i).
//!
//! # What it finds
//! A documented waiver, or the representations for preparatory work or decedents.
//!
//! # Why it matters
//! A researcher's word alone isn't a waiver.
//!
//! # Example
//! A chart review with a privacy board's signed waiver.
//!
//! # Source
//! 45 CFR 164.512(i)(1)(i) to (iii), (i)(2)(i) to (v).

use super::Basis;
use super::checklist::{Checklist, Element, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = [grounds(), waiver(), representations()].concat();
    vec![federal(Basis::Research, "164.512i", "45 CFR 164.512(i)", elements)]
}

fn grounds() -> Vec<Element> {
    let rows = [
        ("waiver", "(i)(1)(i)", "Has an IRB or privacy board approved a waiver or alteration?"),
        ("preparatory", "(i)(1)(ii)", "Is it a review preparatory to research?"),
        ("decedents", "(i)(1)(iii)", "Is it research on decedents only?"),
    ];
    let row = |(id, paragraph, question): (&str, &str, &str)| {
        one_of("ground", id, &format!("45 CFR 164.512{paragraph}"), question)
    };
    rows.into_iter().map(row).collect()
}

fn waiver() -> Vec<Element> {
    let rows = [
        ("waiver-board", "(i)(2)(i)", "Does it name the board and the date of approval?"),
        ("waiver-criteria", "(i)(2)(ii)", "Does it state that the waiver criteria are met?"),
        ("waiver-information", "(i)(2)(iii)", "Does it describe the information needed?"),
        ("waiver-procedure", "(i)(2)(iv)", "Does it state normal or expedited review?"),
        ("waiver-signature", "(i)(2)(v)", "Is it signed by the chair or a designee?"),
    ];
    let row = |(id, paragraph, question): (&str, &str, &str)| {
        let remedy = "Send the complete documentation of the waiver.";
        must(id, &format!("45 CFR 164.512{paragraph}"), question, remedy).when("waiver")
    };
    rows.into_iter().map(row).collect()
}

fn representations() -> Vec<Element> {
    let rows = [
        (
            "preparatory",
            "preparatory-only",
            "(i)(1)(ii)(A)",
            "Is it represented that use is solely to prepare a protocol?",
        ),
        (
            "preparatory",
            "nothing-removed",
            "(i)(1)(ii)(B)",
            "Is it represented that nothing is removed from here?",
        ),
        (
            "preparatory",
            "preparatory-necessary",
            "(i)(1)(ii)(C)",
            "Is it represented that the information is necessary?",
        ),
        (
            "decedents",
            "decedents-only",
            "(i)(1)(iii)(A)",
            "Is it represented that use is solely for research on decedents?",
        ),
        (
            "decedents",
            "death-documented",
            "(i)(1)(iii)(B)",
            "Is the death documented, where we asked for that?",
        ),
        (
            "decedents",
            "decedents-necessary",
            "(i)(1)(iii)(C)",
            "Is it represented that the information is necessary?",
        ),
    ];
    let row = |(when, id, paragraph, question): (&str, &str, &str, &str)| {
        let remedy = "Send the missing representation in writing.";
        must(id, &format!("45 CFR 164.512{paragraph}"), question, remedy).when(when)
    };
    rows.into_iter().map(row).collect()
}
