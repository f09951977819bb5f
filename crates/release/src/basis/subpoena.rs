//! Subpoena, discovery request or other lawful process without an order, 45 CFR 164.512(e)(1)(ii).
//!
//! # What it finds
//! Satisfactory assurance: notice to the individual, or a qualified protective order.
//!
//! # Why it matters
//! Without assurance the individual had no chance to object.
//!
//! # Example
//! A lawyer's subpoena with proof of a mailed notice, the time to object over, none raised.
//!
//! # Source
//! 45 CFR 164.512(e)(1)(ii) to (vi).

use super::Basis;
use super::checklist::{Checklist, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "lawful-process",
            "45 CFR 164.512(e)(1)(ii)",
            "Is it a subpoena, discovery request or other lawful process?",
            "Send us the subpoena or discovery request.",
        ),
        one_of(
            "assurance",
            "notice",
            "45 CFR 164.512(e)(1)(ii)(A)",
            "Is there written assurance, with documents, that the individual was given notice?",
        ),
        one_of(
            "assurance",
            "protective-order",
            "45 CFR 164.512(e)(1)(ii)(B)",
            "Is there written assurance, with documents, that a qualified protective order is \
             sought?",
        ),
        must(
            "notice-sent",
            "45 CFR 164.512(e)(1)(iii)(A)",
            "Was a written notice sent in good faith (to the last known address)?",
            "Show that written notice was sent to the individual.",
        )
        .when("notice"),
        must(
            "notice-informs",
            "45 CFR 164.512(e)(1)(iii)(B)",
            "Does the notice tell enough of the proceeding for the individual to object?",
            "The notice must tell enough of the proceeding for the individual to object.",
        )
        .when("notice"),
        must(
            "time-elapsed",
            "45 CFR 164.512(e)(1)(iii)(C)",
            "Has the time for objections elapsed?",
            "The time for objections isn't over.",
        )
        .when("notice"),
        must(
            "objections-resolved",
            "45 CFR 164.512(e)(1)(iii)(C)",
            "Were no objections filed, or all resolved in favour of disclosure?",
            "Show that no objection stands.",
        )
        .when("notice"),
        must(
            "protective-order-sought",
            "45 CFR 164.512(e)(1)(iv)",
            "Have the parties agreed on the order and presented it, or has it been requested?",
            "Show that a qualified protective order was presented to the court or requested.",
        )
        .when("protective-order"),
        must(
            "protective-order-terms",
            "45 CFR 164.512(e)(1)(v)",
            "Does it forbid other uses, and require return or destruction at the end?",
            "The order must forbid other uses and require return or destruction.",
        )
        .when("protective-order"),
    ];
    vec![federal(Basis::Subpoena, "164.512e-subpoena", "45 CFR 164.512(e)(1)(ii)", elements)]
}
