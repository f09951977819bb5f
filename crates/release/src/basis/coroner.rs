//! Coroners, medical examiners and funeral directors, 45 CFR 164.512(g).
//!
//! # What it finds
//! Who asks, and that it is for that office's duties.
//!
//! # Why it matters
//! A death doesn't open the record to everyone.
//!
//! # Example
//! The county medical examiner determines a cause of death.
//!
//! # Source
//! 45 CFR 164.512(g)(1), (2).

use super::Basis;
use super::checklist::{Checklist, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        one_of(
            "office",
            "coroner",
            "45 CFR 164.512(g)(1)",
            "Does a coroner or medical examiner ask?",
        ),
        one_of(
            "office",
            "funeral-director",
            "45 CFR 164.512(g)(2)",
            "Does a funeral director ask?",
        ),
        must(
            "duty",
            "45 CFR 164.512(g)",
            "Is it for identifying the deceased, the cause of death, or another duty by law?",
            "State the duty for which the information is needed.",
        ),
    ];
    vec![federal(Basis::Coroner, "164.512g", "45 CFR 164.512(g)", elements)]
}
