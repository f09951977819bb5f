//! Cadaveric organ, eye or tissue donation, 45 CFR 164.512(h).
//!
//! # What it finds
//! That the recipient procures, banks or transplants organs, and that it is for a donation.
//!
//! # Why it matters
//! Living donors are under treatment instead.
//!
//! # Example
//! The organ procurement organization evaluates a donor.
//!
//! # Source
//! 45 CFR 164.512(h).

use super::Basis;
use super::checklist::{Checklist, federal, must};

pub(super) fn checklists() -> Vec<Checklist> {
    let elements = vec![
        must(
            "organization",
            "45 CFR 164.512(h)",
            "Is the recipient an organ procurement organization, a bank or a transplant entity?",
            "Show that you procure, bank or transplant organs, eyes or tissue.",
        ),
        must(
            "cadaveric",
            "45 CFR 164.512(h)",
            "Is it to facilitate donation after death and transplantation?",
            "State the donation for which the information is needed.",
        ),
    ];
    vec![federal(Basis::Donation, "164.512h", "45 CFR 164.512(h)", elements)]
}
