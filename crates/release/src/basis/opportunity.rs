//! With an opportunity to agree or object, 45 CFR 164.510.
//!
//! # What it finds
//! For the facility directory and for persons involved in care: that the individual had a say.
//!
//! # Why it matters
//! One word of objection ends both.
//!
//! # Example
//! A daughter at the bedside, the patient nods: (b)(2)(i).
//!
//! # Source
//! 45 CFR 164.510(a)(1) to (3), (b)(1) to (5).

use super::Basis;
use super::checklist::{Checklist, Element, federal, must, must_not, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    vec![
        federal(Basis::Directory, "164.510a", "45 CFR 164.510(a)", directory()),
        federal(Basis::InvolvedInCare, "164.510b", "45 CFR 164.510(b)", involved()),
    ]
}

fn directory() -> Vec<Element> {
    vec![
        must(
            "by-name",
            "45 CFR 164.510(a)(1)(ii)",
            "Does a member of the clergy ask, or someone who asks for the individual by name?",
            "Ask for the individual by name.",
        ),
        must(
            "informed",
            "45 CFR 164.510(a)(2), (3)",
            "Was the individual told, with a chance to object (or unable, and it fits their \
             wishes and interest)?",
            "The individual must first be told and may object.",
        ),
        must_not(
            "objected",
            "45 CFR 164.510(a)(2)",
            "Did the individual object?",
            "The individual objected.",
        ),
        must(
            "directory-only",
            "45 CFR 164.510(a)(1)(i)",
            "Is it limited to name, location, general condition (religion to clergy only)?",
            "Only name, location and general condition can be given.",
        ),
    ]
}

fn involved() -> Vec<Element> {
    let grounds = [
        ("agreed", "(b)(2)(i)", "Did the individual agree?"),
        ("not-objected", "(b)(2)(ii)", "Had the individual a chance to object, and didn't?"),
        ("inferred", "(b)(2)(iii)", "Can it be inferred that the individual doesn't object?"),
        ("absent", "(b)(3)", "Is the individual absent or unable, and is it in their interest?"),
        ("disaster", "(b)(4)", "Is it for a disaster relief organization?"),
        ("deceased", "(b)(5)", "Is the individual dead, and was the person involved in care?"),
    ];
    let row = |(id, paragraph, question): (&str, &str, &str)| {
        one_of("ground", id, &format!("45 CFR 164.510{paragraph}"), question)
    };
    let mut elements: Vec<Element> = grounds.into_iter().map(row).collect();
    elements.push(must(
        "involved",
        "45 CFR 164.510(b)(1)",
        "Is the person a relative, a close friend or named by the individual, or is it to notify?",
        "Tell us how you are involved in the care.",
    ));
    elements.push(must(
        "relevant",
        "45 CFR 164.510(b)(1)(i)",
        "Is it limited to what is relevant to that involvement?",
        "Limit the request to what your part in the care needs.",
    ));
    elements
}
