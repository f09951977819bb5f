//! Treatment, payment and health care operations, 45 CFR 164.506.
//!
//! # What it finds
//! Whether the recipient and the purpose are ones for which no permission is needed.
//!
//! # Why it matters
//! Most releases between providers and to payers rest here; operations of somebody else are
//! narrow.
//!
//! # Example
//! A cardiologist asks for the last echocardiogram before a visit: treatment, satisfied.
//!
//! # Source
//! 45 CFR 164.506(c)(1) to (4); 164.501, definition of health care operations.

use super::Basis;
use super::checklist::{Checklist, fact, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    vec![treatment(), payment(), operations()]
}

fn treatment() -> Checklist {
    let elements = vec![must(
        "treats",
        "45 CFR 164.506(c)(2)",
        "Does a health care provider ask, for treatment of this or another patient?",
        "Tell us for which treatment the information is needed, and who treats.",
    )];
    federal(Basis::Treatment, "164.506-treatment", "45 CFR 164.506(c)(1), (2)", elements)
}

fn payment() -> Checklist {
    let elements = vec![
        must(
            "payer-or-provider",
            "45 CFR 164.506(c)(3)",
            "Is the recipient a covered entity or a health care provider (or is it our own \
             payment activity)?",
            "Tell us whether you are a health plan, a clearinghouse or a provider.",
        ),
        must(
            "for-payment",
            "45 CFR 164.506(c)(3)",
            "Is it for the payment activities of the one who receives it, or of ours?",
            "Tell us for which claim or payment activity the information is needed.",
        ),
    ];
    federal(Basis::Payment, "164.506-payment", "45 CFR 164.506(c)(1), (3)", elements)
}

fn operations() -> Checklist {
    let elements = vec![
        fact(
            "for-others",
            "45 CFR 164.506(c)(4)",
            "Is it for the operations of another covered entity?",
        ),
        must(
            "both-related",
            "45 CFR 164.506(c)(4)",
            "Do both have, or had both, a relationship with the individual?",
            "Tell us about your relationship with the individual.",
        )
        .when("for-others"),
        must(
            "about-relationship",
            "45 CFR 164.506(c)(4)",
            "Does the information pertain to that relationship?",
            "Limit the request to information about that relationship.",
        )
        .when("for-others"),
        one_of(
            "purpose",
            "quality-or-competence",
            "45 CFR 164.506(c)(4)(i)",
            "Is it for quality assessment and improvement, or for reviewing competence \
             (paragraphs (1) and (2) of health care operations)?",
        )
        .when("for-others"),
        one_of(
            "purpose",
            "fraud-detection",
            "45 CFR 164.506(c)(4)(ii)",
            "Is it for health care fraud and abuse detection or compliance?",
        )
        .when("for-others"),
    ];
    federal(Basis::Operations, "164.506-operations", "45 CFR 164.506(c)(1), (4)", elements)
}
