//! Order of a court or administrative tribunal, 45 CFR 164.512(e)(1)(i).
//!
//! # What it finds
//! That there is an order, and that only what it names goes out.
//!
//! # Why it matters
//! A clerk's or a lawyer's signature makes a subpoena, not an order.
//!
//! # Example
//! "Records of the admission of 3 March" releases that admission and nothing else.
//!
//! # Source
//! 45 CFR 164.512(e)(1)(i).

use super::Basis;
use super::checklist::{Checklist, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "order",
            "45 CFR 164.512(e)(1)(i)",
            "Is it an order of a court or administrative tribunal, signed by the judge or officer?",
            "Send us the signed order.",
        ),
        must(
            "expressly-named",
            "45 CFR 164.512(e)(1)(i)",
            "Is only what the order expressly names selected?",
            "The order must name what is to be released.",
        ),
    ];
    vec![federal(Basis::CourtOrder, "164.512e-order", "45 CFR 164.512(e)(1)(i)", elements)]
}
