//! Required by law, 45 CFR 164.512(a).
//!
//! # What it finds
//! Whether a law mandates the disclosure, and whether it stays within that law.
//!
//! # Why it matters
//! "Required" means enforceable in a court, not merely allowed.
//!
//! # Example
//! A state statute that makes hospitals report gunshot wounds.
//!
//! # Source
//! 45 CFR 164.512(a)(1), (2); 164.103, definition of required by law.

use super::Basis;
use super::checklist::{Checklist, fact, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "mandated",
            "45 CFR 164.512(a)(1); 164.103",
            "Does a law that a court can enforce mandate this disclosure?",
            "Name the law that requires this disclosure.",
        ),
        must(
            "within-law",
            "45 CFR 164.512(a)(1)",
            "Is the disclosure limited to what that law requires?",
            "Limit the request to what the law requires.",
        ),
        fact(
            "abuse-judicial-police",
            "45 CFR 164.512(a)(2)",
            "Is it about a victim of abuse, a judicial proceeding, or law enforcement?",
        ),
        must(
            "those-rules-met",
            "45 CFR 164.512(a)(2)",
            "Are the requirements of paragraph (c), (e) or (f) met as well?",
            "The requirements for abuse reports, judicial proceedings or law enforcement must be \
             met as well.",
        )
        .when("abuse-judicial-police"),
    ];
    vec![federal(Basis::RequiredByLaw, "164.512a", "45 CFR 164.512(a)", elements)]
}
