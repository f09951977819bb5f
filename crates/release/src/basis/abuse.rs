//! Victims of abuse, neglect or domestic violence, 45 CFR 164.512(c).
//!
//! # What it finds
//! Reasonable belief, the right authority, a ground, and that the individual is told.
//!
//! # Why it matters
//! A report can protect or endanger the victim. (Child abuse is under 164.512(b)(1)(ii).)
//!
//! # Example
//! An adult protective services report that the victim agrees to.
//!
//! # Source
//! 45 CFR 164.512(c)(1), (2).

use super::Basis;
use super::checklist::{Checklist, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "belief",
            "45 CFR 164.512(c)(1)",
            "Is it reasonably believed that the individual is a victim?",
            "State the reason to believe that the individual is a victim.",
        ),
        must(
            "authority",
            "45 CFR 164.512(c)(1)",
            "Is the recipient authorized by law to receive such reports?",
            "Name the law under which you receive such reports.",
        ),
        one_of("ground", "required", "45 CFR 164.512(c)(1)(i)", "Is the report required by law?"),
        one_of("ground", "agreed", "45 CFR 164.512(c)(1)(ii)", "Does the individual agree?"),
        one_of(
            "ground",
            "authorized-and-necessary",
            "45 CFR 164.512(c)(1)(iii)",
            "Does the law allow it expressly, and is it needed to prevent serious harm (or is \
             the individual incapacitated)?",
        ),
        must(
            "told",
            "45 CFR 164.512(c)(2)",
            "Was the individual told (or would telling endanger them, or reach the abuser)?",
            "The individual must be told promptly, unless that would endanger them.",
        ),
    ];
    vec![federal(Basis::Abuse, "164.512c", "45 CFR 164.512(c)", elements)]
}
