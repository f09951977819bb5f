//! Public health activities, 45 CFR 164.512(b).
//!
//! # What it finds
//! Which public health ground applies, and its own conditions.
//!
//! # Why it matters
//! An employer or a school isn't a public health authority: each has conditions.
//!
//! # Example
//! A reportable infection to the county health department.
//!
//! # Source
//! 45 CFR 164.512(b)(1)(i) to (vi).

use super::Basis;
use super::checklist::{Checklist, federal, must, one_of};

pub(super) fn checklists() -> Vec<Checklist> {
    let ground = "ground";
    let elements = vec![
        one_of(
            ground,
            "authority",
            "45 CFR 164.512(b)(1)(i)",
            "Does a public health authority ask that the law authorizes to collect this?",
        ),
        one_of(
            ground,
            "child-abuse",
            "45 CFR 164.512(b)(1)(ii)",
            "Is it a report of child abuse or neglect to the authority that receives such reports?",
        ),
        one_of(
            ground,
            "fda",
            "45 CFR 164.512(b)(1)(iii)",
            "Does a person subject to the FDA ask, about a product they answer for?",
        ),
        one_of(
            ground,
            "exposed-person",
            "45 CFR 164.512(b)(1)(iv)",
            "Is it a notice, allowed by law, to a person exposed to a communicable disease?",
        ),
        one_of(
            ground,
            "employer",
            "45 CFR 164.512(b)(1)(v)",
            "Is it for an employer's workplace surveillance or work-related injury?",
        ),
        one_of(
            ground,
            "school",
            "45 CFR 164.512(b)(1)(vi)",
            "Is it proof of immunization for a school that the law makes ask for it?",
        ),
        must(
            "employer-duty",
            "45 CFR 164.512(b)(1)(v)(C)",
            "Does the employer need it to comply with occupational safety law?",
            "Name the occupational safety rule that requires the finding.",
        )
        .when("employer"),
        must(
            "employer-notice",
            "45 CFR 164.512(b)(1)(v)(D)",
            "Was the individual given written notice of this disclosure?",
            "The individual must first be given written notice.",
        )
        .when("employer"),
        must(
            "school-agreement",
            "45 CFR 164.512(b)(1)(vi)(C)",
            "Is the agreement of the parent, or of the adult, documented?",
            "The agreement of the parent or the adult student must be documented.",
        )
        .when("school"),
    ];
    vec![federal(Basis::PublicHealth, "164.512b", "45 CFR 164.512(b)", elements)]
}
