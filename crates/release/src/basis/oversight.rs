//! Health oversight, 45 CFR 164.512(d).
//!
//! # What it finds
//! Whether the agency oversees health care, and whether the individual is the target.
//!
//! # Why it matters
//! An investigation of the individual that doesn't arise from health care isn't oversight.
//!
//! # Example
//! A state survey agency inspects a hospital.
//!
//! # Source
//! 45 CFR 164.512(d)(1), (2); 164.501, definition of health oversight agency.

use super::Basis;
use super::checklist::{Checklist, federal, must, must_not};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "agency",
            "45 CFR 164.512(d)(1); 164.501",
            "Is the recipient a health oversight agency (or acts under its grant)?",
            "Show that you are, or act for, a health oversight agency.",
        ),
        must(
            "authorized-activity",
            "45 CFR 164.512(d)(1)",
            "Is the activity authorized by law (audit, inspection, licensure, proceeding)?",
            "Name the oversight activity and the law that authorizes it.",
        ),
        must_not(
            "about-individual",
            "45 CFR 164.512(d)(2)",
            "Is the individual the subject of an investigation that doesn't arise from health \
             care or public benefits?",
            "An investigation of the individual needs another basis.",
        ),
    ];
    vec![federal(Basis::Oversight, "164.512d", "45 CFR 164.512(d)", elements)]
}
