//! Serious threat to health or safety, 45 CFR 164.512(j).
//!
//! # What it finds
//! Good faith, a ground, a recipient who can act, and no use of what therapy revealed.
//!
//! # Why it matters
//! The one basis on which seconds count, and the one easily stretched.
//!
//! # Example
//! Warning the person whom a patient has threatened.
//!
//! # Source
//! 45 CFR 164.512(j)(1) to (4).

use super::Basis;
use super::checklist::{Checklist, federal, must, must_not, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "good-faith",
            "45 CFR 164.512(j)(1), (4)",
            "Is it believed in good faith, on knowledge or on a credible source?",
            "State the facts on which the belief rests.",
        ),
        one_of(
            "ground",
            "prevent",
            "45 CFR 164.512(j)(1)(i)",
            "Is it necessary to prevent or lessen a serious and imminent threat?",
        ),
        one_of(
            "ground",
            "admitted-crime",
            "45 CFR 164.512(j)(1)(ii)(A)",
            "Is it to apprehend one who admitted a violent crime that may have harmed the victim?",
        ),
        one_of(
            "ground",
            "escaped",
            "45 CFR 164.512(j)(1)(ii)(B)",
            "Is it to apprehend one who seems to have escaped from custody?",
        ),
        must(
            "able-to-prevent",
            "45 CFR 164.512(j)(1)(i)(B)",
            "Can the recipient reasonably prevent or lessen the threat (or is the target)?",
            "The information can go only to a person able to prevent the threat.",
        )
        .when("prevent"),
        must_not(
            "learned-in-therapy",
            "45 CFR 164.512(j)(2)",
            "Was it learned in treatment for, or a request for help with, that conduct?",
            "What was learned in such treatment can't be used.",
        )
        .when("admitted-crime"),
        must(
            "statement-only",
            "45 CFR 164.512(j)(3)",
            "Is it limited to the statement and the identifying information of 164.512(f)(2)(i)?",
            "Only the statement and identifying information can be given.",
        )
        .when("admitted-crime"),
    ];
    vec![federal(Basis::Threat, "164.512j", "45 CFR 164.512(j)", elements)]
}
