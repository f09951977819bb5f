//! Workers' compensation, 45 CFR 164.512(l).
//!
//! # What it finds
//! That a workers' compensation law authorizes the disclosure, and its limits.
//!
//! # Why it matters
//! The injury at work doesn't open the rest of the record.
//!
//! # Example
//! The carrier asks for the notes of a back injury at work.
//!
//! # Source
//! 45 CFR 164.512(l).

use super::Basis;
use super::checklist::{Checklist, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "authorized",
            "45 CFR 164.512(l)",
            "Does a workers' compensation law, or a similar program, authorize this?",
            "Name the workers' compensation claim and the law.",
        ),
        must(
            "necessary",
            "45 CFR 164.512(l)",
            "Is it limited to what is needed to comply with that law?",
            "Limit the request to the injury or illness of the claim.",
        ),
    ];
    vec![federal(Basis::WorkersCompensation, "164.512l", "45 CFR 164.512(l)", elements)]
}
