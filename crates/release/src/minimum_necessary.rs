//! Minimum necessary, 45 CFR 164.502(b) and 164.514(d).

use crate::requester::RequesterKind;
use crate::{Basis, named};
use record::Citation;
use serde::{Deserialize, Serialize};

/// Whether minimum necessary applies, and by which paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinimumNecessary {
    /// Whether a person selects and gives a reason.
    pub applies: bool,
    /// The paragraph.
    pub citation: Citation,
}

named! {
    /// How minimum necessary was met.
    Method {
        /// A person selected each item and gives a reason (164.514(d)(3)(ii)).
        Individual = "individual", "Selected one by one, with a reason";
        /// A standing protocol for routine disclosures (164.514(d)(3)(i)).
        Protocol = "protocol", "Standing protocol";
        /// The requester's word was reasonably relied on (164.514(d)(3)(iii)).
        Relied = "relied", "Reasonable reliance on the request";
    }
}

/// Whether minimum necessary applies to a release on this basis to this kind of recipient.
pub fn minimum_necessary(basis: Basis, recipient: RequesterKind) -> MinimumNecessary {
    let (applies, citation) = match basis {
        Basis::Treatment if recipient == RequesterKind::Provider => {
            (false, "45 CFR 164.502(b)(2)(i)")
        }
        Basis::Access => (false, "45 CFR 164.502(b)(2)(ii)"),
        Basis::Authorization => (false, "45 CFR 164.502(b)(2)(iii)"),
        Basis::LongDeceased => (false, "45 CFR 164.502(f)"),
        Basis::Hhs => (false, "45 CFR 164.502(b)(2)(iv)"),
        Basis::RequiredByLaw | Basis::CourtOrder | Basis::Part2CourtOrder => {
            (false, "45 CFR 164.502(b)(2)(v)")
        }
        Basis::Part2Consent | Basis::Part2Emergency | Basis::Part2Research | Basis::Part2Audit => {
            (true, "42 CFR 2.13(a)")
        }
        Basis::Treatment
        | Basis::Payment
        | Basis::Operations
        | Basis::PublicHealth
        | Basis::Abuse
        | Basis::Oversight
        | Basis::Subpoena
        | Basis::LawEnforcement
        | Basis::Coroner
        | Basis::Donation
        | Basis::Research
        | Basis::Threat
        | Basis::Military
        | Basis::NationalSecurity
        | Basis::ProtectiveServices
        | Basis::MedicalSuitability
        | Basis::Custody
        | Basis::PublicBenefits
        | Basis::WorkersCompensation
        | Basis::Directory
        | Basis::InvolvedInCare
        | Basis::LimitedDataSet => (true, "45 CFR 164.502(b)(1)"),
    };
    MinimumNecessary { applies, citation: Citation::new(citation) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applies_except_where_the_rule_says() {
        use RequesterKind as K;
        let table = [
            (Basis::Treatment, K::Provider, false, "45 CFR 164.502(b)(2)(i)"),
            (Basis::Treatment, K::HealthPlan, true, "45 CFR 164.502(b)(1)"),
            (Basis::Access, K::Individual, false, "45 CFR 164.502(b)(2)(ii)"),
            (Basis::Authorization, K::Attorney, false, "45 CFR 164.502(b)(2)(iii)"),
            (Basis::Hhs, K::Hhs, false, "45 CFR 164.502(b)(2)(iv)"),
            (Basis::RequiredByLaw, K::PublicAgency, false, "45 CFR 164.502(b)(2)(v)"),
            (Basis::LongDeceased, K::Other, false, "45 CFR 164.502(f)"),
            (Basis::CourtOrder, K::Court, false, "45 CFR 164.502(b)(2)(v)"),
            (Basis::Subpoena, K::Attorney, true, "45 CFR 164.502(b)(1)"),
            (Basis::Payment, K::HealthPlan, true, "45 CFR 164.502(b)(1)"),
            (Basis::WorkersCompensation, K::Other, true, "45 CFR 164.502(b)(1)"),
            (Basis::Part2Consent, K::Provider, true, "42 CFR 2.13(a)"),
        ];
        for (basis, recipient, applies, citation) in table {
            let found = minimum_necessary(basis, recipient);
            assert_eq!((found.applies, found.citation.text.as_str()), (applies, citation));
        }
    }
}
