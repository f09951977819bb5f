//! The attestation of 45 CFR 164.509, in force from 2024-12-23 until it was vacated.
//!
//! # What it finds
//! For requests of those six months only: a signed attestation that reproductive health care
//! isn't the target.
//!
//! # Why it matters
//! A decision of that time is replayed under the rules of its day; none since needs it.
//!
//! # Example
//! A subpoena answered on 2025-02-01 asked for it; one answered on 2025-07-01 doesn't.
//!
//! # Source
//! 45 CFR 164.509 (89 FR 32976), vacated on 2025-06-18 (Purl v. HHS, N.D. Tex.).

use super::Basis;
use super::checklist::{Checklist, fact, federal, must};
use jiff::civil::date;

pub(super) fn checklists() -> Vec<Checklist> {
    let bases = [
        Basis::Oversight,
        Basis::CourtOrder,
        Basis::Subpoena,
        Basis::LawEnforcement,
        Basis::Coroner,
    ];
    bases.into_iter().map(attestation).collect()
}

fn attestation(basis: Basis) -> Checklist {
    let elements = vec![
        fact(
            "reproductive",
            "45 CFR 164.509(a)",
            "Could the information relate to reproductive health care?",
        ),
        must(
            "attested",
            "45 CFR 164.509(b), (c)",
            "Is there a valid signed attestation?",
            "Send the attestation of 45 CFR 164.509.",
        )
        .when("reproductive"),
    ];
    let id = format!("164.509-{}", basis.as_str());
    let mut checklist = federal(basis, &id, "45 CFR 164.509", elements);
    checklist.from = date(2024, 12, 23);
    checklist.to = Some(date(2025, 6, 17));
    checklist
}
