//! Authorization by the individual, 45 CFR 164.508.
//!
//! # What it finds
//! Core elements, required statements and defects, each with its paragraph.
//!
//! # Why it matters
//! An authorization with one defect isn't valid, and a release under it is a breach.
//!
//! # Example
//! A form whose expiration date was yesterday fails (b)(2)(i); the letter names it.
//!
//! # Source
//! 45 CFR 164.508(a)(2) to (4), (b)(2), (b)(3), (c)(1) to (4).

use super::Basis;
use super::checklist::{Checklist, Element, fact, federal, must, must_not};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = [core(), statements(), defects(), kinds()].concat();
    vec![federal(Basis::Authorization, "164.508", "45 CFR 164.508", elements)]
}

fn core() -> Vec<Element> {
    vec![
        must(
            "description",
            "45 CFR 164.508(c)(1)(i)",
            "Does it describe the information in a specific and meaningful way?",
            "Describe the information to be released: what kind, which dates.",
        ),
        must(
            "discloser",
            "45 CFR 164.508(c)(1)(ii)",
            "Does it name who may release the information (a person or a class)?",
            "Name who may release the information.",
        ),
        must(
            "recipient",
            "45 CFR 164.508(c)(1)(iii)",
            "Does it name who may receive the information (a person or a class)?",
            "Name who may receive the information.",
        ),
        must(
            "purpose",
            "45 CFR 164.508(c)(1)(iv)",
            "Does it state the purpose? \"At the request of the individual\" is enough when the \
             individual starts it.",
            "State the purpose, or write \"at the request of the individual\".",
        ),
        must(
            "expiration",
            "45 CFR 164.508(c)(1)(v)",
            "Does it state an expiration date or event? (\"None\" or \"end of the research \
             study\" only for research.)",
            "State a date or an event on which the authorization expires.",
        ),
        must(
            "signature",
            "45 CFR 164.508(c)(1)(vi)",
            "Is it signed by the individual or the personal representative?",
            "Sign the authorization.",
        ),
        must(
            "signature-date",
            "45 CFR 164.508(c)(1)(vi)",
            "Is the signature dated (and not in the future)?",
            "Date the signature.",
        ),
        fact("representative", "45 CFR 164.508(c)(1)(vi)", "Did a personal representative sign?"),
        must(
            "representative-authority",
            "45 CFR 164.508(c)(1)(vi)",
            "Does it describe the representative's authority to act for the individual?",
            "Describe your authority to act for the individual (for example guardian, executor).",
        )
        .when("representative"),
    ]
}

fn statements() -> Vec<Element> {
    vec![
        must(
            "right-to-revoke",
            "45 CFR 164.508(c)(2)(i)",
            "Does it state the right to revoke in writing, the exceptions, and how?",
            "The form must state that it can be revoked in writing, and how.",
        ),
        must(
            "conditioning",
            "45 CFR 164.508(c)(2)(ii)",
            "Does it state whether treatment, payment, enrolment or eligibility may depend on \
             signing?",
            "The form must state whether treatment, payment, enrolment or eligibility for \
             benefits depends on signing.",
        ),
        must(
            "redisclosure",
            "45 CFR 164.508(c)(2)(iii)",
            "Does it state that the recipient may redisclose the information?",
            "The form must state that the recipient may redisclose the information, and that it \
             may then no longer be protected.",
        ),
        must(
            "plain-language",
            "45 CFR 164.508(c)(3)",
            "Is it written in plain language?",
            "The form must be written in plain language.",
        ),
    ]
}

fn defects() -> Vec<Element> {
    vec![
        must_not(
            "expired",
            "45 CFR 164.508(b)(2)(i)",
            "Has the expiration date passed, or has the event occurred? (A date may be given: \
             its last day of validity.)",
            "The authorization has expired. Send a new one.",
        ),
        must_not(
            "incomplete",
            "45 CFR 164.508(b)(2)(ii)",
            "Is a required element left unfilled?",
            "The authorization isn't filled out completely.",
        ),
        must_not(
            "revoked",
            "45 CFR 164.508(b)(2)(iii)",
            "Is it known to be revoked?",
            "The authorization has been revoked.",
        ),
        must_not(
            "combined-or-conditioned",
            "45 CFR 164.508(b)(2)(iv)",
            "Is it wrongly combined with another document, or signing wrongly made a condition \
             (164.508(b)(3), (b)(4))?",
            "The authorization may not be combined with another document, nor signing it be a \
             condition of care.",
        ),
        must_not(
            "false",
            "45 CFR 164.508(b)(2)(v)",
            "Is something material in it known to be false?",
            "Something material in the authorization isn't true.",
        ),
    ]
}

fn kinds() -> Vec<Element> {
    vec![
        fact("psychotherapy", "45 CFR 164.508(a)(2)", "Are psychotherapy notes asked for?"),
        must(
            "psychotherapy-alone",
            "45 CFR 164.508(b)(3)(ii)",
            "Is this authorization for psychotherapy notes alone?",
            "Psychotherapy notes need an authorization of their own.",
        )
        .when("psychotherapy"),
        fact("marketing", "45 CFR 164.508(a)(3)", "Is it for paid marketing?"),
        must(
            "marketing-statement",
            "45 CFR 164.508(a)(3)(ii)",
            "Does it state that a third party pays for the marketing?",
            "The authorization must state that a third party pays for the marketing.",
        )
        .when("marketing"),
        fact("sale", "45 CFR 164.508(a)(4)", "Is the information sold?"),
        must(
            "sale-statement",
            "45 CFR 164.508(a)(4)(i)",
            "Does it state that we are paid for the disclosure?",
            "The authorization must state that the disclosure is paid for.",
        )
        .when("sale"),
        fact("sought-by-us", "45 CFR 164.508(c)(4)", "Did we ask for this authorization?"),
        must(
            "copy-given",
            "45 CFR 164.508(c)(4)",
            "Was the individual given a copy of the signed authorization?",
            "We owe you a copy of the signed authorization.",
        )
        .when("sought-by-us"),
    ]
}
