//! Part 2 records without consent: emergency, research, audit (42 CFR 2.51 to 2.53).
//!
//! # What it finds
//! The conditions of each exception.
//!
//! # Why it matters
//! Nothing else opens Part 2 records without consent or a court order.
//!
//! # Example
//! An unconscious patient in another hospital's emergency room: 2.51.
//!
//! # Source
//! 42 CFR 2.51(a) to (c), 2.52(a), (b), 2.53(a) to (e).

use super::Basis;
use super::checklist::{Checklist, federal, must, must_not, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    vec![emergency(), research(), audit()]
}

fn emergency() -> Checklist {
    let elements = vec![
        one_of(
            "ground",
            "bona-fide",
            "42 CFR 2.51(a)(1)",
            "Is it a bona fide medical emergency in which consent can't be obtained?",
        ),
        one_of(
            "ground",
            "program-closed",
            "42 CFR 2.51(a)(2)",
            "Is the program closed by a declared disaster, and can't consent be obtained?",
        ),
        one_of(
            "ground",
            "fda",
            "42 CFR 2.51(b)",
            "Does the FDA assert an error in a product that may threaten health?",
        ),
        must(
            "documented",
            "42 CFR 2.51(c)",
            "Are recipient, discloser, date, time and nature of the emergency documented?",
            "Recipient, discloser, date, time and nature of the emergency must be documented at \
             once.",
        ),
    ];
    federal(Basis::Part2Emergency, "42-2.51", "42 CFR 2.51", elements)
}

fn research() -> Checklist {
    let elements = vec![
        must(
            "permitted",
            "42 CFR 2.52(a)",
            "Is it permitted by 45 CFR 164.508 or 164.512(i), or by human subjects rules?",
            "Send the authorization, the waiver, or the human subjects approval.",
        ),
        must(
            "resists",
            "42 CFR 2.52(b)(1)",
            "Is the researcher bound by Part 2, and resists demands in proceedings?",
            "Confirm in writing that you are bound by 42 CFR Part 2.",
        ),
        must_not(
            "identifies-in-reports",
            "42 CFR 2.52(b)(3)",
            "Will reports identify patients?",
            "Reports may hold de-identified information only.",
        ),
    ];
    federal(Basis::Part2Research, "42-2.52", "42 CFR 2.52", elements)
}

fn audit() -> Checklist {
    let elements = vec![
        one_of(
            "auditor",
            "oversees",
            "42 CFR 2.53(a)(1)(i)",
            "Does a government agency that funds or regulates us perform the audit?",
        ),
        one_of(
            "auditor",
            "payer-or-quality",
            "42 CFR 2.53(a)(1)(ii)",
            "Does a payer, a quality organization, or one acting for them perform the audit?",
        ),
        one_of(
            "auditor",
            "found-qualified",
            "42 CFR 2.53(a)(2)",
            "Did we find the auditor qualified to perform the audit?",
        ),
        must(
            "agreement",
            "42 CFR 2.53(a), (b)",
            "Did the auditor agree in writing to limits on use, redisclosure and retention?",
            "Send the signed agreement on use, redisclosure, security and destruction.",
        ),
    ];
    federal(Basis::Part2Audit, "42-2.53", "42 CFR 2.53", elements)
}
