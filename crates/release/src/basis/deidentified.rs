//! Limited data set, 45 CFR 164.514(e).
//!
//! # What it finds
//! That direct identifiers are gone, the purpose is allowed, and an agreement is signed.
//!
//! # Why it matters
//! Dates and ZIP codes stay, so that the set is still protected information.
//!
//! # Example
//! Admission dates and ZIP codes to a state university under a data use agreement.
//!
//! # Source
//! 45 CFR 164.514(e)(2), (3), (4).

use super::Basis;
use super::checklist::{Checklist, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "identifiers-removed",
            "45 CFR 164.514(e)(2)",
            "Are the sixteen direct identifiers removed?",
            "Direct identifiers must be removed first.",
        ),
        must(
            "purpose",
            "45 CFR 164.514(e)(3)(i)",
            "Is it for research, public health or health care operations?",
            "A limited data set serves research, public health or operations only.",
        ),
        must(
            "agreement",
            "45 CFR 164.514(e)(4)",
            "Is a data use agreement signed that sets uses, users and safeguards?",
            "Send us the signed data use agreement.",
        ),
    ];
    vec![federal(Basis::LimitedDataSet, "164.514e", "45 CFR 164.514(e)", elements)]
}
