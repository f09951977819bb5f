//! Access by the individual, 45 CFR 164.524.
//!
//! # What it finds
//! Whether the one who asks is the individual (or stands in their shoes), and, where the copy is
//! to go to somebody else, whether the directive is in order.
//!
//! # Why it matters
//! Access is a right. No authorization form may be asked for, and no reason.
//!
//! # Example
//! A patient asks at the window for the records of a stay and shows a driver's licence: satisfied.
//!
//! # Source
//! 45 CFR 164.524(a)(1), (b)(1), (c)(3)(ii); 164.502(g); 164.514(h); Ciox Health v. Azar, 435 F.
//! Supp. 3d 30 (D.D.C. 2020): a directive to a third party reaches only electronic copies from
//! an electronic health record.

use super::Basis;
use super::checklist::{Checklist, fact, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "individual",
            "45 CFR 164.524(a)(1)",
            "Does the individual, or a personal representative, ask?",
            "Only you or your personal representative can ask for access. Somebody else needs an \
             authorization.",
        ),
        fact(
            "directive",
            "45 CFR 164.524(c)(3)(ii)",
            "Is the copy to be sent to another person whom the individual names?",
        ),
        must(
            "directive-signed",
            "45 CFR 164.524(c)(3)(ii)",
            "Is the directive in writing and signed by the individual?",
            "Please send us your directive in writing, signed.",
        )
        .when("directive"),
        must(
            "directive-recipient",
            "45 CFR 164.524(c)(3)(ii)",
            "Does it clearly name the person and say where to send the copy?",
            "Please name the person who is to receive the copy, and where to send it.",
        )
        .when("directive"),
        must(
            "directive-electronic",
            "45 CFR 164.524(c)(3)(ii); Ciox Health v. Azar (D.D.C. 2020)",
            "Is an electronic copy from an electronic health record asked for?",
            "A directive to another person reaches only electronic copies from our electronic \
             health record. For the rest, ask for your own copy or sign an authorization.",
        )
        .when("directive"),
    ];
    vec![federal(Basis::Access, "164.524", "45 CFR 164.524", elements)]
}
