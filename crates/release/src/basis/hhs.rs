//! The Secretary of Health and Human Services, 45 CFR 164.502(a)(2)(ii).
//!
//! # What it finds
//! That the Secretary asks, to investigate or determine our compliance.
//!
//! # Why it matters
//! It is one of only two disclosures that the Privacy Rule requires.
//!
//! # Example
//! A data request by the Office for Civil Rights after a complaint.
//!
//! # Source
//! 45 CFR 164.502(a)(2)(ii); 160.310(c).

use super::Basis;
use super::checklist::{Checklist, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "secretary",
            "45 CFR 164.502(a)(2)(ii)",
            "Does the Secretary of HHS (or OCR for the Secretary) ask?",
            "Show that you act for the Secretary of HHS.",
        ),
        must(
            "compliance",
            "45 CFR 160.310(c)",
            "Is it to investigate or determine compliance?",
            "Name the investigation or compliance review.",
        ),
    ];
    vec![federal(Basis::Hhs, "164.502a2ii", "45 CFR 164.502(a)(2)(ii)", elements)]
}
